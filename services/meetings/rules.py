"""What may be proposed, and when one is reminded. Pure: the calendar, the clock and what is there come in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from kernel.errors import FieldError, Invalid
from kernel.guarantee import WorkingCalendar, is_open
from kernel.guarantee.reminders import EVENING, MORNING
from services.contact.models import Channel
from services.meetings.models import Way

#: How many times may be open for choice at once, how far ahead, how long (minutes).
MOST_TIMES = 5
FARTHEST = timedelta(days=120)
SHORTEST, LONGEST, USUAL = 5, 240, 30
PLACE_LIMIT = 300
#: How the ways of a meeting are called among the channels a student chooses from.
CHANNEL_OF = {
    Way.ROOM: Channel.VISIT,
    Way.PHONE: Channel.PHONE,
    Way.VIDEO: Channel.VIDEO,
    Way.WALK: Channel.WALK,
}
#: An agreed meeting is broken when nobody has written down what came of it so long after its end.
WRITTEN_DOWN_WITHIN = timedelta(hours=1)
#: A reminder that would come at night comes so long before the evening before.
BEFORE_EVENING = timedelta(minutes=30)
#: When a student hears of tomorrow's meeting; how long before they go home a helper does; how far back their last
#: day at work before it may lie.
AFTERNOON, LAST_HOURS, LOOKED_BACK = time(15), timedelta(hours=3), timedelta(days=8)

type Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Proposed:
    """One time as a helper says it. `starts_at` aware; `place` words, or the link of a video call."""

    starts_at: datetime
    minutes: int
    way: str
    place: str = ""

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


def check(
    times: Sequence[Proposed], *, now: datetime, calendar: WorkingCalendar, outside_hours: bool
) -> list[FieldError]:
    """What is wrong with each time by itself. A field is `times.N.starts_at`, `times.N.minutes`, `times.N.place`,
    `times.N.way`, or `times`. Outside of the calendar's open hours only when that is said (`outside_hours`)."""
    if not times:
        return [FieldError("times", _("Propose at least one time."))]
    found = []
    for number, one in enumerate(times):
        wrong = _wrong(one, now)
        found += [FieldError(f"times.{number}.{field}", text) for field, text in wrong]
        begins = not any(field in ("starts_at", "minutes") for field, _text in wrong)
        if begins and not outside_hours and not is_in_hours(one.starts_at, one.ends_at, calendar):
            found.append(
                FieldError(
                    f"times.{number}.starts_at",
                    _("This is outside your open hours. Choose another time, or say that you mean it."),
                )
            )
    return found


def _wrong(one: Proposed, now: datetime) -> list[tuple[str, str]]:
    found = []
    if one.starts_at.tzinfo is None:
        return [("starts_at", _("Say which time zone the time is in."))]
    if one.starts_at <= now:
        found.append(("starts_at", _("This time has passed. Choose a later one.")))
    elif one.starts_at > now + FARTHEST:
        found.append(("starts_at", _("This is too far ahead. Choose a time within four months.")))
    if not SHORTEST <= one.minutes <= LONGEST:
        found.append(("minutes", _("Choose between 5 minutes and 4 hours.")))
    if one.way not in Way.values:
        return [*found, ("way", _("Choose how you meet."))]
    return found + _wrong_place(one.way, one.place)


def _wrong_place(way: str, place: str) -> list[tuple[str, str]]:
    if len(place) > PLACE_LIMIT:
        return [("place", _("Write at most 300 characters."))]
    if way == Way.VIDEO and not is_secure_link(place):
        return [("place", _("Paste the whole link, beginning with https://"))]
    if way in (Way.ROOM, Way.WALK) and not place:
        return [("place", _("Say where you meet, so that the student finds it."))]
    return []


def is_secure_link(text: str) -> bool:
    """Whether this is one https address and nothing else: no user, no odd signs, a host with a dot."""
    if any(sign.isspace() or not sign.isprintable() or sign in "\"'<>\\^`{|}" for sign in text):
        return False
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 (raises for what is no port)
    except ValueError:
        return False
    return parts.scheme == "https" and "@" not in parts.netloc and "." in (parts.hostname or "")


def is_in_hours(starts_at: datetime, ends_at: datetime, calendar: WorkingCalendar) -> bool:
    """Whether the whole time lies in open hours: the calendar is open when it begins and a moment before it ends,
    and does not close in between for longer than lunch would (both ends on one counted day)."""
    last = ends_at - timedelta(seconds=1)
    same_day = starts_at.astimezone(calendar.zone).date() == last.astimezone(calendar.zone).date()
    return same_day and is_open(calendar, starts_at) and is_open(calendar, last)


def instant_of(day: str, clock_time: str, zone: ZoneInfo) -> datetime:
    """A local date and clock time as typed, as an instant (UTC). Of an hour that is there twice, the first.

    Raises Invalid (starts_at) for what is no time, and for an hour that the clocks skip.
    """
    try:
        local = datetime.combine(
            datetime.strptime(day.strip(), "%Y-%m-%d").date(),
            datetime.strptime(clock_time.strip().replace(".", ":"), "%H:%M").time(),
            zone,
        )
        instant = local.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(starts_at=_("Write a day and a clock time, like 14:05.")) from None
    if instant.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Invalid(starts_at=_("The clocks go forward then: this time does not exist. Choose another."))
    return instant


def remind_at(starts_at: datetime, lead: timedelta, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When both are reminded of an agreed time: `lead` before it; at night, early in the evening before, or in the
    morning when that has passed. None when no fitting moment is left."""
    wanted = starts_at - lead
    local = wanted.astimezone(zone)
    if local.time() < MORNING:
        evening = datetime.combine(local.date() - timedelta(days=1), EVENING, zone)
        moments = [evening - BEFORE_EVENING, datetime.combine(local.date(), MORNING, zone)]
    elif local.time() >= EVENING:
        evening = datetime.combine(local.date(), EVENING, zone)
        morning = datetime.combine(local.date() + timedelta(days=1), MORNING, zone)
        moments = [evening - BEFORE_EVENING, morning]
    else:
        moments = [local]
    found = next((one.astimezone(UTC) for one in moments if now < one < starts_at), None)
    return found


def afternoon_before(starts_at: datetime, zone: ZoneInfo) -> Stretch:
    """The local afternoon of the day before (UTC): school is over, and it is not night."""
    day = starts_at.astimezone(zone).date() - timedelta(days=1)
    start, end = (datetime.combine(day, one, zone).astimezone(UTC) for one in (AFTERNOON, EVENING))
    return start, end


def last_at_work_before(
    starts_at: datetime, calendar: WorkingCalendar, is_there: Callable[[date], bool]
) -> Stretch | None:
    """The last hours of the last open day before the day of a meeting on which somebody is there: inside open hours,
    never at night. None where there is none within LOOKED_BACK."""
    meets_on = starts_at.astimezone(calendar.zone).date()
    for back in range(1, LOOKED_BACK.days):
        day = meets_on - timedelta(days=back)
        morning, evening = (datetime.combine(day, one, calendar.zone) for one in (MORNING, EVENING))
        open_by_day = [
            (max(one.start, morning), min(one.end, evening))
            for one in (calendar.open_intervals(day) if is_there(day) else ())
            if max(one.start, morning) < min(one.end, evening)
        ]
        if open_by_day:
            start, end = open_by_day[-1]
            return max(start, end - LAST_HOURS).astimezone(UTC), end.astimezone(UTC)
    return None


def is_a_day_ahead(lead: timedelta) -> bool:
    """Whether a reminder so long before does for the day before as well."""
    return lead >= timedelta(hours=12)


def midnight_after(now: datetime, zone: ZoneInfo) -> datetime:
    """The end of the local day (UTC)."""
    day = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, time(), zone).astimezone(UTC)
