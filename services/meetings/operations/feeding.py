"""The secret address of one's own calendar feed: made, replaced, revoked. Shown once; only its keyed hash is kept."""

import secrets

from django.db import transaction

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.permissions import require
from services.meetings.feed import token_hash
from services.meetings.models import CalendarFeed
from services.meetings.operations.fetching import account_of


@transaction.atomic
def make_feed(*, by: Actor) -> str:
    """A new token of 256 bits; the one before opens nothing any more. Returns it, alone, once."""
    require(by, "meetings.make_feed")
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(
        account_id=account_of(by), defaults={"token_hash": token_hash(token), "made_at": clock.now()}
    )
    record(by=by, verb="meetings.make_feed", kind="account", object_id=by.id)
    return token


@transaction.atomic
def revoke_feed(*, by: Actor) -> None:
    """The address opens nothing any more. None there: nothing happens."""
    require(by, "meetings.make_feed")
    if CalendarFeed.objects.filter(account_id=account_of(by)).delete()[0]:
        record(by=by, verb="meetings.revoke_feed", kind="account", object_id=by.id)
