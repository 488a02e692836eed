"""The open conversation: read, write, ask again, withdraw, close."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError, Invalid, NotAllowed, NotFound
from kernel.ui.bidi import listed
from services.attachments.intake import PICTURES, Taken
from services.contact import operations, panels, visit
from services.contact.agreed import agreed_with
from services.contact.channels import BY_KIND
from services.contact.enclosing import may_enclose, once_with_files
from services.contact.files_on_pages import FIELD, shown, uploads_of
from services.contact.handover_queries import standing_handover, unread_since, written_since
from services.contact.holding import holder_of
from services.contact.hours import closed_now
from services.contact.introductions import introductions, said_on_top
from services.contact.live import mark_of
from services.contact.models import ContactRequest
from services.contact.once import mark
from services.contact.operations import Conversation, Line
from services.contact.origin import own_pages_only
from services.contact.queries import openings_of
from services.contact.reads import by_role_and_day, reads_by_day
from services.contact.standing import Standing, standing_of
from services.contact.there import there_on
from services.contact.to_whom import to_whom
from services.contact.views.pages import page, speaking
from services.contact.words import OPENED_BECAUSE
from tenants.setup.models import HelperRole
from tenants.setup.portal import text_in
from tenants.setup.queries import portal


@own_pages_only
@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: HttpRequest) -> HttpResponse:
    """The conversation of the visit cookie; without one, the page that asks for the code.

    What was typed and could not be sent stands in the page that says "not sent": the database is away (503),
    the visit has ended or another conversation is open in this browser (409, the code sends it), or there is no
    such conversation any more (410, it goes along to a new knock).
    """
    try:
        return _conversation(request)
    except (OperationalError, InterfaceError):
        if request.method != "POST" or request.POST.get("act") == "leave":
            raise
        return not_sent(request, "away", status=503)


def _conversation(request: HttpRequest) -> HttpResponse:
    by = visit.visitor(request)
    leaves = request.POST.get("act") == "leave"
    if "receipt" in request.POST and not leaves:
        return _send_with_code(request)
    proven = by is not None and by.case_id is not None and visit.is_proven(request, by.case_id)
    if (request.POST.get("text", "").strip() or request.FILES) and not proven and not leaves:
        return not_sent(request, "code", status=409)
    if by is None or by.case_id is None:
        return to(f"{reverse('contact:receipt')}?expired")
    if request.method != "POST":
        return open_page(request, by, by.case_id)
    if not proven:
        raise NotAllowed(_("This page was open for a long time. Open it again with your code."))
    if leaves:
        response = to(f"{reverse('contact:receipt')}?left")
        visit.leave(response)
        return response
    return _write(request, by, by.case_id)


def _write(request: HttpRequest, by: Actor, case_id: UUID) -> HttpResponse:
    text, reopens = request.POST.get("text", ""), request.POST.get("act") == "reopen"

    def write(files: Sequence[Taken]) -> object:
        return operations.student_writes(
            by=by,
            request_id=case_id,
            text=text,
            still_need_help=reopens,
            seen_open="was_open" in request.POST,
            files=files,
        )

    try:
        once_with_files(
            write,
            uploads=uploads_of(request),
            mark=request.POST.get("once", "")[:100],
            verb="student_writes",
            by=by,
            request_id=case_id,
            said=(text, str(reopens)),
        )
    except Invalid as refused:
        wrong = {
            name: [str(e.message) for e in refused.errors if e.field == name] for name in ("text", FIELD)
        }
        return open_page(request, by, case_id, typed=text, errors=wrong["text"], wrong_files=wrong[FIELD])
    except NotFound:
        return gone(request)
    except DomainError as refused:
        said = str(refused.detail) or _("That did not work. Try again in a moment.")
        return open_page(request, by, case_id, typed=text, errors=[said], status=refused.status)
    return stay(request, case_id, thanked=not reopens and "was_open" not in request.POST)


def _send_with_code(request: HttpRequest) -> HttpResponse:
    """Open the conversation by its code and write into it. The code is the right to; no cookie is asked."""
    try:
        by = operations.open_by_receipt(request.POST["receipt"])
    except NotFound:
        wrong = _("This code did not open anything. Look at each sign and try once more.")
        return not_sent(request, "code", status=404, wrong=wrong)
    if by.case_id is None:
        raise NotFound()
    return _write(request, by, by.case_id)


def not_sent(
    request: HttpRequest,
    why: str,
    *,
    status: int,
    wrong: str = "",
    action: str = "",
    carried: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    """What was typed, still there. `why`: "away" (try again), "code" (the code opens and sends), "gone" (the
    conversation is not there any more: it goes along to a new knock), "moved" (its form is not there any more: it
    goes into the conversation).

    `action`: where the form was going, if not to the conversation; `carried`: what else stood in it.
    """
    posted = request.POST
    context = {
        "typed": posted.get("text", ""),
        "act": posted.get("act", "") if action or posted.get("act") == "reopen" else "message",
        "proof": posted.get("proof", ""),
        "once": posted.get("once", "")[:100],
        "was_open": "was_open" in posted and not action,
        "asks_code": why == "code" or ("receipt" in posted and why != "gone"),
        "code": posted.get("receipt", "")[:80],
        "why": why,
        "errors": [("id_receipt", wrong)] if wrong else [],
        "lost_files": bool(request.FILES),
        "action": action or reverse("contact:conversation"),
        "carried": carried or [],
    }
    return page(request, "not-sent.html", context, status=status)


def gone(request: HttpRequest) -> HttpResponse:
    """There is no such conversation any more: what was typed goes along to a new knock, and it is said that files were
    not kept. With neither, to the codes."""
    if request.POST.get("text", "").strip() or request.FILES:
        response = not_sent(request, "gone", status=410, action=reverse("contact:knock"))
    else:
        response = to(f"{reverse('contact:receipt')}?expired")
    visit.end(response)
    return response


def open_page(
    request: HttpRequest,
    by: Actor,
    case_id: UUID,
    *,
    typed: str = "",
    errors: list[str] | None = None,
    wrong_files: list[str] | None = None,
    of: str = "",
    wrong: list[tuple[str, str]] | None = None,
    status: int = 422,
) -> HttpResponse:
    """The conversation, opened for its student. `typed`, `errors` and `wrong_files` are of the form for writing;
    `wrong` of the panel named `of`, whose form comes back as it was posted; words it has no place for (any more)
    stand in the form for writing."""
    try:
        opened = operations.read_conversation(by=by, request_id=case_id)
    except NotFound:
        return gone(request)
    now, frame = clock.now(), {"proof": visit.proof(case_id), "once": mark()}
    seen = panels.Seen(by, opened, standing_of(opened, now), now)
    sees = {"": seen}
    if of:
        sees[of] = replace(seen, posted=request.POST, errors=tuple(wrong or ()))
    simple = visit.is_simple(request) and "whole" not in request.GET and _can_be_simple(of)
    brought = panels.shown(request, sees, frame, simple=simple)
    if of:
        typed = typed or _left_over(request.POST.get("text", ""), brought)
    shown_here = _shown(opened, seen.standing.word, now)
    context = {
        **_live(opened, seen.standing.word, now),
        **shown_here,
        **frame,
        "standing": seen.standing,
        **({"way_note": ""} if seen.standing.is_reply else {}),
        "is_said_by_whom": _is_said_by_whom(opened, seen.standing),
        "panels": brought,
        "more": _is_more(brought, shown_here),
        "thanked": "thanks" in request.GET and not opened.request.is_open,
        "typed": typed,
        "wrong": errors or [],
        "errors": [("id_text", error) for error in errors or ()]
        + [("id_files", error) for error in wrong_files or ()]
        + (wrong or []),
        "may_enclose": may_enclose(by, opened.request),
        "accept": PICTURES,
        "wrong_files": " ".join(wrong_files or ()) or _again(request, errors),
    }
    is_wrong = errors or wrong_files or wrong
    template = "contact/simple/conversation.html" if simple else "conversation.html"
    response = page(request, template, context, status=status if is_wrong else 200)
    visit.start(response, case_id, simple=simple)
    return response


def _can_be_simple(of: str) -> bool:
    """Whether the panel whose form came back can say it in few words; of no panel: yes."""
    panel = panels.named(of)
    return not of or (panel is not None and bool(panel.simple))


def _live(opened: Conversation, word: str, now: datetime) -> dict[str, Any]:
    """How the open page knows that it is up to date, and why nobody answers just now."""
    waits = word in ("waiting", "broken")
    return {"live": mark_of(opened.request), "out_of_hours": closed_now(portal(), now) if waits else None}


def _is_said_by_whom(opened: Conversation, standing: Standing) -> bool:
    """The introduction says who answers by then: the same promise is not said a second time above it."""
    known = introductions(opened.request, speaking(), names=False)
    return standing.word == "waiting" and any(one.is_live and one.due == standing.due for one in known)


def _is_more(brought: dict[str, list[SafeString]], here: dict[str, Any]) -> bool:
    """Whether the whole page has something to answer or to see that the simple one leaves out."""
    files = any(line["files"] for line in here["lines"])
    return bool(brought["news"] or brought["promise"] or here["on_top"] or files)


def _left_over(text: str, brought: dict[str, list[SafeString]]) -> str:
    """What was typed into a panel's form and stands in none of them: the panel has moved on."""
    told = conditional_escape(text)
    there = any(told in html for place in brought.values() for html in place)
    return "" if there else text


def _again(request: HttpRequest, errors: list[str] | None) -> str:
    """A browser gives no file back: whoever has to send again has to choose again."""
    return (
        _("Choose your pictures again, or send your words without them.") if errors and request.FILES else ""
    )


def _shown(opened: Conversation, word: str, now: datetime) -> dict[str, Any]:
    """The conversation in a student's terms. Names only where the municipality shows them; who has what broke is said
    by their role where not, and when somebody is there again."""
    door, language = portal(), speaking()
    request = opened.request
    role = text_in(request.role.names, language) or request.role.key
    names = door.look.show_names
    is_broken = word == "broken"
    holder = holder_of(request) if request.is_open and (names or is_broken) else None
    called = holder.get_short_name() if holder and names else role
    known = introductions(request, language, names=names)
    return {
        "request_row": request,
        "role_at": listed([role, request.school.name]),
        "is_open": request.is_open,
        "has_it": called if holder else "",
        "there_on": there_on(request, holder.pk if holder else None, now) if is_broken else None,
        "is_agreed": is_broken and agreed_with(request, now) is not None,
        "way_note": "" if request.is_found_only_here else BY_KIND[request.channel_kind].name,
        "lines": [
            {
                "text": line.text,
                "at": line.at,
                "own": line.sender == "student",
                "system": line.sender == "system",
                "name": _called(line, names, role),
                "seen": line.seen_at is not None,
                "files": shown(line.files, lambda number: reverse("contact:file", args=[number])),
                "apart": line.is_apart,
            }
            for line in opened.lines
        ],
        "introductions": known,
        "to_whom": to_whom(
            request.role_id,
            request.school_id,
            language,
            is_anonymous=not (opened.name or opened.channel_value),
        ),
        "on_top": said_on_top(known) if request.is_open else [],
        "is_handed_over": any(one.is_live for one in known),
        "reads": _reads(request, language),
        "openings": [
            {"at": one.confirmed_at, "why": OPENED_BECAUSE[one.basis]} for one in openings_of(request)
        ],
    }


def _called(line: Line, names: bool, role: str) -> str:
    """A friend is called what the student calls them; a helper by name only where the municipality shows it."""
    if line.sender == "helper":
        return line.name if names and line.name else role
    return line.name


def _reads(request: ContactRequest, language: str) -> list[dict[str, Any]]:
    reads = reads_by_day(request)
    names = {
        role.pk: text_in(role.names, language) or role.key
        for role in HelperRole.objects.filter(pk__in={read.role_id for read in reads if read.role_id})
    }
    return [
        {
            "role": (names.get(one.role_id) if one.role_id else None) or _("An adult"),
            "day": one.day,
            "why": listed(one.reasons),
            "because": one.because,
            "reads": one.reads,
        }
        for one in by_role_and_day(reads)
    ]


@own_pages_only
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take the knock back, after one question."""
    by = visit.visitor(request)
    if by is None or by.case_id is None:
        return to(f"{reverse('contact:receipt')}?expired")
    if request.method != "POST":
        return page(request, "withdraw.html", {"proof": visit.proof(by.case_id)})
    if not visit.is_proven(request, by.case_id):
        raise NotAllowed(_("This page was open for a long time. Open it again with your code."))
    try:
        operations.withdraw(by=by, request_id=by.case_id)
    except NotFound:
        return gone(request)
    return stay(request, by.case_id)


@own_pages_only
@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: HttpRequest) -> HttpResponse:
    """Say no to the new adult, after one question, and what the old one may read of the time between. Nothing to say
    no to (any more): the conversation.
    """
    by = visit.visitor(request)
    if by is None or by.case_id is None:
        return to(f"{reverse('contact:receipt')}?expired")
    if request.method != "POST":
        return _ask_refusing(request, by.case_id)
    if not visit.is_proven(request, by.case_id):
        raise NotAllowed(_("This page was open for a long time. Open it again with your code."))
    said = {"yes": True, "no": False}.get(request.POST.get("unread", ""))
    number = request.POST.get("number", "")
    try:
        operations.refuse_handover(
            by=by,
            request_id=by.case_id,
            number=int(number) if number.isascii() and number.isdecimal() else None,
            all_since="since" in request.POST,
            unread_too=said,
        )
    except Invalid as refused:
        return _ask_refusing(request, by.case_id, error=str(refused.errors[0].message))
    except NotFound:
        return gone(request)
    return stay(request, by.case_id)


def _ask_refusing(request: HttpRequest, case_id: UUID, *, error: str = "") -> HttpResponse:
    asked = ContactRequest.objects.filter(pk=case_id).first()
    known = introductions(asked, speaking(), names=portal().look.show_names) if asked else []
    introduction = next((one for one in known if one.can_refuse), None)
    if introduction is None:
        return stay(request, case_id)
    standing = standing_handover(case_id)
    was_taken = standing is not None and standing.accepted_at is not None
    context = {
        "proof": visit.proof(case_id),
        "introduction": introduction,
        "was_taken": was_taken,
        "wrote": standing is not None and was_taken and written_since(standing).exists(),
        "unread": unread_since(standing).count() if standing is not None and was_taken else 0,
        "answers": [("yes", _("Yes")), ("no", _("No, then nobody reads it"))],
        "error": error,
        "errors": [("id_unread_0", error)] if error else [],
    }
    return page(request, "refuse.html", context, status=422 if error else 200)


def stay(request: HttpRequest, case_id: UUID, *, thanked: bool = False, at: str = "") -> HttpResponse:
    """Back to the conversation, open for another while; `at` is the section to show."""
    asked = "?thanks" if thanked else f"#{at}" if at else ""
    response = to(reverse("contact:conversation") + asked)
    visit.start(response, case_id, simple=visit.is_simple(request))
    return response


def to(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
