"""I am worried: the first screen, the worry, its end. Everything that needs words has a page of its own (steps)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock
from kernel.actor import Actor, actor_of
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from kernel.people.identity.assurance import proof_required
from kernel.permissions import allowed
from kernel.tenancy import require_current
from kernel.ui.when import say_when
from services.contact.holding import holder_of
from services.contact.models import ContactRequest
from services.contact.queries import visible_to as cases_of
from services.promises.queries import present
from services.worry import operations, queries
from services.worry.duties import ground
from services.worry.models import Step, Worry
from services.worry.operations import OpenedStep, OpenedWorry
from services.worry.views.frame import page, speaking, with_a_post
from services.worry.views.lines import (
    clock_line,
    danger_numbers,
    decided_line,
    local_lines,
    recipients,
    runs,
    said,
)
from services.worry.words import OUTCOMES, RECIPIENTS
from tenants.setup.portal import text_in


@with_a_post
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Open worries that are with me, by their clock. A list opens nothing."""
    actor, now, zone, language = actor_of(request), clock.now(), require_current().timezone, speaking()
    rows = [
        {
            "href": reverse("worry:worry", args=[row.worry.pk]),
            "number": row.worry.request.case_number,
            "title": f"{row.worry.request.school.name}, {_role(row.worry.request)}",
            "urgent": row.worry.urgency == Worry.Urgency.NOW,
            "runs": row.runs,
            "broken": row.runs and row.promise is not None and row.promise.state_at(now) == "broken",
            "due": say_when(row.promise.due_at, now, zone, language) if row.promise else "",
            "note": _with_whom(actor, row.worry),
        }
        for row in queries.listed(actor)
    ]
    return page(request, "mine.html", rows=rows)


@with_a_post
@require_http_methods(["GET", "HEAD", "POST"])
def raise_it(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The first screen: danger first, then what the law may ask of me here. A press starts the clock."""
    actor = actor_of(request)
    about = _about(actor, request_id)
    if request.method == "POST":
        try:
            made = operations.raise_worry(
                by=actor, request_id=request_id, urgency=request.POST.get("urgency", "")
            )
        except Invalid as refused:
            return _first(request, actor, about, error=str(refused.errors[0].message), status=422)
        except Conflict as lost:
            return _first(request, actor, about, error=str(lost.detail), status=409)
        return HttpResponseRedirect(reverse("worry:worry", args=[made.pk]))
    standing = next((row for row in queries.of_case(actor, request_id) if row.worry.is_open), None)
    if standing is not None:
        return HttpResponseRedirect(reverse("worry:worry", args=[standing.worry.pk]))
    return _first(request, actor, about)


def _about(actor: Actor, request_id: UUID) -> ContactRequest:
    """The case, for whoever has it or may take it. Raises NotFound, NotAllowed."""
    rows = cases_of(actor).select_related("school", "role", "taken_by")
    about = rows.filter(pk=request_id).first()
    if about is None:
        raise NotFound()
    is_free = about.is_open and holder_of(about) is None
    if not allowed(actor, "worry.take_and_raise" if is_free else "worry.raise", about):
        raise NotAllowed(_("Only the one who has it can write a worry down here. Talk to them, now."))
    return about


def _first(
    request: HttpRequest, actor: Actor, about: ContactRequest, *, error: str = "", status: int = 200
) -> HttpResponse:
    numbers = queries.local_numbers(about.school_id)
    lines = recipients(queries.duties_for(actor, about), numbers)
    now = clock.now()
    try:
        soon = _("Not this minute: decide by %(when)s") % {"when": said(queries.due_for("soon", now))}
    except Unavailable:
        soon = _("Not this minute")
    return page(
        request,
        "first.html",
        status=status,
        about=about,
        number=_number(about),
        numbers=danger_numbers(),
        local=local_lines(numbers),
        lines=[line for line in lines if line["duties"]],
        soon=soon,
        danger=_danger(),
        error=error,
    )


def _danger() -> str:
    return _("Danger now: decide within %(n)s minutes") % {"n": queries.times()[1]}


def _may_become_urgent(actor: Actor, row: Worry) -> bool:
    waits = row.is_open and row.urgency != Worry.Urgency.NOW
    return waits and allowed(actor, "worry.raise", row.request)


@with_a_post
@require_safe
def worry(request: HttpRequest, worry_id: UUID) -> HttpResponse:
    """The worry, opened for who decides: its clock, whom one reaches how, what was done. The read log has it.

    Who raised it and no longer has the case sees its clock and whom to call, and not a word.
    """
    actor, row = actor_of(request), queries.one(actor_of(request), worry_id)
    if row is not None and not allowed(actor, "worry.decide", row) and allowed(actor, "worry.record", row):
        return _raised(request, actor, row)
    return show(request, worry_id)


def _raised(request: HttpRequest, actor: Actor, row: Worry) -> HttpResponse:
    about, promise = row.request, queries.clock_of(row)
    return page(
        request,
        "raised.html",
        worry=row,
        number=_number(about),
        place=f"{about.school.name}, {_role(about)}",
        with_whom=_with_whom(actor, row),
        box=clock_line(promise, clock.now()),
        lines=recipients(queries.duties_for(actor, about), queries.local_numbers(about.school_id)),
    )


def _with_whom(actor: Actor, worry: Worry) -> str:
    """For who raised it and no longer has the case: who has it now. "" for everybody else."""
    if queries.may(actor, worry, "worry_row", "detail").why != "raiser":
        return ""
    holder = holder_of(worry.request)
    if holder is None:
        return _("Nobody has the request just now.")
    return _("%(name)s has the request now.") % {"name": holder.get_short_name()}


def show(request: HttpRequest, worry_id: UUID, *, status: int = 200, notice: str = "") -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    opened = operations.read(by=actor, worry_id=worry_id)
    about = opened.worry.request
    lines = recipients(queries.duties_for(actor, about), queries.local_numbers(about.school_id))
    promise, urgent = present(opened.promises), _may_become_urgent(actor, opened.worry)
    return page(
        request,
        "worry.html",
        status=status,
        notice=notice,
        opened=opened,
        worry=opened.worry,
        raiser=_raiser(actor, opened.worry),
        has_told=queries.told_by_raiser(opened.worry),
        stands_below=_is_told_below(opened),
        was_talked_over=queries.was_talked_over(opened.worry),
        danger=_danger() if urgent and runs(promise) else "",
        danger_again=urgent and not runs(promise),
        about=about,
        number=_number(about),
        place=f"{about.school.name}, {_role(about)}",
        box=clock_line(promise, now),
        decided=decided_line(promise) if opened.worry.is_open else "",
        lines=lines,
        steps=steps_in_words(opened),
        outcome=OUTCOMES.get(opened.worry.outcome, ""),
        end=end_in_words(opened),
    )


def end_in_words(opened: OpenedWorry) -> dict[str, Any] | None:
    """What came of it, who said so and when; None while nobody has. It stays when the worry is opened again."""
    worry = opened.worry
    if worry.ended_at is None and worry.closed_at is None and not opened.came_of_it:
        return None
    outcome = OUTCOMES.get(worry.outcome, "")
    return {
        "by": worry.ended_by.get_short_name() if worry.ended_by else "",
        "at": worry.ended_at or worry.closed_at,
        "outcome": outcome,
        "words": opened.came_of_it,
        "said": "\n".join(filter(None, (str(outcome), opened.came_of_it))),
        "is_closed": opened.end_is_closed,
    }


def _raiser(actor: Actor, worry: Worry) -> str:
    """Who was worried first, where that was somebody else."""
    return "" if worry.raised_by_id == actor.id else worry.raised_by.get_short_name()


def _is_told_below(opened: OpenedWorry) -> bool:
    """Whether what the raiser told somebody is among the steps that are open."""
    told = (one.step for one in opened.steps if one.step.recipient != Step.Recipient.NOBODY)
    return any(step.by_id == opened.worry.raised_by_id for step in told)


def steps_in_words(opened: OpenedWorry) -> list[dict[str, Any]]:
    below = {one.step.corrects_id for one in opened.steps}
    return [
        {
            "id": one.step.pk,
            "recipient": RECIPIENTS[one.step.recipient],
            "is_told": one.step.recipient != Step.Recipient.NOBODY,
            "who": one.who,
            "words": one.words,
            "said": "\n".join(filter(None, (str(RECIPIENTS[one.step.recipient]), one.who, one.words))),
            "at": one.step.done_at,
            "by": one.step.by.get_short_name(),
            "student": _student(one),
            "because": one.because,
            "is_corrected": one.is_corrected,
            "is_corrected_below": one.step.pk in below,
            "is_correction": one.step.corrects_id is not None,
        }
        for one in opened.steps
    ]


def _student(one: OpenedStep) -> str:
    """What the student knew and knows of the step, in one line."""
    step = one.step
    if step.student_first is None:
        return ""
    first = _("You told the student first.")
    if not step.student_first:
        first = _("The student was not told first: %(why)s") % {"why": one.why_not_first}
    if step.told == Step.Told.TOLD:
        return first
    held = ground(require_current().country, step.ground)
    source = f"{held.source.law} {held.source.section}" if held else step.ground
    return first + " " + _("Held back from the student (%(source)s).") % {"source": source}


@proof_required("worry.take_out")
@with_a_post
@require_http_methods(["GET", "HEAD", "POST"])
def print_out(request: HttpRequest, worry_id: UUID, step_id: UUID) -> HttpResponse:
    """One step on a page to hand over: an act of reading of its own, after showing oneself once more."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("worry:worry", args=[worry_id]))
    actor = actor_of(request)
    opened = operations.print_out(by=actor, worry_id=worry_id)
    one = next((one for one in opened.steps if one.step.pk == step_id), None)
    if one is None:
        raise NotFound()
    about = opened.worry.request
    duties = [duty for duty in queries.duties_for(actor, about) if duty.to == one.step.recipient]
    return page(
        request,
        "print.html",
        worry=opened.worry,
        one=one,
        recipient=RECIPIENTS[one.step.recipient],
        sources=[f"{duty.source.law} {duty.source.section}" for duty in duties],
        number=_number(about),
        place=about.school.name,
        sender=f"{one.step.by.name}, {_role(about)}",
        printed_by=actor.name,
        printed_at=clock.now(),
    )


@with_a_post
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, worry_id: UUID) -> HttpResponse:
    """What came of it, then it is over. Sent twice: closed once."""
    actor = actor_of(request)
    row = queries.one(actor, worry_id)
    if row is None:
        raise NotFound()
    if not allowed(actor, "worry.decide", row):
        raise NotAllowed(_("Only the one who decides can do this."))
    typed = {name: request.POST.get(name, "") for name in ("outcome", "came_of_it")}
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            operations.close(by=actor, worry_id=worry_id, **typed)
        except Invalid as refused:
            errors = {error.field: str(error.message) for error in refused.errors}
        else:
            messages.success(request, _("Closed. You can open it again at any time."))
            return HttpResponseRedirect(reverse("worry:worry", args=[worry_id]))
    ids = {"outcome": "id_outcome_0", "came_of_it": "id_came_of_it"}
    return page(
        request,
        "close.html",
        status=422 if errors else 200,
        worry=row,
        number=_number(row.request),
        outcomes=list(OUTCOMES.items()),
        typed=typed,
        errors=errors,
        summary=[(ids[field], text) for field, text in errors.items()],
    )


@with_a_post
@require_POST
def reopen(request: HttpRequest, worry_id: UUID) -> HttpResponse:
    """It is not over."""
    try:
        operations.reopen(by=actor_of(request), worry_id=worry_id)
    except Conflict as lost:
        return show(request, worry_id, status=409, notice=str(lost.detail))
    return HttpResponseRedirect(reverse("worry:worry", args=[worry_id]))


def _number(about: ContactRequest) -> str:
    return _("Number %(number)s") % {"number": about.case_number}


def _role(about: ContactRequest) -> str:
    return text_in(about.role.names, speaking()) or about.role.key
