"""What the lead asks: what is broken, what is in danger, how it went. Always through `visible_to`.

A fixed number of questions, however many promises, schools and roles there are. Ids of requests stay here.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, UUIDField, Value
from django.db.models.functions import Coalesce

from kernel.actor import Actor
from kernel.errors import Unavailable
from kernel.guarantee import CountedHours, due_at
from kernel.permissions import allowed
from kernel.tenancy import require_current
from services.contact.clocks import still_counts
from services.contact.holding import is_free
from services.contact.models import SUBJECT, ContactRequest, Handover
from services.contact.operations.handover_ends import KIND as OFFER
from services.contact.queries import STILL_DUE, records_due
from services.contact.said_no import kept_out_of
from services.contact.taking_over import somebody_until
from services.contact.wishes import hidden_ids
from services.insights.withholding import Shown, Tally, is_small, together, withhold
from services.meetings.models import Meeting
from services.promises import subjects
from services.promises.models import AFTER_CONTACT, STANDING, Promise, PromisePause
from tenants.presence.queries import roster_now
from tenants.presence.stepping_in import AtDoor, Door, who_could_step_in
from tenants.setup.actors import held_on, today
from tenants.setup.models import HelperRole, Post, School
from tenants.setup.portal import Texts
from tenants.setup.queries import current_calendar, portal

#: Due within this many open hours is in danger: time enough to find somebody who answers.
DANGER_HOURS = 4
#: Where the calendar never gets that far.
DANGER_AT_MOST = timedelta(hours=24)
DAYS = 30
#: Rows of a list; the rest is a number.
MOST = 50

KEPT = Q(kept_at__isnull=False)
#: Neither answered nor ended, whether or not the sweep has marked it.
UNANSWERED = Q(answered_at__isnull=True, ended_at__isnull=True)


@dataclass(frozen=True, slots=True)
class Late:
    """One promise in a list: where, which role, by when. Nothing that points at who. `is_offer`: it is about who takes
    somebody over."""

    school: str
    role: Texts
    due_at: datetime
    kind: str = ""
    door: Door | None = None
    to_explain: UUID | None = None  # the promise, where the lead has still to say what was done about it
    is_offer: bool = False
    number: str = ""
    explained: str = ""  # what was said of it, and since when
    said_at: datetime | None = None
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """The first rows by due time, and how many there are in all."""

    rows: tuple[Late, ...]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one role at one school."""

    school: str
    role: Texts
    tally: Tally

    @property
    def shown(self) -> Shown:
        return withhold(self.tally)


@dataclass(frozen=True, slots=True)
class Figures:
    """`rows` have enough promises to be shown; `few` have not, and are known by name alone.

    `together` is all of `few` as one row, for who sees the whole municipality and where it tells nothing.
    """

    rows: tuple[Row, ...]
    few: tuple[tuple[str, Texts], ...]
    together: Shown | None


def visible_to(actor: Actor) -> QuerySet[Promise]:
    """Promises given at the schools the actor leads; an administrator's are all of the municipality."""
    promises = Promise.objects.all()
    if not allowed(actor, "insights.open"):
        return promises.none()
    if sees_all(actor):
        return promises
    return promises.filter(school_id__in=[school for school in actor.leads if school is not None])


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """How many closed requests of one role at one school are still to be recorded where the law wants it."""

    school: str
    role: Texts
    count: int
    is_nobodys: bool = False  # nobody answers at that door any more


_OF_A_DOOR = ("role", "school", "request__role", "request__school")


def unrecorded(actor: Actor) -> list[Unrecorded]:
    """Counts alone, at the schools the actor leads, by the door whose duty it is."""
    if not allowed(actor, "insights.open"):
        return []
    due = records_due().filter(STILL_DUE)
    if not sees_all(actor):
        due = due.filter(Q(door_school__in=[school for school in actor.leads if school is not None]))
    if actor.id is not None:
        due = due.exclude(request__in=hidden_ids(actor.id))
    counts = Counter(row.door for row in due.select_related("request").only(*_OF_A_DOOR))
    if not counts:
        return []
    schools = dict(School.objects.filter(pk__in=[door[1] for door in counts]).values_list("pk", "name"))
    roles = dict(HelperRole.objects.filter(pk__in=[door[0] for door in counts]).values_list("pk", "names"))
    there = Post.objects.filter(held_on(today()), account__is_active=True, school_id__in=schools)
    answering = set(there.values_list("role_id", "school_id"))
    found = [
        Unrecorded(schools[school], roles[role], count, (role, school) not in answering)
        for (role, school), count in counts.items()
    ]
    return sorted(found, key=lambda row: (row.school, str(row.role)))


def sees_all(actor: Actor) -> bool:
    """Whether every school of the municipality is the actor's."""
    return actor.is_administrator or None in actor.leads


def broken(actor: Actor, now: datetime, alone: "LeftAlone") -> Listed:
    """Past due, and the student still waits; the longest first. True by the clock, swept or not. Not what was left
    `alone`: that stands in a list of its own."""
    return _listed(_in_lists(actor, alone).filter(due_at__lt=now))


@dataclass(frozen=True, slots=True)
class ToExplain:
    """A broken promise of which the lead says what was done. The id opens nothing else."""

    id: UUID
    school: str
    role: Texts
    due_at: datetime
    kind: str = ""
    is_offer: bool = False
    number: str = ""

    @classmethod
    def of(cls, promise: Promise) -> Self:
        """Of one that is `numbered`, with its school and role."""
        return cls(
            promise.pk,
            promise.school.name,
            promise.role.names,
            promise.due_at,
            promise.kind,
            promise.subject_kind == OFFER,
            number_of(promise),
        )


def numbered(promises: QuerySet[Promise]) -> QuerySet[Promise]:
    """With the number of the request each is about, as the reminders name it. A worry has none here: who reads that
    somebody is worried does not read about whom.
    """
    mine = {"pk": OuterRef("subject_id")}
    return promises.annotate(
        number=Coalesce(
            Subquery(ContactRequest.objects.filter(**mine).values("case_number")),
            Subquery(Handover.objects.filter(**mine).values("request__case_number")),
            Subquery(Meeting.objects.filter(**mine).values("request__case_number")),
            Value(""),
        )
    )


def number_of(promise: Promise) -> str:
    """Of one that is `numbered`; "" for another."""
    return str(getattr(promise, "number", ""))


def broken_promises(actor: Actor) -> QuerySet[Promise]:
    """Numbered. One found late to be kept is none."""
    there = _there_for(actor, visible_to(actor))
    return numbered(there.filter(broken_at__isnull=False, corrected_at__isnull=True))


def to_explain(actor: Actor, listed: Iterable[Late] = ()) -> tuple[ToExplain, ...]:
    """The oldest first; they stay until somebody says what was done. Without those `listed` already: what is asked of
    them is asked there."""
    there = broken_promises(actor).exclude(pk__in=[row.to_explain for row in listed if row.to_explain])
    rows = there.filter(explained="").select_related("school", "role").order_by("due_at", "pk")
    return tuple(ToExplain.of(row) for row in rows[:MOST])


def in_danger(actor: Actor, now: datetime, alone: "LeftAlone") -> Listed:
    """Not answered yet and due soon; the first due first. Not what was left `alone`."""
    soon = _in_lists(actor, alone).filter(due_at__gte=now, due_at__lte=danger_until(now))
    return _listed(soon)


@dataclass(frozen=True, slots=True)
class Paused:
    """One promise whose clock stands: where, which role, since and until when."""

    school: str
    role: Texts
    since: datetime
    until: datetime


def paused(actor: Actor, now: datetime) -> tuple[Paused, ...]:
    """Clocks that stand while a student chooses, the longest first, since the first of the pauses that count together.
    One query.
    """
    running = PromisePause.objects.filter(
        promise__in=_there_for(actor, visible_to(actor)).filter(STANDING), starts_at__lte=now, ends_at__gt=now
    )
    running = running.annotate(since=Coalesce("turn_since", "starts_at"))
    rows = running.order_by("since", "ends_at", "pk").values_list(
        "promise__school__name", "promise__role__names", "since", "ends_at"
    )
    return tuple(Paused(*row) for row in rows[:MOST])


def danger_until(now: datetime) -> datetime:
    """When DANGER_HOURS open hours of today's calendar have passed; else DANGER_AT_MOST from now (UTC)."""
    try:
        calendar, _version = current_calendar()
    except Unavailable:
        return now + DANGER_AT_MOST
    return due_at(calendar, CountedHours(DANGER_HOURS), now) or now + DANGER_AT_MOST


def _waiting(actor: Actor) -> QuerySet[Promise]:
    """What waits, of what is open. Of a request no broken promise that a newer beginning lets be (a student came back,
    or asked the next door; contact/clocks.py); of anything else the newest. What a helper has closed waits for nobody.
    """
    newer = Promise.objects.filter(
        UNANSWERED, subject_id=OuterRef("subject_id"), opened_at__gt=OuterRef("opened_at")
    )
    closed = ContactRequest.objects.filter(pk=OuterRef("subject_id"), closed_at__isnull=False)
    waiting = _there_for(actor, visible_to(actor)).filter(UNANSWERED, still_counts(), kept_at__isnull=True)
    waiting = waiting.exclude(~Q(subject_kind=SUBJECT) & Exists(newer))
    return waiting.exclude(Q(subject_kind=SUBJECT) & Exists(closed))


def _in_lists(actor: Actor, alone: "LeftAlone") -> QuerySet[Promise]:
    """One row for each student who waits, by what is due first: their own promise, that of whoever was asked to take
    them over, or that of a meeting. What an adult is to decide of a worry is another matter.
    """
    waiting = _waiting(actor).annotate(
        waits=Coalesce(
            Subquery(Handover.objects.filter(pk=OuterRef("subject_id")).values("request_id")),
            Subquery(Meeting.objects.filter(pk=OuterRef("subject_id")).values("request_id")),
            "subject_id",
            output_field=UUIDField(),
        )
    )
    same = waiting.filter(waits=OuterRef("waits"))
    sooner = Q(due_at__lt=OuterRef("due_at")) | Q(due_at=OuterRef("due_at"), pk__lt=OuterRef("pk"))
    return waiting.exclude(waits__in=alone.requests).exclude(Exists(same.filter(sooner)))


def _there_for(actor: Actor, promises: QuerySet[Promise]) -> QuerySet[Promise]:
    """Without those of requests that a lead who answers as well must not know of: a list names a door and a clock."""
    if actor.id is None:
        return promises
    return subjects.there_for(actor.id, promises)


def _listed(promises: QuerySet[Promise]) -> Listed:
    found = numbered(promises).order_by("due_at", "school__name", "role__order", "pk")
    rows = tuple(_late(one) for one in found.select_related("school", "role")[:MOST])
    return Listed(rows, promises.count())


def _late(promise: Promise) -> Late:
    is_told = promise.broken_at is None or promise.corrected_at is not None or bool(promise.explained)
    return Late(
        promise.school.name,
        promise.role.names,
        promise.due_at,
        promise.kind,
        (promise.role_id, promise.school_id),
        None if is_told else promise.pk,
        promise.subject_kind == OFFER,
        number_of(promise),
        promise.explained,
        promise.reworded_at or promise.explained_at,
        promise.pk,
    )


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """What waits where nobody who may answer is there: everybody of the door has stepped aside, was kept out or was
    told no (`is_aside`: so it is with some), or is not there (`is_empty`). `apart`: by door, who stepped aside.
    `requests`: which these are, for the other lists alone."""

    listed: Listed
    apart: Mapping[Door, frozenset[UUID]]
    requests: frozenset[UUID] = frozenset()
    is_aside: bool = False
    is_empty: bool = False

    def broken(self, now: datetime) -> int:
        """How many of them are past their due time."""
        return sum(row.due_at < now for row in self.listed.rows)


def left_alone(actor: Actor, now: datetime) -> LeftAlone:
    """The first due first; none that is kept from the actor. Which request it is, and whose no it was, stays here."""
    free = ContactRequest.objects.filter(is_free(), closed_at__isnull=True)
    waiting = _waiting(actor).filter(subject_kind=SUBJECT, subject_id__in=free.values("pk"))
    rows = list(waiting.select_related("school", "role").order_by("due_at", "pk")[:MOST])
    asides = kept_out_of([row.subject_id for row in rows])
    everybody, zone = roster_now(), ZoneInfo(require_current().timezone)
    found, apart, requests = [], dict[Door, frozenset[UUID]](), set[UUID]()
    whys, waits = set[bool](), dict[UUID, list[Promise]]()
    for row in rows:
        waits.setdefault(row.subject_id, []).append(row)
    for its in waits.values():  # of one request, by due time: what broke, and what runs since at its door
        door, aside = (its[-1].role_id, its[-1].school_id), asides[its[-1].subject_id]
        row = next(one for one in its if (one.role_id, one.school_id) == door)
        if actor.id in aside or somebody_until(
            everybody, door, its[-1].due_at.astimezone(zone).date(), aside
        ):
            continue
        found.append(_late(row))
        requests.add(row.subject_id)
        apart[door] = apart.get(door, frozenset()) | aside
        held = {post.account_id for post in everybody.holders(*door, today())}
        whys.add(bool(held) and held <= aside)
    return LeftAlone(
        Listed(tuple(found), len(found)),
        apart,
        frozenset(requests),
        is_aside=True in whys,
        is_empty=False in whys,
    )


@dataclass(frozen=True, slots=True)
class Empty:
    """A school's roles in which nobody is there before a promise given today runs out. `roles` empty: nobody holds a
    post at the school at all."""

    school: str
    roles: tuple[tuple[Door, Texts], ...] = ()


def with_nobody(actor: Actor) -> list[Empty]:
    """Of the schools the actor leads, by name; as the door itself knows it. No query but the portal's own."""
    if not allowed(actor, "insights.open"):
        return []
    mine = [one for one in portal().schools if sees_all(actor) or one.id in actor.leads]
    return [
        Empty(
            school.name,
            tuple(((role.id, school.id), role.names) for role in school.unstaffed if school.has_people),
        )
        for school in mine
        if school.unstaffed
    ][:MOST]


@dataclass(frozen=True, slots=True)
class Help:
    """Who could step in at one door. `why`: what stands there now, the worst of it."""

    door: Door
    school: str
    role: Texts
    why: Literal["broken", "danger", "nobody"]
    who: AtDoor


def help_at(broken: Listed, danger: Listed, empty: Sequence[Empty], alone: LeftAlone) -> list[Help]:
    """One for each door where a promise is broken or in danger, or nobody is; in the order of the lists above it.
    Whoever cannot answer what was left alone is named nowhere at that door."""
    found: dict[Door, tuple[str, Texts, Literal["broken", "danger", "nobody"]]] = {}
    for row in alone.listed.rows:
        if row.door:
            found.setdefault(row.door, (row.school, row.role, "nobody"))
    for row in broken.rows:
        if row.door:
            found.setdefault(row.door, (row.school, row.role, "broken"))
    for row in danger.rows:
        if row.door:
            found.setdefault(row.door, (row.school, row.role, "danger"))
    for school in empty:
        for door, role in school.roles:
            found.setdefault(door, (school.school, role, "nobody"))
    who = who_could_step_in(found, alone.apart)
    return [Help(door, *found[door], who[door]) for door in found if door in who]


def whole_days(now: datetime, timezone: str) -> tuple[datetime, datetime]:
    """[from, to): the DAYS whole local days before today. The figures stand still all day: whoever looks
    twice cannot subtract what came between.
    """
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    first = today - timedelta(days=DAYS)
    return datetime.combine(first, time(), zone), datetime.combine(today, time(), zone)


def figures(actor: Actor, start: datetime, end: datetime) -> Figures:
    """What became of the promises due in [start, end), by school and role, small figures withheld.

    A promise that ended (the student withdrew in time), a next try and a meeting count nowhere. What a student kept
    from one who leads counts as any other: two who lead one school would else work it out from their figures.
    """
    counted = (
        _decided(visible_to(actor), start, end)
        .values("school_id", "role_id", "school__name", "role__names", "role__order", "role__key")
        .annotate(
            reached=Count("pk", filter=KEPT & ~Q(outcome=Promise.Outcome.ATTEMPTED)),
            tried=Count("pk", filter=KEPT & Q(outcome=Promise.Outcome.ATTEMPTED)),
            broken=Count("pk", filter=~KEPT),
        )
        .order_by("school__name", "role__order", "role__key", "school_id")
    )
    rows = [
        Row(
            school=row["school__name"],
            role=row["role__names"],
            tally=Tally(reached=row["reached"], tried=row["tried"], broken=row["broken"]),
        )
        for row in counted
    ]
    few = [row for row in rows if is_small(row.tally.promised)]
    return Figures(
        rows=tuple(row for row in rows if row not in few),
        few=tuple((row.school, row.role) for row in few),
        together=together([row.tally for row in few]) if sees_all(actor) else None,
    )


@dataclass(frozen=True, slots=True)
class Score:
    """Whether anything came due, and whether anything broke."""

    any_due: bool
    any_broken: bool


def score(actor: Actor, now: datetime) -> Score:
    """Of the last DAYS times 24 hours, up to this moment; without what the actor must not know of."""
    found = _decided(_there_for(actor, visible_to(actor)), now - timedelta(days=DAYS), now).aggregate(
        due=Count("pk"), broken=Count("pk", filter=~KEPT)
    )
    return Score(any_due=found["due"] > 0, any_broken=found["broken"] > 0)


def _decided(promises: QuerySet[Promise], start: datetime, end: datetime) -> QuerySet[Promise]:
    due = promises.filter(due_at__gte=start, due_at__lt=end, ended_at__isnull=True)
    return due.exclude(kind__in=AFTER_CONTACT)
