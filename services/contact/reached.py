"""Whether somebody has reached the student, and so how a request may end: help is no outcome of nobody's word.

What is asked of is the last thing that was promised: since the knock; since it was closed and the student asked again;
since somebody took it over, or came to have it again by the student's no; since a clock was given because an offer
came to nothing or somebody stepped aside. What reached the student before that was an answer to something else. Who
it was that reached them is no matter: what a colleague did before they let go counts.

Reached is by a message that stands (one that was taken back never was): where the conversation is what the student
chose, or the only place; else by one that they have opened. By a contact that was written down, in whatever way, also
one that stops no clock. By a meeting that was held. A try in vain is none, and what the student keeps apart is none.
"""

from collections.abc import Callable
from datetime import datetime

from kernel import clock
from services.contact.models import ContactAttempt, ContactRequest, ConversationMessage, Handover
from services.promises.models import Promise

#: A room that knows of meetings says whether they have met since.
type Met = Callable[[ContactRequest, datetime], bool]
Outcome = ContactRequest.Outcome
#: What nobody can say of a student whom nobody has reached.
NEEDS_CONTACT = (Outcome.HELPED, Outcome.REFERRED)

_met: list[Met] = []


def register(met: Met) -> None:
    """Called once, when a room is loaded (apps.py); again with the same function changes nothing."""
    if met not in _met:
        _met.append(met)


def outcomes_of(request: ContactRequest) -> list[str]:
    """How it may end now, in the order in which it is asked."""
    known = [value for value in Outcome.values if value]
    return known if is_reached(request) else [value for value in known if value not in NEEDS_CONTACT]


def is_reached(request: ContactRequest) -> bool:
    """Whether somebody has reached the student since they were last promised a word."""
    since = _promised_since(request)
    return _wrote(request, since) or _noted(request, since) or any(met(request, since) for met in _met)


def _promised_since(request: ContactRequest) -> datetime:
    kinds = (Promise.Kind.REOPENED, Promise.Kind.HANDOVER)
    given = Promise.objects.filter(subject_id=request.pk, kind__in=kinds)
    closed = [request.closed_before] if request.closed_before else []
    clocks = given.values_list("opened_at", flat=True)
    return max([request.opened_at, *closed, *clocks, *_came_to_whoever_has_it(request)])


def _came_to_whoever_has_it(request: ContactRequest) -> list[datetime]:
    """When each of those who took it over did, or lost it again by the student's no."""
    rows = Handover.objects.filter(request=request, accepted_at__isnull=False)
    said = rows.values_list("state", "accepted_at", "ended_at")
    return [at for state, begun, ended in said if (at := ended if state == "refused" else begun) is not None]


def _wrote(request: ContactRequest, since: datetime) -> bool:
    helpers = ConversationMessage.Sender.HELPER
    written = ConversationMessage.objects.filter(
        request=request, sender=helpers, is_apart=False, at__gte=since
    )
    return (written if request.is_found_only_here else written.filter(seen_at__isnull=False)).exists()


def _noted(request: ContactRequest, since: datetime) -> bool:
    """A clock time is typed to the minute: one of the minute in which it began is after it."""
    reached = request.attempts.filter(outcome=ContactAttempt.Outcome.REACHED)
    return reached.filter(at__gte=clock.minute(since), recorded_at__gte=since).exists()
