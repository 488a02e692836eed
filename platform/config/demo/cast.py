"""Who is in the demo of this host, as the page lists them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from kernel.actor import Actor, actor_for
from kernel.people import queries
from kernel.people.models import Account


@dataclass(frozen=True, slots=True)
class Member:
    """One person to be: the address on the button, the name, and what they do here."""

    email: str
    name: str
    does: str


def members() -> list[Member]:
    """Invented, active people of the municipality we are inside, helpers first."""
    people = [one for one in queries.accounts(active=True) if one.is_invented]
    order = {"helper": 0, "lead": 1, "administrator": 2, "operator": 3, "": 4}
    kinds = {one.pk: _kind(actor_for(one)) for one in people}
    people.sort(key=lambda one: (order[kinds[one.pk]], one.created_at, one.email))
    return [Member(one.email, one.name, _does(one, kinds[one.pk])) for one in people]


def _kind(actor: Actor) -> str:
    if actor.is_operator:
        return "operator"
    if actor.is_helper:
        return "helper"
    if actor.is_lead:
        return "lead"
    return "administrator" if actor.is_administrator else ""


def _does(account: Account, kind: str) -> str:
    """The role in words: names of the roles for a helper, the kind for the others."""
    words = {
        "helper": _("helper"),
        "lead": _("lead"),
        "administrator": _("administrator"),
        "operator": _("operator"),
        "": _("no post yet"),
    }
    return words[kind]
