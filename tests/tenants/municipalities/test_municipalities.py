"""Founding, addresses and the lifecycle."""

import threading
from concurrent.futures import ThreadPoolExecutor
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
from tenants.municipalities.queries import holder_of
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


@pytest.fixture
def two_with_one_code(committed):
    """Two that rehearse with the same official code."""
    refs = [
        operations.found_municipality(
            slug=f"code-{word}", name=word.title(), country="NO", kind="municipality", code="9999", by=MACHINE
        )
        for word in ("one", "two")
    ]
    yield refs
    for ref in refs:
        drop_for_tests(ref)


def test_two_rehearse_with_one_official_code_and_the_first_whose_door_opens_has_it(two_with_one_code):
    one, two = two_with_one_code
    assert holder_of(country="NO", kind="municipality", code="9999") == ""
    operations.change_state(municipality_id=two.id, to="live", by=MACHINE)
    assert holder_of(country="NO", kind="municipality", code="9999") == "Two"
    with pytest.raises(Conflict) as refused:
        operations.change_state(municipality_id=one.id, to="live", by=MACHINE)
    assert refused.value.detail == "Two has the door of this number already."
    tenancy.forget()
    assert municipality(one.slug).state == "rehearsal"


def test_a_closed_door_keeps_its_official_code_and_an_ended_one_lets_go_of_it(two_with_one_code):
    one, two = two_with_one_code
    for state in ("live", "suspended"):
        operations.change_state(municipality_id=two.id, to=state, by=MACHINE)
        with pytest.raises(Conflict):
            operations.change_state(municipality_id=one.id, to="live", by=MACHINE)
    operations.change_state(municipality_id=two.id, to="ended", by=MACHINE)
    assert operations.change_state(municipality_id=one.id, to="live", by=MACHINE).state == "live"


def test_two_doors_of_one_official_code_opened_at_once_are_one_door(two_with_one_code):
    gate = threading.Barrier(2, timeout=30)

    def open_door(ref):
        try:
            gate.wait()
            return operations.change_state(municipality_id=ref.id, to="live", by=MACHINE)
        except Conflict as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(open_door, two_with_one_code))
    winner = next(one for one in outcomes if not isinstance(one, Conflict))
    loser = next(one for one in outcomes if isinstance(one, Conflict))
    assert loser.detail == f"{winner.name} has the door of this number already."


@pytest.mark.parametrize("known_before", [True, False])
def test_the_command_opens_no_second_door_for_an_official_code(two_with_one_code, monkeypatch, known_before):
    operations.change_state(municipality_id=two_with_one_code[0].id, to="live", by=MACHINE)
    if not known_before:  # the other opened meanwhile
        monkeypatch.setattr(operations, "holder_of", lambda **_which: "")
    before = schemas()
    with pytest.raises(CommandError, match=r"code: .* has the door of this number already"):
        call_command("found_municipality", slug="code-three", name="Three", country="NO", code="9999")
    assert schemas() == before


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
