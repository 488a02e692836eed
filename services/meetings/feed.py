"""A helper's calendar feed (RFC 5545): busy times, and nothing about anybody.

No name, school, number or place: "Busy (Lavterskel)", in the helper's own language. The identifiers are keyed
hashes, the same as long as the time is, and lead to nothing. Every time is UTC, so that no calendar can read it in
another zone.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from kernel import clock
from kernel.crypto.keys import keyed_hash
from kernel.people.models import Account
from kernel.tenancy import require_current
from services.meetings.models import CalendarFeed, MeetingTime
from services.meetings.queries import busy
from tenants.setup.queries import portal

BACK, AHEAD = timedelta(days=31), timedelta(days=366)
#: How often one address may be asked.
MOST, SECONDS = 60, 3600
PRODUCT = "-//Lavterskel//Busy times//EN"


@dataclass(frozen=True, slots=True)
class Feed:
    """What a calendar gets. `etag` changes when, and only when, the times (or what they are called) do."""

    body: bytes
    etag: str


def token_hash(token: str) -> bytes:
    """Keyed by the municipality: a token of another one is never found here."""
    return keyed_hash("address", b"calendar-feed\x00" + token.encode())


def owner_of(token: str) -> UUID | None:
    """Whose address this is: of an account that is active here. None for anything else."""
    row = CalendarFeed.objects.filter(token_hash=token_hash(token)).first()
    if row is None or not Account.objects.filter(pk=row.account_id, is_active=True).exists():
        return None
    return row.account_id


def feed_of(account_id: UUID) -> Feed:
    """The account's busy times, from a month back to a year ahead."""
    now = clock.now()
    times = busy(account_id, now - BACK, now + AHEAD)
    called = busy_in_words(account_id)
    said = [(_uid(one), one.starts_at.isoformat(), one.ends_at.isoformat()) for one in times]
    etag = hashlib.sha256(repr((called, said)).encode()).hexdigest()[:32]
    return Feed(_calendar(times, called), f'"{etag}"')


def busy_in_words(account_id: UUID | None) -> str:
    """What each meeting is called, in the language of the account: a calendar program says none of its own."""
    owner = Account.objects.filter(pk=account_id).first() if account_id else None
    with translation.override((owner.language if owner else "") or portal().default_language):
        return _("Busy (Lavterskel)")


def _calendar(times: Iterable[MeetingTime], called: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for one in times:
        event = Event()
        event.add("uid", _uid(one))
        event.add("dtstamp", one.decided_at or one.proposed_at)
        event.add("dtstart", one.starts_at)
        event.add("dtend", one.ends_at)
        event.add("summary", called)
        event.add("class", "PRIVATE")
        event.add("transp", "OPAQUE")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _uid(time: MeetingTime) -> str:
    digest = keyed_hash("address", b"calendar-uid\x00" + time.pk.bytes).hex()[:32]
    return f"{digest}@{require_current().slug}.lavterskel"
