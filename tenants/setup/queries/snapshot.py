"""`portal()`: built once per change of set-up, day and process; one one-row query while nothing changed.

The stamp is drawn anew with every change, so a rolled-back change can never be mistaken for a later one.
With PostgreSQL away the last portal still answers: the door keeps its look and its words (docs/how/doors.md).
"""

import threading
import time
from collections import OrderedDict, defaultdict
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection
from django.db.models import Q

from kernel.guarantee import WorkingCalendar
from kernel.tenancy import require_current
from tenants.setup.actors import today
from tenants.setup.countries import REVIEWED_BY_US
from tenants.setup.models import (
    CalendarVersion,
    HelperRole,
    Language,
    Look,
    Post,
    School,
    SetupVersion,
    Wording,
)
from tenants.setup.models import WorkingCalendar as CalendarRow
from tenants.setup.portal import LookOfDoor, OfferedLanguage, Portal, RoleAtSchool, SchoolDoor
from tenants.setup.queries.answers import guarantees

KEPT_PORTALS = 500
#: Seconds for which `recent_portal` does not ask again, and for which nobody asks a database that was away.
RECENT, AWAY = 1.0, 2.0
_known: OrderedDict[str, Portal] = OrderedDict()
_asked: dict[str, float] = {}
_away_at = -AWAY
_lock = threading.Lock()


def portal() -> Portal:
    """The portal of the municipality we are inside, as the database has it now.

    Raises OperationalError or InterfaceError only when the database is away and this process has never
    seen it.
    """
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


def forget() -> None:
    """Drop every remembered portal of this process (tests)."""
    with _lock:
        _known.clear()
        _asked.clear()


def _build(stamp: UUID | None) -> Portal:
    return Portal(
        version=stamp,
        day=today(),
        look=_look(),
        languages=_languages(),
        schools=_schools(),
        calendar=_calendar(),
        guarantees=guarantees(),
        wording={(row.key, row.language): row.text for row in Wording.objects.all()},
    )


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


def _schools() -> tuple[SchoolDoor, ...]:
    """A role is offered where somebody holds it or will; a school where nobody does yet offers every role."""
    roles = list(HelperRole.objects.filter(closed_on=None).order_by("order", "key"))
    day = today()
    holders: dict[tuple[UUID, UUID], list[str]] = defaultdict(list)
    coming: set[tuple[UUID, UUID]] = set()
    posts = Post.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), account__is_active=True)
    for post in posts.select_related("account").order_by("account__name"):
        place = (post.school_id, post.role_id)
        coming.add(place)
        if post.starts_on <= day and post.account.name not in holders[place]:
            holders[place].append(post.account.name)
    show_names = Look.objects.values_list("show_names", flat=True).first() is not False
    doors = []
    for school in School.objects.filter(closed_on=None).order_by("name"):
        offered = [role for role in roles if (school.pk, role.pk) in coming] or roles
        doors.append(
            SchoolDoor(
                school.pk,
                school.name,
                school.form,
                tuple(_role(role, holders[school.pk, role.pk] if show_names else []) for role in offered),
            )
        )
    return tuple(doors)


def _role(role: HelperRole, people: list[str]) -> RoleAtSchool:
    return RoleAtSchool(
        role.pk, role.key, role.profession, role.names, role.describes, role.keeps, tuple(people)
    )
