"""A case goes whole, nothing of its neighbours goes with it, and what keeps one says so."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from kernel.actor import MACHINE
from kernel.audit.models import Entry
from kernel.audit.operations import reading
from kernel.crypto.models import CaseKey
from kernel.errors import NotAllowed, NotFound
from kernel.outbox.models import Message
from services.contact import followers, following, operations
from services.contact.models import ContactRequest
from services.meetings import operations as meetings
from services.meetings.rules import Proposed
from services.promises import operations as promises
from services.promises.models import Promise
from services.worry import operations as worries
from tenants.walls import operations as walls
from tests.cast import World
from tests.services.contact.people import TUESDAY, knock, reach_and_close, visitor
from tests.services.worry.said import said


def lived(world: World) -> Any:
    """A conversation with answer, attempt, a second question, somebody let in and a reopening."""
    accepted = knock(world, name="Ida", channel_kind="phone", channel_value="99887766")
    nurse = world.actor("nurse")
    operations.take(by=nurse, request_id=accepted.request_id)
    operations.read_conversation(by=nurse, request_id=accepted.request_id)
    operations.record_contact(by=nurse, request_id=accepted.request_id, kind="phone", outcome="attempted")
    operations.reply(by=nurse, request_id=accepted.request_id, text="Jeg ringer igjen")
    walls.give_grant(
        by=nurse, case_key_id=ContactRequest.objects.get(pk=accepted.request_id).case_key_id,
        account_id=world.account("counsellor").pk, basis="agreement", reason="Ida har sagt ja",
        last_day=(TUESDAY + timedelta(days=3)).date(),
    )  # fmt: skip
    meetings.propose(
        by=nurse, request_id=accepted.request_id, urgency="days", outside_hours=True,
        times=[Proposed(TUESDAY.replace(second=0) + timedelta(hours=26), 30, "room", "Rom B12")],
    )  # fmt: skip
    worry = worries.raise_worry(by=nurse, request_id=accepted.request_id, urgency="soon")
    worries.record_step(by=nurse, worry_id=worry.pk, said=said())
    worries.close(by=nurse, worry_id=worry.pk, outcome="safe")
    reach_and_close(by=nurse, request_id=accepted.request_id, outcome="helped")
    operations.student_writes(
        by=visitor(accepted), request_id=accepted.request_id, text="Jeg trenger mer", still_need_help=True
    )
    return accepted


def named_in(world: World, ids: set[str]) -> set[str]:
    """Tables of alfa in which one of these stands, whatever the column."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = %s", [world.alpha.schema]
        )
        for (table,) in cursor.fetchall():
            if table == "django_migrations":
                continue
            cursor.execute(f'SELECT row::text FROM {world.alpha.schema}."{table}" row')
            if any(one in row for (row,) in cursor.fetchall() for one in ids):
                found.add(table)
    return found


def test_a_case_goes_with_every_row_that_hangs_on_it_and_its_key(alpha: World) -> None:
    accepted, neighbour = lived(alpha), lived(alpha)
    key = ContactRequest.objects.get(pk=accepted.request_id).case_key_id
    number = accepted.case_number
    before = Promise.objects.filter(subject_id=neighbour.request_id).count()
    assert "outbox_message" in named_in(alpha, {str(accepted.request_id)})
    gone = operations.forget(by=MACHINE, request_ids=[accepted.request_id])
    assert gone["contact.ContactRequest"] == 1
    assert gone["contact.ConversationMessage"] == 3
    assert gone["walls.Grant"] == 1
    assert gone["promises.Promise"] >= 2
    assert gone["outbox.Message"] >= 2
    # What stays names the case by ids in the log alone; its number is nowhere.
    assert named_in(alpha, {str(accepted.request_id)}) == {"audit_entry"}
    assert named_in(alpha, {number}) == set()
    assert CaseKey.objects.get(pk=key).wrapped is None
    with pytest.raises(NotFound):
        operations.open_by_receipt(accepted.receipt)
    # The neighbour has lost nothing.
    assert operations.read_conversation(by=visitor(neighbour), request_id=neighbour.request_id).name == "Ida"
    assert Promise.objects.filter(subject_id=neighbour.request_id).count() == before
    assert Message.objects.filter(cause__contains=str(neighbour.request_id)).exists()
    assert Entry.objects.filter(verb="contact.forget").count() == 1


def test_what_is_gone_goes_again_without_a_trace(alpha: World) -> None:
    accepted = knock(alpha)
    assert operations.forget(by=MACHINE, request_ids=[accepted.request_id])
    assert operations.forget(by=MACHINE, request_ids=[accepted.request_id]) == {}
    assert Entry.objects.filter(verb="contact.forget").count() == 1


@pytest.mark.parametrize("who", ["nurse", "lead", "admin"])
def test_nobody_but_the_machine_makes_a_case_go(alpha: World, who: str) -> None:
    accepted = knock(alpha)
    with pytest.raises(NotAllowed):
        operations.forget(by=alpha.actor(who), request_ids=[accepted.request_id])
    with pytest.raises(NotAllowed):
        operations.forget(by=visitor(accepted), request_ids=[accepted.request_id])


def codes(request_id: Any) -> set[str]:
    """Of this room and the floors below; what rooms above hold it by is tried there."""
    held = {hold.code for hold in following.holds_on(ContactRequest.objects.get(pk=request_id))}
    return held & {"unread", "promise", "opening", "record-due"}


def test_what_the_student_wrote_unread_and_a_running_promise_keep_a_case(alpha: World) -> None:
    accepted, nurse = knock(alpha), alpha.actor("nurse")
    assert codes(accepted.request_id) == {"unread", "promise"}
    operations.take(by=nurse, request_id=accepted.request_id)
    operations.read_conversation(by=nurse, request_id=accepted.request_id)
    assert codes(accepted.request_id) == {"promise"}
    operations.reply(by=nurse, request_id=accepted.request_id, text="Hei")
    assert codes(accepted.request_id) == set()
    reach_and_close(by=nurse, request_id=accepted.request_id, outcome="helped")
    operations.student_writes(by=visitor(accepted), request_id=accepted.request_id, text="Takk")
    assert codes(accepted.request_id) == {"unread", "record-due"}
    said = operations.Settling("Journalen")
    operations.settle_record(by=nurse, request_id=accepted.request_id, said=said)
    assert codes(accepted.request_id) == {"unread"}


def test_an_opening_keeps_a_case_while_it_is_asked_for_and_while_it_stands(alpha: World, clock: Any) -> None:
    accepted, nurse = knock(alpha), alpha.actor("nurse")
    operations.take(by=nurse, request_id=accepted.request_id)
    operations.reply(by=nurse, request_id=accepted.request_id, text="Hei")
    operations.read_conversation(by=nurse, request_id=accepted.request_id)
    opening = walls.ask_opening(
        by=alpha.actor("counsellor"), number=accepted.case_number, basis="danger", scope="conversation",
        reason="Hun svarer ikke", reader_id=alpha.account("counsellor").pk, hours=4,
    )  # fmt: skip
    assert codes(accepted.request_id) == {"opening"}
    walls.confirm_opening(by=alpha.actor("lead"), opening_id=opening.pk)
    assert codes(accepted.request_id) == {"opening"}
    clock.shift(timedelta(hours=4, minutes=1))
    assert codes(accepted.request_id) == set()


def test_the_time_counts_from_the_closing_and_never_while_it_is_open(alpha: World) -> None:
    accepted, nurse = knock(alpha), alpha.actor("nurse")
    operations.take(by=nurse, request_id=accepted.request_id)
    request = ContactRequest.objects.get(pk=accepted.request_id)
    assert following.counts_from(request) is None
    closed = reach_and_close(by=nurse, request_id=accepted.request_id, outcome="helped")
    assert following.counts_from(closed) == closed.closed_at


def test_the_promise_of_a_row_of_the_case_goes_with_it(alpha: World) -> None:
    """As a handover's does: its subject is a row that hangs on the request."""
    accepted = lived(alpha)
    attempt = ContactRequest.objects.get(pk=accepted.request_id).attempts.earliest("pk")
    given = promises.give(
        by=MACHINE, kind=Promise.Kind.RETRY, subject_kind="contact_attempt", subject_id=attempt.pk,
        school_id=alpha.school, role_id=alpha.nurse_role, opened_at=TUESDAY,
    )  # fmt: skip
    operations.forget(by=MACHINE, request_ids=[accepted.request_id])
    assert not Promise.objects.filter(pk=given.pk).exists()


def test_followers_give_what_they_say_they_give(alpha: World) -> None:
    """Each field a follower gives stands in the export of a case that has lived; nothing else about a student does."""
    accepted = lived(alpha)
    request = ContactRequest.objects.get(pk=accepted.request_id)
    opened = reading(by=visitor(accepted), case_key_id=request.case_key_id, what="own data", why="own copy")
    for follower in [followers.CONVERSATION, followers.PROMISES, followers.WALLS, followers.LOG]:
        sections = list(follower.export(request, opened)) if follower.export else []
        given = {item.field for section in sections for row in section.rows for item in row}
        missing = {name for name in follower.gives - given if not name.startswith("walls.Opening")}
        assert not missing, f"{follower.name} says it gives these, and does not: {missing}"
        assert not given & set(follower.excused), follower.name
    words = [item.value for one in following.followers() if one.export for section in one.export(request, opened)
             for row in section.rows for item in row]  # fmt: skip
    assert {"Ida", "99887766", "Jeg ringer igjen", "Jeg trenger mer"} <= set(words)
