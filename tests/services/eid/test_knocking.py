"""A student shows who they are and knocks: named, bound, and back without a code. Or they continue without."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from kernel.actor import MACHINE, student
from kernel.audit.models import Entry
from kernel.crypto import keys
from kernel.outbox.models import Message
from kernel.people.identity import operations as providers
from kernel.people.identity import queries
from kernel.people.models import ExternalIdentity, IdentityProvider
from services.contact import operations as contact
from services.contact.models import ContactRequest
from services.contact.rules import Said
from services.eid import operations, trips
from services.eid.models import Binding, Trip
from tests.cast import World
from tests.services.contact.test_pages import asks, hidden
from tests.services.eid.conftest import KARI, OLA, WORDS, Phone, path_of, phone_of, said
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


def text(answer) -> str:
    return unescape(answer.content.decode())


def knocked(phone: Phone, provider, row, world: World, **more: str) -> ContactRequest:
    """Knock with an eID, all the way."""
    before = set(ContactRequest.objects.values_list("pk", flat=True))
    receipt = phone.send(phone.dance(provider, row, **said(world, **more)))
    assert receipt.status_code == 200, text(receipt)
    return ContactRequest.objects.exclude(pk__in=before).get()


def test_two_choices_of_one_size_and_the_one_without_is_what_enter_presses(alpha, phone, row) -> None:
    page = text(phone.post("/knock/", {**said(alpha), "step": "about"}))
    assert asks(page) == "name"
    form = page[page.index('id="journey"') :]
    buttons = re.findall(r"<button ([^>]*)><span>(Continue without|Use BankID)</span>", form)
    assert [name for _attrs, name in buttons] == ["Continue without", "Use BankID"]
    looks = [
        set(re.findall(r'data-(?:variant|size)="\w+"|data-fullwidth', attrs)) for attrs, _name in buttons
    ]
    assert looks[0] == looks[1] == {'data-variant="primary"', 'data-size="lg"', "data-fullwidth"}
    first = re.search(r"<button [^>]*type=\"submit\"[^>]*>", form)
    assert first
    assert "formaction" not in first[0]


def test_without_a_provider_nothing_of_it_is_anywhere(alpha: World, phone: Phone) -> None:
    page = text(phone.post("/knock/", {**said(alpha), "step": "about"}))
    assert asks(page) == "name"
    assert "set-out" not in page
    assert "Skip" in page
    assert "I have a code" in text(phone.get("/"))
    assert "set-out" not in text(phone.get("/receipt/"))


def test_what_was_typed_survives_and_the_student_sees_what_the_adult_will_see(
    alpha, phone, provider, row
) -> None:
    typed = said(alpha, channel="sms", channel_value="99887766", preferred_times="Efter tre", name="Kalle")
    page = text(phone.dance(provider, row, **typed))
    assert asks(page) == "check"
    assert "Kari Nordmann, confirmed by BankID" in page
    there = hidden(page)
    for name in ("school", "role", "channel", "channel_value", "preferred_times", "message"):
        assert there[name] == typed[name], name
    assert not ContactRequest.objects.exists(), "nothing is sent before they press it"


def test_it_is_named_and_bound_and_marked_for_whoever_answers(alpha, phone, provider, row) -> None:
    request = knocked(phone, provider, row, alpha)
    binding = Binding.objects.get()
    assert (binding.request_id, bytes(binding.who)) == (
        request.pk,
        queries.student_who(row.issuer, "person-1"),
    )
    contact.take(by=alpha.actor("nurse"), request_id=request.pk)
    opened = contact.read_conversation(by=alpha.actor("nurse"), request_id=request.pk)
    assert opened.name == "Kari Nordmann"
    desk = Client(SERVER_NAME="alfa.localhost", headers={"accept-language": "en"})
    sign_in(desk, alpha.account("nurse"))
    assert "Name confirmed by BankID" in text(desk.get(f"/desk/{request.pk}/"))


def test_nobody_is_told_and_no_number_is_kept_anywhere(alpha, phone, provider, row) -> None:
    provider.behave(sub="19010112345", name="Kari Nordmann", pid="19010112345", email="kari@example.no")
    request = knocked(phone, provider, row, alpha)
    binding = Binding.objects.get()
    assert "19010112345" not in str(list(Entry.objects.values())) + str(list(Message.objects.values()))
    assert b"19010112345" not in bytes(binding.who)
    assert not ExternalIdentity.objects.exists()
    told = set(Message.objects.values_list("recipient", flat=True))
    assert all("kari" not in str(one) for one in told)
    assert request.name is not None
    assert not [one for one in Entry.objects.values_list("details", flat=True) if "Kari" in str(one)]


def test_the_receipt_is_given_and_is_not_the_only_way_back(alpha, phone, provider, row) -> None:
    receipt = text(phone.send(phone.dance(provider, row, **said(alpha))))
    assert 'id="receipt-code"' in receipt
    assert "I have saved it" not in receipt
    assert "You come back with BankID" in receipt
    assert "You need not keep this code" in receipt


def test_the_same_knock_sent_twice_is_one_with_the_same_code(alpha, phone, provider, row, clock) -> None:
    check = phone.dance(provider, row, **said(alpha))
    first, again = text(phone.send(check)), text(phone.send(check))
    assert ContactRequest.objects.count() == 1
    code = re.search(r'name="receipt" value="([^"]+)"', first)
    assert code
    assert code[1] in again
    clock.shift(timedelta(minutes=25))
    late = text(phone.send(check))
    assert code[1] in late, "also when the eID visit has ended meanwhile"
    assert "You come back with BankID" in late


def test_back_on_any_device_they_see_their_own_without_a_code(alpha, phone, provider, row) -> None:
    request = knocked(phone, provider, row, alpha)
    other = phone_of(alpha.alpha)
    page = text(other.dance(provider, row, aim="see"))
    assert "You are Kari Nordmann" in page
    assert f"Number {request.case_number}" in page
    assert WORDS not in page
    answer = other.post("/eid/open/", {"opens": hidden(page)["opens"]})
    assert path_of(answer) == "/conversation/"
    assert WORDS in text(other.get("/conversation/"))
    assert Entry.objects.filter(verb="eid.enter").get().actor_kind == "student"


def test_several_are_a_list_with_open_ones_first_and_nobody_elses(alpha, phone, provider, row) -> None:
    old = knocked(phone, provider, row, alpha)
    contact.withdraw(by=student(old.pk), request_id=old.pk)
    new = knocked(phone, provider, row, alpha)
    provider.behave(**OLA)
    olas = knocked(phone_of(alpha.alpha), provider, row, alpha)
    provider.behave(**KARI)
    page = text(phone_of(alpha.alpha).dance(provider, row, aim="see"))
    assert page.index(new.case_number) < page.index(old.case_number)
    assert olas.case_number not in page


def test_what_was_begun_anonymously_stays_so(alpha, phone, provider, row) -> None:
    check = phone.post("/knock/", said(alpha))
    phone.send(check)
    hers = ContactRequest.objects.get()
    page = text(phone.dance(provider, row, aim="see"))
    assert hers.case_number not in page
    assert "There is nothing here yet" in page
    assert not Binding.objects.exists()


def test_continue_without_is_a_knock_of_nobody(alpha, phone, provider, row) -> None:
    check = phone.post("/knock/", said(alpha, name=""))
    assert asks(text(check)) == "check"
    assert phone.send(check).status_code == 200
    assert ContactRequest.objects.get().name is None
    assert not Binding.objects.exists()


def test_after_an_eid_they_may_still_continue_without(alpha, phone, provider, row) -> None:
    check = hidden(text(phone.dance(provider, row, **said(alpha))))
    name = text(phone.post("/knock/", {**check, "go": "name"}))
    assert "You are Kari Nordmann" in name
    without = phone.post("/knock/", {**hidden(name), "skip": "1"})
    assert "You do not say who you are" in text(without)
    phone.send(without)
    assert ContactRequest.objects.get().name is None
    assert not Binding.objects.exists()


def test_changing_another_answer_keeps_who_they_are(alpha, phone, provider, row) -> None:
    check = hidden(text(phone.dance(provider, row, **said(alpha))))
    about = text(phone.post("/knock/", {**check, "go": "about"}))
    again = text(phone.post("/knock/", {**hidden(about), "message": "Something else"}))
    assert "Kari Nordmann, confirmed by BankID" in again


@pytest.mark.parametrize(
    ("error", "words"),
    [("access_denied", "You stopped on the way"), ("server_error", "You stopped on the way")],
)
def test_stopped_or_refused_there_everything_is_kept(alpha, phone, provider, row, error, words) -> None:
    state = provider.authorize(phone.out(row, **said(alpha)))["state"]
    page = text(phone.back(row, {"error": error, "state": state}))
    assert words in page
    assert asks(page) == "name"
    assert hidden(page)["message"] == WORDS
    assert "Continue without" in page
    assert phone.post("/knock/", {**hidden(page), "name": ""}).status_code == 200


def test_a_provider_that_is_down_or_lies_brings_them_back_with_everything(
    alpha, phone, provider, row
) -> None:
    there = phone.out(row, **said(alpha))
    provider.documents["/keys"] = (503, {}, {})
    page = text(phone.back(row, provider.authorize(there)))
    assert "It does not answer just now." in page
    assert hidden(page)["message"] == WORDS
    provider.behave(sub="person-1")  # no name
    page = text(phone.dance(provider, row, **said(alpha)))
    assert "It did not work this time." in page
    assert hidden(page)["message"] == WORDS
    IdentityProvider.objects.filter(pk=row.pk).update(issuer="http://nobody.localhost:9")
    answer = phone.post("/eid/set-out/", {"provider": str(row.pk), **said(alpha)})
    assert answer.status_code == 503
    assert hidden(text(answer))["message"] == WORDS


def test_switched_off_it_opens_nothing_and_codes_still_do(alpha, phone, provider, row) -> None:
    receipt = text(phone.send(phone.dance(provider, row, **said(alpha))))
    code = re.search(r'name="receipt" value="([^"]+)"', receipt)
    assert code
    assert phone.get("/eid/").status_code == 200
    providers.switch_provider(by=MACHINE, provider_id=row.pk, on=False)
    assert phone.get("/eid/").status_code == 303
    answer = phone.post("/eid/set-out/", {"provider": str(row.pk), "aim": "see"})
    assert answer.status_code == 422
    assert "set-out" not in text(phone.get("/receipt/"))
    assert path_of(phone.post("/receipt/", {"receipt": code[1]})) == "/conversation/"


def test_the_visit_ends_by_itself_and_the_knock_is_then_asked_for_anew(
    alpha, phone, provider, row, clock
) -> None:
    check = phone.dance(provider, row, **said(alpha))
    clock.shift(timedelta(minutes=21))
    page = phone.send(check)
    assert page.status_code == 422
    assert "It was too long ago" in text(page)
    assert hidden(text(page))["message"] == WORDS
    assert not ContactRequest.objects.exists()


def test_it_lasts_two_hours_at_most(alpha, phone, provider, row, clock) -> None:
    phone.dance(provider, row, aim="see")
    for _quarter in range(7):
        clock.shift(timedelta(minutes=15))
        assert phone.get("/eid/").status_code == 200
    clock.shift(timedelta(minutes=16))
    assert phone.get("/eid/").status_code == 303


@pytest.mark.parametrize("how", ["/eid/leave/", "/exit/"])
def test_leaving_forgets_it_here(alpha, phone, provider, row, how: str) -> None:
    knocked(phone, provider, row, alpha)
    waiting = phone.out(row, **said(alpha))
    phone.post(how)
    assert not {"eid", "eid-way", "visit"} & {name for name, one in phone.cookies.items() if one.value}
    assert phone.get("/eid/").status_code == 303
    assert phone.back(row, provider.authorize(waiting)).status_code == 403, "and nobody sees what was typed"


def test_closing_the_conversation_on_this_device_ends_it_too(alpha, phone, provider, row) -> None:
    knocked(phone, provider, row, alpha)
    page = text(phone.dance(provider, row, aim="see"))
    phone.post("/eid/open/", {"opens": hidden(page)["opens"]})
    proof = hidden(text(phone.get("/conversation/")))["proof"]
    phone.post("/conversation/", {"act": "leave", "proof": proof})
    assert phone.get("/eid/").status_code == 303


def test_what_waits_goes_with_the_knock_and_by_itself(alpha, phone, provider, row, clock) -> None:
    knocked(phone, provider, row, alpha)
    assert not Trip.objects.exists()
    phone.out(row, **said(alpha))
    assert operations.forget_trips(by=MACHINE) == 0
    clock.shift(timedelta(minutes=16))
    assert operations.forget_trips(by=MACHINE) == 1


def test_what_waits_is_closed_to_whoever_has_the_database(alpha, phone, row) -> None:
    phone.out(row, **said(alpha))
    trip = Trip.objects.get()
    for purpose in keys.PURPOSES:
        for key in keys.municipality_keys(purpose):
            with pytest.raises(keys.CannotOpen):
                trips.unseal(trip.pk, key, bytes(trip.sealed))


def test_too_many_on_their_way_or_too_much_and_the_door_stays_open(alpha, phone, row, monkeypatch) -> None:
    answer = phone.post("/eid/set-out/", {"provider": str(row.pk), **said(alpha, message="x" * 70_000)})
    assert answer.status_code == 503
    assert len(hidden(text(answer))["message"]) == 70_000
    monkeypatch.setattr(operations, "MOST_TRIPS", 0)
    answer = phone.post("/eid/set-out/", {"provider": str(row.pk), **said(alpha)})
    assert answer.status_code == 503
    assert phone.send(phone.post("/knock/", {**hidden(text(answer)), "name": ""})).status_code == 200


def test_what_was_sent_before_there_was_an_eid_reads_as_it_did() -> None:
    assert b"eid" not in Said().canonical()
    assert Said(eid=True).canonical() != Said().canonical()
