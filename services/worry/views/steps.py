"""Writing down who was told; and saying it right afterwards. What was typed stands there again whatever goes wrong."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel.actor import actor_of
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.permissions import allowed
from kernel.tenancy import require_current
from services.contact.once import mark, once
from services.worry import operations, queries
from services.worry.duties import grounds_in
from services.worry.models import Step, Worry
from services.worry.rules import Said
from services.worry.views.act import show
from services.worry.views.frame import page, with_a_post
from services.worry.views.lines import recipients
from services.worry.words import RECIPIENTS

FIELDS = (
    "recipient",
    "who",
    "words",
    "student_first",
    "why_not_first",
    "told",
    "ground",
    "because",
    "done_at",
)
_IDS = {
    "recipient": "id_recipient_0", "student_first": "id_student_first_0", "told": "id_told_0",
}  # fmt: skip
_FIRST = {"yes": True, "no": False}


@with_a_post
@require_http_methods(["GET", "HEAD", "POST"])
def told(request: HttpRequest, worry_id: UUID, recipient: str) -> HttpResponse:
    """One step towards one kind of recipient."""
    row = _mine(request, worry_id, verb="worry.record")
    if recipient not in Step.Recipient.values:
        raise NotFound()
    typed = {name: request.POST.get(name, "") for name in FIELDS} | {"recipient": recipient}
    if request.method != "POST":
        return _form(request, row, typed, recipient=recipient)
    by = actor_of(request)

    def write() -> object:
        return operations.record_step(by=by, worry_id=worry_id, said=_said(typed))

    def write_once() -> object:
        words = tuple(typed[name] for name in FIELDS)
        return once(
            write,
            mark=request.POST.get("once", "")[:100],
            verb="worry-step",
            by=by,
            request_id=worry_id,
            said=words,
        )

    return _do(request, row, typed, write_once, recipient=recipient)


@with_a_post
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, worry_id: UUID, step_id: UUID) -> HttpResponse:
    """The same step said right; the old one stays, marked as corrected. Opening it is a read in the log."""
    row = _mine(request, worry_id)
    if request.method != "POST":
        opened = operations.read(by=actor_of(request), worry_id=worry_id)
        old = next((one for one in opened.steps if one.step.pk == step_id), None)
        if old is None:
            raise NotFound()
        step = old.step
        first = "" if step.student_first is None else "yes" if step.student_first else "no"
        typed = {
            "recipient": step.recipient,
            "who": old.who,
            "words": old.words,
            "student_first": first,
            "why_not_first": old.why_not_first,
            "told": step.told if step.told != Step.Told.NOTHING else "",
            "ground": step.ground,
            "because": old.because,
            "done_at": _local(step.done_at),
        }
        return _form(request, row, typed)
    typed = {name: request.POST.get(name, "") for name in FIELDS}
    by = actor_of(request)

    def write() -> object:
        return operations.correct_step(by=by, worry_id=worry_id, step_id=step_id, said=_said(typed))

    return _do(request, row, typed, write)


def _mine(request: HttpRequest, worry_id: UUID, *, verb: str = "worry.decide") -> Worry:
    row = queries.one(actor_of(request), worry_id)
    if row is None:
        raise NotFound()
    if not allowed(actor_of(request), verb, row):
        raise NotAllowed(_("Only the one who decides can do this."))
    return row


def _said(typed: dict[str, str]) -> Said:
    """Raises Invalid for a time that is none."""
    return Said(
        recipient=typed["recipient"],
        who=typed["who"],
        words=typed["words"],
        student_first=_FIRST.get(typed["student_first"]),
        why_not_first=typed["why_not_first"],
        told=typed["told"],
        ground=typed["ground"],
        because=typed["because"],
        done_at=_instant(typed["done_at"]),
    )


def _instant(typed: str) -> datetime | None:
    """As a browser writes a local day and time, in the municipality's zone. "": now."""
    if not typed.strip():
        return None
    try:
        local = datetime.fromisoformat(typed.strip())
    except ValueError:
        raise Invalid(done_at=_("Write day and time, like 2026-11-26 14:05.")) from None
    return local if local.tzinfo else local.replace(tzinfo=ZoneInfo(require_current().timezone))


def _local(at: datetime) -> str:
    return at.astimezone(ZoneInfo(require_current().timezone)).strftime("%Y-%m-%dT%H:%M")


def _do(
    request: HttpRequest, row: Worry, typed: dict[str, str], act: Any, *, recipient: str = ""
) -> HttpResponse:
    try:
        act()
    except Invalid as refused:
        errors = {error.field: str(error.message) for error in refused.errors}
        return _form(request, row, typed, errors, recipient=recipient, status=422)
    except Conflict as lost:
        if lost.code == "closed":
            return _form(request, row, typed, recipient=recipient, notice=str(lost.detail), status=409)
        return show(request, row.pk, status=409, notice=str(lost.detail))
    messages.success(request, _("Written down. Nothing was sent from here."))
    # Who only raised it has done what was theirs: the rest is not theirs to see.
    stays = allowed(actor_of(request), "worry.decide", row)
    return HttpResponseRedirect(reverse("worry:worry", args=[row.pk]) if stays else reverse("worry:mine"))


def _form(
    request: HttpRequest,
    row: Worry,
    typed: dict[str, str],
    errors: dict[str, str] | None = None,
    *,
    recipient: str = "",
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    errors = errors or {}
    about, country = row.request, require_current().country
    lines = recipients(queries.duties_for(actor_of(request), about), queries.local_numbers(about.school_id))
    me = actor_of(request).id
    return page(
        request,
        "step.html",
        status=status,
        worry=row,
        recipient=recipient,
        title=RECIPIENTS[recipient] if recipient else _("Say it right"),
        line=next((line for line in lines if line["key"] == recipient), None),
        is_nobody=recipient == Step.Recipient.NOBODY,
        colleagues=[one.name for one in queries.colleagues_of(row) if one.pk != me],
        choices=list(RECIPIENTS.items()),
        yes_no=[("yes", _("Yes, the student knew")), ("no", _("No"))],
        tellings=[
            {
                "value": Step.Told.TOLD.value,
                "label": _("The student reads it on their page"),
                "hint": _("Never by message, only when they open their conversation."),
            },
            {
                "value": Step.Told.HELD_BACK.value,
                "label": _("Not yet, on a legal ground"),
                "hint": _("You can tell later: correct this step."),
            },
        ],
        grounds=[
            ("", _("Choose")),
            *(
                (one.key, f"{one.says} ({one.source.law} {one.source.section})")
                for one in grounds_in(country)
            ),
        ],
        typed=typed,
        is_earlier=bool(typed.get("done_at") or errors.get("done_at")),
        errors=errors,
        notice=notice,
        summary=[(_IDS.get(field, f"id_{field}"), text) for field, text in errors.items()],
        once=mark(),
    )
