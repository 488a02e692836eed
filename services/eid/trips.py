"""What waits while a student is at the provider, and the cookie that alone can open it.

Decision 0003 allows no draft: a row that somebody could read is content nobody sent. This one nobody can read: the key
is drawn when the student sets out, and lies only in the cookie `eid-way`, sealed under the municipality's key (so the
device alone cannot read it either, nor can we without the device). SameSite=Lax, as the way back leads over another
site. At most a few trips at once: two tabs do not disturb each other.
"""

import base64
import binascii
import json
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kernel import clock
from kernel.crypto import keys
from kernel.tenancy import require_current

LIVES = timedelta(minutes=15)
MOST = 4
_PURPOSE, _ABOUT = "visit", "eid-way"


@dataclass(frozen=True, slots=True)
class Ticket:
    """Which trip, and the key to what waits for it."""

    id: UUID
    key: bytes
    until: int

    @property
    def name(self) -> str:
        """How an address and the state speak of it: opens nothing."""
        return self.id.hex


@dataclass(frozen=True, slots=True)
class Luggage:
    """What waits. `aim`: knock, see (their conversations) or tell (who they are, in `case`). `said`: the journey's
    answers. `is_asked`: the provider's answer has come, and its code is used. `who` and `name`, or `why` not.
    """

    aim: str
    provider: str
    state: str
    nonce: str
    verifier: str
    said: dict[str, str] = field(default_factory=dict)
    case: str = ""
    is_asked: bool = False
    who: str = ""
    name: str = ""
    mark: str = ""
    why: str = ""

    def with_(self, **more: Any) -> "Luggage":
        return replace(self, **more)


def seal(ticket_id: UUID, key: bytes, luggage: Luggage) -> bytes:
    return keys.seal(key, json.dumps(asdict(luggage)).encode(), _place(ticket_id))


def unseal(ticket_id: UUID, key: bytes, box: bytes) -> Luggage:
    """Raises CannotOpen."""
    return Luggage(**json.loads(keys.unseal(key, box, _place(ticket_id))))


def _place(ticket_id: UUID) -> bytes:
    return f"eid-trip:{require_current().id}:{ticket_id}".encode()


def tickets(request: HttpRequest) -> list[Ticket]:
    """Those of this browser whose time has not passed, the newest last."""
    value = request.COOKIES.get(settings.EID_WAY_COOKIE_NAME, "")
    if not value or len(value) > 1500:
        return []
    try:
        box = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
        rows = json.loads(keys.open_box(_PURPOSE, box, about=_ABOUT))
        found = [Ticket(UUID(name), base64.b64decode(key), until) for name, key, until in rows]
    except (binascii.Error, ValueError, keys.CannotOpen):
        return []
    now = clock.now().timestamp()
    return [one for one in found if one.until > now]


def named(request: HttpRequest, name: str) -> Ticket | None:
    """This browser's ticket of that name."""
    return next((one for one in tickets(request) if one.name == name), None)


def of_state(request: HttpRequest, state: str) -> Ticket | None:
    """The ticket of the trip that this state was made for, if it is this browser's."""
    return named(request, state.partition(".")[0])


def hand(request: HttpRequest, response: HttpResponse, ticket: Ticket) -> None:
    """Give the browser a ticket; of several the oldest goes."""
    kept = [*(one for one in tickets(request) if one.id != ticket.id), ticket][-MOST:]
    rows = [[one.name, base64.b64encode(one.key).decode(), one.until] for one in kept]
    box = keys.seal_box(_PURPOSE, json.dumps(rows).encode(), about=_ABOUT)
    response.set_cookie(
        settings.EID_WAY_COOKIE_NAME,
        base64.urlsafe_b64encode(box).decode().rstrip("="),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
