"""Whoever no longer answers at a door holds nothing there: their colleagues see it and can take it at once."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine

from kernel.actor import MACHINE, Actor
from kernel.audit.models import Entry
from kernel.clock import now
from kernel.errors import Conflict, NotAllowed, NotFound
from kernel.outbox.models import Message
from kernel.people import operations as accounts
from kernel.people.models import Account, IdentityProvider
from services.contact import operations, queries
from services.contact.holding import holder_of
from services.contact.jobs import free_what_was_left
from services.contact.models import ContactRequest, Handover
from services.contact.operations import Accepted, leaving
from services.promises import operations as promises
from services.promises.models import STANDING, Promise
from services.promises.queries import promises_of
from services.promises.sweep import break_due
from tenants.presence import operations as presence
from tenants.setup import operations as setup
from tenants.setup.actors import today
from tenants.setup.models import Lead, Post
from tenants.setup.operations.claimed import claim_posts
from tests.cast import World
from tests.services.contact.people import knock, reach_and_close, visitor


def is_deactivated(world: World) -> None:
    """Otherwise than by the guided act, which gives everything on (test_away.py)."""
    accounts.deactivate(account_id=world.people["nurse"], by=MACHINE)


def post_ended(world: World) -> None:
    Post.objects.filter(account_id=world.people["nurse"]).update(ends_on="2026-09-14")


def is_inactive(world: World) -> None:
    """With posts that nobody has ended."""
    Account.objects.filter(pk=world.people["nurse"]).update(is_active=False, deactivated_at=now())


def is_away(world: World) -> None:
    """Ill today, and back."""
    presence.begin_absence(
        account_id=world.people["nurse"], first_day=today(), last_day=today() + timedelta(days=9), by=MACHINE
    )


LEAVING = pytest.mark.parametrize("leaves", [is_deactivated, post_ended, is_inactive])
type Leaving = Callable[[World], None]


def row(accepted: Accepted) -> ContactRequest:
    return ContactRequest.objects.get(pk=accepted.request_id)


def answered_by_nora(alpha: World) -> Accepted:
    accepted = knock(alpha)
    operations.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Hei")
    return accepted


def told_since(ids: set[UUID]) -> list[tuple[str, UUID]]:
    new = Message.objects.exclude(pk__in=ids)
    return sorted((message.template, message.account_id) for message in new)


def queued() -> set[UUID]:
    return set(Message.objects.values_list("pk", flat=True))


@LEAVING
def test_a_colleague_takes_over_what_somebody_left_behind(alpha: World, leaves: Leaving) -> None:
    accepted, second = answered_by_nora(alpha), alpha.actor("second_nurse")
    with pytest.raises(Conflict):
        operations.take(by=second, request_id=accepted.request_id)
    leaves(alpha)
    operations.take(by=second, request_id=accepted.request_id)
    assert row(accepted).taken_by_id == second.id
    took = Entry.objects.filter(verb="contact.take", object_id=str(accepted.request_id)).latest("id")
    assert took.details == {"from": str(alpha.people["nurse"])}


@LEAVING
def test_what_somebody_left_behind_waits_in_the_lists_at_once(alpha: World, leaves: Leaving) -> None:
    accepted, second = answered_by_nora(alpha), alpha.actor("second_nurse")
    assert queries.listed(second, "waiting") == []
    assert [one.request.pk for one in queries.taken_by_others(second)] == [accepted.request_id]
    leaves(alpha)
    (waiting,) = queries.listed(second, "waiting")
    assert waiting.request.pk == accepted.request_id
    assert waiting.request.taken_by is None
    assert queries.taken_by_others(second) == []
    one = queries.one(second, accepted.request_id)
    assert one is not None
    assert one.request.taken_by_id is None
    assert row(accepted).taken_by_id == alpha.people["nurse"]  # reading a list writes nothing


@pytest.mark.parametrize("act", ["reply", "close", "release"])
def test_every_act_of_a_colleague_goes_through(alpha: World, act: str) -> None:
    accepted, second = answered_by_nora(alpha), alpha.actor("second_nurse")
    is_deactivated(alpha)
    said = {"reply": {"text": "Hei"}, "close": {"outcome": "not_reached"}, "release": {}}[act]
    if act == "close":  # what the student wrote is read by whoever has it
        operations.take(by=second, request_id=accepted.request_id)
        operations.read_conversation(by=second, request_id=accepted.request_id)
    getattr(operations, act)(by=second, request_id=accepted.request_id, **said)
    assert row(accepted).taken_by_id == (None if act == "release" else second.id)


def test_who_left_reads_and_takes_nothing_any_more(alpha: World) -> None:
    accepted = answered_by_nora(alpha)
    post_ended(alpha)
    for act in (operations.take, operations.read_conversation):
        with pytest.raises(NotFound):
            act(by=alpha.actor("nurse"), request_id=accepted.request_id)


@LEAVING
def test_what_a_student_writes_to_somebody_who_left_reaches_the_colleagues(
    alpha: World, leaves: Leaving
) -> None:
    accepted = answered_by_nora(alpha)
    leaves(alpha)
    before = queued()
    operations.student_writes(by=visitor(accepted), request_id=accepted.request_id, text="Er du der?")
    assert told_since(before) == [("contact/message", alpha.people["second_nurse"])]


@pytest.mark.parametrize("who", ["lead", "admin"])
def test_where_nobody_answers_any_more_those_in_charge_learn_that_a_student_wrote(
    alpha: World, who: str
) -> None:
    accepted = answered_by_nora(alpha)
    Post.objects.filter(role_id=alpha.nurse_role).update(ends_on="2026-09-14")
    if who == "admin":
        Lead.objects.all().delete()
    before = queued()
    operations.student_writes(by=visitor(accepted), request_id=accepted.request_id, text="Hallo?")
    assert told_since(before) == [("contact/nobody_there", alpha.people[who])]


def test_thanks_after_the_end_reaches_the_colleagues_too(alpha: World) -> None:
    accepted = answered_by_nora(alpha)
    reach_and_close(by=alpha.actor("nurse"), request_id=accepted.request_id, outcome="helped")
    is_deactivated(alpha)
    before = queued()
    operations.student_writes(by=visitor(accepted), request_id=accepted.request_id, text="Jeg orker ikke mer")
    assert told_since(before) == [("contact/message", alpha.people["second_nurse"])]


def _promise_a_try(alpha: World, accepted: Accepted, nurse: Actor) -> None:
    """A try promised beside an answered request, as rows from before may have it."""
    promises.give(
        by=nurse,
        kind=Promise.Kind.RETRY,
        subject_kind="contact_request",
        subject_id=accepted.request_id,
        school_id=alpha.school,
        role_id=alpha.nurse_role,
        opened_at=now() + timedelta(minutes=1),
    )


def test_a_broken_try_gives_what_somebody_left_behind_to_a_colleague(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted, nurse = knock(alpha, channel_kind="phone", channel_value="99887766"), alpha.actor("nurse")
    operations.record_contact(by=nurse, request_id=accepted.request_id, kind="phone", outcome="reached")
    _promise_a_try(alpha, accepted, nurse)
    assert row(accepted).state == "answered"
    is_deactivated(alpha)
    clock.move_to(promises_of(accepted.request_id)[0].due_at + timedelta(seconds=1))
    assert break_due().marked == 1
    assert (row(accepted).state, row(accepted).taken_by_id) == ("answered", alpha.people["second_nurse"])


def test_a_broken_try_leaves_an_answered_request_with_the_one_who_is_there(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted, nurse = knock(alpha, channel_kind="phone", channel_value="99887766"), alpha.actor("nurse")
    operations.record_contact(by=nurse, request_id=accepted.request_id, kind="phone", outcome="reached")
    _promise_a_try(alpha, accepted, nurse)
    clock.move_to(promises_of(accepted.request_id)[0].due_at + timedelta(seconds=1))
    assert break_due().marked == 1
    assert row(accepted).taken_by_id == nurse.id


# --- what is over --------------------------------------------------------------------------------------------


def _recorded_and_closed(alpha: World) -> Accepted:
    accepted = answered_by_nora(alpha)
    said = operations.Settling(recorded_in="Journal")
    reach_and_close(by=alpha.actor("nurse"), request_id=accepted.request_id, said=said)
    return accepted


def _reads(alpha: World, accepted: Accepted) -> bool:
    try:
        operations.read_conversation(by=alpha.actor("second_nurse"), request_id=accepted.request_id)
    except NotAllowed:
        return False
    return True


@pytest.mark.parametrize("leaves", [is_deactivated, post_ended, is_inactive, is_away])
def test_no_colleague_reads_what_is_over_and_waits_for_nobody(alpha: World, leaves: Leaving) -> None:
    accepted = _recorded_and_closed(alpha)
    leaves(alpha)
    signe = alpha.actor("second_nurse")
    assert holder_of(row(accepted)) is None
    assert not _reads(alpha, accepted)
    assert [one.request.pk for one in queries.listed(signe, "closed")] == [accepted.request_id]
    operations.student_writes(by=visitor(accepted), request_id=accepted.request_id, still_need_help=True)
    assert _reads(alpha, accepted)


def test_what_a_student_writes_after_the_end_can_be_read_by_who_is_told_of_it(alpha: World) -> None:
    accepted = _recorded_and_closed(alpha)
    is_deactivated(alpha)
    operations.student_writes(by=visitor(accepted), request_id=accepted.request_id, text="Jeg orker ikke mer")
    assert _reads(alpha, accepted)


def test_a_record_that_was_left_can_be_read_until_it_is_written(alpha: World) -> None:
    accepted = answered_by_nora(alpha)
    reach_and_close(by=alpha.actor("nurse"), request_id=accepted.request_id)
    is_away(alpha)  # it is still theirs to write
    assert not _reads(alpha, accepted)
    is_deactivated(alpha)
    assert _reads(alpha, accepted)
    signe = alpha.actor("second_nurse")
    operations.settle_record(
        by=signe, request_id=accepted.request_id, said=operations.Settling(recorded_in="Journal")
    )
    assert not _reads(alpha, accepted)


def test_what_its_student_took_back_is_read_by_nobody(alpha: World) -> None:
    accepted = knock(alpha)
    operations.withdraw(by=visitor(accepted), request_id=accepted.request_id)
    assert not _reads(alpha, accepted)


# --- a post that ends by itself: by its last day, or by what a provider says at a sign-in ---------------------------


def by_its_last_day(world: World, who: str) -> None:
    for post in Post.objects.filter(account_id=world.people[who]):
        setup.end_post(post_id=post.pk, last_day=today(), by=world.actor("admin"))


def by_claims(world: World, who: str) -> None:
    """The provider that gave it names it no more."""
    provider, _made = IdentityProvider.objects.get_or_create(name="Alfa", sealed_secret=b"")
    Post.objects.filter(account_id=world.people[who]).update(claimed_from=provider.pk)
    claim_posts(account_id=world.people[who], provider_id=provider.pk, claims={}, by=MACHINE)


ENDING = pytest.mark.parametrize("ends", [by_its_last_day, by_claims])
type Ending = Callable[[World, str], None]


def wrote_to_nora(alpha: World) -> Accepted:
    accepted = answered_by_nora(alpha)
    operations.read_conversation(by=alpha.actor("nurse"), request_id=accepted.request_id)
    operations.student_writes(by=visitor(accepted), request_id=accepted.request_id, text="Jeg orker ikke mer")
    return accepted


def an_hour_later(clock: time_machine.Traveller) -> None:
    """The day after, and what happens each hour."""
    clock.shift(timedelta(days=1))
    free_what_was_left()


@ENDING
def test_what_a_post_that_ended_leaves_is_told_to_the_door_and_has_a_clock(
    alpha: World, clock: time_machine.Traveller, ends: Ending
) -> None:
    accepted = wrote_to_nora(alpha)
    ends(alpha, "nurse")
    before = queued()
    an_hour_later(clock)
    assert row(accepted).taken_by_id is None
    assert told_since(before) == [("contact/knock", alpha.people["second_nurse"])]
    assert Promise.objects.filter(STANDING, subject_id=accepted.request_id, kind="reply").count() == 1
    entry = Entry.objects.get(verb="contact.hand_on", object_id=str(accepted.request_id))
    assert (entry.details["why"], entry.details["from"]) == ("left", str(alpha.people["nurse"]))
    an_hour_later(clock)
    assert len(told_since(before)) == 1
    operations.take(by=alpha.actor("second_nurse"), request_id=accepted.request_id)


@ENDING
def test_where_nobody_is_left_at_the_door_those_in_charge_are_told(
    alpha: World, clock: time_machine.Traveller, ends: Ending
) -> None:
    Post.objects.filter(account_id=alpha.people["second_nurse"]).update(ends_on="2026-09-14")
    accepted = wrote_to_nora(alpha)
    ends(alpha, "nurse")
    before = queued()
    an_hour_later(clock)
    assert told_since(before) == [("contact/nobody_there", alpha.people["lead"])]
    clock.move_to(Promise.objects.get(STANDING, subject_id=accepted.request_id).due_at + timedelta(minutes=1))
    assert break_due().marked == 1


@ENDING
def test_an_offer_to_somebody_whose_post_ended_goes_back(
    alpha: World, clock: time_machine.Traveller, ends: Ending
) -> None:
    accepted = answered_by_nora(alpha)
    operations.read_conversation(by=alpha.actor("nurse"), request_id=accepted.request_id)
    handover = operations.offer_handover(
        by=alpha.actor("nurse"), request_id=accepted.request_id, reason="Hun vil bytte linje", shares="nothing",
        agreement="in_talk", to=operations.Receiver(account_id=alpha.people["counsellor"]),
    )  # fmt: skip
    ends(alpha, "counsellor")
    before = queued()
    an_hour_later(clock)
    assert Handover.objects.get(pk=handover.pk).state == "declined"
    assert ("contact/handover_back", alpha.people["nurse"]) in told_since(before)


@pytest.mark.parametrize("why", ["away", "stands in", "last day"])
def test_whoever_still_belongs_to_the_door_keeps_what_they_have(
    alpha: World, clock: time_machine.Traveller, why: str
) -> None:
    accepted = wrote_to_nora(alpha)
    if why == "away":
        is_away(alpha)
    elif why == "last day":
        by_its_last_day(alpha, "nurse")
    else:
        post = Post.objects.get(account_id=alpha.people["second_nurse"])
        presence.name_substitutes(post_id=post.pk, account_ids=[alpha.people["nurse"]], by=MACHINE)
        Post.objects.filter(account_id=alpha.people["nurse"]).update(school_id=alpha.other_school)
    before = queued()
    free_what_was_left()
    assert (row(accepted).taken_by_id, told_since(before)) == (alpha.people["nurse"], [])


def test_two_at_once_free_a_request_once(alpha: World, clock: time_machine.Traveller) -> None:
    """The second finds nobody who has it, however far it had come with its list."""
    accepted = wrote_to_nora(alpha)
    post_ended(alpha)
    before = queued()
    assert [leaving._free(MACHINE, accepted.request_id) for _n in range(2)] == [True, False]
    assert len(told_since(before)) == 1
