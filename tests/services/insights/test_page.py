"""What a lead sees: whose schools, which promises, true figures, and nothing that points at anybody."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from kernel.actor import MACHINE, NOBODY, Actor
from kernel.audit.models import ReadEntry
from kernel.tenancy import inside
from services.contact import operations
from services.contact.models import ContactRequest
from services.contact.operations import Accepted
from services.insights import queries, words
from services.insights.withholding import Shown
from services.promises.models import Promise
from services.promises.sweep import break_due
from tenants.presence import operations as presence
from tenants.setup import operations as setup
from tenants.setup.actors import today
from tenants.setup.models import Lead
from tests.cast import PEOPLE, World
from tests.services.contact.people import NUMBER, SECRET, TUESDAY, knock, read_and_close, visitor
from tests.services.contact.test_handover import offer

BROKEN = "Broken and still unanswered"
DANGER = "In danger"


def section(body: str, title: str) -> str:
    """The list under a title; "" when it is not there."""
    found = re.search(rf"<h2>{title}.*?</section>", body, re.S)
    return found.group() if found else ""


def headline(body: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", body, re.S)
    assert found
    return found.group(1)


def answer(alpha: World, accepted: Accepted, who: str = "nurse") -> None:
    operations.reply(by=alpha.actor(who), request_id=accepted.request_id, text="Hei!")


def let_it_break(clock: time_machine.Traveller, accepted: Accepted) -> None:
    clock.move_to(accepted.due_at + timedelta(minutes=90))


def elsewhere(alpha: World) -> dict[str, object]:
    return {"school_id": alpha.other_school}


# --- walls ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["nurse", "second_nurse", "counsellor", "other_nurse", "outsider"])
def test_who_leads_nothing_is_turned_away_in_words(
    alpha: World, clock: time_machine.Traveller, signed_in: Callable, who: str
) -> None:
    let_it_break(clock, knock(alpha))
    came = signed_in(who, "en").get("/insights/")
    assert came.status_code == 403
    assert "for those who lead a school" in came.content.decode()
    assert "Solhaug" not in came.content.decode()


def test_the_questions_answer_nobody_who_may_not_ask(alpha: World) -> None:
    knock(alpha)
    assert queries.visible_to(alpha.actor("lead")).count() == 1
    for by in (NOBODY, MACHINE, alpha.actor("nurse"), Actor(kind="student", leads=frozenset({None}))):
        assert not queries.visible_to(by).exists()


def test_who_is_not_signed_in_goes_to_sign_in(alpha: World, at: Callable) -> None:
    came = at(alpha.alpha).get("/insights/")
    assert (came.status_code, came["Location"]) == (302, "/sign-in/?next=%2Finsights%2F")


def test_the_front_door_has_no_such_page(alpha: World, at: Callable) -> None:
    assert at(None).get("/insights/").status_code == 404


def test_it_is_only_read(alpha: World, signed_in: Callable) -> None:
    assert signed_in("lead").post("/insights/").status_code == 405


def test_a_lead_of_one_school_sees_nothing_of_another(
    lead_of_solhaug: World, clock: time_machine.Traveller, see: Callable[..., str]
) -> None:
    alpha = lead_of_solhaug
    for _ in range(6):
        accepted = knock(alpha, **elsewhere(alpha))
    let_it_break(clock, accepted)
    body = see()
    assert "Fjellvang" not in body
    assert headline(body) == "No promise has come due in the last 30 days."
    clock.shift(timedelta(days=1))
    assert "Fjellvang" not in see()
    for _ in range(2):
        knock(alpha)
    clock.shift(timedelta(days=6))
    body = see()
    assert headline(body) == "2 promises are broken, and the students still wait."
    assert "Solhaug" in body
    assert "Fjellvang" not in body.split("<h2>Who could step in</h2>")[0]


@pytest.mark.parametrize("who", ["lead", "admin"])
def test_a_lead_of_all_and_an_administrator_see_every_school(
    alpha: World, clock: time_machine.Traveller, see: Callable[..., str], who: str
) -> None:
    knock(alpha)
    let_it_break(clock, knock(alpha, **elsewhere(alpha)))
    body = section(see(who), BROKEN)
    assert "Solhaug" in body
    assert "Fjellvang" in body


def test_another_municipality_shows_its_own(
    world: World, clock: time_machine.Traveller, see: Callable[..., str]
) -> None:
    with inside(world.beta):
        let_it_break(clock, knock(world))
    body = see()
    assert "Beta" not in body
    assert headline(body) == "No promise has come due in the last 30 days."


def test_a_number_is_all_that_points_at_a_request_and_nothing_is_read(
    alpha: World, clock: time_machine.Traveller, see: Callable[..., str]
) -> None:
    named = knock(alpha, channel_kind="phone", channel_value=NUMBER, name="Mona Hansen")
    taken = knock(alpha)
    operations.take(by=alpha.actor("nurse"), request_id=taken.request_id)
    answer(alpha, knock(alpha))
    let_it_break(clock, named)
    clock.shift(timedelta(days=1))
    soon = knock(alpha, message=SECRET)
    clock.move_to(soon.due_at - timedelta(hours=1))
    body = see()
    assert section(body, BROKEN)
    assert section(body, DANGER)
    ids = [str(value) for row in Promise.objects.values_list("pk", "subject_id") for value in row]
    for secret in (SECRET, NUMBER, "Mona", soon.receipt, *ids):
        assert secret not in body
    for one in (named, taken, soon):  # as the reminder names it, so that both are seen to be about the same
        assert body.count(f">Number {one.case_number}<") == 1
        assert body.count(f'id="number-{one.case_number}"') == 1
    lists = body.split("<h2>Who could step in</h2>")[
        0
    ]  # there colleagues are named for a door: test_stepping_in
    assert [name for name in PEOPLE.values() if name in lists] == []
    assert not ReadEntry.objects.exists()


# --- what waits ----------------------------------------------------------------------------------------


def test_a_broken_promise_stands_with_role_school_and_clock_swept_or_not(
    alpha: World, clock: time_machine.Traveller, see: Callable[..., str]
) -> None:
    accepted = knock(alpha)
    clock.move_to(accepted.due_at)
    assert not section(see(), BROKEN)
    let_it_break(clock, accepted)
    before = see()
    found = section(before, BROKEN)
    assert headline(before) == "One promise is broken, and the student still waits."
    assert "Solhaug skole Alfa" in found
    assert "promised by" in found
    assert "1h" in found.replace(" ", "") or "1 hr" in found
    assert break_due().marked == 1
    swept = section(see(), BROKEN)
    assert swept.startswith(found[: found.index("</li>")])
    assert swept.count("What was done?") == 1, "and what was done is asked where it stands"
    assert not section(see(), "Say what was done")


def test_it_leaves_the_list_when_answered_withdrawn_or_closed(
    alpha: World, clock: time_machine.Traveller, see: Callable[..., str]
) -> None:
    presence.begin_absence(
        account_id=alpha.people["second_nurse"],
        first_day=today(),
        last_day=today() + timedelta(60),
        by=MACHINE,
    )  # so that Nora takes all of them over
    three = [knock(alpha) for _ in range(3)]
    let_it_break(clock, three[0])
    break_due()
    assert headline(see()).startswith("3 promises")
    answer(alpha, three[0])
    assert headline(see()).startswith("2 promises")
    read_and_close(by=alpha.actor("nurse"), request_id=three[1].request_id, outcome="not_reached")
    assert headline(see()).startswith("One promise ")
    operations.withdraw(by=visitor(three[2]), request_id=three[2].request_id)
    body = see()
    assert headline(body) == "Nobody waits past the promise now."
    assert "Some promises were broken in the last 30 days." in body
    assert not section(body, BROKEN)


def test_who_waits_twice_is_one_row(
    alpha: World, clock: time_machine.Traveller, see: Callable[..., str]
) -> None:
    accepted = knock(alpha)
    let_it_break(clock, accepted)
    break_due()
    read_and_close(by=alpha.actor("nurse"), request_id=accepted.request_id, outcome="not_reached")
    operations.student_writes(by=visitor(accepted), request_id=accepted.request_id, still_need_help=True)
    assert Promise.objects.filter(subject_id=accepted.request_id).count() == 2
    assert not section(see(), BROKEN)
    clock.shift(timedelta(days=6))
    assert headline(see()) == "One promise is broken, and the student still waits."


def test_whoever_is_asked_to_take_them_over_is_no_second_student(
    alpha: World, clock: time_machine.Traveller, see: Callable[..., str]
) -> None:
    """Their own promise is broken, the offer's in danger and then broken as well: one student, one row."""
    accepted = knock(alpha)
    let_it_break(clock, accepted)
    break_due()
    request = ContactRequest.objects.get(pk=accepted.request_id)
    by = next(who for who in ("nurse", "second_nurse") if alpha.people[who] == request.taken_by_id)
    operations.read_conversation(by=alpha.actor(by), request_id=accepted.request_id)
    handover = offer(alpha, accepted, by=by)
    due = Promise.objects.get(subject_id=handover.pk).due_at
    for moment in (due - timedelta(minutes=5), due + timedelta(minutes=5)):
        clock.move_to(moment)
        body = see()
        assert headline(body) == "One promise is broken, and the student still waits."
        assert section(body, BROKEN).count("<li") == 1
        assert not section(body, DANGER)


def test_what_can_have_been_done_fits_what_was_promised(alpha: World, clock: time_machine.Traveller) -> None:
    accepted = knock(alpha)
    let_it_break(clock, accepted)
    break_due()
    kinds = {
        "first_contact": "The student has been answered now",
        "reopened": "The student has been answered now",
        "meeting": "The student has had the meeting, or has a time for it",
        "worry": "It has been decided now what to do",
        "handover": "The student has been answered now",
    }
    lead = alpha.actor("lead")
    for kind, first in kinds.items():
        Promise.objects.update(kind=kind)
        (row,) = words.to_explain(queries.to_explain(lead), TUESDAY, "Europe/Oslo", "en")
        said = [text for _value, text in row["choices"]]
        assert said[1] == first
        assert len(said) == len(set(said)) == 6
    Promise.objects.update(kind="handover", subject_kind="handover")
    (row,) = words.to_explain(queries.to_explain(lead), TUESDAY, "Europe/Oslo", "en")
    assert row["choices"][1][1] == "It is settled now who has it"


def test_what_nobody_can_answer_stands_in_its_own_list_alone(
    alpha: World, clock: time_machine.Traveller, see: Callable[..., str]
) -> None:
    accepted = knock(alpha)
    for who in ("nurse", "second_nurse"):
        operations.recuse(by=alpha.actor(who), request_id=accepted.request_id)
    let_it_break(clock, accepted)
    body = see()
    assert headline(body) == "One promise is broken, and the student still waits."
    assert section(body, "Nobody is there").count('<li class="row') == 1
    assert not section(body, BROKEN)
    break_due()
    assert "What was done?" in section(see(), "Nobody is there")
    assert see().count("What was done?") == 1


def test_in_danger_is_what_is_due_within_four_open_hours(
    alpha: World, clock: time_machine.Traveller, see: Callable[..., str]
) -> None:
    accepted = knock(alpha)
    with inside(alpha.alpha):
        due = Promise.objects.get().due_at
        early = next(
            now for hours in range(200)
            if queries.danger_until(now := due - timedelta(hours=hours)) < due
        )  # fmt: skip
    clock.move_to(early)
    body = see()
    assert not section(body, DANGER)
    assert "Nothing is in danger" in body
    clock.move_to(early + timedelta(hours=1))
    assert "Solhaug" in section(see(), DANGER)
    clock.move_to(due)
    assert "Solhaug" in section(see(), DANGER)
    answer(alpha, accepted)
    assert not section(see(), DANGER)


def test_the_open_hours_are_the_calendars(alpha: World, clock: time_machine.Traveller) -> None:
    friday = TUESDAY.replace(day=18, hour=21)  # 23 o'clock there, and closed until Monday from 24
    assert queries.danger_until(friday) == friday + timedelta(days=2, hours=4)
    assert queries.danger_until(TUESDAY) == TUESDAY + timedelta(hours=4)


def test_a_long_list_says_how_many_more(
    alpha: World, clock: time_machine.Traveller, see: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST", 2)
    for _ in range(5):
        accepted = knock(alpha)
    let_it_break(clock, accepted)
    body = see()
    assert section(body, BROKEN).count("<li") == 2
    assert "and 3 more" in body
    assert headline(body).startswith("5 promises")


# --- the last 30 days ----------------------------------------------------------------------------------


def tomorrow_after(clock: time_machine.Traveller, accepted: Accepted) -> None:
    clock.move_to(accepted.due_at + timedelta(days=1))


def figures(alpha: World, who: str = "lead") -> queries.Figures:
    from kernel import clock

    return queries.figures(alpha.actor(who), *queries.whole_days(clock.now(), alpha.alpha.timezone))


def shown(alpha: World) -> list[tuple[str, Shown]]:
    return [(row.school, row.shown) for row in figures(alpha).rows]


def test_the_figures_are_those_of_each_role_and_school(
    alpha: World, clock: time_machine.Traveller, see: Callable[..., str]
) -> None:
    for _ in range(6):
        answer(alpha, last := knock(alpha))
    for _ in range(5):
        tried = knock(alpha, channel_kind="phone", channel_value=NUMBER)
        operations.record_contact(
            by=alpha.actor("nurse"), request_id=tried.request_id, kind="phone", outcome="attempted", at=None
        )
    for _ in range(5):
        knock(alpha)
    withdrawn = knock(alpha)
    operations.withdraw(by=visitor(withdrawn), request_id=withdrawn.request_id)
    knock(alpha, **elsewhere(alpha))
    tomorrow_after(clock, last)
    assert shown(alpha) == [("Solhaug skole Alfa", Shown(16, 6, 5, 5))]
    body = see()
    assert re.findall(r"<td[^>]*>(.*?)</td>", body) == ["16", "6", "5", "5"]
    assert "Fewer than 5 promises came due here" in body
    assert "Fjellvang skole Alfa: " in body


def test_a_small_figure_hides_what_it_could_be_worked_out_from(
    alpha: World, clock: time_machine.Traveller, see: Callable[..., str]
) -> None:
    for _ in range(9):
        answer(alpha, last := knock(alpha))
    knock(alpha)
    tomorrow_after(clock, last)
    body = see()
    assert re.findall(r"<td[^>]*>(.*?)</td>", body) == ["10", "hidden", "hidden", "hidden"]
    assert "Small figures are hidden" in body


def test_small_rows_stand_together_for_who_sees_the_whole_municipality_alone(
    alpha: World, clock: time_machine.Traveller, see: Callable[..., str]
) -> None:
    for where in ({}, {"role_id": alpha.counsellor_role}, elsewhere(alpha)):
        for _ in range(3):
            last = knock(alpha, **where)
    tomorrow_after(clock, last)
    assert figures(alpha).together == Shown(9, 0, 0, 9)
    assert len(figures(alpha).few) == 3
    assert re.findall(r"<td[^>]*>(.*?)</td>", see("admin")) == ["9", "0", "0", "9"]
    Lead.objects.filter(account_id=alpha.people["lead"]).delete()
    setup.appoint_lead(account_id=alpha.people["lead"], school_id=alpha.school, by=MACHINE)
    assert figures(alpha).together is None
    assert "<table" not in see()


def test_the_figures_stand_still_all_day(alpha: World, clock: time_machine.Traveller) -> None:
    for _ in range(5):
        answer(alpha, last := knock(alpha))
    clock.move_to(last.due_at + timedelta(minutes=1))
    assert shown(alpha) == []
    tomorrow_after(clock, last)
    assert shown(alpha) == [("Solhaug skole Alfa", Shown(5, 5, 0, 0))]
    clock.shift(timedelta(days=29))
    assert shown(alpha) == [("Solhaug skole Alfa", Shown(5, 5, 0, 0))]
    clock.shift(timedelta(days=1))
    assert shown(alpha) == []


def test_when_all_were_kept_the_page_says_so(
    alpha: World, clock: time_machine.Traveller, see: Callable[..., str]
) -> None:
    answer(alpha, last := knock(alpha))
    tomorrow_after(clock, last)
    body = see()
    assert headline(body) == "Every promise was kept in the last 30 days."
    assert "Nothing is in danger" in body


def test_before_anything_came_due_the_page_says_so(see: Callable[..., str]) -> None:
    body = see()
    assert headline(body) == "No promise has come due in the last 30 days."
    assert "<table" not in body


# --- the page ------------------------------------------------------------------------------------------


def test_it_asks_the_database_the_same_number_of_times_however_much_there_is(
    alpha: World, clock: time_machine.Traveller, signed_in: Callable
) -> None:
    def asked() -> int:
        client = signed_in("lead")
        client.get("/insights/")
        with CaptureQueriesContext(connection) as found:
            assert client.get("/insights/").status_code == 200
        # All but what hangs on the time that has passed (tests.services.desk.test_figures.cost).
        versions = (
            "setup_setupversion",
            "directoryversion",
            "crypto_municipalitykey",
            'UPDATE "django_session"',
        )
        return sum(not any(table in query["sql"] for table in versions) for query in found.captured_queries)

    let_it_break(clock, knock(alpha))
    few = asked()
    clock.move_to(TUESDAY + timedelta(days=7))
    for where in ({}, elsewhere(alpha), {"role_id": alpha.counsellor_role}):
        for _ in range(4):
            last = knock(alpha, **where)
    tomorrow_after(clock, last)
    assert asked() == few


@pytest.mark.parametrize("language", ["nb", "nn", "sv", "da", "fi", "en"])
def test_a_lead_is_told_where_to_look(language: str) -> None:
    from django.template.loader import get_template

    from kernel.outbox.rendering import template_name

    with translation.override(language):
        for template in ("promises/broken", "promises/broken_worry", "contact/nobody_there"):
            given = {"home": "https://alfa.example/", "waiting": 1}
            assert "\nhttps://alfa.example/insights/" in get_template(template_name(template)).render(given)


@pytest.mark.parametrize(
    ("who", "where"), [("nurse", "/desk/"), ("lead", "/insights/"), ("admin", "/setup/")]
)
def test_everybody_begins_where_their_work_is(
    alpha: World, signed_in: Callable, who: str, where: str
) -> None:
    assert signed_in(who).get("/account/first-page/")["Location"] == where


def test_nothing_chosen_is_told_of_at_once_with_a_way_to_the_choice(
    alpha: World, clock: time_machine.Traveller, signed_in: Callable
) -> None:
    accepted = knock(alpha)
    let_it_break(clock, accepted)
    break_due()
    promise = Promise.objects.get().pk
    refused = signed_in("lead", "en").post(f"/insights/broken/{promise}/", {"said": ""})
    body = refused.content.decode()
    assert refused.status_code == 422
    assert 'class="ds-error-summary" role="alert" tabindex="-1" data-focus' in body
    assert f'<a class="ds-link" href="#{promise}">Choose what was done.</a>' in body
    assert f'<select class="ds-input" id="{promise}"' in body


def test_what_was_said_of_a_promise_that_still_waits_stands_beside_it(
    alpha: World, clock: time_machine.Traveller, signed_in: Callable, see: Callable[..., str]
) -> None:
    let_it_break(clock, knock(alpha))
    break_due()
    promise = Promise.objects.get().pk
    noted = signed_in("lead", "en").post(f"/insights/broken/{promise}/", {"said": "answered"}, follow=True)
    assert "Noted. It is not written down here yet" in noted.content.decode()
    for who, by in (("lead", "you"), ("admin", "a lead")):
        row = section(see(who), BROKEN)
        assert re.search(rf"Said [^<]* by {by}: The student has been answered now\.", row)
        assert "Not written down here yet." in row
        assert "What was done?" not in row
    assert "A promise stands here until the student has been answered." in see()
    changed = {"said": "given_on", "instead_of": "answered"}
    corrected = signed_in("admin", "en").post(f"/insights/broken/{promise}/", changed, follow=True)
    assert re.search(r'<details[^>]* open id="said"', corrected.content.decode())
    row = section(see(), BROKEN)
    assert "by an administrator: Somebody else has it now." in row
    assert "Not written down" not in row
    assert not re.search(r'<details[^>]* open id="said"', see())
