"""What becomes of what somebody has, and of what waits at their doors, while they are away: for the page that notes it.
Numbers, doors and clocks.

Whose names it says. A name that is missing would tell that a student has said no to somebody, or that somebody has
stepped aside. So whoever notes an absence for somebody else reads no name beside what that person has; and whoever
notes their own reads none at a door where one would be missing, only that whoever is there answers, and who is told
if nobody can. That nobody is there is said by the roster alone, whoever may not have it. At a door, beside what is
nobody's yet, stands everybody who is there.

What it is. Which thing is a worry reads only the one whose it is (`leaving.Open.says`). For anybody else a number
stands once, by its earliest clock: twice would tell that there is one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

from kernel import clock
from kernel.tenancy import require_current
from kernel.ui.when import say_date
from tenants.presence import queries
from tenants.presence.presence import Answers, IsOpen, Roster, open_days
from tenants.presence.unclaimed import Noted, Unclaimed, left_alone, unclaimed_at_doors_of
from tenants.setup import leaving
from tenants.setup.models import HelperRole, Post, School
from tenants.setup.queries import portal
from tenants.setup.views.common import role_name

#: Whose something is once its holder is back.
type WhoseThen = Literal["theirs", "others", "answer_first"]
#: Who answers: as whom, by name; "somebody" is not named.
type How = Literal["holder", "substitute", "pool", "somebody", "nobody"]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing, or (`count`) what waits at a door. `found`: the day before which nobody is there. `told`: those in
    charge are told of it, since nobody is there before its promise runs out."""

    ids: frozenset[UUID]
    place: str
    due: datetime | None
    how: How
    names: str
    found: str
    told: bool
    number: str = ""
    says: str = ""
    then: WhoseThen = "theirs"
    count: int = 0

    @property
    def is_alone(self) -> bool:
        return self.how == "nobody"

    def is_told(self, told: frozenset[UUID]) -> bool:
        """Whether it is alone, and was among what those in charge were told of."""
        return self.is_alone and self.told and bool(self.ids & told)


@dataclass(frozen=True, slots=True)
class Coming:
    """What they have, and what nobody has taken yet."""

    items: tuple[Row, ...]
    waiting: tuple[Row, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        return self.items + self.waiting


def places(coming: Coming, which: Callable[[Row], bool]) -> list[str]:
    """The doors of those rows, each once."""
    return list(dict.fromkeys(row.place for row in coming.rows if which(row)))


def what_becomes(account_id: UUID, reader_id: UUID, first_day: date, last_day: date) -> Coming:
    """Each thing the person has and each door where something waits that is nobody's, and who answers for it on the
    first open day away."""
    items, waiting = leaving.held_by(account_id), unclaimed_at_doors_of(account_id, reader_id)
    if not items and not waiting:
        return Coming((), ())
    then = _Then(account_id, reader_id, first_day, last_day, items)
    things = leaving.by_case(items) if account_id != reader_id else [[item] for item in items]
    return Coming(tuple(map(then.of_things, things)), tuple(map(then.of_door, waiting)))


class _Then:
    """The roster as it would be, asked about one thing after the other."""

    def __init__(
        self, account_id: UUID, reader_id: UUID, first: date, last: date, items: Sequence[leaving.Open]
    ) -> None:
        self.person, self.is_own = account_id, account_id == reader_id
        self.first, self.last = first, last
        self.is_open: IsOpen = portal().is_open
        self.opens = open_days(first, last, self.is_open)[0]
        self.roster: Roster = queries.roster().without(account_id, first, last)
        self.told = left_alone(self.roster, Noted(account_id, first, last))
        self._roles = {role.pk: role_name(role) for role in HelperRole.objects.all()}
        self._schools = dict(School.objects.values_list("pk", "name"))
        # Named beside one thing and not beside another of the same door, the missing one would be told all the same.
        self._unnamed = {(one.role_id, one.school_id) for one in items if self._misses_a_name(one)}

    def _misses_a_name(self, item: leaving.Open) -> bool:
        asked = (item.role_id, item.school_id, self.opens, self.person)
        return self.roster.responsible_on(*asked) != self.roster.responsible_on(*asked, apart=item.apart)

    def of_things(self, things: list[leaving.Open]) -> Row:
        """Of one case, by what runs out first."""
        item = min(things, key=lambda one: one.due_at or datetime.max.replace(tzinfo=UTC))
        door = (item.role_id, item.school_id)
        answers = self.roster.responsible_on(*door, self.opens, self.person)
        is_named = self.is_own and door not in self._unnamed
        back = self.roster.back_on(self.person, *door, self.last + timedelta(days=1), is_open=self.is_open)
        return self._row(
            item,
            frozenset(one.id for one in things),
            answers,
            is_named=is_named or answers.how == "nobody",
            number=item.number,
            says=str(item.says) if self.is_own and self.person not in item.apart else "",
            then=_whose_then(_runs_until(item), self.first, back),
        )

    def of_door(self, one: Unclaimed) -> Row:
        answers = self.roster.responsible_on(one.role_id, one.school_id, self.opens)
        return self._row(one, one.ids, answers, is_named=True, count=one.count)

    def _row(
        self,
        one: leaving.Open | Unclaimed,
        ids: frozenset[UUID],
        answers: Answers,
        *,
        is_named: bool,
        number: str = "",
        says: str = "",
        then: WhoseThen = "theirs",
        count: int = 0,
    ) -> Row:
        door, due, found = (one.role_id, one.school_id), _runs_until(one), None
        if answers.how == "nobody":
            found = self._somebody_on(door, self.opens, self.last)
        people = queries.accounts(answers.people) if is_named else []
        return Row(
            ids=ids,
            place=f"{self._schools[one.school_id]} · {self._roles[one.role_id]}",
            due=one.due_at,
            how=answers.how if is_named else "somebody",
            names=", ".join(account.name for account in people),
            found=said_day(found) if found else "",
            told=bool(ids & self.told) and due is not None and not self._somebody_on(door, self.first, due),
            number=number,
            says=says,
            then=then,
            count=count,
        )

    def _somebody_on(self, door: tuple[UUID, UUID], first: date, last: date) -> date | None:
        return self.roster.first_day_with_somebody(*door, first, last, is_open=self.is_open)


def _runs_until(one: leaving.Open | Unclaimed) -> date | None:
    """The municipality's own date on which its promise runs out; None where none runs."""
    if one.due_at is None or one.due_at <= clock.now():
        return None
    return one.due_at.astimezone(ZoneInfo(require_current().timezone)).date()


def _whose_then(due: date | None, first: date, back: date | None) -> WhoseThen:
    """Whose promise runs out while its holder is away is not theirs any more, answered or not: whoever answers has it,
    or it goes by itself."""
    if due is None:
        return "theirs"
    if due < first:
        return "answer_first"
    return "theirs" if back is not None and back <= due else "others"


def left_empty(account_id: UUID, first_day: date, last_day: date) -> list[str]:
    """The person's own doors that an absence which is noted leaves without anybody on some open day of theirs."""
    everybody, is_open = queries.roster_now(), portal().is_open
    away = [day for day in open_days(first_day, last_day, is_open) if is_open(day)]
    left = {
        held.post_id
        for held in everybody.posts
        if held.account_id == account_id
        and any(
            held.works_on(day) and not everybody.present(held.role_id, held.school_id, day) for day in away
        )
    }
    posts = Post.objects.filter(pk__in=left).select_related("role", "school")
    found = [
        f"{post.school.name} · {role_name(post.role)}"
        for post in posts.order_by("school__name", "role__order")
    ]
    return list(dict.fromkeys(found))


def said_day(day: date) -> str:
    zone = require_current().timezone
    noon = datetime.combine(day, time(12), ZoneInfo(zone))
    return say_date(noon, clock.now(), zone, get_language() or "en")
