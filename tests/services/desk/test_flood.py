"""A flood at the desk: a shelf of its own, and a way to put the real one with the others."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client, override_settings

from kernel.errors import Conflict, NotFound
from services.contact import operations
from services.contact.models import ContactRequest, RecordDue
from services.meetings.operations import propose
from services.worry.operations import raise_worry
from tests.cast import World
from tests.services.contact.people import knock, read_and_close, visitor
from tests.services.contact.test_handover import offer
from tests.services.meetings.people import WEDNESDAY, room

pytestmark = pytest.mark.django_db


@override_settings(KNOCKS_AT_ONCE=5, KNOCKS_AN_HOUR=1)
def test_the_desk_shows_a_flood_apart_and_its_page_says_so(alpha: World, nora: Client) -> None:
    assert "/desk/flood/" not in nora.get("/desk/").content.decode()
    for _n in range(7):
        last = knock(alpha)
    assert "/desk/flood/" in nora.get("/desk/").content.decode()
    shown = nora.get("/desk/flood/").content.decode()
    assert "Two came in a flood" in shown
    assert str(last.request_id) in shown
    assert str(last.request_id) not in nora.get("/desk/").content.decode()
    case = nora.get(f"/desk/{last.request_id}/").content.decode()
    assert "This came in a flood. Read first what it is." in case
    for _press in range(2):
        assert nora.post(f"/desk/{last.request_id}/let-out/").status_code == 302
    assert ContactRequest.objects.get(pk=last.request_id).held == "let_out"
    assert str(last.request_id) in nora.get("/desk/").content.decode()


@override_settings(KNOCKS_AT_ONCE=1, KNOCKS_AN_HOUR=1)
def test_a_real_one_closed_with_a_flood_is_opened_again_by_whoever_answers_there_for_30_days(
    alpha: World, clock: time_machine.Traveller, signed_in: Callable[[str, str], Client]
) -> None:
    ordinary, last = knock(alpha), knock(alpha)
    read_and_close(by=alpha.actor("nurse"), request_id=ordinary.request_id, outcome="not_reached")
    operations.close(by=alpha.actor("nurse"), request_id=last.request_id, outcome="not_reached")
    clock.shift(timedelta(days=29))
    page = f"/desk/{last.request_id}/"
    assert "It came in a flood. Was it real?" in signed_in("second_nurse", "en").get(page).content.decode()
    assert (
        "Was it real?" not in signed_in("nurse", "en").get(f"/desk/{ordinary.request_id}/").content.decode()
    )
    with pytest.raises(Conflict):
        operations.undo_close(by=alpha.actor("nurse"), request_id=ordinary.request_id)
    with pytest.raises(NotFound):
        operations.undo_close(by=alpha.actor("other_nurse"), request_id=last.request_id)
    for _press in range(2):
        assert signed_in("second_nurse", "en").post(f"{page}undo-close/").status_code == 302
    row = ContactRequest.objects.get(pk=last.request_id)
    assert (row.state, row.taken_by_id, row.outcome) == ("taken", alpha.people["second_nurse"], "")
    assert not RecordDue.objects.filter(request=row).exists()
    operations.reply(by=alpha.actor("second_nurse"), request_id=row.pk, text="Hei, vi tok feil")


@override_settings(KNOCKS_AT_ONCE=1, KNOCKS_AN_HOUR=1)
def test_after_30_days_only_its_student_opens_it_again(
    alpha: World, clock: time_machine.Traveller, signed_in: Callable[[str, str], Client]
) -> None:
    knock(alpha)
    last = knock(alpha)
    operations.close(by=alpha.actor("nurse"), request_id=last.request_id, outcome="not_reached")
    clock.shift(timedelta(days=31))
    assert "Was it real?" not in signed_in("nurse", "en").get(f"/desk/{last.request_id}/").content.decode()
    with pytest.raises(Conflict):
        operations.undo_close(by=alpha.actor("nurse"), request_id=last.request_id)
    operations.student_writes(by=visitor(last), request_id=last.request_id, still_need_help=True)
    assert ContactRequest.objects.get(pk=last.request_id).closed_at is None


@override_settings(KNOCKS_AT_ONCE=1, KNOCKS_AN_HOUR=1)
@pytest.mark.parametrize("spoken", ["reply", "attempt", "handover", "worry", "meeting"])
def test_no_colleague_opens_again_what_somebody_has_had_a_talk_in(
    alpha: World, signed_in: Callable[[str, str], Client], clock: time_machine.Traveller, spoken: str
) -> None:
    knock(alpha)
    last, nurse, signe = knock(alpha), alpha.actor("nurse"), alpha.actor("second_nurse")
    operations.let_out(by=nurse, request_id=last.request_id)
    if spoken == "reply":
        operations.reply(by=nurse, request_id=last.request_id, text="Hei, vi snakkes")
        operations.student_writes(by=visitor(last), request_id=last.request_id, text="Bare til Nora")
        read_and_close(by=nurse, request_id=last.request_id, outcome="helped")
    else:
        operations.take(by=nurse, request_id=last.request_id)
        if spoken == "attempt":
            operations.record_contact(by=nurse, request_id=last.request_id, kind="phone", outcome="attempted")
        elif spoken == "worry":
            raise_worry(by=nurse, request_id=last.request_id, urgency="soon")
        elif spoken == "meeting":
            propose(by=nurse, request_id=last.request_id, urgency="days", times=[room(WEDNESDAY)])
        else:
            operations.read_conversation(by=nurse, request_id=last.request_id)
            offer(alpha, last)
        although = ("worry",) if spoken == "worry" else ()
        read_and_close(by=nurse, request_id=last.request_id, outcome="not_reached", although=although)
    owed = list(RecordDue.objects.values_list("pk", "holder_id"))
    clock.shift(timedelta(days=10))
    with pytest.raises(Conflict):
        operations.undo_close(by=signe, request_id=last.request_id)
    assert ContactRequest.objects.get(pk=last.request_id).taken_by_id == nurse.id
    assert list(RecordDue.objects.values_list("pk", "holder_id")) == owed
    assert [holder for _pk, holder in owed] == [nurse.id]
    page = signed_in("second_nurse", "en").get(f"/desk/{last.request_id}/").content.decode()
    assert "Was it real?" not in page


@override_settings(KNOCKS_AT_ONCE=1, KNOCKS_AN_HOUR=1)
@pytest.mark.parametrize("reads", [False, True])
def test_what_came_in_a_flood_and_nobody_opened_owes_no_record(alpha: World, reads: bool) -> None:
    knock(alpha)
    last, nurse = knock(alpha), alpha.actor("nurse")
    assert ContactRequest.objects.get(pk=last.request_id).held == "held"
    if reads:
        operations.read_conversation(by=nurse, request_id=last.request_id)
    operations.close(by=nurse, request_id=last.request_id, outcome="not_reached")
    assert RecordDue.objects.filter(request_id=last.request_id).exists() is reads


def test_there_is_no_shelf_for_a_flood_that_is_not(alpha: World, nora: Client) -> None:
    knock(alpha)
    assert "No flood" in nora.get("/desk/flood/").content.decode()


@override_settings(KNOCKS_AT_ONCE=1, KNOCKS_AN_HOUR=1)
def test_a_program_finds_a_flood_as_well(alpha: World, api: Any) -> None:
    knock(alpha)
    last = knock(alpha)
    found = api("nurse")("get", "requests?state=flood")
    assert [one["id"] for one in found.json()["results"]] == [str(last.request_id)]
