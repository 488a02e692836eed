"""The door as a student sees it now:

what is promised, who answers where. Read from the portal, never stored.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tenants.onboarding.schools import nearest
from tenants.setup.portal import Portal, RoleAtSchool, SchoolDoor


@dataclass(frozen=True, slots=True)
class FirstPromise:
    """What the first screen says. `role` is None when every door here promises the same."""

    due: datetime
    role: RoleAtSchool | None


def first_promise(door: Portal, now: datetime) -> FirstPromise | None:
    """A promise that is true before anything is chosen: the same for all, or the quickest role by its name.

    A role's promise is the latest of all schools where it answers. None without doors.
    """
    latest: dict[UUID, datetime] = {}
    names: dict[UUID, RoleAtSchool] = {}
    for school in door.schools:
        for role in school.roles:
            due = door.due_if_now(now, school.id, role.id)
            if due is not None:
                names.setdefault(role.id, role)
                latest[role.id] = max(due, latest.get(role.id, due))
    if not latest:
        return None
    quickest = min(names, key=lambda role_id: latest[role_id])  # the municipality's order decides a draw
    same = len(set(latest.values())) == 1
    return FirstPromise(latest[quickest], None if same else names[quickest])


def schools_matching(door: Portal, words: str) -> tuple[SchoolDoor, ...]:
    """The schools whose name has every word typed, whatever the case; the nearest where none has."""
    wanted = words.casefold().split()
    exact = tuple(school for school in door.schools if all(word in school.name.casefold() for word in wanted))
    return exact or tuple(
        door.schools[number] for number in nearest(words, [one.name for one in door.schools])
    )


def roles_of_the_house(door: Portal) -> list[RoleAtSchool]:
    """Every role that answers somewhere here, once, in the municipality's order as first met."""
    found: dict[UUID, RoleAtSchool] = {}
    for school in door.schools:
        for role in school.roles:
            found.setdefault(role.id, role)
    return list(found.values())


def is_open_day(door: Portal, day: date) -> bool:
    """Whether anybody is expected at work that day."""
    return door.calendar is not None and door.calendar.why_closed(day) is None


#: So many other doors are offered where one's own school has nobody.
NEXT_DOORS = 3


def nearest_doors(door: Portal, school: SchoolDoor) -> tuple[SchoolDoor, ...]:
    """Schools where somebody answers, those of the same kind first, by name: nothing knows how far they are."""
    others = [one for one in door.schools if one.roles and one.id != school.id]
    return tuple(sorted(others, key=lambda one: (one.form != school.form, one.name))[:NEXT_DOORS])
