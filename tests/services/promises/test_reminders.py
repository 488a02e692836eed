"""Those responsible hear of a promise while there is time; broken, somebody takes over and the lead answers for it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.core.management import call_command

from kernel.actor import MACHINE
from kernel.audit.models import Entry
from kernel.clock import now
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.outbox import rendering
from kernel.outbox.models import Message
from kernel.outbox.operations import _open
from kernel.tenancy import inside
from services.contact import operations as contact
from services.contact.models import ContactRequest
from services.promises import notices, operations
from services.promises.models import Promise
from services.promises.sweep import break_due, remind_due
from tenants.presence import operations as presence
from tenants.setup import operations as setup
from tenants.setup.actors import today
from tenants.setup.models import Post
from tests.cast import World
from tests.services.contact.people import TUESDAY, knock, reach_and_close


@pytest.fixture
def alpha(world: World) -> Iterator[World]:
    with inside(world.alpha):
        yield world


@pytest.fixture
def clock(alpha: World) -> Iterator[time_machine.Traveller]:
    """Tuesday 10:00 in Oslo; office hours, so that a knock is due on Thursday at 10."""
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        setup.change_hours(open_hours={str(day): [["08:00", "16:00"]] for day in range(1, 6)}, by=MACHINE)
        setup.set_guarantee(kind="counted_hours", amount=16, by=MACHINE)
        yield traveller


def told(template: str) -> list[str]:
    rows = Message.objects.filter(template=template).select_related("account")
    return sorted(row.account.get_short_name() for row in rows)


def away(world: World, who: str, days: int = 6) -> None:
    presence.begin_absence(
        account_id=world.people[who], first_day=today(), last_day=today() + timedelta(days=days), by=MACHINE
    )


def substitute(world: World, who: str, *others: str) -> None:
    post = Post.objects.get(account_id=world.people[who])
    presence.name_substitutes(post_id=post.pk, account_ids=[world.people[one] for one in others], by=MACHINE)


def pass_to(clock: time_machine.Traveller, hours: float) -> int:
    """The sweep at so many hours after the knock."""
    clock.move_to(TUESDAY + timedelta(hours=hours))
    return remind_due().marked


def test_the_holder_first_then_the_others_of_the_role_then_the_lead(alpha: World, clock) -> None:
    asked = knock(alpha).request_id
    contact.take(by=alpha.actor("nurse"), request_id=asked)
    assert pass_to(clock, 23.9) == 0
    assert pass_to(clock, 24.1) == 1
    assert (told("promises/reminder"), told("promises/reminder_lead")) == (["Nora"], [])
    assert pass_to(clock, 28.1) == 1
    assert told("promises/reminder") == ["Nora", "Nora", "Signe"]
    assert pass_to(clock, 46.5) == 1
    assert told("promises/reminder_lead") == ["Lena"]


def test_a_step_is_said_once_however_often_the_sweep_comes(alpha: World, clock) -> None:
    knock(alpha)
    assert [pass_to(clock, 24.1) for _ in range(3)] == [1, 0, 0]
    assert Entry.objects.filter(verb="promises.remind").count() == 1


def test_nothing_is_said_of_what_is_answered_withdrawn_or_closed(alpha: World, clock) -> None:
    answered, closed, withdrawn = (knock(alpha) for _ in range(3))
    nurse = alpha.actor("nurse")
    contact.reply(by=nurse, request_id=answered.request_id, text="Hei")
    reach_and_close(by=nurse, request_id=closed.request_id, outcome="referred")
    from tests.services.contact.people import visitor

    contact.withdraw(by=visitor(withdrawn), request_id=withdrawn.request_id)
    assert [pass_to(clock, hours) for hours in (24.1, 28.1, 46.5)] == [0, 0, 0]
    assert told("promises/reminder") == []


def test_a_sweep_that_stood_still_is_quiet_at_night_and_says_the_last_step_in_the_morning(
    alpha: World, clock
) -> None:
    knock(alpha)
    assert pass_to(clock, 36) == 0  # Wednesday 22:00, two steps have come
    assert told("promises/reminder") == []
    assert pass_to(clock, 46.1) == 1  # Thursday 8:06
    assert told("promises/reminder") == ["Nora", "Signe"]
    assert told("promises/reminder_lead") == ["Lena"]
    assert [pass_to(clock, hours) for hours in (46.2, 46.5, 46.6)] == [0, 1, 0]


def test_the_absent_hear_nothing_and_the_substitute_instead(alpha: World, clock) -> None:
    substitute(alpha, "nurse", "other_nurse")
    asked = knock(alpha).request_id
    contact.take(by=alpha.actor("nurse"), request_id=asked)
    away(alpha, "nurse")
    pass_to(clock, 24.1)
    assert told("promises/reminder") == ["Olga", "Signe"]  # it is nobody's meanwhile: whoever is there


def test_where_nobody_is_there_the_lead_hears_at_the_first_step(alpha: World, clock) -> None:
    knock(alpha)
    away(alpha, "nurse")
    away(alpha, "second_nurse")
    pass_to(clock, 24.1)
    assert told("promises/reminder") == []
    assert told("promises/reminder_lead") == ["Lena"]


def lead_reads() -> str:
    row = Message.objects.get(template="promises/reminder_lead")
    return rendering.render(row.template, "en", _open(row).context)[1]


def test_the_lead_reads_that_nobody_could_be_reminded_and_only_then(alpha: World, clock) -> None:
    knock(alpha)
    pass_to(clock, 46.5)
    assert "Those who can answer have been reminded." in lead_reads()
    assert "Nobody who can answer is there." not in lead_reads()
    Message.objects.all().delete()
    clock.move_to(TUESDAY)
    knock(alpha)
    away(alpha, "nurse")
    away(alpha, "second_nurse")
    pass_to(clock, 24.1)
    assert "Nobody who can answer is there." in lead_reads()
    assert "have been reminded" not in lead_reads()


def test_all_in_charge_being_away_silences_nothing(alpha: World, clock) -> None:
    away(alpha, "lead")
    assert [one.get_short_name() for one in notices.those_in_charge(alpha.school)] == ["Adam"]
    away(alpha, "admin")
    assert [one.get_short_name() for one in notices.those_in_charge(alpha.school)] == ["Lena"]


def test_a_reminder_names_number_and_clock_and_neither_school_nor_name(alpha: World, clock) -> None:
    asked = knock(alpha, name="Kari Nordmann")
    for template in ("promises/reminder", "promises/reminder_lead"):
        _subject, text = rendering.render(
            template, "en", {"number": asked.case_number, "due": "tomorrow at 10:00", "role": "Nurse"}
        )
        assert asked.case_number in text
        assert "tomorrow at 10:00" in text
        for word in ("Solhaug", "Kari", "Nora", "Nurse"):
            assert word not in text


def test_what_a_lead_is_told_leads_to_the_row_of_the_number_it_names(alpha: World, clock, at) -> None:
    from django.conf import settings

    from tests.isolation.stage import session_of

    def page() -> str:
        browser = at(alpha.alpha, headers={"accept-language": "en"})
        browser.cookies[settings.SESSION_COOKIE_NAME] = session_of(alpha.account("lead"), "alfa.localhost")
        return browser.get("/insights/").content.decode()

    def reads(template: str) -> str:
        row = Message.objects.get(template=template)
        return rendering.render(row.template, "en", _open(row).context)[1]

    asked = knock(alpha)
    pass_to(clock, 46.5)
    row = f"number-{asked.case_number}"
    for template in ("promises/reminder_lead", "promises/broken"):
        told = reads(template)
        assert f"Number {asked.case_number}: an answer" in told
        assert told.rstrip().endswith(f"/insights/#{row}")
        assert page().count(f'id="{row}"') == 1
        assert f"Number {asked.case_number}" in page()
        if template == "promises/reminder_lead":
            break_it(asked.request_id, asked.due_at, clock)


def test_a_worry_is_told_of_without_the_number_of_its_request(alpha: World) -> None:
    given = {"number": "4-K7M", "due": "tomorrow at 10:00", "role": "Nurse", "worry": 1, "nobody": 0}
    _subject, text = rendering.render("promises/reminder_lead", "en", given)
    assert "4-K7M" not in text
    assert "What to do is to be decided by tomorrow at 10:00" in text


def test_a_reminder_that_fails_never_keeps_the_sweep_from_marking(
    alpha: World, clock, monkeypatch, capsys
) -> None:
    knock(alpha)
    later = knock(alpha)

    def stumble(*_args, **_more):
        raise RuntimeError("stumbled")

    monkeypatch.setattr(notices, "remind", stumble)
    clock.move_to(TUESDAY + timedelta(hours=24.1))
    done = remind_due()
    assert (done.marked, done.failed) == (0, 2)
    clock.move_to(later.due_at + timedelta(seconds=30))
    monkeypatch.setattr("services.promises.sweep._found_in", _found_unless_reminding())
    call_command("sweep")
    said = capsys.readouterr()
    assert said.out.splitlines()[-1] == "marked 2"
    assert "reminders failed" in said.err


def _found_unless_reminding():
    from services.promises import sweep

    found = sweep._found_in

    def guarded(refs, wanted, now):
        if wanted == sweep._TO_REMIND:
            raise RuntimeError("stumbled")
        return found(refs, wanted, now)

    return guarded


def test_other_shares_hold_from_the_next_promise_on_and_nonsense_is_refused(alpha: World, clock) -> None:
    admin = alpha.actor("admin")
    for shares in ([50, 50, 90], [0, 50, 90], [50, 75], [90, 75, 50], [50, 75, 100]):
        with pytest.raises(Invalid):
            setup.change_reminders(shares=shares, by=admin)
    with pytest.raises(NotAllowed):
        setup.change_reminders(shares=[10, 20, 30], by=alpha.actor("lead"))
    setup.change_reminders(shares=[25, 50, 75], by=admin)
    knock(alpha)
    assert Promise.objects.get().remind_at == TUESDAY.replace(second=0) + timedelta(hours=4)


# --- broken -----------------------------------------------------------------------------------------------


def broken(world: World, clock) -> ContactRequest:
    asked = knock(world)
    return break_it(asked.request_id, asked.due_at, clock)


def break_it(request_id, due_at, clock) -> ContactRequest:
    clock.move_to(due_at + timedelta(seconds=30))
    assert break_due().marked == 1
    return ContactRequest.objects.get(pk=request_id)


def test_where_nobody_else_is_at_the_door_a_substitute_takes_over_and_gets_the_post_that_it_takes(
    alpha: World, clock
) -> None:
    substitute(alpha, "nurse", "other_nurse")
    away(alpha, "second_nurse")
    asked = knock(alpha)
    contact.take(by=alpha.actor("nurse"), request_id=asked.request_id)
    row = break_it(asked.request_id, asked.due_at, clock)
    assert row.taken_by_id == alpha.people["other_nurse"]
    assert told("contact/yours_now") == ["Olga"]
    given = Post.objects.get(account_id=alpha.people["other_nurse"], school_id=alpha.school)
    assert given.ends_on == today() + timedelta(days=13)
    olga = alpha.actor("other_nurse")
    contact.read_conversation(by=olga, request_id=row.pk)
    contact.reply(by=olga, request_id=row.pk, text="Unnskyld at du har ventet.")


def test_a_colleague_at_the_door_comes_before_a_substitute_from_elsewhere(alpha: World, clock) -> None:
    substitute(alpha, "nurse", "other_nurse")
    asked = knock(alpha)
    contact.take(by=alpha.actor("nurse"), request_id=asked.request_id)
    row = break_it(asked.request_id, asked.due_at, clock)
    assert row.taken_by_id == alpha.people["second_nurse"]
    assert not Post.objects.filter(account_id=alpha.people["other_nurse"], school_id=alpha.school).exists()


def test_whoever_is_there_with_the_fewest_takes_over_what_nobody_took(alpha: World, clock) -> None:
    asked = knock(alpha)
    for _ in range(2):
        contact.take(by=alpha.actor("nurse"), request_id=knock(alpha).request_id)
    clock.move_to(asked.due_at + timedelta(seconds=30))
    promise = Promise.objects.get(subject_id=asked.request_id)
    operations.break_promise(by=MACHINE, promise_id=promise.pk, now=asked.due_at + timedelta(seconds=30))
    assert ContactRequest.objects.get(pk=asked.request_id).taken_by_id == alpha.people["second_nurse"]


def test_nobody_of_another_role_and_nobody_absent_takes_over(alpha: World, clock) -> None:
    away(alpha, "nurse")
    away(alpha, "second_nurse")
    row = broken(alpha, clock)
    assert (row.state, row.taken_by_id) == ("waiting", None)
    assert told("promises/broken") == ["Lena"]


def test_the_one_who_let_it_break_does_not_take_it_over_from_themselves(alpha: World, clock) -> None:
    away(alpha, "second_nurse")
    asked = knock(alpha)
    contact.take(by=alpha.actor("nurse"), request_id=asked.request_id)
    row = break_it(asked.request_id, asked.due_at, clock)
    assert (row.state, row.taken_by_id) == ("waiting", None)
    assert told("contact/still_waiting") == ["Nora"]


def test_the_students_page_says_who_and_is_sorry(alpha: World, clock, at) -> None:
    asked = knock(alpha)
    contact.take(by=alpha.actor("nurse"), request_id=asked.request_id)
    break_it(asked.request_id, asked.due_at, clock)
    page = at(alpha.alpha).post(
        "/receipt/", {"receipt": asked.receipt}, follow=True, HTTP_ACCEPT_LANGUAGE="en"
    )
    text = page.content.decode()
    assert "We are sorry" in text
    assert "Signe has this now" in text


def test_the_lead_says_what_was_done_and_a_choice_only(alpha: World, clock) -> None:
    broken(alpha, clock)
    promise = Promise.objects.get().pk
    for who in ("nurse", "counsellor", "outsider"):
        with pytest.raises(NotFound):
            operations.explain(by=alpha.actor(who), promise_id=promise, said="answered")
    lead = alpha.actor("lead")
    for said in ("", "Eleven var syk"):
        with pytest.raises(Invalid):
            operations.explain(by=lead, promise_id=promise, said=said)
    for _twice in range(2):
        operations.explain(by=lead, promise_id=promise, said="staffed")
    assert Promise.objects.get().explained == "staffed"
    assert Entry.objects.filter(verb="promises.explain").count() == 1


def test_what_was_said_is_corrected_by_whoever_saw_it_and_every_word_stays_in_the_log(
    alpha: World, clock
) -> None:
    broken(alpha, clock)
    promise, lead, admin = Promise.objects.get().pk, alpha.actor("lead"), alpha.actor("admin")
    operations.explain(by=lead, promise_id=promise, said="staffed")
    first = now()
    clock.shift(timedelta(hours=2))
    for unseen in ("", "answered"):
        with pytest.raises(Conflict) as refused:
            operations.explain(by=admin, promise_id=promise, said="other", instead_of=unseen)
        assert refused.value.code == "said"
    operations.explain(by=admin, promise_id=promise, said="other", instead_of="staffed")
    row = Promise.objects.get()
    assert (row.explained, row.explained_at, row.reworded_at) == ("other", first, now())
    log = Entry.objects.filter(verb="promises.explain").order_by("at")
    assert [(one.actor_id, one.details) for one in log] == [
        (lead.id, {"said": "staffed"}),
        (admin.id, {"said": "other", "instead_of": "staffed"}),
    ]
    with pytest.raises(NotFound):
        operations.explain(by=alpha.actor("nurse"), promise_id=promise, said="staffed", instead_of="other")
    clock.move_to(first + timedelta(days=30))
    operations.explain(by=lead, promise_id=promise, said="calendar", instead_of="other")
    clock.shift(timedelta(seconds=1))
    with pytest.raises(Conflict) as refused:
        operations.explain(by=lead, promise_id=promise, said="staffed", instead_of="calendar")
    assert refused.value.code == "late"


def test_a_slip_is_undone_within_a_minute_and_it_is_asked_again(alpha: World, clock) -> None:
    broken(alpha, clock)
    promise, lead = Promise.objects.get().pk, alpha.actor("lead")
    operations.undo_explain(by=lead, promise_id=promise)
    assert not Entry.objects.filter(verb="promises.explain").exists(), "nothing was said"
    operations.explain(by=lead, promise_id=promise, said="staffed")
    with pytest.raises(NotFound):
        operations.undo_explain(by=alpha.actor("nurse"), promise_id=promise)
    clock.shift(timedelta(seconds=60))
    operations.undo_explain(by=lead, promise_id=promise)
    row = Promise.objects.get()
    assert (row.explained, row.explained_at) == ("", None)
    last = Entry.objects.filter(verb="promises.explain").order_by("at").last()
    assert last.details == {"said": "", "instead_of": "staffed"}
    operations.explain(by=lead, promise_id=promise, said="answered")
    clock.shift(timedelta(seconds=61))
    with pytest.raises(Conflict):
        operations.undo_explain(by=lead, promise_id=promise)
    assert Promise.objects.get().explained == "answered"


def test_a_correction_that_is_undone_gives_back_what_was_said_before(alpha: World, clock) -> None:
    broken(alpha, clock)
    promise, lead, first = Promise.objects.get().pk, alpha.actor("lead"), now()
    operations.explain(by=lead, promise_id=promise, said="staffed")
    clock.shift(timedelta(days=2))
    operations.explain(by=lead, promise_id=promise, said="other", instead_of="staffed")
    clock.shift(timedelta(seconds=60))
    for _twice in range(2):
        operations.undo_explain(by=lead, promise_id=promise)
        row = Promise.objects.get()
        assert (row.explained, row.explained_at) == ("staffed", first)
    log = Entry.objects.filter(verb="promises.explain").order_by("at").values_list("details", flat=True)
    assert list(log)[1:] == [
        {"said": "other", "instead_of": "staffed"},
        {"said": "staffed", "instead_of": "other"},
    ]
    operations.explain(by=lead, promise_id=promise, said="calendar", instead_of="staffed")
    clock.shift(timedelta(seconds=61))
    with pytest.raises(Conflict):
        operations.undo_explain(by=lead, promise_id=promise)
    assert Promise.objects.get().explained == "calendar"


def test_it_stays_on_the_leads_page_until_they_have_said_it(alpha: World, clock, at) -> None:
    from django.conf import settings

    from tests.isolation.stage import session_of

    broken(alpha, clock)
    promise = Promise.objects.get().pk
    browser = at(alpha.alpha, headers={"accept-language": "en"})
    browser.cookies[settings.SESSION_COOKIE_NAME] = session_of(alpha.account("lead"), "alfa.localhost")
    where = f"/insights/broken/{promise}/"
    asked = re.compile(rf'action="{where}" data-once>(?:(?!</form>).)*Note it', re.DOTALL)
    assert asked.search(browser.get("/insights/").content.decode())
    assert browser.post(where, {"said": ""}).status_code == 422
    assert browser.post(where, {"said": "given_on"}).status_code == 302
    page = browser.get("/insights/").content.decode()
    assert not asked.search(page)
    assert f'action="{where}undo/"' in page
    assert browser.post(f"{where}undo/").status_code == 302
    assert asked.search(browser.get("/insights/").content.decode())
    browser.post(where, {"said": "given_on"})
    browser.get("/insights/")
    page = browser.get("/insights/").content.decode()
    assert "undo/" not in page, "offered once"
    corrects = page[page.index("What was said of broken promises") :]
    assert "Somebody else has it now" in corrects
    assert 'name="instead_of" value="given_on"' in corrects
    late = browser.post(where, {"said": "staffed"})
    assert late.status_code == 409
    assert "Somebody has said what was done already." in unescape(late.content.decode())
    assert browser.post(where, {"said": "staffed", "instead_of": "given_on"}).status_code == 302
    assert Promise.objects.get().explained == "staffed"
    page = browser.get("/insights/").content.decode()
    assert "Corrected." in page
    assert f'action="{where}undo/"' in page
    browser.post(f"{where}undo/")
    assert "What was said before stands again." in browser.get("/insights/").content.decode()
    assert Promise.objects.get().explained == "given_on"
    clock.shift(timedelta(days=31))
    browser.cookies[settings.SESSION_COOKIE_NAME] = session_of(alpha.account("lead"), "alfa.localhost")
    assert "What was said of broken promises" not in browser.get("/insights/").content.decode()


# --- a week ------------------------------------------------------------------------------------------------


def test_a_week_away_with_the_substitutes_away_too_ends_at_the_lead_and_drops_nobody(
    alpha: World, clock
) -> None:
    """Tuesday: Nora has one and goes. Olga stands in, then goes too; Signe, then Signe too. Nobody is left: the
    lead hears, and when the first is back it is hers to answer.
    """
    substitute(alpha, "nurse", "other_nurse")
    asked = knock(alpha)
    contact.take(by=alpha.actor("nurse"), request_id=asked.request_id)

    def waits_for() -> set[str]:
        return {
            who for who in ("nurse", "second_nurse", "other_nurse", "counsellor", "lead")
            if any(row.pk == asked.request_id for row in _reachable(alpha, who))
        }  # fmt: skip

    away(alpha, "nurse", days=7)
    assert waits_for() == {"nurse", "second_nurse", "other_nurse"}
    clock.shift(timedelta(hours=3))
    away(alpha, "other_nurse", days=7)
    assert waits_for() == {"nurse", "second_nurse"}
    clock.shift(timedelta(hours=1))
    away(alpha, "second_nurse", days=2)
    for hours in (24.1, 28.1, 46.5):
        pass_to(clock, hours)
    assert told("promises/reminder") == []
    assert told("promises/reminder_lead") == ["Lena", "Lena", "Lena"]
    row = break_it(asked.request_id, asked.due_at, clock)
    assert (row.state, row.taken_by_id) == ("waiting", None)
    assert told("promises/broken") == ["Lena"]
    clock.move_to(TUESDAY + timedelta(days=3))  # Friday: Signe is back
    signe = alpha.actor("second_nurse")
    contact.take(by=signe, request_id=asked.request_id)
    contact.reply(by=signe, request_id=asked.request_id, text="Unnskyld. Jeg er her nå.")
    assert Promise.objects.get().answered_at is not None


def _reachable(world: World, who: str):
    from services.contact.queries import visible_to

    return list(visible_to(world.actor(who)))
