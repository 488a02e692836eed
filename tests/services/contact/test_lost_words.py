"""What was typed survives a door that changes on the way, a visit that ends, a page that is out of date."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from kernel.actor import MACHINE
from kernel.errors import Conflict
from services.contact import operations
from services.contact.models import ContactRequest, ConversationMessage
from services.promises.queries import promises_of
from tenants.setup import operations as setup
from tenants.setup.models import School, SchoolAddress
from tenants.setup.queries import portal
from tests.cast import World
from tests.services.contact.people import SECRET, knock, reach_and_close

KEY = "k" * 32
STORY = "En lang historie som tok tid å skrive"


@pytest.fixture
def phone(alpha: World, at: Any) -> Iterator[Client]:
    """A browser at alfa's door, where schools opened long ago (so that they may close)."""
    School.objects.update(opened_on=date(2020, 1, 1))
    return at(alpha.alpha, headers={"accept-language": "en"})


def form(world: World, **more: str) -> dict[str, str]:
    """The check page, sent."""
    given = {
        "step": "check",
        "school": str(world.school),
        "role": str(world.nurse_role),
        "channel": "conversation",
        "message": SECRET,
        "language": "en",
        "key": KEY,
        "seen": "1",
    }
    return {**given, **more}


def read(answer: Any, status: int = 200) -> str:
    html = unescape(answer.content.decode())
    assert answer.status_code == status, html[:600]
    return html


def hidden(html: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', html))


def code_in(html: str) -> str:
    found = re.search(r"(?:[0-9A-Z]{5}-){5}[0-9A-Z][^<\s\"]", html)
    assert found, html[:600]
    return found.group(0)


# --- sent again, after something closed --------------------------------------------------------------------


@pytest.mark.parametrize("closes", ["role", "school", "every school", "only other roles"])
def test_a_knock_sent_again_gives_the_same_code_whatever_closed_in_between(
    alpha: World, phone: Client, closes: str
) -> None:
    code = code_in(read(phone.post("/knock/", form(alpha))))
    if closes == "role":
        setup.close_role(role_id=alpha.nurse_role, by=MACHINE)
    elif closes == "only other roles":
        setup.close_role(role_id=alpha.counsellor_role, by=MACHINE)
    else:
        setup.close_school(school_id=alpha.school, by=MACHINE)
        if closes == "every school":
            setup.close_school(school_id=alpha.other_school, by=MACHINE)
    assert code_in(read(phone.post("/knock/", form(alpha)))) == code
    assert ContactRequest.objects.count() == 1


def test_the_api_gives_the_same_answer_again_after_the_school_closed(alpha: World, phone: Client) -> None:
    body = {
        "school": str(alpha.school),
        "role": str(alpha.nurse_role),
        "channel": {"kind": "conversation"},
        "message": SECRET,
    }

    def sent(**more: str) -> Any:
        return phone.post(
            "/api/v1/contact-requests",
            data=body | more,
            content_type="application/json",
            headers={"Idempotency-Key": KEY},
        )

    first = sent()
    assert first.status_code == 201
    setup.close_school(school_id=alpha.school, by=MACHINE)
    assert sent().json() == first.json()
    assert sent(message="Something else").status_code == 409


@pytest.mark.parametrize("other", ["message", "name", "role_id", "school_id"])
def test_the_same_key_with_other_words_is_a_conflict_also_after_the_role_closed(
    alpha: World, phone: Client, other: str
) -> None:
    knock(alpha, idempotency_key=KEY)
    setup.close_role(role_id=alpha.nurse_role, by=MACHINE)
    value = {"role_id": alpha.counsellor_role, "school_id": alpha.other_school}.get(other, "Something else")
    with pytest.raises(Conflict):
        knock(alpha, idempotency_key=KEY, **{other: value})


# --- something closed before it was sent -------------------------------------------------------------------


def close_all_but(alpha: World, role: Any) -> None:
    school = portal().school(alpha.school)
    assert school is not None
    for one in school.roles:
        if one.id != role:
            setup.close_role(role_id=one.id, by=MACHINE)


def test_a_role_that_closed_on_the_way_is_asked_for_again_with_everything_typed(
    alpha: World, phone: Client
) -> None:
    close_all_but(alpha, alpha.counsellor_role)
    html = read(phone.post("/knock/", form(alpha)), 422)
    assert hidden(html)["step"] == "who"
    assert SECRET in html
    chosen = hidden(html) | {"role": str(alpha.counsellor_role)}
    check = read(phone.post("/knock/", chosen))
    assert hidden(check)["step"] == "check"
    code_in(read(phone.post("/knock/", hidden(check))))
    assert ContactRequest.objects.get().role_id == alpha.counsellor_role


def test_a_school_that_closed_on_the_way_is_never_replaced_by_another_unasked(
    alpha: World, phone: Client
) -> None:
    setup.close_school(school_id=alpha.school, by=MACHINE)
    html = read(phone.post("/knock/", form(alpha)), 422)
    assert hidden(html)["step"] == "school"
    assert SECRET in html
    assert not ContactRequest.objects.exists()


def test_in_the_middle_of_the_journey_a_closed_school_is_the_next_question(
    alpha: World, phone: Client
) -> None:
    setup.close_school(school_id=alpha.school, by=MACHINE)
    posted = form(alpha, step="about", seen="", key="")
    html = read(phone.post("/knock/", posted))
    assert hidden(html)["step"] == "school"
    assert SECRET in html


@pytest.mark.parametrize("step", ["check", "about", "name"])
def test_when_the_last_school_closed_the_words_are_shown_with_the_crisis_numbers(
    alpha: World, phone: Client, step: str
) -> None:
    setup.close_school(school_id=alpha.school, by=MACHINE)
    setup.close_school(school_id=alpha.other_school, by=MACHINE)
    typed = form(
        alpha, step=step, name="Mona", channel="phone", channel_value="99887766", preferred_times="l8"
    )
    html = read(phone.post("/knock/", typed), 409)
    for word in (SECRET, "Mona", "99887766", "l8", "116 111"):
        assert word in html
    assert "textarea" not in read(phone.get("/knock/"))


def test_a_long_number_typed_before_another_way_was_chosen_stops_nothing(alpha: World, phone: Client) -> None:
    code_in(read(phone.post("/knock/", form(alpha, channel_value="9" * 300))))


# --- the conversation --------------------------------------------------------------------------------------


@pytest.fixture
def code(alpha: World, phone: Client) -> str:
    """The code of a knock whose conversation is open in the phone."""
    receipt = knock(alpha).receipt
    assert phone.post("/receipt/", {"receipt": receipt}).status_code == 303
    return receipt


def page_of(phone: Client) -> dict[str, str]:
    return hidden(read(phone.get("/conversation/")))


def texts() -> int:
    return ConversationMessage.objects.count()


def test_a_text_sent_after_the_visit_ended_is_kept_and_the_code_sends_it(
    phone: Client, code: str, clock: time_machine.Traveller
) -> None:
    typed = page_of(phone) | {"act": "message", "text": STORY}
    clock.shift(timedelta(minutes=21))
    html = read(phone.post("/conversation/", typed), 409)
    assert STORY in html
    assert 'name="receipt"' in html
    assert texts() == 1
    again = hidden(html) | {"act": "message", "text": STORY}
    wrong = read(phone.post("/conversation/", again | {"receipt": "no such code"}), 404)
    assert STORY in wrong
    assert texts() == 1
    sent = phone.post("/conversation/", again | {"receipt": code})
    assert (sent.status_code, sent["Location"]) == (303, "/conversation/")
    assert STORY in read(phone.get("/conversation/"))


def test_a_text_of_one_tab_never_lands_in_the_conversation_of_another(
    alpha: World, phone: Client, code: str
) -> None:
    typed = page_of(phone) | {"act": "message", "text": STORY}
    other = knock(alpha)
    phone.post("/receipt/", {"receipt": other.receipt})
    html = read(phone.post("/conversation/", typed), 409)
    assert STORY in html
    assert texts() == 2
    phone.post("/conversation/", hidden(html) | {"act": "message", "text": STORY, "receipt": code})
    assert ConversationMessage.objects.exclude(request_id=other.request_id).count() == 2
    assert ConversationMessage.objects.filter(request_id=other.request_id).count() == 1


def test_a_text_too_long_sent_with_the_code_is_shown_again(phone: Client, code: str) -> None:
    phone.cookies.clear()
    long = STORY * 400
    html = read(phone.post("/conversation/", {"act": "message", "text": long, "receipt": code}), 422)
    assert long in html
    assert texts() == 1


def test_still_needing_help_reaches_us_by_the_code_too(alpha: World, phone: Client, code: str) -> None:
    request = ContactRequest.objects.get()
    reach_and_close(by=alpha.actor("nurse"), request_id=request.pk, outcome="helped")
    phone.cookies.clear()
    html = read(phone.post("/conversation/", {"act": "reopen", "text": STORY}), 409)
    assert 'value="reopen"' in html
    phone.post("/conversation/", {"act": "reopen", "text": STORY, "receipt": code})
    request.refresh_from_db()
    assert request.state == "waiting"


def test_what_another_site_sends_with_a_code_is_refused(phone: Client, code: str) -> None:
    said = {"act": "message", "text": "Forged", "receipt": code}
    foreign = {"sec-fetch-site": "cross-site"}
    assert phone.post("/conversation/", said, headers=foreign).status_code == 403
    assert texts() == 1


# --- written into a page that has closed since -------------------------------------------------------------


def test_a_page_that_showed_an_open_conversation_says_so_when_it_sends(
    alpha: World, phone: Client, code: str
) -> None:
    assert page_of(phone)["was_open"] == "1"
    reach_and_close(by=alpha.actor("nurse"), request_id=ContactRequest.objects.get().pk, outcome="helped")
    assert "was_open" not in page_of(phone)


@pytest.mark.parametrize(("was_open", "state"), [(True, "waiting"), (False, "closed")])
def test_words_sent_from_an_open_page_reach_somebody_though_it_closed_meanwhile(
    alpha: World, phone: Client, code: str, was_open: bool, state: str
) -> None:
    request = ContactRequest.objects.get()
    operations.reply(by=alpha.actor("nurse"), request_id=request.pk, text="Hei")
    typed = page_of(phone)
    reach_and_close(by=alpha.actor("nurse"), request_id=request.pk, outcome="helped")
    if not was_open:
        typed = page_of(phone)
    phone.post("/conversation/", typed | {"act": "message", "text": STORY})
    request.refresh_from_db()
    assert request.state == state
    assert len(promises_of(request.pk)) == (2 if was_open else 1)
    assert STORY in read(phone.get("/conversation/"))


def test_words_kept_from_an_open_page_reach_somebody_by_the_code(
    alpha: World, phone: Client, code: str
) -> None:
    request = ContactRequest.objects.get()
    typed = page_of(phone)
    reach_and_close(by=alpha.actor("nurse"), request_id=request.pk, outcome="helped")
    phone.cookies.clear()
    kept = hidden(read(phone.post("/conversation/", typed | {"act": "message", "text": STORY}), 409))
    phone.post("/conversation/", kept | {"act": "message", "text": STORY, "receipt": code})
    request.refresh_from_db()
    assert request.state == "waiting"


@pytest.mark.parametrize(
    ("site", "forgets"), [("same-origin", True), ("none", True), ("cross-site", False), ("same-site", False)]
)
def test_another_sites_link_or_picture_of_the_exit_closes_no_conversation(
    phone: Client, code: str, site: str, forgets: bool
) -> None:
    gone = phone.get("/exit/", headers={"sec-fetch-site": site})
    assert gone.status_code == 302
    assert ("Clear-Site-Data" in gone) == forgets
    assert phone.get("/conversation/").status_code == (303 if forgets else 200)


def test_skip_only_goes_on_and_what_was_typed_about_it_stays(alpha: World, phone: Client) -> None:
    on = read(phone.post("/knock/", form(alpha, step="about", message=STORY, skip="1", seen="")))
    assert hidden(on) | {"step": "name", "message": STORY} == hidden(on)
    assert STORY in read(phone.post("/knock/", hidden(on) | {"go": "about"})), "going back shows it"
    assert (
        hidden(read(phone.post("/knock/", form(alpha, step="about", message="", skip="1", seen=""))))["step"]
        == "name"
    )


def test_the_poster_of_a_closed_school_says_so_and_where_to_knock_now(alpha: World, phone: Client) -> None:
    slug = SchoolAddress.objects.get(school_id=alpha.school, is_current=True).slug
    name = School.objects.get(pk=alpha.school).name
    other = SchoolAddress.objects.get(school_id=alpha.other_school, is_current=True).slug
    setup.close_school(school_id=alpha.school, by=MACHINE)
    html = read(phone.get(f"/s/{slug}/"))
    assert f"The door at {name} is closed now." in html
    assert f'href="/s/{other}/"' in html
    assert "This address leads nowhere" not in html
    assert "This address leads nowhere any more." in read(phone.get("/s/nowhere-at-all/"))
