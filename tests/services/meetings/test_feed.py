"""A calendar program learns when somebody is busy, and nothing else; the address opens nothing once it is revoked."""

from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from kernel.actor import MACHINE
from kernel.errors import NotAllowed
from kernel.people import limits
from kernel.people.models import Account
from kernel.people.operations import invite
from kernel.tenancy import inside
from services.meetings import operations
from services.meetings.models import CalendarFeed
from tests.cast import World
from tests.services.contact.people import visitor
from tests.services.meetings.people import (
    LATER,
    LINK,
    PLACE,
    WEDNESDAY,
    agreed,
    picked,
    proposed,
    room,
    taken,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(alpha: World, at: Any) -> Client:
    return at(alpha.alpha)


def fetched(program: Client, token: str, **headers: str) -> Any:
    return program.get(f"/calendar/{token}.ics", headers=headers)


def test_busy_times_without_a_name_a_school_a_number_or_a_place(alpha, clock, program) -> None:
    accepted = agreed(alpha, name="Mona", channel_kind="visit", channel_value="Mona 9B")
    other = taken(alpha)
    picked(other, proposed(alpha, other, room(LATER, way="video", place=LINK))[0])
    token = operations.make_feed(by=alpha.actor("nurse"))
    answer = fetched(program, token)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    text = answer.content.decode()
    events = Calendar.from_ical(text).walk("VEVENT")
    assert [event.decoded("dtstart") for event in events] == [WEDNESDAY, LATER]
    assert {str(event["summary"]) for event in events} == {"Opptatt (Lavterskel)"}
    assert {str(event["class"]) for event in events} == {"PRIVATE"}
    for word in (
        "Mona",
        PLACE,
        LINK,
        "Solhaug",
        "Alfa",
        accepted.case_number,
        "Nora",
        "nurse",
        str(accepted.request_id),
    ):
        assert word not in text.replace("\r\n ", "")
    for event in events:
        assert "LOCATION" not in event
        assert "DESCRIPTION" not in event


def test_what_is_only_proposed_or_cancelled_is_not_busy(alpha, clock, program) -> None:
    accepted = agreed(alpha)
    proposed(alpha, taken(alpha), room(LATER))
    token = operations.make_feed(by=alpha.actor("nurse"))
    assert fetched(program, token).content.count(b"BEGIN:VEVENT") == 1
    operations.cancel(by=visitor(accepted), request_id=accepted.request_id, again=True)
    assert fetched(program, token).content.count(b"BEGIN:VEVENT") == 0


def test_a_program_that_has_it_gets_304_until_something_changes(alpha, clock, program) -> None:
    token = operations.make_feed(by=alpha.actor("nurse"))
    agreed(alpha)
    first = fetched(program, token)
    again = fetched(program, token, **{"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    agreed(alpha, LATER)
    assert fetched(program, token, **{"if-none-match": first["ETag"]}).status_code == 200


def test_the_token_is_kept_nowhere_and_a_new_one_ends_the_one_before(alpha, clock, program) -> None:
    nurse = alpha.actor("nurse")
    old = operations.make_feed(by=nurse)
    assert old.encode() not in bytes(CalendarFeed.objects.get().token_hash)
    new = operations.make_feed(by=nurse)
    assert fetched(program, old).status_code == 404
    assert fetched(program, new).status_code == 200
    operations.revoke_feed(by=nurse)
    assert fetched(program, new).status_code == 404
    assert fetched(program, "nonsense").status_code == 404


def test_nobody_who_has_left_and_no_other_municipality_is_served(alpha, clock, program, at) -> None:
    token = operations.make_feed(by=alpha.actor("nurse"))
    assert fetched(at(alpha.beta), token).status_code == 404
    Account.objects.filter(pk=alpha.people["nurse"]).update(is_active=False, deactivated_at=WEDNESDAY)
    assert fetched(program, token).status_code == 404
    with inside(alpha.beta):
        assert not CalendarFeed.objects.exists()


def test_an_address_asked_too_often_is_told_to_wait(alpha, clock, program, monkeypatch) -> None:
    token = operations.make_feed(by=alpha.actor("nurse"))
    monkeypatch.setattr("services.meetings.views.MOST", 3)
    assert [fetched(program, token).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert limits.allowed("another", "thing", most=1, seconds=60)


def test_only_a_helper_makes_one_and_only_their_own(alpha, clock) -> None:
    for who in ("lead", "admin", "outsider"):
        with pytest.raises(NotAllowed):
            operations.make_feed(by=alpha.actor(who))


def test_an_invented_helper_who_made_an_address_leaves_with_the_rehearsal(alpha, clock) -> None:
    operations.make_feed(by=alpha.actor("nurse"))
    ida = invite(by=MACHINE, email="ida@rehearsal.invalid", name="Ida", is_invented=True)
    CalendarFeed.objects.update(account=ida)
    Account.objects.filter(is_invented=True).delete()
    assert not CalendarFeed.objects.exists()


def test_the_calendar_says_busy_in_the_language_of_its_owner(alpha, clock, program) -> None:
    agreed(alpha)
    token = operations.make_feed(by=alpha.actor("nurse"))
    Account.objects.filter(pk=alpha.people["nurse"]).update(language="en")
    english = fetched(program, token)
    Account.objects.filter(pk=alpha.people["nurse"]).update(language="nb")
    norwegian = fetched(program, token, **{"if-none-match": english["ETag"]})
    assert b"SUMMARY:Busy (Lavterskel)" in english.content
    assert b"SUMMARY:Opptatt (Lavterskel)" in norwegian.content, "another word is another calendar"
