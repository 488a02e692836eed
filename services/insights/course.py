"""How far help came: answered, read, met, helped, of what was knocked for and is over. Never for a person who helps.

A row is one role at one school, counted over whole local months that are past; what students said later is not counted.
It does not stand still yet: an answer changed later and a conversation opened again leave it, so that two looks at it
could tell of one student. Therefore no page shows it until its months are kept as they were when they ended. What of it
may be shown then is `withhold`, which is pure.
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
from services.contact.wishes import hidden_ids
from services.feedback.models import Feedback
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
class CourseRow:
    school: str
    role: Texts
    course: Course

    @property
    def shown(self) -> ShownCourse:
        return withhold(self.course)


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


def whole_months(now: datetime, timezone: str) -> tuple[datetime, datetime]:
    """[from, to): the MONTHS whole local months before this one."""
    zone = ZoneInfo(timezone)
    first = now.astimezone(zone).date().replace(day=1)
    back = first.year * 12 + first.month - 1 - MONTHS
    start = date(back // 12, back % 12 + 1, 1)
    return datetime.combine(start, time(), zone), datetime.combine(first, time(), zone)


def courses(actor: Actor, start: datetime, end: datetime) -> list[CourseRow]:
    """Rows of the schools the actor leads (an administrator: all), of conversations closed by a helper in [start, end).

    Counted at the door that closed them. Nobody who helps is counted, and no total over rows is given.
    """
    if not allowed(actor, "insights.open"):
        return []
    closed = ContactRequest.objects.filter(
        state=ContactRequest.State.CLOSED, closed_at__gte=start, closed_at__lt=end
    )
    if not sees_all(actor):
        closed = closed.filter(school_id__in=[school for school in actor.leads if school is not None])
    if actor.id is not None:
        closed = closed.exclude(pk__in=hidden_ids(actor.id))
    counts: dict[tuple[str, UUID], Counter[str]] = {}
    names: dict[UUID, Texts] = {}
    for school, role_id, role_names, found in _told(closed, end):
        names[role_id] = role_names
        counts.setdefault((school, role_id), Counter()).update(found)
    return [
        CourseRow(
            school, names[role_id], Course(**{name: count[name] for name in Course.__dataclass_fields__})
        )
        for (school, role_id), count in sorted(counts.items(), key=lambda one: (one[0][0], str(one[0][1])))
    ]


def _told(closed: QuerySet[ContactRequest], end: datetime) -> Iterator[tuple[str, UUID, Texts, list[str]]]:
    """(school, role, its names, what one conversation counts for). One query; ids and words stay here."""
    mine = {"request_id": OuterRef("pk")}
    rows = closed.annotate(
        answered=Exists(Promise.objects.filter(subject_id=OuterRef("pk"), answered_at__isnull=False)),
        read=Exists(ConversationMessage.objects.filter(**mine, sender="helper", seen_at__isnull=False)),
        reached=Exists(ContactAttempt.objects.filter(**mine, outcome="reached", kind__in=_IN_PERSON)),
        met_there=Exists(
            MeetingTime.objects.filter(meeting__request_id=OuterRef("pk"), state=MeetingTime.State.HELD)
        ),
    )
    values = rows.values_list(
        "pk",
        "closed_at",
        "school__name",
        "role_id",
        "role__names",
        "answered",
        "read",
        "reached",
        "met_there",
    )
    answers: dict[tuple[UUID, datetime | None], str] = {
        (request_id, closed_at): answer
        for request_id, closed_at, answer in Feedback.objects.filter(
            request__in=closed, at__lt=end
        ).values_list("request_id", "closed_at", "answer")
    }
    for pk, closed_at, school, role_id, role_names, answered, read, reached, met_there in values:
        said = answers.get((pk, closed_at), Feedback.Answer.SKIPPED)
        found = ["whole", said if said in _PARTS else "unsaid"]
        happened = {"answered": answered, "read": read, "met": reached or met_there}
        found += [name for name, has in happened.items() if has]
        yield school, role_id, role_names, found
