"""Nothing that hangs on a case is forgotten when it goes, and nothing about a student is left out by oversight."""

from importlib import import_module
from typing import get_args

import pytest
from django.apps import apps
from django.db import models

from kernel.crypto.models import CaseKey
from kernel.privacy import Kind
from services.contact import following
from services.contact.following import Follower, because
from services.contact.models import ContactRequest
from tenants.walls.law import SystemKind
from tests.house.test_floors import MODELS, OURS

ABOUT_A_STUDENT = (Kind.STUDENT, Kind.CONTENT)
HOW = "docs/how/retention.md says how: following.register(following.Follower(...)) in the room's apps.py"


def covered() -> dict[str, str]:
    return {label: one.name for one in following.followers() for label in following.covered_by(one)}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_table_that_names_a_case_goes_with_it_or_says_why_it_stays(model: type[models.Model]) -> None:
    hangs = model in (ContactRequest, CaseKey) or following.names_a_case(model)
    if hangs:
        ways = [lookup for lookup, _to in following.ways(model)] or ["a column of that name"]
        assert model._meta.label in covered(), (
            f"{model._meta.label} hangs on a case by {', '.join(ways)}, and no follower takes it along "
            f"(models=...) or says why it stays (keeps=...). {HOW}"
        )


def fields_about_students() -> dict[str, Kind]:
    found = {}
    for app in OURS:
        if list(app.get_models()):
            register = import_module(f"{app.name}.privacy").REGISTER
            found |= {
                f"{app.label}.{name}": kind for name, kind in register.items() if kind in ABOUT_A_STUDENT
            }
    return found


@pytest.mark.parametrize("field", sorted(fields_about_students()))
def test_every_field_about_a_student_is_given_to_them_or_excused_with_a_reason(field: str) -> None:
    gives = [one.name for one in following.followers() if field in one.gives]
    excused = [one.name for one in following.followers() if field in one.excused]
    assert gives or excused, (
        f"{field} is about a student: a follower gives it (gives=...) or excuses it. {HOW}"
    )
    assert len(gives) + len(excused) == 1, (
        f"{field} is spoken of twice: given by {gives}, excused by {excused}"
    )


#: Given, text, and no codes: a number people say, and two with words of their own (services.retention.taking).
_NO_CODES = {"contact.ContactRequest.case_number", "contact.ContactRequest.language", "audit.ReadEntry.why"}
#: Codes that are no choices of their table.
_CODES = {"contact.RecordDue.system": set(get_args(SystemKind.__value__))}


def codes_given() -> dict[str, set[str]]:
    """Field → every code it may have, of what students are given."""
    found = {}
    for one in following.followers():
        for name in one.gives - _NO_CODES:
            label, _dot, column = name.rpartition(".")
            field = apps.get_model(label)._meta.get_field(column)
            if field.choices:
                found[name] = {str(code) for code, _label in field.choices} - {""}
            elif type(field) is models.CharField:
                found[name] = _CODES.get(name, {"what are its codes?"})
    return found


@pytest.mark.parametrize("field", sorted(codes_given()))
def test_every_code_a_student_is_given_has_words_for_them(field: str) -> None:
    without = {code for code in codes_given()[field] if not following.words_of(field, code)}
    assert not without, f"{field}: {sorted(without)} have no words for the student (Follower.words). {HOW}"


def test_words_are_of_codes_that_are_given() -> None:
    for one in following.followers():
        assert set(one.words) <= one.gives, one.name
        for name, words in one.words.items():
            assert set(words) - {""} == codes_given()[name], name


def test_followers_speak_of_fields_that_exist_and_give_reasons() -> None:
    known = {
        f"{app.label}.{model.__name__}.{field.name}"
        for app in OURS
        for model in app.get_models()
        for field in model._meta.local_fields
    }
    for one in following.followers():
        assert one.gives | set(one.excused) <= known, one.name
        for where, reason in (*one.excused.items(), *one.keeps.items()):
            assert len(reason.split()) >= 3, f"{one.name}: why {where}? A reason is a sentence."


def test_rows_that_refer_to_others_go_before_them() -> None:
    order = list(following.tables())
    for place, model in enumerate(order):
        for field in model._meta.local_fields:
            if isinstance(field, models.ForeignKey) and field.related_model in order:
                assert field.related_model is model or order.index(field.related_model) > place, field


def test_every_table_that_goes_is_led_to_a_case() -> None:
    for model in following.tables():
        assert following.ways(model), model
    assert set(covered()) >= {"contact.ContactRequest", "promises.Promise", "walls.Opening"}


def test_a_room_cannot_take_anothers_table_nor_promise_what_nothing_gives() -> None:
    with pytest.raises(ValueError, match="walls already"):
        following.register(Follower(name="twice", models=("walls.Grant",)))
    with pytest.raises(ValueError, match="registered already"):
        following.register(Follower(name="walls"))
    with pytest.raises(ValueError, match="no `export`"):
        following.register(Follower(name="empty", gives=frozenset({"walls.Grant.basis"})))
    assert because("for one reason", "a", "b") == {"a": "for one reason", "b": "for one reason"}


def test_a_table_that_nobody_takes_along_is_found(monkeypatch) -> None:
    """The walk itself: without the walls' follower their tables are named."""
    left = {name: one for name, one in following._followers.items() if name != "walls"}
    monkeypatch.setattr(following, "_followers", left)
    with pytest.raises(AssertionError, match=r"walls\.Grant hangs on a case by case_key_id"):
        test_every_table_that_names_a_case_goes_with_it_or_says_why_it_stays(apps.get_model("walls.Grant"))
