"""The house stands as drawn: floors, one schema an app, no keys that point upstairs."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

CLONE = Path(__file__).resolve().parents[2]
FLOOR = {"kernel": 0, "tenants": 1, "services": 2, "billing": 2, "config": 3}
OURS = [app for app in apps.get_app_configs() if app.name.split(".")[0] in FLOOR]
MODELS = [model for app in OURS for model in app.get_models()]


def test_imports_only_go_downstairs() -> None:
    found = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=CLONE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout + found.stderr


def test_import_platform_is_the_standard_librarys() -> None:
    assert platform.python_version()
    assert not list((CLONE / "platform").glob("*.py")), (
        "a loose .py in platform/ shadows the standard library"
    )


@pytest.mark.parametrize("app", OURS, ids=lambda app: app.label)
def test_an_app_lives_in_public_or_in_the_municipalities_and_not_in_both(app) -> None:
    assert (app.name in settings.SHARED_APPS) != (app.name in settings.TENANT_APPS)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_foreign_key_points_upstairs_or_out_of_its_schema(model: type[models.Model]) -> None:
    here = apps.get_app_config(model._meta.app_label)
    for field in model._meta.get_fields():
        if not isinstance(field, models.ForeignKey):
            continue
        there = apps.get_app_config(field.related_model._meta.app_label)
        if there.name.split(".")[0] in FLOOR:
            assert FLOOR[there.name.split(".")[0]] <= FLOOR[here.name.split(".")[0]], (
                f"{field} points upstairs"
            )
        assert (here.name in settings.TENANT_APPS) == (there.name in settings.TENANT_APPS), (
            f"{field} leaves its schema"
        )


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_table_of_a_municipality_guards_its_origin(model: type[models.Model]) -> None:
    from kernel.people.models import CacheRow
    from kernel.tenancy.models import _Rooted

    in_municipality = apps.get_app_config(model._meta.app_label).name in settings.TENANT_APPS
    if in_municipality and model is not CacheRow:  # the cache is SQL of Django's own
        assert issubclass(model, _Rooted)


def test_no_generic_relations_and_no_djangos_permissions() -> None:
    for model in MODELS:
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if isinstance(target, type) and not field.auto_created:
                assert target._meta.app_label not in ("contenttypes", "auth"), f"{model} uses {target}"
