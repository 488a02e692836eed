"""Founding, addresses and the lifecycle."""

from io import StringIO
from itertools import product

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from kernel import tenancy
from kernel.actor import MACHINE, NOBODY, Actor
from kernel.audit.models import Entry
from kernel.errors import Conflict, Invalid, NotAllowed
from kernel.tenancy import inside, municipality, operator, owner
from kernel.tenancy.testing import drop_for_tests, found_for_tests
from tenants.municipalities import address, lifecycle, operations
from tenants.municipalities.countries import is_code
from tenants.municipalities.models import Municipality
from tests.kernel.tenancy.ground import committed, pair

__all__ = ["committed", "pair"]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Norrtälje kommun", "norrtalje"), ("Buskerud fylkeskommune", "buskerud"), ("Holbæk Kommune",
        "holbaek"),
        ("Åmål", "amal"), ("Øvre Eiker", "ovre-eiker"), ("Kárášjohka – Karasjok", "karasjohka-karasjok"),
        ("Jyväskylän kaupunki", "jyvaskylan"), ("Ísafjarðarbær", "isafjardarbaer"), ("Nord-Fron",
        "nord-fron"),
    ],
)  # fmt: skip
def test_an_address_is_suggested_from_the_name(name, slug):
    assert address.suggest(name) == slug
    assert address.is_well_formed(slug)


@pytest.mark.parametrize(
    "slug",
    ["", "a", "ab", "1ab", "-ab", "ab-", "a--b", "xn--a", "Ab", "a b", "a.b", "æøå", "a" * 41, "a_b", "ab\n"],
)
def test_a_malformed_address_is_refused_in_words(slug, db):
    assert [one.field for one in operations.check_address(slug)] == ["slug"]


@pytest.mark.parametrize("slug", ["www", "operator", "admin", "api", "sign-in", "localhost", "kommune"])
def test_a_reserved_address_is_refused(slug, db):
    assert "kept" in str(operations.check_address(slug)[0].message)


def test_a_taken_address_is_refused_before_and_in_the_race(pair, committed, monkeypatch):
    assert "taken" in str(operations.check_address(pair[0].slug)[0].message)
    monkeypatch.setattr(operations, "check_address", lambda slug: [])  # both asked at the same moment
    before = schemas()
    with pytest.raises(Invalid) as caught:
        found_for_tests(pair[0].slug)
    assert [one.field for one in caught.value.errors] == ["slug"]
    assert schemas() == before


def test_every_error_is_told_at_once(db):
    with pytest.raises(Invalid) as caught:
        operations.found_municipality(slug="-", name="", country="XX", kind="operator", by=MACHINE)
    assert {one.field for one in caught.value.errors} == {"slug", "name", "country", "kind"}


def test_only_the_machine_and_the_operator_found(db):
    for by in (NOBODY, Actor(kind="person", is_administrator=True)):
        with pytest.raises(NotAllowed):
            operations.found_municipality(slug="abc", name="Abc", country="NO", kind="county", by=by)


def test_a_founding_that_fails_leaves_nothing_behind(committed):
    def fail(ref):
        assert tenancy.current() == ref
        raise ZeroDivisionError

    before = schemas()
    with pytest.raises(ZeroDivisionError):
        operations.found_municipality(
            slug="half-done", name="Half", country="NO", kind="municipality", by=MACHINE, prepare=fail
        )
    assert schemas() == before
    assert operations.check_address("half-done") == []


def test_a_founded_municipality_is_found_and_audited_with_the_operator(committed):
    ref = found_for_tests("just-founded", live=False)
    try:
        assert municipality("just-founded") == ref
        assert ref.state == "rehearsal"
        assert ref not in [one for one in tenancy.municipalities() if one.kind == "operator"]
        with inside(operator()):
            assert Entry.objects.filter(verb="found_municipality", object_id=str(ref.id)).exists()
    finally:
        drop_for_tests(ref)


def test_the_same_official_code_is_founded_once(committed):
    ref = operations.found_municipality(
        slug="code-one", name="One", country="NO", kind="municipality", code="9999", by=MACHINE
    )
    try:
        with pytest.raises(Invalid) as caught:
            operations.found_municipality(
                slug="code-two", name="Two", country="NO", kind="municipality", code="9999", by=MACHINE
            )
        assert [one.field for one in caught.value.errors] == ["code"]
    finally:
        drop_for_tests(ref)


@pytest.mark.parametrize(("start", "to"), list(product(lifecycle.MOVES, repeat=2)))
def test_the_lifecycle_allows_its_moves_and_no_others(pair, db, start, to):
    ref = pair[0]
    with inside(operator()):
        Municipality.objects.filter(pk=ref.id).update(state=start, opened_at="2026-01-01T00:00Z")
    if start == to or lifecycle.may_move(start, to):
        assert operations.change_state(municipality_id=ref.id, to=to, by=MACHINE).state == to
        tenancy.forget()
        assert municipality(ref.slug).state == to
    else:
        with pytest.raises(Conflict):
            operations.change_state(municipality_id=ref.id, to=to, by=MACHINE)


def test_only_a_rehearsal_that_never_was_live_is_taken_away(committed):
    ref = found_for_tests("taken-away", live=False)
    live = found_for_tests("stays-here", live=True)
    try:
        assert operations.remove_rehearsal(municipality_id=live.id, by=MACHINE) is False
        assert operations.remove_rehearsal(municipality_id=operator().id, by=MACHINE) is False
        assert operations.remove_rehearsal(municipality_id=ref.id, by=MACHINE) is True
        assert operations.remove_rehearsal(municipality_id=ref.id, by=MACHINE) is False
        assert ref.schema not in schemas()
        assert live.schema in schemas()
    finally:
        drop_for_tests(live)


def test_the_command_founds_and_opens_one_and_says_where_and_how_long(committed):
    said = StringIO()
    call_command(
        "found_municipality", slug="by-command", name="Ved kommando", country="NO", code="9901",
        admin="admin@by-command.example", stdout=said,
    )  # fmt: skip
    ref = municipality("by-command")
    try:
        last = said.getvalue().strip().splitlines()[-1].split()
        assert last[0].startswith("http://by-command.localhost")
        assert last[2] == "s"
        assert float(last[1]) < 60
        assert ref.state == "live"
        from kernel.people.models import Account
        from tenants.setup.models import HelperRole

        with inside(ref):
            assert HelperRole.objects.exists()
            assert Account.objects.get().is_administrator
    finally:
        drop_for_tests(ref)


def test_the_command_refuses_in_words(committed):
    with pytest.raises(CommandError, match="slug: This address is kept"):
        call_command("found_municipality", slug="www", name="Web", country="NO", code="1")


def schemas() -> set[str]:
    with owner.cursor_of_owner() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace UNION SELECT rolname FROM pg_roles")
        found = {row[0] for row in cursor.fetchall()}
    connections["owner"].close()
    return found


@pytest.mark.parametrize(
    ("country", "kind", "code", "fits"),
    [
        ("NO", "municipality", "3301", True), ("NO", "municipality", "abc", False), ("NO", "municipality", "33", False),
        ("NO", "county", "33", True), ("NO", "county", "3301", False), ("SE", "municipality", "0188", True),
        ("SE", "county", "SE-R-BL", True), ("SE", "county", "NO-R-BL", False), ("DK", "municipality", "316", True),
        ("DK", "municipality", "0316", False), ("DK", "county", "1085", True), ("FI", "municipality", "091", True),
        ("FI", "county", "19", True), ("IS", "municipality", "0001", True), ("NO", "municipality", "٣٣٠١", False),
    ],
)  # fmt: skip
def test_an_official_number_has_the_shape_of_its_country(
    country: str, kind: str, code: str, fits: bool
) -> None:
    assert is_code(country, kind, code) is fits


@pytest.mark.django_db
def test_founding_refuses_a_number_that_is_none(world: object) -> None:
    with pytest.raises(Invalid) as refused:
        operations.found_municipality(
            slug="bokstav", name="Bokstav", country="NO", kind="municipality", code="abc", by=MACHINE
        )
    assert [error.field for error in refused.value.errors] == ["code"]
