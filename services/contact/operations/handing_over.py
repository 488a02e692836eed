"""Handing a request over: offer, accept, decline, withdraw, and the student's no.

While it is offered, the one who has it answers. Accepting moves the request, its clocks and its words (from where the
student agreed) to the receiver in one transaction; before and after it is exactly one person's or one door's.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import MACHINE, Actor
from kernel.audit.operations import record
from kernel.errors import Conflict, FieldError, Invalid, NotFound
from kernel.people.models import Account
from kernel.permissions import allowed, require
from services.contact import machine, notices, turning_points
from services.contact.handover_queries import (
    Choice,
    beginnings,
    choices,
    is_unread,
    last_number,
    said_no_to,
    standing_handover,
    unread_since,
    who_may_answer,
    written_since,
)
from services.contact.holding import holder_of
from services.contact.models import SUBJECT, ContactRequest, Handover, HandoverDecline
from services.contact.operations.fetching import account_of, locked
from services.contact.operations.handing_on import give_to
from services.contact.operations.handover_ends import KIND, back, give_a_clock, step
from services.contact.rules import tidy, too_long
from services.contact.said_no import doors_said_no_to
from services.promises import operations as promises
from services.promises.models import Promise
from services.promises.queries import next_reply, promises_of
from tenants.presence.queries import roster_now
from tenants.setup.actors import today
from tenants.walls.operations import end_grants
from tenants.walls.policy import may_hand_over

REASON_LIMIT, SUMMARY_LIMIT = 1000, 4000


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who is asked: a person (the post of theirs that stands nearest, unless role and school say which), or
    (account_id None) a role at a school."""

    account_id: UUID | None = None
    role_id: UUID | None = None
    school_id: UUID | None = None


@transaction.atomic
def offer_handover(
    *,
    by: Actor,
    request_id: UUID,
    to: Receiver,
    reason: str,
    shares: str,
    agreement: str,
    summary: str = "",
    walk_along: bool = False,
    by_law: bool = False,
    law: str = "",
) -> Handover:
    """Offer the request I have, with a reason, and what of the words follows. I answer until somebody accepts.

    A promise begins, by the receiving door's guarantee: within it somebody there has accepted and reached the
    student. `by_law`: into another circle without the student's yes, where the law opens by the written reason; never
    by default. `law` is which, as it is cited, for the audit. Raises NotFound, NotAllowed (somebody else has it),
    Conflict (closed, offered already, the receiver of an earlier one has not reached the student, something unread),
    Invalid (to, reason, shares, agreement, summary, by_law).
    """
    request = locked(by, request_id, "offer_handover")
    _refuse_offering(request)
    choice, allowed_by = _checked(by, request, to, reason, shares, agreement, summary, by_law)
    now = clock.now()
    handover = Handover(
        request=request,
        number=Handover.objects.filter(request=request).count() + 1,
        from_account_id=account_of(by),
        from_role_id=request.role_id,
        from_school_id=request.school_id,
        to_account_id=choice.account_id,
        to_role_id=choice.role_id,
        to_school_id=choice.school_id,
        shares=shares,
        agreement=agreement,
        allowed_by=allowed_by,
        walk_along=walk_along,
        numbered=last_number(request),
        offered_at=now,
    )
    handover.reason = tidy(reason)
    handover.summary = tidy(summary) if shares == Handover.Shares.SUMMARY else None
    handover.promise = promises.give(
        by=by,
        kind=Promise.Kind.HANDOVER,
        subject_kind=KIND,
        subject_id=handover.pk,
        school_id=choice.school_id,
        role_id=choice.role_id,
        opened_at=now,
    )
    handover.save(force_insert=True)
    record(
        by=by,
        verb="contact.offer_handover",
        kind=SUBJECT,
        object_id=request.pk,
        handover=str(handover.pk),
        to=str(choice.account_id) if choice.account_id else None,
        role=str(choice.role_id),
        shares=shares,
        agreement=agreement,
        allowed_by=allowed_by,
        **({"law": law} if law and allowed_by == "law_opens" else {}),
    )
    notices.offered(request, handover, who_may_answer(handover))
    turning_points.tell_news(request)
    return handover


def _refuse_offering(request: ContactRequest) -> None:
    if not request.is_open:
        raise Conflict(_("This is closed. The student can open it again."), code="closed")
    live = (
        Handover.objects.filter(request=request, state__in=machine.LIVE)
        .values_list("state", flat=True)
        .first()
    )
    if live == "offered":
        raise Conflict(_("This is offered to somebody already. Take that back first."), code="offered")
    if live == "accepted":
        raise Conflict(_("The student waits for your first word. Write or call first."), code="accepted")
    if is_unread(request):
        raise Conflict(
            _("The student has written something new. Read it first, then hand over."), code="unread"
        )


def _checked(
    by: Actor,
    request: ContactRequest,
    to: Receiver,
    reason: str,
    shares: str,
    agreement: str,
    summary: str,
    by_law: bool,
) -> tuple[Choice, str]:
    """Whom it goes to, and what allows it. Raises Invalid with every wrong field."""
    errors = [*_words_wrong(reason, shares, summary)]
    known = choices(by, request)
    is_said = to.account_id is not None or to.role_id is not None
    choice = known.find(to.account_id, to.role_id, to.school_id) if is_said else None
    if choice is None:
        errors.append(FieldError("to", _("Choose somebody from the list. Others cannot be asked today.")))
    if agreement not in Handover.Agreement.values:
        errors.append(FieldError("agreement", _("Choose how the student agreed.")))
    allowed_by = ""
    if choice is not None and shares in Handover.Shares.values and agreement in Handover.Agreement.values:
        decision = may_hand_over(
            same_circle=choice.same_circle,
            reason_is_enough=known.sharing is not None and known.sharing.by_reason,
            agreed=agreement != Handover.Agreement.NONE,
            shares=shares,  # type: ignore[arg-type]  # checked against the choices just above
        )
        allowed_by = decision.why
        if not decision:
            errors.append(FieldError("agreement", _why_not(decision.why)))
        elif agreement == Handover.Agreement.NONE and (no := _no_of_the_student(request, choice)):
            errors.append(FieldError("agreement", no))
        elif decision.why == "law_opens" and not by_law:
            errors.append(
                FieldError("by_law", _("Ask the student first, or say by which law it may follow."))
            )
    if errors or choice is None:
        raise Invalid(errors)
    return choice, allowed_by


def _no_of_the_student(request: ContactRequest, choice: Choice) -> str:
    """Why it is not offered there unasked; "" where the student has said no to neither."""
    if choice.account_id in said_no_to(request.pk):
        return _("The student said no to this person. Ask the student first.")
    if choice.door in doors_said_no_to(request.pk):
        return _("The student said no to this role. Ask the student first.")
    return ""


def _words_wrong(reason: str, shares: str, summary: str) -> list[FieldError]:
    errors = []
    if not 3 <= len(tidy(reason)) <= REASON_LIMIT:
        errors.append(FieldError("reason", _("Write why, in 3 to 1,000 characters.")))
    if shares not in Handover.Shares.values:
        errors.append(FieldError("shares", _("Choose what follows of what was written.")))
    elif shares == Handover.Shares.SUMMARY and not tidy(summary):
        errors.append(FieldError("summary", _("Write the summary.")))
    elif shares == Handover.Shares.SUMMARY and len(tidy(summary)) > SUMMARY_LIMIT:
        errors.append(FieldError("summary", too_long(len(tidy(summary)), SUMMARY_LIMIT)))
    return errors


def _why_not(why: str) -> str:
    if why == "everything_needs_agreement":
        return _("Everything follows only when the student agrees. Ask first, or share less.")
    return _("Another duty of secrecy applies there. Ask the student first.")


@transaction.atomic
def accept_handover(*, by: Actor, handover_id: UUID, keep_meeting: bool | None = None) -> Handover:
    """Take it over: from now on I answer. Again by me: fine.

    `keep_meeting`: whether I come to what is agreed with the student, instead of whoever had it; None: if I can. Called
    off, the student is told, and is promised another time.

    Raises NotFound for whom it is not offered to; Conflict when somebody was faster, when it is offered no more, when
    the student has written what only the one who has it may read, or ("meeting") when I cannot come to what I keep.
    """
    handover = _fetched(by, handover_id, "answer_handover")
    if handover.accepted_by_id == by.id and handover.state in machine.IN_FORCE:
        return handover
    _refuse_what_is_over(handover)
    request = _with_what_is_overdue_broken(handover)
    onward = handover.shares in (Handover.Shares.ONWARD, Handover.Shares.EVERYTHING)
    if not onward and is_unread(request):
        raise Conflict(
            _("The student has just written to the one who has this. It must be read first."), code="unread"
        )
    now, giver = clock.now(), holder_of(request)
    opens = machine.opens_after(
        handover.shares,
        giver=beginnings([request.pk])[request.pk],
        offered=handover.numbered,
        now=last_number(request),
    )
    _move(by, request, handover.to_role_id, handover.to_school_id)
    turning_points.tell_handed_over(request, account_of(by), keep_meeting)
    give_to(request, Account.objects.get(pk=account_of(by)))
    promise = promises.pass_to(
        by=by, promise_id=handover.promise_id, subject_kind=SUBJECT, subject_id=request.pk
    )
    step(
        by,
        handover,
        "accept",
        at=now,
        accepted_by_id=by.id,
        accepted_at=now,
        open_after=opens,
        accepted_after=last_number(request),
        promise=promise,
    )
    end_grants(by=by, case_key_id=request.case_key_id)
    notices.taken_over(request, handover, giver)
    turning_points.tell_news(request)
    return handover


def _with_what_is_overdue_broken(handover: Handover) -> ContactRequest:
    """The locked request after the sweep, had it been here: what broke may have given it to somebody else."""
    promises.break_overdue(by=MACHINE, subject_id=handover.request_id)
    handover.request = _locked(handover.request_id)
    return handover.request


def _locked(request_id: UUID) -> ContactRequest:
    return (
        ContactRequest.objects.select_for_update(of=("self",)).select_related("case_key").get(pk=request_id)
    )


def _refuse_what_is_over(handover: Handover) -> None:
    if handover.state in machine.IN_FORCE and handover.accepted_by is not None:
        name = handover.accepted_by.get_short_name()
        raise Conflict(_("%(name)s has taken this over.") % {"name": name}, code="taken")
    if handover.state != "offered":
        raise Conflict(_("This is offered no more. It stays with the one who has it."), code="over")
    if handover.promise.due_at < clock.now():
        raise Conflict(_("The time to answer is over. It stays with the one who has it."), code="over")


def _move(by: Actor, request: ContactRequest, role_id: UUID, school_id: UUID) -> None:
    """To another door, with every clock that runs: none of them begins anew."""
    turning_points.tell_moves(request, role_id, school_id)
    request.role_id, request.school_id = role_id, school_id
    request.save(update_fields=["role", "school"])
    promises.follow(by=by, subject_id=request.pk, school_id=school_id, role_id=role_id)


@transaction.atomic
def decline_handover(*, by: Actor, handover_id: UUID, why: str = "") -> Handover:
    """Say no, with or without a reason. Of a role the others are asked on; when nobody is left it is back.

    Again: fine. Raises NotFound, Conflict (taken over, or offered no more), Invalid (why).
    """
    handover = _fetched(by, handover_id, "answer_handover")
    if handover.declines.filter(account_id=account_of(by)).exists():
        return handover
    _refuse_what_is_over(handover)
    said = tidy(why)
    if len(said) > REASON_LIMIT:
        raise Invalid([FieldError("why", too_long(len(said), REASON_LIMIT))])
    decline = HandoverDecline(handover=handover, account_id=account_of(by), at=clock.now())
    decline.why = said or None
    decline.save(force_insert=True)
    record(by=by, verb="contact.decline_handover", kind=KIND, object_id=handover.pk)
    if not who_may_answer(handover):
        back(by, handover, "decline")
    return handover


@transaction.atomic
def withdraw_handover(*, by: Actor, handover_id: UUID) -> Handover:
    """Take the offer back: it stays with the one who has it. Again: fine.

    Raises NotFound, NotAllowed (neither has it nor offered it), Conflict (taken over already).
    """
    handover = _fetched(by, handover_id, "withdraw_handover")
    if handover.state in machine.BACK:
        return handover
    if handover.state in machine.IN_FORCE:
        _refuse_what_is_over(handover)
    back(by, handover, "withdraw")
    return handover


@transaction.atomic
def refuse_handover(
    *,
    by: Actor,
    request_id: UUID,
    number: int | None = None,
    all_since: bool = False,
    unread_too: bool | None = None,
) -> Handover | None:
    """The student does not want the new adult: it stays with the old one, or goes back to them.

    Back with the old one, what was written with the new one is closed to them, unless the student opens it: all of it,
    or (`unread_too`) what the new one has not read. `number`: which handover is meant, so that a no is never about
    somebody else than the student was asked about. None when there is nothing to say no to (any more). Raises Invalid
    (unread) while something is unread and the student has not said who may read it: nothing is lost unasked.
    """
    request = locked(by, request_id, "refuse_handover")
    meant = _meant(request, number)
    if meant is None or not request.is_open or machine.after(meant.state, "refuse") is None:
        return None
    handover = Handover.objects.select_for_update(of=("self",)).get(pk=meant.pk)
    handover.request = request
    if handover.state == "offered":
        back(by, handover, "refuse")
    else:
        _give_back(by, handover, _what_returns(handover, all_since, unread_too))
    return handover


def _meant(request: ContactRequest, number: int | None) -> Handover | None:
    """What the no is about. Unsaid which, a no that was said just before is the same no."""
    standing = standing_handover(request.pk)
    if standing is None or number is not None:
        return standing if standing and standing.number == number else None
    newest = Handover.objects.filter(request=request).order_by("-number").values_list("state", flat=True)
    return None if newest[0] == "refused" else standing


def _what_returns(handover: Handover, all_since: bool, unread_too: bool | None) -> Handover.Returned:
    if all_since:
        return Handover.Returned.ALL
    if unread_too is None and unread_since(handover).exists():
        raise Invalid(unread=_("Choose whether they may read it."))
    return Handover.Returned.UNREAD if unread_too else Handover.Returned.NOTHING


def _give_back(by: Actor, handover: Handover, returned: Handover.Returned) -> None:
    """From the receiver to the one who had it, if they still answer at their door; else to that door."""
    request, now, receiver = _with_what_is_overdue_broken(handover), clock.now(), handover.accepted_by
    left_by = holder_of(request) or receiver
    promises.end(by=MACHINE, subject_id=request.pk, kinds=(Promise.Kind.HANDOVER,), at=now)
    _keep_apart(handover, returned)
    step(by, handover, "refuse", at=clock.this_minute(), returned=returned)
    _move(by, request, handover.from_role_id, handover.from_school_id)
    give_to(request, _who_had_it(handover))
    reply = next_reply(promises_of(request.pk))
    if (
        reply is not None and reply.broken_at is None
    ):  # whoever has it again owes a word, and cannot say that none is
        promises.turn_into(by=MACHINE, promise_id=reply.pk, kind=Promise.Kind.HANDOVER)
    promise = give_a_clock(request, now)
    end_grants(by=by, case_key_id=request.case_key_id)
    notices.handover_is_back(request, handover, promise)
    if left_by is not None:
        notices.no_more_yours(request, handover, [left_by.pk])


def _keep_apart(handover: Handover, returned: Handover.Returned) -> None:
    """Close what was written with the receiver to everybody who has the request after them."""
    since = written_since(handover)
    if returned == Handover.Returned.ALL:
        return
    if returned == Handover.Returned.UNREAD:
        since = since.exclude(pk__in=unread_since(handover).values("pk"))
    since.update(is_apart=True)


def _who_had_it(handover: Handover) -> Account | None:
    """The one who offered it, when they answer at its door today and are not away."""
    request, giver = handover.request, handover.from_account
    roster, day = roster_now(), today()
    there = roster.present(request.role_id, request.school_id, day)
    holds = [post.account_id for post in roster.holders(request.role_id, request.school_id, day)]
    aside = request.recusals.filter(account=giver, undone_at__isnull=True).exists()
    is_there = giver.pk in there or (giver.pk in holds and not roster.is_away(giver.pk, day))
    return giver if is_there and giver.is_active and not aside else None


def _fetched(by: Actor, handover_id: UUID, verb: str) -> Handover:
    """The handover, its request locked before it. Not there for whom it is none of their business: NotFound."""
    about = Handover.objects.filter(pk=handover_id).values_list("request_id", flat=True).first()
    if about is None:
        raise NotFound()
    request = _locked(about)
    names = ("accepted_by", "from_account", "promise")
    found = Handover.objects.select_for_update(of=("self",)).select_related(*names)
    handover = found.get(pk=handover_id)
    handover.request = request
    if not allowed(by, "contact.see_handover", handover):
        raise NotFound()
    require(by, f"contact.{verb}", handover)
    return handover


__all__ = [
    "REASON_LIMIT",
    "SUMMARY_LIMIT",
    "Receiver",
    "accept_handover",
    "decline_handover",
    "offer_handover",
    "refuse_handover",
    "withdraw_handover",
]
