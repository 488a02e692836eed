"""A student says who they are later, in one step, by their own act alone; and can take it out again."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from kernel.actor import MACHINE
from kernel.audit.models import Entry
from kernel.clock import now
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.outbox.models import Message
from services.contact import operations as contact
from services.contact.models import ContactRequest
from services.contact.operations import Accepted
from services.reach import operations
from services.reach.models import NameTold
from services.retention import operations as retention
from tests.cast import World
from tests.services.contact.people import knock, visitor
from tests.services.contact.test_pages import hidden

pytestmark = pytest.mark.django_db
NAME = "Maja Lindqvist, 9B"


def tell(accepted: Accepted, name: str = NAME) -> Any:
    return operations.tell_name(by=visitor(accepted), request_id=accepted.request_id, name=name)


def out(accepted: Accepted) -> None:
    operations.take_name_out(by=visitor(accepted), request_id=accepted.request_id)


def known_to(world: World, accepted: Accepted, who: str = "nurse") -> str:
    return contact.read_conversation(by=world.actor(who), request_id=accepted.request_id).name


def test_whoever_answers_sees_the_name_from_then_on_and_is_told(alpha: World, clock) -> None:
    accepted = knock(alpha)
    contact.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    assert known_to(alpha, accepted) == ""
    before = Message.objects.filter(template="contact/message").count()
    tell(accepted)
    assert known_to(alpha, accepted) == NAME
    assert Message.objects.filter(template="contact/message").count() == before + 1
    assert NAME not in str(list(Message.objects.values())) + str(list(Entry.objects.values()))


def test_taken_out_it_is_gone_for_whoever_comes_later(alpha: World, clock) -> None:
    accepted = knock(alpha)
    tell(accepted)
    out(accepted)
    out(accepted)
    contact.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    assert known_to(alpha, accepted) == ""
    assert NameTold.objects.get().taken_out_at is not None
    tell(accepted, "Maja")
    assert known_to(alpha, accepted) == "Maja"
    assert NameTold.objects.count() == 2


def test_a_name_given_with_the_knock_can_be_taken_out_as_well(alpha: World) -> None:
    accepted = knock(alpha, name=NAME)
    out(accepted)
    assert ContactRequest.objects.get().name is None
    assert NameTold.objects.get().taken_out_at is not None


def test_said_twice_it_is_corrected(alpha: World, clock) -> None:
    accepted = knock(alpha)
    tell(accepted)
    tell(accepted, "Maja")
    assert NameTold.objects.count() == 1
    contact.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    assert known_to(alpha, accepted) == "Maja"


def test_nobody_says_it_for_them(alpha: World) -> None:
    accepted, other = knock(alpha), knock(alpha)
    with pytest.raises(NotFound):
        operations.tell_name(by=visitor(other), request_id=accepted.request_id, name=NAME)
    for helper in (alpha.actor("nurse"), alpha.actor("admin"), MACHINE):
        with pytest.raises((NotAllowed, NotFound)):
            operations.tell_name(by=helper, request_id=accepted.request_id, name=NAME)
        with pytest.raises((NotAllowed, NotFound)):
            contact.set_name(by=helper, request_id=accepted.request_id, name=NAME)
    for wrong in ("", "  ", "x" * 300):
        with pytest.raises(Invalid) as refused:
            tell(accepted, wrong)
        assert refused.value.errors[0].field == "name"


def test_what_must_be_kept_keeps_its_name(alpha: World, clock) -> None:
    accepted = knock(alpha, name=NAME)
    retention.place_hold(
        by=alpha.actor("admin"), number=accepted.case_number, basis="court", reason="Vedtak 12/26, tingretten",
        last_day=now().date() + timedelta(days=30),
    )  # fmt: skip
    with pytest.raises(Conflict):
        out(accepted)
    assert ContactRequest.objects.get().name is not None


def test_on_the_page_what_it_means_is_said_first_and_bad_input_keeps_the_words(
    alpha: World, phone: Client
) -> None:
    accepted = knock(alpha)
    phone.post("/receipt/", {"receipt": accepted.receipt})
    html = unescape(phone.get("/conversation/").content.decode())
    for said in ("This one sees it:", "What they have read, they have read.", "You need not."):
        assert said in html
    answer = phone.post("/conversation/name/", hidden(html) | {"act": "tell", "name": "x" * 300})
    assert answer.status_code == 422
    assert "x" * 300 in answer.content.decode()
    assert phone.post("/conversation/name/", hidden(html) | {"act": "tell", "name": NAME}).status_code == 303
    html = unescape(phone.get("/conversation/").content.decode())
    assert f"<strong>{NAME}</strong>" in html
    assert phone.post("/conversation/name/", hidden(html) | {"act": "out"}).status_code == 303
    assert NAME not in phone.get("/conversation/").content.decode()
