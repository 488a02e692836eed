"""Text messages, by the provider that the operator has connected; without one, nobody offers them.

A provider is a function that hands one text over. What it raises: Refused, for a number that no second attempt will
reach; Retry, for everything that may pass. Sources: 46elks.com/docs/send-sms, gatewayapi.com/docs/apis/rest.
"""

import base64
import json
import re
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings

from kernel import outside

#: Mobile numbers of the Nordic countries as their numbering plans have them; others are not texted, as a number that
#: costs by the minute is.
_MOBILE = re.compile(r"\+(?:47[49]\d{7}|467[02369]\d{7}|45[2-9]\d{7}|358(?:4\d|50)\d{5,8})")
_CALLING = {"NO": "47", "SE": "46", "DK": "45", "FI": "358"}

_GSM = "£¥èéùìòÇØøÅåÆæßÉÄÖÑÜ§¿äöñüà"

type Provider = Callable[[str, str], None]


class Retry(Exception):
    """It did not go out, and may another time."""


class Refused(Exception):
    """The provider will never take this number."""


def is_connected() -> bool:
    """Whether text messages can be sent at all."""
    return bool(settings.SMS_PROVIDER)


def mobile_number(typed: str, country: str) -> str:
    """The number in the form of E.164 (+4791234567), of this country where it names none; "" for none of ours."""
    digits = re.sub(r"[\s().-]", "", typed)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if not digits.startswith("+"):
        code = _CALLING.get(country, "")
        digits = f"+{code}{digits.removeprefix('0')}" if code else ""
    return digits if _MOBILE.fullmatch(digits) else ""


def send(number: str, text: str) -> None:
    """Hand one text over. Raises Refused, Retry."""
    if not is_connected():
        raise Retry("no provider of text messages is connected")
    PROVIDERS[settings.SMS_PROVIDER](number, text)


def _elks(number: str, text: str) -> None:
    said = {"from": settings.SMS_SENDER, "to": number, "message": text, "dontlog": "message"}
    pair = base64.b64encode(f"{settings.SMS_USER}:{settings.SMS_SECRET}".encode()).decode()
    _post(
        settings.SMS_URL or "https://api.46elks.com/a1/sms",
        urlencode(said).encode(),
        {"Authorization": f"Basic {pair}", "Content-Type": "application/x-www-form-urlencoded"},
        refused=(400,),
    )


def _gatewayapi(number: str, text: str) -> None:
    said = {
        "sender": settings.SMS_SENDER,
        "message": text,
        "encoding": "UCS2" if _beyond_gsm(text) else "UTF8",
        "recipients": [{"msisdn": number.removeprefix("+")}],
    }
    _post(
        settings.SMS_URL or "https://gatewayapi.eu/rest/mtsms",
        json.dumps(said).encode(),
        {"Authorization": f"Token {settings.SMS_SECRET}", "Content-Type": "application/json"},
        refused=(400, 422),
    )


def _beyond_gsm(text: str) -> bool:
    """Whether a letter is none of GSM 03.38's: Arabic, Cyrillic, Ge'ez, Northern Sami."""
    return any(not letter.isascii() and letter not in _GSM for letter in text)


def _post(url: str, body: bytes, headers: dict[str, str], *, refused: tuple[int, ...]) -> None:
    try:
        answer = outside.ask("POST", url, headers=headers, body=body)
    except outside.Refused as failure:
        raise Retry(failure.why) from None
    if answer.status in refused:
        raise Refused(str(answer.status))
    if not 200 <= answer.status < 300:
        raise Retry(str(answer.status))


PROVIDERS: dict[str, Provider] = {"46elks": _elks, "gatewayapi": _gatewayapi}
