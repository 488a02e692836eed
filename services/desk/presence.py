"""Who is at a request just now: values that expire by themselves, and hold nobody's words.

Kept where other short-lived values of the municipality are (its cache), one a person and request. Nothing of it is
audited or kept: it says who has a page open, for some seconds, to colleagues at the same door.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

from django.core.cache import cache

from kernel import clock
from kernel.actor import Actor
from services.contact.models import ContactRequest
from tenants.presence.queries import accounts, roster
from tenants.setup.actors import today

#: The page asks every ten seconds; whoever has not for three times that is gone.
LASTS = timedelta(seconds=30)
#: Somebody writes who has typed within these seconds.
WRITES_FOR = timedelta(seconds=20)

type Doing = Literal["looking", "writing"]


@dataclass(frozen=True, slots=True)
class Other:
    """A colleague who is at the same request."""

    name: str
    doing: Doing


def note(actor: Actor, request_id: UUID, *, writes: bool = False) -> None:
    """Here now; `writes`: and typing. Forgotten by itself."""
    if actor.id is None:
        return
    key, now = _key(request_id, actor.id), clock.now().timestamp()
    wrote = now if writes else cache.get(key) or 0.0
    cache.set(key, wrote, LASTS.total_seconds())


def leave(actor: Actor, request_id: UUID) -> None:
    """Gone at once."""
    if actor.id is not None:
        cache.delete(_key(request_id, actor.id))


def others(actor: Actor, request: ContactRequest) -> list[Other]:
    """Colleagues at this door who are at the request now, those who write first."""
    door = (request.role_id, request.school_id)
    everybody = roster()
    people = {post.account_id for post in everybody.holders(*door, today())}
    people |= {one for one, role, school in everybody.stand_ins(today()) if (role, school) == door}
    keys = {_key(request.pk, one): one for one in people if one != actor.id}
    here = {keys[key]: wrote for key, wrote in cache.get_many(list(keys)).items()} if keys else {}
    now = clock.now().timestamp()
    found = [
        Other(
            account.get_short_name(),
            "writing" if now - here[account.pk] < WRITES_FOR.total_seconds() else "looking",
        )
        for account in accounts(here)
    ]
    return sorted(found, key=lambda one: (one.doing != "writing", one.name))


def _key(request_id: UUID, account_id: UUID) -> str:
    return f"desk-here:{request_id}:{account_id}"
