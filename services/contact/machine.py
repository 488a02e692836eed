"""The handover as a table: in which state it is, what may happen to it, and what it is then. Pure.

offered → accepted → contacted, or back with the one who had it. While it is offered the request stays where it is;
from accepting on it is the receiver's. At no moment is it nobody's: acts move it from one to the other at once.
"""

from collections.abc import Sequence
from typing import Final, Literal, Protocol

type State = Literal[
    "offered",  # waits for an answer; the old holder answers the student
    "accepted",  # the receiver has it, and the student waits for the first word
    "contacted",  # the receiver has reached the student: done
    "declined",  # by the person, or by everybody of the role; or nobody is left who could answer (nobodys_no.py)
    "expired",  # nobody answered in time
    "withdrawn",  # by the one who has it, or because the request was closed
    "refused",  # by the student
    "over",  # the request was closed before the first contact; asked again, it is the receiver's (or their door's)
]
type Act = Literal["accept", "decline", "lapse", "expire", "withdraw", "refuse", "contact", "unsay", "close"]

TABLE: Final[dict[tuple[State, Act], State]] = {
    ("offered", "accept"): "accepted",
    ("offered", "decline"): "declined",
    ("offered", "lapse"): "declined",
    ("offered", "expire"): "expired",
    ("offered", "withdraw"): "withdrawn",
    ("offered", "refuse"): "refused",
    ("offered", "close"): "withdrawn",
    ("accepted", "contact"): "contacted",
    ("accepted", "refuse"): "refused",
    ("accepted", "close"): "over",
    ("contacted", "refuse"): "refused",
    (
        "over",
        "refuse",
    ): "refused",  # the student asked again, and the request is with the receiver, or at their door
    ("contacted", "unsay"): "accepted",  # the first word was taken back before the student saw it
}

#: A request has at most one of these.
LIVE: Final[tuple[State, ...]] = ("offered", "accepted")
#: The receiver has (or had) the request by it: what they may read begins where it says.
IN_FORCE: Final[tuple[State, ...]] = ("accepted", "contacted", "over")
#: Over without the receiver: the one who had it has it still, or again.
BACK: Final[tuple[State, ...]] = ("declined", "expired", "withdrawn", "refused")


def after(state: str, act: Act) -> State | None:
    """The state that follows; None when the act cannot happen (any more)."""
    return TABLE.get((state, act))  # type: ignore[arg-type]  # a stored state is one of them


class _Stands(Protocol):
    @property
    def state(self) -> str: ...


def standing[One: _Stands](chain: Sequence[One]) -> One | None:
    """Of the handovers of a request, oldest first, the one that a student's no is about: what is offered; else the one
    by which somebody has it. What came to nothing since takes no right away.
    """
    offered = (one for one in chain if one.state == "offered")
    in_force = (one for one in reversed(chain) if one.state in IN_FORCE)
    return next(offered, None) or next(in_force, None)


def opens_after(shares: str, *, giver: int, offered: int, now: int) -> int:
    """After which message the receiver may read: 0 opens all. Never more than the giver could.

    giver    after which message the giver could read      offered   the last message when it was offered
    now      the last message now, at accepting
    """
    return max(giver, {"everything": 0, "onward": offered}.get(shares, now))
