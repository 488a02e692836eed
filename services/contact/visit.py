"""The open conversation of one browser: a cookie `visit`, sealed under the municipality's key, and no row.

It holds the conversation's id, an expiry 20 minutes after the last page, and whether it is read by the simple door
(views/simple.py); it goes with the browser session.
"""

import base64
import binascii
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kernel import clock
from kernel.actor import Actor, student
from kernel.crypto.keys import CannotOpen, open_box, seal_box
from kernel.tenancy import signing

IDLE = timedelta(minutes=20)
_PURPOSE = "visit"
SIMPLE = "simple"


def start(response: HttpResponse, case_id: UUID, *, simple: bool = False) -> None:
    """Open, or keep open, the conversation in this browser: 20 minutes from now. `simple`: in few words."""
    expires = int((clock.now() + IDLE).timestamp())
    held = [str(case_id), expires, *([SIMPLE] if simple else [])]
    box = seal_box(_PURPOSE, json.dumps(held).encode())
    response.set_cookie(
        settings.VISIT_COOKIE_NAME,
        base64.urlsafe_b64encode(box).decode().rstrip("="),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Strict",
    )


def end(response: HttpResponse) -> None:
    """Forget the conversation in this browser."""
    response.delete_cookie(settings.VISIT_COOKIE_NAME, samesite="Strict")


def leave(response: HttpResponse) -> None:
    """Forget in this browser the conversation, and who its student has shown themselves to be (services/eid)."""
    end(response)
    response.delete_cookie(settings.EID_COOKIE_NAME, samesite="Strict")
    response.delete_cookie(settings.EID_WAY_COOKIE_NAME, samesite="Lax")


def visitor(request: HttpRequest) -> Actor | None:
    """The student of the open conversation; None without one, after 20 idle minutes, or sealed elsewhere."""
    held = _held(request)
    return student(UUID(held[0])) if held and clock.now().timestamp() < held[1] else None


def is_simple(request: HttpRequest) -> bool:
    """Whether the open conversation is read by the simple door."""
    held = _held(request)
    return held is not None and SIMPLE in held[2:]


def _held(request: HttpRequest) -> list[Any] | None:
    value = request.COOKIES.get(settings.VISIT_COOKIE_NAME, "")
    if not value or len(value) > 400:
        return None
    try:
        held = json.loads(open_box(_PURPOSE, base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))))
    except (binascii.Error, ValueError, CannotOpen):
        return None
    return held if isinstance(held, list) and len(held) >= 2 else None


def proof(case_id: UUID) -> str:
    """What our own form carries and another site cannot know:

    the conversation, signed for this municipality.
    """
    return signing.dumps(str(case_id), purpose="visit-proof")


def is_proven(request: HttpRequest, case_id: UUID) -> bool:
    """Whether the posted form is our own page's, of this conversation."""
    return proven(request) == case_id


def proven(request: HttpRequest) -> UUID | None:
    """Whose own page the posted form is; None: nobody's."""
    try:
        return UUID(str(signing.loads(request.POST.get("proof", ""), purpose="visit-proof")))
    except (signing.BadSignature, ValueError):
        return None
