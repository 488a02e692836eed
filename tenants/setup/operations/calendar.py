"""The working calendar: weekly hours, public holidays, breaks, extra closed days. Every change makes a new
version;
promises already given point at theirs and do not move (docs/how/guarantee.md)."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.errors import FieldError, Invalid, NotFound
from kernel.guarantee import InvalidField, check_guarantee
from kernel.guarantee import WorkingCalendar as Calendar
from kernel.plain import hidden_signs
from kernel.tenancy import require_current
from tenants.setup import calendars
from tenants.setup.actors import today
from tenants.setup.holiday_import import holidays_of
from tenants.setup.models import CalendarVersion, ClosedDay, ResponseGuarantee, SchoolBreak, WorkingCalendar
from tenants.setup.operations.change import Change, change
from tenants.setup.queries.answers import guarantee_value
from tenants.setup.words import weekday_name

type Hours = dict[str, list[list[str]]]
LONGEST_BREAK = 120
#: How far from today a day may be listed: a slip of the finger in the year is caught here.
YEARS_AHEAD = 6
_CLOCK = re.compile(r"(?:[01]?\d|2[0-3])[:.][0-5]\d|24[:.]00", re.ASCII)


def read_clock(text: str) -> str | None:
    """ "8.00", "08:00" or "24:00" → "08:00"; None for what is not a time of day."""
    text = text.strip()
    if re.fullmatch(r"\d{1,2}", text, re.ASCII):
        text += ":00"
    if not _CLOCK.fullmatch(text):
        return None
    hours, minutes = text.replace(".", ":").split(":")
    return f"{int(hours):02}:{minutes}"


def checked_hours(open_hours: Hours) -> Hours:
    """The week with clean times, days without hours left out. Raises Invalid (open_hours.1 …), one error a
    day."""
    errors, clean = [], {}
    for day in sorted(open_hours):
        field = f"open_hours.{day}"
        if day not in {"1", "2", "3", "4", "5", "6", "7"}:
            errors.append(FieldError(field, _("Days are 1 (Monday) to 7 (Sunday).")))
            continue
        try:
            spans = [[read_clock(str(opens)), read_clock(str(closes))] for opens, closes in open_hours[day]]
        except (TypeError, ValueError):
            spans = [[None, None]]
        reason = _wrong_with(spans)
        if reason:
            errors.append(FieldError(field, f"{weekday_name(int(day))}: {reason}"))
        elif spans:
            clean[day] = sorted([str(opens), str(closes)] for opens, closes in spans)
    if errors:
        raise Invalid(errors)
    return clean


def _wrong_with(spans: list[list[str | None]]) -> str:
    ordered: list[tuple[str, str]] = []
    for opens, closes in spans:
        if opens is None or closes is None:
            return _("write times such as 08:00, from and to.")
        if opens >= closes:
            return _("must open before it closes. Midnight at the end of the day is 24:00.")
        ordered.append((opens, closes))
    ordered.sort()
    for earlier, later in pairwise(ordered):
        if later[0] < earlier[1]:
            return _("%(one)s–%(two)s and %(three)s–%(four)s overlap. Join them or move one.") % {
                "one": earlier[0],
                "two": earlier[1],
                "three": later[0],
                "four": later[1],
            }
    return ""


def value_of(row: WorkingCalendar) -> Calendar:
    """The calendar as the rows now say. Raises Invalid naming what cannot be."""
    try:
        return calendars.build(
            timezone=require_current().timezone,
            open_hours=row.open_hours,
            public_holidays_counted=row.public_holidays_counted,
            school_breaks_counted=row.school_breaks_counted,
            closed_days=ClosedDay.objects.exclude(state=ClosedDay.State.OPEN),
            breaks=SchoolBreak.objects.all(),
        )
    except InvalidField as error:
        raise Invalid([FieldError(error.field, error.reason)]) from error


def refuse_what_cannot_be_kept(value: Calendar, field: str) -> None:
    """Raises Invalid when the calendar never opens, or opens too seldom for a promise given now."""
    if not any(value.open_hours.values()):
        raise Invalid([FieldError(field, _("The door would never open. Give at least one day hours."))])
    for row in ResponseGuarantee.objects.all():
        if check_guarantee(guarantee_value(row), value, clock.now()):
            raise Invalid(
                [
                    FieldError(
                        field, _("With this calendar your promise could never be kept. Open more hours.")
                    )
                ]
            )


def create(*, open_hours: Hours, made_by: UUID | None) -> None:
    """The first calendar of a municipality, in furnish's transaction."""
    row = WorkingCalendar(open_hours=checked_hours(open_hours))
    row.version = CalendarVersion.objects.create(
        number=1, data=value_of(row).to_json(), made_at=clock.now(), made_by=made_by
    )
    row.save(force_insert=True)


def _store(this: Change, row: WorkingCalendar, field: str) -> None:
    """Check the calendar as it now is, and freeze it as a new version unless nothing changed in it."""
    value = value_of(row)
    refuse_what_cannot_be_kept(value, field)
    data = value.to_json()
    if data != row.version.data:
        row.version = CalendarVersion.objects.create(
            number=row.version.number + 1, data=data, made_at=clock.now(), made_by=this.by.id
        )
    row.save()


def _the_calendar() -> WorkingCalendar:
    return WorkingCalendar.objects.select_related("version").get()


def change_hours(
    *,
    open_hours: Hours | None = None,
    public_holidays_counted: bool | None = None,
    school_breaks_counted: bool | None = None,
    by: Actor,
) -> None:
    """The week's hours (`{"1": [["08:00", "12:00"], ["13:00", "16:00"]]}`, local clock, 24:00 is legal),
    and what
    else counts. None = as it is. Raises Invalid (open_hours, open_hours.<weekday>)."""
    week = None if open_hours is None else checked_hours(open_hours)
    with change(by, "change_hours") as this:
        row = _the_calendar()
        if week is not None:
            row.open_hours = week
        if public_holidays_counted is not None:
            row.public_holidays_counted = public_holidays_counted
        if school_breaks_counted is not None:
            row.school_breaks_counted = school_breaks_counted
        before = row.version.number
        _store(this, row, "open_hours")
        this.record("calendar", row.pk, version=row.version.number, before=before)


def holiday_rows(country: str, year: int) -> Iterator[ClosedDay]:
    """The country's holidays of a year as unsaved rows."""
    for one in holidays_of(country, year):
        yield ClosedDay(
            day=one.day,
            kind=ClosedDay.Kind.PUBLIC_HOLIDAY,
            name=one.name[:120],
            category=one.category,
            source=one.source[:80],
            state=one.state,
            closes_at=one.closes_at,
        )


def import_holidays(*, year: int, by: Actor) -> int:
    """Add the country's holidays of a year; days already listed stay as you decided. Returns how many were
    added."""
    if not today().year - 1 <= year <= today().year + YEARS_AHEAD:
        raise Invalid(year=_("Choose a year from last year to six years ahead."))
    with change(by, "import_holidays") as this:
        kind = ClosedDay.Kind.PUBLIC_HOLIDAY
        listed = set(ClosedDay.objects.filter(kind=kind, day__year=year).values_list("day", flat=True))
        fresh = [row for row in holiday_rows(require_current().country, year) if row.day not in listed]
        ClosedDay.objects.bulk_create(fresh)
        if fresh:
            row = _the_calendar()
            _store(this, row, "year")
            this.record("calendar", row.pk, year=year, added=len(fresh))
        return len(fresh)


def change_holiday(*, closed_day_id: UUID, state: str, closes_at: str = "12:00", by: Actor) -> None:
    """Decide about one public holiday: closed, half (open until `closes_at`) or open. Raises Invalid."""
    with change(by, "change_holiday") as this:
        row = ClosedDay.objects.filter(pk=closed_day_id, kind=ClosedDay.Kind.PUBLIC_HOLIDAY).first()
        if row is None:
            raise NotFound(_("There is no such day."))
        if state not in ClosedDay.State.values:
            raise Invalid(state=_("Choose closed, half day or open."))
        minutes = _minutes(closes_at) if state == ClosedDay.State.HALF else row.closes_at
        if (row.state, row.closes_at) == (state, minutes):
            return
        row.state, row.closes_at, row.decided_by = state, minutes, by.id
        row.save()
        _store(this, _the_calendar(), "state")
        this.record("closed_day", row.pk, day=row.day.isoformat(), state=state)


def _minutes(text: str) -> int:
    clean = read_clock(text)
    minutes = int(clean[:2]) * 60 + int(clean[3:]) if clean else 0
    if not 0 < minutes < 24 * 60:
        raise Invalid(closes_at=_("Write the closing time as hours and minutes, such as 12:00."))
    return minutes


def _checked_name(name: str, field: str = "name") -> str:
    name = " ".join(name.split())
    if not name or len(name) > 120:
        raise Invalid([FieldError(field, _("Give it a name of at most 120 characters."))])
    if errors := hidden_signs(**{field: name}):
        raise Invalid(errors)
    return name


def _checked_day(day: date, field: str) -> None:
    if not today().year - 2 <= day.year <= today().year + YEARS_AHEAD:
        raise Invalid([FieldError(field, _("This day is too far away. Look at the year."))])


def add_closed_day(*, day: date, name: str, by: Actor) -> UUID:
    """One more day on which nobody answers (a planning day). The same day again changes its name."""
    name = _checked_name(name)
    _checked_day(day, "day")
    with change(by, "add_closed_day") as this:
        row, _made = ClosedDay.objects.update_or_create(
            day=day,
            kind=ClosedDay.Kind.EXTRA,
            defaults={"name": name, "state": ClosedDay.State.CLOSED, "decided_by": by.id},
        )
        _store(this, _the_calendar(), "day")
        this.record("closed_day", row.pk, day=day.isoformat())
        return row.pk


def remove_closed_day(*, closed_day_id: UUID, by: Actor) -> None:
    """Take an extra closed day away. Gone already: nothing happens."""
    with change(by, "remove_closed_day") as this:
        row = ClosedDay.objects.filter(pk=closed_day_id, kind=ClosedDay.Kind.EXTRA).first()
        if row is None:
            return
        row.delete()
        _store(this, _the_calendar(), "day")
        this.record("closed_day", closed_day_id, day=row.day.isoformat())


def add_break(*, name: str, first_day: date, last_day: date, by: Actor) -> UUID:
    """A school break, both days included. Raises Invalid (name, first_day, last_day)."""
    name = _checked_name(name)
    _checked_day(first_day, "first_day")
    _checked_day(last_day, "last_day")
    if last_day < first_day:
        raise Invalid(last_day=_("The last day is before the first. Swap them."))
    if (last_day - first_day).days >= LONGEST_BREAK:
        raise Invalid(last_day=_("A break lasts at most 120 days. Look at the year."))
    with change(by, "add_break") as this:
        try:
            with transaction.atomic():
                row = SchoolBreak.objects.create(name=name, first_day=first_day, last_day=last_day)
        except IntegrityError:
            return SchoolBreak.objects.get(name=name, first_day=first_day, last_day=last_day).pk
        _store(this, _the_calendar(), "first_day")
        this.record("school_break", row.pk, first=first_day.isoformat(), last=last_day.isoformat())
        return row.pk


def remove_break(*, break_id: UUID, by: Actor) -> None:
    """Take a break away. Gone already: nothing happens."""
    with change(by, "remove_break") as this:
        row = SchoolBreak.objects.filter(pk=break_id).first()
        if row is None:
            return
        row.delete()
        _store(this, _the_calendar(), "first_day")
        this.record("school_break", break_id)
