"""The strip on a case: what is promised, how it stands, and what the next right act is. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from kernel.ui.when import say_when
from services.contact.models import Channel, ContactRequest
from services.desk.next_act import Counts
from services.desk.words import WAYS
from services.promises.models import Promise
from services.promises.queries import first_contact


@dataclass(frozen=True, slots=True)
class Strip:
    """`state` open · kept · broken; `part` how much of the time is gone, 0-100, while it runs."""

    text: str
    note: str
    state: str
    part: int | None = None


def strip(
    request: ContactRequest,
    promise: Promise | None,
    now: datetime,
    *,
    timezone: str,
    language: str,
    meeting: Counts = "",
) -> Strip | None:
    """None when nothing was promised, or nothing waits any more (withdrawn in time). `meeting`: whether an agreed one
    makes the contact that is waited for.
    """
    if promise is None:
        return None
    state, rule = promise.state_at(now), _rule(request)
    due = say_when(promise.due_at, now, timezone, language)
    if state == "waiting":
        if promise.kind == Promise.Kind.REPLY:
            text, rule = _("Answer what the student wrote by %(when)s."), _reply_rule()
            return Strip(text % {"when": due}, rule if request.is_open else "", "open", _gone(promise, now))
        again = promise.kind == Promise.Kind.RETRY
        text = _("Try again by %(when)s.") if again else _("Make contact by %(when)s.")
        if meeting == "in_time":
            text = _("The meeting you have agreed is the contact: it is promised by %(when)s.")
        note = _with_the_meeting(rule, meeting) if request.is_open else ""
        return Strip(text % {"when": due}, note, "open", _gone(promise, now))
    if state == "ended":
        return None
    if promise.answered_at is not None:
        answered = say_when(promise.answered_at, now, timezone, language)
        if state == "kept":
            return Strip(_("The promise was kept %(when)s.") % {"when": answered}, "", "kept")
        return Strip(_("Contact was made %(when)s. That was too late.") % {"when": answered}, "", "broken")
    told = _("The student has been told.")
    rule = _reply_rule() if promise.kind == Promise.Kind.REPLY else rule
    note = f"{told} {rule}" if request.is_open else ""
    return Strip(_("The promise broke %(when)s.") % {"when": due}, note, "broken")


def taken_back(promises: Iterable[Promise], now: datetime, *, with_files: bool = False) -> str:
    """What is said once a reply was taken back: whether a promise waits for an answer, or what it answered stands.

    `promises` of its request, as they are after it.
    """
    seen = _("Taken back. The student has not seen it.")
    if with_files:
        seen = _("Taken back, unseen, with its files. Choose them again before you send.")
    return _as_it_stands(seen, promises, now)


def contact_taken_back(promises: Iterable[Promise], now: datetime) -> str:
    """The same once a contact that was written down was taken back."""
    return _as_it_stands(_("Taken back. It counts as never written down."), promises, now)


def _as_it_stands(seen: str, promises: Iterable[Promise], now: datetime) -> str:
    known = list(promises)
    if any(one.state_at(now) == "waiting" for one in known):
        return f"{seen} {_('The promise runs as before.')}"
    newest = first_contact(known)
    if newest is None or newest.state_at(now) == "ended":
        return seen
    if newest.state_at(now) == "kept":
        return f"{seen} {_('The promise was kept before, and stays kept.')}"
    if newest.answered_at is None:
        return f"{seen} {_('The promise is broken, and the student waits for an answer.')}"
    return f"{seen} {_('The student was answered before, after the promised time.')}"


def _with_the_meeting(rule: str, meeting: Counts) -> str:
    """What alone stops the clock, beside an agreed meeting."""
    said = {
        "": rule,
        "in_time": _("Once you have met, write it down: that keeps the promise."),
        "too_late": f"{rule} {_('The meeting you have agreed is later than that.')}",
        "another_way": f"{rule} {_('The meeting you have agreed does not stop this clock.')}",
    }
    return said[meeting]


def _reply_rule() -> str:
    return _("A message here answers it. If it needs none, say so.")


def _rule(request: ContactRequest) -> str:
    if request.is_found_only_here and request.channel_kind != Channel.CONVERSATION:
        return _("No place and no name was given. Write here: the student comes back with the code.")
    return str(WAYS[request.channel_kind].rule)


def _gone(promise: Promise, now: datetime) -> int | None:
    """By the clock on the wall: a bar is a feeling, the time beside it is the promise. None while so little is
    gone that an empty bar would look like a stray line.
    """
    whole = (promise.due_at - promise.opened_at).total_seconds()
    gone = max(0, min(100, round(100 * (now - promise.opened_at).total_seconds() / whole)))
    return gone if gone >= 3 else None
