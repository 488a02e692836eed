"""T13 at full: of a case that has lived, every field about its student is in their hands or excused by name; after the
end neither words, number nor the code's hash is anywhere: a dump, the files of the server, jobs, messages, logs."""

import io
import json
import logging
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client

from config.embedded.server import DATABASE
from kernel.actor import MACHINE, student
from kernel.logs import WithoutWords
from kernel.outbox import operations as outbox
from kernel.outbox.models import Message
from kernel.privacy import Kind
from kernel.tenancy import inside, owner
from services.contact import following
from services.contact import operations as contact
from services.contact.models import ContactRequest
from services.desk import operations as desk
from services.retention import operations
from services.retention.models import Tombstone
from tenants.setup.models import Post
from tenants.walls import operations as walls
from tests import server
from tests.cast import World
from tests.house.test_floors import OURS
from tests.kernel.crypto.test_canaries import dump, files, shapes
from tests.services.contact.committed import Place, committed
from tests.services.contact.people import TUESDAY, knock, reach_and_close, visitor
from tests.services.retention.people import close


def live(world: World, clock: Any) -> Any:
    """Knock, take, read, note, attempt, answer, let in, open by two persons, hold, wish, close."""
    accepted = knock(
        world, name="Ida", channel_kind="phone", channel_value="99887766", preferred_times="Etter tre"
    )
    nurse, admin, request_id = world.actor("nurse"), world.actor("admin"), accepted.request_id
    contact.take(by=nurse, request_id=request_id)
    contact.read_conversation(by=nurse, request_id=request_id)
    desk.add_note(by=nurse, request_id=request_id, text="Ringe moren? Nei.")
    contact.record_contact(by=nurse, request_id=request_id, kind="phone", outcome="attempted")
    clock.shift(timedelta(minutes=5))
    contact.record_contact(by=nurse, request_id=request_id, kind="phone", outcome="reached")
    contact.reply(by=nurse, request_id=request_id, text="Godt å høre stemmen din")
    contact.student_writes(by=visitor(accepted), request_id=request_id, text="Takk")
    walls.give_grant(
        by=nurse, case_key_id=ContactRequest.objects.get(pk=request_id).case_key_id,
        account_id=world.account("counsellor").pk, basis="agreement", reason="Ida har sagt ja",
        last_day=(TUESDAY + timedelta(days=3)).date(),
    )  # fmt: skip
    opening = walls.ask_opening(
        by=world.actor("counsellor"), number=accepted.case_number, basis="supervision", scope="with_log",
        reason="Tilsynet krever det", reader_id=world.account("counsellor").pk, hours=1,
    )  # fmt: skip
    walls.confirm_opening(by=world.actor("lead"), opening_id=opening.pk)
    walls.end_opening(by=world.actor("lead"), opening_id=opening.pk)
    contact.read_conversation(by=nurse, request_id=request_id)
    close(world, accepted)
    hold = operations.place_hold(
        by=admin, number=accepted.case_number, basis="complaint", reason="Klage 3. september",
        last_day=date(2026, 12, 1),
    )  # fmt: skip
    operations.end_hold(by=admin, hold_id=hold.pk)
    operations.wish_gone(by=visitor(accepted))
    operations.take_back_wish(by=visitor(accepted))
    return accepted


def about_students() -> set[str]:
    found = set()
    for app in OURS:
        if list(app.get_models()):
            register = import_module(f"{app.name}.privacy").REGISTER
            found |= {
                f"{app.label}.{name}"
                for name, kind in register.items()
                if kind in (Kind.STUDENT, Kind.CONTENT)
            }
    return found


def test_every_field_about_a_student_is_in_their_hands_or_excused_by_name(decided: World, clock: Any) -> None:
    accepted = live(decided, clock)
    sections = operations.take_home(by=visitor(accepted))
    given = {item.field for section in sections for row in section.rows for item in row}
    excused = {name for one in following.followers() for name in one.excused}
    mine = {one.name: one for one in following.followers()}
    tried = {name for one in mine.values() for name in one.gives}
    ours = {"conversation", "promises", "walls", "log", "notes", "records", "retention"}
    of_others = {name for name, one in mine.items() if name not in ours for name in one.gives}
    assert about_students() - given - excused <= of_others
    assert tried - of_others <= given, "said to be given, and not there"
    assert not given & excused
    words = {item.value for section in sections for row in section.rows for item in row}
    assert {"Ida", "99887766", "Etter tre", "Takk", "Godt å høre stemmen din"} <= words
    # What one adult wrote to another, or to themselves, is not the student's by right.
    assert not {"Ringe moren? Nei.", "Ida har sagt ja", "Tilsynet krever det", "Klage 3. september"} & words


# --- nothing is left --------------------------------------------------------------------------------------------

WORDS = {
    "message": f"kanari-{uuid.uuid4().hex}",
    "name": f"Kanari {uuid.uuid4().hex}",
    "address": f"{uuid.uuid4().hex}@kanari.example",
    "answer": f"Svar {uuid.uuid4().hex}",
    "note": f"Notat {uuid.uuid4().hex}",
    "hold": f"Vedtak {uuid.uuid4().hex}",
}


@pytest.fixture
def place(django_db_setup: None, django_db_blocker: Any) -> Iterator[Place]:
    if not hasattr(server, "SERVER"):
        pytest.skip("needs the files of our own server")
    with django_db_blocker.unblock(), committed("rest") as made, time_machine.travel(TUESDAY, tick=True):
        yield made


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    written, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(written)
    handler.setFormatter(WithoutWords())
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.setLevel(before)
    root.removeHandler(handler)


def knocked(place: Place) -> tuple[str, str, bytes]:
    """A case by the real doors, lived and closed: its number, code and the hash of that."""
    door = Client(SERVER_NAME=f"{place.ref.slug}.localhost")
    said = door.post(
        "/api/v1/contact-requests",
        json.dumps({
            "school": str(place.school), "role": str(place.role),
            "channel": {"kind": "email", "value": WORDS["address"]},
            "name": WORDS["name"], "message": WORDS["message"], "language": "nb",
        }),
        content_type="application/json",
        headers={"idempotency-key": uuid.uuid4().hex},
    )  # fmt: skip
    assert said.status_code == 201, said.content
    with inside(place.ref):
        Post.objects.update(starts_on=date(2020, 1, 1))
        operations.keep_archive_decision(by=MACHINE, choice="delete", decided_on=date(2026, 8, 1))
        nurse, request = place.nurse(0), ContactRequest.objects.get()
        contact.take(by=nurse, request_id=request.pk)
        contact.read_conversation(by=nurse, request_id=request.pk)
        desk.add_note(by=nurse, request_id=request.pk, text=WORDS["note"])
        contact.record_contact(by=nurse, request_id=request.pk, kind="email", outcome="reached")
        contact.reply(by=nurse, request_id=request.pk, text=WORDS["answer"])
        reach_and_close(
            by=nurse, request_id=request.pk, outcome="helped", said=contact.Settling(recorded_in="Journal")
        )
        outbox.send_all_due(100)
        return said.json()["case_number"], said.json()["receipt"], bytes(request.receipt_hash)


def traces(number: str, code: str, hashed: bytes) -> dict[str, list[bytes]]:
    """What may be found nowhere, in every shape it may lie about in."""
    found = {name: shapes(word) for name, word in WORDS.items()}
    found["number"] = [number.encode()]
    found["code"] = [code.encode(), code.replace("-", "").encode()]
    found["hash of the code"] = [hashed, hashed.hex().encode(), f"\\x{hashed.hex()}".encode()]
    return found


def told(where: bytes, wanted: dict[str, list[bytes]]) -> set[str]:
    return {name for name, forms in wanted.items() if any(form in where for form in forms)}


def old_log_away() -> None:
    """What a server does by itself in time: the tables' files and the write-ahead log forget what is deleted."""
    with server.SERVER.connect(DATABASE) as superuser:
        superuser.execute("ALTER SYSTEM SET wal_recycle = off")
        superuser.execute("ALTER SYSTEM SET min_wal_size = '32MB'")
        superuser.execute("SELECT pg_reload_conf()")
        superuser.execute("VACUUM FULL")
        for _turn in range(3):
            superuser.execute("SELECT pg_switch_wal()")
            superuser.execute("CHECKPOINT")


def settings_back() -> None:
    with server.SERVER.connect() as superuser:
        superuser.execute("ALTER SYSTEM RESET wal_recycle")
        superuser.execute("ALTER SYSTEM RESET min_wal_size")
        superuser.execute("SELECT pg_reload_conf()")


def test_after_the_end_nothing_of_a_case_is_anywhere(place: Place, log: io.StringIO, settings: Any) -> None:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    number, code, hashed = knocked(place)
    wanted = traces(number, code, hashed)
    assert told(dump(place), wanted) == {"number", "hash of the code"}, (
        "before the end these are in the clear"
    )
    with inside(place.ref):
        request_id = ContactRequest.objects.get().pk
        operations.wish_gone(by=student(request_id))
    with time_machine.travel(TUESDAY + timedelta(days=2), tick=True), inside(place.ref):
        assert operations.sweep(by=MACHINE).gone == 1
        assert Tombstone.objects.count() == 1
        rows = list(Message.objects.values())
    with owner.transaction_of_owner() as cursor:
        cursor.execute("SELECT * FROM jobs.procrastinate_jobs")
        jobs = cursor.fetchall()
        cursor.execute("SELECT * FROM jobs.procrastinate_events")
        jobs += cursor.fetchall()
    looked = {
        "dump": dump(place), "messages": repr(rows).encode(), "jobs": repr(jobs).encode(),
        "log": log.getvalue().encode(),
    }  # fmt: skip
    assert {where: told(what, wanted) for where, what in looked.items() if told(what, wanted)} == {}
    assert str(request_id).encode() not in looked["messages"]
    connection.close()
    connections.close_all()
    try:
        old_log_away()
        left = {str(path): told(content, wanted) for path, content in files() if told(content, wanted)}
        assert left == {}
    finally:
        settings_back()
