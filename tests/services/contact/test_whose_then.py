"""Whose something is once its holder is back: the page says before an absence what holds after it; and nobody is
offered what cannot be theirs."""

from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client

from kernel.actor import MACHINE
from services.contact import operations
from services.contact.holding import holder_of
from services.contact.models import ContactRequest
from services.promises.sweep import break_due
from tenants.setup import operations as setup
from tenants.setup.models import Post
from tests.cast import LONG_AGO, World
from tests.services.contact.people import knock
from tests.services.contact.test_away import as_herself, asks, leave, substitute

AGAIN = "It is yours again when you are back, unless somebody has taken it."
GONE = "Its promise runs out before you are back: it is not yours any more then."
FIRST = "Answer it first: its promise runs out before you are away."


def taken(world: World, **said):
    accepted = knock(world, **said)
    operations.read_conversation(by=world.actor("nurse"), request_id=accepted.request_id)
    operations.take(by=world.actor("nurse"), request_id=accepted.request_id)
    return accepted


def whose(accepted) -> str | None:
    found = holder_of(ContactRequest.objects.get(pk=accepted.request_id))
    return found.get_short_name() if found else None


@pytest.mark.parametrize(("first", "last", "said"), [(0, 0, AGAIN), (0, 1, GONE), (2, 3, FIRST)])
def test_before_an_absence_it_is_said_of_each_thing_whose_it_is_after(
    alpha: World, clock, at, first: int, last: int, said: str
) -> None:
    """Tuesday, due on Wednesday."""
    taken(alpha)
    page = as_herself(alpha, at)
    read = asks(page, first=first, last=last)
    assert said in read
    assert sum(read.count(one) for one in (AGAIN, GONE, FIRST)) == 1


def test_what_is_said_is_what_happens(alpha: World, clock: time_machine.Traveller) -> None:
    accepted = taken(alpha)
    leave(alpha, "nurse", days=0)
    clock.shift(timedelta(days=1) - timedelta(minutes=1))
    assert whose(accepted) == "Nora"  # back in time
    other = taken(alpha)
    leave(alpha, "nurse", days=2)
    clock.shift(timedelta(days=2))
    break_due()
    clock.shift(timedelta(days=2))
    assert whose(other) == "Signe"  # the promise ran out meanwhile


def test_where_nobody_took_it_it_is_free_and_not_ones_own_again(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = taken(alpha)
    leave(alpha, "nurse", days=1)
    leave(alpha, "second_nurse", days=1)
    clock.shift(timedelta(days=1, minutes=1))
    break_due()
    clock.shift(timedelta(days=1))
    assert whose(accepted) is None


def test_what_is_answered_is_ones_own_again(alpha: World, clock, at) -> None:
    accepted = taken(alpha)
    operations.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Hei")
    assert AGAIN in asks(as_herself(alpha, at))


def test_an_administrator_reads_it_of_somebody_else(alpha: World, clock, at) -> None:
    from tenants.setup.actors import today

    taken(alpha)
    page = as_herself(alpha, at, "admin").post(
        f"/setup/people/{alpha.people['nurse']}/away/",
        {"first_day": today().isoformat(), "last_day": (today() + timedelta(days=1)).isoformat()},
    )
    said = unescape(page.content.decode())
    assert "Its promise runs out before they are back: it is not theirs any more then." in said
    assert "yours" not in said


# --- nobody is missing beside what cannot be theirs ---------------------------------------------------------


def options(page: str, request_id) -> str:
    """The list of takers of one request."""
    return page.split(f'name="taker_{request_id}"', 1)[1].split("</select>", 1)[0]


def test_who_cannot_have_a_case_stands_beside_it_all_the_same_so_that_no_gap_tells_it(
    alpha: World, clock, at
) -> None:
    substitute(alpha, "nurse", "other_nurse")
    plain = taken(alpha).request_id
    refused = taken(alpha, not_them=[alpha.people["second_nurse"]]).request_id
    deputy = taken(alpha, not_them=[alpha.people["other_nurse"]]).request_id
    aside = taken(alpha).request_id
    operations.recuse(by=alpha.actor("second_nurse"), request_id=aside)
    page = unescape(
        as_herself(alpha, at, "admin").get(f"/setup/people/{alpha.people['nurse']}/close/").content.decode()
    )
    signe, olga = alpha.account("second_nurse").name, alpha.account("other_nurse").name
    found = {one: options(page, one) for one in (plain, refused, deputy, aside)}
    assert [signe in found[one] for one in (plain, refused, deputy, aside)] == [True] * 4
    assert [olga in found[one] for one in (plain, refused, deputy, aside)] == [True] * 4


def test_who_answers_meanwhile_is_nobody_who_cannot_have_it(alpha: World, clock, at) -> None:
    taken(alpha, not_them=[alpha.people["second_nurse"]])
    read = asks(as_herself(alpha, at))
    assert "Whoever is there answers. If nobody can, those in charge are told the clock and the role." in read
    assert alpha.account("second_nurse").name not in read
    substitute(alpha, "nurse", "other_nurse")
    assert f"{alpha.account('other_nurse').name} answers as the substitute" in asks(as_herself(alpha, at))


def closing(world: World, at: type[Client], leaver: str) -> str:
    page = as_herself(world, at, "admin").get(f"/setup/people/{world.people[leaver]}/close/")
    return unescape(page.content.decode())


def test_an_administrator_who_answers_too_never_misses_themself(alpha: World, clock, at) -> None:
    setup.give_post(
        account_id=alpha.people["admin"], role_id=alpha.nurse_role, school_id=alpha.school, starts_on=LONG_AGO,
        by=MACHINE,
    )  # fmt: skip
    plain = taken(alpha).request_id
    refused = taken(alpha, not_them=[alpha.people["admin"]]).request_id
    page, adam = closing(alpha, at, "nurse"), alpha.account("admin").name
    assert [adam in options(page, one) for one in (plain, refused)] == [False, False]
    assert ["Whoever of the role comes first" in options(page, one) for one in (plain, refused)] == [
        True,
        True,
    ]


def test_where_the_only_colleague_may_not_have_it_the_page_says_it_of_nobody(alpha: World, clock, at) -> None:
    setup.end_post(post_id=Post.objects.get(account_id=alpha.people["other_nurse"]).pk, by=MACHINE)
    refused = taken(alpha, not_them=[alpha.people["second_nurse"]]).request_id
    page = closing(alpha, at, "nurse")
    assert "Nobody else there can take this" not in page
    assert "Whoever of the role comes first" in options(page, refused)


def test_what_came_from_outside_a_school_is_offered_at_no_other(alpha: World, clock, at) -> None:
    """By whom is missing in it one would read to which school its student goes."""
    setup.set_outside_doors(doors=[(alpha.other_school, alpha.nurse_role)], by=MACHINE)
    setup.give_post(
        account_id=alpha.people["outsider"], role_id=alpha.nurse_role, school_id=alpha.other_school,
        starts_on=LONG_AGO, by=MACHINE,
    )  # fmt: skip
    third = setup.add_school(name="Tredje skole Alfa", form="compulsory", by=MACHINE)
    setup.give_post(
        account_id=alpha.people["lead"], role_id=alpha.nurse_role, school_id=third, starts_on=LONG_AGO,
        by=MACHINE,
    )  # fmt: skip
    made = [
        knock(alpha, school_id=alpha.other_school, **said) for said in ({}, {"home_school_id": alpha.school})
    ]
    for one in made:
        operations.read_conversation(by=alpha.actor("other_nurse"), request_id=one.request_id)
        operations.take(by=alpha.actor("other_nurse"), request_id=one.request_id)
    page = closing(alpha, at, "other_nurse")
    assert "The same role at other schools" in options(page, made[0].request_id)
    assert (
        f'name="taker_{made[1].request_id}"' not in page
        or "The same role at other schools" not in options(page, made[1].request_id)
    )
