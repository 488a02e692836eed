"""The student's own panels, under the conversation."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.errors import Conflict, Invalid, NotFound
from kernel.outbox import texting
from kernel.people import limits
from kernel.tenancy import require_current
from kernel.ui.bidi import listed
from services.contact.panels import Panel, Seen
from services.reach import operations, queries
from tenants.setup.portal import text_in

#: Addresses given to one conversation in a day: to be told of news, not to write to strangers.
MOST, WITHIN = 5, 24 * 3600


def _notice(_request: HttpRequest, seen: Seen) -> dict[str, Any] | None:
    wish = queries.wish_of(seen.opened.request)
    if wish is None and not seen.opened.request.is_open:
        return None
    posted, wrong = seen.posted or QueryDict(), dict(seen.errors)
    return {
        "wish": wish if wish and not wish.failed_at else None,
        "failed": wish is not None and wish.failed_at is not None,
        "by_text": wish is not None and wish.by_text,
        "address": posted.get("address", ""),
        "often": posted.get("often", "once"),
        "options": [
            {"value": "once", "label": _("Once. Then we delete the address.")},
            {
                "value": "each",
                "label": _("Each time, until this is closed."),
                "hint": _("Never two before you have looked here."),
            },
        ],
        "wrong": wrong.get("id_address", ""),
        "refused": wrong.get("notice", ""),
        "is_open": bool(seen.errors) or (wish is not None and wish.failed_at is not None),
        "municipality": require_current().name,
        "text_sender": settings.SMS_SENDER if texting.is_connected() else "",
    }


def _act_on_notice(request: HttpRequest, by: Actor, case_id: UUID) -> None:
    if request.POST.get("act") == "stop":
        operations.stop_notice(by=by, request_id=case_id)
        return
    address = request.POST.get("address", "")
    if not address.strip() and texting.is_connected():
        raise Invalid(address=_("Write an e-mail address, or the number of a mobile phone."))
    if not address.strip():
        raise Invalid(address=_("Write an e-mail address, like name@example.com."))
    if not limits.allowed("notice-address", str(case_id), most=MOST, seconds=WITHIN):
        raise Conflict(_("You have changed the address often. Try again tomorrow."), code="often")
    operations.ask_notice(
        by=by,
        request_id=case_id,
        address=address,
        each_time=request.POST.get("often") == "each",
        language=get_language() or "en",
    )


def _name(_request: HttpRequest, seen: Seen) -> dict[str, Any] | None:
    about = seen.opened.request
    if not about.is_open:
        return None
    posted, wrong = seen.posted or QueryDict(), dict(seen.errors)
    role = text_in(about.role.names, get_language() or "en") or about.role.key
    return {
        "name": seen.opened.name,
        "role_at": listed([role, about.school.name]),
        "typed": posted.get("name", ""),
        "wrong": wrong.get("id_name", ""),
        "refused": wrong.get("name", ""),
    }


def _act_on_name(request: HttpRequest, by: Actor, case_id: UUID) -> None:
    if request.POST.get("act") == "out":
        operations.take_name_out(by=by, request_id=case_id)
    else:
        operations.tell_name(by=by, request_id=case_id, name=request.POST.get("name", ""))


def _friend(_request: HttpRequest, seen: Seen) -> dict[str, Any] | None:
    about = seen.opened.request
    if not about.is_open:
        return None
    friend = queries.friend_of(about)
    posted, wrong = seen.posted or QueryDict(), dict(seen.errors)
    waits = friend is not None and friend.joined_at is None
    return {
        "friend": friend,
        "tag": operations.tag_of(by=seen.by, friend=friend) if friend else "",
        "code": operations.code_of(friend) if friend and waits else "",
        "read_at": queries.friend_read_at(friend) if friend else None,
        "is_open": bool(seen.errors) or waits,
        "typed": posted.get("tag", ""),
        "reads": posted.get("reads", "onward"),
        "options": [
            {"value": "onward", "label": _("What is written from now on")},
            {"value": "all", "label": _("All of it, also what is written already")},
        ],
        "wrong": wrong.get("id_tag", ""),
        "refused": wrong.get("friend", ""),
    }


def _friend_reads(_request: HttpRequest, seen: Seen) -> dict[str, Any] | None:
    """Where it says who reads: the friend as well, by what the student calls them."""
    friend = queries.friend_of(seen.opened.request) if seen.opened.request.is_open else None
    if friend is None:
        return None
    return {
        "friend": friend,
        "tag": operations.tag_of(by=seen.by, friend=friend),
        "read_at": queries.friend_read_at(friend),
        "is_named": True,
    }


def _act_on_friend(request: HttpRequest, by: Actor, case_id: UUID) -> None:
    if request.POST.get("act") == "end":
        operations.end_friend(by=by, request_id=case_id)
        return
    operations.invite_friend(
        by=by,
        request_id=case_id,
        tag=request.POST.get("tag", ""),
        reads_all=request.POST.get("reads") == "all",
    )


def _ties(_request: HttpRequest, seen: Seen) -> dict[str, Any] | None:
    posted, wrong = seen.posted or QueryDict(), dict(seen.errors)
    others = queries.others_of(seen.opened.request, get_language() or "en")
    return {
        "others": others,
        "is_open": bool(seen.errors or others),
        "typed": posted.get("other", "")[:80],
        "shared": "shares" in posted,
        "wrong": wrong.get("id_other", ""),
        "refused": wrong.get("ties", ""),
    }


def _act_on_ties(request: HttpRequest, by: Actor, case_id: UUID) -> None:
    said = request.POST
    match said.get("act", ""):
        case "untie":
            operations.untie(by=by, request_id=case_id, tie_id=_id(said.get("tie", "")))
        case "share" | "hide" as wish:
            operations.share_tie(
                by=by, request_id=case_id, tie_id=_id(said.get("tie", "")), shares=wish == "share"
            )
        case _:
            operations.tie(by=by, request_id=case_id, code=said.get("other", ""), shares="shares" in said)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound() from None


PANELS = (
    Panel("notice", "more", "reach/notice.html", _notice, _act_on_notice, order=20),
    Panel("name", "more", "reach/name.html", _name, _act_on_name, order=30),
    Panel("friend", "more", "reach/friend-panel.html", _friend, _act_on_friend, order=40),
    Panel("friend-reads", "readers", "reach/friend-reads.html", _friend_reads),
    Panel("ties", "more", "reach/ties.html", _ties, _act_on_ties, order=50),
)
