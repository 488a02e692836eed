"""Nobody's open worry stays with somebody who is gone: it goes to the next, with the clock it had, or those in charge
hear of it."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail

from kernel.actor import MACHINE
from kernel.audit.models import Entry
from kernel.outbox import operations as outbox
from kernel.outbox.models import Message
from services.contact import operations as contact
from services.contact.jobs import free_what_was_left
from services.contact.models import ContactRequest
from services.contact.operations import Accepted
from services.promises.models import Promise
from services.promises.sweep import break_due
from services.worry import operations, queries
from services.worry.jobs import hand_on_what_was_left
from services.worry.models import Worry
from services.worry.operations import leaving
from tenants.presence import operations as presence
from tenants.setup import operations as setup
from tenants.setup.models import Post, School
from tests.cast import LONG_AGO, World
from tests.services.contact.people import reach_and_close
from tests.services.contact.test_left_behind import (
    ENDING,
    Ending,
    by_its_last_day,
    is_away,
    queued,
    told_since,
)
from tests.services.worry.said import BECAUSE, WHO, WORDS, said
from tests.services.worry.test_deciding import clock_of, raised
from tests.signing_in import sign_in

type Hour = Callable[[], None]


def worry_first() -> None:
    hand_on_what_was_left()
    free_what_was_left()


def case_first() -> None:
    free_what_was_left()
    hand_on_what_was_left()


#: Nobody knows which of the hour's acts comes first.
HOUR = pytest.mark.parametrize("hour", [worry_first, case_first])


def a_day_later(clock: time_machine.Traveller, hour: Hour = worry_first) -> None:
    clock.shift(timedelta(days=1))
    hour()


def clocks(worry: Worry) -> list[tuple[datetime, datetime]]:
    return sorted(Promise.objects.filter(subject_id=worry.pk).values_list("opened_at", "due_at"))


def verbs(worry: Worry) -> list[tuple[str, dict[str, object]]]:
    rows = Entry.objects.filter(object_kind="worry", object_id=str(worry.pk)).order_by("pk")
    return [(row.verb, row.details) for row in rows]


def signe_leaves(alpha: World) -> None:
    Post.objects.filter(account_id=alpha.people["second_nurse"]).update(ends_on=date(2026, 9, 14))


@HOUR
@ENDING
def test_the_worry_of_somebody_whose_post_ended_goes_to_the_next_with_the_clock_it_had(
    alpha: World, case: Accepted, clock: time_machine.Traveller, ends: Ending, hour: Hour
) -> None:
    worry = raised(alpha, case)
    Promise.objects.filter(subject_id=worry.pk).update(due_at=clock_of(worry).due_at + timedelta(days=3))
    before, ran = queued(), clocks(worry)
    ends(alpha, "nurse")
    a_day_later(clock, hour)
    worry.refresh_from_db(fields=["deputy"])
    assert (worry.deputy_id, clocks(worry)) == (alpha.people["second_nurse"], ran)
    assert queries.decides_now(worry) == alpha.people["second_nurse"]
    assert ("worry/decide", alpha.people["second_nurse"]) in told_since(before)
    verb, details = verbs(worry)[-1]
    assert (verb, details["to"], details["why"]) == (
        "worry.make_deputy",
        str(alpha.people["second_nurse"]),
        "left",
    )
    told = told_since(before)
    hour()
    assert told_since(before) == told
    operations.record_step(by=alpha.actor("second_nurse"), worry_id=worry.pk, said=said())


@HOUR
@ENDING
def test_where_nobody_is_left_those_in_charge_hear_role_and_clock_once_and_not_a_word(
    alpha: World, case: Accepted, clock: time_machine.Traveller, ends: Ending, hour: Hour
) -> None:
    signe_leaves(alpha)
    worry = raised(alpha, case)
    operations.record_step(by=alpha.actor("nurse"), worry_id=worry.pk, said=said("nobody", who="Ola"))
    before, ran = queued(), clocks(worry)
    ends(alpha, "nurse")
    a_day_later(clock, hour)
    hour()
    worry.refresh_from_db(fields=["deputy"])
    assert (worry.deputy_id, clocks(worry)) == (None, ran)
    told = [one for one in told_since(before) if one[0].startswith("worry/")]
    assert told == [("worry/nobody_decides", alpha.people["lead"])]
    assert [verb for verb, _details in verbs(worry)].count("worry.nobody_decides") == 1
    mail.outbox.clear()
    outbox.send_one(Message.objects.get(template="worry/nobody_decides").pk)
    (letter,) = mail.outbox
    assert "Rolle: Helsesykepleier" in letter.body
    assert not any(word in letter.body for word in (WORDS, WHO, BECAUSE, case.case_number, "Ola"))


def test_as_soon_as_somebody_is_there_again_a_worry_of_a_closed_case_is_theirs(
    alpha: World, case: Accepted, clock: time_machine.Traveller
) -> None:
    signe_leaves(alpha)
    reach_and_close(by=alpha.actor("nurse"), request_id=case.request_id, outcome="helped")
    worry = raised(alpha, case)
    by_its_last_day(alpha, "nurse")
    a_day_later(clock)
    worry.refresh_from_db(fields=["deputy"])
    assert worry.deputy_id is None
    setup.give_post(
        account_id=alpha.people["other_nurse"], role_id=alpha.nurse_role, school_id=alpha.school, by=MACHINE
    )
    hand_on_what_was_left()
    worry.refresh_from_db(fields=["deputy"])
    assert worry.deputy_id == alpha.people["other_nurse"]


@ENDING
def test_a_deputy_who_is_gone_gives_it_back_to_whoever_has_the_case(
    alpha: World, case: Accepted, clock: time_machine.Traveller, ends: Ending
) -> None:
    worry = raised(alpha, case)
    operations.hand_on(by=MACHINE, item_id=worry.pk, to=alpha.people["second_nurse"])
    before, ran = queued(), clocks(worry)
    ends(alpha, "second_nurse")
    a_day_later(clock)
    worry.refresh_from_db(fields=["deputy"])
    assert (worry.deputy_id, queries.decides_now(worry)) == (None, alpha.people["nurse"])
    assert ("worry/decide", alpha.people["nurse"]) in told_since(before)
    assert (clocks(worry), verbs(worry)[-1][0]) == (ran, "worry.end_deputy")


def test_it_is_not_given_to_whoever_stepped_aside(
    alpha: World, case: Accepted, clock: time_machine.Traveller
) -> None:
    contact.recuse(by=alpha.actor("second_nurse"), request_id=case.request_id)
    worry = raised(alpha, case)
    by_its_last_day(alpha, "nurse")
    before = queued()
    a_day_later(clock)
    worry.refresh_from_db(fields=["deputy"])
    assert worry.deputy_id is None
    assert ("worry/nobody_decides", alpha.people["lead"]) in told_since(before)


@pytest.mark.parametrize("why", ["away", "last day", "closed"])
def test_whoever_still_belongs_to_the_door_keeps_theirs(
    alpha: World, case: Accepted, clock: time_machine.Traveller, why: str
) -> None:
    worry = raised(alpha, case)
    if why == "away":
        is_away(alpha)
    else:
        by_its_last_day(alpha, "nurse")
    if why == "closed":
        operations.close(by=alpha.actor("nurse"), worry_id=worry.pk, outcome="safe", came_of_it="Alt vel")
        clock.shift(timedelta(days=1))
    before = queued()
    worry_first() if why != "closed" else hand_on_what_was_left()
    worry.refresh_from_db(fields=["deputy"])
    assert (worry.deputy_id, told_since(before)) == (None, [])


def test_a_clock_breaks_also_where_the_school_of_the_door_has_closed_meanwhile(
    alpha: World, case: Accepted, clock: time_machine.Traveller
) -> None:
    """Set-up gives no post there any more; the lead hears of it all the same."""
    worry = raised(alpha, case, "now")
    post = Post.objects.get(account_id=alpha.people["nurse"])
    presence.name_substitutes(post_id=post.pk, account_ids=[alpha.people["other_nurse"]], by=MACHINE)
    signe_leaves(alpha)
    School.objects.filter(pk=alpha.school).update(opened_on=LONG_AGO, closed_on=LONG_AGO)
    clock.move_to(clock_of(worry).due_at + timedelta(seconds=30))
    assert break_due().failed == 0
    worry.refresh_from_db(fields=["deputy"])
    assert clock_of(worry).broken_at is not None
    assert worry.deputy_id is None


def test_two_at_once_hand_it_on_once(alpha: World, case: Accepted, clock: time_machine.Traveller) -> None:
    worry = raised(alpha, case)
    by_its_last_day(alpha, "nurse")
    clock.shift(timedelta(days=1))
    before = queued()
    assert [leaving._hand_on(MACHINE, worry.pk) for _n in range(2)] == [True, False]
    assert told_since(before) == [("worry/decide", alpha.people["second_nurse"])]
    assert ContactRequest.objects.get(pk=case.request_id).taken_by_id == alpha.people["nurse"]


@pytest.mark.parametrize("to", ["second_nurse", "pool"])
def test_on_the_page_of_who_leaves_a_case_stands_once_and_its_worry_goes_with_it(
    alpha: World, case: Accepted, at: Callable[..., Any], to: str
) -> None:
    """Whoever reads two rows of one number, or is told of two things, knows that there is a worry."""
    worry, second = raised(alpha, case), alpha.people["second_nurse"]
    browser = at(alpha.alpha, headers={"accept-language": "en"})
    sign_in(browser, alpha.account("admin"))
    where = f"/setup/people/{alpha.people['nurse']}/close/"
    html = browser.get(where).content.decode()
    rows = re.findall(r'<select[^>]* name="(taker_[^"]+)"', html)
    assert (len(rows), html.count(f"Number {case.case_number}")) == (1, 1)
    assert "1 open request has" in browser.post(where, {"confirmed": "1"}).content.decode()
    sent = {"confirmed": "1", rows[0]: str(alpha.people.get(to, to))}
    gaps = re.search(r'name="gaps_seen" value="([^"]+)"', browser.post(where, sent).content.decode())
    if gaps:
        browser.post(where, sent | {"gaps_seen": gaps[1]})
    assert queries.decides_now(Worry.objects.select_related("request").get(pk=worry.pk)) == second
    request = ContactRequest.objects.get(pk=case.request_id)
    assert request.taken_by_id == (second if to == "second_nurse" else None)
