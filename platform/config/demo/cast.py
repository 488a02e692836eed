"""Who is in the demo of this host, as the page lists them."""

from dataclasses import dataclass

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kernel.actor import Actor, actor_for
from kernel.people import queries
from kernel.people.models import Account
from tenants.setup.models import Post

#: Schools named for one person; the rest are counted.
SHOWN = 3


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
    people.sort(key=lambda one: (order[kinds[one.pk]], one.email.partition("@")[0]))
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
    """The role in words: role and schools for a helper, the kind for the others."""
    if kind == "helper":
        return _posts(account)
    words = {
        "lead": _("lead"),
        "administrator": _("administrator"),
        "operator": _("operator"),
        "": _("no post yet"),
    }
    return words[kind]


def _posts(account: Account) -> str:
    """ "Helsesykepleier: Rosthaug vgs, Drammen vgs" """
    language = get_language() or ""
    places: dict[str, list[str]] = {}
    for post in (
        Post.objects.filter(account=account).select_related("role", "school").order_by("school__name")
    ):
        names = post.role.names
        places.setdefault(names.get(language) or next(iter(names.values())), []).append(post.school.name)
    return "; ".join(f"{role}: {_some(schools)}" for role, schools in places.items())


def _some(schools: list[str]) -> str:
    if len(schools) <= SHOWN:
        return ", ".join(schools)
    return ngettext(
        "%(first)s and %(more)s more school", "%(first)s and %(more)s more schools", len(schools) - SHOWN
    ) % {
        "first": ", ".join(schools[:SHOWN]),
        "more": len(schools) - SHOWN,
    }
