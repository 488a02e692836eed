"""Which doors are offered, in which order, and what the student said of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel import clock
from services.contact.handover_queries import kept_out, next_doors, said_no_by_name
from services.contact.models import ContactRequest, NextDoor
from services.contact.said_no import doors_said_no_to
from services.contact.whom import named, somebody_else
from services.nextdoor.models import DoorOrder
from services.promises.models import Promise
from services.promises.queries import present, promises_of
from tenants.setup.portal import RoleAtSchool
from tenants.setup.queries import portal


@dataclass(frozen=True, slots=True)
class Order:
    """The order of doors of one school, or of all (`school_id` None)."""

    school_id: UUID | None
    roles: tuple[UUID, ...]
    never: frozenset[UUID]

    def sort(self, roles: Iterable[RoleAtSchool]) -> list[RoleAtSchool]:
        """Those that are offered: by the order, then as they stand."""
        place = {role_id: number for number, role_id in enumerate(self.roles)}
        there = [role for role in roles if role.id not in self.never]
        return sorted(there, key=lambda role: place.get(role.id, len(place)))


@dataclass(frozen=True, slots=True)
class Door:
    """A door that is offered, at which school, and when it answers if it is asked now. `people`: who would get it, by
    name, where the municipality shows names. `without`: whom of it the student keeps out."""

    role: RoleAtSchool
    school: str
    due: datetime
    people: tuple[str, ...] = ()
    without: frozenset[UUID] = frozenset()


def orders() -> dict[UUID | None, Order]:
    """Every order a municipality has set, by school; None is the one for all."""
    return {
        row.school_id: Order(row.school_id, _ids(row.roles), frozenset(_ids(row.never)))
        for row in DoorOrder.objects.all()
    }


def _ids(texts: Iterable[str]) -> tuple[UUID, ...]:
    return tuple(UUID(text) for text in texts)


def order_of(school_id: UUID) -> Order:
    """The school's own, else that of all, else the order in which the municipality's roles stand."""
    known = orders()
    return known.get(school_id) or known.get(None) or Order(None, (), frozenset())


def what_broke(request: ContactRequest) -> Promise | None:
    """The promise that counts now, where it is broken and nobody has answered; by the clock alone."""
    promise = present(promises_of(request.pk)) if request.is_open else None
    if promise is None or promise.answered_at is not None or promise.state_at(clock.now()) != "broken":
        return None
    return promise


def offered(request: ContactRequest) -> list[Door]:
    """The doors its student may be sent on to: other roles of the school where somebody may answer this student and is
    there before the promise would run out. Not where they come from, nor a role to which they said no before anybody
    had taken it over. One's own door is none of them.
    """
    house = portal()
    school = house.school(request.school_id)
    if school is None:
        return []
    refused = {role_id for role_id, at in doors_said_no_to(request.pk) if at == request.school_id}
    tried = {request.role_id, *(one.from_role_id for one in next_doors(request.pk)), *refused}
    aside, now, said_no = kept_out(request.pk), clock.this_minute(), said_no_by_name(request.pk)
    doors = []
    for role in order_of(school.id).sort(school.roles):
        due = house.due_if_now(now, school.id, role.id)
        if role.id not in tried and due is not None and somebody_else(house, school.id, role.id, aside):
            here = house.roster.holders(role.id, school.id, house.day)
            without = said_no & {post.account_id for post in here}
            people = tuple(one.name for one in role.adults if one.id not in aside | without)
            doors.append(Door(role, school.name, due, people, without))
    return doors


def roles_offered(request: ContactRequest) -> list[RoleAtSchool]:
    """The roles of the doors that are offered now: none while nothing is broken."""
    return [door.role for door in offered(request)] if what_broke(request) else []


def left_out(door: Door) -> tuple[list[str], bool]:
    """Whom of a door the student keeps out: by name where the school shows names, and whether others as well."""
    called = [named(portal(), one) for one in sorted(door.without, key=str)]
    return [one.name for one in called if one is not None], None in called


def answer_to(broken: Promise) -> NextDoor | None:
    """What the student said when this promise had broken; None: nothing yet."""
    return NextDoor.objects.filter(request_id=broken.subject_id, broken=broken).first()


def sent_by(request: ContactRequest) -> NextDoor | None:
    """By which yes the request stands where it stands; None: it was never sent on, or has been handed over since."""
    sent = next_doors(request.pk)
    newest = sent[-1] if sent else None
    return newest if newest is not None and newest.to_role_id == request.role_id else None
