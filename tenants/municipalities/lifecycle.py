"""The lifecycle of a municipality, as a table. Pure.

rehearsal: invented people · live: real students · suspended: closed for now, all is kept · ended: over.
"""

from collections.abc import Mapping

MOVES: Mapping[str, frozenset[str]] = {
    "rehearsal": frozenset({"live", "ended"}),
    "live": frozenset({"suspended", "ended"}),
    "suspended": frozenset({"live", "ended"}),
    "ended": frozenset(),
}


def may_move(from_state: str, to_state: str) -> bool:
    """Whether a municipality in one state can go to the other."""
    return to_state in MOVES[from_state]
