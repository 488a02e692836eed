"""What of a meeting goes with the case, and what its student is given of it."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.audit.operations import Reading
from services.contact.followers import promises_section
from services.contact.following import Follower, Hold, Item, Section, because
from services.contact.models import ContactRequest
from services.meetings.models import Meeting, MeetingTime
from services.meetings.words import CODES
from services.promises.models import Promise, PromisePause


def _meetings(request: ContactRequest, reading: Reading) -> Iterable[Section]:
    at, rows = "meetings.Meeting", list(Meeting.objects.filter(request=request).order_by("opened_at"))
    if rows:
        yield Section(
            "meetings",
            _("Meetings"),
            tuple(
                (
                    Item(f"{at}.opened_at", _("From"), one.opened_at),
                    Item(f"{at}.urgency", _("How urgent"), one.urgency),
                    Item(f"{at}.state", _("What came of it"), one.state),
                    Item(f"{at}.ended_at", _("Until"), one.ended_at),
                )
                for one in rows
            ),
        )
    given = list(Promise.objects.filter(subject_id__in=[one.pk for one in rows]))
    if given:
        yield promises_section("meeting_promises", _("What we promised you about meeting"), given)
        yield from _pauses(given)
    times = list(MeetingTime.objects.filter(meeting__in=rows).order_by("starts_at", "pk"))
    by_id = {one.pk: one for one in rows}
    for time in times:
        time.meeting = by_id[time.meeting_id]
        time.meeting.request = request
    if times:
        yield Section("meeting_times", _("Times to meet"), tuple(_time(one, reading) for one in times))


def _pauses(given: list[Promise]) -> Iterable[Section]:
    at, pauses = "promises.PromisePause", PromisePause.objects.filter(promise__in=given).order_by("starts_at")
    stood = tuple(
        (Item(f"{at}.starts_at", _("From"), one.starts_at), Item(f"{at}.ends_at", _("Until"), one.ends_at))
        for one in pauses
    )
    if stood:
        yield Section("pauses", _("While it was your turn"), stood)


def _time(time: MeetingTime, reading: Reading) -> tuple[Item, ...]:
    at = "meetings.MeetingTime"
    return (
        Item(f"{at}.starts_at", _("From"), time.starts_at),
        Item(f"{at}.ends_at", _("Until"), time.ends_at),
        Item(f"{at}.way", _("How"), time.way),
        Item(f"{at}.place", _("Where"), time.place.open(reading) if time.place else ""),
        Item(f"{at}.state", _("What came of it"), time.state),
        Item(f"{at}.proposed_at", _("Proposed"), time.proposed_at),
        Item(f"{at}.decided_at", _("Decided"), time.decided_at),
    )


def _is_ahead(request: ContactRequest) -> Hold | None:
    ahead = MeetingTime.objects.filter(
        meeting__request=request, state=MeetingTime.State.AGREED, ends_at__gt=clock.now()
    )
    return Hold("meeting", _("A meeting with the student is agreed.")) if ahead.exists() else None


MEETINGS = Follower(
    name="meetings",
    order=15,
    models=("meetings.Meeting", "meetings.MeetingTime"),
    gives=frozenset(
        {f"meetings.Meeting.{name}" for name in ("opened_at", "urgency", "state", "ended_at")}
        | {f"meetings.MeetingTime.{name}" for name in (
            "starts_at", "ends_at", "way", "place", "state", "proposed_at", "decided_at",
        )}
        | {"promises.PromisePause.starts_at", "promises.PromisePause.ends_at"}
    ),
    words=CODES,
    excused=because("the beginning of the first of its pauses, which is given", "promises.PromisePause.turn_since")
    | because(
        "ties rows together and says nothing", "meetings.Meeting.request", "meetings.MeetingTime.meeting"
    ),
    export=_meetings,
    holds=_is_ahead,
    dealt_with=lambda request: Meeting.objects.filter(request=request).exists(),
)  # fmt: skip
