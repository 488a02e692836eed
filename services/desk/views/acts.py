"""What is done to a request: each act is contact's operation, asked for here, and its refusal shown."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.actor import actor_of
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.tenancy import require_current
from services.attachments.intake import Taken
from services.attachments.queries import goes_with
from services.contact import operations
from services.contact.enclosing import once_with_files
from services.contact.files_on_pages import uploads_of
from services.contact.models import ContactAttempt, ContactRequest, ConversationMessage
from services.contact.once import once
from services.contact.queries import record_due_of
from services.contact.reached import outcomes_of
from services.desk import operations as desk
from services.desk import queries
from services.desk.strip import Say, contact_taken_back, strip, taken_back
from services.desk.views.case import Said, show, stage_of
from services.desk.views.frame import at_the_desk, page, pressed, speaking, tell
from services.desk.words import OUTCOMES, SYSTEMS
from services.promises.queries import next_reply, promises_of
from services.worry.queries import open_worry
from tenants.walls.facts import duty_of


@at_the_desk
@pressed
def take(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Take it, and open it. A colleague was faster: 409 with who and when. Mine already: there is nothing to undo."""
    by, pressed_at = actor_of(request), clock.now()
    taken: list[ContactRequest] = []

    def told() -> str:
        is_by_this = any(one.taken_at and one.taken_at >= pressed_at for one in taken)
        return _("You have taken this.") if is_by_this else ""

    return _do(
        request,
        request_id,
        lambda: taken.append(operations.take(by=by, request_id=request_id)),
        told=told,
        undo=reverse("desk:release", args=[request_id]),
        within=operations.UNDO_WITHIN,
    )


@at_the_desk
@pressed
def let_out(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """It came in a flood and is none of it: it waits with the others."""
    return _do(
        request,
        request_id,
        lambda: operations.let_out(by=actor_of(request), request_id=request_id),
        told=_("It waits with the others now."),
    )


@at_the_desk
@pressed
def release(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Let go: it waits for anybody in the role again, and we are back at the list."""
    by = actor_of(request)

    def let_go() -> object:
        return operations.release(by=by, request_id=request_id)

    again = reverse("desk:take", args=[request_id])
    told = _("You have let go. It waits for anybody in the role.")
    return _do(request, request_id, let_go, to=reverse("desk:waiting"), told=told, undo=again)


@at_the_desk
@pressed
def reply(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Write to the student. What was typed is shown again whatever goes wrong."""
    text = request.POST.get("text", "")
    by, mark, seen = actor_of(request), request.POST.get("once", ""), request.POST.get("seen", "")

    sent: list[ConversationMessage] = []

    def write(files: Sequence[Taken]) -> object:
        sent.append(operations.reply(by=by, request_id=request_id, text=text, can_undo=True, files=files))
        desk.drop_draft(by=by, request_id=request_id, kind="reply", mark=mark, seen=seen)
        return sent[0].pk

    def write_once() -> object:
        return once_with_files(
            write,
            uploads=uploads_of(request),
            mark=mark,
            verb="reply",
            by=by,
            request_id=request_id,
            said=(text,),
        )

    def undo() -> str:
        return reverse("desk:take_back", args=[request_id, sent[0].pk]) if sent else ""

    return _do(
        request,
        request_id,
        write_once,
        said=Said(text=text),
        told=_("Your message is sent."),
        undo=undo,
        within=operations.TAKE_BACK_WITHIN,
        meanwhile=_("You can take it back for ten seconds."),
    )


@at_the_desk
def take_back(request: HttpRequest, request_id: UUID, message_id: UUID) -> HttpResponse:
    """Sent by a slip: its student has not seen it, and its words are a draft again."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:request", args=[request_id]))
    by = actor_of(request)
    files = goes_with(message_id)

    def back() -> object:
        return desk.take_back_reply(by=by, request_id=request_id, message_id=message_id)

    def told() -> str:
        return taken_back(promises_of(request_id), clock.now(), with_files=files)

    return _do(request, request_id, back, told=told)


@at_the_desk
@pressed
def contact(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Write down that the student was reached, or that it was tried."""
    posted, by = request.POST, actor_of(request)
    kind, outcome, text = posted.get("kind", ""), posted.get("outcome", ""), posted.get("text", "")
    said = Said(text=text, at=posted.get("at", ""), kind=kind if "other" in posted else "")

    written: list[operations.RecordedContact] = []
    is_reached = outcome == ContactAttempt.Outcome.REACHED

    def write() -> object:
        recorded = operations.record_contact(
            by=by,
            request_id=request_id,
            kind=kind,
            outcome=outcome,
            at=instant_of(said.at, clock.now(), ZoneInfo(require_current().timezone)),
            can_undo=True,
        )
        written.append(recorded)
        return recorded.attempt.pk

    def write_once() -> object:
        mark, told = posted.get("once", ""), (kind, outcome, said.at)
        return once(write, mark=mark, verb="contact", by=by, request_id=request_id, said=told)

    def undo() -> str:
        return reverse("desk:undo_contact", args=[request_id, written[0].attempt.pk]) if written else ""

    def meanwhile() -> str:
        if not is_reached and any(one.next_try for one in written):  # any other try is the desk's alone
            return _("You can take it back for ten seconds; then the student sees it.")
        return _("You can take it back for ten seconds.")

    return _do(
        request,
        request_id,
        write_once,
        said=said,
        draft=text,
        told=_("Written down: you reached the student.") if is_reached else _("Written down: you tried."),
        undo=undo,
        within=operations.CONTACT_UNDO_WITHIN,
        meanwhile=meanwhile,
    )


@at_the_desk
def undo_contact(request: HttpRequest, request_id: UUID, attempt_id: UUID) -> HttpResponse:
    """Written down by a slip: it is gone, and its form can be sent again."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:request", args=[request_id]))

    def undo() -> object:
        return desk.take_back_contact(by=actor_of(request), request_id=request_id, attempt_id=attempt_id)

    def told() -> str:
        return contact_taken_back(promises_of(request_id), clock.now())

    return _do(request, request_id, undo, told=told)


@at_the_desk
@pressed
def no_answer(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """What the student wrote last needs no answer: its clock stops. What was typed beside it stays a draft."""
    by, undo = actor_of(request), reverse("desk:undo_no_answer", args=[request_id])

    def lay_down() -> object:
        return operations.needs_no_answer(by=by, request_id=request_id)

    told = _("Written down: it needs no answer.")
    text, within = request.POST.get("text", ""), operations.UNDO_NO_ANSWER_WITHIN
    return _do(request, request_id, lay_down, draft=text, told=told, undo=undo, within=within)


@at_the_desk
@pressed
def undo_no_answer(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Pressed by a slip: the answer is waited for again."""
    by = actor_of(request)

    def undo() -> object:
        return operations.undo_needs_no_answer(by=by, request_id=request_id)

    return _do(request, request_id, undo, told=_("The student waits for your answer, as before."))


def instant_of(typed: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """A clock time as typed in the municipality's zone: the instant nearest to now. "" is None: now.

    Raises Invalid for what is no clock time.
    """
    typed = typed.strip().replace(".", ":")
    if not typed:
        return None
    try:
        clock_time = datetime.strptime(typed, "%H:%M").time()
    except ValueError:
        raise Invalid(at=_("Write a clock time, like 14:05.")) from None
    today = now.astimezone(zone).date()
    days = (today + timedelta(days=shift) for shift in (-1, 0, 1))
    instants = (datetime.combine(day, clock_time, zone) for day in days)
    return min(instants, key=lambda instant: abs(instant - now))


@at_the_desk
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Ask how it ended, then close. Sent twice: closed once."""
    if request.method != "POST":
        return _ask_how_it_ended(request, request_id)
    outcome, by = request.POST.get("outcome", ""), actor_of(request)
    although = ("worry",) if "worry" in request.POST else ()
    try:
        operations.close(by=by, request_id=request_id, outcome=outcome, although=although)
    except Invalid as refused:
        return _ask_how_it_ended(request, request_id, error=str(refused.errors[0].message))
    except Conflict as lost:
        if lost.code == "worry":
            unsaid = _("Say that you close it while a worry is open.")
            return _ask_how_it_ended(request, request_id, unsaid=unsaid, chosen=outcome)
        if lost.code == "unread":
            return _ask_how_it_ended(request, request_id, unread=str(lost.detail), chosen=outcome)
        if lost.code != "closed":
            return show(request, request_id, said=Said(notice=str(lost.detail)), status=409)
    undo = reverse("desk:undo_close", args=[request_id])
    tell(
        request,
        _("Closed. The student can open it again at any time."),
        undo=undo,
        within=operations.UNDO_WITHIN,
    )
    due = record_due_of(by, request_id)
    where = "desk:record" if due and not due.settled else "desk:request"
    return HttpResponseRedirect(reverse(where, args=[request_id]))


@at_the_desk
@pressed
def undo_close(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Closed by a slip: as it was before."""
    by = actor_of(request)

    def undo() -> object:
        return operations.undo_close(by=by, request_id=request_id)

    return _do(request, request_id, undo, told=_("It is open again, as before."))


def _ask_how_it_ended(
    request: HttpRequest,
    request_id: UUID,
    *,
    error: str = "",
    unsaid: str = "",
    unread: str = "",
    chosen: str = "",
) -> HttpResponse:
    """How did it end? `error`: nothing fitting was chosen; `unsaid`: no yes to an open worry; `unread`: why what was
    `chosen` has to wait."""
    by, now = actor_of(request), clock.now()
    row = queries.one(by, request_id)
    if row is None:
        raise NotFound()
    stage = stage_of(row, by)
    if stage == "closed":
        return HttpResponseRedirect(reverse("desk:request", args=[request_id]))
    duty = duty_of(by.id, row.request.role, row.request.school) if by.id else None
    record = duty.record if duty else None
    fitting, worry = outcomes_of(row.request), open_worry(by, request_id)
    outcomes = [(value, OUTCOMES[value]) for value in fitting]
    context = {
        "request_row": row.request,
        "runs": row.waits() and next_reply(row.promises) is None,
        "asks": next_reply(row.promises) is not None,
        "strip": strip(row, Say(now, require_current().timezone, speaking())),
        "outcomes": outcomes,
        "chosen": chosen,
        "unread": unread,
        "later": [label for value, label in OUTCOMES.items() if value not in fitting],
        "system": SYSTEMS[record.system] if record else "",
        "law": f"{record.source.law} {record.source.section}" if record else "",
        "error": error,
        "worry": reverse("worry:worry", args=[worry.worry.pk]) if worry else "",
        "worry_yes": "worry" in request.POST,
        "unsaid": unsaid,
        "errors": [
            *([("id_outcome_0", error)] if error else []),
            *([("id_worry", unsaid)] if unsaid else []),
        ],
        "number": _("Number %(number)s") % {"number": row.request.case_number},
    }
    status = 422 if error or unsaid else 409 if unread else 200
    return page(request, "close.html", "mine" if stage == "mine" else "waiting", context, status=status)


def _do(
    request: HttpRequest,
    request_id: UUID,
    act: Callable[[], object],
    *,
    said: Said | None = None,
    to: str = "",
    draft: str = "",
    told: str | Callable[[], str] = "",
    undo: str | Callable[[], str] = "",
    within: timedelta | None = None,
    meanwhile: str | Callable[[], str] = "",
) -> HttpResponse:
    """Do it and go on; a refusal shows the request again with everything typed (422, 409).

    A `draft` was typed beside what was done, and is not sent yet: it stays on the page. `told` says what was done
    (a function: how it stands after it; "": nothing to say); `undo` is the address that takes it back, `within` some
    time, while `meanwhile` is said.
    """
    said = said or Said()
    try:
        act()
    except Invalid as refused:
        errors = tuple((error.field, str(error.message)) for error in refused.errors)
        return show(request, request_id, said=_with(said, errors=errors), status=422)
    except Conflict as lost:
        _keep(request, request_id, said.text)
        return show(request, request_id, said=_with(said, notice=str(lost.detail)), status=409)
    if said_of_it := told() if callable(told) else told:
        back = undo() if callable(undo) else undo
        for_now = meanwhile() if callable(meanwhile) else meanwhile
        tell(request, said_of_it, undo=back, within=within, meanwhile=for_now)
    if draft.strip():
        _keep(request, request_id, draft)
        return show(request, request_id, said=Said(text=draft))
    return HttpResponseRedirect(to or reverse("desk:request", args=[request_id]))


def _keep(request: HttpRequest, request_id: UUID, text: str) -> None:
    """What could not be sent now is kept for the one who typed it, also when they leave the page."""
    if text.strip():
        mark, seen = request.POST.get("once", ""), request.POST.get("seen", "")
        with suppress(Invalid, NotAllowed, NotFound, Conflict):
            desk.save_draft(
                by=actor_of(request), request_id=request_id, kind="reply", text=text, mark=mark, seen=seen
            )


def _with(said: Said, *, notice: str = "", errors: tuple[tuple[str, str], ...] = ()) -> Said:
    return Said(text=said.text, at=said.at, kind=said.kind, notice=notice, errors=errors)
