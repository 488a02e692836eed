"""Two helpers press "take" at the same instant: one has it, the other is told who."""

import threading
from datetime import date
from typing import Any

import pytest
from django.db import connections

from kernel.actor import MACHINE, actor_for
from kernel.errors import Conflict
from kernel.people.models import Account
from kernel.tenancy import inside
from kernel.tenancy.testing import drop_for_tests, forget_jobs, found_for_tests
from services.contact import operations
from services.contact.models import ContactRequest
from tenants.setup import operations as setup
from tenants.setup.models import HelperRole, Post
from tests.services.contact.people import knock

ROUNDS, HELPERS = 10, 6


@pytest.fixture
def place(django_db_setup: None, django_db_blocker: Any):
    """A municipality of its own, committed: threads see nothing of another transaction."""
    from types import SimpleNamespace

    with django_db_blocker.unblock():
        ref = found_for_tests("kappe", name="Kappe kommune")
        try:
            with inside(ref):
                setup.furnish(
                    country="NO", kind="municipality", languages=["nb"], default_language="nb", by=MACHINE
                )
                school = setup.add_school(name="Kappe skole", form="compulsory", by=MACHINE)
                role = HelperRole.objects.order_by("order").values_list("pk", flat=True)[0]
                people = []
                for number in range(HELPERS):
                    account = setup.invite_person(
                        email=f"h{number}@kappe.example", name=f"Helper{number} Kappe", language="nb",
                        is_administrator=False, by=MACHINE,
                    )  # fmt: skip
                    setup.give_post(account_id=account, role_id=role, school_id=school, by=MACHINE)
                    people.append(account)
                Post.objects.update(starts_on=date(2020, 1, 1))
            yield SimpleNamespace(ref=ref, school=school, nurse_role=role, people=people)
        finally:
            forget_jobs()
            drop_for_tests(ref)


def test_of_many_takers_at_once_one_has_it_and_the_others_are_told_who(place: Any) -> None:
    with inside(place.ref):
        actors = [actor_for(Account.objects.get(pk=person)) for person in place.people]
        for _round in range(ROUNDS):
            accepted = knock(place)
            gate, came = threading.Barrier(HELPERS, timeout=30), []

            def press(actor: Any, accepted: Any = accepted, gate: Any = gate, came: Any = came) -> None:
                try:
                    with inside(place.ref):
                        gate.wait()
                        operations.take(by=actor, request_id=accepted.request_id)
                        came.append((actor.id, "has it"))
                except Conflict as lost:
                    came.append((actor.id, str(lost.detail)))
                finally:
                    connections.close_all()

            threads = [threading.Thread(target=press, args=(actor,)) for actor in actors]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            winners = [who for who, said in came if said == "has it"]
            assert len(came) == HELPERS
            assert len(winners) == 1
            request = ContactRequest.objects.select_related("taken_by").get(pk=accepted.request_id)
            assert request.taken_by_id == winners[0]
            name = request.taken_by.get_short_name()
            assert all(name in said for who, said in came if who != winners[0])
