"""`portal()`: built once per change of set-up, day and process; one one-row query while nothing changed.

The stamp is drawn anew with every change, so a rolled-back change can never be mistaken for a later one.
With PostgreSQL away the last portal still answers: the door keeps its look and its words (docs/how/doors.md).
"""

import threading
import time
from collections import OrderedDict, defaultdict
from datetime import date, datetime
from datetime import time as clock_time
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection

from kernel import once
from kernel.guarantee import Guarantee, WorkingCalendar, due_at
from kernel.people.identity.queries import for_students
from kernel.people.models import Account
from kernel.tenancy import require_current
from tenants.presence.loading import load_roster
from tenants.presence.presence import Roster
from tenants.setup.actors import today
from tenants.setup.countries import REVIEWED_BY_US
from tenants.setup.models import (
    AttachmentRule,
    CalendarVersion,
    Face,
    HelperRole,
    Language,
    Lead,
    Look,
    OutsideDoor,
    School,
    SchoolAddress,
    SetupVersion,
    Topic,
    Wording,
)
from tenants.setup.models import WorkingCalendar as CalendarRow
from tenants.setup.portal import (
    Adult,
    LookOfDoor,
    OfferedLanguage,
    Portal,
    RoleAtSchool,
    SchoolDoor,
    StudentProvider,
    narrowest,
)
from tenants.setup.queries.answers import guarantees
from tenants.setup.topics import TopicRule, topic_rules

KEPT_PORTALS = 500
#: Seconds for which `recent_portal` does not ask again, and for which nobody asks a database that was away.
RECENT, AWAY = 1.0, 2.0
_known: OrderedDict[str, Portal] = OrderedDict()
_asked: dict[str, float] = {}
_away_at = -AWAY
_lock = threading.Lock()


def portal() -> Portal:
    """The portal of the municipality we are inside, as the database has it now (while a page is made: as it was when
    the page first asked).

    Raises OperationalError or InterfaceError only when the database is away and this process has never
    seen it.
    """
    return once.setup.ask("portal", _portal)


def _portal() -> Portal:
    global _away_at
    schema = require_current().schema
    known = _known.get(schema)
    if known is not None and time.monotonic() - _away_at < AWAY:
        return known
    try:
        stamp = SetupVersion.objects.values_list("stamp", flat=True).first()
        fresh = known if known and (known.version, known.day) == (stamp, today()) else _build(stamp)
    except (OperationalError, InterfaceError):
        if known is None:
            raise
        _away_at = time.monotonic()
        return known
    _remember(schema, fresh)
    return fresh


def recent_portal() -> Portal:
    """As `portal()`, but what this process saw within the last second is good enough: for colours and
    languages."""
    schema = require_current().schema
    known = _known.get(schema)
    if known is not None and time.monotonic() - _asked.get(schema, -RECENT) < RECENT:
        return known
    return portal()


def _remember(schema: str, fresh: Portal) -> None:
    with _lock:
        _known[schema] = fresh
        _known.move_to_end(schema)
        # What was read in a transaction may be rolled back: it is never "recent".
        _asked[schema] = -RECENT if connection.in_atomic_block else time.monotonic()
        while len(_known) > KEPT_PORTALS:
            gone, _portal = _known.popitem(last=False)
            _asked.pop(gone, None)


def look_again() -> None:
    """What this process saw of the municipality we are inside is no longer recent: somebody changed it."""
    _asked.pop(require_current().schema, None)
    once.setup.forget()


def forget() -> None:
    """Drop every remembered portal of this process (tests)."""
    with _lock:
        _known.clear()
        _asked.clear()


def _build(stamp: UUID | None) -> Portal:
    calendar, promised, roster = _calendar(), guarantees(), load_roster()
    return Portal(
        version=stamp,
        day=today(),
        look=_look(),
        languages=_languages(),
        schools=_schools(roster, _Window(calendar, promised)),
        calendar=calendar,
        guarantees=promised,
        wording={(row.key, row.language): row.text for row in Wording.objects.all()},
        roster=roster,
        attachments=dict(AttachmentRule.objects.values_list("school_id", "who")),
        addresses=dict(SchoolAddress.objects.values_list("slug", "school_id")),
        names=_names(roster),
        topics=_topics(),
        outside=tuple(
            OutsideDoor.objects.values_list("school_id", "role_id").order_by("school_id", "role_id")
        ),
        faces=dict(Face.objects.values_list("account_id", "digest")),
        leads=tuple(
            (school_id, account_id)
            for school_id, account_id in Lead.objects.values_list("school_id", "account_id")
            if school_id is not None
        ),
        student_providers=tuple(StudentProvider(row.pk, row.name) for row in for_students()),
    )


def _topics() -> tuple[TopicRule, ...]:
    roles = HelperRole.objects.filter(closed_on=None).order_by("order", "key").values_list("pk", "profession")
    return topic_rules(Topic.objects.all(), require_current().country, list(roles))


def _look() -> LookOfDoor:
    row = Look.objects.first()
    if row is None:
        return LookOfDoor()
    return LookOfDoor(row.brand, bytes(row.logo or b""), row.logo_hash, row.show_names, row.exit_url)


def _languages() -> tuple[OfferedLanguage, ...]:
    return tuple(
        OfferedLanguage(row.code, row.is_default, row.code in REVIEWED_BY_US or bool(row.reviewed_by))
        for row in Language.objects.order_by("order", "code")
    )


def _calendar() -> WorkingCalendar | None:
    current = CalendarRow.objects.values("version_id")[:1]
    data = CalendarVersion.objects.filter(pk__in=current).values_list("data", flat=True).first()
    return WorkingCalendar.from_json(data) if data else None


class _Window:
    """The last day on which a promise given today may be kept, by the guarantee of the door."""

    def __init__(
        self,
        calendar: WorkingCalendar | None,
        promised: dict[tuple[UUID | None, UUID | None], Guarantee],
    ) -> None:
        self._calendar, self._promised = calendar, promised
        self._known: dict[Guarantee | None, date] = {}

    def is_open(self, day: date) -> bool:
        return self._calendar is None or self._calendar.is_counted(day)

    def last_day(self, school_id: UUID, role_id: UUID) -> date:
        """Of a student who asks in the last minute of today; today where nothing can be promised."""
        guarantee = narrowest(self._promised, school_id, role_id)
        if guarantee not in self._known:
            self._known[guarantee] = self._of(guarantee)
        return self._known[guarantee]

    def _of(self, guarantee: Guarantee | None) -> date:
        if guarantee is None or self._calendar is None:
            return today()
        zone = self._calendar.zone
        due = due_at(self._calendar, guarantee, datetime.combine(today(), clock_time(23, 59), zone))
        return due.astimezone(zone).date() if due else today()


def _schools(roster: Roster, window: _Window) -> tuple[SchoolDoor, ...]:
    """A role is offered where somebody is there before a promise given today runs out."""
    roles = list(HelperRole.objects.filter(closed_on=None).order_by("order", "key"))
    day = today()

    def is_offered(role_id: UUID, school_id: UUID) -> bool:
        last = window.last_day(school_id, role_id)
        return bool(roster.first_day_with_somebody(role_id, school_id, day, last, is_open=window.is_open))

    people = {
        pk: Adult(pk, name, tuple(speaks))
        for pk, name, speaks in Account.objects.filter(is_active=True).values_list("pk", "name", "speaks")
    }
    holders: dict[tuple[UUID, UUID], list[Adult]] = defaultdict(list)
    known: set[tuple[UUID, UUID]] = set()
    for post in roster.posts:
        place = (post.school_id, post.role_id)
        known.add(place)
        adult = people.get(post.account_id)
        if post.starts_on <= day and adult is not None and adult not in holders[place]:
            holders[place].append(adult)
    staffed = {school_id for school_id, _role in known}
    show_names = Look.objects.values_list("show_names", flat=True).first() is not False
    doors = []
    slugs = dict(SchoolAddress.objects.filter(is_current=True).values_list("school_id", "slug"))
    for school in School.objects.filter(closed_on=None).order_by("name"):
        here = [role for role in roles if (school.pk, role.pk) in known or school.pk not in staffed]
        offered = [role for role in here if is_offered(role.pk, school.pk)]
        as_role = {role.pk: _role(role, holders[school.pk, role.pk], show_names) for role in here}
        doors.append(
            SchoolDoor(
                school.pk,
                school.name,
                school.form,
                tuple(as_role[role.pk] for role in offered),
                tuple(as_role[role.pk] for role in here if role not in offered),
                has_people=school.pk in staffed,
                slug=slugs.get(school.pk, ""),
                simple=school.simple_door,
                shows_faces=school.shows_faces,
            )
        )
    return tuple(doors)


def _names(roster: Roster) -> dict[UUID, str]:
    """Of everybody who holds a post, as far as students may see names."""
    if Look.objects.values_list("show_names", flat=True).first() is False:
        return {}
    held = {post.account_id for post in roster.posts}
    return dict(Account.objects.filter(is_active=True, pk__in=held).values_list("pk", "name"))


def _role(role: HelperRole, people: list[Adult], show_names: bool) -> RoleAtSchool:
    shown = tuple(people) if show_names else ()
    return RoleAtSchool(
        role.pk, role.key, role.profession, role.names, role.describes, role.keeps,
        tuple(dict.fromkeys(one.name for one in shown)), shown,
        tuple(sorted({code for one in people for code in one.speaks})),
        bool(people) and all(one.speaks for one in people),
    )  # fmt: skip
