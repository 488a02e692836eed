"""Text messages over HTTP, as 46elks and GatewayAPI take them; numbers that cost, or are none, are not texted."""

import base64
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest

from kernel.outbox import texting
from tests.kernel.outbox.provider import Provider, provider

NUMBER = "+4791234567"


@pytest.fixture
def served(settings: Any) -> Iterator[Provider]:
    with provider() as here:
        settings.SMS_URL, settings.SMS_SECRET, settings.SMS_USER = here.url, "hemmelig", "u1"
        settings.SMS_SENDER = "Info"
        yield here


@pytest.mark.parametrize(
    ("typed", "country", "number"),
    [
        ("912 34 567", "NO", NUMBER),
        ("+47 912-34-567", "SE", NUMBER),
        ("0047 91234567", "DK", NUMBER),
        ("070-123 45 67", "SE", "+46701234567"),
        ("20 12 34 56", "DK", "+4520123456"),
        ("040 1234567", "FI", "+358401234567"),
        ("22 33 44 55", "NO", ""),  # not a mobile
        ("820 12 345", "NO", ""),  # costs by the minute
        ("+1 202 555 0100", "NO", ""),
        ("+44 7700 900123", "SE", ""),
        ("912 34 56", "NO", ""),
        ("helsesykepleier", "NO", ""),
        ("91234567; 41234567", "NO", ""),
        ("٩١٢٣٤٥٦٧", "NO", ""),
        ("", "NO", ""),
        ("912 34 567", "XX", ""),
    ],
)
def test_a_number_is_read_as_it_is_typed_here(typed: str, country: str, number: str) -> None:
    assert texting.mobile_number(typed, country) == number


def test_46elks_gets_a_form_and_is_asked_to_keep_no_words(served: Provider, settings: Any) -> None:
    settings.SMS_PROVIDER = "46elks"
    texting.send(NUMBER, "Det er noe nytt")
    ((headers, body),) = served.got
    assert base64.b64decode(headers["authorization"].removeprefix("Basic ")) == b"u1:hemmelig"
    assert parse_qs(body) == {
        "from": ["Info"], "to": [NUMBER], "message": ["Det er noe nytt"], "dontlog": ["message"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "encoding"), [("Noe nytt på døra", "UTF8"), ("Щось нове", "UCS2"), ("ođas", "UCS2")]
)
def test_gatewayapi_gets_json_in_signs_the_phone_can_show(
    served: Provider, settings: Any, text: str, encoding: str
) -> None:
    settings.SMS_PROVIDER = "gatewayapi"
    texting.send(NUMBER, text)
    ((headers, body),) = served.got
    assert headers["authorization"] == "Token hemmelig"
    said = {"sender": "Info", "message": text, "encoding": encoding, "recipients": [{"msisdn": NUMBER[1:]}]}
    assert json.loads(body) == said


@pytest.mark.parametrize("name", texting.PROVIDERS)
@pytest.mark.parametrize(
    ("status", "raised"),
    [(400, texting.Refused), (401, texting.Retry), (403, texting.Retry), (429, texting.Retry), (500, texting.Retry),
     (302, texting.Retry)],
)  # fmt: skip
def test_only_a_number_that_never_works_is_given_up(
    served: Provider, settings: Any, name: str, status: int, raised: type[Exception]
) -> None:
    settings.SMS_PROVIDER, served.status = name, status
    with pytest.raises(raised):
        texting.send(NUMBER, "Noe nytt")


def test_without_a_provider_it_waits_and_one_that_is_away_is_tried_again(settings: Any) -> None:
    with pytest.raises(texting.Retry):
        texting.send(NUMBER, "Noe nytt")
    settings.SMS_PROVIDER, settings.SMS_URL = "46elks", "http://sms.localhost:9/send"
    with pytest.raises(texting.Retry):
        texting.send(NUMBER, "Noe nytt")
