"""Who has a request today: one condition, in one SQL text, for whatever asks it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, F, Func, Q

from kernel import once
from kernel.people.models import Account
from kernel.tenancy import require_current
from services.contact.models import ContactRequest
from tenants.presence.presence import mask_of
from tenants.presence.queries import roster
from tenants.setup.actors import today
from tenants.setup.queries import portal

#: How far ahead the next open weekday of a post is looked for: longer than any break.
AHEAD = 100


def is_held() -> Q:
    """The condition that a request is somebody's: who took it answers at its door today, and may sign in.

    Whoever left (post ended, account closed) holds nothing: the request is free, whatever `taken_by` says. So
    it is while its holder is absent, and on a day that is none of theirs when its promise runs out before they
    are back. Whoever stands in at the door today and took it holds it.
    """
    return once.setup.ask(("is_held", today()), _is_held)


def _is_held() -> Q:
    held = Q(_AtTheDoor(today()))
    for account_id, role_id, school_id in roster().stand_ins(today()):
        held |= Q(taken_by_id=account_id, role_id=role_id, school_id=school_id)
    return held


def is_free() -> Q:
    """The condition that nobody has a request (any more). What nobody took is told by its row alone, and first: for
    most of what waits the database looks no further.
    """
    return Q(taken_by__isnull=True) | ~Q(is_held())


def holder_of(request: ContactRequest) -> Account | None:
    """Who has the request today; None when nobody took it or the one who did has left."""
    if request.taken_by_id is None:
        return None
    held = ContactRequest.objects.filter(is_held(), pk=request.pk, taken_by_id=request.taken_by_id).exists()
    return request.taken_by if held else None


class _AtTheDoor(Func):
    """Whether who took a request holds a post at its door on a day, and is there, or back in time.

    As SQL by itself: written by the ORM it took a page longer to put together than to ask.
    """

    output_field = BooleanField()
    arity = 4
    _sql = """EXISTS(SELECT 1 FROM setup_post p JOIN people_account a ON a.id = p.account_id
 WHERE p.account_id = {taken_by} AND p.role_id = {role} AND p.school_id = {school} AND a.is_active
 AND p.starts_on <= %s AND (p.ends_on IS NULL OR p.ends_on >= %s)
 AND NOT EXISTS(SELECT 1 FROM presence_absence w WHERE w.account_id = p.account_id
 AND %s BETWEEN w.first_day AND w.last_day)
 AND (p.weekdays & %s > 0 OR NOT EXISTS(SELECT 1 FROM promises_promise s WHERE s.subject_id = {request}
 AND s.answered_at IS NULL AND s.ended_at IS NULL AND s.due_at < CASE {back} END)))"""

    def __init__(self, day: date) -> None:
        super().__init__(F("taken_by_id"), F("role_id"), F("school_id"), F("pk"))
        back = list(_back_at(day))
        self._back = " ".join(f"WHEN {condition} THEN %s" for condition, _about, _at in back)
        self._params = [day, day, day, mask_of([day.isoweekday()])]
        self._params += [one for _condition, about, at in back for one in (about, at)]

    def as_sql(self, compiler: Any, connection: Any, *_asked: Any, **_extra: Any) -> tuple[str, Any]:
        taken_by, role, school, request = (compiler.compile(one)[0] for one in self.get_source_expressions())
        sql = self._sql.format(taken_by=taken_by, role=role, school=school, request=request, back=self._back)
        return sql, tuple(self._params)


def _back_at(day: date) -> Iterator[tuple[str, Any, datetime]]:
    """Which posts (a condition and its parameter) are there again when: at the local midnight that begins the next day
    after `day` on which their holder is there, by the roster; at the end of time when there is none. Where neither an
    absence nor an end is planned, that is the post's next weekday. A closed day is none on which anybody is back.
    """
    zone, everybody, is_open = ZoneInfo(require_current().timezone), roster(), portal().is_open
    planned: dict[date | None, list[UUID]] = {}
    for post in everybody.planned_otherwise(day):
        tomorrow = day + timedelta(days=1)
        back = everybody.back_on(post.account_id, post.role_id, post.school_id, tomorrow, is_open=is_open)
        planned.setdefault(back, []).append(post.post_id)
    for back, ids in planned.items():
        yield "p.id = ANY(%s)", ids, _midnight(back, zone)
    coming = [one for one in (day + timedelta(days=n) for n in range(1, AHEAD)) if is_open(one)]
    nexts = {one.isoweekday(): one for one in reversed(coming)}
    for weekday, one in sorted(nexts.items(), key=lambda pair: pair[1]):
        yield "p.weekdays & %s > 0", mask_of([weekday]), _midnight(one, zone)
    yield "p.weekdays >= %s", 0, _midnight(None, zone)


def _midnight(day: date | None, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone) if day else datetime.max.replace(tzinfo=UTC)
