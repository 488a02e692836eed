"""A municipality of its own for tests that commit: threads, another connection, a server that goes away."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import connections

from kernel import tenancy
from kernel.actor import MACHINE, Actor, actor_for
from kernel.people.models import Account
from kernel.tenancy import MunicipalityRef, inside
from kernel.tenancy.testing import drop_for_tests, forget_jobs, found_for_tests
from tenants.setup import operations as setup
from tenants.setup.models import HelperRole


@dataclass(frozen=True, slots=True)
class Place:
    """One school, one role, two nurses and a lead; everything committed."""

    ref: MunicipalityRef
    school: UUID
    role: UUID
    nurses: tuple[UUID, UUID]

    def nurse(self, number: int) -> Actor:
        """A nurse as an actor, inside the municipality."""
        return actor_for(Account.objects.get(pk=self.nurses[number]))


@contextmanager
def committed(slug: str) -> Iterator[Place]:
    """Found, furnish, and take away again."""
    ref = found_for_tests(slug)
    try:
        with inside(ref):
            setup.furnish(
                country="NO", kind="municipality", languages=["nb", "en"], default_language="nb", by=MACHINE
            )
            role = HelperRole.objects.order_by("order").values_list("pk", flat=True)[0]
            school = setup.add_school(name="Solhaug skole", form="compulsory", by=MACHINE)
            people = [
                setup.invite_person(
                    email=f"{name}@{slug}.example", name=name.title(), language="nb", by=MACHINE
                )
                for name in ("nora", "signe", "lena")
            ]
            for person in people[:2]:
                setup.give_post(account_id=person, role_id=role, school_id=school, by=MACHINE)
            setup.appoint_lead(account_id=people[2], school_id=None, by=MACHINE)
        yield Place(ref, school, role, (people[0], people[1]))
    finally:
        connections["default"].close()
        drop_for_tests(ref)
        forget_jobs()
        tenancy.forget()
