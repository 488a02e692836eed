"""Questions about contact requests: always through `visible_to`. Lists hold no content and open nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from kernel.actor import Actor
from kernel.audit.models import ReadEntry
from kernel.people.models import Account
from services.contact.models import ContactRequest, ConversationMessage
from services.promises.models import Promise
from services.promises.queries import present
from tenants.setup.actors import held_on, today
from tenants.setup.models import Post

type Shelf = Literal["waiting", "mine", "closed"]
OPEN_STATES = (
    ContactRequest.State.WAITING,
    ContactRequest.State.TAKEN,
    ContactRequest.State.ANSWERED,
)


def visible_to(actor: Actor) -> QuerySet[ContactRequest]:
    """The requests whose content `actor` may read, and nobody else's row at all.

    A helper: those of every (role, school) they hold today. A student: their own. Others, whoever they are:
    none.
    """
    requests = ContactRequest.objects.all()
    if actor.kind == "student" and actor.case_id is not None:
        return requests.filter(pk=actor.case_id)
    if actor.kind != "person" or not actor.posts:
        return requests.none()
    doors = Q()
    for role_id, school_id in actor.posts:
        doors |= Q(role_id=role_id, school_id=school_id)
    return requests.filter(doors)


def is_held() -> Exists:
    """The condition that a request is somebody's: who took it answers at its door today, and may sign in.

    Whoever left (post ended, account closed) holds nothing: the request is free, whatever `taken_by` says.
    """
    posts = Post.objects.filter(held_on(today()), account__is_active=True, account_id=OuterRef("taken_by_id"))
    return Exists(posts.filter(role_id=OuterRef("role_id"), school_id=OuterRef("school_id")))


def holder_of(request: ContactRequest) -> Account | None:
    """Who has the request today; None when nobody took it or the one who did has left."""
    if request.taken_by_id is None:
        return None
    held = ContactRequest.objects.filter(is_held(), pk=request.pk, taken_by_id=request.taken_by_id).exists()
    return request.taken_by if held else None


@dataclass(frozen=True, slots=True)
class Listed:
    """A request in a list: its row, the promise that counts now, and how many messages nobody has seen.

    `request.taken_by` is who has it today: None here when the one who took it has left. Not for saving.
    """

    request: ContactRequest
    promise: Promise | None
    unseen: int

    @property
    def due_at(self) -> datetime | None:
        return self.promise.due_at if self.promise else None

    def waits(self) -> bool:
        """Whether a clock is still running for it (or ran out unanswered)."""
        return self.promise is not None and self.promise.answered_at is None and self.promise.ended_at is None


def listed(actor: Actor, shelf: Shelf, *, limit: int = 500) -> list[Listed]:
    """One shelf of the desk, in order of the promise: what still waits by due time, then the rest by due
    time.

    waiting = nobody has it (any more); mine = I have it; closed = done or withdrawn, newest first.
    """
    requests = visible_to(actor).select_related("school", "role", "taken_by")
    if shelf == "closed":
        rows = requests.filter(closed_at__isnull=False).order_by("-closed_at", "pk")[:limit]
        return with_promises(list(rows))
    requests = requests.filter(closed_at__isnull=True)
    found = requests.filter(taken_by_id=actor.id) if shelf == "mine" else requests.filter(~is_held())
    return sorted(with_promises(list(found)), key=_by_promise)[:limit]


def taken_by_others(actor: Actor) -> list[Listed]:
    """What a colleague at the same door has: a row without a lock of ours, in order of the promise."""
    requests = visible_to(actor).select_related("school", "role", "taken_by")
    theirs = requests.filter(is_held(), closed_at__isnull=True).exclude(taken_by_id=actor.id)
    return sorted(with_promises(list(theirs)), key=_by_promise)


def one(actor: Actor, request_id: UUID) -> Listed | None:
    """One request as it stands in a list; None when it is not there for this actor."""
    rows = visible_to(actor).select_related("school", "role", "taken_by").filter(pk=request_id)
    return next(iter(with_promises(list(rows))), None)


def _by_promise(row: Listed) -> tuple[bool, datetime]:
    return (not row.waits(), row.due_at or row.request.opened_at)


def with_promises(requests: list[ContactRequest]) -> list[Listed]:
    """The rows of a list, in their order. At most three queries for the whole list: promises, unseen counts,
    and who of those who took something still is there.
    """
    ids = [request.pk for request in requests]
    _free_what_was_left_behind(requests)
    promises: dict[UUID, list[Promise]] = {pk: [] for pk in ids}
    for promise in Promise.objects.filter(subject_id__in=ids).order_by("-opened_at"):
        promises[promise.subject_id].append(promise)
    unseen = _unseen(ids)
    return [Listed(request, present(promises[request.pk]), unseen.get(request.pk, 0)) for request in requests]


def _free_what_was_left_behind(requests: list[ContactRequest]) -> None:
    """In these values, not in the database: the next one who takes it writes."""
    taken = [request for request in requests if request.taken_by_id is not None]
    if not taken:
        return
    rows = ContactRequest.objects.filter(is_held(), pk__in=[request.pk for request in taken])
    held = set(rows.values_list("pk", flat=True))
    for request in taken:
        if request.pk not in held:
            request.taken_by, request.taken_at = None, None


def _unseen(ids: Iterable[UUID]) -> dict[UUID, int]:
    rows = (
        ConversationMessage.objects.filter(
            request_id__in=list(ids), sender=ConversationMessage.Sender.STUDENT, seen_at__isnull=True
        )
        .values("request_id")
        .annotate(count=Count("pk"))
    )
    return {row["request_id"]: row["count"] for row in rows}


@dataclass(frozen=True, slots=True)
class Read:
    """One read of a conversation by an adult, as the student may see it: the role, when and why; no name."""

    role_id: UUID | None
    at: datetime
    why: str


def reads_by_adults(request: ContactRequest) -> list[Read]:
    """Who has read this conversation, newest first. The caller has shown that the reader may ask."""
    rows = ReadEntry.objects.filter(case_key_id=request.case_key_id, actor_kind="person")
    return [Read(row.role_id, row.at, row.why) for row in rows.order_by("-at", "-id")]
