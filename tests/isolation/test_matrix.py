"""T1: nothing crosses between two municipalities whose ids are all the same. And the harness proves itself:
with one guard taken away it turns red."""

import os
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models, transaction

from kernel.crypto import keys
from kernel.crypto.fields import EncryptedField
from kernel.people import sessions
from kernel.tenancy import current, inside, middleware, signing
from services.contact import visit
from tests import access
from tests.cast import World
from tests.isolation import matrix
from tests.isolation.stage import CODES, FREE_TEXT, UNUSED, WRITTEN, Stage, build, cookie_of

ENDURE = os.environ.get("ENDURE") == "1"
# Some ten thousand requests: on a busy machine they take longer than any other test may.
pytestmark = pytest.mark.timeout(0 if ENDURE else 900)


@pytest.fixture(scope="module")
def stage(built_world: World, django_db_blocker) -> Iterator[Stage]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build(built_world)
        transaction.set_rollback(True)


def test_every_column_that_holds_text_has_a_word_of_its_municipality_or_is_a_code() -> None:
    there = {
        (model._meta.label, column.name)
        for model in apps.get_models(include_auto_created=True)
        if apps.get_app_config(model._meta.app_label).name in settings.TENANT_APPS
        and model._meta.app_label not in UNUSED
        for column in model._meta.local_fields
        if isinstance(column, (models.CharField, models.TextField, models.JSONField, EncryptedField))
    }
    said = [
        (label, column)
        for table in (FREE_TEXT, WRITTEN, CODES)
        for label, columns in table.items()
        for column in columns
    ]
    assert len(said) == len(set(said)), "a column is in two lists of tests/isolation/stage/columns.py"
    assert there == set(said)


@pytest.mark.parametrize("where", ["alpha", "beta"])
def test_nothing_crosses(stage: Stage, where: str) -> None:
    """Each address by GET at one of the two hosts and by POST at the other, with every third thing that can be
    carried; with ENDURE=1, all of it at both.
    """
    full = {"verbs": matrix.ALL_VERBS, "languages": matrix.LANGUAGES}
    half = {"turn": ["alpha", "beta"].index(where)}
    tally = matrix.run(stage, getattr(stage, where), **(full if ENDURE else half))
    print(f"\nT1: {tally.attempts} attempts to cross into {where}, {len(tally.leaks)} leaks")
    assert tally.leaks == []
    assert tally.attempts >= (50_000 if ENDURE else 3_500)


def _rows(*names: str) -> tuple[access.Row, ...]:
    return tuple(row for row in access.MUNICIPALITY if row.names[0] in names)


_STUDENTS = _rows("contact:conversation", "contact:receipt", "contact_api:open_receipt")
_STAFFS = _rows("desk:waiting", "setup:people", "desk_api:requests", "setup_api:people")


def test_without_the_municipality_in_the_salt_the_matrix_turns_red(stage, monkeypatch) -> None:
    monkeypatch.setattr(signing, "_salt", lambda purpose: purpose)
    stage = _anew(stage)
    assert any("proof from there" in leak for leak in matrix.run(stage, rows=_STUDENTS).leaks)


def test_with_one_key_for_all_the_matrix_turns_red(stage, monkeypatch) -> None:
    monkeypatch.setattr(keys, "municipality_keys", lambda purpose: (purpose.encode().ljust(32)[:32],))
    monkeypatch.setattr(keys, "_place", lambda *parts: b"anywhere")
    stage = _anew(stage)
    leaks = matrix.run(stage, rows=_STUDENTS).leaks
    assert any("visit from there" in leak for leak in leaks)


def test_where_a_host_leads_to_another_municipality_the_matrix_turns_red(stage, monkeypatch) -> None:
    real = middleware.lookup
    monkeypatch.setattr(
        middleware, "lookup", lambda host: stage.beta.ref if host.startswith("alfa") else real(host)
    )
    leaks = matrix.run(stage, rows=_STAFFS).leaks
    assert any("admin's cookie from there: 200 instead of 302" in leak for leak in leaks)


def test_where_a_forwarded_host_is_believed_the_matrix_turns_red(stage, settings) -> None:
    settings.USE_X_FORWARDED_HOST = True
    assert any("claims the other host" in leak for leak in matrix.run(stage, rows=_STAFFS).leaks)


def test_where_a_session_is_looked_up_in_the_other_schema_the_matrix_turns_red(stage, monkeypatch) -> None:
    real = sessions.SessionStore._get_session_from_db

    def anywhere(store):
        key = store.session_key
        found = real(store)
        if found is None and current() in (stage.alpha.ref, stage.beta.ref):
            with inside(stage.beta.ref if current() == stage.alpha.ref else stage.alpha.ref):
                store._session_key = key
                found = real(store)
                values = store.decode(found.session_data) if found else {}
            if found is not None:
                found.session_data = store.encode(values)
        return found

    monkeypatch.setattr(sessions.SessionStore, "_get_session_from_db", anywhere)
    leaks = matrix.run(stage, rows=_STAFFS).leaks
    assert any("cookie from there" in leak for leak in leaks)


def _anew(stage: Stage) -> Stage:
    """The same stage with what is signed and sealed made under the present guards."""

    def side(old):
        with inside(old.ref):
            case = UUID(old.ids["request_id"])
            return replace(old, visit=cookie_of(visit.start, case), proof=visit.proof(case))

    return replace(stage, alpha=side(stage.alpha), beta=side(stage.beta))
