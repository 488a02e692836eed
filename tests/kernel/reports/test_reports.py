"""An error report carries nothing of anybody: canaries are planted everywhere, and every byte is searched."""

import json
import logging

import pytest
import sentry_sdk
from django.http import HttpRequest
from django.test import RequestFactory
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from kernel import reports

CANARY = "kanarifugl-7431"


class Kept(Transport):
    """A wire that keeps what was to be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.sent.append(envelope.serialize())


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch):
    kept = Kept()
    start = sentry_sdk.init
    monkeypatch.setattr(sentry_sdk, "init", lambda **options: start(**options, transport=kept))
    reports.start("https://key@errors.example/1", "test")
    yield kept
    start(dsn="")


def _fail(request: HttpRequest) -> None:
    secret_local = CANARY
    logging.getLogger("lavterskel").warning("breadcrumb %s", CANARY)
    sentry_sdk.set_user({"id": CANARY, "email": f"{CANARY}@x.example", "ip_address": "203.0.113.7"})
    sentry_sdk.set_tag("municipality", "17")
    sentry_sdk.set_tag("free", CANARY)
    sentry_sdk.set_context("case", {"text": CANARY})
    sentry_sdk.set_extra("text", CANARY)
    raise ValueError(f"could not send {secret_local}")


def test_no_canary_leaves_the_house(wire: Kept) -> None:
    request = RequestFactory().post(
        f"/receipt/?code={CANARY}", {"text": CANARY}, HTTP_COOKIE=f"visit={CANARY}", HTTP_USER_AGENT=CANARY
    )
    try:
        _fail(request)
    except ValueError:
        sentry_sdk.capture_exception()
    sentry_sdk.capture_message(CANARY)
    sentry_sdk.flush()
    assert wire.sent, "the report itself must arrive"
    everything = b"\n".join(wire.sent)
    assert CANARY.encode() not in everything
    assert b"203.0.113.7" not in everything
    assert b"ValueError" in everything
    assert b'"municipality":"17"' in everything.replace(b" ", b"")


def test_the_address_is_reported_as_its_pattern() -> None:
    event = {
        "request": {
            "url": f"http://alfa.localhost/desk/{'0' * 8}-0000-4000-8000-{'0' * 12}/?q={CANARY}",
            "method": "GET",
        }
    }
    clean = reports.only_what_is_allowed(event, {})
    assert CANARY not in json.dumps(clean)
    assert "0000-4000" not in json.dumps(clean)


def test_without_an_address_nothing_is_ever_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentry_sdk, "init", lambda **options: pytest.fail("switched on without a DSN"))
    reports.start("", "test")
