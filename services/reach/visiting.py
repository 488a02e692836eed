"""A friend's open conversation in one browser: the cookie `visit`, sealed so that it is no student's, and no row."""

import base64
import binascii
import json
from functools import partial
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kernel import clock
from kernel.actor import Actor
from kernel.crypto.keys import CannotOpen, open_box, seal_box
from kernel.errors import NotFound
from services.contact.other_codes import Entrance
from services.contact.visit import IDLE
from services.reach import operations

_PURPOSE, _ABOUT = "visit", "friend"


def start(response: HttpResponse, by: Actor) -> None:
    """Open, or keep open: 20 minutes from now. It opens nothing by itself: each page asks whether they still may."""
    expires = int((clock.now() + IDLE).timestamp())
    box = seal_box(_PURPOSE, json.dumps([str(by.id), str(by.case_id), expires]).encode(), about=_ABOUT)
    response.set_cookie(
        settings.VISIT_COOKIE_NAME,
        base64.urlsafe_b64encode(box).decode().rstrip("="),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Strict",
    )


def visitor(request: HttpRequest) -> Actor | None:
    """The friend of the open conversation; None without one, after 20 idle minutes, or sealed elsewhere."""
    value = request.COOKIES.get(settings.VISIT_COOKIE_NAME, "")
    if not value or len(value) > 400:
        return None
    try:
        box = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
        friend, case_id, expires = json.loads(open_box(_PURPOSE, box, about=_ABOUT))
    except (binascii.Error, ValueError, CannotOpen):
        return None
    if clock.now().timestamp() >= expires:
        return None
    return Actor(kind="friend", id=UUID(friend), case_id=UUID(case_id))


def entrance(code: str) -> Entrance | None:
    """Where a friend's code leads."""
    try:
        by = operations.enter_as_friend(code)
    except NotFound:
        return None
    return Entrance(reverse("reach:friend"), partial(_start, by))


def _start(by: Actor, response: HttpResponse) -> None:
    start(response, by)
