"""The rules of a staff session: what it proves, how long it lasts. On allauth's records."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from kernel import clock, screen
from kernel.people.models import Account

STARTED, SEEN = "started", "seen"
#: What was typed at /sign-in/, kept until it is of use so that nobody types it twice.
TYPED = "sign_in_email"
#: `seen` is written at most this often, so that a click costs no write.
SEEN_EVERY = 60.0  # seconds


#: The method of the record that a sign-in by a provider leaves; `level` 2 in it: two factors were shown there.
PROVIDER = "provider"


def second_factor_proved(request: HttpRequest, account: Account) -> bool:
    """Whether this very session has shown two factors, here or to a provider that says so.

    Having set one up elsewhere does not count.
    """
    records = get_authentication_records(request, account)
    return any(
        record.get("method") == "mfa" or (record.get("method") == PROVIDER and record.get("level") == 2)
        for record in records
    )


def provider_record(request: HttpRequest, account: Account) -> dict[str, Any] | None:
    """What this session knows of the provider it came by (issuer, subject, acr, amr, auth_time): the newest."""
    records = [one for one in get_authentication_records(request, account) if one.get("method") == PROVIDER]
    return records[-1] if records else None


def prove_second_factor(request: HttpRequest, account: Account, *, kind: str) -> None:
    """Record that this session has shown a second factor just now (`kind`: totp, webauthn, demo)."""
    record_authentication(request, account, method="mfa", type=kind, reauthenticated=True)


def sign_in_now(request: HttpRequest, account: Account, *, kind: str) -> None:
    """Sign `account` in on this request with everything proved. For the demo, and for tests."""
    get_adapter().login(request, account)
    prove_second_factor(request, account, kind=kind)
    UserSession.objects.create_from_request(request)


def start(request: HttpRequest) -> None:
    """Start the session's two clocks, and forget the address that was typed to get here."""
    request.session.pop(TYPED, None)
    request.session[STARTED] = request.session[SEEN] = clock.now().timestamp()


def is_over(request: HttpRequest) -> bool:
    """Whether the session has been idle or alive for too long, or does not say."""
    now = clock.now().timestamp()
    started, seen = request.session.get(STARTED), request.session.get(SEEN)
    if not isinstance(started, float) or not isinstance(seen, float):
        return True
    return now - started >= settings.STAFF_SESSION_SECONDS or now - seen >= screen.idle_seconds(request)


def was_seen(request: HttpRequest) -> None:
    """Move the idle clock on."""
    now = clock.now().timestamp()
    if now - request.session[SEEN] >= SEEN_EVERY:
        request.session[SEEN] = now


def _on_login(sender: object, request: HttpRequest | None = None, **kwargs: object) -> None:
    if request is not None and hasattr(request, "session"):
        start(request)


user_logged_in.connect(_on_login, dispatch_uid="people.start_session")
