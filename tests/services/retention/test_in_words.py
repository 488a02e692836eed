"""What a student takes home is said in words, all of it; the file for machines has the code and the words."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from services.contact import operations as contact
from services.contact import visit
from services.contact.following import Item
from services.contact.models import RecordDue
from services.meetings import operations as meetings
from services.retention import operations, taking
from tests.cast import World
from tests.house.test_following import codes_given
from tests.services.contact.people import TUESDAY, knock, visitor
from tests.services.meetings.people import LATER, WEDNESDAY, picked, proposed, room
from tests.services.retention.people import close, ended, row


def says(at: datetime | date) -> str:
    return at.isoformat()


@pytest.mark.parametrize("field", sorted(codes_given()))
def test_no_code_is_left_out_of_the_page(field: str) -> None:
    for code in codes_given()[field]:
        assert taking.words(Item(field, "", code), says), (field, code)


def test_what_somebody_typed_is_never_taken_for_a_code() -> None:
    for typed in ("reached", "held", "withdrawn", "archive"):
        assert taking.words(Item("contact.ConversationMessage.text", "", typed), says) == typed


def lived(world: World, clock: Any) -> Any:
    """Introduced to the counsellor, who said no; met on Wednesday, after another time was not chosen."""
    accepted, nurse = knock(world), world.actor("nurse")
    contact.take(by=nurse, request_id=accepted.request_id)
    contact.read_conversation(by=nurse, request_id=accepted.request_id)
    contact.reply(by=nurse, request_id=accepted.request_id, text="Hei")
    to = contact.Receiver(role_id=world.counsellor_role)
    handover = contact.offer_handover(
        by=nurse, request_id=accepted.request_id, to=to, reason="Hun kan mer om det", shares="nothing",
        agreement="in_talk",
    )  # fmt: skip
    contact.decline_handover(by=world.actor("counsellor"), handover_id=handover.pk)
    first, _second = proposed(world, accepted, room(WEDNESDAY), room(LATER))
    clock.shift(timedelta(minutes=30))
    picked(accepted, first)
    clock.move_to(WEDNESDAY + timedelta(minutes=40))
    meetings.record_held(by=nurse, request_id=accepted.request_id)
    return accepted


def test_meetings_handovers_promises_and_pauses_stand_on_the_page_in_words(
    decided: World, at: Callable[..., Client], clock: Any
) -> None:
    accepted = lived(decided, clock)
    close(decided, accepted)
    client = at(decided.alpha, headers={"accept-language": "en"})
    client.post("/receipt/", {"receipt": accepted.receipt})
    sent = {"proof": visit.proof(accepted.request_id)}
    page = client.post("/conversation/yours/", sent | {"as": "page"}).text
    for said in (
        "they could not take it on", "nothing that you wrote before", "in a talk",
        "that an adult contacts you", "that the new adult contacts you", "that we meet you",
        "you met", "not chosen", "it could wait some days", "In a room", "While it was your turn",
        "your health journal", "written down there", "Journalen",
    ):  # fmt: skip
        assert said in page, said
    file = json.loads(client.post("/conversation/yours/", sent | {"as": "json"}).content)
    parts = {one["key"]: one for one in file["sections"]}
    times = parts["meeting_times"]["rows"]
    came_of = {(one["state"], one["state_in_words"]) for one in times}
    assert came_of == {("held", "you met"), ("declined", "not chosen")}
    assert parts["pauses"]["rows"][0]["starts_at"] == "2026-09-15T08:00:00Z"
    assert parts["records"]["rows"][0]["recorded_on"]
    assert parts["records"]["title"] == "What is written down elsewhere"
    assert "Hun kan mer om det" not in page


def test_why_nothing_was_written_elsewhere_stays_between_adults(decided: World) -> None:
    accepted = ended(decided)
    RecordDue.objects.all().delete()
    request = row(accepted)
    owed = RecordDue(
        request=request, holder=decided.account("nurse"), system="patient_journal", employer="municipality",
        since=TUESDAY, settled="not_due", settled_at=TUESDAY, settled_by=decided.account("nurse"),
    )  # fmt: skip
    owed.detail = "Bare et spørsmål om åpningstider"
    owed.save(force_insert=True)
    taken = operations.take_home(by=visitor(accepted))
    words = {item.value for section in taken for line in section.rows for item in line}
    assert "Bare et spørsmål om åpningstider" not in words
    assert "not_due" in words
