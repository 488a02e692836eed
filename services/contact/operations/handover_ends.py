"""How a handover comes to an end: back with the one who had it, done with the first contact, or with its request.

Every function here writes in the transaction of an act that has locked the request first.
"""

from datetime import datetime

from django.db.models import Q

from kernel import clock
from kernel.actor import MACHINE, Actor
from kernel.audit.operations import record
from kernel.errors import Unavailable
from services.contact import machine, notices, turning_points
from services.contact.handover_queries import who_may_answer
from services.contact.machine import Act
from services.contact.models import SUBJECT, ContactRequest, Handover
from services.promises import operations as promises
from services.promises.models import STANDING, Promise

KIND = "handover"


def step(by: Actor, handover: Handover, act: Act, *, at: datetime, **fields: object) -> bool:
    """Let `act` happen to the locked handover, by the table (machine.py). False when it cannot (any more)."""
    following = machine.after(handover.state, act)
    if following is None:
        return False
    handover.state = following
    if following not in ("accepted", "contacted"):
        handover.ended_at = at
    for name, value in fields.items():
        setattr(handover, name, value)
    handover.save(update_fields=["state", "ended_at", *fields])
    record(by=by, verb=f"contact.handover_{act}", kind=KIND, object_id=handover.pk, state=following)
    return True


def back(by: Actor, handover: Handover, act: Act) -> bool:
    """It was offered and stays with the one who has it: the student gets a clock that runs for the one who answers now,
    and nobody need find out by themselves. What the offer promised them is not put off by that: it ran out and waits
    with the request, or the new one is due no later. False when it cannot (any more).
    """
    request, now = handover.request, clock.now()
    if not step(by, handover, act, at=clock.this_minute() if by.kind == "student" else now):
        return False
    promised = handover.promise
    if act == "expire":
        promises.pass_to(by=MACHINE, promise_id=promised.pk, subject_kind=SUBJECT, subject_id=request.pk)
        give_a_clock(request, now)
    else:
        promises.end(by=MACHINE, subject_id=handover.pk, at=now)
        give_a_clock(request, now, latest=promised.due_at if promised.due_at > now else None)
    if act != "withdraw":
        notices.handover_is_back(request, handover)
    if act in ("decline", "lapse", "expire"):
        turning_points.tell_news(request)
    if act in ("decline", "lapse"):
        notices.leads_hear_of_no(request, handover)
    if act in ("withdraw", "refuse"):
        notices.no_more_yours(request, handover, who_may_answer(handover))
    return True


def give_a_clock(
    request: ContactRequest,
    at: datetime,
    kind: Promise.Kind = Promise.Kind.HANDOVER,
    *,
    latest: datetime | None = None,
) -> Promise | None:
    """The student waits for a word of the one who has it (or of the door), or for a reply: promise it, when nothing
    runs. What broke runs no more. `latest`: by when they were promised it already; what is due later is not enough.

    A calendar that cannot say when keeps no offer from ending, and no words out.
    """
    runs = Promise.objects.filter(STANDING, subject_id=request.pk)
    if latest is not None:
        runs = runs.filter(due_at__lte=latest)
    if runs.exists() or not request.is_open:
        return None
    if latest is not None:  # two of a kind never stand: the later one gives way
        promises.end(by=MACHINE, subject_id=request.pk, kinds=(kind,), at=at)
    try:
        return promises.give(
            by=MACHINE,
            kind=kind,
            subject_kind=SUBJECT,
            subject_id=request.pk,
            school_id=request.school_id,
            role_id=request.role_id,
            opened_at=at,
            latest=latest,
        )
    except Unavailable:
        return None


def receiver_reached_the_student(
    by: Actor, request: ContactRequest, answered: list[Promise], at: datetime
) -> None:
    """The receiver reached the student: the clock that the student saw has stopped."""
    accepted = Handover.objects.select_for_update().filter(request=request, state="accepted").first()
    if accepted is not None and accepted.promise_id in {promise.pk for promise in answered}:
        step(by, accepted, "contact", at=at, contacted_at=at)


def first_word_was_taken_back(by: Actor, request: ContactRequest, at: datetime) -> None:
    """What reached the student at exactly that instant did not: they wait for the first word again."""
    reached = (
        Handover.objects.select_for_update()
        .filter(request=request, state="contacted", contacted_at=at)
        .first()
    )
    if reached is not None:
        step(by, reached, "unsay", at=at, contacted_at=None)


def hangs_on_a_handover(request: ContactRequest, number: int) -> bool:
    """Whether what somebody may read was counted from this message or a later one: it cannot be taken away."""
    counted = Q(numbered__gte=number) | Q(open_after__gte=number) | Q(accepted_after__gte=number)
    return Handover.objects.filter(counted, request=request).exists()


def close_with_request(by: Actor, request: ContactRequest) -> None:
    """The request is closed or taken back: nobody is asked any more to take it over."""
    live = Handover.objects.select_for_update().filter(request=request, state__in=machine.LIVE).first()
    if live is None:
        return
    live.request = request
    was_offered, asked = live.state == "offered", who_may_answer(live)
    now = clock.this_minute() if by.kind == "student" else clock.now()
    step(by, live, "close", at=now)
    if was_offered:
        promises.end(by=by, subject_id=live.pk, at=now)
        notices.no_more_yours(request, live, asked)


def settle_offer(by: Actor, request: ContactRequest) -> None:
    """Somebody else has the locked request now, or stepped aside: an offer to the one who has it already is none
    any more, and one that nobody is left to answer goes back, without a no of anybody.
    """
    offered = Handover.objects.select_for_update().filter(request=request, state="offered").first()
    if offered is None:
        return
    offered.request = request
    if offered.to_account_id is not None and offered.to_account_id == request.taken_by_id:
        back(by, offered, "withdraw")
    elif not who_may_answer(offered):
        back(by, offered, "lapse")
