"""A signed-in account becomes an Actor: what it holds today, in the municipality's own calendar day.

tenants/presence adds the posts it stands in for, and hands the whole to the kernel."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from kernel import clock
from kernel.actor import Actor
from kernel.tenancy import require_current
from tenants.setup.models import Lead, Post


def today() -> date:
    """The local date of the municipality we are inside."""
    return clock.now().astimezone(ZoneInfo(require_current().timezone)).date()


def held_on(day: date) -> Q:
    """Posts held on a local date, of roles and schools that are still there."""
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))


def actor_of_account(account: Any) -> Actor:
    """The Actor of an active account (kernel.actor checks that it is). Two queries; no content."""
    municipality = require_current()
    posts = Post.objects.filter(held_on(today()), account_id=account.pk).values_list("role_id", "school_id")
    leads = Lead.objects.filter(account_id=account.pk).values_list("school_id", flat=True)
    return Actor(
        kind="person",
        id=account.pk,
        name=account.name,
        municipality_id=municipality.id,
        posts=frozenset(posts),
        leads=frozenset(leads),
        is_administrator=bool(account.is_administrator),
        is_operator=bool(account.is_operator) and municipality.kind == "operator",
    )
