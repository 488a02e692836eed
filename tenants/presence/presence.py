"""Who is there, and who answers. Pure: posts, absences and substitutes come in as values, days are local dates.

A post's holder is present on a day of the post that is one of its weekdays and in no absence of theirs. Where
the holder is not, the first substitute in order who is present that day stands in; where none of them is, the
substitutes' own substitutes are asked, level by level. Substitutes answer in the same role only.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Literal
from uuid import UUID

#: How far ahead the next working day of a post is looked for.
AHEAD = 400

type How = Literal["holder", "substitute", "pool", "nobody"]
type StandIn = tuple[UUID, UUID, UUID]
#: Whether the municipality answers at all on a day (`Portal.is_open`).
type IsOpen = Callable[[date], bool]


def open_days(first: date, last: date, is_open: IsOpen) -> list[date]:
    """The open days of a stretch, both ends included: a closed day is none on which somebody is there. All of them
    where none is open, and at most `AHEAD`."""
    days = [first + timedelta(days=n) for n in range(min((last - first).days, AHEAD) + 1)]
    return [day for day in days if is_open(day)] or days


def weekdays_of(mask: int) -> tuple[int, ...]:
    """The ISO weekdays (1 = Monday) that are in `Post.weekdays`."""
    return tuple(day for day in range(1, 8) if mask >> (day - 1) & 1)


def mask_of(weekdays: Iterable[int]) -> int:
    """The other way round."""
    return sum({1 << (day - 1) for day in weekdays})


@dataclass(frozen=True, slots=True)
class Held:
    """A post as a value. `ends_on` None: until further notice."""

    post_id: UUID
    account_id: UUID
    role_id: UUID
    school_id: UUID
    starts_on: date
    ends_on: date | None = None
    weekdays: int = 0b1111111

    def works_on(self, day: date) -> bool:
        """Whether the post is held on the day and the day is one of its weekdays."""
        return self.held_on(day) and bool(self.weekdays >> (day.isoweekday() - 1) & 1)

    def held_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class Away:
    """An absence as a value; both days included."""

    account_id: UUID
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Answers:
    """Who answers on a day, and as what. Nobody: the lead sees clock and role."""

    people: tuple[UUID, ...]
    how: How


@dataclass(frozen=True)
class Roster:
    """Everybody of a municipality. `substitutes`: account ids in order, by post."""

    posts: tuple[Held, ...] = ()
    absences: tuple[Away, ...] = ()
    substitutes: Mapping[UUID, tuple[UUID, ...]] = field(default_factory=dict)

    @cached_property
    def _at_door(self) -> dict[tuple[UUID, UUID], list[Held]]:
        found: dict[tuple[UUID, UUID], list[Held]] = defaultdict(list)
        for post in self.posts:
            found[post.role_id, post.school_id].append(post)
        return found

    @cached_property
    def _of_person(self) -> dict[tuple[UUID, UUID], list[Held]]:
        """By (account, role)."""
        found: dict[tuple[UUID, UUID], list[Held]] = defaultdict(list)
        for post in self.posts:
            found[post.account_id, post.role_id].append(post)
        return found

    @cached_property
    def _absences_of(self) -> dict[UUID, list[Away]]:
        found: dict[UUID, list[Away]] = defaultdict(list)
        for absence in self.absences:
            found[absence.account_id].append(absence)
        return found

    def is_away(self, account_id: UUID, day: date) -> bool:
        """Whether an absence of this person covers the day."""
        return any(one.first_day <= day <= one.last_day for one in self._absences_of.get(account_id, ()))

    def is_here(self, post: Held, day: date) -> bool:
        return post.works_on(day) and not self.is_away(post.account_id, day)

    def works_in(self, account_id: UUID, role_id: UUID, day: date) -> bool:
        """Whether the person is there on the day in this role, at whichever school."""
        if self.is_away(account_id, day):
            return False
        return any(post.works_on(day) for post in self._of_person.get((account_id, role_id), ()))

    def holders(self, role_id: UUID, school_id: UUID, day: date) -> list[Held]:
        """Posts of the door that are held on the day, whoever is there."""
        return [post for post in self._at_door.get((role_id, school_id), ()) if post.held_on(day)]

    def stand_in(self, post: Held, day: date) -> UUID | None:
        """Who answers instead of the post's holder on a day of the post; None when the holder is there, or
        nobody stands in."""
        if not post.held_on(day) or self.is_here(post, day):
            return None
        return self.deputy(post, day)

    def deputy(self, post: Held, day: date, but: UUID | None = None) -> UUID | None:
        """The first substitute who is there on the day, whether or not the holder is; `but`: were that one away."""
        asked, level = {post.account_id}, [post]
        while level:
            following: list[Held] = []
            for held in level:
                for account_id in self.substitutes.get(held.post_id, ()):
                    if account_id in asked:
                        continue
                    asked.add(account_id)
                    if account_id != but and self.works_in(account_id, post.role_id, day):
                        return account_id
                    following += self._of_person.get((account_id, post.role_id), ())
            level = [held for held in following if held.held_on(day)]
        return None

    def stand_ins(self, day: date) -> frozenset[StandIn]:
        """(account, role, school) of everybody who stands in for somebody on the day."""
        found = [(self.stand_in(post, day), post) for post in self.posts if post.post_id in self.substitutes]
        return frozenset((who, post.role_id, post.school_id) for who, post in found if who is not None)

    def present(self, role_id: UUID, school_id: UUID, day: date) -> tuple[UUID, ...]:
        """Who answers at the door on the day: holders who are there, then those who stand in. Each once."""
        held = self.holders(role_id, school_id, day)
        here = [post.account_id for post in held if self.is_here(post, day)]
        instead = [who for post in held if (who := self.stand_in(post, day)) is not None]
        return tuple(dict.fromkeys([*here, *instead]))

    def there(
        self, role_id: UUID, school_id: UUID, day: date, but: UUID | None = None
    ) -> dict[UUID, Literal["holder", "substitute"]]:
        """The same people, and as what each is there; `but`: were that one away."""
        found: dict[UUID, Literal["holder", "substitute"]] = {}
        instead: list[UUID] = []
        for post in self.holders(role_id, school_id, day):
            if post.account_id != but and self.is_here(post, day):
                found[post.account_id] = "holder"
            elif (who := self.deputy(post, day, but)) is not None:
                instead.append(who)
        for who in instead:
            found.setdefault(who, "substitute")
        return found

    def without(self, account_id: UUID, first_day: date, last_day: date) -> "Roster":
        """The same, were this person away then as well."""
        return replace(self, absences=(*self.absences, Away(account_id, first_day, last_day)))

    def but(self, account_id: UUID, first_day: date, last_day: date) -> "Roster":
        """The same, were this absence not noted."""
        undone = Away(account_id, first_day, last_day)
        return replace(self, absences=tuple(one for one in self.absences if one != undone))

    def responsible_on(
        self,
        role_id: UUID,
        school_id: UUID,
        day: date,
        holder: UUID | None = None,
        *,
        apart: frozenset[UUID] = frozenset(),
    ) -> Answers:
        """The holder who has it; else their substitutes in order; else the role's pool at the school. Nobody of those
        who are `apart`."""
        if holder is not None:
            posts = [one for one in self.holders(role_id, school_id, day) if one.account_id == holder]
            if any(self.is_here(post, day) for post in posts):
                return Answers((holder,), "holder")
            instead = next((who for post in posts if (who := self.stand_in(post, day))), None)
            if instead is not None and instead not in apart:
                return Answers((instead,), "substitute")
        pool = tuple(who for who in self.present(role_id, school_id, day) if who not in apart)
        return Answers(pool, "pool" if pool else "nobody")

    def first_day_with_somebody(
        self,
        role_id: UUID,
        school_id: UUID,
        first: date,
        last: date,
        *,
        is_open: IsOpen,
        apart: frozenset[UUID] = frozenset(),
    ) -> date | None:
        """The first open day from `first` up to and including `last` on which anybody but these answers at the door."""
        days = open_days(first, last, is_open)
        return next((day for day in days if set(self.present(role_id, school_id, day)) - apart), None)

    def back_on(
        self, account_id: UUID, role_id: UUID, school_id: UUID, day: date, *, is_open: IsOpen
    ) -> date | None:
        """The first open day from `day` on which this person is there at the door; None: never again."""
        posts = [
            post for post in self._at_door.get((role_id, school_id), ()) if post.account_id == account_id
        ]
        days = (day + timedelta(days=n) for n in range(AHEAD))
        return next(
            (one for one in days if any(self.is_here(post, one) for post in posts) and is_open(one)), None
        )

    def planned_otherwise(self, day: date) -> list[Held]:
        """Posts that are held on the day and free of work then, and whose holder is not simply back on the next of its
        weekdays: it ends, or an absence of theirs is planned.
        """
        return [
            post
            for post in self.posts
            if post.held_on(day)
            and not post.works_on(day)
            and (post.ends_on is not None or post.account_id in self._absences_of)
        ]

    def circle(self, post: Held, substitutes: Iterable[UUID]) -> tuple[UUID, ...] | None:
        """The chain of people that comes back to the post's holder, were these its substitutes; None if none
        does. Starts and ends with the holder."""
        home = post.account_id
        trails: list[tuple[UUID, ...]] = [(home, account_id) for account_id in substitutes]
        seen: set[UUID] = set()
        while trails:
            trail = trails.pop(0)
            last = trail[-1]
            if last == home:
                return trail
            if last in seen:
                continue
            seen.add(last)
            for held in self._of_person.get((last, post.role_id), ()):
                trails += [(*trail, following) for following in self.substitutes.get(held.post_id, ())]
        return None
