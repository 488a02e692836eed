"""Who could step in: colleagues by name where a promise breaks or nobody is, and never who has what."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from uuid import UUID

import pytest
import time_machine

from kernel.actor import MACHINE
from kernel.outbox.models import Message
from kernel.people.models import Account
from services.contact import operations
from tenants.presence import operations as presence
from tenants.presence.stepping_in import administrators_to_ask, who_could_step_in
from tenants.setup import operations as setup
from tenants.setup.actors import today
from tenants.setup.models import Post
from tests.cast import World
from tests.services.contact.people import knock, visitor

NURSES_AT_SOLHAUG = "Who could step in"


def cards(body: str) -> dict[str, str]:
    """The cards of who could step in, by their door."""
    after = unescape(body).split(f"<h2>{NURSES_AT_SOLHAUG}</h2>")
    found = (
        re.findall(r"<h3[^>]*>(.*?)</h3>(.*?)(?=<h3|<h2|</main>)", after[1], re.S) if len(after) > 1 else []
    )
    return {re.sub(r"<[^>]+>", "", title).strip(): text for title, text in found}


def nurse_card(body: str) -> str:
    return next((text for title, text in cards(body).items() if "Solhaug" in title), "")


def away(alpha: World, *who: str) -> None:
    for one in who:
        presence.begin_absence(
            account_id=alpha.people[one], first_day=today(), last_day=today() + timedelta(days=20), by=MACHINE
        )


def test_where_a_promise_is_broken_colleagues_are_named_with_the_act_that_fits(
    lead_of_solhaug: World, clock: time_machine.Traveller, see: Callable[..., str]
) -> None:
    alpha = lead_of_solhaug
    accepted = knock(alpha)
    assert not cards(see())
    clock.move_to(accepted.due_at + timedelta(minutes=90))
    card = nurse_card(see())
    assert "Answers here today" in card
    assert [name for name in ("Nora Alfa", "Signe Alfa", "Olga Alfa") if name in card] == [
        "Nora Alfa", "Signe Alfa", "Olga Alfa",
    ]  # fmt: skip
    assert 'href="mailto:nurse@alfa.example"' in card
    assert "Write to Nora Alfa" in card
    assert "Carl" not in card  # another role, another circle
    assert "/setup/people/" not in card  # a lead gives no posts
    assert "Write to Adam Alfa" in see()
    theirs = nurse_card(see("admin"))
    assert "Give Olga Alfa a post at Solhaug skole Alfa" in theirs
    assert f'href="/setup/people/{alpha.people["other_nurse"]}/"' in theirs
    assert "Write to Adam" not in see("admin")


def test_it_says_the_same_whoever_has_it_and_however_much(
    alpha: World, clock: time_machine.Traveller, see: Callable[..., str]
) -> None:
    accepted = knock(alpha)
    clock.move_to(accepted.due_at + timedelta(minutes=90))
    free = nurse_card(see())
    operations.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    taken = nurse_card(see())
    assert free == taken != ""


def test_a_door_where_nobody_is_is_named_and_who_is_away_is_not_asked(
    alpha: World, clock: time_machine.Traveller, see: Callable[..., str]
) -> None:
    away(alpha, "nurse", "second_nurse")
    body = see()
    assert "<h2>Nobody is there</h2>" in body
    assert "Nothing is in danger" not in body
    card = nurse_card(body)
    assert "Answers here today" not in card
    assert "Olga Alfa" in card
    away(alpha, "other_nurse")
    assert "Nobody else holds this role and is there today." in nurse_card(see())


def alone(body: str) -> str:
    found = re.search(r"<h2[^>]*>Nobody is there</h2>(.*?)<h2", unescape(body), re.S)
    return found[1] if found else ""


def test_a_door_whose_last_adult_the_student_said_no_to_has_nobody_whoever_had_it(
    alpha: World, clock: time_machine.Traveller, see: Callable[..., str]
) -> None:
    seen = []
    for first, second in (("nurse", "second_nurse"), ("second_nurse", "nurse")):
        accepted = knock(alpha)
        given = {"by": alpha.actor(first), "request_id": accepted.request_id}
        operations.take(**given)
        operations.read_conversation(**given)
        operations.offer_handover(
            to=operations.Receiver(account_id=alpha.people[second]), reason="Kjenner eleven", shares="nothing",
            agreement="in_talk", **given,
        )  # fmt: skip
        operations.refuse_handover(by=visitor(accepted), request_id=accepted.request_id)
        assert not alone(see())
        operations.recuse(**given)
        body = see()
        assert accepted.case_number not in body
        assert "Nora" not in nurse_card(body)
        assert "Signe" not in nurse_card(body)
        seen.append((alone(body), nurse_card(body)))
        operations.withdraw(by=visitor(accepted), request_id=accepted.request_id)
    assert seen[0] == seen[1]
    assert "Solhaug" in seen[0][0]


def test_the_lead_reads_why_nobody_answers_and_never_that_who_is_not_there_stepped_aside(
    alpha: World, clock: time_machine.Traveller, see: Callable[..., str]
) -> None:
    aside = "everybody who could answer has stepped aside"
    empty = "nobody who could answer is there"
    accepted = knock(alpha)
    away(alpha, "nurse", "second_nurse")
    body = see()
    assert empty in body
    assert aside not in body
    operations.withdraw(by=visitor(accepted), request_id=accepted.request_id)
    assert empty not in see()


def test_where_everybody_stepped_aside_the_lead_reads_that(
    alpha: World, clock: time_machine.Traveller, see: Callable[..., str]
) -> None:
    accepted = knock(alpha)
    for who in ("nurse", "second_nurse"):
        operations.recuse(by=alpha.actor(who), request_id=accepted.request_id)
    body = see()
    assert "everybody who could answer has stepped aside" in body
    assert "nobody who could answer is there" not in body


def test_whoever_leads_and_was_told_no_reads_nothing_of_it(
    alpha: World, clock: time_machine.Traveller, see: Callable[..., str]
) -> None:
    setup.give_post(
        account_id=alpha.people["lead"], role_id=alpha.nurse_role, school_id=alpha.school, by=MACHINE
    )
    away(alpha, "second_nurse")
    accepted = knock(alpha)
    given = {"by": alpha.actor("nurse"), "request_id": accepted.request_id}
    operations.take(**given)
    operations.read_conversation(**given)
    operations.offer_handover(
        to=operations.Receiver(account_id=alpha.people["lead"]), reason="Kjenner eleven", shares="nothing",
        agreement="in_talk", **given,
    )  # fmt: skip
    operations.refuse_handover(by=visitor(accepted), request_id=accepted.request_id)
    operations.recuse(**given)
    assert not alone(see())
    assert "Solhaug" in alone(see("admin"))


def others(alpha: World, role: UUID) -> list[str]:
    door = (role, alpha.school)
    return [one.name for one in who_could_step_in([door])[door].elsewhere]


def test_only_the_same_secrecy_circle_is_named(alpha: World, clock: time_machine.Traveller) -> None:
    """In Norway a counsellor of the county's is bound by other rules than one of the municipality's."""
    county = setup.add_employer(name="Fylket", kind="county", by=MACHINE)
    given = {"role_id": alpha.counsellor_role, "school_id": alpha.other_school, "by": MACHINE}
    setup.give_post(account_id=alpha.people["outsider"], employer_id=county, **given)
    assert others(alpha, alpha.counsellor_role) == []
    setup.give_post(account_id=alpha.people["lead"], **given)
    assert others(alpha, alpha.counsellor_role) == ["Lena Alfa"]
    Post.objects.filter(
        account_id=alpha.people["counsellor"]
    ).delete()  # nobody has the door: the role's own circle
    assert others(alpha, alpha.counsellor_role) == ["Lena Alfa"]


def test_only_who_is_there_today_is_named(alpha: World, clock: time_machine.Traveller) -> None:
    assert others(alpha, alpha.nurse_role) == ["Olga Alfa"]
    post = Post.objects.get(account_id=alpha.people["other_nurse"])
    presence.change_weekdays(post_id=post.pk, weekdays=set(range(1, 8)) - {today().isoweekday()}, by=MACHINE)
    assert others(alpha, alpha.nurse_role) == []


def test_a_neighbour_by_agreement_and_a_substitute_are_said_to_be_one(
    alpha: World, clock: time_machine.Traveller, see: Callable[..., str]
) -> None:
    lender = setup.add_employer(name="Nabo kommune", kind="neighbour", by=MACHINE)
    setup.give_post(
        account_id=alpha.people["outsider"], role_id=alpha.nurse_role, school_id=alpha.other_school,
        starts_on=date(2020, 1, 1), ends_on=date(2030, 1, 1), employer_id=lender, agreement="Avtale 7", by=MACHINE,
    )  # fmt: skip
    post = Post.objects.get(account_id=alpha.people["nurse"])
    presence.name_substitutes(post_id=post.pk, account_ids=[alpha.people["other_nurse"]], by=MACHINE)
    clock.move_to(knock(alpha).due_at + timedelta(minutes=90))
    card = nurse_card(see())
    assert "lent by Nabo kommune, by agreement" in card
    assert "named as a substitute here" in card
    assert "Avtale 7" not in card


def test_who_cannot_be_reached_by_mail_is_nobody_to_write_to(
    alpha: World, clock: time_machine.Traveller
) -> None:
    adam = alpha.account("admin")
    assert [one.name for one in administrators_to_ask()] == ["Adam Alfa"]
    tried = {"account": adam, "recipient": str(adam.pk), "template": "x", "language": "nb"}
    Message.objects.create(cause="one", state=Message.State.FAILED, **tried)
    assert administrators_to_ask() == []
    later = clock.shift(timedelta(minutes=5))
    assert later is None
    from kernel import clock as now

    Message.objects.create(cause="two", state=Message.State.SENT, sent_at=now.now(), **tried)
    assert [one.name for one in administrators_to_ask()] == ["Adam Alfa"]
    away(alpha, "admin")
    assert administrators_to_ask() == []


@pytest.mark.parametrize("who", ["lead"])
def test_a_lead_of_another_school_reads_nobody(
    lead_of_solhaug: World, clock: time_machine.Traveller, see: Callable[..., str], who: str
) -> None:
    alpha = lead_of_solhaug
    clock.move_to(knock(alpha, school_id=alpha.other_school).due_at + timedelta(minutes=90))
    assert not cards(see(who))


def test_a_school_where_nobody_holds_a_post_is_said_once(alpha: World, see: Callable[..., str]) -> None:
    setup.add_school(name="Nyskolen", form="compulsory", by=MACHINE)
    body = see()
    assert "Nyskolen: nobody holds a post there yet" in body
    assert "Give somebody a post" not in body
    assert "Give somebody a post" in see("admin")
    assert (
        Account.objects.filter(name__in=re.findall(r"[A-Z]\w+ Alfa", "".join(cards(body).values()))).count()
        == 0
    )
