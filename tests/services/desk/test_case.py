"""One request: what is read and logged, the next right act, what a refusal keeps, second presses."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client

from kernel import clock as kernel_clock
from kernel.actor import student
from kernel.audit.models import ReadEntry
from kernel.errors import Invalid
from services.contact import operations
from services.contact.models import ContactAttempt, ContactRequest, ConversationMessage
from services.desk.views.acts import instant_of
from services.promises.models import Promise
from tenants.presence import operations as presence
from tenants.presence.models import Absence
from tests.cast import World
from tests.services.contact.people import NUMBER, SECRET, knock, reach_and_close

CALL = {
    "channel_kind": "phone",
    "channel_value": NUMBER,
    "name": "Mona Hansen",
    "preferred_times": "etter tolv",
}
DRAFT = "Hei Mona, jeg ringer deg i dag."


def words(answer: HttpResponse, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:800]
    return answer.content.decode()


def act(client: Client, accepted: operations.Accepted, verb: str, **typed: str) -> HttpResponse:
    return client.post(f"/desk/{accepted.request_id}/{verb}/", typed)


def opened(client: Client, accepted: operations.Accepted) -> str:
    return words(client.get(f"/desk/{accepted.request_id}/"))


def mark(html: str) -> str:
    return re.findall(r'name="once" value="([^"]+)"', html)[0]


def row(accepted: operations.Accepted) -> ContactRequest:
    return ContactRequest.objects.get(pk=accepted.request_id)


def filled(html: str) -> list[str]:
    """The words on the filled buttons of the case (and its dialog); there is to be one."""
    pane = html[html.index('class="pane"') :] if 'class="pane"' in html else html
    return re.findall(
        r'<(?:button|a) class="ds-button"[^>]*data-variant="primary"[^>]*>(?:<svg.*?</svg>)?<span>([^<]+)',
        pane,
    )


# --- reading ----------------------------------------------------------------------------------------------


def test_before_taking_nothing_is_opened_and_nothing_logged(alpha: World, nora: Client) -> None:
    html = opened(nora, knock(alpha, **CALL))
    for secret in (SECRET, NUMBER, "Mona", "etter tolv"):
        assert secret not in html
    assert "wants a call" in html
    assert not ReadEntry.objects.exists()


def test_reading_before_taking_is_logged_as_that_and_takes_nothing(alpha: World, nora: Client) -> None:
    accepted = knock(alpha, **CALL)
    html = words(act(nora, accepted, "read"))
    for secret in (SECRET, NUMBER, "Mona Hansen", "etter tolv"):
        assert secret in html
    read = ReadEntry.objects.get()
    assert (read.actor_id, read.why) == (alpha.people["nurse"], "before taking")
    assert row(accepted).taken_by_id is None


def test_each_opening_of_what_i_have_taken_is_one_row_in_the_read_log(alpha: World, nora: Client) -> None:
    accepted = knock(alpha, **CALL)
    act(nora, accepted, "take")
    for count in (1, 2):
        assert SECRET in opened(nora, accepted)
        assert ReadEntry.objects.filter(why="to answer").count() == count


def test_no_row_in_the_read_log_means_no_words_on_the_page(alpha: World, nora: Client) -> None:
    accepted = knock(alpha)
    act(nora, accepted, "take")
    with mock.patch("kernel.audit.operations.ReadEntry.objects.bulk_create", side_effect=OperationalError):
        answer = nora.get(f"/desk/{accepted.request_id}/")
    assert SECRET not in words(answer, 503)


def test_what_a_colleague_has_is_shown_without_its_words(alpha: World, signed_in: Callable) -> None:
    accepted = knock(alpha)
    operations.take(by=alpha.actor("second_nurse"), request_id=accepted.request_id)
    nora = signed_in("nurse", "en")
    html = opened(nora, accepted)
    assert "Signe has this." in html
    assert SECRET not in html
    assert f"/desk/{accepted.request_id}/read/" not in html
    assert SECRET not in words(act(nora, accepted, "read"), 403)
    assert not ReadEntry.objects.exists()


def test_what_a_colleague_has_closed_stays_theirs(alpha: World, signed_in: Callable) -> None:
    accepted, signe = knock(alpha), alpha.actor("second_nurse")
    reach_and_close(by=signe, request_id=accepted.request_id, outcome="helped")
    nora = signed_in("nurse", "en")
    assert f"row-{accepted.request_id}" in words(nora.get("/desk/closed/"))
    assert SECRET not in words(act(nora, accepted, "read"), 403)
    assert SECRET in words(act(signed_in("second_nurse", "en"), accepted, "read"))
    assert ReadEntry.objects.latest("at", "id").why == "after closing"


def test_the_student_sees_what_i_wrote_as_read_only_after_opening_it(alpha: World, nora: Client) -> None:
    accepted = knock(alpha)
    act(nora, accepted, "take")
    operations.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Hei, jeg er her")
    assert "Not read yet" in opened(nora, accepted)
    operations.read_conversation(by=student(accepted.request_id), request_id=accepted.request_id)
    assert "Not read yet" not in opened(nora, accepted)


# --- the next right act -------------------------------------------------------------------------------------


def test_the_one_filled_button_is_the_next_right_act(alpha: World, nora: Client) -> None:
    here, call = knock(alpha), knock(alpha, **CALL)
    assert filled(opened(nora, here)) == ["Take"]
    act(nora, here, "take"), act(nora, call, "take")
    assert filled(opened(nora, here)) == ["Send"]
    html = opened(nora, call)
    assert filled(html) == ["I have called"]
    assert "You must call: that is what the student chose." in html
    act(nora, call, "contact", kind="phone", outcome="reached")
    assert filled(opened(nora, call)) == ["Send"]
    assert filled(words(nora.get(f"/desk/{call.request_id}/close/"))) == ["Close"]


def test_a_call_recorded_keeps_the_promise_and_a_try_promises_the_next(alpha: World, nora: Client) -> None:
    first, second = knock(alpha, **CALL), knock(alpha, **CALL)
    act(nora, first, "contact", kind="phone", outcome="reached")
    act(nora, second, "contact", kind="phone", outcome="attempted")
    assert "The promise was kept" in opened(nora, first)
    html = opened(nora, second)
    assert "Try again by" in html
    assert "Nora: I called, no answer" in html


def test_another_way_is_written_down_and_the_clock_goes_on(alpha: World, nora: Client) -> None:
    accepted = knock(alpha, **CALL)
    act(nora, accepted, "contact", other="1", kind="visit", outcome="reached")
    html = opened(nora, accepted)
    assert "Not the way the student chose: the clock went on." in html
    assert filled(html) == ["I have called"]


def test_a_contact_may_be_written_down_up_to_an_hour_late(alpha: World, nora: Client) -> None:
    with time_machine.travel(kernel_clock.now() - timedelta(hours=3), tick=False):
        accepted = knock(alpha, **CALL)
    act(nora, accepted, "contact", kind="phone", outcome="reached", at="09:15")
    assert ContactAttempt.objects.get().at == datetime(2026, 9, 15, 7, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("08:30", "within 60 minutes"), ("11:00", "has not come yet"), ("lunch", "Write a clock time")],
)
def test_a_time_that_cannot_be_is_refused_and_everything_typed_stays(
    alpha: World, nora: Client, typed: str, said: str
) -> None:
    with time_machine.travel(kernel_clock.now() - timedelta(hours=3), tick=False):
        accepted = knock(alpha, **CALL)
    act(nora, accepted, "take")
    html = words(act(nora, accepted, "contact", kind="phone", outcome="reached", at=typed, text=DRAFT), 422)
    assert said in html
    assert DRAFT in html
    assert f'value="{typed}"' in html
    assert not ContactAttempt.objects.exists()


def test_a_clock_time_is_the_nearest_one_across_midnight() -> None:
    oslo, now = ZoneInfo("Europe/Oslo"), datetime(2026, 9, 14, 22, 10, tzinfo=UTC)  # 00:10 in Oslo
    assert instant_of("23:55", now, oslo) == datetime(2026, 9, 14, 21, 55, tzinfo=UTC)
    assert instant_of("0.05", now, oslo) == datetime(2026, 9, 14, 22, 5, tzinfo=UTC)
    assert instant_of(" ", now, oslo) is None
    with pytest.raises(Invalid):
        instant_of("25:00", now, oslo)


# --- refusals keep what was typed -------------------------------------------------------------------------


def test_an_empty_answer_is_refused_in_words(alpha: World, nora: Client) -> None:
    accepted = knock(alpha)
    act(nora, accepted, "take")
    assert "Write something first." in words(act(nora, accepted, "reply", text="  "), 422)


def test_a_text_that_is_too_long_is_all_there(alpha: World, nora: Client) -> None:
    accepted = knock(alpha)
    act(nora, accepted, "take")
    html = words(act(nora, accepted, "reply", text="å" * 100_000), 422)
    assert "å" * 100_000 in html
    assert not ConversationMessage.objects.filter(sender="helper").exists()


def test_who_lost_the_race_reads_who_won_keeps_the_text_and_finds_the_way_back(
    alpha: World, nora: Client, clock: time_machine.Traveller
) -> None:
    accepted = knock(alpha)
    operations.take(by=alpha.actor("second_nurse"), request_id=accepted.request_id)
    clock.shift(timedelta(seconds=20))
    assert "Signe took this 20 seconds ago." in words(act(nora, accepted, "take"), 409)
    html = words(act(nora, accepted, "reply", text=DRAFT), 409)
    assert DRAFT in html
    assert SECRET not in html
    assert 'href="/desk/"' in html
    assert row(accepted).taken_by_id == alpha.people["second_nurse"]


def test_with_the_database_away_the_text_comes_back_and_nothing_was_sent(alpha: World, nora: Client) -> None:
    accepted = knock(alpha)
    act(nora, accepted, "take")
    sent = mark(opened(nora, accepted))
    with mock.patch("services.contact.operations.helping.add_message", side_effect=OperationalError):
        html = words(act(nora, accepted, "reply", text=DRAFT, once=sent), 503)
    assert DRAFT in html
    assert f'name="once" value="{sent}"' in html
    assert act(nora, accepted, "reply", text=DRAFT, once=sent).status_code == 302
    assert ConversationMessage.objects.filter(sender="helper").count() == 1


def test_a_session_that_ended_while_writing_gives_the_text_back(
    alpha: World, nora: Client, clock: time_machine.Traveller
) -> None:
    accepted = knock(alpha)
    act(nora, accepted, "take")
    clock.shift(timedelta(minutes=31))
    html = words(act(nora, accepted, "reply", text=DRAFT), 403)
    assert DRAFT in html
    assert "You have been signed out" in html
    assert SECRET not in html


def test_a_text_beside_a_recorded_call_is_not_lost(alpha: World, nora: Client) -> None:
    accepted = knock(alpha, **CALL)
    html = words(act(nora, accepted, "contact", kind="phone", outcome="reached", text=DRAFT))
    assert DRAFT in html
    assert not ConversationMessage.objects.filter(sender="helper").exists()


# --- pressed twice, taken back ----------------------------------------------------------------------------


def test_everything_pressed_twice_is_done_once(alpha: World, nora: Client) -> None:
    here, call = knock(alpha), knock(alpha, **CALL)
    for accepted in (here, call):
        for _press in range(2):
            assert act(nora, accepted, "take").status_code == 302
    sent, called = mark(opened(nora, here)), mark(opened(nora, call))
    for _press in range(2):
        assert act(nora, here, "reply", text="Hei", once=sent).status_code == 302
        assert act(nora, call, "contact", kind="phone", outcome="reached", once=called).status_code == 302
    assert ConversationMessage.objects.filter(sender="helper").count() == 1
    assert ContactAttempt.objects.filter(kind="phone").count() == 1
    for _press in range(2):
        assert act(nora, here, "close", outcome="helped").status_code == 302
    for _press in range(2):
        assert act(nora, call, "release").status_code == 302


def test_the_mark_of_one_act_does_not_swallow_another(alpha: World, nora: Client) -> None:
    accepted = knock(alpha, **CALL)
    act(nora, accepted, "take")
    same = mark(opened(nora, accepted))
    act(nora, accepted, "contact", kind="phone", outcome="reached", once=same)
    act(nora, accepted, "reply", text="Hei", once=same)
    assert ContactAttempt.objects.count() == 1
    assert ConversationMessage.objects.filter(sender="helper").count() == 1


def test_taking_can_be_undone_and_the_clock_never_stopped(
    alpha: World, nora: Client, clock: time_machine.Traveller
) -> None:
    accepted = knock(alpha)
    act(nora, accepted, "take")
    assert "Undo" in opened(nora, accepted)
    clock.shift(timedelta(minutes=2))
    assert "Undo" not in opened(nora, accepted)
    assert act(nora, accepted, "release")["Location"] == "/desk/"
    assert row(accepted).state == "waiting"
    assert Promise.objects.get().answered_at is None


@pytest.mark.parametrize(
    ("verb", "typed"),
    [("reply", {"text": DRAFT}), ("contact", {"kind": "phone", "outcome": "attempted", "at": ""})],
)
def test_taking_can_no_longer_be_undone_once_something_is_done(
    alpha: World, nora: Client, verb: str, typed: dict[str, str]
) -> None:
    accepted = knock(alpha, **CALL)
    act(nora, accepted, "take")
    act(nora, accepted, verb, **typed)
    html = opened(nora, accepted)
    assert "You have taken this." not in html


def test_each_act_is_followed_by_what_happened(alpha: World, nora: Client) -> None:
    accepted = knock(alpha, **CALL)
    act(nora, accepted, "take")
    said = [
        ("reply", {"text": DRAFT}, "Your message is sent."),
        ("contact", {"kind": "phone", "outcome": "reached"}, "Written down: you reached the student."),
        ("contact", {"kind": "visit", "outcome": "attempted"}, "Written down: you tried"),
        ("close", {"outcome": "helped"}, "Closed. The student can open it again"),
    ]
    for verb, typed, told in said:
        act(nora, accepted, verb, **typed)
        html = opened(nora, accepted)
        assert told in html, verb
        assert 'class="toast" role="status"' in html
        assert told not in opened(nora, accepted)


def test_who_lets_go_by_a_slip_takes_it_again(alpha: World, nora: Client) -> None:
    accepted = knock(alpha)
    act(nora, accepted, "take")
    act(nora, accepted, "release")
    html = words(nora.get("/desk/"))
    again = f"/desk/{accepted.request_id}/take/"
    assert re.search(rf'<div class="toast".*?action="{again}".*?Take it again', html, re.S)
    act(nora, accepted, "take")
    assert row(accepted).taken_by_id == alpha.people["nurse"]


def test_a_refused_act_says_nothing_was_done(alpha: World, nora: Client) -> None:
    accepted = knock(alpha)
    act(nora, accepted, "take")
    assert "Your message is sent." not in words(act(nora, accepted, "reply", text=" "), 422)
    assert "Your message is sent." not in opened(nora, accepted)


def test_closing_asks_how_it_ended(alpha: World, nora: Client) -> None:
    accepted = knock(alpha)
    act(nora, accepted, "take")
    html = words(nora.get(f"/desk/{accepted.request_id}/close/"))
    assert "Closing does not keep the promise" in html
    assert "Choose how it ended." in words(act(nora, accepted, "close"), 422)
    act(nora, accepted, "read")
    act(nora, accepted, "close", outcome="not_reached")
    assert row(accepted).outcome == "not_reached"
    html = opened(nora, accepted)
    assert "This is closed." in html
    assert SECRET not in html


@pytest.mark.parametrize("verb", ["take", "release", "reply", "contact", "read"])
def test_loading_the_address_of_an_act_does_nothing_but_show_the_request(
    alpha: World, nora: Client, verb: str
) -> None:
    accepted = knock(alpha)
    answer = nora.get(f"/desk/{accepted.request_id}/{verb}/")
    assert answer["Location"] == f"/desk/{accepted.request_id}/"
    assert row(accepted).state == "waiting"
    assert not ReadEntry.objects.exists()


@pytest.mark.parametrize(
    ("discreet", "says"),
    [(True, "If somebody else answers: do not say who you are."), (False, "You may say who you are.")],
)
def test_the_helper_reads_beside_the_number_whether_to_say_who_is_calling(
    alpha: World, signed_in: Callable, discreet: bool, says: str
) -> None:
    call = knock(alpha, channel_kind="phone", channel_value=NUMBER, discreet=discreet)
    operations.take(by=alpha.actor("nurse"), request_id=call.request_id)
    assert says in signed_in("nurse", "en").get(f"/desk/{call.request_id}/").content.decode()


def test_whoever_is_away_is_told_so_before_they_take(alpha: World, signed_in: Callable[..., Client]) -> None:
    accepted, nora = knock(alpha), signed_in("nurse", "en")
    day = kernel_clock.now().date()
    me = {"account_id": alpha.people["nurse"], "by": alpha.actor("nurse")}
    presence.begin_absence(**me, first_day=day, last_day=day)
    answer = nora.post(f"/desk/{accepted.request_id}/take/", follow=True)
    assert "You are noted as away today." in words(answer, 409)
    assert ContactRequest.objects.get(pk=accepted.request_id).taken_by_id is None
    row = Absence.objects.get()
    presence.end_absence(absence_id=row.pk, by=alpha.actor("nurse"))
    nora.post(f"/desk/{accepted.request_id}/take/")
    assert ContactRequest.objects.get(pk=accepted.request_id).taken_by_id == alpha.people["nurse"]


def test_an_answer_stands_before_what_the_student_wrote_upon_it_in_the_same_minute(
    alpha: World, signed_in: Callable[..., Client]
) -> None:
    accepted, nora = knock(alpha), signed_in("nurse", "en")
    operations.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Kan du komme i dag")
    operations.student_writes(
        by=student(accepted.request_id), request_id=accepted.request_id, text="Ja etter tolv"
    )
    page = words(nora.get(f"/desk/{accepted.request_id}/"))
    assert page.index("Kan du komme i dag") < page.index("Ja etter tolv")
