"""Raise a worry, write down what was done, correct it, close it, open it again. Nothing is sent to anybody."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.errors import Conflict, FieldError, Invalid, NotFound, violated
from kernel.guarantee import CountedHours
from kernel.permissions import require
from kernel.tenancy import require_current
from services.contact import operations as contact
from services.contact.handover_queries import closed_spans
from services.contact.holding import holder_of
from services.contact.queries import visible_to
from services.contact.rules import tidy
from services.promises import operations as promises
from services.promises.models import Promise
from services.worry import queries, rules
from services.worry.models import SUBJECT, Step, Worry
from services.worry.operations.reading import is_open
from services.worry.rules import Said

#: How far back something that was done counts against the clock.
COUNTS_WITHIN = timedelta(minutes=60)


@transaction.atomic
def raise_worry(*, by: Actor, request_id: UUID, urgency: str) -> Worry:
    """ "I am worried": its clock runs from now, with whoever has the case. To be worried about what nobody has is to
    take it. Raised again while one is open: that one; danger now makes a waiting one urgent.

    Raises NotFound, NotAllowed, Conflict when a colleague has the case, Invalid (urgency).
    """
    request = visible_to(by).select_for_update(of=("self",)).filter(pk=request_id).first()
    if request is None:
        raise NotFound()
    if urgency not in Worry.Urgency.values:
        raise Invalid(urgency=_("Choose whether somebody is in danger now."))
    if request.is_open and holder_of(request) is None:
        require(by, "worry.take_and_raise", request)
        contact.take(by=by, request_id=request_id)
        request = visible_to(by).get(pk=request_id)
    require(by, "worry.raise", request)
    worry = Worry.objects.select_for_update().filter(request=request, closed_at__isnull=True).first()
    if worry is not None:
        return _more_urgent(by, worry, urgency)
    now = clock.now()
    worry = Worry.objects.create(
        request=request, urgency=urgency, raised_by_id=_account_id(by), raised_at=now
    )
    duties = [duty.key for duty in queries.duties_for(by, request)]
    record(by=by, verb="worry.raise", kind=SUBJECT, object_id=worry.pk, urgency=urgency, duties=duties)
    start_clock(by, worry, now)
    return worry


def _more_urgent(by: Actor, worry: Worry, urgency: str) -> Worry:
    """An open worry that has become one of danger gets the shorter clock; never a longer one."""
    if urgency != Worry.Urgency.NOW or worry.urgency == Worry.Urgency.NOW:
        return worry
    now = clock.now()
    worry.urgency = urgency
    worry.save(update_fields=["urgency"])
    record(by=by, verb="worry.raise", kind=SUBJECT, object_id=worry.pk, urgency=urgency, duties=[])
    promises.break_overdue(by=by, subject_id=worry.pk)
    runs = queries.standing(worry)
    if runs is None or runs.due_at > queries.due_for(urgency, now):
        promises.end(by=by, subject_id=worry.pk, at=now)
        start_clock(by, worry, now)
    return worry


def start_clock(by: Actor, worry: Worry, now: datetime, *, until: datetime | None = None) -> Promise:
    """A decision is promised, by the municipality's time for this urgency; at the latest `until`."""
    about: dict[str, Any] = {
        "kind": Promise.Kind.WORRY,
        "subject_kind": SUBJECT,
        "subject_id": worry.pk,
        "school_id": worry.request.school_id,
        "role_id": worry.request.role_id,
    }
    due = queries.due_for(worry.urgency, now)
    if until is not None and until < due:
        return promises.give_until(by=by, due_at=until, **about)
    if worry.urgency == Worry.Urgency.NOW:
        return promises.give_until(by=by, due_at=due, **about)
    return promises.give(by=by, opened_at=now, guarantee=CountedHours(queries.times()[0]), **about)


@transaction.atomic
def record_step(*, by: Actor, worry_id: UUID, said: Said) -> Step:
    """Write down who was told, when and by whom: that is the decision, and its clock stops. Nobody yet: it is
    talked over with somebody, and a new clock runs. Who raised it writes down whom they told also when the case has
    gone to somebody else: the duty is each person's own.

    Raises NotFound, NotAllowed, Conflict when closed, Invalid.
    """
    worry = _locked(by, worry_id, verb="worry.record")
    _refuse_when_closed(worry)
    if said.recipient == Step.Recipient.NOBODY:
        require(by, "worry.decide", worry)
    step = _write(by, worry, said)
    _stop_the_clock(by, worry, step)
    return step


@transaction.atomic
def correct_step(*, by: Actor, worry_id: UUID, step_id: UUID, said: Said) -> Step:
    """The same step, said right. The old one stays and is shown as corrected. Raises NotFound for one that is closed to
    me, Conflict the second time."""
    worry = _locked(by, worry_id)
    old = Step.objects.filter(pk=step_id, worry=worry).first()
    if old is None or not is_open(by, old, closed_spans(worry.request_id)):
        raise NotFound()
    if said.done_at is None:
        said = _at(said, old.done_at)
    try:
        with transaction.atomic():
            step = _write(by, worry, said, corrects=old)
    except IntegrityError as error:
        if violated(error) == "a_step_is_corrected_once":
            raise Conflict(
                _("This has been corrected already. Load the page again."), code="corrected"
            ) from error
        raise
    if worry.is_open:
        _stop_the_clock(by, worry, step)
    return step


def _at(said: Said, at: datetime) -> Said:
    """The time of the old step, where the correction names none: as far back as it may be written."""
    return replace(said, done_at=max(at, clock.now() - rules.WRITTEN_WITHIN))


def _write(by: Actor, worry: Worry, said: Said, *, corrects: Step | None = None) -> Step:
    now = clock.now()
    said = rules.checked(said, country=require_current().country, now=now)
    last = Step.objects.filter(worry=worry).aggregate(last=Max("number"))["last"] or 0
    step = Step(
        worry=worry,
        number=last + 1,
        corrects=corrects,
        by_id=_account_id(by),
        recorded_at=now,
        done_at=said.done_at or now,
        recipient=said.recipient,
        student_first=said.student_first,
        told=said.told,
        ground=said.ground,
    )
    for name in ("who", "words", "why_not_first", "because"):
        setattr(step, name, getattr(said, name) or None)
    step.save(force_insert=True)
    record(
        by=by,
        verb="worry.correct_step" if corrects else "worry.record_step",
        kind=SUBJECT,
        object_id=worry.pk,
        step=str(step.pk),
        recipient=step.recipient,
        told=step.told,
        ground=step.ground,
    )
    return step


def _stop_the_clock(by: Actor, worry: Worry, step: Step) -> None:
    """Every clock that still waits is answered. Nobody told yet: the next one starts, once; talked over again (or said
    right again), the one that runs runs on. Nobody moves it any further by talking.
    """
    now = clock.now()
    promises.break_overdue(by=by, subject_id=worry.pk)
    if step.recipient == Step.Recipient.NOBODY and queries.was_talked_over(worry, before=step):
        return
    counts_at = max(step.done_at, now - COUNTS_WITHIN)
    waiting = Promise.objects.filter(subject_id=worry.pk, answered_at__isnull=True, ended_at__isnull=True)
    for promise in waiting.order_by("opened_at"):
        at = max(counts_at, promise.opened_at)
        promises.keep(by=by, promise_id=promise.pk, at=at, outcome=Promise.Outcome.NONE)
    if step.recipient == Step.Recipient.NOBODY:
        start_clock(by, worry, now)


@transaction.atomic
def close(*, by: Actor, worry_id: UUID, outcome: str, came_of_it: str = "") -> Worry:
    """It is over, with what came of it. Closing without a step is a decision too, and needs words.

    Closed already: nothing happens. Raises NotFound, NotAllowed, Invalid.
    """
    worry = _locked(by, worry_id)
    if not worry.is_open:
        return worry
    words = tidy(came_of_it)
    errors = []
    if outcome not in Worry.Outcome.values or not outcome:
        errors.append(FieldError("outcome", _("Choose what came of it.")))
    if len(words) > rules.LONGEST:
        errors.append(FieldError("came_of_it", _("At most %(most)s characters.") % {"most": rules.LONGEST}))
    if not words and not Step.objects.filter(worry=worry).exclude(recipient="nobody").exists():
        errors.append(FieldError("came_of_it", _("Nobody was told. Write in a few words why that is right.")))
    if errors:
        raise Invalid(errors)
    now = clock.now()
    promises.break_overdue(by=by, subject_id=worry.pk)
    waiting = Promise.objects.filter(subject_id=worry.pk, answered_at__isnull=True, ended_at__isnull=True)
    for promise in waiting:
        promises.keep(
            by=by, promise_id=promise.pk, at=max(now, promise.opened_at), outcome=Promise.Outcome.NONE
        )
    worry.closed_at, worry.outcome, worry.came_of_it = now, outcome, words or None
    worry.ended_at, worry.ended_by_id = now, _account_id(by)
    worry.save(update_fields=["closed_at", "outcome", "came_of_it", "ended_at", "ended_by"])
    record(by=by, verb="worry.close", kind=SUBJECT, object_id=worry.pk, outcome=outcome)
    return worry


@transaction.atomic
def reopen(*, by: Actor, worry_id: UUID) -> Worry:
    """It is not over: a new clock runs, or, opened again before the last one would have run out, that one to its
    end. Open already: nothing happens. Raises Conflict when another one of the case is open."""
    worry = _locked(by, worry_id)
    if worry.is_open:
        return worry
    now, last = clock.now(), queries.clock_of(worry)
    worry.closed_at, worry.outcome = None, Worry.Outcome.NONE
    try:
        with transaction.atomic():
            worry.save(update_fields=["closed_at", "outcome"])
    except IntegrityError as error:
        raise Conflict(_("Another worry about this student is open. Go on there."), code="open") from error
    record(by=by, verb="worry.reopen", kind=SUBJECT, object_id=worry.pk)
    start_clock(by, worry, now, until=last.due_at if last and last.due_at > now else None)
    return worry


def _locked(by: Actor, worry_id: UUID, *, verb: str = "worry.decide") -> Worry:
    """The worry, locked until the transaction ends. What `by` cannot see does not exist: NotFound."""
    seen = queries.visible_to(by).filter(pk=worry_id).values("pk")
    rows = Worry.objects.select_for_update(of=("self",)).select_related("request__case_key")
    worry = rows.filter(pk__in=seen).first()
    if worry is None:
        raise NotFound()
    require(by, verb, worry)
    return worry


def _account_id(by: Actor) -> UUID:
    if by.id is None:
        raise ValueError("a helper has an account")
    return by.id


def _refuse_when_closed(worry: Worry) -> None:
    if not worry.is_open:
        raise Conflict(_("This worry is closed. Open it again to go on."), code="closed")
