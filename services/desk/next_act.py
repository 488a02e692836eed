"""What comes next about a meeting, for the top of a request: to propose times, to wait for the student, to meet, to say
what came of it. Pure.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _

from kernel.ui.when import say_when
from services.contact.models import ContactRequest
from services.meetings.models import Way
from services.meetings.panel import why_it_moved
from services.meetings.queries import Shown, Standing
from services.meetings.rules import CHANNEL_OF
from services.meetings.words import MOVED_FOR_HELPERS, WAYS
from services.promises.models import Promise

type Says = Callable[[datetime], str]


@dataclass(frozen=True, slots=True)
class NextAct:
    """`what` is next: propose, wait (the student chooses), meet, or tell (what came of it). `state` open · broken."""

    what: Literal["propose", "wait", "meet", "tell"]
    text: str
    note: str = ""
    state: str = "open"

    def comes_after(self, contact: str) -> bool:
        """Whether the contact, whose promise stands like this (its strip's state), is to be made first."""
        return contact in ("open", "broken") and self.what in ("propose", "wait")


def next_act(standing: Standing | None, *, timezone: str, language: str) -> NextAct | None:
    """None while no meeting is promised."""
    if standing is None or not standing.meeting.is_open:
        return None

    def says(instant: datetime) -> str:
        return say_when(instant, standing.now, timezone, language)

    if standing.agreed is not None:
        return _of_the_agreed(standing, standing.agreed, says)
    return _of_the_promised(standing, says) if standing.promise is not None else None


def _of_the_agreed(standing: Standing, agreed: Shown, says: Says) -> NextAct:
    when = {"when": says(agreed.time.starts_at)}
    where = " · ".join(part for part in (str(WAYS[Way(agreed.time.way)]), agreed.place) if part)
    if not standing.has_begun:
        after = _("Afterwards, write down here what came of it.")
        return NextAct("meet", _("You meet %(when)s.") % when, f"{where}. {after}")
    promise, note = standing.promise, ""
    if promise is not None and promise.state_at(standing.now) == "waiting":
        note = _("Write it down by %(when)s.") % {"when": says(promise.due_at)}
    return NextAct("tell", _("You agreed to meet %(when)s. What came of it?") % when, note)


def _of_the_promised(standing: Standing, says: Says) -> NextAct:
    assert standing.promise is not None
    due, is_late = (
        {"when": says(standing.promise.due_at)},
        standing.promise.state_at(standing.now) == "broken",
    )
    state = "broken" if is_late else "open"
    late = _("You should have met by %(when)s.") % due
    if standing.offered:
        times = ", ".join(says(one.time.starts_at) for one in standing.offered)
        note = _("Proposed: %(times)s. You are told when they have chosen.") % {"times": times}
        said = _("The student chooses a time to meet.")
        return NextAct("wait", f"{late} {said}" if is_late else said, note, state)
    if is_late:
        return NextAct("propose", late, _("Propose a time now."), state)
    text = _("Propose a time to meet: it is promised by %(when)s.") % due
    return NextAct("propose", text, why_it_moved(standing, MOVED_FOR_HELPERS))


type Counts = Literal["", "in_time", "too_late", "another_way"]


def counts_as_contact(request: ContactRequest, promise: Promise | None, standing: Standing | None) -> Counts:
    """Whether the agreed meeting makes the contact that this promise waits for: it is the way the student chose (who
    was not promised an answer in the conversation), and begins in time. "" where nothing is agreed, or nothing waits.
    """
    waits_for_contact = (Promise.Kind.FIRST_CONTACT, Promise.Kind.REOPENED, Promise.Kind.RETRY)
    if standing is None or standing.agreed is None or promise is None:
        return ""
    if promise.kind not in waits_for_contact or promise.state_at(standing.now) != "waiting":
        return ""
    time = standing.agreed.time
    if CHANNEL_OF[Way(time.way)] != request.channel_kind or request.is_found_only_here:
        return "another_way"
    return "in_time" if time.starts_at <= promise.due_at else "too_late"
