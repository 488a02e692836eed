"""All that decides whether promises can be kept, as one value, and the same value with something else in it. Pure.

A *step* makes one plan of another: what a trial tries, and what set-up is about to save.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from kernel.guarantee import Guarantee, WorkingCalendar
from tenants.feasibility.gaps import Almanac, Gap, Outlook, outlook
from tenants.presence.presence import Held, Roster
from tenants.setup.portal import narrowest

#: (school or everywhere, role or every role), as guarantees are kept.
type Place = tuple[UUID | None, UUID | None]
#: (role, school).
type Door = tuple[UUID, UUID]
type Step = Callable[["Plan"], "Plan"]


@dataclass(frozen=True)
class Plan:
    """`schools` and `roles` are those that are open, in the municipality's order. `calendar` None: not furnished."""

    calendar: WorkingCalendar | None
    guarantees: Mapping[Place, Guarantee]
    roster: Roster
    schools: tuple[UUID, ...] = ()
    roles: tuple[UUID, ...] = ()

    @cached_property
    def doors(self) -> tuple[Door, ...]:
        """Roles at the schools where somebody has a post now or later; by school, then by role."""
        held = {(post.role_id, post.school_id) for post in self.roster.posts}
        return tuple(
            (role, school) for school in self.schools for role in self.roles if (role, school) in held
        )

    @cached_property
    def without_people(self) -> tuple[UUID, ...]:
        """Schools where nobody has a post, now or later."""
        staffed = {post.school_id for post in self.roster.posts}
        return tuple(school for school in self.schools if school not in staffed)

    def guarantee(self, door: Door) -> Guarantee | None:
        role, school = door
        return narrowest(dict(self.guarantees), school, role)

    def outlooks(self, now: datetime, doors: Iterable[Door] | None = None) -> dict[Door, Outlook]:
        """The next 30 days of each door (of all of them); empty where nothing is promised yet."""
        if self.calendar is None:
            return {}
        almanac = Almanac(self.calendar, now)
        found = {}
        for door in self.doors if doors is None else doors:
            guarantee = self.guarantee(door)
            if guarantee is not None:
                found[door] = outlook(almanac, guarantee, self.roster, *door)
        return found

    def touched_by(self, other: "Plan") -> tuple[Door, ...]:
        """Doors of the other plan that may look different there: their role's people or what they promise."""
        mine, theirs = self.roster, other.roster
        roles = {post.role_id for post in set(mine.posts) ^ set(theirs.posts)}
        for post in theirs.posts:
            if mine.substitutes.get(post.post_id, ()) != theirs.substitutes.get(post.post_id, ()):
                roles.add(post.role_id)
        known = set(self.doors)
        return tuple(
            door
            for door in other.doors
            if door[0] in roles or door not in known or self.guarantee(door) != other.guarantee(door)
        )


def gaps_left(before: Plan, after: Plan, now: datetime) -> dict[Door, tuple[Gap, ...]]:
    """The gaps of `after` that have a date on which `before` had none; a door that was not there had none."""
    doors = before.touched_by(after)
    known = set(before.doors)
    then = after.outlooks(now, doors)
    today = before.outlooks(now, [door for door in doors if door in known])
    found = {}
    for door, coming in then.items():
        had = {day for gap in today[door].gaps for day in gap.knocks} if door in today else set()
        new = tuple(gap for gap in coming.gaps if not had.issuperset(gap.knocks))
        if new:
            found[door] = new
    return found


# --- steps ---------------------------------------------------------------------------------------------


def with_weekdays(post_id: UUID, mask: int) -> Step:
    """The holder of the post is there on other weekdays."""
    return lambda plan: _posts(
        plan, (replace(one, weekdays=mask) if one.post_id == post_id else one for one in plan.roster.posts)
    )


def with_post(held: Held) -> Step:
    """Somebody has one more post."""
    return lambda plan: _posts(plan, (*plan.roster.posts, held))


def without_post(post_id: UUID, last_day: date) -> Step:
    """The post ends with this day. Its door stays a door: students meet it until set-up is changed."""

    def step(plan: Plan) -> Plan:
        return _posts(plan, _ended(plan.roster.posts, post_id, last_day))

    return step


def _ended(posts: Iterable[Held], post_id: UUID, last_day: date) -> Iterator[Held]:
    for one in posts:
        if one.post_id != post_id:
            yield one
        elif one.starts_on <= last_day:
            yield replace(one, ends_on=last_day)


def with_substitutes(post_id: UUID, account_ids: Iterable[UUID]) -> Step:
    """Others stand in for the holder of the post."""
    wanted = tuple(account_ids)

    def step(plan: Plan) -> Plan:
        substitutes = {**plan.roster.substitutes, post_id: wanted}
        return replace(plan, roster=replace(plan.roster, substitutes=substitutes))

    return step


def with_guarantee(place: Place, guarantee: Guarantee | None) -> Step:
    """Something else is promised there; None: what is promised around it."""

    def step(plan: Plan) -> Plan:
        rest = {key: value for key, value in plan.guarantees.items() if key != place}
        return replace(plan, guarantees=rest if guarantee is None else {**rest, place: guarantee})

    return step


def with_school(school_id: UUID) -> Step:
    """The school opens again."""
    return lambda plan: replace(plan, schools=tuple(dict.fromkeys((*plan.schools, school_id))))


def with_role(role_id: UUID) -> Step:
    """The role opens again."""
    return lambda plan: replace(plan, roles=tuple(dict.fromkeys((*plan.roles, role_id))))


def _posts(plan: Plan, posts: Iterable[Held]) -> Plan:
    return replace(plan, roster=replace(plan.roster, posts=tuple(posts)))
