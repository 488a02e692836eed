"""Whom a student may choose, whom a topic proposes, and who answers instead of somebody who is away. Pure: the door is
given as a value.

Nothing is promised on somebody whom the student asked to keep out, nor on an adult of their own school when they want
one outside it: `somebody_else` says whether anybody is left before a promise given today runs out.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from tenants.presence.presence import Held, Roster, open_days
from tenants.setup.portal import Adult, Portal, RoleAtSchool, SchoolDoor
from tenants.setup.topics import TopicRule


@dataclass(frozen=True, slots=True)
class Answering:
    """The adult a student wants, and, when they are not back in time, from when they are and who answers instead.

    `instead` None while somebody does whose name we do not say; `nobody`: then nobody answers for them.
    """

    adult: Adult
    is_away: bool = False
    back_on: date | None = None
    instead: Adult | None = None
    nobody: bool = False


@dataclass(frozen=True, slots=True)
class Outside:
    """A door at another school that this municipality has opened to students of the others."""

    school: SchoolDoor
    role: RoleAtSchool


def whoever_holds_a_post(door: Portal) -> frozenset[UUID]:
    """Everybody with a post anywhere, today or later, named on a page or not."""
    return frozenset(post.account_id for post in door.roster.posts if not _is_over(post, door.day))


def _is_over(post: Held, day: date) -> bool:
    return post.ends_on is not None and post.ends_on < day


def staff_of(door: Portal, school_id: UUID) -> frozenset[UUID]:
    """Who holds a post at the school, today or later, is named to stand in for one, or leads the school by name."""
    posts = [one for one in door.roster.posts if one.school_id == school_id and not _is_over(one, door.day)]
    deputies = (who for post in posts for who in door.roster.substitutes.get(post.post_id, ()))
    leads = (who for school, who in door.leads if school == school_id)
    return frozenset((*(post.account_id for post in posts), *deputies, *leads))


def adults_at(school: SchoolDoor) -> tuple[tuple[RoleAtSchool, Adult], ...]:
    """Whoever has a name on the page of this school, with their role, once each."""
    found: dict[UUID, tuple[RoleAtSchool, Adult]] = {}
    for role in (*school.roles, *school.unstaffed):
        for adult in role.adults:
            found.setdefault(adult.id, (role, adult))
    return tuple(found.values())


def last_day(door: Portal, school_id: UUID, role_id: UUID) -> date:
    """The last day on which a promise given today may be kept; today where nothing can be promised."""
    if door.calendar is None:
        return door.day
    zone = door.calendar.zone
    due = door.due_if_now(datetime.combine(door.day, time(23, 59), zone), school_id, role_id)
    return due.astimezone(zone).date() if due else door.day


def _days(door: Portal, school_id: UUID, role_id: UUID) -> list[date]:
    return open_days(door.day, last_day(door, school_id, role_id), door.is_open)


def somebody_else(door: Portal, school_id: UUID, role_id: UUID, aside: frozenset[UUID]) -> bool:
    """Whether anybody but these answers there before a promise given today runs out."""
    days = _days(door, school_id, role_id)
    return any(set(door.roster.present(role_id, school_id, day)) - aside for day in days)


def stands_on_them(door: Portal, school_id: UUID, role_id: UUID, aside: frozenset[UUID]) -> bool:
    """Whether all who could keep the promise are among these. A door with nobody at all is another matter: there a
    knock is taken in, and those in charge are told.
    """
    if not aside:
        return False
    there = somebody_else(door, school_id, role_id, frozenset())
    return there and not somebody_else(door, school_id, role_id, aside)


def outside_doors(door: Portal, home: SchoolDoor, aside: frozenset[UUID]) -> tuple[Outside, ...]:
    """What is open to students of this school and can be promised there without anybody who works at it, the
    municipality's order first, then by school."""
    away = aside | staff_of(door, home.id)
    found = []
    for school in door.schools:
        for role in school.roles:
            opened = (school.id, role.id) in door.outside and school.id != home.id
            if opened and somebody_else(door, school.id, role.id, away):
                found.append(Outside(school, role))
    return tuple(found)


def is_open_to(door: Portal, home_id: UUID, school_id: UUID, role_id: UUID) -> bool:
    """Whether a student of `home_id` may knock there as somebody from outside."""
    return home_id != school_id and (school_id, role_id) in door.outside


# --- topics ---------------------------------------------------------------------------------------------------


def topic_of(door: Portal, key: str) -> TopicRule | None:
    """A topic that is shown."""
    return next((rule for rule in door.topics if rule.key == key and rule.is_shown), None)


def proposed(
    door: Portal, school: SchoolDoor, topic: TopicRule | None, aside: frozenset[UUID], now: datetime
) -> RoleAtSchool | None:
    """The first role of the topic that answers at the school; none of them: whichever answers first there. None: no
    role is left without those whom the student keeps out.
    """
    left = [role for role in school.roles if not stands_on_them(door, school.id, role.id, aside)]
    by_id = {role.id: role for role in left}
    for role_id in topic.roles_at(school.id) if topic else ():
        if role_id in by_id:
            return by_id[role_id]

    def due(role: RoleAtSchool) -> datetime:
        return door.due_if_now(now, school.id, role.id) or datetime.max.replace(tzinfo=now.tzinfo)

    return min(left, key=due, default=None)  # a draw: the municipality's order


# --- one adult ------------------------------------------------------------------------------------------------


def answering(
    door: Portal, school_id: UUID, role_id: UUID, adult: Adult, aside: frozenset[UUID]
) -> Answering:
    """Who answers when this adult is wanted. Back before the promise runs out: they do."""
    roster, day = door.roster, door.day
    back = roster.back_on(adult.id, role_id, school_id, day, is_open=door.is_open)
    if back is not None and back <= last_day(door, school_id, role_id):
        return Answering(adult)
    others = aside | {adult.id}
    instead = _deputy(roster, _post_of(roster, adult.id, role_id, school_id, day), day, others)
    nobody = instead is None and not somebody_else(door, school_id, role_id, others)
    name = named(door, instead) if instead else None
    return Answering(adult, is_away=True, back_on=back, instead=name, nobody=nobody)


def _post_of(roster: Roster, account_id: UUID, role_id: UUID, school_id: UUID, day: date) -> Held | None:
    held = roster.holders(role_id, school_id, day)
    return next((post for post in held if post.account_id == account_id), None)


def _deputy(roster: Roster, post: Held | None, day: date, aside: frozenset[UUID]) -> UUID | None:
    who = roster.deputy(post, day) if post else None
    return None if who in aside else who


def named(door: Portal, account_id: UUID) -> Adult | None:
    """Somebody of any school, where names are shown."""
    for school in door.schools:
        for _role, adult in adults_at(school):
            if adult.id == account_id:
                return adult
    return None


# --- languages ------------------------------------------------------------------------------------------------


def spoken_at(door: Portal, role: RoleAtSchool | None, reviewed: frozenset[str]) -> tuple[str, ...]:
    """In which languages an adult of this role answers: what they have said; of who has said nothing, what the
    municipality offers among those that we speak ourselves.
    """
    usual = tuple(code for code in door.language_codes if code in reviewed) or (door.default_language,)
    if role is None or not role.speaks:
        return usual
    return role.speaks if role.all_have_said else tuple(dict.fromkeys((*role.speaks, *usual)))
