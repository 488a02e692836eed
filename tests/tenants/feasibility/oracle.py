"""A second reading of what a gap is, half hour by half hour, that shares no code with tenants/feasibility.

It takes plain values: open half hours, posts as dictionaries, absences as sets of dates. A knock is made at each half
hour; whoever could answer is looked for on every local date that has an open half hour between it and its due time.
"""

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

HALF = timedelta(minutes=30)


@dataclass
class Person:
    """One post. `away`: dates on which the account is away, whichever post it holds."""

    post: str
    account: str
    school: str
    first: date
    last: date | None
    weekdays: set[int]
    substitutes: list[str] = field(default_factory=list)


def there(
    people: list[Person], away: dict[str, set[date]], school: str, day: date, but: str = ""
) -> set[str]:
    """Who answers at the school on the day; one role."""

    def gone(account: str) -> bool:
        return account == but or day in away.get(account, set())

    def held(one: Person) -> bool:
        return one.first <= day and (one.last is None or day <= one.last)

    def works(account: str) -> bool:
        return not gone(account) and any(
            held(one) and day.isoweekday() in one.weekdays for one in people if one.account == account
        )

    found = set()
    for one in people:
        if one.school != school or not held(one):
            continue
        if day.isoweekday() in one.weekdays and not gone(one.account):
            found.add(one.account)
            continue
        seen, queue = {one.account}, [one]
        while queue:
            level, queue, answer = queue, [], ""
            for post in level:
                for account in post.substitutes:
                    if account in seen or answer:
                        continue
                    seen.add(account)
                    if works(account):
                        answer = account
                    queue += [other for other in people if other.account == account and held(other)]
            if answer:
                found.add(answer)
                break
    return found


class Times:
    """`open`: the instants at which an open half hour begins, in order, far enough ahead; `days`: their local dates."""

    def __init__(self, zone: ZoneInfo, begins: list[datetime]) -> None:
        self.zone, self.open = zone, begins
        self.days = [self.local(one) for one in begins]
        self.closing = {day: one + HALF for day, one in zip(self.days, begins, strict=True)}

    def due(self, kind: str, amount: int, received: str, asked: datetime) -> datetime | None:
        at = bisect_left(self.open, asked)
        if kind == "hours":
            last = at + 2 * amount - 1
            return self.open[last] + HALF if last < len(self.open) else None
        day = self.local(asked)
        if received == "next_open_day":
            if at == len(self.open):
                return None
            day = self.days[at]
        counted = [one for one in self.closing if one > day]
        return self.closing[counted[amount - 1]] if len(counted) >= amount else None

    def local(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def in_time(self, asked: datetime, due: datetime) -> frozenset[date]:
        return frozenset(self.days[bisect_left(self.open, asked) : bisect_left(self.open, due)])
