"""A text message that says that there is something new, where the operator has connected a provider."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.core import mail

from kernel.errors import Invalid
from kernel.outbox import operations as outbox
from kernel.outbox.models import Message
from services.contact import operations as contact
from services.contact.operations import Accepted
from services.reach import operations
from services.reach.models import NoticeWish
from tests.cast import World
from tests.kernel.outbox.provider import Provider, provider
from tests.services.contact.people import SECRET, knock, visitor
from tests.services.contact.test_pages import hidden

pytestmark = pytest.mark.django_db
TYPED, NUMBER = "912 34 567", "+4791234567"


@pytest.fixture
def served(settings: Any) -> Iterator[Provider]:
    with provider() as here:
        settings.SMS_PROVIDER, settings.SMS_URL, settings.SMS_SECRET = "46elks", here.url, "hemmelig"
        yield here


def asked(world: World, *, each_time: bool = True, language: str = "nb", address: str = TYPED) -> Accepted:
    accepted = knock(world)
    operations.ask_notice(
        by=visitor(accepted),
        request_id=accepted.request_id,
        address=address,
        each_time=each_time,
        language=language,
    )
    return accepted


def reply(world: World, accepted: Accepted) -> None:
    contact.reply(by=world.actor("nurse"), request_id=accepted.request_id, text="Hei du")


def pass_on(clock: Any, **more: float) -> None:
    clock.shift(timedelta(minutes=2) if not more else timedelta(**more))
    outbox.send_all_due()


def texts(served: Provider) -> list[dict[str, list[str]]]:
    return [parse_qs(body) for _headers, body in served.got]


def test_a_reply_is_told_by_one_sentence_to_the_number(alpha: World, clock: Any, served: Provider) -> None:
    accepted = asked(alpha)
    reply(alpha, accepted)
    pass_on(clock)
    (text,) = texts(served)
    assert text["to"] == [NUMBER]
    said = text["message"][0]
    assert said == "Det er noe nytt til deg. Du vet hvor du skal se."
    assert not [word for word in (SECRET, "Hei du", "Solhaug", "http", "Alfa") if word in said]
    assert not [one for one in mail.outbox if one.to == [NUMBER] or "nytt" in one.body]
    reply(alpha, accepted)
    pass_on(clock)
    assert len(served.got) == 1, "never two before they have looked"


def test_once_means_that_the_number_goes_with_the_message(alpha: World, clock: Any, served: Provider) -> None:
    accepted = asked(alpha, each_time=False)
    assert NoticeWish.objects.get().by_text
    reply(alpha, accepted)
    pass_on(clock)
    assert not NoticeWish.objects.exists()
    assert Message.objects.get(channel="sms").sealed is None


def test_a_provider_that_is_away_is_tried_again_and_a_number_that_never_works_is_forgotten(
    alpha: World, clock: Any, served: Provider
) -> None:
    accepted = asked(alpha)
    reply(alpha, accepted)
    served.status = 503
    pass_on(clock)
    assert NoticeWish.objects.get().address is not None
    served.status = 400
    pass_on(clock, minutes=30)
    wish = NoticeWish.objects.get()
    assert wish.address is None
    assert wish.failed_at is not None
    assert Message.objects.get(channel="sms").last_error.startswith("Refused")


def test_an_address_stays_an_e_mail(alpha: World, clock: Any, served: Provider) -> None:
    accepted = asked(alpha, address="only.mine@post.example.net")
    reply(alpha, accepted)
    pass_on(clock)
    assert not served.got
    assert any("only.mine@post.example.net" in one.to for one in mail.outbox)


@pytest.mark.parametrize("address", ["22 33 44 55", "+1 202 555 0100", "hjem", "82012345"])
def test_a_number_that_is_no_mobile_of_ours_is_refused_in_words(
    alpha: World, served: Provider, address: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        asked(alpha, address=address)
    assert [error.field for error in refusal.value.errors] == ["address"]


def test_without_a_provider_nobody_offers_it(alpha: World) -> None:
    with pytest.raises(Invalid):
        asked(alpha)


def test_the_page_says_what_it_is_and_loses_nothing(alpha: World, at: Any, served: Provider) -> None:
    client = at(alpha.alpha, headers={"accept-language": "en"})
    accepted = knock(alpha)
    client.post("/receipt/", {"receipt": accepted.receipt})
    page = client.get("/conversation/").text
    assert "We can send you a short e-mail or text message." in page
    assert "a text message from Info." in page
    kept = {name: value for name, value in hidden(page).items() if name in ("proof", "once")}
    refused = client.post(
        "/conversation/notice/", {**kept, "act": "ask", "address": "22 33 44 55", "often": "each"}
    )
    assert refused.status_code == 422
    assert "Write an e-mail address, or the number of a mobile phone." in refused.text
    assert 'value="22 33 44 55"' in refused.text
    kept = {name: value for name, value in hidden(refused.text).items() if name in ("proof", "once")}
    client.post("/conversation/notice/", {**kept, "act": "ask", "address": TYPED, "often": "each"})
    page = client.get("/conversation/").text
    assert "You get a text message each time there is something new." in page
    assert "Delete my number now" in page
    assert NUMBER not in page
