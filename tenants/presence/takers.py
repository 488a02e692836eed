"""Who can take what somebody leaves: substitutes in order, then whoever else answers at the door."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tenants.presence.presence import Roster
from tenants.presence.queries import accounts, roster
from tenants.setup.actors import today
from tenants.setup.leaving import Open

#: "Whoever comes first" as the value of a choice.
POOL = "pool"


@dataclass(frozen=True, slots=True)
class Taker:
    """One who can take it; `account_id` None: it waits at the door. `gets_post`: holds none there yet."""

    account_id: UUID | None
    name: str = ""
    is_substitute: bool = False
    gets_post: bool = False

    @property
    def value(self) -> str:
        return str(self.account_id or POOL)


def takers(leaver_id: UUID, items: Sequence[Open]) -> dict[UUID, list[Taker]]:
    """For each thing who may take it, the best first; empty: nobody answers there but the leaver.

    The first substitute who is there today, then the door's pool, then the others by name. Two queries.
    """
    everybody = roster()
    found = {item.id: _of_one(everybody, leaver_id, item) for item in items}
    wanted = {one.account_id for ones in found.values() for one in ones if one.account_id}
    names = {account.pk: account.name for account in accounts(wanted)}
    return {
        item_id: [
            Taker(one.account_id, names.get(one.account_id, ""), one.is_substitute, one.gets_post)
            if one.account_id
            else one
            for one in ones
            if one.account_id is None or one.account_id in names
        ]
        for item_id, ones in found.items()
    }


def _of_one(everybody: Roster, leaver_id: UUID, item: Open) -> list[Taker]:
    day = today()
    held = everybody.holders(item.role_id, item.school_id, day)
    others = [post.account_id for post in held if post.account_id != leaver_id]
    named = [who for post in held if post.account_id == leaver_id
             for who in everybody.substitutes.get(post.post_id, ())]  # fmt: skip
    substitutes = sorted(dict.fromkeys(named), key=lambda who: not everybody.works_in(who, item.role_id, day))
    pool = [Taker(None)] if others else []
    rest = [who for who in dict.fromkeys(others) if who not in substitutes]
    return [
        *(Taker(who, is_substitute=True, gets_post=who not in others) for who in substitutes),
        *pool,
        *(Taker(who) for who in rest),
    ]
