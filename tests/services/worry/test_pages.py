"""The act by pages: the first screen, whom to tell, writing it down, printing, closing; the desk's panel; set-up."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from kernel.actor import MACHINE
from kernel.audit.models import ReadEntry
from services.contact import operations as contact
from services.contact.models import ContactRequest, ConversationMessage
from services.contact.operations import Accepted
from services.worry import operations, queries, safety
from services.worry.models import LocalNumber, SafetyText, Step, Worry
from services.worry.views.frame import TYPED
from tenants.setup import operations as setup
from tests.cast import World
from tests.services.contact.people import TUESDAY
from tests.services.worry.said import BECAUSE, WHO, WORDS, held_back, said
from tests.services.worry.test_deciding import given_to

STEP = {
    "who": WHO, "words": WORDS, "student_first": "yes", "told": "told", "because": BECAUSE,
}  # fmt: skip


@pytest.fixture
def nora(signed_in: Callable[..., Client]) -> Client:
    return signed_in("nurse", "en")


@pytest.fixture
def adam(signed_in: Callable[..., Client]) -> Client:
    return signed_in("admin", "en")


def raise_by_pages(client: Client, case: Accepted, urgency: str = "soon") -> Worry:
    answer = client.post(f"/worry/about/{case.request_id}/", {"urgency": urgency})
    worry = Worry.objects.get()
    assert (answer.status_code, answer["location"]) == (302, f"/worry/{worry.pk}/")
    return worry


def text(answer) -> str:
    return answer.content.decode()


def words_of(answer) -> list[str]:
    main = re.sub(r"(?s)^.*<main.*?>|</main>.*$", "", text(answer))
    return re.findall(r"[\w§-]+", re.sub(r"(?s)<(svg|script).*?</\1>|<[^>]+>", " ", main))


# --- the first screen ---------------------------------------------------------------------------------------


def test_the_first_screen_is_read_in_twenty_seconds(nora: Client, case: Accepted) -> None:
    page = nora.get(f"/worry/about/{case.request_id}/")
    assert page.status_code == 200
    until_duties = text(page).split("Your duties may be")[0]
    assert "Danger now? Call first." in until_duties
    assert 'href="tel:113"' in until_duties
    assert "Nothing is sent to anybody" in until_duties
    assert until_duties.count('<button class="ds-button"') <= 4
    head = text(page).split("Your duties may be")[0]
    head = re.sub(r"(?s)^.*<main.*?>", "", head)
    spoken = re.findall(r"\w+", re.sub(r"(?s)<svg.*?</svg>|<[^>]+>", " ", head))
    assert len(spoken) <= 75  # 4 words a second, read tired
    assert len(words_of(page)) <= 220


def test_the_duties_are_those_of_my_role_here_with_source_and_the_honest_line(
    nora: Client, case: Accepted, alpha: World
) -> None:
    page = text(nora.get(f"/worry/about/{case.request_id}/"))
    for source in (
        "helsepersonelloven § 33",
        "helsepersonelloven § 31",
        "straffeloven (2005) § 196",
        "§ 12-4",
    ):
        assert source in page
    assert "barnevernsloven" not in page  # that row is for whoever is not health personnel
    assert "No lawyer has reviewed this list." in page


def test_the_desk_has_the_act_and_then_the_clock(nora: Client, case: Accepted) -> None:
    desk = text(nora.get(f"/desk/{case.request_id}/"))
    assert f'href="/worry/about/{case.request_id}/"' in desk
    assert "/worry/" not in text(nora.get("/desk/")).split("</header>")[1].split("<main")[0]
    worry = raise_by_pages(nora, case)
    desk = text(nora.get(f"/desk/{case.request_id}/"))
    assert f'href="/worry/{worry.pk}/"' in desk
    assert "Decide by" in desk
    assert 'href="/worry/"' in text(nora.get("/desk/"))
    again = nora.get(f"/worry/about/{case.request_id}/")
    assert (again.status_code, again["location"]) == (302, f"/worry/{worry.pk}/")


def test_a_press_without_saying_how_urgent_is_asked_again(nora: Client, case: Accepted) -> None:
    answer = nora.post(f"/worry/about/{case.request_id}/", {})
    assert answer.status_code == 422
    assert not Worry.objects.exists()


# --- the worry ----------------------------------------------------------------------------------------------


def test_writing_it_down_by_pages_sends_nothing_and_each_look_is_a_read(
    nora: Client, case: Accepted, mailoutbox
) -> None:
    worry = raise_by_pages(nora, case)
    assert nora.get(f"/worry/{worry.pk}/told/child_welfare/").status_code == 200
    answer = nora.post(f"/worry/{worry.pk}/told/child_welfare/", STEP)
    assert answer["location"] == f"/worry/{worry.pk}/"
    reads = ReadEntry.objects.filter(what="worry").count()
    page = text(nora.get(f"/worry/{worry.pk}/"))
    assert ReadEntry.objects.filter(what="worry").count() == reads + 1
    assert WORDS in page
    assert BECAUSE in page
    assert "Nothing was sent from here." in page
    assert mailoutbox == []


def test_sent_twice_is_written_once(nora: Client, case: Accepted) -> None:
    worry = raise_by_pages(nora, case)
    mark = {"once": "m" * 22}
    for _time in (1, 2):
        assert nora.post(f"/worry/{worry.pk}/told/police/", STEP | mark).status_code == 302
    assert Step.objects.count() == 1


def test_what_was_typed_stands_there_again_whatever_is_wrong(nora: Client, case: Accepted) -> None:
    worry = raise_by_pages(nora, case)
    wrong = {"words": WORDS, "why_not_first": "Kanariegg", "done_at": "snart", "who": WHO}
    answer = nora.post(f"/worry/{worry.pk}/told/police/", wrong)
    assert answer.status_code == 422
    assert all(word in text(answer) for word in (WORDS, "Kanariegg", "snart", WHO))
    operations.close(by=holder_of_case(worry), worry_id=worry.pk, outcome="safe", came_of_it="x")
    answer = nora.post(f"/worry/{worry.pk}/told/police/", STEP)
    assert (answer.status_code, WORDS in text(answer)) == (409, True)


def holder_of_case(worry: Worry):
    """The one who has the case, as an actor."""
    from kernel.actor import actor_for

    return actor_for(ContactRequest.objects.get(pk=worry.request_id).taken_by)


def test_signed_out_while_writing_loses_nothing(nora: Client, case: Accepted) -> None:
    worry = raise_by_pages(nora, case)
    nora.logout()
    answer = nora.post(f"/worry/{worry.pk}/told/police/", STEP)
    assert answer.status_code == 403
    assert WORDS in text(answer)
    assert BECAUSE in text(answer)
    assert set(STEP) - set(TYPED) == {"student_first", "told"}


def test_correcting_shows_the_old_words_and_both_versions_after(nora: Client, case: Accepted) -> None:
    worry = raise_by_pages(nora, case)
    nora.post(f"/worry/{worry.pk}/told/principal/", STEP)
    step = Step.objects.get()
    form = text(nora.get(f"/worry/{worry.pk}/correct/{step.pk}/"))
    assert WORDS in form
    assert BECAUSE in form
    answer = nora.post(
        f"/worry/{worry.pk}/correct/{step.pk}/", STEP | {"recipient": "police", "words": "Rettet"}
    )
    assert answer.status_code == 302
    page = text(nora.get(f"/worry/{worry.pk}/"))
    assert WORDS in page
    assert "Rettet" in page
    assert "corrected below" in page
    again = nora.post(f"/worry/{worry.pk}/correct/{step.pk}/", STEP | {"recipient": "police"})
    assert again.status_code == 409


def test_the_page_to_hand_over_is_a_read_of_its_own_after_showing_oneself_again(
    nora: Client, case: Accepted, clock: time_machine.Traveller
) -> None:
    worry = raise_by_pages(nora, case)
    nora.post(f"/worry/{worry.pk}/told/child_welfare/", STEP)
    step = Step.objects.get()
    page = nora.post(f"/worry/{worry.pk}/print/{step.pk}/")
    assert page.status_code == 200
    assert WORDS in text(page)
    assert "helsepersonelloven § 33" in text(page)
    assert BECAUSE not in text(page)
    assert ReadEntry.objects.filter(what="worry", why="to print").count() == 1
    assert nora.get(f"/worry/{worry.pk}/print/{step.pk}/").status_code == 302
    clock.shift(timedelta(minutes=6))
    shown = nora.post(f"/worry/{worry.pk}/print/{step.pk}/")
    assert shown.status_code == 302
    assert "/account/confirm/" in shown["location"]


def test_closing_and_opening_again_by_pages(nora: Client, case: Accepted) -> None:
    worry = raise_by_pages(nora, case)
    assert nora.post(f"/worry/{worry.pk}/close/", {"outcome": "safe"}).status_code == 422
    answer = nora.post(f"/worry/{worry.pk}/close/", {"outcome": "safe", "came_of_it": "Alt vel"})
    assert answer.status_code == 302
    assert "Alt vel" in text(nora.get(f"/worry/{worry.pk}/"))
    assert "A closed worry" in text(nora.get(f"/desk/{case.request_id}/"))
    assert nora.post(f"/worry/{worry.pk}/reopen/").status_code == 302
    assert Worry.objects.get().is_open


def test_the_list_of_what_waits_opens_nothing(nora: Client, case: Accepted) -> None:
    worry = raise_by_pages(nora, case)
    nora.post(f"/worry/{worry.pk}/told/nobody/", {"who": WHO, "words": WORDS})
    reads = ReadEntry.objects.count()
    page = text(nora.get("/worry/"))
    assert case.case_number in page
    assert WORDS not in page
    assert WHO not in page
    assert ReadEntry.objects.count() == reads


# --- the safety text ----------------------------------------------------------------------------------------


def test_a_message_of_danger_is_answered_in_two_taps(signed_in, free_case: Accepted, alpha: World) -> None:
    """By the first on duty, before anybody has taken it: look, press."""
    signe = signed_in("second_nurse", "en")
    assert f'href="/worry/about/{free_case.request_id}/safety/"' in text(
        signe.get(f"/desk/{free_case.request_id}/")
    )
    page = signe.get(f"/worry/about/{free_case.request_id}/safety/")
    form = dict(re.findall(r'name="(once|about|language|version)" value="([^"]*)"', text(page)))
    assert form["language"] == "nb"
    assert "Er du i fare nå?" in text(page)
    assert "no clinician has read it yet." in text(page), "a text of ours says so to whoever sends it"
    for _time in (1, 2):
        assert signe.post(f"/worry/about/{free_case.request_id}/safety/", form).status_code == 302
    sent = ConversationMessage.objects.filter(sender="helper")
    assert sent.count() == 1
    assert ContactRequest.objects.get(pk=free_case.request_id).taken_by_id == alpha.people["second_nurse"]


def test_no_word_of_a_message_sets_anything_off(alpha: World, free_case: Accepted) -> None:
    from services.contact import operations as contact
    from tests.services.contact.people import visitor

    contact.student_writes(
        by=visitor(free_case),
        request_id=free_case.request_id,
        text="Jeg vil dø. Suicide. Itsemurha. Hjelp 112",
    )
    assert not Worry.objects.exists()
    assert not ConversationMessage.objects.exclude(sender="student").exists()


def test_only_a_reviewed_text_is_sent_and_the_municipalitys_own_comes_first(
    adam: Client, alpha: World, free_case: Accepted
) -> None:
    own = "Vi har lest det du skrev, og vi er her for deg. Ring med en gang hvis det haster."
    assert adam.post("/worry/setup/texts/", {"language": "nb", "text": own}).status_code == 302
    row = SafetyText.objects.get()
    before = queries.safety_text("nb")
    assert before is not None
    assert before.version == "L1"
    late = adam.post(
        f"/worry/setup/texts/{row.pk}/review/", {"reviewed_by": "Dr. Berg", "reviewed_on": "2099-01-01"}
    )
    assert late.status_code == 422
    seen = text(adam.get("/worry/setup/texts/"))
    assert "Not reviewed: cannot be sent" in seen
    good = {"reviewed_by": "Dr. Berg, psykiater", "reviewed_on": "2026-09-01"}
    assert adam.post(f"/worry/setup/texts/{row.pk}/review/", good).status_code == 302
    now = queries.safety_text("nb")
    assert now is not None
    assert (now.version, now.text) == ("M1", own)
    assert not now.is_ours
    from kernel.errors import Conflict

    with pytest.raises(Conflict):  # looked at before the change
        operations.send_safety_text(
            by=alpha.actor("nurse"), request_id=free_case.request_id, language="nb", version="L1"
        )
    message, _words = operations.send_safety_text(
        by=alpha.actor("nurse"), request_id=free_case.request_id, language="nb", version="M1"
    )
    assert message.sender == "helper"
    assert adam.post(f"/worry/setup/texts/{row.pk}/review/", good).status_code == 409
    adam.post("/worry/setup/texts/", {"language": "nb", "text": own + " Nyere, og ikke lest av noen."})
    still = queries.safety_text("nb")
    assert still is not None
    assert still.version == "M1"


def test_a_language_without_a_reviewed_text_sends_nothing(alpha: World, free_case: Accepted) -> None:
    from kernel.errors import Conflict

    assert queries.safety_text("ar") is None
    with pytest.raises(Conflict):
        operations.send_safety_text(
            by=alpha.actor("nurse"), request_id=free_case.request_id, language="ar", version=""
        )


def test_whoever_is_worried_about_a_friend_has_a_text_of_their_own(
    signed_in, free_case: Accepted, alpha: World
) -> None:
    signe, door = signed_in("second_nurse", "en"), f"/worry/about/{free_case.request_id}/safety/"
    assert "about=friend" in text(signe.get(door))
    page = text(signe.get(door, {"about": "friend"}))
    form = dict(re.findall(r'name="(once|about|language|version)" value="([^"]*)"', page))
    assert form["about"] == "friend"
    assert "Er vennen din i fare nå?" in page
    assert "Er du i fare nå?" not in page
    assert signe.post(door, form).status_code == 302
    said_ = text(signe.get(f"/desk/{free_case.request_id}/"))
    assert "Er vennen din i fare nå?" in said_


def test_the_text_for_a_friend_is_numbered_and_reviewed_by_itself(adam: Client, free_case: Accepted) -> None:
    own = "Vi har lest det du skrev om vennen din. Ring med en gang hvis det haster."
    assert (
        adam.post("/worry/setup/texts/", {"about": "friend", "language": "nb", "text": own}).status_code
        == 302
    )
    good = {"reviewed_by": "Dr. Berg, psykiater", "reviewed_on": "2026-09-01"}
    adam.post(f"/worry/setup/texts/{SafetyText.objects.get().pk}/review/", good)
    friend, self_ = queries.safety_text("nb", "friend"), queries.safety_text("nb")
    assert friend is not None
    assert self_ is not None
    assert (friend.version, friend.text, self_.version) == ("M1", own, "L1")
    assert adam.post("/worry/setup/texts/", {"about": "x", "language": "nb", "text": own}).status_code == 422


def test_a_draft_nobody_has_read_is_sent_only_once_it_was_reviewed(adam: Client) -> None:
    for about in safety.TEXTS:
        assert queries.safety_text("ar", about) is None
    draft = safety.DRAFTS["friend"]["ar"]
    setup.change_languages(languages=["nb", "en", "ar"], default_language="nb", by=MACHINE)
    assert draft.split("\n\n")[0] in text(adam.get("/worry/setup/texts/"))
    assert (
        adam.post("/worry/setup/texts/", {"about": "friend", "language": "ar", "text": draft}).status_code
        == 302
    )
    assert queries.safety_text("ar", "friend") is None
    good = {"reviewed_by": "Dr. Leila Haddad", "reviewed_on": "2026-09-01"}
    adam.post(f"/worry/setup/texts/{SafetyText.objects.get().pk}/review/", good)
    now = queries.safety_text("ar", "friend")
    assert now is not None
    assert now.text == draft
    assert queries.safety_text("ar") is None


@pytest.mark.parametrize("about", sorted(safety.TEXTS))
@pytest.mark.parametrize("language", sorted(safety.OURS))
@pytest.mark.parametrize("country", ["NO", "SE", "DK", "FI"])
def test_our_texts_are_short_sentences_with_the_number_of_danger_first(
    about: str, language: str, country: str
) -> None:
    said_ = safety.as_message(safety.TEXTS[about][language], country)
    sentences = re.split(r"(?<=[.?!])\s+", safety.TEXTS[about][language])
    assert max(len(sentence.split()) for sentence in sentences) <= 14
    assert len(said_) <= safety.LONGEST
    numbers = said_.rsplit("\n\n", 1)[1].splitlines()
    assert numbers[0].split()[0] in ("113", "112")
    assert set(safety.TEXTS[about]) == {"nb", "nn", "sv", "da", "fi", "en"}


# --- set-up -------------------------------------------------------------------------------------------------


def test_an_administrator_keeps_numbers_and_helpers_see_them(
    adam: Client, nora: Client, case: Accepted, alpha: World
) -> None:
    good = {"kind": "child_welfare", "name": "Barnevernvakten", "phone": "32 80 12 34", "address": ""}
    assert adam.post("/worry/setup/number/", good).status_code == 302
    assert adam.post("/worry/setup/number/", good | {"name": "Barnevernet Alfa"}).status_code == 302
    principal = {"kind": "principal", "name": "Rektor Lie", "phone": "33 33 33 33"}
    assert adam.post("/worry/setup/number/", principal).status_code == 422
    adam.post("/worry/setup/number/", principal | {"school": str(alpha.school)})
    adam.post("/worry/setup/number/", principal | {"school": str(alpha.other_school), "name": "Rektor Ås"})
    assert LocalNumber.objects.count() == 3
    worry = raise_by_pages(nora, case)
    page = text(nora.get(f"/worry/{worry.pk}/"))
    assert "Barnevernet Alfa" in page
    assert 'href="tel:32801234"' in page
    assert "Rektor Lie" in page
    assert "Rektor Ås" not in page
    row = LocalNumber.objects.get(kind="child_welfare")
    adam.post(f"/worry/setup/number/{row.pk}/remove/")
    assert not LocalNumber.objects.filter(kind="child_welfare").exists()


@pytest.mark.parametrize(
    "typed", [{"hours": "0", "minutes": "30"}, {"hours": "4", "minutes": "241"}, {"hours": "x"}]
)
def test_times_that_cannot_be_kept_are_refused_and_stand_there_again(
    adam: Client, typed: dict[str, str]
) -> None:
    answer = adam.post("/worry/setup/times/", typed)
    assert answer.status_code == 422
    assert queries.times() == (4, 30)


def test_other_times_count_from_the_next_worry_on(adam: Client, nora: Client, case: Accepted) -> None:
    assert adam.post("/worry/setup/times/", {"hours": "2", "minutes": "10"}).status_code == 302
    worry = raise_by_pages(nora, case, "now")
    promise = queries.clock_of(worry)
    assert promise is not None
    assert promise.due_at - TUESDAY == timedelta(minutes=10)


def test_held_back_says_its_ground_on_the_page(nora: Client, case: Accepted, alpha: World) -> None:
    worry = raise_by_pages(nora, case)
    operations.record_step(by=alpha.actor("nurse"), worry_id=worry.pk, said=held_back())
    operations.record_step(by=alpha.actor("nurse"), worry_id=worry.pk, said=said("police"))
    assert "personopplysningsloven § 16 første ledd bokstav c" in text(nora.get(f"/worry/{worry.pk}/"))


def test_a_worry_becomes_one_of_danger_by_one_press(nora: Client, case: Accepted) -> None:
    worry = raise_by_pages(nora, case)
    page = text(nora.get(f"/worry/{worry.pk}/"))
    assert "Danger now: decide within 30 minutes" in page
    raise_by_pages(nora, case, "now")
    promise = queries.clock_of(worry)
    assert promise is not None
    assert promise.due_at == TUESDAY + timedelta(minutes=30)
    assert "Danger now: decide within 30 minutes" not in text(nora.get(f"/worry/{worry.pk}/"))


def test_what_is_decided_has_no_clock_to_hurry_and_says_when_it_ended(
    nora: Client, case: Accepted, alpha: World, clock
) -> None:
    worry = raise_by_pages(nora, case)
    where, hurry = f"/worry/{worry.pk}/", "Danger now: decide within 30 minutes"
    assert hurry in text(nora.get(where))
    assert "It was decided" not in text(nora.get(where))
    operations.record_step(by=alpha.actor("nurse"), worry_id=worry.pk, said=said("police"))
    clock.shift(timedelta(minutes=5))
    page = text(nora.get(where))
    assert hurry not in page
    assert "It was decided" in page
    assert "Decide by" not in page
    assert "There is danger now: start a new clock" in page  # what was decided can still become dangerous
    nora.post(f"/worry/about/{case.request_id}/", {"urgency": "now"})
    page = text(nora.get(where))
    assert "Decide by" in page
    assert "It was decided" not in page
    assert "There is danger now" not in page


# --- the case has gone ----------------------------------------------------------------------------------------


def test_both_see_by_pages_that_the_case_went_and_the_duty_did_not(
    nora: Client, signed_in: Callable[..., Client], case: Accepted, alpha: World
) -> None:
    worry, signe = raise_by_pages(nora, case), signed_in("second_nurse", "en")
    fold = text(nora.get(f"/desk/{case.request_id}/")).split('id="away"')[1]
    assert "Your own duty stays yours" in fold
    given_to(alpha, case, "second_nurse")
    assert "Signe has the request now." in text(nora.get("/worry/"))
    hers = text(nora.get(f"/worry/{worry.pk}/"))
    assert "Your own duty did not" in hers
    assert f"/worry/{worry.pk}/told/child_welfare/" in hers
    assert "/told/nobody/" not in hers
    theirs = text(signe.get(f"/worry/{worry.pk}/"))
    assert "Nora was worried" in theirs
    assert "That duty stays with Nora" in theirs
    answer = nora.post(f"/worry/{worry.pk}/told/child_welfare/", STEP)
    assert answer["location"] == "/worry/"
    assert case.case_number not in text(nora.get("/worry/"))
    assert "Nora has told somebody" in text(signe.get(f"/worry/{worry.pk}/"))


def test_the_numbers_stand_on_the_first_screen_before_any_clock_runs(
    nora: Client, adam: Client, case: Accepted, alpha: World
) -> None:
    adam.post("/worry/setup/number/", {"kind": "principal", "school": str(alpha.school), "name": "Rektor Vik",
                                       "phone": "400 00 199"})  # fmt: skip
    page = text(nora.get(f"/worry/about/{case.request_id}/"))
    assert "Rektor Vik" in page
    assert 'href="tel:40000199"' in page
    assert not Worry.objects.exists()


@pytest.mark.parametrize(
    ("when", "first"),
    [
        ("2026-09-15T10:00:00Z", "Barnevernet Alfa"),  # a Tuesday at noon
        ("2026-09-15T20:00:00Z", "Barnevernvakten"),
        ("2026-09-19T10:00:00Z", "Barnevernvakten"),  # a Saturday
    ],
)
def test_whoever_answers_at_this_hour_stands_first(
    adam: Client,
    signed_in: Callable[..., Client],
    case: Accepted,
    clock: time_machine.Traveller,
    when: str,
    first: str,
) -> None:
    both = (("child_welfare", "Barnevernet Alfa"), ("child_welfare_night", "Barnevernvakten"))
    for kind, name in both:
        number = {"kind": kind, "name": name, "phone": "400 00 199", "address": ""}
        assert adam.post("/worry/setup/number/", number).status_code == 302
    clock.move_to(datetime.fromisoformat(when))
    page = text(signed_in("nurse").get(f"/worry/about/{case.request_id}/"))
    assert min((name for _kind, name in both), key=page.index) == first


def test_the_second_time_it_is_talked_over_the_page_says_that_the_clock_runs_on(
    nora: Client, case: Accepted
) -> None:
    worry = raise_by_pages(nora, case)
    assert "The clock starts again, once." in text(nora.get(f"/worry/{worry.pk}/"))
    nora.post(f"/worry/{worry.pk}/told/nobody/", {"who": WHO, "words": WORDS})
    assert "The clock runs on" in text(nora.get(f"/worry/{worry.pk}/"))


def test_in_the_leads_list_a_worry_says_what_it_is_and_nothing_else(
    nora: Client, signed_in: Callable[..., Client], case: Accepted
) -> None:
    raise_by_pages(nora, case, "now")
    page = text(signed_in("lead", "en").get("/insights/"))
    assert re.search(r"Worry · Solhaug[^·<]* · to be decided by", page)
    assert case.case_number not in page
    assert "Nora" not in page.split("<h2>Who could step in</h2>")[0]


def test_the_page_says_who_said_what_came_of_it_and_when_also_once_it_is_open_again(
    alpha: World, case: Accepted, signed_in: Callable[..., Client]
) -> None:
    worry = operations.raise_worry(by=alpha.actor("nurse"), request_id=case.request_id, urgency="soon")
    nora, where = signed_in("nurse", "en"), f"/worry/{worry.pk}/"
    operations.close(
        by=alpha.actor("nurse"), worry_id=worry.pk, outcome="safe", came_of_it="Trygg hos mormor"
    )
    for heading in ("This worry is closed.", "It was closed before"):
        html = text(nora.get(where))
        assert heading in html
        assert "Trygg hos mormor" in html
        assert re.search(r"Said by Nora, <time", html)
        nora.post(f"{where}reopen/")


# --- closing the conversation while it is open --------------------------------------------------------------


def test_a_conversation_with_an_open_worry_is_closed_by_a_deliberate_yes_and_its_clock_goes_on(
    nora: Client, case: Accepted
) -> None:
    where = f"/desk/{case.request_id}/close/"
    assert "A worry is open here" not in text(nora.get(where))
    worry = raise_by_pages(nora, case, "now")
    outcome = {"outcome": "not_reached"}
    asked = nora.post(where, outcome)
    assert asked.status_code == 422
    assert "A worry is open here" in text(asked)
    assert f'href="/worry/{worry.pk}/"' in text(asked)
    assert ContactRequest.objects.get(pk=case.request_id).is_open
    nora.get(f"/desk/{case.request_id}/")  # nothing is closed unread
    assert nora.post(where, outcome | {"worry": "1"}).status_code == 302
    assert not ContactRequest.objects.get(pk=case.request_id).is_open
    worry.refresh_from_db()
    clock = queries.clock_of(worry)
    assert worry.is_open
    assert clock is not None
    assert (clock.answered_at, clock.ended_at) == (None, None)


def test_the_row_under_mine_shows_the_clock_of_the_worry_and_not_that_all_is_kept(
    nora: Client, case: Accepted, alpha: World
) -> None:
    contact.reply(by=alpha.actor("nurse"), request_id=case.request_id, text="Hei")
    before = text(nora.get("/desk/mine/"))
    assert "Kept" in before
    worry = raise_by_pages(nora, case, "now")
    clock = queries.clock_of(worry)
    assert clock is not None
    after = text(nora.get("/desk/mine/"))
    assert "Kept" not in after
    assert clock.due_at.isoformat()[:16] in after
