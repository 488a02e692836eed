"""The simple door: three pictures lead to the same knock, the same promise and the same receipt."""

import re
from html import unescape

import pytest

from kernel.actor import MACHINE
from services.contact import operations
from services.contact.models import ContactRequest
from services.contact.operations import open_by_receipt, read_conversation
from services.contact.views import simple
from tenants.setup import operations as setup
from tenants.setup.operations.schools import is_for_the_youngest
from tests.cast import World
from tests.services.contact.people import knock
from tests.services.contact.test_nobody_here import all_away

WORDS = "They took my cap and laughed <b>"


@pytest.fixture
def young(alpha: World) -> World:
    setup.rename_school(school_id=alpha.school, name="Solhaug skole Alfa", simple_door=True, by=MACHINE)
    return alpha


@pytest.fixture
def child(young: World, clock, at):
    """A browser that posts what a page's form carries, and what was pressed or typed."""

    def answers(page: str, **more: str) -> str:
        form = re.search(r'<form[^>]*id="journey".*?</form>', page, re.S)
        assert form, page
        kept = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form.group())
        said = {name: unescape(value) for name, value in kept}
        return at(young.alpha).post("/simple/", said | more, HTTP_ACCEPT_LANGUAGE="en").content.decode()

    return answers


@pytest.fixture
def first(young: World, clock, at) -> str:
    return at(young.alpha).get("/s/solhaug-alfa/", HTTP_ACCEPT_LANGUAGE="en").content.decode()


def receipt_in(page: str) -> str:
    return re.findall(r'name="receipt" value="([^"]+)"', page)[-1]


def test_a_school_with_a_simple_door_shows_three_pictures_and_the_way_to_the_other_door(
    first: str, young: World
) -> None:
    assert re.findall(r'name="about" value="(\w+)"', first) == list(simple.FEELINGS)
    assert first.count('class="picture"') == 3
    assert 'href="tel:' in first
    assert "A grown-up answers you by" in first
    assert "I am older" in first
    assert f'name="school" value="{young.school}"' in first


def test_a_role_that_was_asked_for_by_its_address_keeps_the_ordinary_door(young: World, clock, at) -> None:
    page = at(young.alpha).get("/s/solhaug-alfa/nurse/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert 'id="knock"' in page


def test_pictures_a_name_and_a_class_become_an_ordinary_knock(first: str, child, young: World) -> None:
    who = child(first, about="mean")
    assert "Who do you want to talk to?" in who
    how = child(who, role=str(young.nurse_role))
    find = child(how, how="come")
    assert "What is your name?" in find
    done = child(find, name="Ola", group="3B", words=WORDS)
    assert "You have knocked" in done
    assert "A grown-up comes to you" in done
    request = ContactRequest.objects.get()
    assert (request.school_id, request.role_id, request.channel_kind) == (
        young.school, young.nurse_role, "visit",
    )  # fmt: skip
    by = open_by_receipt(receipt_in(done))
    line = read_conversation(by=by, request_id=request.pk).lines[0]
    assert line.text == f"Somebody is mean to me.\n\n{WORDS}"


def test_without_a_name_the_code_is_the_way_back_and_no_name_typed_before_is_sent(
    first: str, child, young: World
) -> None:
    find = child(child(child(first, about="sad"), role="any"), how="come")
    back = child(find, name="Ola", group="3B", go="how")
    done = child(child(back, how="write"))
    assert "With it you can read the answer" in done
    request = ContactRequest.objects.get()
    assert request.channel_kind == "conversation"
    assert request.role_id == young.nurse_role  # whom the municipality puts first
    assert request.is_found_only_here


def test_the_same_page_sent_twice_is_one_knock_with_one_code(first: str, child) -> None:
    find = child(child(child(first, about="sad"), role="any"), how="write")
    assert receipt_in(child(find, words=WORDS)) == receipt_in(child(find, words=WORDS))
    assert ContactRequest.objects.count() == 1


def test_a_name_that_is_missing_is_asked_for_by_its_name_and_nothing_typed_is_lost(first: str, child) -> None:
    find = child(child(child(first, about="sad"), role="any"), how="come")
    again = child(find, group="3B", words=WORDS)
    assert 'href="#id_name"' in again
    assert "Write your name" in again
    assert "3B" in again
    assert "They took my cap and laughed &lt;b&gt;" in again
    assert not ContactRequest.objects.exists()


@pytest.mark.parametrize(
    ("field", "length"),
    [("name", simple.NAME_LIMIT), ("group", simple.CLASS_LIMIT), ("words", simple.WORDS_LIMIT)],
)
def test_what_is_too_long_comes_back_whole(first: str, child, field: str, length: int) -> None:
    find = child(child(child(first, about="sad"), role="any"), how="come")
    typed = {"name": "Ola"} | {field: "x" * (length + 1)}
    again = child(find, **typed)
    assert f'href="#id_{field}"' in again
    assert "x" * (length + 1) in again


@pytest.mark.parametrize(
    ("step", "said"), [("about", {"about": "nonsense"}), ("who", {"about": "sad", "role": "x"})]
)
def test_a_question_without_an_answer_comes_again_and_says_so(
    young: World, clock, at, step: str, said
) -> None:
    answer = at(young.alpha).post(
        "/simple/", {"step": step, "school": str(young.school), **said}, HTTP_ACCEPT_LANGUAGE="en"
    )
    assert answer.status_code == 422
    assert "Choose a" in answer.content.decode()


def test_another_language_keeps_what_was_typed(first: str, child) -> None:
    find = child(child(child(first, about="mean"), role="any"), how="come")
    said = child(find, name="Ola", words=WORDS, speak="nb")
    assert 'lang="nb"' in said
    assert 'value="Ola"' in said
    assert "They took my cap" in said


def test_where_nobody_is_it_says_so_and_promises_nothing(young: World, clock, at) -> None:
    all_away(young, "nurse", "second_nurse", "counsellor")
    page = at(young.alpha).get("/s/solhaug-alfa/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Nobody can answer at Solhaug skole Alfa now" in page
    assert "A grown-up answers you by" not in page


def test_the_first_screen_leads_the_youngest_to_their_door_and_nobody_else(alpha: World, clock, at) -> None:
    assert "/simple/" not in at(alpha.alpha).get("/").content.decode()
    assert at(alpha.alpha).get("/simple/").status_code == 302
    setup.rename_school(school_id=alpha.school, name="Solhaug skole Alfa", simple_door=True, by=MACHINE)
    assert "/simple/" in at(alpha.alpha).get("/").content.decode()


def test_every_sentence_block_can_be_read_aloud_and_the_button_waits_for_a_voice(first: str) -> None:
    assert first.count("data-speak") >= 4
    assert all("hidden" in button for button in re.findall(r"<button[^>]*data-speak[^>]*>", first))


@pytest.mark.parametrize(
    ("name", "form", "young"),
    [
        ("Fagerheim barneskole", "compulsory", True),
        ("Fagerheim barne- og ungdomsskole", "compulsory", False),
        ("Alakoulu Mäki", "compulsory", True),
        ("Lindskolan F-6", "compulsory", True),
        ("Lindskolan", "compulsory", False),
        ("Barneskole videregående", "upper_secondary", False),
    ],
)
def test_a_name_that_says_so_makes_a_door_for_the_youngest(name: str, form: str, young: bool) -> None:
    assert is_for_the_youngest(name, form) is young


def test_who_leaves_the_choice_to_us_gets_whom_the_picture_proposes(first: str, child, young: World) -> None:
    how = child(child(first, about="mean"), role="any")
    assert f'name="role" value="{young.counsellor_role}"' in how
    done = child(child(how, how="write"))
    request = ContactRequest.objects.get()
    assert request.role_id == young.counsellor_role
    opened = read_conversation(by=open_by_receipt(receipt_in(done)), request_id=request.pk)
    assert opened.wish.topic == "bullying"


# --- the conversation in few words --------------------------------------------------------------------------


@pytest.fixture
def written(first: str, child, young: World) -> str:
    """The receipt of a child who says no name."""
    find = child(child(child(first, about="sad"), role=str(young.nurse_role)), how="write")
    return child(find, words=WORDS)


@pytest.fixture
def phone(young: World, at):
    return at(young.alpha, headers={"accept-language": "en"})


def is_simple(page: str) -> bool:
    return "narrow simple" in page


def promise_in(page: str) -> str:
    """Until when they hear from us, as the page says it."""
    said = re.search(r"You hear from us by .*?\.(?=\s*<)", page, re.S)
    assert said, page
    return re.sub(r"<.*?>", "", said.group())


def fields(page: str) -> dict[str, str]:
    form = re.search(r"<form[^>]*data-send>.*?</form>", page, re.S)
    assert form, page
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form.group()))


def test_the_receipt_leads_to_a_conversation_in_few_words_that_stays_so(written: str, phone) -> None:
    kept = re.search(r"<form[^>]*data-keep>.*?</form>", written, re.S)
    assert kept
    carried = dict(re.findall(r'name="(\w+)" value="([^"]+)"', kept.group()))
    assert not phone.cookies
    opened = phone.post("/receipt/", carried)
    page = phone.get(opened["Location"]).content.decode()
    assert is_simple(page)
    assert page.count("<textarea") == 1
    assert "A grown-up answers you here." in page
    assert promise_in(page) == promise_in(written)
    assert "They took my cap and laughed &lt;b&gt;" in page
    sent = phone.post("/conversation/", fields(page) | {"text": "More", "act": "message"})
    page = phone.get(sent["Location"]).content.decode()
    assert is_simple(page)
    assert ">More<" in page
    assert phone.post("/conversation/", fields(page) | {"text": " ", "act": "message"}).status_code == 422
    assert is_simple(phone.get("/conversation/").content.decode())


def test_who_chose_that_a_grown_up_comes_is_told_so_in_the_conversation_with_the_same_promise(
    first: str, child, phone
) -> None:
    done = child(child(child(child(first, about="sad"), role="any"), how="come"), name="Ola", group="3B")
    phone.post("/receipt/", {"receipt": receipt_in(done), "simple": "1"})
    page = phone.get("/conversation/").content.decode()
    assert is_simple(page)
    assert "A grown-up comes to you. You do not have to do anything more." in page
    assert "A grown-up answers you here." not in page
    assert promise_in(page) == promise_in(done)


def test_another_way_that_was_chosen_is_said_in_few_words(young: World, clock, phone) -> None:
    accepted = knock(young, channel_kind="phone", channel_value="40000000")
    phone.post("/receipt/", {"receipt": accepted.receipt, "simple": "1"})
    page = phone.get("/conversation/").content.decode()
    assert is_simple(page)
    assert re.search(r"You chose: [^.]*Call me", page)
    assert "A grown-up answers you here." not in page


def test_the_code_typed_at_the_simple_door_opens_the_simple_page_and_elsewhere_the_whole(
    first: str, written: str, phone
) -> None:
    assert 'href="/receipt/?simple"' in first
    door = phone.get("/receipt/?simple").content.decode()
    assert is_simple(door)
    wrong = phone.post("/receipt/", {"receipt": "X", "simple": "1"})
    assert wrong.status_code == 404
    assert is_simple(wrong.content.decode())
    phone.post("/receipt/", {"receipt": receipt_in(written), "simple": "1"})
    assert is_simple(phone.get("/conversation/").content.decode())
    phone.post("/receipt/", {"receipt": receipt_in(written)})
    assert not is_simple(phone.get("/conversation/").content.decode())


def test_the_whole_page_is_one_press_away(written: str, phone) -> None:
    phone.post("/receipt/", {"receipt": receipt_in(written), "simple": "1"})
    assert 'href="/conversation/?whole"' in phone.get("/conversation/").content.decode()
    assert not is_simple(phone.get("/conversation/?whole").content.decode())
    assert not is_simple(phone.get("/conversation/").content.decode())


def test_an_answer_can_be_read_aloud_and_a_childs_own_words_never(written: str, phone, young: World) -> None:
    row = ContactRequest.objects.get()
    operations.reply(by=young.actor("nurse"), request_id=row.pk, text="I come to you at ten.")
    phone.post("/receipt/", {"receipt": receipt_in(written), "simple": "1"})
    page = phone.get("/conversation/").content.decode()
    assert "We answered you" in page
    aloud = re.findall(r"<div class=\"message-text\" data-words>(.*?)</div>", page, re.S)
    assert [re.sub("<.*?>", "", one) for one in aloud] == ["I come to you at ten."]


def test_the_receipt_says_how_long_the_code_works(written: str) -> None:
    assert re.search(r"It works at least until <time[^>]*>[^<]+20\d\d</time>\.", written)
