"""Browsers in which somebody has signed in before: counted apart from strangers, so that no stranger locks them out.

A cookie for 90 days, of this host alone, that no script reads. For each of at most five accounts it holds a random
number, a day and a mark over both under the municipality's own key; nothing about anybody. It opens nothing.
"""

import hmac
import secrets
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kernel import clock
from kernel.crypto import keys
from kernel.people.models import Account

LIFE = timedelta(days=90)
#: People who share a computer; the one who signed in longest ago is forgotten first.
MOST_PEOPLE = 5
#: What a session remembers when its browser has been given the cookie.
GIVEN = "known_browser"


def mark_of(request: HttpRequest, account: Account | None) -> str:
    """The random number of this browser, when this account has signed in here; else ""."""
    if account is None:
        return ""
    return next((_number(one) for one in _held(request) if _is_of(one, account)), "")


def remember(request: HttpRequest, response: HttpResponse, account: Account) -> None:
    """This account has shown its second factor here: the browser is known for 90 days from now."""
    others = [one for one in _held(request) if not _is_of(one, account)]
    last_day = (clock.now() + LIFE).date().toordinal()
    fresh = f"{secrets.token_hex(8)}.{last_day}"
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        "_".join([f"{fresh}.{_seal(fresh, account)}", *others][:MOST_PEOPLE]),
        max_age=int(LIFE.total_seconds()),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Strict",
    )


def _held(request: HttpRequest) -> list[str]:
    return request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, "")[:1000].split("_")[:MOST_PEOPLE]


def _number(mark: str) -> str:
    return mark.partition(".")[0]


def _is_of(mark: str, account: Account) -> bool:
    said, _dot, seal = mark.rpartition(".")
    if not said or not hmac.compare_digest(seal.encode(), _seal(said, account).encode()):
        return False
    return int(said.partition(".")[2]) >= clock.now().date().toordinal()


def _seal(said: str, account: Account) -> str:
    """Bound to the municipality (its key), the account, and what "sign out everywhere" changes."""
    return keys.keyed_hash("session", f"known|{account.pk}|{account.password}|{said}".encode()).hex()[:40]
