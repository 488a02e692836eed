"""Let a colleague read what I have, take it back; take a case out that two persons opened for it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.actor import Actor, actor_of
from kernel.errors import Invalid, NotAllowed, NotFound
from kernel.people.identity.assurance import proof_required
from kernel.permissions import allowed
from services.contact import operations as contact
from services.contact.queries import Listed, case_of_row, reads_by_adults
from services.desk import operations, queries
from services.desk.panels import Case, Panel
from services.desk.views.case import opened_words
from services.desk.views.frame import SHARE, TAKE_OUT, at_the_desk, page, pressed, speaking
from services.desk.words import read_because
from services.worry import operations as worry
from services.worry.views.act import end_in_words, steps_in_words
from tenants.setup.actors import today
from tenants.setup.models import HelperRole
from tenants.setup.portal import text_in
from tenants.walls import operations as walls
from tenants.walls import queries as let_in
from tenants.walls.models import LONGEST_GRANT
from tenants.walls.queries import Colleague
from tenants.walls.words import BASES, SCOPES

DEFAULT_DAYS = timedelta(days=13)
_IDS = {"account": "id_account", "basis": "id_basis_0", "reason": "id_reason", "last_day": "id_last_day"}


def _readers(_request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """Who else reads it now, for the one who has it."""
    if case.stage != "mine":
        return None
    grants = let_in.grants_of(case.actor, case_of_row(case.row))
    n = len(grants)
    others = ngettext("you and %(n)d colleague", "you and %(n)d colleagues", n) % {"n": n}
    return {
        "fold": _("Who can read this"),
        "fold_note": others if grants else _("you alone"),
        "grants": grants,
        "request_row": case.row.request,
    }


PANEL = Panel("readers", "more", "desk/readers.html", _readers, order=30)


@at_the_desk
@proof_required(SHARE)
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Who may read this with me, and letting one more in. Only for the one who has it."""
    actor, row = actor_of(request), _mine(request, request_id)
    typed = {name: request.POST.get(name, "") for name in _IDS}
    if request.method != "POST":
        typed["last_day"] = (today() + DEFAULT_DAYS).isoformat()
        return _share(request, row, typed)
    try:
        walls.give_grant(
            by=actor,
            case_key_id=row.request.case_key_id,
            account_id=_uuid(typed["account"]),
            basis=typed["basis"],
            reason=typed["reason"],
            last_day=_day(typed["last_day"]),
        )
    except Invalid as refused:
        errors = {error.field: str(error.message) for error in refused.errors}
        return _share(request, row, typed, errors)
    messages.success(request, _("Your colleague can read it now."))
    return HttpResponseRedirect(reverse("desk:share", args=[request_id]))


@at_the_desk
@pressed
def unshare(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Take one back, at once."""
    grant_id = _uuid(request.POST.get("grant", ""))
    _seen(actor_of(request), request_id)
    if grant_id is None:
        raise NotFound()
    walls.withdraw_grant(by=actor_of(request), grant_id=grant_id)
    messages.success(request, _("Your colleague can read it no more."))
    return HttpResponseRedirect(reverse("desk:share", args=[request_id]))


@at_the_desk
@proof_required(TAKE_OUT)
@pressed
def take_out(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The whole case on one page, to print or to save, with the legal basis and the log. The read log has it."""
    actor = actor_of(request)
    row = _seen(actor, request_id)
    opened = contact.take_out(by=actor, request_id=request_id)
    notes = operations.read_notes(by=actor, request_id=request_id, act="export")
    worries = worry.take_out(by=actor, request=row.request)
    opening = let_in.standing_opening(actor, row.request.case_key_id)
    if opening is None:
        raise NotFound()
    context = {
        **opened_words(opened),
        "notes": notes.opened,
        "worries": [(steps_in_words(one), end_in_words(one)) for one in worries],
        "request_row": row.request,
        "role": text_in(row.request.role.names, speaking()) or row.request.role.key,
        "opening": opening,
        "basis": BASES[opening.basis],
        "scope": SCOPES[opening.scope],
        "reads": _reads(row) if opening.scope == opening.Scope.WITH_LOG else None,
        "number": _("Number %(number)s") % {"number": row.request.case_number},
        "taken_out_at": clock.now(),
        "taken_out_by": actor.name,
    }
    return page(request, "take-out.html", "shared", context)


def _reads(row: Listed) -> list[dict[str, Any]]:
    reads = reads_by_adults(row.request)
    roles = HelperRole.objects.filter(pk__in={read.role_id for read in reads if read.role_id})
    names = {role.pk: text_in(role.names, speaking()) or role.key for role in roles}
    return [
        {
            "role": names.get(read.role_id, "") if read.role_id else "",
            "at": read.at,
            "why": read_because(read.why),
        }
        for read in reads
    ]


def _seen(actor: Actor, request_id: UUID) -> Listed:
    row = queries.one(actor, request_id)
    if row is None:
        raise NotFound()
    return row


def _mine(request: HttpRequest, request_id: UUID) -> Listed:
    row = _seen(actor_of(request), request_id)
    if not allowed(actor_of(request), "walls.give_grant", case_of_row(row)):
        raise NotAllowed(_("Only the one who has it can let somebody read it."))
    return row


def _share(
    request: HttpRequest, row: Listed, typed: dict[str, str], errors: dict[str, str] | None = None
) -> HttpResponse:
    actor, errors = actor_of(request), errors or {}
    case = case_of_row(row)
    own, colleagues = let_in.colleagues(actor, case)
    bases = [
        {
            "value": "need",
            "label": _("We work with this together"),
            "hint": _("The same duty of secrecy, and your colleague needs it."),
        },
        {"value": "agreement", "label": _("The student agrees"), "hint": _("Write how and when you asked.")},
    ]
    if own is not None and own.sharing.by_reason:
        source = "; ".join(f"{one.law} {one.section}" for one in own.sharing.without)
        law = _("The law opens for it without agreement")
        bases.append({"value": "reason", "label": law, "hint": source})
    context = {
        "request_row": row.request,
        "typed": typed,
        "errors": errors,
        "summary": [(_IDS[field], text) for field, text in errors.items() if field in _IDS],
        "colleagues": [("", _("Choose")), *map(_choice, colleagues)],
        "bases": bases,
        "grants": let_in.grants_of(actor, case),
        "first_day": today().isoformat(),
        "longest_day": (today() + LONGEST_GRANT - timedelta(days=1)).isoformat(),
    }
    return page(request, "share.html", "mine", context, status=422 if errors else 200)


def _choice(colleague: Colleague) -> tuple[str, str]:
    seat = colleague.seat
    said = f"{seat.name}, {text_in(seat.role_names, speaking()) or seat.profession}, {seat.school_name}"
    if not colleague.same_circle:
        said = _("%(who)s (another duty of secrecy)") % {"who": said}
    return str(seat.account_id), said


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
