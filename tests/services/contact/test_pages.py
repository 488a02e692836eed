"""Nothing is stored before it is sent, nothing typed is lost, a code is never in an address."""

import dataclasses
import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.test import Client

from kernel.actor import MACHINE, student
from kernel.audit.models import ReadEntry
from kernel.audit.operations import reading
from kernel.tenancy import directory, inside
from services.contact import operations
from services.contact.models import ContactRequest
from services.promises.sweep import break_due
from tenants.setup import operations as setup
from tenants.setup.models import Post
from tests.cast import World
from tests.services.contact.people import SECRET, TUESDAY, knock, reach_and_close


@pytest.fixture
def clock(world: World) -> Iterator[time_machine.Traveller]:
    """Tuesday morning, standing; posts were given long ago. Not inside: a page enters by its host."""
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        for ref in (world.alpha, world.beta):
            with inside(ref):
                Post.objects.update(starts_on=date(2020, 1, 1))
        yield traveller


@pytest.fixture
def phone(world: World, clock: object, at: Any) -> Client:
    """A browser at alfa's door that keeps the CSRF rules of Django."""
    return at(world.alpha, enforce_csrf_checks=True, headers={"accept-language": "en"})


def answers(world: World, **more: str) -> dict[str, str]:
    given = {
        "school": str(world.school),
        "role": str(world.nurse_role),
        "channel": "conversation",
        "message": SECRET,
        "language": "en",
    }
    return {**given, **more}


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found if name != "next"}


def asks(page: str) -> str:
    """The step a journey page asks for."""
    return hidden(page).get("step", "")


def send(phone: Client, world: World, **more: str) -> Any:
    """From the check page to whatever comes."""
    check = phone.post("/knock/", {**answers(world, **more), "step": "name"})
    return phone.post("/knock/", {**hidden(check.content.decode()), "step": "check"})


def code_in(page: str) -> str:
    found = re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z][^<\s\"]", page)
    assert found, page
    return unescape(found.group(0))


PAGES = ("/", "/who/", "/privacy/", "/accessibility/", "/knock/", "/receipt/")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_leaves_no_trace_and_sets_no_cookie(phone: Client, path: str) -> None:
    response = phone.get(path)
    assert response.status_code == 200
    assert not response.cookies
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "unsafe" not in response["Content-Security-Policy"]
    page = response.content.decode()
    assert "<title>Alfa kommune</title>" in page
    assert not re.search(r'\sstyle="|<style|<script>|\son[a-z]+="', page)


def test_the_first_screen_stands_in_its_order(phone: Client) -> None:
    page = phone.get("/").content.decode()
    order = [
        "<h1>", 'id="knock"', "promise-text", "You don't have to say who you are.", "I have a code", "tel:116111",
        'class="person"', "Who can read what I write?", 'href="/exit/"',
    ]  # fmt: skip
    places = [page.index(part) for part in order]
    assert places == sorted(places)


def test_the_promise_on_the_first_screen_is_true_whoever_is_chosen(
    world: World, phone: Client, clock: time_machine.Traveller
) -> None:
    with inside(world.alpha):
        setup.set_guarantee(
            school_id=None, role_id=world.counsellor_role, kind="working_days", amount=9, by=MACHINE
        )
        dues = [
            operations.knock(
                by=student(None), idempotency_key=f"{n:032}", school_id=world.school, role_id=role,
                channel_kind="conversation",
            ).due_at
            for n, role in enumerate((world.nurse_role, world.counsellor_role))
        ]  # fmt: skip
    page = phone.get("/").content.decode()
    assert min(dues).isoformat() in page  # the nurse's, and said to be hers
    assert "Knock now: " in page
    assert max(dues).isoformat() not in page


def test_the_journey_asks_one_thing_a_page_and_carries_every_answer(world: World, phone: Client) -> None:
    page = phone.get("/knock/").content.decode()
    typed = {
        "school": {"school": str(world.school)},
        "who": {"role": str(world.nurse_role)},
        "how": {"channel": "phone"},
        "reach": {"channel_value": " 99 88 77 66", "preferred_times": "etter gym"},
        "about": {"message": 'Linje 1\r\nLinje "2" <b>'},
        "name": {"name": "Ida"},
    }
    walked = []
    while asks(page) != "check":
        walked.append(asks(page))
        page = phone.post("/knock/", {**hidden(page), **typed[asks(page)]}).content.decode()
    assert walked == list(typed)
    carried = hidden(page)
    for said in typed.values():
        assert said.items() <= carried.items()
    with inside(world.alpha):
        assert ContactRequest.objects.count() == 0


def test_the_first_submit_button_of_a_question_says_nothing_so_that_enter_means_next(phone: Client) -> None:
    page = phone.get("/knock/").content.decode()
    owned = page[page.index('form="journey"') - 40 :]
    first = re.search(r"<button[^>]*>", owned)
    assert first
    assert "name=" not in first.group(0)
    assert page.index("hidden></button>") < page.index('name="speak"')


def test_enter_in_the_search_field_searches(world: World, phone: Client) -> None:
    page = phone.post("/knock/", {"step": "school", "words": "fjell"}).content.decode()
    assert "Fjellvang skole Alfa" in page
    assert "Solhaug skole Alfa" not in page


def test_what_is_not_needed_is_not_asked(world: World, phone: Client) -> None:
    page = phone.post("/knock/", {"step": "school", "school": str(world.other_school)}).content.decode()
    assert asks(page) == "how"
    page = phone.post("/knock/", {**hidden(page), "channel": "conversation"}).content.decode()
    assert asks(page) == "about"


@pytest.mark.parametrize(
    ("step", "bad"),
    [
        ("school", {"school": ""}),
        ("who", {"role": ""}),
        ("how", {"channel": ""}),
        ("reach", {"channel": "phone", "channel_value": "call"}),
        ("about", {"message": "x" * 100_000}),
        ("name", {"name": "x" * 300}),
    ],
)
def test_an_error_keeps_everything_and_leads_to_the_field(
    world: World, phone: Client, step: str, bad: dict[str, str]
) -> None:
    said = answers(world, **{**({"channel_value": "12345678"} if step != "reach" else {}), **bad})
    response = phone.post("/knock/", {**said, "step": step})
    page = response.content.decode()
    assert response.status_code == 422
    assert asks(page) == step
    field, value = list(bad.items())[-1]
    assert f'href="#id_{field}' in page
    assert value in unescape(page)
    carried = hidden(page)
    on_the_page = [name for name in said if name not in carried]
    assert all(carried.get(name, text) == text for name, text in said.items())
    assert all(said[name] in unescape(page) for name in on_the_page)


def test_back_and_change_keep_everything_and_return_to_the_check_page(world: World, phone: Client) -> None:
    check = phone.post("/knock/", {**answers(world), "step": "name"}).content.decode()
    how = phone.post("/knock/", {**hidden(check), "go": "how"}).content.decode()
    assert asks(how) == "how"
    assert hidden(how)["message"] == SECRET
    reach = phone.post("/knock/", {**hidden(how), "channel": "phone"}).content.decode()
    assert asks(reach) == "reach"
    again = phone.post("/knock/", {**hidden(reach), "channel_value": "99887766"}).content.decode()
    assert asks(again) == "check"
    assert hidden(again)["key"] == hidden(check)["key"]


def test_the_language_changes_in_mid_journey_without_losing_a_word(world: World, phone: Client) -> None:
    page = phone.post("/knock/", {**answers(world), "step": "about", "speak": "nb"})
    text = page.content.decode()
    assert page["Content-Language"] == "nb"
    assert SECRET in unescape(text)
    assert 'lang="nb"' in text
    assert phone.cookies["lang"].value == "nb"


def test_sending_twice_shows_the_same_receipt_and_stores_one_request(world: World, phone: Client) -> None:
    check = phone.post("/knock/", {**answers(world), "step": "name"})
    form = {**hidden(check.content.decode()), "step": "check"}
    first, second = phone.post("/knock/", form), phone.post("/knock/", form)
    assert first.status_code == second.status_code == 200
    assert code_in(first.content.decode()) == code_in(second.content.decode())
    with inside(world.alpha):
        assert ContactRequest.objects.count() == 1
    assert not phone.cookies


def test_a_stale_form_with_other_words_is_not_sent_and_may_be_sent_again(world: World, phone: Client) -> None:
    check = phone.post("/knock/", {**answers(world), "step": "name"})
    form = {**hidden(check.content.decode()), "step": "check"}
    phone.post("/knock/", form)
    response = phone.post("/knock/", {**form, "message": "Noe annet"})
    page = response.content.decode()
    assert response.status_code == 409
    assert hidden(page)["message"] == "Noe annet"
    assert hidden(page)["key"] != form["key"]
    assert phone.post("/knock/", {**hidden(page), "step": "check"}).status_code == 200


def test_the_code_opens_the_conversation_from_any_device_and_is_in_no_address(
    world: World, phone: Client, at: Any
) -> None:
    receipt = code_in(send(phone, world).content.decode())
    other = at(world.alpha, enforce_csrf_checks=True)
    opened = other.post("/receipt/", {"receipt": receipt.lower().replace("-", " ")})
    assert (opened.status_code, opened["Location"]) == (303, "/conversation/")
    cookie = other.cookies["visit"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Strict", "")
    assert receipt[:5] not in cookie.value
    assert SECRET in unescape(other.get("/conversation/").content.decode())


@pytest.mark.parametrize("typed", ["", "0000", "x" * 5000, "\x00", "å" * 27, "ABCDE-" * 5 + "FG"])
def test_every_wrong_code_gets_the_same_answer(world: World, phone: Client, typed: str) -> None:
    response = phone.post("/receipt/", {"receipt": typed})
    assert response.status_code == 404
    assert "visit" not in phone.cookies
    strip = re.compile(r'value="[^"]*"')
    blank = phone.post("/receipt/", {"receipt": ""}).content.decode()
    assert strip.sub("", response.content.decode()) == strip.sub("", blank)


def test_another_municipalitys_code_and_cookie_open_nothing(world: World, phone: Client, at: Any) -> None:
    receipt = code_in(send(phone, world).content.decode())
    beta = at(world.beta)
    assert beta.post("/receipt/", {"receipt": receipt}).status_code == 404
    phone.post("/receipt/", {"receipt": receipt})
    beta.cookies["visit"] = phone.cookies["visit"].value
    assert beta.get("/conversation/")["Location"].startswith("/receipt/")


def opened(phone: Client, world: World) -> UUID:
    """The open conversation in this browser."""
    receipt = code_in(send(phone, world).content.decode())
    phone.post("/receipt/", {"receipt": receipt})
    with inside(world.alpha):
        return ContactRequest.objects.get().pk


def test_the_visit_ends_after_20_idle_minutes_and_slides_while_it_is_used(
    world: World, phone: Client, clock: time_machine.Traveller
) -> None:
    opened(phone, world)
    for _ in range(3):
        clock.shift(timedelta(minutes=19))
        assert phone.get("/conversation/").status_code == 200
    clock.shift(timedelta(minutes=21))
    assert phone.get("/conversation/")["Location"].startswith("/receipt/")


def test_a_tampered_cookie_opens_nothing(world: World, phone: Client) -> None:
    opened(phone, world)
    good = phone.cookies["visit"].value
    for bad in (good[:-2] + "AA", "A" * len(good), "", "x" * 5000, "%%%"):
        phone.cookies["visit"] = bad
        assert phone.get("/conversation/").status_code == 303


def test_student_and_helper_write_to_each_other(world: World, phone: Client) -> None:
    case = opened(phone, world)
    with inside(world.alpha):
        operations.reply(by=world.actor("nurse"), request_id=case, text="Kom til rom 112.")
    page = phone.get("/conversation/").content.decode()
    assert "Kom til rom 112." in page
    assert "We answered you" in page
    sent = phone.post("/conversation/", {"proof": hidden(page)["proof"], "act": "message", "text": "Takk!"})
    assert sent.status_code == 303
    with inside(world.alpha):
        lines = operations.read_conversation(by=world.actor("nurse"), request_id=case).lines
    assert [line.text for line in lines] == [SECRET, "Kom til rom 112.", "Takk!"]


def test_every_page_view_of_the_conversation_is_a_row_in_the_read_log(world: World, phone: Client) -> None:
    opened(phone, world)
    phone.get("/conversation/")
    phone.get("/conversation/")
    with inside(world.alpha):
        assert ReadEntry.objects.filter(actor_kind="student").count() == 2


def test_the_student_sees_which_role_has_read_and_when(world: World, phone: Client) -> None:
    case = opened(phone, world)
    assert "Nobody has read it yet." in phone.get("/conversation/").content.decode()
    with inside(world.alpha):
        operations.read_conversation(by=world.actor("nurse"), request_id=case)
        operations.read_conversation(by=world.actor("nurse"), request_id=case)
    page = phone.get("/conversation/").content.decode()
    said, often = page.split("How often it was opened")
    assert re.search(
        r"<li>[^<]*(Helsesykepleier|School nurse)[^<]* read it <time[^>]*>today</time>[^<]*<", said
    )
    assert "read 2 times" not in said, "nobody is counted before they ask"
    assert "read 2 times" in often, "and nothing is kept from who does"


def test_a_broken_promise_is_said_before_and_after_the_sweep(
    world: World, phone: Client, clock: time_machine.Traveller
) -> None:
    with inside(world.alpha):
        accepted = knock(world)
    clock.move_to(accepted.due_at + timedelta(seconds=1))
    phone.post("/receipt/", {"receipt": accepted.receipt})
    before = phone.get("/conversation/").content.decode()
    assert break_due().marked == 1
    after = phone.get("/conversation/").content.decode()
    for page in (before, after):
        assert "We are sorry." in page
        assert "Knock anew instead" in page


def test_withdrawing_asks_once_and_tells_what_follows(world: World, phone: Client) -> None:
    opened(phone, world)
    proof = hidden(phone.get("/conversation/withdraw/").content.decode())["proof"]
    phone.post("/conversation/withdraw/", {"proof": proof})
    assert "You took back your knock." in phone.get("/conversation/").content.decode()


def test_i_still_need_help_opens_a_closed_conversation_again(world: World, phone: Client) -> None:
    case = opened(phone, world)
    with inside(world.alpha):
        reach_and_close(by=world.actor("nurse"), request_id=case, outcome="helped")
    proof = hidden(phone.get("/conversation/").content.decode())["proof"]
    phone.post("/conversation/", {"proof": proof, "act": "reopen", "text": ""})
    with inside(world.alpha):
        assert ContactRequest.objects.get().state == "waiting"


def test_thanks_are_thanked_for_and_nothing_opens_again(world: World, phone: Client) -> None:
    case = opened(phone, world)
    with inside(world.alpha):
        reach_and_close(by=world.actor("nurse"), request_id=case, outcome="helped")
    proof = hidden(phone.get("/conversation/").content.decode())["proof"]
    sent = phone.post("/conversation/", {"proof": proof, "act": "message", "text": "Takk!"})
    page = phone.get(sent["Location"]).content.decode()
    assert "Thank you for telling us." in page
    assert 'data-variant="primary"' not in page, "nothing is left to do"


def test_closing_says_so_and_back_does_not_say_that_it_closed_by_itself(world: World, phone: Client) -> None:
    opened(phone, world)
    proof = hidden(phone.get("/conversation/").content.decode())["proof"]
    left = phone.post("/conversation/", {"proof": proof, "act": "leave"})
    assert "The conversation is closed on this device" in phone.get(left["Location"]).content.decode()
    back = phone.get(phone.get("/conversation/")["Location"]).content.decode()
    assert "by itself" not in back


@pytest.mark.parametrize("path", ["/knock/", "/receipt/", "/language/", "/exit/"])
@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "http://beta.localhost"},
    ],
)
def test_a_form_on_another_site_is_refused(phone: Client, path: str, headers: dict[str, str]) -> None:
    assert phone.post(path, {"step": "school"}, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [{}, {"sec-fetch-site": "same-origin"}, {"origin": "null"}, {"origin": "http://alfa.localhost"}],
)
def test_our_own_form_is_accepted_from_old_and_new_browsers(
    world: World, phone: Client, headers: dict[str, str]
) -> None:
    assert phone.post("/knock/", {**answers(world), "step": "name"}, headers=headers).status_code == 200


@pytest.mark.parametrize("proof", ["", "forged", "old"])
def test_the_cookie_alone_writes_nothing(world: World, phone: Client, proof: str, at: Any) -> None:
    opened(phone, world)
    for path, status in (("/conversation/", 409), ("/conversation/withdraw/", 403)):
        response = phone.post(path, {"proof": proof, "act": "message", "text": "Forfalsket"})
        assert response.status_code == status
    assert "Forfalsket" not in phone.get("/conversation/").content.decode()
    with inside(world.alpha):
        assert ContactRequest.objects.get().state == "waiting"


def test_the_proof_of_one_conversation_writes_into_no_other(world: World, phone: Client, at: Any) -> None:
    other = at(world.alpha)
    other.post("/receipt/", {"receipt": code_in(send(phone, world).content.decode())})
    theirs = hidden(other.get("/conversation/").content.decode())["proof"]
    phone.post("/receipt/", {"receipt": code_in(send(phone, world).content.decode())})
    said = {"proof": theirs, "act": "message", "text": "Forfalsket"}
    assert phone.post("/conversation/", said).status_code == 409
    assert "Forfalsket" not in phone.get("/conversation/").content.decode()
    assert "Forfalsket" not in other.get("/conversation/").content.decode()


def test_quick_exit_forgets_the_visit_and_leads_to_a_neutral_page(world: World, phone: Client) -> None:
    opened(phone, world)
    response = phone.get("/exit/")
    assert response.status_code == 302
    assert response["Location"].startswith("https://")
    assert "alfa" not in response["Location"]
    assert response["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert response.cookies["visit"]["max-age"] == 0


@pytest.mark.parametrize(
    ("given", "leads_to"),
    [("/who/", "/who/"), ("https://evil.example/", "/"), ("//evil.example", "/"), ("\\\\evil", "/")],
)
def test_a_language_is_remembered_and_leads_back_only_to_us(phone: Client, given: str, leads_to: str) -> None:
    response = phone.post("/language/", {"language": "nb", "next": given})
    assert response["Location"] == leads_to
    assert phone.get("/")["Content-Language"] == "nb"
    assert phone.post("/language/", {"language": "xx", "next": "/"}).cookies == {}


def test_a_rehearsal_says_on_every_page_that_nobody_real_answers(
    world: World, clock: object, at: Any
) -> None:
    known = directory.directory()
    rehearsing = dataclasses.replace(world.alpha, state="rehearsal")
    directory._known = directory.Directory(
        known.version,
        tuple(rehearsing if one.id == rehearsing.id else one for one in known.municipalities),
        known.own_domains,
    )
    client = at(world.alpha, headers={"accept-language": "en"})
    client.post("/", {"helping": "1"})
    for path in ("/", "/knock/", "/receipt/"):
        assert "This is a rehearsal" in client.get(path).content.decode()


def test_reads_of_one_day_by_one_role_are_one_line_and_how_often_for_each_reason_is_there_for_who_asks(
    world: World, phone: Client, clock: time_machine.Traveller
) -> None:
    with inside(world.alpha):
        accepted = knock(world)
        case, nora, signe = accepted.request_id, world.actor("nurse"), world.actor("second_nurse")
        for reader in (nora, nora, signe):
            operations.read_conversation(by=reader, request_id=case)
        clock.shift(timedelta(minutes=5))
        operations.take(by=nora, request_id=case)
        operations.read_conversation(by=nora, request_id=case)
        clock.shift(timedelta(days=1))
        operations.read_conversation(by=nora, request_id=case)
    assert phone.post("/receipt/", {"receipt": accepted.receipt}).status_code == 303
    page = phone.get("/conversation/").content.decode()
    readers = page[page.index("Who has read this") :]
    plain = [re.sub(r"[\u2066-\u2069]|<[^>]+>", "", one) for one in re.findall(r"<li>(.*?)</li>", readers)]
    lines = [" ".join(one.split()) for one in plain]
    assert lines[:5] == [
        "School nurse read it today: to answer you.",
        "School nurse read it yesterday: to answer you, before taking it on.",
        "School nurse, today, to answer you: read 1 time",
        "School nurse, yesterday, to answer you: read 1 time",
        "School nurse, yesterday, before taking it on: read 3 times",
    ]


def test_a_reason_without_words_of_its_own_is_told_all_the_same(world: World, phone: Client) -> None:
    case = opened(phone, world)
    with inside(world.alpha):
        request = ContactRequest.objects.get(pk=case)
        reading(by=world.actor("nurse"), case_key_id=request.case_key_id, what="conversation", why="new one")
    assert "for another reason" in phone.get("/conversation/").content.decode()
