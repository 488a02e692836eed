"""No model is ahead of its migrations, and each app's history is one line."""

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState


def test_every_change_of_a_model_has_its_migration() -> None:
    loader = MigrationLoader(None)
    changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(
        loader.graph
    )
    missing = {
        app: [operation.describe() for migration in found for operation in migration.operations]
        for app, found in changes.items()
    }
    how = "LAVTERSKEL_TESTING=1 .venv/bin/python manage.py makemigrations APP -n what_it_is_for"
    assert missing == {}, f"write it: {how}"


def test_every_apps_history_has_one_end() -> None:
    assert MigrationLoader(None).detect_conflicts() == {}
