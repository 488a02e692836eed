"""Levels of assurance, and which one a verb needs. Kept in the sealed session, on allauth's records.

A proof is a second factor of ours, or a sign-in at a provider that says two factors were shown. It is as old as the
moment the person showed it: for a provider its own auth_time, never the moment we were told.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import suspend_request
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from kernel import clock
from kernel.people.access import staff_required
from kernel.people.identity import queries
from kernel.people.models import Account
from kernel.people.queries import has_second_factor
from kernel.people.signing_in import PROVIDER

FRESH_FOR = timedelta(minutes=5)


class Level(IntEnum):
    """How sure we are that it is this person."""

    ONE_FACTOR = 1  # the mailbox, or a provider that says no more
    TWO_FACTORS = 2  # something they have, and something they know or are


@dataclass(frozen=True, slots=True)
class Needs:
    """What a verb needs of the session. `fresh`: shown within the last five minutes (step-up)."""

    level: Level = Level.TWO_FACTORS
    fresh: bool = True


_needs: dict[str, Needs] = {}


def register(needs: Mapping[str, Needs]) -> None:
    """Add a slice's verbs that need a proof of their own."""
    _needs.update(needs)


def needs_of(verb: str) -> Needs:
    """KeyError for a verb that nobody registered: a guard is never left out by a slip."""
    return _needs[verb]


register(dict.fromkeys(("people.change_factors", "people.link_identity"), Needs()))
register(dict.fromkeys(("people.change_identity_provider", "people.test_identity_provider"), Needs()))


def level_of_record(record: Mapping[str, Any]) -> Level:
    """What one record of the session proves."""
    if record.get("method") == "mfa":
        return Level.TWO_FACTORS
    if record.get("method") == PROVIDER and record.get("level") == Level.TWO_FACTORS:
        return Level.TWO_FACTORS
    return Level.ONE_FACTOR


def level(request: HttpRequest, account: Account) -> Level:
    """The highest level that this session has shown."""
    records = get_authentication_records(request, account)
    return max(map(level_of_record, records), default=Level.ONE_FACTOR)


def is_fresh(request: HttpRequest, account: Account, at_least: Level) -> bool:
    """Whether a proof of this level was shown within the last five minutes."""
    shown = [
        moment
        for record in get_authentication_records(request, account)
        if level_of_record(record) >= at_least and (moment := _shown_at(record)) is not None
    ]
    return any(clock.wall().timestamp() - moment <= FRESH_FOR.total_seconds() for moment in shown)


def _shown_at(record: Mapping[str, Any]) -> float | None:
    """When the person showed it: a provider says so itself (auth_time), or it does not count as fresh."""
    said = record.get("auth_time" if record.get("method") == PROVIDER else "at")
    return float(said) if isinstance(said, int | float) else None


def may(request: HttpRequest, account: Account, verb: str) -> bool:
    """Whether this session has what the verb needs."""
    needs = needs_of(verb)
    if level(request, account) < needs.level:
        return False
    return not needs.fresh or is_fresh(request, account, needs.level)


def may_set_up_first_factor(request: HttpRequest, account: Account) -> bool:
    """Whether somebody without a second factor of ours may set one up in this session.

    The mailbox is enough, as at the first sign-in, until the person has come with two factors by a provider that
    is still on: then that is what they show, so that a mailbox never takes over what two factors protect.
    """
    return level(request, account) >= Level.TWO_FACTORS or not queries.strong_identities(account)


def proof_required(verb: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Let only people in whose session has what the verb needs; the others show themselves once more.

    What was posted is kept (in the sealed session) and done after it: nothing typed is lost. Who has nothing to show
    yet and may set up a first factor is let through.
    """
    needs_of(verb)

    def guard(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            person: Any = request.user
            if may(request, person, verb):
                return view(request, *args, **kwargs)
            suspended: HttpResponse = suspend_request(request, reverse("people:confirm"))
            return suspended

        return staff_required(shown)

    return guard


def factor_proof_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """As proof_required("people.change_factors"), but open to whoever sets up the very first factor."""
    guarded = proof_required("people.change_factors")(view)

    @wraps(view)
    def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person: Any = request.user
        if not person.is_authenticated or has_second_factor(person):
            return guarded(request, *args, **kwargs)
        if not may_set_up_first_factor(request, person):
            return HttpResponseRedirect(reverse("people:second_factors"))
        if queries.strong_identities(person):
            return guarded(request, *args, **kwargs)
        return view(request, *args, **kwargs)

    return gate
