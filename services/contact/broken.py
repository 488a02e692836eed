"""What follows when the promise about a contact request breaks: somebody of the same role and secrecy circle who
is there takes over by themselves; is there nobody, it is free and all who may answer are told. Another role
learns nothing: it is offered to the student."""

from uuid import UUID

from kernel import clock
from kernel.actor import MACHINE
from kernel.audit.operations import record
from services.contact import notices, turning_points
from services.contact.agreed import agreed_with
from services.contact.handover_queries import kept_out
from services.contact.holding import holder_of
from services.contact.models import SUBJECT, ContactAttempt, ContactRequest
from services.contact.operations.handing_on import give_to
from services.contact.operations.handover_ends import settle_offer
from services.contact.taking_over import who_takes_over
from services.contact.wishes import person_of
from services.promises.models import Promise
from services.promises.subjects import About


def lock(request_id: UUID) -> bool:
    """Lock the request before its promise, as every helper's act does; False when somebody is at it now."""
    return ContactRequest.objects.select_for_update(skip_locked=True).filter(pk=request_id).exists()


def describe(request_id: UUID) -> About:
    """What a reminder may say of the request: its number, who has it today, and whether anybody waits."""
    request = ContactRequest.objects.select_related("taken_by").get(pk=request_id)
    holder = holder_of(request)
    aside = kept_out(request_id)
    wanted = person_of(request_id) if holder is None else None
    return About(
        request.case_number,
        holder.pk if holder else wanted if wanted not in aside else None,
        request.is_open,
        apart=aside,
        together=notices.together(request),
    )


def on_broken(promise: Promise) -> UUID | None:
    """Runs in the transaction that marks the promise. A closed request stays closed; an answered one stays with the
    one who has answered, if that one is still there. From whom it went; None: it stays, or was nobody's.
    """
    request = ContactRequest.objects.select_for_update(of=("self",)).get(pk=promise.subject_id)
    if not request.is_open:
        return None
    turning_points.tell_news(request)
    is_flood = request.held == ContactRequest.Held.HELD  # nobody is given one: theirs would be under it
    if _stays(request, promise) or _was_given_since(request, promise) or is_flood:
        notices.still_waiting(request, promise)
        return None
    before = request.taken_by_id
    taker = who_takes_over(request)
    if taker is not None:
        give_to(request, taker)
        note = {"from": str(before)} if before else {}
        record(
            by=MACHINE,
            verb="contact.take_over",
            kind=SUBJECT,
            object_id=request.pk,
            to=str(taker.pk),
            why="promise-broken",
            **note,
        )
        settle_offer(MACHINE, request)
        notices.yours_now(taker, request, promise)
        notices.went_on(before, request, promise)
        return before
    if before is not None:
        give_to(request, None)
        note = {"from": str(before), "why": "promise-broken"}
        record(by=MACHINE, verb="contact.release", kind=SUBJECT, object_id=request.pk, **note)
        notices.went_on(before, request, promise)
    notices.still_waiting(request, promise)
    return before


def _stays(request: ContactRequest, promise: Promise) -> bool:
    """Whether it stays with the one who is there and has answered before: late is the answer to what was written since,
    or a next try; and with the one whose time the student has chosen, while it is ahead. Who got it from somebody else
    and has not reached the student yet has answered nothing.
    """
    holder = holder_of(request)
    if holder is not None and agreed_with(request, clock.now()) == holder.pk:
        return True
    if holder is None or request.state != ContactRequest.State.ANSWERED:
        return False
    if promise.kind == Promise.Kind.RETRY:
        return request.attempts.filter(by_id=holder.pk, outcome=ContactAttempt.Outcome.REACHED).exists()
    return promise.kind == Promise.Kind.REPLY


def _was_given_since(request: ContactRequest, promise: Promise) -> bool:
    """Whether the one who is there got it after this ran out, by another promise that broke or by their own act."""
    is_later = request.taken_at is not None and request.taken_at > promise.due_at
    return is_later and holder_of(request) is not None
