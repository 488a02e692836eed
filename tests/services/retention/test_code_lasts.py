"""The receipt says until when its code works: a day the rules keep, for an open and for a closed conversation."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError

from kernel.actor import MACHINE
from services.contact import lasting, operations
from services.contact.operations import Accepted
from services.retention import operations as retention
from services.retention import queries, terms
from tenants.setup.actors import today
from tests.cast import World
from tests.services.contact.people import knock, visitor

pytestmark = pytest.mark.django_db


def test_an_open_conversation_is_there_at_least_as_long_as_the_shortest_rule(
    alpha: World, clock: Any
) -> None:
    said = lasting.lasting(knock(alpha))
    assert said.at_least == terms.later(today(), 6)
    assert said.day is None


def test_a_receipt_shown_again_after_the_end_says_the_day_it_goes(alpha: World, clock: Any) -> None:
    accepted = knock(alpha, message="")
    operations.withdraw(by=visitor(accepted), request_id=accepted.request_id)
    again = Accepted(**{name: getattr(accepted, name) for name in accepted.__slots__} | {"is_open": False})
    assert lasting.lasting(again) == lasting.Lasting(), (
        "nobody can name a day before the archive is decided on"
    )
    retention.keep_archive_decision(by=MACHINE, choice="delete", decided_on=date(2026, 8, 1))
    assert lasting.lasting(again) == lasting.Lasting(day=terms.later(today(), 1))


def test_a_receipt_is_shown_without_a_day_when_the_database_is_away(
    alpha: World, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted = knock(alpha)

    def away() -> date:
        raise OperationalError("away")

    monkeypatch.setattr(lasting, "_room", lasting.Room(at_least=away, until=queries.code_works_until))
    assert lasting.lasting(accepted) == lasting.Lasting()


def test_nobody_learns_of_a_conversation_that_is_not_there(alpha: World, clock: Any) -> None:
    strange = Accepted(
        request_id=uuid4(),
        case_number="X",
        receipt="X",
        due_at=knock(alpha).due_at,
        promise_text="",
        is_open=False,
    )
    assert lasting.lasting(strange) == lasting.Lasting()
