"""Questions about contact requests: always through `visible_to`. Lists hold no content and open nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import models as db
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from kernel import clock
from kernel.actor import Actor
from kernel.audit.models import ReadEntry
from services.contact.case_numbers import as_drawn
from services.contact.clocks import begins_anew, counting, waited_for
from services.contact.handover_queries import refusals_of, unread
from services.contact.holding import holder_of, is_free, is_held
from services.contact.models import SUBJECT, ContactRequest, RecordDue, Recusal
from services.contact.wishes import InTheOpen, hidden_from, in_the_open
from services.promises.models import STANDING, Promise
from services.promises.queries import present
from tenants.presence.queries import roster
from tenants.setup.actors import held_on, today
from tenants.setup.models import Post
from tenants.walls.cases import Case
from tenants.walls.facts import reader_of, thing_of
from tenants.walls.models import Opening
from tenants.walls.policy import Act, Decision, What, decide
from tenants.walls.queries import openings_told, rows_for

type Shelf = Literal["waiting", "mine", "handed", "closed", "shared", "unrecorded", "danger", "flood"]
OPEN_STATES = (
    ContactRequest.State.WAITING,
    ContactRequest.State.TAKEN,
    ContactRequest.State.ANSWERED,
)


#: It came in a flood, and nobody has read yet what it is.
IN_A_FLOOD = Q(held=ContactRequest.Held.HELD)
#: A condition that no row meets.
NOTHING = Q(pk__isnull=True)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which rows an actor may see, as conditions: at their own doors; let into (by a grant, or by two persons)
    and somebody else's; a student's own; offered to them. What they stepped aside from is in none, and what
    its student said no to them about is at no door of theirs. The words of a
    row are another question: `may`."""

    at_door: Q
    shared: Q
    own: Q
    offered: Q


def scope_of(actor: Actor) -> Scope:
    """The policy's answer (tenants.walls.policy.rows_of) as conditions. One query for a helper."""
    rows = rows_for(actor)
    at_door = NOTHING
    for role_id, school_id in rows.doors:
        at_door |= Q(role_id=role_id, school_id=school_id)
    if rows.without | rows.refused:
        at_door &= ~Q(case_key_id__in=rows.without | rows.refused)
    cases = Q(case_key_id__in=rows.cases) if rows.cases else NOTHING
    not_mine = Q(taken_by__isnull=True) | ~Q(taken_by_id=actor.id)
    # What is free at my own door waits there; I need not be let in.
    shared = cases & not_mine & (~at_door | Q(is_held())) if rows.cases else NOTHING
    offered = Q(case_key_id__in=rows.offered) if rows.offered else NOTHING
    return Scope(at_door, shared, Q(pk=rows.request) if rows.request else NOTHING, offered)


def visible_to(actor: Actor) -> QuerySet[ContactRequest]:
    """The requests whose row `actor` may see. Whether their words too, `may` says.

    A helper: those of every (role, school) they hold today, those they were let into and those offered to them. A
    student: their own. Others, whoever they are: none.
    """
    scope = scope_of(actor)
    seen = [part for part in (scope.at_door, scope.shared, scope.own, scope.offered) if part != NOTHING]
    if not seen:
        return ContactRequest.objects.none()
    condition = seen[0]
    for part in seen[1:]:
        condition |= part
    return ContactRequest.objects.filter(condition)


def case_of(request: ContactRequest, holder_id: UUID | None) -> Case:
    """The request as the walls know it; `holder_id` None when nobody has it (any more)."""
    return Case(
        key=request.case_key_id,
        kind=SUBJECT,
        object_id=request.pk,
        number=request.case_number,
        role=request.role_id,
        school=request.school_id,
        holder=holder_id,
        rests=holder_id is None and not request.is_open and not _waits_closed(request),
    )


def _waits_closed(request: ContactRequest) -> bool:
    """Whether something of a closed request waits for those at its door: what its student has written and nobody has
    opened, before it was closed or since, or a record that somebody left to them. The first message is no news: who
    takes it back is to be left.
    """
    news = unread().filter(request=request, number__gt=1)
    here = {"door_role": request.role_id, "door_school": request.school_id}
    owed = records_due().filter(_left_behind(), request=request, settled="", **here)
    return news.exists() or owed.exists()


def case_of_row(row: "Listed") -> Case:
    """The same, of a row in a list, which knows who is still there."""
    return case_of(row.request, row.request.taken_by_id)


def find_case(by: str, name: object, lock: bool) -> Case | None:
    """How the walls find a contact request: by its key, its number or itself."""
    field = {"key": "case_key_id", "number": "case_number", "object": "pk"}[by]
    found = ContactRequest.objects.filter(**{field: as_drawn(str(name)) if by == "number" else name})
    request = (found.select_for_update() if lock else found).first()
    if request is None:
        return None
    holder = holder_of(request)
    return case_of(request, holder.pk if holder else None)


def may(actor: Actor, case: Case, what: What, act: Act) -> Decision:
    """The policy's answer about one request: allowed or not, and why."""
    return decide(reader_of(actor), thing_of(case, actor, what), act)


@dataclass(frozen=True, slots=True)
class Listed:
    """A request in a list: its row, its promises (newest first), and how many messages nobody has seen. `since`: when
    what is promised last began anew (clocks.py).

    `request.taken_by` is who has it today: None here when the one who took it has left. Not for saving. `wished`: the
    short name of the adult the student asked for first. `is_grave`: somebody may be in danger, by what the student
    chose that it is about; for whoever answers at its door.
    """

    request: ContactRequest
    promises: tuple[Promise, ...]
    unseen: int
    wished: str = ""
    is_grave: bool = False
    since: datetime | None = None

    @property
    def promise(self) -> Promise | None:
        """The promise that counts now: the earliest that its student waits for."""
        return counting(self.promises, self.since)

    @property
    def waiting(self) -> list[Promise]:
        """All that its student waits for, the earliest due first."""
        return waited_for(self.promises, self.since)

    @property
    def runs(self) -> Promise | None:
        """The clock that runs, whatever broke before it; None when none does."""
        found = present(self.promises)
        return found if found and (found.answered_at or found.ended_at or found.broken_at) is None else None

    @property
    def due_at(self) -> datetime | None:
        return self.promise.due_at if self.promise else None

    def waits(self) -> bool:
        """Whether a clock is still running for it (or ran out unanswered)."""
        return self.promise is not None and self.promise.answered_at is None and self.promise.ended_at is None


def listed(actor: Actor, shelf: Shelf, *, limit: int = 500) -> list[Listed]:
    """One shelf of the desk, in order of the promise: what still waits by due time, then the rest by due
    time.

    waiting = nobody has it (any more), and it came in no flood; flood = it did, and nobody has read yet what it is;
    mine = I have it; handed = offered to me; closed = done or withdrawn, newest first; shared = what somebody let me
    into; unrecorded = what is mine to record where the law wants it.
    """
    requests = on_shelf(actor, shelf).select_related("school", "role", "taken_by")
    if shelf == "closed":
        return with_promises(list(requests.order_by("-closed_at", "pk")[:limit]))
    return sorted(with_promises(list(requests)), key=_by_promise)[:limit]


def on_shelf(actor: Actor, shelf: Shelf) -> QuerySet[ContactRequest]:
    """What stands on a shelf, in no order. All but "handed" and "shared" are of the actor's own doors."""
    scope = scope_of(actor)
    if shelf == "handed":
        return ContactRequest.objects.filter(scope.offered)
    if shelf == "shared":
        return ContactRequest.objects.filter(scope.shared)
    if shelf == "danger":
        running = ContactRequest.objects.filter(
            scope.at_door, pk__in=in_danger(actor), closed_at__isnull=True
        )
        return running.exclude(IN_A_FLOOD)
    if shelf == "unrecorded":
        owed = records_of(actor).filter(STILL_DUE).values("request_id")
        return ContactRequest.objects.filter(scope.at_door, pk__in=owed)
    requests = ContactRequest.objects.filter(scope.at_door, closed_at__isnull=shelf != "closed")
    if shelf == "mine":
        return requests.filter(taken_by_id=actor.id)
    if shelf == "flood":
        return requests.filter(held=ContactRequest.Held.HELD)
    return requests.filter(is_free()).exclude(IN_A_FLOOD) if shelf == "waiting" else requests


def in_danger(actor: Actor) -> QuerySet[Promise, UUID]:
    """The subjects of promises at the actor's doors that run, and of which those responsible have been reminded: so
    much of their time is gone as the municipality says (docs/how/guarantee.md). By the index of standing promises.
    """
    doors = NOTHING
    for role_id, school_id in actor.posts:
        doors |= Q(role_id=role_id, school_id=school_id)
    now = clock.now()
    come = Q(reminded__gt=0) | Q(remind_at__lte=now)
    running = Promise.objects.filter(STANDING, doors, come, subject_kind=SUBJECT, due_at__gte=now)
    return running.values_list("subject_id", flat=True)


#: Nobody has said that it is recorded, and its door is done with the request: it is closed, or at another door by now.
STILL_DUE = Q(settled="") & (
    Q(request__closed_at__isnull=False)
    | ~Q(request__role_id=F("door_role"), request__school_id=F("door_school"))
)


def records_due() -> QuerySet[RecordDue]:
    """Every record due, with the door whose duty it is."""
    return RecordDue.objects.annotate(
        door_role=Coalesce("role_id", "request__role_id"),
        door_school=Coalesce("school_id", "request__school_id"),
    )


def records_of(actor: Actor) -> QuerySet[RecordDue]:
    """The records, due or settled, that are the actor's to settle: their own, at a door where they answer today; and
    at those doors what somebody owes who answers there no more. Not of what they stepped aside from; of what its
    student said no to them about, or took outside their school, their own alone.

    It is no right to a word of the request: it may be at another door by now.
    """
    here = _owed_at(actor)
    if here == NOTHING or actor.id is None:
        return RecordDue.objects.none()
    left = _left_behind()
    asides = Recusal.objects.filter(
        request_id=OuterRef("request_id"), account_id=actor.id, undone_at__isnull=True
    )
    refused = refusals_of(actor.id).filter(request_id=OuterRef("request_id"))
    left &= ~Q(request__in=ContactRequest.objects.filter(hidden_from(actor.id)))
    return records_due().filter(here, Q(holder_id=actor.id) | left & ~Exists(refused), ~Exists(asides))


def _owed_at(actor: Actor) -> Q:
    """The condition that a record (`records_due`) is a duty of a door of the actor's."""
    here = NOTHING
    for role_id, school_id in actor.posts if actor.kind == "person" else ():
        here |= Q(door_role=role_id, door_school=school_id)
    return here


def _left_behind() -> Q:
    """The condition that whoever owes a record (`records_due`) answers at its door no more."""
    posts = Post.objects.filter(
        held_on(today()),
        account__is_active=True,
        account_id=OuterRef("holder_id"),
        role_id=OuterRef("door_role"),
        school_id=OuterRef("door_school"),
    )
    left = Q(~Exists(posts))
    for account_id, role_id, school_id in roster().stand_ins(today()):
        left &= ~Q(holder_id=account_id, door_role=role_id, door_school=school_id)
    return left


def unrecorded(actor: Actor) -> int:
    """How many records are still to be written by the actor. One query where none is due at their doors; else two."""
    here = _owed_at(actor)
    if here == NOTHING or not records_due().filter(here, STILL_DUE).exists():
        return 0
    return records_of(actor).filter(STILL_DUE).count()


def recorded_from_afar(actor: Actor) -> list[RecordDue]:
    """Of those, what is at another door by now: there is a number and a duty, and no request that the actor sees."""
    due = records_of(actor).filter(STILL_DUE).exclude(request__in=visible_to(actor))
    return list(due.select_related("request", "role__employer", "school").order_by("since", "pk"))


def record_due_of(actor: Actor, request_id: UUID) -> RecordDue | None:
    """The record of a request that is the actor's to settle: what is still due first, then the newest. Its words
    stay sealed.
    """
    return owed_first(records_of(actor).filter(request_id=request_id)).first()


def owed_first(due: QuerySet[RecordDue]) -> QuerySet[RecordDue]:
    settled = db.Case(When(settled="", then=Value(0)), default=Value(1))
    names = ("request__role__employer", "request__school", "role__employer", "school")
    return due.select_related(*names).order_by(settled, "-since")


def taken_by_others(actor: Actor) -> list[Listed]:
    """What a colleague at the same door has: a row without a lock of ours, in order of the promise."""
    requests = ContactRequest.objects.filter(scope_of(actor).at_door)
    requests = requests.select_related("school", "role", "taken_by")
    theirs = requests.filter(is_held(), closed_at__isnull=True).exclude(taken_by_id=actor.id)
    return sorted(with_promises(list(theirs)), key=_by_promise)


def one(actor: Actor, request_id: UUID) -> Listed | None:
    """One request as it stands in a list; None when it is not there for this actor."""
    rows = visible_to(actor).select_related("school", "role", "taken_by").filter(pk=request_id)
    return next(iter(with_promises(list(rows))), None)


def _by_promise(row: Listed) -> tuple[bool, datetime]:
    return (not row.waits(), row.due_at or row.request.opened_at)


def with_promises(requests: list[ContactRequest]) -> list[Listed]:
    """The rows of a list, in their order. At most four queries for the whole list: promises, unseen counts,
    what each says in the open, and who of those who took something still is there.
    """
    ids = [request.pk for request in requests]
    _free_what_was_left_behind(requests)
    promises: dict[UUID, list[Promise]] = {pk: [] for pk in ids}
    since: dict[UUID, datetime] = {}
    begins = ExpressionWrapper(begins_anew(), output_field=BooleanField())
    given = Promise.objects.filter(subject_id__in=ids).annotate(begins=begins)
    for promise in given.order_by("-opened_at"):
        promises[promise.subject_id].append(promise)
        if promise.begins and promise.subject_id not in since:
            since[promise.subject_id] = promise.opened_at
    unseen, wished, nothing = _unseen(ids), in_the_open(ids), InTheOpen()
    return [
        Listed(
            one,
            tuple(promises[one.pk]),
            unseen.get(one.pk, 0),
            (said := wished.get(one.pk, nothing)).person,
            said.is_grave,
            since.get(one.pk),
        )
        for one in requests
    ]


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
    rows = unread().filter(request_id__in=list(ids)).values("request_id").annotate(count=Count("pk"))
    return {row["request_id"]: row["count"] for row in rows}


@dataclass(frozen=True, slots=True)
class Read:
    """One read of a conversation by an adult, as the student may see it: the role, when and why; no name."""

    role_id: UUID | None
    at: datetime
    why: str


#: What is read when a student's words are: the conversation, all of it taken out, or what was written about them
#: when they were handed over.
WORDS_READ = ("conversation", "extraction", "handover", "attachment")
#: The read log's word for a read that the law keeps from the student.
UNTOLD = "by two persons, untold"


def reads_by_adults(request: ContactRequest) -> list[Read]:
    """Who has read this conversation, newest first. The caller has shown that the reader may ask.

    Without what the law keeps from the student; without reads of something else than their words (the reason
    somebody gave for an opening).
    """
    rows = ReadEntry.objects.filter(
        case_key_id=request.case_key_id, actor_kind="person", what__in=WORDS_READ
    ).exclude(why=UNTOLD)
    return [Read(row.role_id, row.at, row.why) for row in rows.order_by("-at", "-id")]


def openings_of(request: ContactRequest) -> list[Opening]:
    """When two adults decided to open this conversation for somebody, as its student may see it; newest first."""
    return list(openings_told(request.case_key_id))
