"""The student's own: all of it in their hand, and gone when they want, as far as the law lets it."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from kernel.actor import MACHINE
from kernel.audit.models import ReadEntry
from kernel.errors import Conflict, NotAllowed, NotFound
from services.contact import operations as contact
from services.contact import visit
from services.contact.models import ConversationMessage
from services.promises.operations import break_overdue
from services.retention import operations, queries
from services.retention.models import ErasureWish, Tally, Tombstone
from tenants.setup.actors import today
from tests.cast import World
from tests.services.contact.people import NUMBER, SECRET, knock, reach_and_close, visitor
from tests.services.retention.people import close, ended, is_there, row


@pytest.fixture
def browser(alpha: World, at: Callable[..., Client]) -> Callable[[Any], Client]:
    """The student's own browser with the conversation open."""

    def opened(accepted: Any) -> Client:
        client = at(alpha.alpha, headers={"accept-language": "en"})
        client.post("/receipt/", {"receipt": accepted.receipt})
        return client

    return opened


def proof(accepted: Any) -> str:
    return visit.proof(accepted.request_id)


def wish(client: Client, accepted: Any) -> str:
    """Ask for it on the page; the page that comes."""
    asked = {"proof": proof(accepted), "act": "delete", "sure": "1"}
    return client.post("/conversation/rights/", asked, follow=True).text


# --- deleting ---------------------------------------------------------------------------------------------------


def test_a_wish_is_done_after_a_day_and_not_before(decided: World, clock: Any) -> None:
    accepted = ended(decided)
    operations.wish_gone(by=visitor(accepted))
    clock.shift(timedelta(hours=23, minutes=58))
    operations.sweep(by=MACHINE)
    assert is_there(accepted)
    clock.shift(timedelta(minutes=3))
    operations.sweep(by=MACHINE)
    assert not is_there(accepted)
    stone = Tombstone.objects.get()
    assert (stone.cause, stone.method) == ("wish", "delete")
    assert not Tally.objects.exists()


def test_a_wish_is_taken_back_within_the_day(decided: World, clock: Any) -> None:
    accepted = ended(decided)
    operations.wish_gone(by=visitor(accepted))
    operations.take_back_wish(by=visitor(accepted))
    clock.shift(timedelta(days=2))
    operations.sweep(by=MACHINE)
    assert is_there(accepted)
    with pytest.raises(Conflict):
        operations.take_back_wish(by=visitor(accepted))


def test_a_wish_said_twice_is_one(decided: World, clock: Any) -> None:
    accepted = ended(decided)
    first = operations.wish_gone(by=visitor(accepted))
    clock.shift(timedelta(hours=3))
    assert operations.wish_gone(by=visitor(accepted)) == first
    assert ErasureWish.objects.count() == 1


def test_a_wish_waits_while_an_adult_must_still_answer(decided: World, clock: Any) -> None:
    accepted, nurse = knock(decided), decided.actor("nurse")
    operations.wish_gone(by=visitor(accepted))
    clock.shift(timedelta(days=3))
    operations.sweep(by=MACHINE)
    assert is_there(accepted)
    contact.read_conversation(by=nurse, request_id=accepted.request_id)
    contact.withdraw(by=visitor(accepted), request_id=accepted.request_id)
    break_overdue(by=MACHINE, subject_id=accepted.request_id)
    operations.sweep(by=MACHINE)
    assert not is_there(accepted)


def test_who_writes_after_wishing_is_kept_and_heard(decided: World, clock: Any) -> None:
    """The nurse reads it, and still nothing goes: a cry for help is not deleted by yesterday's wish."""
    accepted = ended(decided)
    operations.wish_gone(by=visitor(accepted))
    contact.student_writes(
        by=visitor(accepted), request_id=accepted.request_id, text="Vent, jeg trenger hjelp"
    )
    contact.read_conversation(by=decided.actor("nurse"), request_id=accepted.request_id)
    clock.shift(timedelta(days=3))
    operations.sweep(by=MACHINE)
    assert is_there(accepted)
    assert queries.wish_of(accepted.request_id) is None
    operations.wish_gone(by=visitor(accepted))
    clock.shift(timedelta(days=1, minutes=1))
    operations.sweep(by=MACHINE)
    assert not is_there(accepted)


def test_who_asks_again_without_a_word_after_wishing_is_kept(decided: World, clock: Any) -> None:
    accepted, nurse = ended(decided), decided.actor("nurse")
    operations.wish_gone(by=visitor(accepted))
    clock.shift(timedelta(hours=1))
    contact.student_writes(by=visitor(accepted), request_id=accepted.request_id, still_need_help=True)
    contact.reply(by=nurse, request_id=accepted.request_id, text="Kom i morgen")
    reach_and_close(by=nurse, request_id=accepted.request_id, outcome="helped")
    clock.shift(timedelta(days=3))
    operations.sweep(by=MACHINE)
    assert is_there(accepted)


@pytest.mark.parametrize("minutes", [0, 60])
def test_who_asked_again_without_a_word_may_wish_anew_and_it_goes_a_day_later(
    decided: World, clock: Any, minutes: int
) -> None:
    """Also in the minute in which they asked again: the later of the two counts, and the first wish is over."""
    accepted, nurse = ended(decided), decided.actor("nurse")
    first = operations.wish_gone(by=visitor(accepted))
    clock.shift(timedelta(hours=1))
    contact.student_writes(by=visitor(accepted), request_id=accepted.request_id, still_need_help=True)
    contact.reply(by=nurse, request_id=accepted.request_id, text="Kom i morgen")
    close(decided, accepted)
    assert queries.wish_of(accepted.request_id) is None
    clock.shift(timedelta(minutes=minutes))
    second = operations.wish_gone(by=visitor(accepted))
    assert second != first
    assert queries.wish_of(accepted.request_id) == second
    assert operations.wish_gone(by=visitor(accepted)) == second
    first.refresh_from_db()
    assert first.taken_back_at is not None
    clock.shift(timedelta(hours=23, minutes=55))
    operations.sweep(by=MACHINE)
    assert is_there(accepted)
    clock.shift(timedelta(minutes=10))
    operations.sweep(by=MACHINE)
    assert not is_there(accepted)


def test_nobody_wishes_or_takes_home_for_another(decided: World) -> None:
    accepted, other = ended(decided), ended(decided)
    for who in ("nurse", "lead", "admin"):
        with pytest.raises((NotAllowed, NotFound)):
            operations.wish_gone(by=decided.actor(who))
        with pytest.raises((NotAllowed, NotFound)):
            operations.take_home(by=decided.actor(who))
    words = str(operations.take_home(by=visitor(accepted)))
    assert other.case_number not in words


def test_the_page_asks_first_explains_and_takes_back(
    decided: World, browser: Callable[[Any], Client], clock: Any
) -> None:
    accepted = ended(decided)
    client = browser(accepted)
    page = client.get("/conversation/").text
    assert "We keep this until" in page
    assert "Ask, and it is deleted a day later." in page
    assert "What belongs in your health journal stays there." in page
    assert '<span lang="no">helsepersonelloven, ' in page
    unsure = client.post("/conversation/rights/", {"proof": proof(accepted), "act": "delete"})
    assert unsure.status_code == 422
    assert "Tick the box" in unsure.text
    assert not ErasureWish.objects.exists()
    asked = client.post(
        "/conversation/rights/", {"proof": proof(accepted), "act": "delete", "sure": "1"}, follow=True
    )
    assert "You want this deleted. It goes" in asked.text
    assert "We keep this until" not in asked.text
    assert "Then we keep everything." in asked.text, "what it does is said before it is pressed"
    kept = client.post("/conversation/rights/", {"proof": proof(accepted), "act": "keep"}, follow=True)
    assert "You want this deleted" not in kept.text
    assert "You took your wish back. You can ask again below." in kept.text
    assert not queries.wish_of(accepted.request_id)


def test_a_wish_that_waits_names_what_for_and_by_when_and_no_day_of_its_own(
    decided: World, browser: Callable[[Any], Client], clock: Any
) -> None:
    accepted = knock(decided)
    client = browser(accepted)
    before = client.get("/conversation/").text
    assert "You can ask now. It is deleted when this is over:" in before
    assert "it is deleted a day later" not in before
    page = wish(client, accepted)
    assert "You want this deleted. Something must be over first." in page
    assert "An adult answers you first, by " in page
    assert "An adult reads first what you wrote last." in page
    for shown in (before, page):
        assert re.search(r'href="/conversation/withdraw/"[^>]*>.{0,40}Take my knock back', shown, re.DOTALL)
    assert "You want this deleted. It goes" not in page
    assert "at the earliest" in page
    clock.shift(timedelta(days=30))
    late = browser(accepted).get("/conversation/").text
    assert "An adult should have answered you, and still must." in late
    assert "It goes within an hour of that." in late
    assert "at the earliest" not in late


def test_no_day_is_named_while_the_municipality_has_not_decided(
    alpha: World, browser: Callable[[Any], Client]
) -> None:
    accepted = ended(alpha)
    client = browser(accepted)
    undecided = "The municipality decides first what it must keep. It has set no day."
    page = client.get("/conversation/").text
    assert "We cannot say yet which day this is deleted." in page
    assert "We keep this until" not in page
    assert undecided in page
    asked = wish(client, accepted)
    assert undecided in asked
    assert "You want this deleted. It goes" not in asked


def test_a_hold_says_until_when_and_an_end_that_has_come_says_within_the_hour(
    decided: World, browser: Callable[[Any], Client], clock: Any
) -> None:
    accepted, admin = ended(decided), decided.actor("admin")
    client = browser(accepted)
    hold = operations.place_hold(
        by=admin, number=accepted.case_number, basis="court", reason="Kjennelse av i går",
        last_day=today() + timedelta(days=40),
    )  # fmt: skip
    assert "The law keeps it, until " in wish(client, accepted)
    operations.end_hold(by=admin, hold_id=hold.pk)
    clock.shift(timedelta(days=1, minutes=1))
    assert "You want this deleted. It goes within the hour." in browser(accepted).get("/conversation/").text


def test_what_stays_is_said_in_the_readers_language_and_the_law_in_its_own(
    decided: World, at: Callable[..., Client]
) -> None:
    accepted = ended(decided)
    client = at(decided.alpha, headers={"accept-language": "nb"})
    client.post("/receipt/", {"receipt": accepted.receipt})
    page = client.get("/conversation/").text
    box = page[page.index('id="rights-more"') :]
    plain = re.sub(r'<span lang="no">[^<]*</span>', "", box[: box.index("</details>")])
    assert '<span lang="no">arkivlova' in box
    assert not re.search(r"arkivlova|helsepersonelloven|forskrift", plain)
    assert "Dette blir igjen:" in plain


def test_the_helper_sees_that_the_student_wants_it_gone(
    decided: World, signed_in: Callable[[str], Client]
) -> None:
    accepted, nurse = knock(decided), decided.actor("nurse")
    contact.take(by=nurse, request_id=accepted.request_id)
    operations.wish_gone(by=visitor(accepted))
    assert "The student wants this deleted" in signed_in("nurse").get(f"/desk/{accepted.request_id}/").text


def test_after_the_end_the_code_is_like_any_wrong_one_and_says_where_to_knock(
    decided: World, at: Callable[..., Client], clock: Any
) -> None:
    accepted, wrong = ended(decided), at(decided.alpha, headers={"accept-language": "en"})
    operations.wish_gone(by=visitor(accepted))
    clock.shift(timedelta(days=2))
    client = at(decided.alpha, headers={"accept-language": "en"})
    client.post("/receipt/", {"receipt": accepted.receipt})
    operations.sweep(by=MACHINE)
    after = client.post("/receipt/", {"receipt": accepted.receipt})
    other = wrong.post("/receipt/", {"receipt": accepted.receipt[:-3] + "000"})
    assert (after.status_code, other.status_code) == (404, 404)
    assert after.text.replace(accepted.receipt, "") == other.text.replace(accepted.receipt[:-3] + "000", "")
    assert "Then we do not have it any more." in after.text
    assert "/knock/" in after.text
    # The browser in which it was open is led there, and what was typed is not lost.
    assert client.get("/conversation/").status_code == 303
    client = at(decided.alpha, headers={"accept-language": "en"})
    response = client.post(
        "/conversation/", {"proof": "x", "text": "Er du der?", "receipt": accepted.receipt}
    )
    assert response.status_code == 404
    assert "Er du der?" in response.text


# --- taking out -------------------------------------------------------------------------------------------------


def test_everything_is_shown_and_is_in_the_log_and_nothing_counts_as_read(
    decided: World, browser: Callable[[Any], Client]
) -> None:
    accepted = ended(
        decided, name="Ida", channel_kind="phone", channel_value=NUMBER, preferred_times="Etter tre"
    )
    ConversationMessage.objects.update(seen_at=None)
    client = browser(accepted)
    page = client.post("/conversation/yours/", {"proof": proof(accepted), "as": "page"})
    assert page.status_code == 200
    for said in (SECRET, "Ida", NUMBER, "Etter tre", accepted.case_number, "Call me", "reached you"):
        assert said in page.text, said
    assert page["Cache-Control"] == "no-store"
    logged = ReadEntry.objects.filter(case_key_id=row(accepted).case_key_id, what="own data")
    assert logged.count() == 1
    assert not ConversationMessage.objects.filter(seen_at__isnull=False).exists()


def test_the_file_for_machines_says_instants_and_codes(
    decided: World, browser: Callable[[Any], Client]
) -> None:
    accepted = ended(decided)
    answer = browser(accepted).post("/conversation/yours/", {"proof": proof(accepted), "as": "json"})
    said = json.loads(answer.content)
    parts = {one["key"]: one["rows"] for one in said["sections"]}
    assert parts["request"][0]["case_number"] == accepted.case_number
    assert parts["request"][0]["outcome"] == "helped"
    assert [one["text"] for one in parts["messages"]] == [SECRET, "Hei, jeg er her"]
    assert parts["promises"][0]["due_at"].endswith("Z")
    assert "attachment" in answer["Content-Disposition"]


def test_the_file_for_people_is_plain_text(decided: World, browser: Callable[[Any], Client]) -> None:
    accepted = ended(decided)
    answer = browser(accepted).post("/conversation/yours/", {"proof": proof(accepted), "as": "text"})
    assert answer["Content-Type"].startswith("text/plain")
    assert SECRET in answer.content.decode()


def test_nobody_takes_out_without_the_open_visit_and_our_own_page(
    decided: World, browser: Callable[[Any], Client], at: Callable[..., Client]
) -> None:
    accepted = ended(decided)
    assert at(decided.alpha).post("/conversation/yours/", {"proof": proof(accepted)}).status_code == 303
    assert browser(accepted).post("/conversation/yours/", {"proof": "forged"}).status_code == 403
    assert browser(accepted).get("/conversation/yours/").status_code == 303
    assert not ReadEntry.objects.filter(what="own data").exists()


def test_taking_out_again_and_again_is_slowed(decided: World, browser: Callable[[Any], Client]) -> None:
    client = browser(accepted := ended(decided))
    codes = [client.post("/conversation/yours/", {"proof": proof(accepted)}).status_code for _try in range(7)]
    assert codes == [200] * 6 + [429]
