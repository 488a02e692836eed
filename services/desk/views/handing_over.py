"""Handing a request over on the page of a request: five panels, the page that offers, and the answers."""

from collections.abc import Callable, Container
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.actor import Actor, actor_of
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.permissions import allowed
from kernel.plain import as_searched
from kernel.tenancy import require_current
from kernel.ui.when import say_date
from services.contact import handover_queries as handovers
from services.contact import operations as contact
from services.contact.handover_queries import Choice, Choices
from services.contact.machine import LIVE
from services.contact.models import Handover
from services.contact.nobodys_no import went_unanswered
from services.contact.operations import Opened, Receiver
from services.contact.queries import Listed
from services.contact.taking_over import leaves_nobody
from services.desk import queries
from services.desk.handover_words import AGREEMENTS, ENDED, NO_LAW, SHARES, became, place, receiver
from services.desk.panels import Case, Panel
from services.desk.strip import Say, asked
from services.desk.views.case import Said, show
from services.desk.views.frame import at_the_desk, not_sent, page, pressed, speaking, tell
from services.desk.views.meetings import meeting_says
from services.meetings.absence import can_come
from services.meetings.queries import agreed_ahead
from tenants.setup.portal import text_in

#: With so many to choose among, one searches.
MANY = 12
#: Who is asked across schools, and stands before others from elsewhere.
SPECIALISTS = ("psychologist", "educational_psychology")
_IDS = {
    "to": "id_to",
    "reason": "id_reason",
    "shares": "id_shares_0",
    "summary": "id_summary",
    "agreement": "id_agreement_0",
    "by_law": "id_by_law_0",
}


# --- panels ---------------------------------------------------------------------------------------------------


def _answer(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """For whom it is offered to: why, the summary, until when, yes and no. Reading the why is in the read log."""
    offer = handovers.offer_to(case.actor, case.row.request.pk)
    if offer is None:
        return None
    opened = contact.read_offer(by=case.actor, request_id=case.row.request.pk)
    return {
        "request_row": case.row.request,
        "handover": offer,
        "opened_offer": opened,
        "giver": offer.from_account.get_short_name(),
        "giver_at": place(offer.from_role, offer.from_school, speaking()),
        "strip": asked(case.row, offer.promise, Say(case.now, require_current().timezone, speaking())),
        "shares": SHARES[offer.shares].told,
        "agreed": AGREEMENTS[offer.agreement].told,
        "why": case.typed.get("why", ""),
        "why_error": case.typed.get("error", "") if "why" in case.typed else "",
        "is_free": case.stage == "free",
        **_agreed_meeting(case, offer),
    }


def _agreed_meeting(case: Case, offer: Handover) -> dict[str, Any]:
    """What is agreed with the student, and whether I could come instead. When and how, not where: that is sealed."""
    time = agreed_ahead(case.row.request.pk, case.now)
    if time is None or case.actor.id is None:
        return {"meeting": None}
    comes = can_come(case.actor.id, (offer.to_role_id, offer.to_school_id), time)
    keep = _("I come to it with %(name)s") if offer.walk_along else _("I come to it instead of %(name)s")
    choices = [
        {"value": "keep", "label": keep % {"name": offer.from_account.get_short_name()},
         "hint": _("The student sees that it stands, and who comes.")},
        {"value": "off", "label": _("Call it off"),
         "hint": _("The student is told, and by when you meet instead.")},
    ]  # fmt: skip
    return {"meeting": meeting_says(time), "can_come": comes, "meeting_choices": choices}


def _state(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """For the one who has it: what became of the newest handover, as long as it matters; and what stays closed."""
    if case.stage not in ("mine", "closed", "free", "shared"):
        return None
    closed_before = case.opened.closed_before if case.opened else 0
    closed_apart = case.opened.closed_apart if case.opened else 0
    known = handovers.newest_handover(case.row.request.pk)
    newest = known if case.is_mine else None
    matters = newest is not None and (newest.state in LIVE or (newest.state in ENDED and case.row.waits()))
    if not matters and not closed_before and not closed_apart:
        return None
    found: dict[str, Any] = {
        "request_row": case.row.request,
        "closed_before": closed_before,
        "closed_apart": closed_apart,
        "was_asked": known is not None and known.agreement != Handover.Agreement.NONE,
        "handover": None,
    }
    if newest is not None and matters:
        found |= {
            "handover": newest,
            "to": receiver(newest, speaking()),
            "giver": newest.from_account.get_short_name(),
            "ended": str(ENDED.get(newest.state, "")),
        }
    return found


def _summary(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """What was written for the one who took it over, first and open, as long as it is theirs by that: also when they
    have offered it on and nobody took it. Gone from here while it is closed.
    """
    known = handovers.handover_in_force(case.row.request.pk) if case.is_mine and case.opened else None
    if known is None or known.accepted_by_id != case.actor.id:
        return None
    opened = contact.read_chain(by=case.actor, request_id=case.row.request.pk).get(known.pk)
    if opened is None or not opened.summary:
        return None
    return {"giver": known.from_account.get_short_name(), "summary": opened.summary}


def _offer(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """For the one who has it: the way to the page that offers, unless something is under way."""
    if not case.is_mine or handovers.live_handover(case.row.request.pk) is not None:
        return None
    return {"request_row": case.row.request}


def _chain(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """Who had it and when; why, for the one who may read it, once the conversation is open."""
    if case.stage == "offered":
        return None
    rows = handovers.chain(case.row.request.pk)
    if not rows:
        return None
    opened: dict[UUID, Opened] = {}
    if case.opened is not None:
        opened = contact.read_chain(by=case.actor, request_id=case.row.request.pk)
    unanswered = went_unanswered(rows)
    return {"rows": [_link(one, opened.get(one.pk)) | {"state": became(one, unanswered)} for one in rows]}


def _link(handover: Handover, opened: Opened | None) -> dict[str, Any]:
    names = {handover.to_account_id: handover.to_account}
    said = opened.why_not if opened else ()
    return {
        "at": handover.accepted_at or handover.ended_at or handover.offered_at,
        "from": handover.from_account.get_short_name(),
        "to": receiver(handover, speaking()),
        "reason": opened.reason if opened else "",
        "summary": opened.summary if opened else "",
        "why_not": [
            (account.get_short_name() if (account := names.get(who)) else "", text) for who, text in said
        ],
    }


def _aside(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """One press, no reason asked: for whoever could have it."""
    if case.stage not in ("mine", "free", "theirs", "offered"):
        return None
    asked, reader = case.row.request, case.actor.id
    could_answer = asked.is_open and case.stage in ("free", "mine") and reader is not None
    return {
        "request_row": asked,
        "had_it": case.is_mine,
        "nobody_else": could_answer and reader is not None and leaves_nobody(asked, reader),
    }


PANELS = (
    Panel("answer", "news", "desk/handover-answer.html", _answer, order=10),
    Panel("summary", "news", "desk/handover-summary.html", _summary, order=15),
    Panel("handover", "news", "desk/handover-state.html", _state, order=20),
    Panel("hand-over", "away", "desk/handover-offer.html", _offer, order=60),
    Panel("chain", "more", "desk/handover-chain.html", _chain, order=80),
    Panel("step-aside", "away", "desk/step-aside.html", _aside, order=90),
)


# --- offering ---------------------------------------------------------------------------------------------------


@at_the_desk
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """To whom, why, and what of the words follows. Only for the one who has it."""
    actor, row = actor_of(request), _seen(actor_of(request), request_id)
    if not allowed(actor, "contact.offer_handover", row.request):
        raise NotAllowed(_("Only the one who has it can hand it over."))
    typed = {name: request.POST.get(name, "") for name in (*_IDS, "walk_along", "words")}
    if request.method != "POST" or "find" in request.POST:
        return _form(request, row, typed)
    known = handovers.choices(actor, row.request)
    try:
        contact.offer_handover(
            by=actor,
            request_id=request_id,
            to=_receiver(typed["to"]),
            reason=typed["reason"],
            shares=typed["shares"],
            agreement=typed["agreement"],
            summary=typed["summary"],
            walk_along=bool(typed["walk_along"]),
            by_law=bool(law := _law(known, typed["by_law"])),
            law=law,
        )
    except Invalid as refused:
        return _form(request, row, typed, {error.field: str(error.message) for error in refused.errors})
    except Conflict as lost:
        return _form(request, row, typed, notice=str(lost.detail))
    messages.success(request, _("It is offered. You answer the student until somebody says yes."))
    return _back_to(request_id)


def _form(
    request: HttpRequest,
    row: Listed,
    typed: dict[str, str],
    errors: dict[str, str] | None = None,
    notice: str = "",
) -> HttpResponse:
    errors, known = errors or {}, handovers.choices(actor_of(request), row.request)
    laws, unasked = _laws(known), _goes_unasked(known, typed)
    agreed = agreed_ahead(row.request.pk, clock.now())
    context = {
        "request_row": row.request,
        "typed": typed,
        "errors": errors,
        "meeting": meeting_says(agreed) if agreed else "",
        "summary_of_errors": [(_IDS[field], text) for field, text in errors.items() if field in _IDS],
        "notice": notice,
        **_to_whom(known, typed, row.request.role_id),
        "shares": [{"value": value, "label": one.label, "hint": one.hint} for value, one in SHARES.items()],
        "agreements": [
            {
                "value": value,
                "label": one.label,
                "hint": NO_LAW if value == Handover.Agreement.NONE and not laws else one.hint,
            }
            for value, one in AGREEMENTS.items()
        ],
        "laws": [{"value": str(number), "label": law} for number, law in enumerate(laws)] if unasked else [],
        "no_law": unasked and not laws,
    }
    status = 409 if notice else 422 if errors else 200
    return page(request, "hand-over.html", "mine", context, status=status)


def _laws(known: Choices) -> list[str]:
    """By which sections it may follow without the student's yes, what fits best first. Agreement is none of them."""
    sharing = known.sharing
    if sharing is None or not sharing.by_reason:
        return []
    return [f"{one.law} {one.section}" for one in sharing.without]


def _goes_unasked(known: Choices, typed: dict[str, str]) -> bool:
    """Whether what is chosen leaves one's own duty of secrecy without the student's yes: then a law is asked for."""
    to = _receiver(typed["to"])
    choice = known.find(to.account_id, to.role_id, to.school_id) if to.role_id else None
    return choice is not None and not choice.same_circle and typed["agreement"] == Handover.Agreement.NONE


def _law(known: Choices, typed: str) -> str:
    """The one that was chosen, "" for none."""
    return dict(enumerate(_laws(known))).get(int(typed) if typed.isdecimal() else -1, "")


#: Of a long list only searched for: the others far away.
FAR = ("people", "roles")


def _groups() -> dict[str, str]:
    """The nearest first."""
    return {
        "same": _("The same role at this school"),
        "at_hand": _("People at this school"),
        "roles_at_hand": _("Roles at this school"),
        "same_elsewhere": _("The same role at other schools"),
        "special": _("Psychologist and PPT elsewhere"),
        "people": _("People at other schools"),
        "roles": _("Roles at other schools"),
        "away": _("Away"),
    }


def _group_of(one: Choice, role_id: UUID, here: Container[tuple[UUID | None, UUID]]) -> str:
    """`here`: who, or what role, is at hand; nobody looks for them elsewhere."""
    if one.back_on:
        return "away"
    if not one.is_here and (one.account_id, one.role_id) in here:
        return "roles" if one.account_id is None else "people"
    if one.role_id == role_id:
        return "same" if one.is_here else "same_elsewhere"
    if one.is_here:
        return "roles_at_hand" if one.account_id is None else "at_hand"
    if one.profession in SPECIALISTS:
        return "special"
    return "roles" if one.account_id is None else "people"


def _to_whom(known: Choices, typed: dict[str, str], role_id: UUID) -> dict[str, Any]:
    """The list in groups, the nearest first; where words are typed, what fits them, and what was chosen. Of a long one
    those far away and of other roles are found by words alone (`rest`: for a script that narrows while one types).
    """
    wanted, everybody = as_searched(typed["words"]).split(), (*known.people, *known.roles, *known.away)
    is_long = len(everybody) > MANY
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in _groups()}
    rest: dict[str, list[dict[str, Any]]] = {name: [] for name in FAR}
    here = {(one.account_id, one.role_id) for one in everybody if one.is_here and not one.back_on}
    for one in everybody:
        value, label = _option(one)
        option, group = (
            {"value": value, "label": label, "disabled": one.back_on is not None},
            _group_of(one, role_id, here),
        )
        is_left_out = is_long and not wanted and group in FAR
        fits = not is_left_out and all(word in as_searched(label) for word in wanted)
        if fits or value == typed["to"]:
            found[group].append(option)
        elif is_left_out:
            rest[group].append(option)
    shown = [{"label": label, "options": found[name]} for name, label in _groups().items() if found[name]]
    return {
        "choices": [("", _("Choose")), *shown],
        "search": is_long,
        "rest": [{"label": _groups()[name], "options": some} for name, some in rest.items() if some],
        "nobody_fits": not shown and bool(wanted),
    }


def _option(choice: Choice) -> tuple[str, str]:
    role = text_in(choice.role_names, speaking())
    if choice.account_id is None:
        said = _("Everybody: %(role)s, %(school)s") % {"role": role, "school": choice.school_name}
    else:
        said = f"{choice.name}, {role}, {choice.school_name}"
    if not choice.same_circle:
        said = _("%(who)s (another duty of secrecy)") % {"who": said}
    if choice.back_on is not None:
        zone, now = require_current().timezone, clock.now()
        back = datetime.combine(choice.back_on, time(12), ZoneInfo(zone))
        said = _("%(who)s: away, back %(day)s") % {"who": said, "day": say_date(back, now, zone, speaking())}
    return f"{choice.account_id or ''}:{choice.role_id}:{choice.school_id}", said


def _receiver(typed: str) -> Receiver:
    """What an option of the list stands for; anything else is nobody."""
    try:
        account, role, school = (UUID(part) if part else None for part in typed.split(":"))
    except ValueError:
        return Receiver()
    return Receiver(account, role, school)


#: What is said of the agreed meeting when it is taken over; anything else: it stands where that can be.
_KEEPS = {"keep": True, "off": False}


# --- answering ---------------------------------------------------------------------------------------------------


@at_the_desk
@pressed
def accept(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Take it over, and open it. Too late: with words why."""
    by = actor_of(request)
    return _do(
        request,
        request_id,
        lambda: contact.accept_handover(
            by=by, handover_id=_handover_id(request), keep_meeting=_KEEPS.get(request.POST.get("meeting", ""))
        ),
        told=_("It is yours now. The student waits for your first word."),
    )


@at_the_desk
@pressed
def decline(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Say no, with or without a why."""
    by, why = actor_of(request), request.POST.get("why", "")
    return _do(
        request,
        request_id,
        lambda: contact.decline_handover(by=by, handover_id=_handover_id(request), why=why),
        told=_("You have said no. It stays with the one who has it."),
        typed={"why": why},
        to=reverse("desk:handed"),
    )


@at_the_desk
@pressed
def take_back(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The offer is none any more."""
    by = actor_of(request)
    return _do(
        request,
        request_id,
        lambda: contact.withdraw_handover(by=by, handover_id=_handover_id(request)),
        told=_("The offer is taken back. You answer the student."),
    )


@at_the_desk
@pressed
def step_aside(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """I should not have this one: gone from here, with ten seconds to undo it."""
    contact.recuse(by=actor_of(request), request_id=request_id)
    undo = reverse("desk:undo_step_aside", args=[request_id])
    told = _("You have stepped aside. You do not see it any more.")
    meanwhile = _("You can take it back for ten seconds.")
    tell(request, told, undo=undo, within=contact.UNDO_RECUSAL_WITHIN, meanwhile=meanwhile)
    return HttpResponseRedirect(reverse("desk:waiting"))


@at_the_desk
@require_http_methods(["GET", "HEAD", "POST"])
def undo_step_aside(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """It was a slip."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:waiting"))
    try:
        is_mine = contact.undo_recusal(by=actor_of(request), request_id=request_id)
    except Conflict as late:
        messages.warning(request, str(late.detail))
        return HttpResponseRedirect(reverse("desk:waiting"))
    said = _("It is yours again.") if is_mine else _("You see it again.")
    messages.success(request, said)
    return _back_to(request_id)


def _do(
    request: HttpRequest,
    request_id: UUID,
    act: Callable[[], object],
    *,
    told: str,
    typed: dict[str, str] | None = None,
    to: str = "",
) -> HttpResponse:
    """Do it and go on. A refusal shows the request again, or, where it is not there any more, the list: in words."""
    try:
        act()
    except Invalid as refused:
        error = str(refused.errors[0].message)
        shown = {**(typed or {}), "error": error}
        return show(request, request_id, typed=shown, wrong=("id_why", error), status=422)
    except Conflict as lost:
        if queries.one(actor_of(request), request_id) is not None:
            return show(request, request_id, said=Said(notice=str(lost.detail)), typed=typed, status=409)
        if any(text.strip() for text in (typed or {}).values()):
            return not_sent(request, status=409, refused=lost)
        messages.warning(request, str(lost.detail))
        return HttpResponseRedirect(reverse("desk:handed"))
    messages.success(request, told)
    return HttpResponseRedirect(to) if to else _back_to(request_id)


def _handover_id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("handover", ""))
    except ValueError:
        raise NotFound() from None


def _back_to(request_id: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:request", args=[request_id]))


def _seen(actor: Actor, request_id: UUID) -> Listed:
    row = queries.one(actor, request_id)
    if row is None:
        raise NotFound()
    return row
