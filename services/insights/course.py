"""How far help came: answered, read, met, helped, of what was knocked for and is over. Never for a person who helps.

A row is one role at one school in one quarter of a year. It is counted once, after the quarter's end, and kept as it
may be said (`withhold`, which is pure): an answer changed later, a conversation opened again or forgotten leave no
trace in it, and no two quarters overlap, so that no two looks can be subtracted to tell of one student.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from kernel.actor import Actor
from kernel.permissions import allowed
from services.contact.models import ContactAttempt, ContactRequest, ConversationMessage
from services.feedback.models import Feedback
from services.insights.models import QuarterOfHelp
from services.insights.queries import sees_all
from services.insights.withholding import is_small
from services.meetings.models import MeetingTime
from services.promises.models import Promise
from tenants.setup.portal import Texts

#: So many whole months are counted together: small doors would never be shown by themselves.
MONTHS = 3
_IN_PERSON = ("visit", "walk", "video", "phone")
_PARTS = ("yes", "little", "no", "unsaid")


@dataclass(frozen=True, slots=True)
class Course:
    """How many conversations; of them how many were answered, whose answer was read, who met somebody; and what their
    students said of it. The parts (`yes` to `unsaid`) sum to the whole."""

    whole: int
    answered: int
    read: int
    met: int
    yes: int
    little: int
    no: int
    unsaid: int


@dataclass(frozen=True, slots=True)
class ShownCourse:
    """What may be said of it. None is withheld; `whole` None means fewer than FEWEST."""

    whole: int | None = None
    answered: int | None = None
    read: int | None = None
    met: int | None = None
    yes: int | None = None
    little: int | None = None
    no: int | None = None
    unsaid: int | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """One door in one quarter, before anything is withheld: never kept, never shown."""

    school_id: UUID
    role_id: UUID
    course: Course


@dataclass(frozen=True, slots=True)
class CourseRow:
    school: str
    role: Texts
    shown: ShownCourse


def withhold(course: Course) -> ShownCourse:
    """The row without whatever is 1 to 4, or could be worked out as 1 to 4 by taking one figure of it from another.

    What the students said is shown as a whole or not at all: one hidden part would be the rest of the others. Each
    further figure is shown where neither it nor its distance to any that is shown is small.
    """
    if course.whole == 0 or is_small(course.whole):
        return ShownCourse()
    shown: dict[str, int] = {"whole": course.whole}
    said = {name: getattr(course, name) for name in _PARTS}
    sums = _sums(list(said.values()))
    if not any(is_small(one) or is_small(course.whole - one) for one in sums):
        shown |= said
    for name in ("answered", "read", "met"):
        figure = getattr(course, name)
        others = [*shown.values(), *(sums if "yes" in shown else ())]
        if not is_small(figure) and not any(is_small(abs(figure - other)) for other in others):
            shown[name] = figure
    return ShownCourse(**shown)


def _sums(parts: list[int]) -> set[int]:
    """Every figure that can be made of some of the parts."""
    found = {0}
    for part in parts:
        found |= {part + one for one in found}
    return found


def last_quarter(now: datetime, timezone: str) -> tuple[datetime, datetime]:
    """[from, to): the newest quarter of the local year that is over."""
    zone = ZoneInfo(timezone)
    day = now.astimezone(zone).date()
    months = (
        day.year * 12 + (day.month - 1) // MONTHS * MONTHS
    )  # of the quarter that runs, counted from the year 0
    first, after = (date(n // 12, n % 12 + 1, 1) for n in (months - MONTHS, months))
    return datetime.combine(first, time(), zone), datetime.combine(after, time(), zone)


def courses(actor: Actor, quarter: date) -> list[CourseRow]:
    """What was kept of the quarter that begins on this day, of the schools the actor leads (an administrator: all): the
    same for all who lead a school. Nobody who helps is counted, and no total over rows is given.
    """
    if not allowed(actor, "insights.open"):
        return []
    kept = QuarterOfHelp.objects.filter(first_day=quarter).select_related("school", "role")
    if not sees_all(actor):
        kept = kept.filter(school_id__in=[school for school in actor.leads if school is not None])
    return [
        CourseRow(
            row.school.name,
            row.role.names,
            ShownCourse(**{name: getattr(row, name) for name in ShownCourse.__dataclass_fields__}),
        )
        for row in kept.order_by("school__name", "role__order", "role__key")
    ]


def counted(start: datetime, end: datetime) -> list[Counted]:
    """Every door at which a conversation was closed by a helper in [start, end)."""
    closed = ContactRequest.objects.filter(
        state=ContactRequest.State.CLOSED, closed_at__gte=start, closed_at__lt=end
    )
    counts: dict[tuple[UUID, UUID], Counter[str]] = {}
    for door, found in _told(closed, end):
        counts.setdefault(door, Counter()).update(found)
    return [
        Counted(*door, Course(**{name: count[name] for name in Course.__dataclass_fields__}))
        for door, count in counts.items()
    ]


def _told(closed: QuerySet[ContactRequest], end: datetime) -> Iterator[tuple[tuple[UUID, UUID], list[str]]]:
    """((school, role), what one conversation counts for). One query; ids and words stay here."""
    mine = {"request_id": OuterRef("pk")}
    rows = closed.annotate(
        answered=Exists(Promise.objects.filter(subject_id=OuterRef("pk"), answered_at__isnull=False)),
        read=Exists(ConversationMessage.objects.filter(**mine, sender="helper", seen_at__isnull=False)),
        reached=Exists(ContactAttempt.objects.filter(**mine, outcome="reached", kind__in=_IN_PERSON)),
        met_there=Exists(
            MeetingTime.objects.filter(meeting__request_id=OuterRef("pk"), state=MeetingTime.State.HELD)
        ),
    )
    names = ("pk", "closed_at", "school_id", "role_id", "answered", "read", "reached", "met_there")
    answers: dict[tuple[UUID, datetime | None], str] = {
        (request_id, closed_at): answer
        for request_id, closed_at, answer in Feedback.objects.filter(
            request__in=closed, at__lt=end
        ).values_list("request_id", "closed_at", "answer")
    }
    for pk, closed_at, school_id, role_id, answered, read, reached, met_there in rows.values_list(*names):
        said = answers.get((pk, closed_at), Feedback.Answer.SKIPPED)
        found = ["whole", said if said in _PARTS else "unsaid"]
        happened = {"answered": answered, "read": read, "met": reached or met_there}
        found += [name for name, has in happened.items() if has]
        yield (school_id, role_id), found
