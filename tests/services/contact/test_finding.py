"""A student finds the right one: a person, a role, or by what it is about; and never writes a word for it."""

import re
from datetime import timedelta
from html import unescape
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from kernel.actor import MACHINE
from kernel.errors import Invalid, NotAllowed
from kernel.outbox.models import Message
from kernel.people.models import Account
from services.contact import operations, wishes
from services.contact.models import ContactRequest, Recusal, Wish
from services.contact.rules import Said
from services.contact.whom import proposed, topic_of
from services.promises.sweep import remind_due
from services.retention import operations as retention
from tenants.presence import operations as presence
from tenants.presence.models import Substitute
from tenants.setup import operations as setup
from tenants.setup.actors import today
from tenants.setup.models import Post, SchoolAddress
from tenants.setup.queries import portal
from tenants.setup.topics import GRAVE, TOPICS, usual_professions
from tests.cast import World
from tests.services.contact.people import knock, visitor
from tests.services.contact.test_pages import asks, hidden


@pytest.fixture
def phone(alpha: World, at: Any) -> Client:
    return at(alpha.alpha, headers={"accept-language": "en"})


class Thumb:
    """A student with a phone who only ever presses buttons and cards, and counts how often."""

    def __init__(self, phone: Client) -> None:
        self.phone, self.page, self.taps = phone, "", 0

    def opens(self, path: str) -> "Thumb":
        self.page = self.phone.get(path).content.decode()
        return self

    def form(self) -> dict[str, str]:
        said = hidden(self.page)
        for tag in re.findall(r'<input class="ds-input" type="radio"[^>]* checked[^>]*>', self.page):
            said |= {self._of(tag, "name"): self._of(tag, "value")}
        return said

    @staticmethod
    def _of(tag: str, name: str) -> str:
        return unescape(re.search(rf' {name}="([^"]*)"', tag)[1])

    def presses(self, text: str, **cards: str) -> "Thumb":
        """A button by its words, after so many cards."""
        self.taps += 1 + len(cards)
        for button in re.findall(r"<button[^>]*>.*?</button>", self.page, re.S):
            said = unescape(re.sub(r"<[^>]+>", " ", button)).strip()
            if said == text:
                tag = button[: button.index(">") + 1]
                own = {self._of(tag, "name"): self._of(tag, "value")} if ' name="' in tag else {}
                answer = self.phone.post("/knock/", {**self.form(), **cards, **own})
                self.page = answer.content.decode()
                return self
        raise AssertionError(f"no button says {text!r} on {asks(self.page)!r}")


def slug(world: World) -> str:
    return SchoolAddress.objects.get(school_id=world.school, is_current=True).slug


# --- six taps, no sign ------------------------------------------------------------------------------------


def test_from_the_poster_to_sent_by_a_topic_in_six_taps_and_not_one_sign(alpha: World, phone: Client) -> None:
    thumb = Thumb(phone).opens(f"/s/{slug(alpha)}/")
    thumb.presses("Knock").presses("I don't know who").presses("Sleep, or I am always tired")
    assert "can help you with this" in thumb.page
    thumb.presses("Next").presses("That is all for now").presses("Send")
    assert "You have knocked" in thumb.page
    assert thumb.taps <= 6
    request = ContactRequest.objects.get()
    assert (request.role_id, request.channel_kind, request.school_id) == (
        alpha.nurse_role, "conversation", alpha.school,
    )  # fmt: skip
    assert not request.messages.exists()


@pytest.mark.parametrize("how", ["a person", "anybody"])
def test_a_person_or_anybody_takes_no_more_taps(alpha: World, phone: Client, how: str) -> None:
    thumb = Thumb(phone).opens(f"/s/{slug(alpha)}/").presses("Knock")
    if how == "a person":
        thumb.presses("Next", role=f"{alpha.nurse_role}/{alpha.people['second_nurse']}")
    else:
        thumb.presses("Anybody will do")
    thumb.presses("Next").presses("That is all for now").presses("Send")
    assert ContactRequest.objects.count() == 1
    assert thumb.taps <= 6
    assert Wish.objects.filter(person_id=alpha.people["second_nurse"]).exists() == (how == "a person")


def test_a_question_is_asked_one_a_page_and_none_of_them_needs_javascript(
    alpha: World, phone: Client
) -> None:
    thumb = Thumb(phone).opens(f"/s/{slug(alpha)}/").presses("Knock")
    seen = []
    for text in ("I don't know who", "Love and sex", "Next", "Skip", "Skip"):
        seen.append(asks(thumb.page))
        assert thumb.page.count("<h1") == 1
        thumb.presses(text)
    assert [*seen, asks(thumb.page)] == ["who", "topic", "how", "about", "name", "check"]


# --- topics --------------------------------------------------------------------------------------------------


def test_a_topic_proposes_the_first_role_that_answers_at_the_school_and_at_last_anybody(alpha: World) -> None:
    def role_for(key: str, school_id: Any) -> Any:
        door = portal()
        found = proposed(door, door.school(school_id), topic_of(door, key), frozenset(), clock_now())
        return found and found.id

    assert role_for("friends", alpha.school) == alpha.counsellor_role
    assert role_for("friends", alpha.other_school) == alpha.nurse_role, "no counsellor there: the next"
    assert role_for("wrong_school", alpha.other_school) == alpha.nurse_role, "nobody of it: whoever answers"
    assert role_for("else", alpha.school) is not None
    setup.set_topic_roles(key="friends", roles=[alpha.nurse_role], school_id=alpha.school, by=MACHINE)
    assert role_for("friends", alpha.school) == alpha.nurse_role


def clock_now() -> Any:
    from kernel import clock

    return clock.this_minute()


@pytest.mark.parametrize("country", ["NO", "SE", "DK", "FI", "IS"])
def test_every_topic_but_the_last_proposes_somebody_in_every_country(country: str) -> None:
    from tenants.setup.countries import roles_for
    from tenants.setup.role_texts import role_texts

    here = {role_texts(country, key)["profession"] for key in roles_for(country, "municipality")}
    for topic in TOPICS:
        assert topic == "else" or here & set(usual_professions(country, topic)), topic


@pytest.mark.parametrize("key", sorted(GRAVE))
def test_with_a_grave_topic_the_numbers_and_what_happens_next_stay_in_sight(
    alpha: World, phone: Client, key: str
) -> None:
    thumb = Thumb(phone).opens(f"/s/{slug(alpha)}/").presses("Knock").presses("I don't know who")
    assert 'href="tel:' in thumb.page
    thumb.presses(str(TOPICS[key]))
    for following in ("Next", "That is all for now"):
        if asks(thumb.page) == "how":
            assert "What happens next" in thumb.page
            assert 'href="tel:113"' in thumb.page
        thumb.presses(following)
    assert asks(thumb.page) == "check"
    assert "What happens next" in thumb.page
    assert 'href="tel:113"' in thumb.page


def test_a_topic_is_sealed_and_read_only_by_who_may_read_the_words(alpha: World) -> None:
    accepted = knock(alpha, topic="hurt")
    with connection.cursor() as cursor:
        cursor.execute("SELECT topic::text FROM contact_wish")
        assert "hurt" not in str(cursor.fetchone())
    operations.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    opened = operations.read_conversation(by=alpha.actor("nurse"), request_id=accepted.request_id)
    assert opened.wish.topic == "hurt"
    assert "hurt" not in repr(opened.wish)
    with pytest.raises(NotAllowed):
        operations.read_conversation(by=alpha.actor("second_nurse"), request_id=accepted.request_id)


def test_an_unknown_topic_and_language_are_named_in_the_refusal(alpha: World) -> None:
    with pytest.raises(Invalid) as refused:
        knock(alpha, topic="x", spoken="klingon", person_id=alpha.school)
    assert {error.field for error in refused.value.errors} == {"topic", "spoken", "role"}


def test_what_is_not_said_leaves_the_words_of_a_knock_as_they_were() -> None:
    assert b"topic" not in Said(message="Hei").canonical()
    assert b"not_them" not in Said(message="Hei").canonical()
    assert Said(topic="home").canonical() != Said().canonical()


# --- for whom it is first ------------------------------------------------------------------------------------


def told(world: World) -> set[str]:
    by_id = {pk: name for name, pk in world.people.items()}
    return {by_id[pk] for pk in Message.objects.values_list("account_id", flat=True)}


def test_the_one_who_was_chosen_is_told_and_the_others_see_it_wait(alpha: World) -> None:
    accepted = knock(alpha, person_id=alpha.people["second_nurse"])
    assert told(alpha) == {"second_nurse"}
    assert wishes.in_the_open([accepted.request_id])[accepted.request_id].person == "Signe"
    from services.contact.queries import listed

    assert [row.request.pk for row in listed(alpha.actor("nurse"), "waiting")] == [accepted.request_id]


def test_a_substitute_of_the_role_hears_of_it_when_the_chosen_one_is_away_and_the_page_says_so_before(
    alpha: World, phone: Client
) -> None:
    post = Post.objects.get(account_id=alpha.people["second_nurse"])
    presence.name_substitutes(post_id=post.pk, account_ids=[alpha.people["other_nurse"]], by=MACHINE)
    presence.begin_absence(
        account_id=alpha.people["second_nurse"], first_day=today(), last_day=today() + timedelta(days=13), by=MACHINE
    )  # fmt: skip
    thumb = Thumb(phone).opens(f"/s/{slug(alpha)}/").presses("Knock")
    said = "Signe is away until Tuesday 29 September. Olga answers instead."
    assert said in thumb.page
    thumb.presses("Next", role=f"{alpha.nurse_role}/{alpha.people['second_nurse']}")
    assert said in thumb.page
    assert "Choose another" in thumb.page
    thumb.presses("Next").presses("That is all for now")
    assert said in thumb.page
    thumb.presses("Send")
    assert told(alpha) == {"other_nurse"}


def test_is_the_substitute_away_as_well_theirs_answers_and_after_the_last_whoever_is_there(
    alpha: World, phone: Client
) -> None:
    """Signe, Olga instead of her, Ulf instead of Olga; and a row from somewhere that leads back to Signe."""
    chain = ("second_nurse", "other_nurse", "outsider")
    setup.give_post(
        account_id=alpha.people["outsider"],
        role_id=alpha.nurse_role,
        school_id=alpha.other_school,
        by=MACHINE,
    )
    posts = {who: Post.objects.get(account_id=alpha.people[who]) for who in chain}
    for who, instead in pairwise(chain):
        presence.name_substitutes(post_id=posts[who].pk, account_ids=[alpha.people[instead]], by=MACHINE)
    Substitute.objects.create(post=posts["outsider"], account_id=alpha.people["second_nurse"], order=1)
    wanted = f"{alpha.nurse_role}/{alpha.people['second_nurse']}"

    def leaves(who: str) -> str:
        """Who hears of a knock for Signe once this one is away too; the page has said so before."""
        presence.begin_absence(
            account_id=alpha.people[who], first_day=today(), last_day=today() + timedelta(days=13), by=MACHINE
        )  # fmt: skip
        Message.objects.all().delete()
        thumb = Thumb(phone).opens(f"/s/{slug(alpha)}/").presses("Knock").presses("Next", role=wanted)
        said = unescape(thumb.page)
        thumb.presses("Next").presses("That is all for now").presses("Send")
        (who_hears,) = told(alpha)
        name = Account.objects.get(pk=alpha.people[who_hears]).get_short_name()
        assert f"{'A colleague' if who_hears == 'nurse' else name} answers instead." in said
        return who_hears

    assert [leaves(who) for who in chain] == ["other_nurse", "outsider", "nurse"]


def test_the_first_reminder_goes_to_the_chosen_one_and_not_past_them_to_the_lead(
    alpha: World, clock: Any
) -> None:
    accepted = knock(alpha, person_id=alpha.people["second_nurse"])
    Message.objects.all().delete()
    from services.promises.models import Promise

    promise = Promise.objects.get(subject_id=accepted.request_id)
    clock.move_to(promise.remind_at + timedelta(minutes=1))
    remind_due()
    assert told(alpha) == {"second_nurse"}


# --- what goes home with the student ------------------------------------------------------------------------


def test_all_that_was_wished_is_given_to_the_student(alpha: World) -> None:
    accepted = knock(
        alpha, topic="home", spoken="ar", interpreter=True, channel_kind="phone", channel_value="99887766",
        say_instead="Biblioteket", person_id=alpha.people["nurse"], not_them=[alpha.people["second_nurse"]],
    )  # fmt: skip
    opened = operations.read_conversation(by=visitor(accepted), request_id=accepted.request_id)
    assert (opened.wish.person, opened.wish.topic, opened.wish.spoken) == ("Nora Alfa", "home", "ar")
    assert (opened.wish.interpreter, opened.wish.say_instead) == (True, "Biblioteket")
    sections = retention.take_home(by=visitor(accepted))
    given = {item.field: item.value for section in sections for row in section.rows for item in row}
    assert given["contact.Wish.person"] == "Nora Alfa"
    assert given["contact.Wish.topic"] == str(TOPICS["home"])
    assert given["contact.Wish.say_instead"] == "Biblioteket"
    assert given["contact.Recusal.by_student"] == "Signe Alfa"
    assert {f"contact.Wish.{name}" for name in ("spoken", "interpreter", "home_school")} <= set(given)


def test_a_wish_goes_with_its_case(alpha: World) -> None:
    accepted = knock(alpha, topic="home", not_them=[alpha.people["second_nurse"]])
    operations.forget(by=MACHINE, request_ids=[accepted.request_id])
    assert not Wish.objects.exists()
    assert not Recusal.objects.exists()
