"""What the desk asks: shelves in the order of the promise, counts, the share of promises kept.

Always through contact's `visible_to`, and nothing sealed is ever opened. The database sorts and pages, so
that 5,000 requests cost as many queries as 50.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from kernel import clock
from kernel.actor import Actor
from services.contact.clocks import still_counts
from services.contact.handover_queries import clocks_of_offers, unread
from services.contact.holding import is_free
from services.contact.models import ContactRequest, ConversationMessage
from services.contact.queries import (
    IN_A_FLOOD,
    Listed,
    Shelf,
    on_shelf,
    scope_of,
    unrecorded,
    visible_to,
    with_promises,
)
from services.desk.models import Draft
from services.promises.models import AFTER_CONTACT, Promise
from tenants.setup.models import HelperRole, School

SHELVES: tuple[Shelf, ...] = (
    "waiting",
    "mine",
    "handed",
    "closed",
    "shared",
    "unrecorded",
    "danger",
    "flood",
)
SEALED = ("channel_value", "preferred_times")
#: The share of promises kept is told from this many on: of fewer it would tell about one student.
ENOUGH = 5
_IS_ANSWERED = Q(state=ContactRequest.State.ANSWERED)
SHARE_OVER = timedelta(days=30)


def shelf(
    actor: Actor, name: Shelf, *, school_id: UUID | None = None, role_id: UUID | None = None
) -> QuerySet[ContactRequest]:
    """One shelf, to be sliced: what runs by due time, the oldest first among equals; closed by time.

    A new message where no clock runs is due now: after what is broken, before all that has time. Then the
    rest.
    """
    requests = _at_door(on_shelf(actor, name), school_id, role_id)
    # Asked for the rows of a page alone, after all of them are sorted: not joined to each that is not shown.
    requests = requests.prefetch_related("school", "role", "taken_by").defer(*SEALED)
    if name == "closed":
        return requests.order_by("-closed_at", "pk")
    if name == "unrecorded":
        return requests.order_by("closed_at", "pk")
    news = Case(When(Exists(_unseen()), then=Value(clock.now())), output_field=DateTimeField())
    return requests.annotate(stands_by=Coalesce(_runs_until(), news)).order_by(
        F("stands_by").asc(nulls_last=True), "opened_at", "pk"
    )


def _at_door(
    requests: QuerySet[ContactRequest], school_id: UUID | None, role_id: UUID | None
) -> QuerySet[ContactRequest]:
    wanted = {"school_id": school_id, "role_id": role_id}
    return requests.filter(**{key: value for key, value in wanted.items() if value is not None})


def _runs_until() -> Subquery:
    """The due time of the earliest promise that its student waits for (contact/clocks.py).

    Said in one condition that the index of standing promises does not cover: the database then goes by
    subject, and not through every standing promise once a row.
    """
    return Subquery(_waits().filter(still_counts()).order_by("due_at").values("due_at")[:1])


def _waits() -> QuerySet[Promise]:
    """The promises that wait for their answer, broken or not."""
    return Promise.objects.filter(subject_id=OuterRef("pk"), answered_at__isnull=True, ended_at__isnull=True)


def _unseen() -> QuerySet[ConversationMessage]:
    return unread().filter(request_id=OuterRef("pk"))


def rows(requests: list[ContactRequest]) -> list[Listed]:
    """A page of a shelf with its promises, its news and who is still there: at most three queries."""
    return with_promises(requests)


def offered_rows(actor: Actor, listed: list[Listed]) -> list[Listed]:
    """Rows of what is offered to the actor, with the clock of the offer: the one that is theirs. First due first."""
    clocks = clocks_of_offers(actor, (row.request.pk for row in listed))
    found = [replace(row, promises=(clocks[pk],)) for row in listed if (pk := row.request.pk) in clocks]
    return sorted(found, key=lambda row: (row.promises[0].due_at, row.request.opened_at))


def one(actor: Actor, request_id: UUID) -> Listed | None:
    """One request as it stands in a list; None when it is not there for this actor."""
    found = visible_to(actor).select_related("school", "role", "taken_by").defer(*SEALED)
    return next(iter(with_promises(list(found.filter(pk=request_id)))), None)


def found(actor: Actor, ids: Sequence[UUID]) -> list[Listed]:
    """The rows of a search, newest first; without what is not there for this actor."""
    requests = visible_to(actor).filter(pk__in=list(ids)).select_related("school", "role", "taken_by")
    return with_promises(list(requests.defer(*SEALED).order_by("-opened_at", "pk")))


def is_named(request: ContactRequest) -> bool:
    """Whether the student gave a name. Opens nothing."""
    return bool(request.name)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many nobody has (any more), how many I have, how many somebody let me into, and how many are offered to
    me; in how many of mine the student has been answered and has written anew; how many I closed are still to be
    recorded elsewhere; how many promises at my doors are in danger; how many knocks came in a flood, unread.
    """

    waiting: int
    mine: int
    shared: int = 0
    news: int = 0
    unrecorded: int = 0
    handed: int = 0
    danger: int = 0
    flood: int = 0


def counts(actor: Actor) -> Counts:
    """For the tabs: at most four queries."""
    scope, is_open = scope_of(actor), Q(closed_at__isnull=True)
    here = scope.at_door & is_open
    found = ContactRequest.objects.filter(here | scope.shared | scope.offered).aggregate(
        waiting=Count("pk", filter=here & is_free() & ~IN_A_FLOOD),
        flood=Count("pk", filter=here & IN_A_FLOOD),
        mine=Count("pk", filter=here & Q(taken_by_id=actor.id)),
        shared=Count("pk", filter=scope.shared),
        handed=Count("pk", filter=scope.offered),
        news=Count("pk", filter=here & Q(taken_by_id=actor.id) & Q(Exists(_unseen())) & _IS_ANSWERED),
    )
    return Counts(**found, unrecorded=unrecorded(actor), danger=on_shelf(actor, "danger").count())


def earliest_due(actor: Actor) -> datetime | None:
    """When the first promise at the actor's desk runs out (or did, unanswered): what waits, and what is theirs.

    One query a shelf.
    """
    dues = (
        on_shelf(actor, name).annotate(due=_runs_until()).aggregate(first=Min("due"))["first"]
        for name in ("waiting", "mine")
    )
    return min(filter(None, dues), default=None)


def kept_share(actor: Actor, now: datetime) -> int | None:
    """Of the promises at the actor's doors that were due in the last 30 days, how many per cent were kept.

    Rounded down, so that 100 is said only when all were. Tries, meetings and worries do not count. None for fewer than
    ENOUGH.
    """
    doors = Q()
    for role_id, school_id in actor.posts:
        doors |= Q(role_id=role_id, school_id=school_id)
    if not doors:
        return None
    kept = Q(kept_at__isnull=False)
    broken = Q(kept_at__isnull=True, ended_at__isnull=True)
    decided = Promise.objects.filter(doors, due_at__gt=now - SHARE_OVER).exclude(kind__in=AFTER_CONTACT)
    found = decided.aggregate(
        kept=Count("pk", filter=kept),
        decided=Count("pk", filter=kept | broken & (Q(due_at__lt=now) | Q(answered_at__isnull=False))),
    )
    return found["kept"] * 100 // found["decided"] if found["decided"] >= ENOUGH else None


@dataclass(frozen=True, slots=True)
class Doors:
    """The schools and roles the actor answers at, for filters. By name; by the municipality's order."""

    schools: tuple[School, ...]
    roles: tuple[HelperRole, ...]


def doors(actor: Actor) -> Doors:
    """Two queries."""
    schools = School.objects.filter(pk__in={school for _role, school in actor.posts}).order_by("name")
    roles = HelperRole.objects.filter(pk__in={role for role, _school in actor.posts}).order_by("order", "key")
    return Doors(tuple(schools), tuple(roles))


def draft_versions(actor: Actor, request_id: UUID) -> Mapping[str, str]:
    """Which version of the actor's own drafts stands now, by kind: for the forms that show them. Opens nothing."""
    if actor.kind != "person" or actor.id is None:
        return {}
    drafts = Draft.objects.filter(account_id=actor.id, request_id=request_id).defer("text")
    return {draft.kind: draft.version for draft in drafts}


def turn(request: ContactRequest) -> str:
    """Changes with every message, whoever wrote it: an open page says that there is something new. No content."""
    newest = ConversationMessage.objects.filter(request=request).order_by("-number")
    return str(newest.values_list("pk", flat=True).first() or "")
