"""Every address has a row in tests/access, and every cell of it is true. On the way: no crash, and no word
of the other municipality (T1's own-id part)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction

from kernel.ui import catalogs
from kernel.ui.places import is_at_work
from tests import access
from tests.access import Row
from tests.cast import World
from tests.house.overheard import overheard
from tests.isolation.caller import FRONT, MUNICIPALITY, Hand, address, call, hand_of, ids_for, leaked, routes
from tests.isolation.stage import Stage, build

ROOT = Path(__file__).parents[2]
TABLES = {MUNICIPALITY: access.MUNICIPALITY, FRONT: access.FRONT}


@pytest.fixture(scope="module")
def stage(built_world: World, django_db_blocker) -> Iterator[Stage]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build(built_world)
        transaction.set_rollback(True)


def written(urlconf: str) -> set[tuple[str, str]]:
    return {(row.route, name) for row in TABLES[urlconf] for name in row.names}


@pytest.mark.parametrize("urlconf", TABLES)
def test_every_address_has_a_row_in_the_table(urlconf: str) -> None:
    assert set(routes(urlconf)) - written(urlconf) == set(), "without a row in tests/access"


@pytest.mark.parametrize("urlconf", TABLES)
def test_every_row_of_the_table_has_an_address(urlconf: str) -> None:
    assert written(urlconf) - set(routes(urlconf)) == set(), "rows without an address"


@pytest.mark.parametrize("table", TABLES.values(), ids=["municipality", "front"])
def test_a_row_stands_once_and_names_only_roles_that_are_tried(table: tuple[Row, ...]) -> None:
    roles = {"*", *(access.ROLES if table is access.MUNICIPALITY else access.FRONT_ROLES)}
    assert len({row.route for row in table}) == len(table)
    for row in table:
        for answers in (row.GET, row.POST, row.PATCH or {"*": 0}):
            assert "*" in answers, row.route
            assert table is access.FRONT or set(answers) <= roles, row.route


#: Who tries the verbs that an API has not got: the answer hangs on nothing else.
_WITH_ANY_VERB = frozenset({"nobody", "admin", "nurse", "token_desk", "token_setup"})


def _roles(row: Row, *, front: bool) -> tuple[str, ...]:
    """Who tries it. A page does not look at tokens: each is tried at every seventh of them. Nor does it know who comes
    from elsewhere: one of those is tried at each, and the matrix of T1 tries what they carry."""
    if front:
        return access.FRONT_ROLES
    if row.route.startswith("api/"):
        return access.ROLES
    tokens = [who for who in access.ROLES if "token" in who]
    number = access.MUNICIPALITY.index(row)
    left_out = {*tokens, "foreign_nurse", "foreign_admin"}
    left_out -= {tokens[number % len(tokens)], ("foreign_nurse", "foreign_admin")[number % 2]}
    return tuple(who for who in access.ROLES if who not in left_out)


def _wrong(stage: Stage, row: Row, *, front: bool) -> list[str]:
    """Every cell of the row that answers otherwise, crashes or leaks, in words."""
    side = stage.operator if front else stage.alpha
    found = []
    is_api = row.route.startswith("api/v1/setup") or row.route.startswith("api/v1/desk")
    for who in _roles(row, front=front):
        hand = hand_of(who, stage.alpha, stage)
        path = address(row.route, ids_for(row.names[0], side))
        cells = {"GET": row.GET, "POST": row.POST}
        if row.PATCH:
            cells["PATCH"] = row.PATCH
        if is_api and who in _WITH_ANY_VERB:
            cells.setdefault("PATCH", _other_verbs(row))
            cells["PUT"] = cells["DELETE"] = _other_verbs(row)
        for method, answers in cells.items():
            answer = call(side.host, method, path, hand)
            wanted = answers.get(who, answers["*"])
            if answer.status_code != wanted:
                found.append(f"{method} {row.route} as {who}: {answer.status_code}, the table says {wanted}")
            if not front and (words := leaked(answer, stage.beta)):
                found.append(f"{method} {row.route} as {who}: shows {words} of the other municipality")
    return found


def _other_verbs(row: Row) -> access.Answers:
    maker = access.api_setup if "/setup/" in row.route else access.api_desk
    return maker(405, writes=True)


@pytest.mark.parametrize("row", access.MUNICIPALITY, ids=lambda row: row.names[0])
def test_every_role_gets_what_the_table_says(stage: Stage, row: Row) -> None:
    assert _wrong(stage, row, front=False) == []


@pytest.mark.parametrize("row", access.FRONT, ids=lambda row: row.names[0])
def test_every_role_gets_what_the_table_says_on_the_front_door(stage: Stage, row: Row) -> None:
    assert _wrong(stage, row, front=True) == []


@pytest.mark.parametrize("verb", ["PUT", "PATCH", "DELETE"])
def test_no_verb_but_get_and_post_does_anything_for_nobody(stage: Stage, verb: str) -> None:
    for row in access.MUNICIPALITY:
        allowed = row.names[0] in access.ANY_VERB or row.names[0] == "contact:exit"
        path = address(row.route, ids_for(row.names[0], stage.alpha))
        status = call(stage.alpha.host, verb, path, hand_of("nobody", stage.alpha, stage)).status_code
        assert allowed or status in (302, 401, 403, 404, 405), (verb, row.route, status)


def _ids(door: bool) -> set[str]:
    return {
        message.id if isinstance(message.id, str) else message.id[0]
        for app in catalogs.apps(ROOT)
        for message in catalogs.collect(app, door=door)
    }


def _knocking(stage: Stage) -> list[dict[str, str]]:
    """Forms of the journey: each page, with nothing said and with all of it."""
    side = stage.alpha
    said = {"school": str(side.ids["school_id"]), "role": str(side.ids["role_id"]), "channel": "phone"}
    steps = ("school", "who", "how", "reach", "about", "name", "check")
    return [{**form, "go": step} for form in ({}, said) for step in steps] + [
        {**said, "step": step} for step in steps
    ]


def test_all_that_a_student_meets_is_on_the_list(stage: Stage) -> None:
    side = stage.alpha
    rows = [
        row for row in access.MUNICIPALITY if not is_at_work(address(row.route, ids_for(row.names[0], side)))
    ]
    with overheard() as said:
        for row in rows:
            path = address(row.route, ids_for(row.names[0], side))
            for who in ("nobody", "student"):
                for method in ("GET", "POST"):
                    call(side.host, method, path, hand_of(who, side, stage))
        for form in _knocking(stage):
            call(side.host, "POST", "/knock/", Hand(form=form))
    assert len(said) > 150, "the pages were really there"
    assert said & _ids(door=False) - _ids(door=True) == set()
