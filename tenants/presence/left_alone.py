"""What an absence leaves with nobody before a promise runs out: those in charge hear of it at once. Pure: the roster
and the open days are given as values."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from tenants.presence.presence import IsOpen, Roster, open_days
from tenants.presence.unclaimed import Noted

type Door = tuple[UUID, UUID]


def doors_left(everybody: Roster, noted: Noted) -> set[Door]:
    """Where the absent one would have answered, by a post or instead of somebody, on a day of the absence."""
    before = everybody.but(noted.account_id, noted.first_day, noted.last_day)
    roles = {post.role_id for post in before.posts if post.account_id == noted.account_id}
    doors = {(post.role_id, post.school_id) for post in before.posts if post.role_id in roles}
    days = [noted.first_day + timedelta(days=n) for n in range((noted.last_day - noted.first_day).days + 1)]
    return {door for door in doors if any(noted.account_id in before.present(*door, day) for day in days)}


@dataclass(frozen=True, slots=True)
class Stretch:
    """From when a promise is given until it runs out, and from which day of it on somebody is asked for."""

    opened: date
    first: date
    last: date


def alone_since(
    everybody: Roster, door: Door, asked: Stretch, *, is_open: IsOpen, apart: frozenset[UUID]
) -> date | None:
    """The first open day of those without anybody but these at the door up to and including the last. None: on one of
    them from `asked.first` on somebody is there.

    It says which gap it is, whichever absence makes it: one that is noted again, or two of them, can make the same.
    """
    if asked.first > asked.last or everybody.first_day_with_somebody(
        *door, asked.first, asked.last, is_open=is_open, apart=apart
    ):
        return None
    since = open_days(asked.first, asked.last, is_open)[0]
    for n in range(1, (asked.first - asked.opened).days + 1):
        day = asked.first - timedelta(days=n)
        if is_open(day) and set(everybody.present(*door, day)) - apart:
            break
        since = day if is_open(day) else since
    return since
