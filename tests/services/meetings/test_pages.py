"""Both see the meeting on their pages, and act on it by forms alone; nothing typed is lost."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from services.contact import operations as contact
from services.meetings import operations
from services.meetings.models import MeetingTime
from tests.cast import World
from tests.services.contact.test_pages import hidden
from tests.services.meetings.people import (
    DAY,
    LATER,
    LINK,
    MINUTE,
    PLACE,
    WEDNESDAY,
    agreed,
    meeting_of,
    picked,
    proposed,
    room,
    states,
    taken,
    time_id,
)
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
WORDS = "Kan vi ta det etter klokka tre?"


@pytest.fixture
def phone(alpha: World, at: Any) -> Client:
    return at(alpha.alpha, enforce_csrf_checks=True, headers={"accept-language": "en"})


@pytest.fixture
def signed_in(alpha: World, at: Callable[..., Client]) -> Callable[[str], Client]:
    def browser(who: str) -> Client:
        client = at(alpha.alpha, headers={"accept-language": "en"})
        account = alpha.account(who)
        sign_in(client, account)
        return client

    return browser


@pytest.fixture
def nora(signed_in) -> Client:
    return signed_in("nurse")


def student_page(phone: Client, accepted: Any) -> str:
    phone.post("/receipt/", {"receipt": accepted.receipt})
    return unescape(phone.get("/conversation/").content.decode())


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


def case_page(nora: Client, accepted: Any) -> str:
    return unescape(nora.get(f"/desk/{accepted.request_id}/").content.decode())


def press(phone: Client, page: str, **said: str) -> Any:
    return phone.post("/conversation/meeting/", hidden(page) | said)


def ask(nora: Client, accepted: Any, **said: str) -> Any:
    page = case_page(nora, accepted)
    mark = re.findall(r'name="once" value="([^"]+)"', page)[-1]
    return nora.post(f"/desk/{accepted.request_id}/meeting/", {"once": mark} | said)


TIMES = {"way": "room", "place": PLACE, "minutes": "30", "day_0": "2026-09-16", "at_0": "10:00",
         "day_1": "2026-09-16", "at_1": "12.00"}  # fmt: skip


def test_a_whole_meeting_by_pages_without_a_script(alpha, clock, phone, nora, signed_in) -> None:
    accepted = taken(alpha)
    page = case_page(nora, accepted)
    assert "It can wait some days" in page
    assert ask(nora, accepted, act="propose", urgency="days", **TIMES).status_code == 302
    page = student_page(phone, accepted)
    assert PLACE in page
    assert "Which time suits you?" in page
    assert 'aria-label="Take back tomorrow at 10:00"' in case_page(nora, accepted)
    first = MeetingTime.objects.order_by("starts_at")[0]
    answer = press(phone, page, act="pick", time=str(first.pk))
    assert answer["Location"] == "/conversation/#meeting"
    page = student_page(phone, accepted)
    assert "You meet us tomorrow" in words(page)
    assert PLACE in page
    assert "You meet tomorrow" in words(case_page(nora, accepted))
    clock.move_to(WEDNESDAY + 10 * MINUTE)
    nora = signed_in("nurse")
    assert "We have met" in case_page(nora, accepted)
    assert ask(nora, accepted, act="held").status_code == 302
    assert "You met us" in words(student_page(phone, accepted))


def test_what_is_promised_stands_beside_the_times_and_a_time_after_it_is_said_kindly(
    alpha, clock, nora
) -> None:
    accepted = taken(alpha)
    assert "You have promised to meet by" not in case_page(nora, accepted), "nothing is promised yet"
    late = TIMES | {"day_0": "2026-09-30", "day_1": "", "at_1": "", "outside": "1"}
    refused = ask(nora, accepted, act="propose", urgency="days", **late)
    assert refused.status_code == 422
    assert "Propose at least one time before that." in words(unescape(refused.content.decode()))
    both = TIMES | {"day_1": "2026-09-25", "at_1": "10:00", "outside": "1"}
    assert ask(nora, accepted, act="propose", urgency="days", **both).status_code == 302
    page = words(case_page(nora, accepted))
    assert "You have promised to meet by" in page, "beside the times"
    assert "is after what is promised:" not in page, "one that keeps the promise is there"


def test_times_that_are_refused_are_told_of_at_once_with_a_way_to_the_field(alpha, clock, nora) -> None:
    refused = ask(nora, taken(alpha), act="propose", urgency="days", **TIMES | {"day_0": "2020-01-01"})
    html = unescape(refused.content.decode())
    assert 'class="ds-error-summary" role="alert" tabindex="-1" data-focus' in html
    assert re.search(r'<li><a class="ds-link" href="#id_day_0">[^<]+</a></li>', html)
    assert 'id="id_day_0"' in html


def test_a_double_press_proposes_once_and_chooses_once(alpha, clock, phone, nora) -> None:
    accepted = taken(alpha)
    page = case_page(nora, accepted)
    mark = re.findall(r'name="once" value="([^"]+)"', page)[-1]
    sent = {"once": mark, "act": "propose", "urgency": "days", **TIMES}
    for _press in range(2):
        assert nora.post(f"/desk/{accepted.request_id}/meeting/", sent).status_code == 302
    assert states(accepted) == ["offered", "offered"]
    page = student_page(phone, accepted)
    said = {"act": "pick", "time": str(MeetingTime.objects.order_by("starts_at")[0].pk)}
    for _press in range(2):
        assert press(phone, page, **said).status_code == 303
    assert states(accepted) == ["agreed", "declined"]


def test_what_the_helper_typed_stands_beside_what_is_wrong(alpha, clock, nora) -> None:
    accepted = taken(alpha)
    wrong = {**TIMES, "day_1": "2026-09-19", "at_1": "10:00"}
    answer = ask(nora, accepted, act="propose", urgency="days", **wrong)
    html = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "outside your open hours" in html
    for typed in (PLACE, "2026-09-16", "2026-09-19"):
        assert f'value="{typed}"' in html
    assert not MeetingTime.objects.exists()
    assert ask(nora, accepted, act="propose", urgency="days", outside="1", **wrong).status_code == 302


def test_the_student_reads_that_a_time_lies_outside_the_usual_hours(alpha, clock, phone) -> None:
    accepted = taken(alpha)
    operations.propose(
        by=alpha.actor("nurse"), request_id=accepted.request_id, urgency="days", outside_hours=True,
        times=[room(WEDNESDAY), room(WEDNESDAY + 10 * 60 * MINUTE)],
    )  # fmt: skip
    assert student_page(phone, accepted).count("Outside our usual hours") == 1


def test_none_of_these_fit_with_words_and_the_helper_reads_them(alpha, clock, phone, nora) -> None:
    accepted = taken(alpha)
    proposed(alpha, accepted)
    page = student_page(phone, accepted)
    assert press(phone, page, act="none", text=WORDS).status_code == 303
    assert states(accepted) == ["declined", "declined"]
    assert WORDS in case_page(nora, accepted)
    assert "You meet us by" in student_page(phone, accepted)


def test_words_typed_after_the_visit_ended_come_back_with_the_code(alpha, clock, phone) -> None:
    accepted = taken(alpha)
    proposed(alpha, accepted)
    page = student_page(phone, accepted)
    clock.shift(30 * MINUTE)
    kept = press(phone, page, act="none", text=WORDS)
    assert kept.status_code == 409
    html = kept.content.decode()
    assert WORDS in unescape(html)
    sent = hidden(html) | {"text": WORDS, "act": "none", "receipt": accepted.receipt}
    assert phone.post("/conversation/meeting/", sent).status_code == 303
    assert states(accepted) == ["declined", "declined"]


@pytest.mark.parametrize("what", ["taken back", "booked", "nothing chosen"])
def test_a_choice_that_cannot_be_is_answered_on_the_page_in_words(alpha, clock, phone, what: str) -> None:
    accepted = taken(alpha)
    first, _second = proposed(alpha, accepted)
    page = student_page(phone, accepted)
    chosen = str(first.pk)
    if what == "taken back":
        operations.take_back(by=alpha.actor("nurse"), request_id=accepted.request_id, time_id=first.pk)
        wanted, status = "This time was taken back. Choose another one.", 409
    elif what == "booked":
        other = taken(alpha)
        picked(other, proposed(alpha, other, room(WEDNESDAY))[0])
        wanted, status = "Somebody else has this time now. Choose another one.", 409
    else:
        chosen, wanted, status = "", "Choose one of the times.", 422
    answer = press(phone, page, act="pick", time=chosen)
    assert answer.status_code == status
    assert wanted in unescape(answer.content.decode())
    assert "agreed" not in states(accepted)


def test_the_student_cancels_by_the_page_and_the_helper_sees_it(alpha, clock, phone, nora) -> None:
    accepted = agreed(alpha)
    page = student_page(phone, accepted)
    assert press(phone, page, act="another").status_code == 303
    assert states(accepted) == ["cancelled"]
    assert "You meet by" in case_page(nora, accepted)
    page = student_page(phone, accepted)
    assert press(phone, page, act="stop").status_code == 303
    assert meeting_of(accepted).state == "ended"
    assert 'id="meeting"' not in student_page(phone, accepted)


def test_a_helper_moves_with_a_reason_and_the_student_reads_it_and_chooses_anew(
    alpha, clock, phone, nora
) -> None:
    accepted = agreed(alpha)
    answer = ask(nora, accepted, act="move", time=str(time_id(accepted)), text="", **TIMES)
    assert answer.status_code == 422
    assert "Say why" in unescape(answer.content.decode())
    moved = TIMES | {"day_0": "2026-09-17", "day_1": ""} | {"at_1": ""}
    answer = ask(nora, accepted, act="move", time=str(time_id(accepted)), text="Jeg er på kurs", **moved)
    assert answer.status_code == 302
    page = student_page(phone, accepted)
    assert "Jeg er på kurs" in page
    assert "Which time suits you?" in page


def test_a_meeting_that_fell_through_or_that_nobody_came_to_is_said_kindly(
    alpha, clock, phone, signed_in
) -> None:
    accepted = agreed(alpha)
    clock.move_to(WEDNESDAY + 20 * MINUTE)
    assert ask(signed_in("nurse"), accepted, act="no_show").status_code == 302
    page = student_page(phone, accepted)
    assert "We did not meet" in page
    assert "That happens. We try again." in page
    other = agreed(alpha, LATER)
    reason = {"by": alpha.actor("nurse"), "request_id": other.request_id, "reason": "Syk"}
    operations.take_back(time_id=time_id(other), **reason)
    assert "after all. We are sorry." in student_page(phone, other)


def test_a_video_link_is_given_once_it_is_agreed_and_not_before(alpha, clock, phone) -> None:
    accepted = taken(alpha)
    (time,) = proposed(alpha, accepted, room(WEDNESDAY, way="video", place=LINK))
    assert LINK not in student_page(phone, accepted)
    picked(accepted, time)
    page = student_page(phone, accepted)
    assert f'href="{LINK}"' in page
    assert "noreferrer" in page


def test_a_colleague_at_the_door_sees_no_place_and_cannot_act(alpha, clock, signed_in) -> None:
    accepted = agreed(alpha)
    signe = signed_in("second_nurse")
    assert PLACE not in case_page(signe, accepted)
    answer = signe.post(f"/desk/{accepted.request_id}/meeting/", {"act": "held"})
    assert answer.status_code == 409
    for who in ("counsellor", "lead", "admin"):
        status = signed_in(who).post(f"/desk/{accepted.request_id}/meeting/", {"act": "held"}).status_code
        assert status in (403, 404)
    assert states(accepted) == ["agreed"]


def test_todays_meetings_stand_on_the_desk_without_a_name_or_a_place(alpha, clock, nora, signed_in) -> None:
    accepted = agreed(alpha, name="Mona")
    agreed(alpha, WEDNESDAY + DAY)
    assert "Your meetings today" not in nora.get("/desk/").content.decode()
    clock.move_to(WEDNESDAY - 60 * MINUTE)
    html = signed_in("nurse").get("/desk/").content.decode()
    assert "Your meetings today" in html
    assert accepted.case_number in html
    assert PLACE not in html
    assert "Mona" not in html
    assert html.count("In a room, number") == 1


def test_times_that_are_gone_before_one_was_chosen_are_no_meeting_called_off(
    alpha: World, phone: Client
) -> None:
    accepted = taken(alpha)
    proposed(alpha, accepted)
    contact.recuse(by=alpha.actor("nurse"), request_id=accepted.request_id)
    shown = words(student_page(phone, accepted))
    assert "The times we proposed are gone. We are sorry." in shown
    assert "You do not meet us" not in shown
