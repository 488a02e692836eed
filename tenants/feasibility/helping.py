"""What would close a door's gaps: one weekday more, somebody who stands in, a longer promise. Pure.

In the order of names and weekdays, never of who helps most.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from kernel.guarantee import CountedHours, Guarantee
from kernel.guarantee.due import DAYS_ALLOWED, HOURS_ALLOWED
from tenants.feasibility.gaps import Gap, Outlook
from tenants.feasibility.plan import (
    Door,
    Plan,
    Step,
    with_guarantee,
    with_substitutes,
    with_weekdays,
)
from tenants.presence.presence import Held

#: Proposals of a kind; who wants others tries them.
MOST = 5


@dataclass(frozen=True, slots=True)
class Proposal:
    """One change, and how many dates with a gap it would leave. `weekday`, `substitute` or `guarantee` is set."""

    left: int
    post_id: UUID | None = None
    weekday: int | None = None
    substitute: UUID | None = None
    guarantee: Guarantee | None = None


def proposals(
    plan: Plan, door: Door, now: datetime, posts: Iterable[Held], others: Mapping[UUID, Iterable[UUID]]
) -> list[Proposal]:
    """What leaves fewer dates with a gap than there are. `posts` of the door in the order of names; `others`: who could
    stand in for each, in theirs."""
    coming = plan.outlooks(now, [door]).get(door)
    if coming is None or not coming.gaps:
        return []
    found = [
        *_weekdays(plan, door, now, coming, posts),
        *_substitutes(plan, door, now, coming, posts, others),
    ]
    longer = _longer(plan, door, now)
    return [*found, longer] if longer else found


def _left(plan: Plan, door: Door, now: datetime, step: Step) -> int:
    return step(plan).outlooks(now, [door])[door].count("gap")


def _weekdays(
    plan: Plan, door: Door, now: datetime, coming: Outlook, posts: Iterable[Held]
) -> Iterator[Proposal]:
    wanted, given = _weekdays_of(coming.gaps), 0
    for post in posts:
        for weekday in wanted:
            bit = 1 << (weekday - 1)
            if post.weekdays & bit or given == MOST:
                continue
            left = _left(plan, door, now, with_weekdays(post.post_id, post.weekdays | bit))
            if left < coming.count("gap"):
                given += 1
                yield Proposal(left, post_id=post.post_id, weekday=weekday)


def _weekdays_of(gaps: Iterable[Gap]) -> list[int]:
    """Those on which nobody is there."""
    found = set()
    for gap in gaps:
        if gap.first is not None and gap.last is not None:
            n = min((gap.last - gap.first).days, 6)
            found |= {(gap.first + timedelta(days=one)).isoweekday() for one in range(n + 1)}
    return sorted(found & set(range(1, 8)))


def _substitutes(
    plan: Plan,
    door: Door,
    now: datetime,
    coming: Outlook,
    posts: Iterable[Held],
    others: Mapping[UUID, Iterable[UUID]],
) -> Iterator[Proposal]:
    given = 0
    for post in posts:
        named = plan.roster.substitutes.get(post.post_id, ())
        for who in others.get(post.post_id, ()):
            if who in named or given == MOST or plan.roster.circle(post, (*named, who)):
                continue
            left = _left(plan, door, now, with_substitutes(post.post_id, (*named, who)))
            if left < coming.count("gap"):
                given += 1
                yield Proposal(left, post_id=post.post_id, substitute=who)


def _longer(plan: Plan, door: Door, now: datetime) -> Proposal | None:
    """The shortest promise of the same kind that leaves no gap. A longer one never leaves more."""
    promised = plan.guarantee(door)
    if promised is None:
        return None
    role_id, school_id = door

    def left(amount: int) -> int:
        return _left(plan, door, now, with_guarantee((school_id, role_id), _as_long(promised, amount)))

    allowed = HOURS_ALLOWED if isinstance(promised, CountedHours) else DAYS_ALLOWED
    low = int(promised.hours if isinstance(promised, CountedHours) else promised.days) + 1
    high = allowed[-1]
    if low > high or left(high):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if not left(middle) else (middle + 1, high)
    return Proposal(0, guarantee=_as_long(promised, low))


def _as_long(promised: Guarantee, amount: int) -> Guarantee:
    if isinstance(promised, CountedHours):
        return CountedHours(amount)
    return replace(promised, days=amount)
