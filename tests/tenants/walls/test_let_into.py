"""What somebody is let into is worded once for all who have as many doors, and asked anew at every step."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel import clock
from kernel.actor import MACHINE
from kernel.tenancy import NoMunicipality, front, inside
from services.contact import operations as contact
from services.contact.models import ContactRequest
from tenants.setup import operations as setup
from tenants.setup.actors import today
from tenants.walls import facts, operations
from tenants.walls.cases import every_tie
from tests.cast import World
from tests.services.contact.people import knock


@pytest.fixture
def alpha(world: World) -> Iterator[World]:
    with inside(world.alpha):
        yield world


@pytest.mark.parametrize("doors", [1, 2, 3, 12])
def test_it_is_to_the_letter_what_would_be_worded_for_this_person_now(
    alpha: World, doors: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the values of somebody else first, and of another day, so that nothing of theirs could stay."""
    moment = datetime(2026, 9, 15, 8, tzinfo=UTC)
    for now in (moment, moment + timedelta(hours=1), moment + timedelta(days=1)):
        monkeypatch.setattr(clock, "now", lambda now=now: now)
        account_id, at = uuid4(), frozenset((uuid4(), uuid4()) for _ in range(doors))
        with CaptureQueriesContext(connection) as asked:
            assert facts._let_into(account_id, at) == []
        with CaptureQueriesContext(connection) as worded:
            assert list(facts.question(account_id, now, at, every_tie())) == []
        said, wanted = (one.captured_queries[-1]["sql"] for one in (asked, worded))
        assert (account_id.hex in said, *apart(said)) == (True, *apart(wanted))
        assert apart(said)[1] == {(role.hex, school.hex) for role, school in at}


def apart(said: str) -> tuple[str, set[tuple[str, str]]]:
    """A statement, and the doors in it: they have no order of their own."""
    door = r"""to_role_id" = '(\w+)'::uuid AND "contact_handover"."to_school_id" = '(\w+)'"""
    return re.sub(door, "", said), set(re.findall(door, said))


def test_a_grant_counts_from_the_moment_it_is_given_and_no_longer_than_it_stands(alpha: World) -> None:
    accepted = knock(alpha)
    nurse, second = alpha.actor("nurse"), alpha.actor("counsellor")
    contact.take(by=nurse, request_id=accepted.request_id)
    key = ContactRequest.objects.get(pk=accepted.request_id).case_key_id
    assert key not in facts.reader_of(second).grants
    grant = operations.give_grant(
        by=nurse, case_key_id=key, account_id=alpha.people["counsellor"], basis="agreement", reason="sammen",
        last_day=clock.now().date() + timedelta(days=2),
    )  # fmt: skip
    assert facts.reader_of(second).grants == {key}
    assert key not in facts.reader_of(nurse).grants
    with clock.pretend(clock.now() + timedelta(days=5)):
        assert facts.reader_of(second).grants == set()
    operations.withdraw_grant(by=nurse, grant_id=grant.pk)
    assert facts.reader_of(second).grants == set()


def test_what_one_municipality_has_worded_is_asked_in_the_other_of_the_other(alpha: World) -> None:
    accepted = knock(alpha)
    contact.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    key = ContactRequest.objects.get(pk=accepted.request_id).case_key_id
    operations.give_grant(
        by=alpha.actor("nurse"), case_key_id=key, account_id=alpha.people["counsellor"], basis="agreement",
        reason="sammen", last_day=clock.now().date() + timedelta(days=2),
    )  # fmt: skip
    assert facts.reader_of(alpha.actor("counsellor")).grants == {key}
    with inside(alpha.beta):
        assert facts.reader_of(alpha.actor("counsellor")).grants == set()
    counsellor = alpha.actor("counsellor")
    with front(), pytest.raises(NoMunicipality):
        facts.reader_of(counsellor)


def test_whoever_begins_at_the_students_own_school_is_shut_out_that_very_day(alpha: World) -> None:
    """Also where a colleague with as many doors asked the day before."""
    setup.set_outside_doors(doors=[(alpha.other_school, alpha.nurse_role)], by=MACHINE)
    accepted = knock(alpha, school_id=alpha.other_school, home_school_id=alpha.school)
    key = ContactRequest.objects.get(pk=accepted.request_id).case_key_id
    setup.give_post(
        account_id=alpha.people["other_nurse"], role_id=alpha.counsellor_role, school_id=alpha.school,
        starts_on=today() + timedelta(days=1), by=MACHINE,
    )  # fmt: skip
    setup.give_post(
        account_id=alpha.people["counsellor"], role_id=alpha.nurse_role, school_id=alpha.other_school,
        starts_on=today(), by=MACHINE,
    )  # fmt: skip
    assert key in facts.reader_of(alpha.actor("counsellor")).recused
    assert key not in facts.reader_of(alpha.actor("other_nurse")).recused
    with clock.pretend(clock.now() + timedelta(days=1)):
        assert key in facts.reader_of(alpha.actor("other_nurse")).recused
