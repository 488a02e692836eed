"""Who can take what somebody leaves: substitutes in order, whoever else answers at the door, then the same role at
other schools.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tenants.presence.presence import Roster
from tenants.presence.queries import accounts, roster
from tenants.presence.stepping_in import who_could_step_in
from tenants.setup.actors import today
from tenants.setup.leaving import Open

#: "Whoever comes first" as the value of a choice.
POOL = "pool"


@dataclass(frozen=True, slots=True)
class Taker:
    """One who can take it; `account_id` None: it waits at the door. `gets_post`: holds none there yet. `at`: the other
    schools where they are, of somebody from elsewhere.
    """

    account_id: UUID | None
    name: str = ""
    is_substitute: bool = False
    gets_post: bool = False
    at: tuple[str, ...] = ()

    @property
    def value(self) -> str:
        return str(self.account_id or POOL)


def takers(leaver_id: UUID, items: Sequence[Open], reader_id: UUID | None) -> dict[UUID, list[Taker]]:
    """For each thing who may take it, the best first; empty: nobody of its role is there but the leaver.

    The same people for everything of a door, also whose it cannot be: a name that is missing would tell to whom a
    student said no (who is chosen all the same does not get it: `tenants.setup.operations`). Whoever reads the list
    stands in none by name, so that they never miss themself ("whoever of the role" has room for them). What came from
    outside a school is offered at its door alone.

    The first substitute who is there today, then the door's pool, then the others by name; then who has the same role
    at other schools and stands under the same duty of secrecy (nobody lent by agreement: that is an act of its own).
    """
    everybody = roster()
    elsewhere = who_could_step_in({(item.role_id, item.school_id) for item in items})
    found = {item.id: _of_one(everybody, leaver_id, item) for item in items}
    wanted = {one.account_id for ones in found.values() for one in ones if one.account_id}
    names = {account.pk: account.name for account in accounts(wanted)}
    named = {
        item_id: [
            Taker(one.account_id, names.get(one.account_id, ""), one.is_substitute, one.gets_post)
            if one.account_id
            else one
            for one in ones
            if one.account_id is None or (one.account_id in names and one.account_id != reader_id)
        ]
        for item_id, ones in found.items()
    }
    for item in items:
        known = {leaver_id, reader_id, *(one.account_id for one in named[item.id])}
        door = None if item.from_outside else elsewhere.get((item.role_id, item.school_id))
        named[item.id] += [
            Taker(one.account_id, one.name, gets_post=True, at=one.at)
            for one in (door.elsewhere if door else ())
            if one.account_id not in known
        ]
    return named


def _of_one(everybody: Roster, leaver_id: UUID, item: Open) -> list[Taker]:
    day = today()
    held = everybody.holders(item.role_id, item.school_id, day)
    others = [post.account_id for post in held if post.account_id != leaver_id]
    named = [who for post in held if post.account_id == leaver_id
             for who in everybody.substitutes.get(post.post_id, ())]  # fmt: skip
    substitutes = sorted(dict.fromkeys(named), key=lambda who: not everybody.works_in(who, item.role_id, day))
    # Also where nobody of them may: then those in charge are told, and the list does not say who that is.
    pool = [Taker(None)] if any(post.account_id != leaver_id for post in held) else []
    rest = [who for who in dict.fromkeys(others) if who not in substitutes]
    return [
        *(Taker(who, is_substitute=True, gets_post=who not in others) for who in substitutes),
        *pool,
        *(Taker(who) for who in rest),
    ]
