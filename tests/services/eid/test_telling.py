"""Who they are, said later by an eID: what it means first, what the adult will see, then by one press of their own."""

from html import unescape
from typing import Any

import pytest

from kernel.actor import MACHINE, student
from kernel.audit.models import Entry
from kernel.audit.operations import reading
from kernel.errors import NotFound
from services.contact import following
from services.contact import operations as contact
from services.contact.models import ContactRequest
from services.eid import operations
from services.eid.models import Binding
from services.reach import operations as reach
from tests.services.contact.people import knock, visitor
from tests.services.contact.test_pages import hidden
from tests.services.eid.conftest import OLA, Phone, path_of, phone_of, said
from tests.services.eid.test_knocking import knocked

pytestmark = pytest.mark.django_db


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


@pytest.fixture
def accepted(alpha, phone: Phone, row) -> contact.Accepted:
    made = knock(alpha)
    phone.post("/receipt/", {"receipt": made.receipt})
    return made


def proof(phone: Phone) -> str:
    return hidden(text(phone.get("/conversation/")))["proof"]


def asked(phone: Phone, provider, row) -> Any:
    """At the page that shows what will be told."""
    return phone.dance(provider, row, aim="tell", proof=proof(phone))


def test_what_it_means_stands_there_first_and_nothing_is_told_before_they_press(
    alpha, phone, provider, row, accepted
) -> None:
    page = text(phone.get("/conversation/"))
    assert "Tell them who I am with BankID" in page
    assert "No parent is told. We send nothing to anybody." in page
    shown = text(asked(phone, provider, row))
    assert "You are Kari Nordmann." in shown
    assert ContactRequest.objects.get().name is None
    assert not Binding.objects.exists()


def test_told_it_is_named_confirmed_and_opens_without_a_code(alpha, phone, provider, row, accepted) -> None:
    form = hidden(text(asked(phone, provider, row)))
    assert path_of(phone.post("/eid/tell/", form)) == "/conversation/"
    assert "You open this with BankID" in text(phone.get("/conversation/"))
    contact.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    opened = contact.read_conversation(by=alpha.actor("nurse"), request_id=accepted.request_id)
    assert opened.name == "Kari Nordmann"
    page = text(phone_of(alpha.alpha).dance(provider, row, aim="see"))
    assert accepted.case_number in page
    assert Entry.objects.filter(verb="eid.tell").count() == 1


def test_their_other_conversations_stay_as_they_are(alpha, phone, provider, row, accepted) -> None:
    other = knock(alpha)
    phone.post("/eid/tell/", hidden(text(asked(phone, provider, row))))
    assert Binding.objects.get().request_id == accepted.request_id
    assert ContactRequest.objects.get(pk=other.request_id).name is None


def test_told_is_the_conversation_they_set_out_from_and_no_other(
    alpha, phone, provider, row, accepted
) -> None:
    form = hidden(text(asked(phone, provider, row)))
    other = knock(alpha)
    phone.post("/receipt/", {"receipt": other.receipt})
    assert phone.post("/eid/tell/", form).status_code == 403
    assert not Binding.objects.exists()


def test_without_the_mark_or_the_visit_nothing_is_told(alpha, phone, provider, row, accepted) -> None:
    form = hidden(text(asked(phone, provider, row)))
    assert phone.post("/eid/tell/", {**form, "eid": "guessed"}).status_code == 409
    assert phone.post("/eid/tell/", {**form, "proof": "guessed"}).status_code == 403
    assert path_of(phone_of(alpha.alpha).post("/eid/tell/", form)) == "/receipt/"
    assert phone.post("/eid/set-out/", {"aim": "tell", "provider": str(row.pk)}).status_code == 403
    assert not Binding.objects.exists()


def test_stopped_on_the_way_the_conversation_is_as_it_was(alpha, phone, provider, row, accepted) -> None:
    there = phone.out(row, aim="tell", proof=proof(phone))
    page = phone.back(row, {"error": "access_denied", "state": provider.authorize(there)["state"]})
    assert "Nothing was told" in text(page)
    assert phone.get("/conversation/").status_code == 200


def test_a_closed_conversation_is_told_nothing(alpha, phone, provider, row, accepted) -> None:
    form = hidden(text(asked(phone, provider, row)))
    contact.withdraw(by=visitor(accepted), request_id=accepted.request_id)
    answer = phone.post("/eid/tell/", form)
    assert answer.status_code == 409
    assert "This conversation is closed." in text(answer)
    assert not Binding.objects.exists()


@pytest.mark.parametrize("then", ["taken out", "said by hand"])
def test_a_name_that_is_changed_by_hand_is_confirmed_by_nobody(
    alpha, phone, provider, row, then: str
) -> None:
    request = knocked(phone, provider, row, alpha)
    by = student(request.pk)
    if then == "taken out":
        reach.take_name_out(by=by, request_id=request.pk)
    else:
        reach.tell_name(by=by, request_id=request.pk, name="Somebody Else")
    assert Binding.objects.get().confirms_name is False
    page = text(phone_of(alpha.alpha).dance(provider, row, aim="see"))
    assert request.case_number in page, "it still opens what is theirs"


def test_they_can_let_go_of_it_and_then_only_the_code_opens_it(alpha, phone, provider, row) -> None:
    request = knocked(phone, provider, row, alpha)
    page = text(phone.dance(provider, row, aim="see"))
    phone.post("/eid/open/", {"opens": hidden(page)["opens"]})
    form = hidden(text(phone.get("/conversation/")))
    phone.post("/conversation/eid/", {"act": "unbind", "proof": form["proof"], "once": "a-mark-of-its-own"})
    assert not Binding.objects.exists()
    assert request.case_number not in text(phone_of(alpha.alpha).dance(provider, row, aim="see"))
    operations.unbind(by=student(request.pk), request_id=request.pk)
    with pytest.raises(NotFound):
        operations.unbind(by=student(row.pk), request_id=request.pk)


def test_own_conversations_are_one_press_away_only_for_whoever_came_by_it(
    alpha, phone, provider, row
) -> None:
    receipt = phone.send(phone.dance(provider, row, **said(alpha)))
    code = hidden(text(receipt))["receipt"]
    phone.post("/receipt/", {"receipt": code})
    assert "My conversations" in text(phone.get("/conversation/"))
    by_code = phone_of(alpha.alpha)
    by_code.post("/receipt/", {"receipt": code})
    assert "My conversations" not in text(by_code.get("/conversation/"))
    provider.behave(**OLA)
    by_code.dance(provider, row, aim="see")
    assert "My conversations" not in text(by_code.get("/conversation/")), (
        "another person's visit is not theirs"
    )


def test_what_they_take_home_says_it_and_it_goes_with_the_case(alpha, phone, provider, row) -> None:
    request = knocked(phone, provider, row, alpha)
    told = reading(by=student(request.pk), case_key_id=request.case_key_id, what="export", why="own")
    sections = [
        section for one in following.followers() if one.export for section in one.export(request, told)
    ]
    said = {item.field: item.value for section in sections for row in section.rows for item in row}
    assert said["eid.Binding.provider"] == "BankID"
    assert said["eid.Binding.confirms_name"] is True
    contact.forget(by=MACHINE, request_ids=[request.pk])
    assert not Binding.objects.exists()
