"""A signed-in account becomes an Actor: what it holds today, and the doors where it stands in for somebody."""

from dataclasses import replace
from typing import Any

from kernel.actor import Actor
from tenants.presence.queries import roster
from tenants.setup import actors


def actor_of_account(account: Any) -> Actor:
    """Whoever stands in answers at the door of the one who is away, in the same role, while it lasts."""
    actor = actors.actor_of_account(account)
    stood_in = {
        (role_id, school_id)
        for who, role_id, school_id in roster().stand_ins(actors.today())
        if who == account.pk
    }
    return replace(actor, posts=actor.posts | stood_in) if stood_in else actor
