"""The next door on the page, in the API and in set-up: words are kept, nothing goes behind the student's back."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from kernel.actor import MACHINE
from services.contact import operations as contact
from services.contact.models import NextDoor
from services.contact.operations import Accepted
from services.nextdoor.models import DoorOrder
from tenants.presence import operations as presence
from tenants.setup import operations as setup
from tenants.setup.actors import today
from tests.cast import World
from tests.services.contact.people import knock, visitor
from tests.services.contact.test_handover import accept, another_counsellor, offer, row, taken, writes
from tests.services.contact.test_pages import hidden
from tests.services.nextdoor.people import breaks, says_yes

pytestmark = pytest.mark.django_db
ASK = "/conversation/next-door/"


@pytest.fixture
def late(alpha: World, clock: time_machine.Traveller) -> Accepted:
    accepted = knock(alpha)
    breaks(accepted, clock)
    return accepted


def opened(alpha: World, at: Any, accepted: Accepted) -> Client:
    client: Client = at(alpha.alpha, headers={"accept-language": "en"})
    client.post("/receipt/", {"receipt": accepted.receipt})
    return client


def read(client: Client) -> str:
    return client.get("/conversation/").content.decode()


def plain(page: str) -> str:
    """The words, without marks of direction or tags."""
    return re.sub(r"[\u2066-\u2069]|<[^>]*>", "", page)


def form(page: str) -> dict[str, str]:
    return {name: value for name, value in hidden(page).items() if name in ("proof", "once")}


def test_the_page_offers_the_next_door_and_says_what_follows(alpha: World, at: Any, late: Accepted) -> None:
    page = read(opened(alpha, at, late))
    assert "We are sorry." in page
    assert "Nothing is sent on without your yes." in page
    assert str(alpha.counsellor_role) in page
    assert "Counsellor, Solhaug" in page, "the school and the role"
    assert "Carl" in page, "and the person"
    assert "Yes, send it to them" in page
    assert "No, I wait here" in page
    assert "Knock anew instead" in page
    assert "I don't want contact after all" in page.replace("&#x27;", "'"), "and they may take it back"


def test_right_under_the_apology_stands_who_has_it_when_they_are_there_and_each_door_with_its_time(
    alpha: World, at: Any, late: Accepted, clock: time_machine.Traveller
) -> None:
    page = read(opened(alpha, at, late))
    words = plain(page)
    sorry, now = words.index("We are sorry."), words.index("has this now.")
    new, there = (
        words.index("We have no new time for you yet."),
        words.index("An adult who can answer is there today"),
    )
    asks, door = words.index("Do you want to ask somebody else?"), words.index("Counsellor, Solhaug")
    hears, waits = words.index("You hear from us by", door), words.index("No, I wait here")
    assert sorry < now < new < there < asks < door < hears < waits
    (first,) = re.findall(r'<details[^>]*id="id_role_0"[^>]*>', page)
    assert " open" not in first, "short until it is chosen"
    assert 'data-state="broken"' in page


def test_who_waits_reads_when_somebody_is_there_again(
    alpha: World, at: Any, late: Accepted, clock: time_machine.Traveller
) -> None:
    for account in ("nurse", "second_nurse"):
        presence.begin_absence(
            account_id=alpha.people[account],
            first_day=today(),
            last_day=today() + timedelta(days=1),
            by=MACHINE,
        )
    client = opened(alpha, at, late)
    client.post(ASK, {**form(read(client)), "act": "wait"})
    words = plain(read(client))
    assert "You wait here" in words
    assert "We have no new time for you yet. An adult who can answer is there Friday 18 September" in words


def test_no_person_is_named_before_the_yes_where_no_names_are_shown(
    alpha: World, at: Any, late: Accepted
) -> None:
    setup.change_look(show_names=False, by=MACHINE)
    page = read(opened(alpha, at, late))
    assert "Counsellor, Solhaug" in page
    assert "Carl" not in page


def test_a_door_of_several_says_that_whom_the_student_said_no_to_does_not_get_it(
    alpha: World, at: Any, clock: time_machine.Traveller
) -> None:
    another_counsellor(alpha)
    accepted = knock(alpha, not_them=[alpha.people["counsellor"]])
    breaks(accepted, clock)
    client = opened(alpha, at, accepted)
    assert "Carl Alfa does not get it." in read(client)
    said = {"data": {"receipt": accepted.receipt}, "content_type": "application/json"}
    (door,) = client.post("/api/v1/receipts/next-door", **said).json()["offered"]
    assert door["without"] == ["Carl Alfa"]
    setup.change_look(show_names=False, by=MACHINE)
    (door,) = client.post("/api/v1/receipts/next-door", **said).json()["offered"]
    assert door["without"] == [None]
    page = read(client)
    assert "Whom you said no to does not get it." in page
    assert "Carl" not in page


def test_where_the_only_adult_stepped_aside_the_page_says_that_somebody_is_found_by_when_and_not_who(
    alpha: World, at: Any, clock: time_machine.Traveller
) -> None:
    accepted = knock(alpha, role_id=alpha.counsellor_role)
    client = opened(alpha, at, accepted)
    nobody = "Nobody can answer you here just now"
    assert nobody not in read(client)
    contact.take(by=alpha.actor("counsellor"), request_id=accepted.request_id)
    contact.recuse(by=alpha.actor("counsellor"), request_id=accepted.request_id)
    page = read(client)
    panel = page.split(nobody)[1].split("</section>")[0]
    assert re.search(r"We are finding an adult for you.\s+You hear from us by \w", panel)
    assert 'href="/knock/"' in panel
    assert "Carl" not in panel
    said = {"data": {"receipt": accepted.receipt}, "content_type": "application/json"}
    assert client.post("/api/v1/receipts/next-door", **said).json()["nobody_there"] is True
    another_counsellor(alpha)
    assert nobody not in read(client)
    assert client.post("/api/v1/receipts/next-door", **said).json()["nobody_there"] is False


def test_a_promise_that_stands_says_nothing_of_other_doors(alpha: World, at: Any) -> None:
    assert "next-door-title" not in read(opened(alpha, at, knock(alpha)))


def test_a_yes_in_the_page_shows_the_new_promise_and_who_reads(alpha: World, at: Any, late: Accepted) -> None:
    client = opened(alpha, at, late)
    said = {**form(read(client)), "role": str(alpha.counsellor_role), "shares": "everything", "act": "ask"}
    for _again in range(2):  # a second click
        answer = client.post(ASK, said)
        assert (answer.status_code, answer["Location"]) == (303, "/conversation/#next-door")
    page = read(client)
    assert "You asked somebody else" in page
    assert "They read everything that is written here." in page
    assert "You hear from us by" in page
    assert "We are sorry." not in page
    assert NextDoor.objects.count() == 1


def test_only_from_now_on_asks_to_write_to_the_new_adult_until_they_have_something_to_read(
    alpha: World, at: Any, late: Accepted
) -> None:
    says_yes(alpha, late, shares="onward")
    client = opened(alpha, at, late)
    page = read(client)
    panel = page.split('id="next-door"')[1].split("</section>")[0]
    assert "Counsellor has not seen anything yet." in plain(panel)
    assert re.search(r'<a[^>]*href="#id_text"[^>]*>.*?Write to .*?Counsellor.*? now', panel, re.S)
    assert 'id="id_text"' in page
    assert "They read only what you wrote since then." not in panel
    contact.take(by=alpha.actor("counsellor"), request_id=late.request_id)
    assert "Carl has not seen anything yet." in plain(read(client))
    writes(late, "Hei Carl")
    page = read(client)
    assert "has not seen anything yet" not in page
    assert "They read only what you wrote since then." in page


def test_who_asked_the_next_door_reads_no_older_story_of_who_answers_now(
    alpha: World, at: Any, clock: time_machine.Traveller
) -> None:
    accepted = taken(alpha)
    accept(alpha, offer(alpha, accepted))
    contact.refuse_handover(by=visitor(accepted), request_id=accepted.request_id)
    client = opened(alpha, at, accepted)
    assert "You stay with the one who answers you now." in read(client)
    another_counsellor(alpha)
    breaks(accepted, clock)
    says_yes(alpha, accepted)
    client = opened(alpha, at, accepted)
    page = read(client)
    assert "You asked somebody else" in page
    assert "You said no to" not in page
    assert "You stay with the one who answers you now." not in page
    assert "You said no." in page, "who has answered stays on the page"


def test_a_mistake_is_named_and_no_word_is_lost(alpha: World, at: Any, late: Accepted) -> None:
    client = opened(alpha, at, late)
    answer = client.post(ASK, {**form(read(client)), "text": "Skjønner dere?", "act": "ask"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("Skjønner dere?") == 1
    assert 'href="#id_role_0"' in page
    assert 'id="id_role_0"' in page
    assert 'href="#id_shares_0"' in page
    assert 'id="id_shares_0"' in page
    assert re.search(r'<details[^>]* open [^>]*id="id_role_0"|<details[^>]* open id="id_role_0"', page), (
        "in sight"
    )


def test_what_was_chosen_of_the_second_door_comes_back_in_the_second(
    alpha: World, at: Any, late: Accepted
) -> None:
    third = setup.add_role(key="miljo", profession="other", names={"en": "Youth worker"}, by=MACHINE)
    setup.give_post(account_id=alpha.people["outsider"], role_id=third, school_id=alpha.school, by=MACHINE)
    client = opened(alpha, at, late)
    said = {**form(read(client)), "role": str(third), "text": "Skjønner dere?", "act": "ask"}
    page = client.post(ASK, said).content.decode()
    first, second = page.split('id="id_role-0"')[1].split('id="id_role_0"')
    assert f'value="{alpha.counsellor_role}"' in first
    assert "Skjønner dere?" not in first
    second = second.split("</details>")[0]
    assert f'value="{third}"' in second
    assert "Skjønner dere?" in second
    assert 'id="id_shares_0"' in second
    opens = re.findall(r"<details[^>]*id=\"(id_role[-_]\d)\"", page)
    assert opens == ["id_role-0", "id_role_0"]
    assert [one for one in re.findall(r"<details[^>]* open[^>]*>", page) if "id_role" in one] == [
        next(one for one in re.findall(r"<details[^>]*>", page) if "id_role_0" in one)
    ]
    ids = re.findall(r' id="([^"]+)"', page)
    assert [one for one in ids if ids.count(one) > 1] == [], "each control by itself"


def test_an_adult_who_answered_first_is_said_and_the_words_are_kept(
    alpha: World, at: Any, late: Accepted
) -> None:
    client = opened(alpha, at, late)
    said = {**form(read(client)), "role": str(alpha.counsellor_role), "shares": "onward", "text": "Hei Carl"}
    says_yes(alpha, late)
    answer = client.post(ASK, {**said, "role": str(alpha.nurse_role)})
    assert answer.status_code == 409
    assert "You have asked somebody else already." in answer.content.decode()
    assert "Hei Carl" in answer.content.decode()


def test_a_no_is_kept_and_the_page_is_calm(alpha: World, at: Any, late: Accepted) -> None:
    client = opened(alpha, at, late)
    assert client.post(ASK, {**form(read(client)), "act": "wait"}).status_code == 303
    page = read(client)
    assert "You wait here" in page
    assert "Ask somebody else after all" in page
    assert "No, I wait here" not in page
    assert row(late).role_id == alpha.nurse_role


@pytest.mark.parametrize("where", ["door", "writing"])
def test_who_waits_keeps_what_they_had_typed(alpha: World, at: Any, late: Accepted, where: str) -> None:
    """The button goes with the form that has the words: of the door that is open, else of the one for writing."""
    client = opened(alpha, at, late)
    page = read(client)
    assert re.search(
        r'form="writing" formaction="/conversation/next-door/#next-door"[^>]*><span>No, I wait here', page
    )
    assert re.search(r'<form[^>]* id="writing"', page)
    of_door = {"role": str(alpha.counsellor_role), "shares": "onward"}
    said = {**form(page), "act": "wait", "text": "no", **(of_door if where == "door" else {"was_open": "1"})}
    answer = client.post(ASK, said)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "You wait here" in page
    typed = dict(re.findall(r'<textarea[^>]* id="(\w+)"[^>]*>\n([^<]*)</textarea>', page))
    assert {name for name, value in typed.items() if value == "no"} == {
        {"door": "id_next_door_text", "writing": "id_text"}[where]
    }
    assert bool(re.search(r'<details[^>]* open[^>]*id="id_role_0"|id="id_role_0"[^>]* open', page)) == (
        where == "door"
    )
    assert row(late).role_id == alpha.nurse_role
    assert row(late).messages.count() == 1, "the knock, and nothing was said"


def test_another_sites_form_sends_nothing_on(alpha: World, at: Any, late: Accepted) -> None:
    client = opened(alpha, at, late)
    answer = client.post(ASK, {"role": str(alpha.counsellor_role), "shares": "everything", "act": "ask"})
    assert answer.status_code == 403
    assert not NextDoor.objects.exists()


def test_the_api_offers_asks_and_waits_by_the_code_alone(alpha: World, at: Any, late: Accepted) -> None:
    client = at(alpha.alpha, headers={"accept-language": "en"})

    def post(path: str, **body: Any) -> Any:
        given = {"receipt": late.receipt, **body}
        return client.post(f"/api/v1/receipts/next-door{path}", given, content_type="application/json")

    offered = post("").json()
    assert [(one["id"], one["without"]) for one in offered["offered"]] == [(str(alpha.counsellor_role), [])]
    assert offered["broken_due_at"]
    assert (offered["waits"], offered["asked"]) == (False, None)
    assert post("/wait").json()["waits"] is True
    assert post("/ask", role=str(alpha.counsellor_role)).status_code == 422
    asked = post("/ask", role=str(alpha.counsellor_role), shares="onward", text="Hei").json()
    assert asked["asked"]["shares"] == "onward"
    assert asked["offered"] == []
    assert post("/ask", role=str(alpha.counsellor_role), shares="onward").status_code == 200
    assert post("/ask", role=str(alpha.nurse_role), shares="onward").status_code == 409
    assert post("", receipt="0000-0000").status_code == 404


def test_an_administrator_sets_the_order_for_all_and_for_one_school(alpha: World, signed_in: Any) -> None:
    admin = signed_in("admin", "en")
    page = admin.get("/setup/next-doors/").content.decode()
    places = re.findall(r'name="(place-[^"]+)"', page)
    assert len(places) >= 2
    answer = admin.post("/setup/next-doors/", {places[0]: "2", places[1]: "1"})
    assert (answer.status_code, answer["Location"]) == (302, "/setup/next-doors/")
    again = re.findall(r'name="(place-[^"]+)"', admin.get("/setup/next-doors/").content.decode())
    assert again[:2] == [places[1], places[0]]
    own = f"/setup/next-doors/{alpha.school}/"
    assert "goes by the order for all schools" in admin.get(own).content.decode()
    admin.post(own, {places[0]: "never", places[1]: "1"})
    page = admin.get(own).content.decode()
    assert "Use the order for all schools" in page
    assert re.findall(r'name="(place-[^"]+)"', page)[-1] == places[0], "what is never offered stands last"
    admin.post(own, {"act": "forget"})
    assert list(DoorOrder.objects.values_list("school_id", flat=True)) == [None]
