"""The door as a student sees it now:

what is promised, who answers where. Read from the portal, never stored.
"""

from datetime import datetime
from uuid import UUID

from tenants.setup.portal import Portal, RoleAtSchool, SchoolDoor


def due_everywhere(door: Portal, now: datetime) -> datetime | None:
    """The latest due time any open door here promises at `now`:

    true whoever is chosen. None without doors.
    """
    places: set[tuple[UUID | None, UUID | None]] = {
        (school.id, role.id) for school in door.schools for role in school.roles
    }
    by_guarantee = {door.guarantee(school, role): (school, role) for school, role in places}
    dues = [door.due_if_now(now, school, role) for school, role in by_guarantee.values()]
    known = [due for due in dues if due is not None]
    return max(known, default=None)


def schools_matching(door: Portal, words: str) -> tuple[SchoolDoor, ...]:
    """The schools whose name has every word typed, whatever the case."""
    wanted = words.casefold().split()
    return tuple(school for school in door.schools if all(word in school.name.casefold() for word in wanted))


def roles_of_the_house(door: Portal) -> list[RoleAtSchool]:
    """Every role that answers somewhere here, once, in the municipality's order as first met."""
    found: dict[UUID, RoleAtSchool] = {}
    for school in door.schools:
        for role in school.roles:
            found.setdefault(role.id, role)
    return list(found.values())
