"""T12: as many rows as there were reads, and whatever is done to a row behind our back is found."""

import os
import random
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections, transaction

from kernel.actor import MACHINE, Actor, student
from kernel.audit import linking, verifying
from kernel.audit.models import Entry, Link, ReadEntry
from kernel.audit.operations import reading, readings, record
from kernel.crypto import keys
from kernel.tenancy import inside, owner
from services.contact import operations as contact
from tests.services.contact.committed import Place, committed

ENDURE = os.environ.get("ENDURE") == "1"
READS = 10_000 if ENDURE else 400
TAMPERINGS = 1_000 if ENDURE else 64
THREADS = 4


@pytest.fixture
def place(django_db_setup: None, django_db_blocker) -> Iterator[Place]:
    with django_db_blocker.unblock(), committed("spor") as made:
        yield made
        keys.forget_keys()


def sql(place: Place, statement: str, *given: object) -> None:
    """As the owner of the tables: somebody who has got past everything but the keys."""
    with owner.transaction_of_owner() as cursor:
        cursor.execute(f'SET LOCAL search_path = "{place.ref.schema}"')
        cursor.execute(statement, given)


def found(place: Place) -> set[str]:
    with inside(place.ref):
        return {finding.kind for finding in verifying.verify().findings}


def some_rows(place: Place, count: int = 12) -> None:
    somebody = Actor(kind="person", id=uuid.uuid4())
    with inside(place.ref):
        for number in range(count):
            reading(by=somebody, case_key_id=uuid.uuid4(), what="conversation", why=f"reason {number}")
            record(
                by=MACHINE, verb="test.act", kind="test", object_id=number, ids=["a", "å"], whole=True, n=3
            )


def chained(place: Place, count: int = 12) -> None:
    """Rows, linked; and settled: two passes more, after everything has committed."""
    some_rows(place, count)
    with inside(place.ref):
        while linking.link_new():
            pass
        linking.link_new()


# --- as many rows as reads ---------------------------------------------------------------------------


def test_ten_thousand_reads_are_ten_thousand_rows_in_one_chain(place: Place) -> None:
    """Many at once, while passes run; each row has one place, and nothing waits for a lock."""
    with inside(place.ref):
        pk = contact.knock(
            by=student(None), idempotency_key=uuid.uuid4().hex, school_id=place.school, role_id=place.role,
            channel_kind="conversation", message="Hei", language="nb",
        ).request_id  # fmt: skip
        nurse, before = place.nurse(0), ReadEntry.objects.count()
    stop = threading.Event()

    def reads(_number: int) -> None:
        try:
            with inside(place.ref):
                for _ in range(READS // THREADS):
                    contact.read_conversation(by=nurse, request_id=pk)
        finally:
            connections["default"].close()

    def links() -> int:
        linked = 0
        with inside(place.ref):
            while not stop.is_set():
                linked += linking.link_new()
        connections["default"].close()
        return linked

    with ThreadPoolExecutor(THREADS + 1) as pool:
        linking_pass = pool.submit(links)
        try:
            list(pool.map(reads, range(THREADS)))
        finally:
            stop.set()  # a read that fails must not leave the pass running for ever
        linking_pass.result()
    with inside(place.ref):
        linking.link_new()
        rows, entries = ReadEntry.objects.count(), Entry.objects.count()
        assert rows - before == READS
        assert Link.objects.count() == rows + entries
        verdict = verifying.verify()
    print(f"\nT12: {READS} reads, {rows - before} rows, {verdict.links} links")
    assert verdict.findings == ()
    assert verdict.waiting == 0


def test_a_row_that_commits_late_with_a_low_id_is_linked_and_is_no_finding(place: Place) -> None:
    written, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with inside(place.ref), transaction.atomic():
            record(by=MACHINE, verb="test.slow", kind="test", object_id="1")
            written.set()
            go_on.wait(20)
        connections["default"].close()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(slow)
        assert written.wait(20)
        chained(place, 3)
        chained(place, 3)
        go_on.set()
        running.result()
    assert found(place) == set()
    with inside(place.ref):
        assert linking.link_new() == 1
        assert verifying.verify().waiting == 0


def test_a_second_pass_at_the_same_time_does_nothing(place: Place) -> None:
    some_rows(place)
    held, go_on = threading.Event(), threading.Event()

    def holds() -> None:
        with inside(place.ref), transaction.atomic():
            linking.locked_key(wait=True)
            held.set()
            go_on.wait(20)
        connections["default"].close()

    with ThreadPoolExecutor(1) as pool, inside(place.ref):
        holding = pool.submit(holds)
        assert held.wait(20)
        assert linking.link_new() == 0
        some_rows(place, 1)  # and nobody's act waits for a pass
        go_on.set()
        holding.result()
        assert linking.link_new() > 0


def test_the_sweep_finds_whose_log_has_grown(place: Place) -> None:
    chained(place)
    assert place.ref not in linking.with_news()
    some_rows(place, 1)
    assert place.ref in linking.with_news()
    linking.link_everywhere()
    assert place.ref not in linking.with_news()
    assert found(place) == set()


def test_rows_from_before_there_were_proofs_are_linked_once_and_watched_from_then_on(place: Place) -> None:
    some_rows(place)
    sql(place, "UPDATE audit_entry SET proof = NULL")
    with inside(place.ref):
        linking.link_new()
    assert found(place) == set()
    sql(place, "UPDATE audit_entry SET verb = 'test.other' WHERE verb = 'test.act'")
    assert found(place) == {"altered"}


# --- what is done to it ------------------------------------------------------------------------------

INTO_READ = "INSERT INTO audit_readentry (at, actor_kind, actor_id, role_id, case_key_id, what, why, proof)"


def alter(place: Place, chance: random.Random) -> None:
    """One column of a linked row."""
    column, value = chance.choice(
        (
            ("why", "'to answer'"),
            ("actor_id", "gen_random_uuid()"),
            ("at", "at - interval '1 day'"),
            ("case_key_id", "gen_random_uuid()"),
            ("role_id", "gen_random_uuid()"),
        )
    )
    sql(place, f"UPDATE audit_readentry SET {column} = {value} WHERE id = %s", pick(place, "read", chance))


def alter_details(place: Place, chance: random.Random) -> None:
    sql(place, """UPDATE audit_entry SET details = '{"n": 4}' WHERE id = %s""", pick(place, "write", chance))


def alter_new(place: Place, chance: random.Random) -> None:
    """A row that no pass has seen."""
    some_rows(place, 1)
    sql(place, "UPDATE audit_readentry SET why = 'x' WHERE id = (SELECT max(id) FROM audit_readentry)")


def strip_proof(place: Place, chance: random.Random) -> None:
    sql(place, "UPDATE audit_readentry SET proof = NULL WHERE id = %s", pick(place, "read", chance))


def delete_row(place: Place, chance: random.Random) -> None:
    sql(place, "DELETE FROM audit_readentry WHERE id = %s", pick(place, "read", chance))


def delete_row_and_link(place: Place, chance: random.Random) -> None:
    row = pick(place, "read", chance, last=False)
    sql(place, "DELETE FROM audit_readentry WHERE id = %s", row)
    sql(place, "DELETE FROM audit_link WHERE kind = 'read' AND row_id = %s", row)


def delete_and_renumber(place: Place, chance: random.Random) -> None:
    """A row and its link, and everything after moves up."""
    row = pick(place, "read", chance, last=False)
    sql(place, "DELETE FROM audit_readentry WHERE id = %s", row)
    sql(
        place,
        "WITH gone AS (DELETE FROM audit_link WHERE kind = 'read' AND row_id = %s RETURNING number)"
        " UPDATE audit_link SET number = -number WHERE number > (SELECT number FROM gone)",
        row,
    )
    sql(place, "UPDATE audit_link SET number = -number - 1 WHERE number < 0")


def insert_forged(place: Place, chance: random.Random) -> None:
    sql(
        place,
        f"{INTO_READ} VALUES (now(), 'person', gen_random_uuid(), NULL, gen_random_uuid(), 'conversation',"
        " 'to answer', %s)",
        os.urandom(32),
    )


def insert_bare(place: Place, chance: random.Random) -> None:
    sql(
        place,
        f"{INTO_READ} VALUES (now(), 'person', gen_random_uuid(), NULL, gen_random_uuid(), 'x', 'y', NULL)",
    )


def insert_copy(place: Place, chance: random.Random) -> None:
    columns = INTO_READ.partition("(")[2].rstrip(")")
    sql(
        place,
        f"{INTO_READ} SELECT {columns} FROM audit_readentry WHERE id = %s",
        pick(place, "read", chance),
    )
    with inside(place.ref):
        linking.link_new()  # the pass may well have linked it


def insert_among(place: Place, chance: random.Random) -> None:
    """A row that was ours, put back under an id of long ago."""
    row = pick(place, "read", chance)
    sql(place, "DELETE FROM audit_link WHERE kind = 'read' AND row_id = %s", row)


def swap_rows(place: Place, chance: random.Random) -> None:
    one, other = pick_two(place, chance)
    sql(place, "UPDATE audit_readentry SET id = -id WHERE id IN (%s, %s)", one, other)
    sql(place, "UPDATE audit_readentry SET id = %s WHERE id = %s", other, -one)
    sql(place, "UPDATE audit_readentry SET id = %s WHERE id = %s", one, -other)


def swap_links(place: Place, chance: random.Random) -> None:
    one, other = pick_two(place, chance)
    sql(
        place, "UPDATE audit_link SET row_id = -row_id WHERE kind = 'read' AND row_id IN (%s, %s)", one, other
    )
    sql(place, "UPDATE audit_link SET row_id = %s WHERE kind = 'read' AND row_id = %s", other, -one)
    sql(place, "UPDATE audit_link SET row_id = %s WHERE kind = 'read' AND row_id = %s", one, -other)


def truncate(place: Place, chance: random.Random) -> None:
    """The last links, with their rows."""
    last = chance.randint(1, 5)
    for table, kind in (("audit_readentry", "read"), ("audit_entry", "write")):
        sql(
            place,
            f"DELETE FROM {table} WHERE id IN (SELECT row_id FROM audit_link WHERE kind = %s"
            " AND number > (SELECT max(number) FROM audit_link) - %s)",
            kind,
            last,
        )
    sql(place, "DELETE FROM audit_link WHERE number > (SELECT max(number) FROM audit_link) - %s", last)


def forget_the_head(place: Place, chance: random.Random) -> None:
    sql(place, "UPDATE crypto_municipalitykey SET note = NULL WHERE purpose = 'audit'")


def begin_anew(place: Place, chance: random.Random) -> None:
    """No link and no head, a row less: will the next pass make it look whole?"""
    delete_row(place, chance)
    sql(place, "DELETE FROM audit_link")
    forget_the_head(place, chance)
    with inside(place.ref), pytest.raises(keys.CannotOpen):
        linking.link_new()


def pick(place: Place, kind: str, chance: random.Random, *, last: bool = True) -> int:
    with inside(place.ref):
        links = Link.objects.filter(kind=kind).order_by("number").values_list("row_id", flat=True)
        return chance.choice(list(links) if last else list(links)[:-1])


def pick_two(place: Place, chance: random.Random) -> tuple[int, int]:
    with inside(place.ref):
        one, other = chance.sample(list(Link.objects.filter(kind="read").values_list("row_id", flat=True)), 2)
    return one, other


#: What is done → what must be found (one of it; a tampering may show in several ways).
DONE: dict[Callable[[Place, random.Random], None], set[str]] = {
    alter: {"altered"},
    alter_details: {"altered"},
    alter_new: {"forged"},
    strip_proof: {"altered"},
    delete_row: {"deleted"},
    delete_row_and_link: {"gap"},
    delete_and_renumber: {"moved"},
    insert_forged: {"forged"},
    insert_bare: {"forged"},
    insert_copy: {"copied"},
    insert_among: {"inserted"},
    swap_rows: {"moved"},
    swap_links: {"moved"},
    truncate: {"truncated"},
    forget_the_head: {"unheaded"},
    begin_anew: {"unheaded"},
}


@pytest.mark.parametrize("tamper", DONE, ids=lambda tamper: tamper.__name__)
def test_each_kind_of_tampering_is_found_by_its_name(place: Place, tamper: Callable) -> None:
    chained(place)
    assert found(place) == set()
    tamper(place, random.Random(1))
    assert DONE[tamper] <= found(place)


def test_of_a_thousand_tamperings_a_thousand_are_found(place: Place) -> None:
    """One after another in the same log, which is put back as it was after each."""
    chance, missed, tried = random.Random(12), Counter[str](), Counter[str]()
    chained(place)
    tables = ("audit_entry", "audit_readentry", "audit_link", "crypto_municipalitykey")
    for table in tables:
        sql(place, f"CREATE TABLE kept_{table} AS TABLE {table}")
    for _ in range(TAMPERINGS):
        tamper = chance.choice(list(DONE))
        tamper(place, chance)
        tried[tamper.__name__] += 1
        missed[tamper.__name__] += not found(place)
        for table in tables[:3]:
            columns = "OVERRIDING SYSTEM VALUE" if table != "audit_link" else ""
            sql(place, f"DELETE FROM {table}")
            sql(place, f"INSERT INTO {table} {columns} TABLE kept_{table}")
        sql(
            place,
            "UPDATE crypto_municipalitykey k SET note = o.note FROM kept_crypto_municipalitykey o"
            " WHERE o.id = k.id",
        )
    assert found(place) == set(), "and the log as it was is sound"
    total = sum(tried.values())
    print(f"\nT12: {total} tamperings of {len(tried)} kinds, {total - sum(missed.values())} found")
    assert +missed == Counter()


# --- the command -------------------------------------------------------------------------------------


def test_the_command_says_what_is_wrong_and_where(place: Place, capsys) -> None:
    chained(place)
    call_command("verify_log", municipality="spor")
    told = capsys.readouterr().out
    assert " 0 wrong, head " in told
    noted = told.split("head ")[1].strip()
    chained(place, 2)
    call_command("verify_log", municipality="spor", expect=noted)
    with inside(place.ref):
        row = Link.objects.filter(kind="read").order_by("number").values_list("row_id", flat=True)[3]
    sql(place, "DELETE FROM audit_readentry WHERE id = %s", row)
    with pytest.raises(CommandError):
        call_command("verify_log", municipality="spor")
    assert f"read {row}: the row is gone" in capsys.readouterr().err


def test_a_head_that_was_noted_shows_a_chain_that_was_made_anew(place: Place, capsys) -> None:
    """Somebody had a copy of everything, the sealed note too, and put it all back."""
    chained(place)
    tables = ("audit_entry", "audit_readentry", "audit_link", "crypto_municipalitykey")
    for table in tables:
        sql(place, f"CREATE TABLE kept_{table} AS TABLE {table}")
    chained(place)
    call_command("verify_log", municipality="spor")
    noted = capsys.readouterr().out.split("head ")[1].strip()
    for table in tables[:3]:
        sql(place, f"DELETE FROM {table} WHERE ctid NOT IN (SELECT t.ctid FROM {table} t JOIN kept_{table} k USING"
            f" ({'number' if table == 'audit_link' else 'id'}))")  # fmt: skip
    sql(
        place,
        "UPDATE crypto_municipalitykey k SET note = o.note FROM kept_crypto_municipalitykey o"
        " WHERE o.id = k.id",
    )
    assert found(place) == set(), "the database alone cannot know"
    with pytest.raises(CommandError):
        call_command("verify_log", municipality="spor", expect=noted)
    assert "does not go through" in capsys.readouterr().err


def test_the_municipalitys_role_can_add_links_and_no_more(place: Place) -> None:
    chained(place, 1)
    with inside(place.ref), connections["default"].cursor() as cursor:
        for statement in (
            "UPDATE audit_link SET number = 9",
            "DELETE FROM audit_link",
            "TRUNCATE audit_link",
        ):
            with pytest.raises(DatabaseError, match="permission denied"):
                cursor.execute(statement)


def test_a_log_read_many_at_once_costs_one_statement(place: Place, django_assert_num_queries) -> None:
    with inside(place.ref):
        keys.municipality_key("audit")
        keys._present[place.ref.id, "audit"] = keys._Remembered(keys.municipality_keys("audit"), float("inf"))
        with django_assert_num_queries(1):
            readings(
                by=MACHINE, cases=[(uuid.uuid4(), None) for _ in range(50)], what="conversation", why="search"
            )
