"""The strip on a case: what is promised, how it stands, and what the next right act is. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from kernel.ui.when import say_when
from services.contact.models import Channel, ContactRequest
from services.contact.queries import Listed
from services.desk.next_act import Counts
from services.desk.words import WAYS
from services.promises.models import Promise
from services.promises.queries import first_contact


@dataclass(frozen=True, slots=True)
class Strip:
    """`state` open · kept · broken; `part` how much of the time is gone, 0-100, while it runs. `others`: what else the
    student was promised, in a line each, the earliest first."""

    text: str
    note: str
    state: str
    part: int | None = None
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Say:
    """How a time is said: now, in the municipality's zone, in the reader's language."""

    now: datetime
    timezone: str
    language: str

    def when(self, at: datetime) -> str:
        return say_when(at, self.now, self.timezone, self.language)


def strip(row: Listed, say: Say, *, offered: Promise | None = None, meeting: Counts = "") -> Strip | None:
    """The one box of a request: the earliest that its student waits for, what is to be done, and below it the rest.
    `offered`: the promise of an offer that the reader made, which nobody has answered; `meeting`: whether an agreed one
    makes the contact that is waited for. None when nothing was promised, or nothing waits any more (withdrawn in time).
    """
    request, waits = row.request, list(row.waiting)
    clocks = sorted([*waits, *([offered] if offered else [])], key=lambda one: one.due_at)
    if not clocks:
        return _what_became_of(row.promise, say) if row.promise else None
    first = clocks[0]
    others = [_also(one, first, offered, say) for one in clocks[1:]]
    if not waits and row.promise is not None and (kept := _what_became_of(row.promise, say)):
        others.append(kept.text)
    shown = _of_an_offer(first, say) if first is offered else _waiting(request, first, say, meeting)
    return replace(shown, others=tuple(others))


def asked(row: Listed, offer: Promise, say: Say) -> Strip:
    """The same for whoever is asked to take it over: a yes or a no is theirs to say, and what runs first with a yes."""
    clocks = sorted([offer, *row.waiting], key=lambda one: one.due_at)
    runs = [one for one in clocks if one.state_at(say.now) == "waiting"] or [offer]
    broke = [one for one in clocks if one not in runs and one is not offer]
    others = [
        *(_("The promise broke %(when)s.") % {"when": say.when(one.due_at)} for one in broke),
        *(_("The student was also told: by %(when)s.") % {"when": say.when(one.due_at)} for one in runs[1:]),
    ]
    text = _("Say yes or no by %(when)s.") % {"when": say.when(runs[0].due_at)}
    note = f"{_('With a yes you reach the student by then.')} {_('The student has been told this time.')}"
    return Strip(text, note, "open", None, tuple(others))


def _waiting(request: ContactRequest, promise: Promise, say: Say, meeting: Counts) -> Strip:
    """What is to be done for the student, by when; or what should have been done."""
    rule = _reply_rule() if promise.kind == Promise.Kind.REPLY else _rule(request)
    when, is_open = {"when": say.when(promise.due_at)}, request.is_open
    if promise.state_at(say.now) == "broken":
        note = f"{_('The student has been told.')} {rule}" if is_open else ""
        return Strip(_("The promise broke %(when)s.") % when, note, "broken")
    text = _act(promise)
    if meeting == "in_time":
        text = _("The meeting you have agreed is the contact: it is promised by %(when)s.")
    note = _with_the_meeting(rule, meeting) if is_open else ""
    return Strip(text % when, note, "open", _gone(promise, say.now))


def _act(promise: Promise) -> str:
    if promise.kind == Promise.Kind.REPLY:
        return _("Answer what the student wrote by %(when)s.")
    return (
        _("Try again by %(when)s.") if promise.kind == Promise.Kind.RETRY else _("Make contact by %(when)s.")
    )


def _of_an_offer(promise: Promise, say: Say) -> Strip:
    text = _("By %(when)s somebody is to have said yes and reached the student.")
    state = promise.state_at(say.now)
    return Strip(
        text % {"when": say.when(promise.due_at)},
        _("You answer the student until somebody says yes."),
        "broken" if state == "broken" else "open",
        None if state == "broken" else _gone(promise, say.now),
    )


def _also(promise: Promise, first: Promise, offered: Promise | None, say: Say) -> str:
    """A later clock in a line: another act by its name, the same one as another time that the student was told."""
    if promise is offered:
        return _of_an_offer(promise, say).text
    is_same = first is not offered and _act(promise) == _act(first)
    told = _("The student was also told: by %(when)s.") if is_same else _act(promise)
    return told % {"when": say.when(promise.due_at)}


def _what_became_of(promise: Promise, say: Say) -> Strip | None:
    """Nothing waits: whether it was kept."""
    if promise.answered_at is None:
        return None
    answered = {"when": say.when(promise.answered_at)}
    if promise.state_at(say.now) == "kept":
        return Strip(_("The promise was kept %(when)s.") % answered, "", "kept")
    return Strip(_("Contact was made %(when)s. That was too late.") % answered, "", "broken")


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
