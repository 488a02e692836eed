"""At the top of a request stands what comes next about its meeting, and nothing that is not so any more."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from kernel.audit.models import ReadEntry
from services.contact import operations as contact
from services.meetings import operations
from services.meetings.models import Meeting
from tests.cast import World
from tests.services.contact.people import visitor
from tests.services.meetings.people import (
    HOUR,
    LATER,
    MINUTE,
    PLACE,
    WEDNESDAY,
    agreed,
    picked,
    proposed,
    room,
    states,
    taken,
)
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
#: Named: without a place and a name an answer in the conversation was promised.
VISIT = {"channel_kind": "visit", "name": "Mona"}


@pytest.fixture
def signed_in(alpha: World, at: Callable[..., Client]) -> Callable[..., Client]:
    def browser(who: str = "nurse") -> Client:
        client = at(alpha.alpha, headers={"accept-language": "en"})
        sign_in(client, alpha.account(who))
        return client

    return browser


def whole(client: Client, accepted: Any) -> str:
    return unescape(client.get(f"/desk/{accepted.request_id}/").content.decode())


def top(client: Client, accepted: Any) -> str:
    """What is read above the conversation, in words."""
    page = whole(client, accepted)
    above = page[page.index('class="page-title"') : page.index('class="conversation"')]
    return " ".join(re.sub(r"<[^>]+>", " ", above).split())


def test_nothing_is_said_of_a_meeting_that_nobody_thought_of_but_the_way_to_it_is_always_there(
    alpha, clock, signed_in
) -> None:
    accepted, nora = taken(alpha), signed_in()
    page = whole(nora, accepted)
    assert 'id="next"' not in page
    within_reach = page[page.index('class="reach"') : page.index("</nav>", page.index('class="reach"'))]
    assert 'href="#meeting"' in within_reach
    assert '<div id="meeting"' in page


def test_what_is_proposed_waits_for_the_student_after_the_contact_that_is_still_to_be_made(
    alpha, clock, signed_in
) -> None:
    accepted, nora = taken(alpha, **VISIT), signed_in()
    proposed(alpha, accepted)
    said = top(nora, accepted)
    assert "The student chooses a time to meet." in said
    assert "Proposed: tomorrow at 10:00, tomorrow at 12:00. You are told when they have chosen." in said
    assert said.index("Make contact by") < said.index("The student chooses")
    contact.record_contact(
        by=alpha.actor("nurse"), request_id=accepted.request_id, kind="visit", outcome="reached"
    )
    said = top(nora, accepted)
    assert "Make contact by" not in said
    assert said.index("The student chooses") < said.index("The promise was kept")


def test_an_agreed_meeting_says_when_and_where_and_is_the_contact_that_was_promised(
    alpha, clock, signed_in
) -> None:
    accepted, nora = agreed(alpha, **VISIT), signed_in()
    said = top(nora, accepted)
    assert (
        f"You meet tomorrow at 10:00. In a room · {PLACE}. Afterwards, write down here what came of it."
        in said
    )
    assert "Make contact by" not in said
    assert "The meeting you have agreed is the contact: it is promised by" in said
    assert "Once you have met, write it down: that keeps the promise." in said
    assert said.index("You meet tomorrow") < said.index("is the contact")
    clock.move_to(WEDNESDAY + 10 * MINUTE)
    operations.record_held(by=alpha.actor("nurse"), request_id=accepted.request_id)
    said = top(signed_in(), accepted)
    assert "The promise was kept" in said, "as it was said"
    assert "You meet" not in said


@pytest.mark.parametrize(
    ("channel", "told"),
    [
        ({"channel_kind": "conversation"}, "The meeting you have agreed does not stop this clock."),
        ({"channel_kind": "visit"}, "The meeting you have agreed does not stop this clock."),
        (VISIT, "The meeting you have agreed is later than that."),
    ],
)
def test_a_contact_that_the_agreed_meeting_does_not_make_is_still_to_be_made(
    alpha, clock, signed_in, channel, told
) -> None:
    accepted, nora = agreed(alpha, WEDNESDAY + timedelta(days=2, hours=3), **channel), signed_in()
    said = top(nora, accepted)
    assert "Make contact by" in said
    assert told in said
    assert said.index("You meet") < said.index("Make contact by")


def test_once_it_has_begun_the_one_filled_button_asks_what_came_of_it(alpha, clock, signed_in) -> None:
    accepted = agreed(alpha)
    contact.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Vi ses")
    clock.move_to(WEDNESDAY + 10 * MINUTE)
    nora = signed_in()
    page = whole(nora, accepted)
    assert "You agreed to meet today at 10:00. What came of it? Write it down by today at 11:30." in top(
        nora, accepted
    )
    filled = re.findall(
        r'<button class="ds-button" type="submit" data-variant="primary"[^>]*value="([^"]*)"', page
    )
    assert filled == ["held"]
    assert page.count('value="held"') == 1
    form = page[page.index('id="next"') :]
    mark = re.findall(r'name="once" value="([^"]+)"', form)[0]
    address = re.findall(r'action="([^"]+/meeting/)"', form)[0]
    assert nora.post(address, {"once": mark, "act": "no_show"}).status_code == 302
    assert states(accepted) == ["no_show"]
    said = top(nora, accepted)
    assert "Propose a time to meet: it is promised by" in said
    assert "The student did not come: promised anew since then." in said


def test_what_should_have_been_met_by_is_broken_at_the_top_too(alpha, clock, signed_in) -> None:
    accepted = taken(alpha)
    operations.set_urgency(by=alpha.actor("nurse"), request_id=accepted.request_id, urgency="today")
    due = Meeting.objects.get(request_id=accepted.request_id)
    clock.move_to(WEDNESDAY + 5 * HOUR)
    said = top(signed_in(), accepted)
    assert due.is_open
    assert "You should have met by" in said
    assert "Propose a time now." in said


def test_only_the_one_who_has_it_reads_of_the_meeting(alpha, clock, signed_in) -> None:
    accepted = agreed(alpha)
    before = ReadEntry.objects.filter(what="meeting").count()
    page = whole(signed_in("second_nurse"), accepted)
    assert 'id="next"' not in page
    assert PLACE not in page
    assert ReadEntry.objects.filter(what="meeting").count() == before


def test_the_place_is_opened_once_a_page(alpha, clock, signed_in) -> None:
    accepted, nora = agreed(alpha), signed_in()
    before = ReadEntry.objects.filter(what="meeting").count()
    whole(nora, accepted)
    assert ReadEntry.objects.filter(what="meeting").count() == before + 1


def test_the_student_cancels_and_the_helper_reads_what_is_to_do_now(alpha, clock, signed_in) -> None:
    accepted = agreed(alpha)
    operations.cancel(by=visitor(accepted), request_id=accepted.request_id, again=True)
    said = top(signed_in(), accepted)
    assert "You meet" not in said
    assert "Propose a time to meet: it is promised by" in said
    assert "The student cancelled the agreed time: promised anew since then." in said
    picked(accepted, proposed(alpha, accepted, room(LATER))[0])
    assert "You meet tomorrow at 12:00." in top(signed_in(), accepted)
