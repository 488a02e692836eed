"""What somebody tries who wants to read another's conversation, or theirs written into. None of it opens anything."""

from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from kernel.actor import student
from kernel.crypto import keys
from kernel.errors import Conflict, NotFound
from kernel.people.identity import students
from kernel.people.models import IdentityProvider
from kernel.tenancy import inside
from services.contact.models import ContactRequest
from services.eid import operations, trips
from services.eid.models import Binding, Trip
from tests.cast import World
from tests.kernel.people.identity.conftest import asked, linked, set_up
from tests.services.contact.test_pages import asks, hidden
from tests.services.eid.conftest import OLA, WORDS, Phone, path_of, phone_of, said
from tests.services.eid.test_knocking import knocked
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def nobody(phone: Phone) -> bool:
    """Whether this browser has shown itself to be nobody."""
    return phone.get("/eid/").status_code == 303


@pytest.fixture
def mallory(alpha: World) -> Phone:
    return phone_of(alpha.alpha)


def test_an_answer_that_another_browser_began_shows_nobody(alpha, phone, provider, row, mallory) -> None:
    """Login CSRF: a victim led to the attacker's answer would write into the attacker's list."""
    brought = provider.authorize(mallory.out(row, aim="see"))
    answer = phone.back(row, brought)
    assert answer.status_code == 403
    assert nobody(phone)
    assert "Kari" not in text(answer)
    phone.out(row, **said(alpha))  # also while the victim is on their own way
    assert phone.back(row, brought).status_code == 403
    assert nobody(phone)
    assert "You are Kari Nordmann" in text(mallory.back(row, brought)), "the code was not used up by it"


def test_a_swapped_answer_leaves_what_waits_as_it_was(alpha, phone, provider, row) -> None:
    brought = provider.authorize(phone.out(row, **said(alpha)))
    wrong = {**brought, "state": brought["state"].partition(".")[0] + ".guessed"}
    assert phone.back(row, wrong).status_code == 403
    assert hidden(text(phone.back(row, brought)))["message"] == WORDS


def test_a_code_injected_into_ones_own_trip_shows_nobody(alpha, phone, provider, row, mallory) -> None:
    """PKCE and nonce: Kari's code in Mallory's trip, and Mallory's in Kari's."""
    karis = provider.authorize(phone.out(row, aim="see"))
    state = provider.authorize(mallory.out(row, aim="see"))["state"]
    answer = mallory.back(row, {"code": karis["code"], "state": state})
    assert "Kari" not in text(answer)
    assert nobody(mallory)


def test_a_nonce_of_another_trip_shows_nobody(alpha, phone, provider, row) -> None:
    provider.lie = lambda claims: claims.update(nonce="of-another-trip")
    page = text(phone.dance(provider, row, **said(alpha)))
    assert asks(page) == "name"
    assert hidden(page)["message"] == WORDS
    assert nobody(phone)


def test_an_answer_that_comes_twice_is_one_and_its_code_is_used_once(alpha, phone, provider, row) -> None:
    brought = provider.authorize(phone.out(row, **said(alpha)))
    first = text(phone.back(row, brought))
    redeemed = len(provider.asked)
    again = text(phone.back(row, brought))
    assert len(provider.asked) == redeemed
    assert hidden(first)["eid"] == hidden(again)["eid"]
    assert "Kari Nordmann, confirmed by BankID" in again


def test_back_from_the_provider_finds_what_was_typed(alpha, phone, row) -> None:
    """The browser's own Back: to the page that led away, or to the first question."""
    phone.out(row, **said(alpha))
    page = text(phone.get("/knock/"))
    assert "Go on where you were" in page
    waiting = phone.get("/eid/set-out/")
    assert waiting.status_code == 303
    kept = text(phone.get(waiting.headers["Location"]))
    assert asks(kept) == "name"
    assert hidden(kept)["message"] == WORDS
    assert "Go on where you were" not in text(phone_of(alpha.alpha).get("/knock/"))


def test_two_tabs_do_not_disturb_each_other(alpha, phone, provider, row) -> None:
    one = provider.authorize(phone.out(row, **said(alpha, message="First tab")))
    two = provider.authorize(phone.out(row, **said(alpha, message="Second tab")))
    second, first = phone.back(row, two), phone.back(row, one)
    assert hidden(text(first))["message"] == "First tab"
    assert hidden(text(second))["message"] == "Second tab"
    assert phone.send(first).status_code == 200
    late = phone.send(second)  # the mark of the tab before: they are asked once more, and nothing is lost
    assert late.status_code == 422
    assert hidden(text(late))["message"] == "Second tab"


def test_another_provider_of_the_same_municipality_cannot_answer_for_it(alpha, phone, provider, row) -> None:
    with inside(alpha.alpha):
        other = set_up(provider, alpha.alpha, alpha, on=False, name="Other", purpose="students")
    brought = provider.authorize(phone.out(row, aim="see"))
    assert phone.back(other, brought).status_code == 403
    assert nobody(phone)
    answer = phone.get(f"/sign-in/with/{row.pk}/back/", {**brought, "iss": "http://other.localhost"})
    assert nobody(phone)
    assert answer.status_code == 303


def test_another_municipalitys_answer_ticket_and_visit_are_worth_nothing(alpha, phone, provider, row) -> None:
    there = set_up(provider, alpha.beta, alpha, name="BankID", purpose="students", two_factor_acr=[])
    theirs = phone_of(alpha.beta)
    with inside(alpha.beta):
        brought = provider.authorize(theirs.out(there, aim="see"))
        theirs.back(there, brought)
        assert not nobody(theirs)
    for name in ("eid", "eid-way"):
        phone.cookies[name] = theirs.cookies[name].value
    assert nobody(phone)
    assert phone.back(row, brought).status_code == 403
    assert phone.get(f"/sign-in/with/{there.pk}/back/", brought).status_code == 404


def test_a_state_of_staff_shows_no_student_and_a_students_no_staff(alpha, phone, provider, row) -> None:
    staff = set_up(provider, alpha.alpha, alpha, name="Feide")
    linked(alpha, staff)
    brought = provider.authorize(phone.out(row, aim="see"))
    assert phone.back(staff, brought).status_code == 403
    assert phone.get("/account/").status_code == 302
    answer = phone.post("/eid/set-out/", {"provider": str(staff.pk), "aim": "see"})
    assert answer.status_code == 422, "a provider of staff is none a student may name"
    desk = Client(SERVER_NAME="alfa.localhost")
    sign_in(desk, alpha.account("nurse"))
    assert desk.get(f"/sign-in/with/{row.pk}/back/", brought).status_code == 403
    assert desk.get("/eid/").status_code == 303


def test_the_same_sub_of_another_issuer_is_another_person(alpha, phone, provider, row) -> None:
    request = knocked(phone, provider, row, alpha)
    IdentityProvider.objects.filter(pk=row.pk).update(issuer=f"{provider.issuer}/other")
    row.refresh_from_db()
    cache.clear()
    made = provider.document("/.well-known/openid-configuration")[1] | {"issuer": row.issuer}
    provider.documents["/other/.well-known/openid-configuration"] = (200, made, {})
    provider.lie = lambda claims: claims.update(iss=row.issuer)
    page = text(phone_of(alpha.alpha).dance(provider, row, aim="see"))
    assert "You are Kari Nordmann" in page
    assert request.case_number not in page


def test_a_visit_set_from_outside_does_not_name_a_knock(alpha, phone, provider, row, mallory) -> None:
    """Session fixation: with Mallory's cookie in it, Kari's page still carries no mark of Mallory's."""
    provider.behave(**OLA)
    mallory.dance(provider, row, aim="see")
    phone.cookies["eid"] = mallory.cookies["eid"].value
    check = phone.post("/knock/", said(alpha))
    assert "Ola Hansen" not in text(check)
    phone.send(check)
    assert ContactRequest.objects.get().name is None
    assert not Binding.objects.exists()


def test_a_mark_without_its_browser_names_nobody(alpha, phone, provider, row, mallory) -> None:
    """A page of Mallory's laid before somebody: sent from another browser it is nobody's."""
    check = hidden(text(mallory.dance(provider, row, **said(alpha))))
    page = phone.post("/knock/", {**check, "step": "check"})
    assert page.status_code == 422
    assert not ContactRequest.objects.exists()
    guessed = mallory.post("/knock/", {**check, "eid": "guessed", "step": "check"})
    assert guessed.status_code == 422
    assert not Binding.objects.exists()


def test_whoever_has_the_device_next_knocks_as_nobody(alpha, phone, provider, row) -> None:
    knocked(phone, provider, row, alpha)
    check = phone.post("/knock/", said(alpha, message="Another student"))
    assert "Kari" not in text(check)
    phone.send(check)
    assert Binding.objects.count() == 1
    assert ContactRequest.objects.filter(name__isnull=True).count() == 1


def test_nothing_opens_what_is_another_persons(alpha, phone, provider, row, mallory) -> None:
    request = knocked(phone, provider, row, alpha)
    opens = hidden(text(phone.dance(provider, row, aim="see")))["opens"]
    provider.behave(**OLA)
    mallory.dance(provider, row, aim="see")
    assert path_of(mallory.post("/eid/open/", {"opens": opens})) == "/eid/"
    assert "visit" not in mallory.cookies
    assert path_of(mallory.post("/eid/open/", {"opens": str(request.pk)})) == "/eid/"
    with pytest.raises(NotFound):
        operations.enter(by=student(None), who=b"0" * 32, request_id=request.pk)


def test_another_sites_page_sets_nobody_out_opens_nothing_and_tells_nothing(
    alpha, phone, provider, row
) -> None:
    knocked(phone, provider, row, alpha)
    for path in ("/eid/set-out/", "/eid/open/", "/eid/tell/", "/eid/leave/"):
        answer = phone.post(path, {"provider": str(row.pk)}, headers={"sec-fetch-site": "cross-site"})
        assert answer.status_code == 403, path
    assert not nobody(phone)


@pytest.mark.parametrize("name", ["next", "redirect_uri", "return_to", "t", "url"])
def test_no_address_leads_away(alpha, phone, provider, row, name) -> None:
    """Open redirect: where one comes back to is decided here."""
    there = phone.out(row, **said(alpha), **({name: "https://evil.example/"} if name != "t" else {}))
    assert "evil.example" not in there
    assert asked(there)["redirect_uri"] == f"http://alfa.localhost/sign-in/with/{row.pk}/back/"
    brought = provider.authorize(there)
    answer = phone.get(f"/sign-in/with/{row.pk}/back/", {**brought, name: "https://evil.example/"})
    assert path_of(answer) == "/eid/arrived/"
    assert "evil" not in answer.headers["Location"]


def test_what_is_asked_for_cannot_be_changed_from_the_address(alpha, phone, row) -> None:
    there = asked(phone.out(row, scope="openid pid", acr_values="low", prompt="none", **said(alpha)))
    assert (there["scope"], there["prompt"]) == ("openid profile", "login")
    assert "acr_values" not in there


def test_no_page_of_it_is_kept_or_says_where_one_was(alpha, phone, provider, row) -> None:
    brought = provider.authorize(phone.out(row, **said(alpha)))
    answer = phone.get(f"/sign-in/with/{row.pk}/back/", brought)
    arrived = phone.get(answer.headers["Location"])
    for one in (answer, arrived, phone.get("/eid/"), phone.get("/eid/set-out/")):
        assert "no-store" in one.headers["Cache-Control"]
        assert one.headers["Referrer-Policy"] == "no-referrer"
        assert "staff" not in one.cookies
    for name in ("eid", "eid-way"):
        made = phone.cookies[name]
        assert made["httponly"]
        assert not made["max-age"], "gone with the browser"
        assert not made["expires"]
    assert (phone.cookies["eid"]["samesite"], phone.cookies["eid-way"]["samesite"]) == ("Strict", "Lax")
    assert "Kari" not in phone.cookies["eid"].value
    assert "Kari" not in answer.headers["Location"]


def test_a_ticket_opens_its_own_trip_alone(alpha, phone, row, mallory) -> None:
    phone.out(row, **said(alpha))
    mallory.out(row, **said(alpha, message="Mallory's"))
    one, two = Trip.objects.all()
    for box in (bytes(one.sealed), bytes(two.sealed)):
        with pytest.raises(keys.CannotOpen):
            trips.unseal(one.pk, b"0" * 32, box)
    Trip.objects.filter(pk=one.pk).update(sealed=bytes(two.sealed))
    Trip.objects.filter(pk=two.pk).update(sealed=bytes(one.sealed))
    assert phone.get(phone.get("/eid/set-out/").headers["Location"]).status_code == 403


def test_a_slow_answer_is_waited_for_once(alpha, phone, provider, row, monkeypatch) -> None:
    """Pressed again while the provider is being asked: the first answer counts, and what was typed is there."""
    brought = provider.authorize(phone.out(row, **said(alpha)))
    seen: list[str] = []
    ask = students.shown

    def slowly(*args: Any, **more: Any) -> Any:
        seen.append(asks(text(phone_again(phone).back(row, brought))))
        return ask(*args, **more)

    monkeypatch.setattr(students, "shown", slowly)
    page = text(phone.back(row, brought))
    assert seen == ["name"]
    assert "Kari Nordmann, confirmed by BankID" in page


def phone_again(phone: Phone) -> Phone:
    """The same browser, in another request."""
    made = Phone(SERVER_NAME="alfa.localhost", headers={"accept-language": "en"})
    made.cookies = phone.cookies.copy()
    return made


def test_somebody_elses_conversation_is_not_taken_over_by_telling(alpha, phone, provider, row) -> None:
    request = knocked(phone, provider, row, alpha)
    with pytest.raises(Conflict):
        operations.tell(
            by=student(request.pk), request_id=request.pk, name="Ola", who=b"1" * 32, provider_id=row.pk
        )
