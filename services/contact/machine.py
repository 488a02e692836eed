"""The handover as a table: in which state it is, what may happen to it, and what it is then. Pure.

offered → accepted → contacted, or back with the one who had it. While it is offered the request stays where it is;
from accepting on it is the receiver's. At no moment is it nobody's: acts move it from one to the other at once.
"""

from typing import Final, Literal

type State = Literal[
    "offered",  # waits for an answer; the old holder answers the student
    "accepted",  # the receiver has it, and the student waits for the first word
    "contacted",  # the receiver has reached the student: done
    "declined",  # by the person, or by everybody of the role
    "expired",  # nobody answered in time
    "withdrawn",  # by the one who has it, or because the request was closed
    "refused",  # by the student
    "over",  # the request was closed before the first contact
]
type Act = Literal["accept", "decline", "expire", "withdraw", "refuse", "contact", "unsay", "close"]

TABLE: Final[dict[tuple[State, Act], State]] = {
    ("offered", "accept"): "accepted",
    ("offered", "decline"): "declined",
    ("offered", "expire"): "expired",
    ("offered", "withdraw"): "withdrawn",
    ("offered", "refuse"): "refused",
    ("offered", "close"): "withdrawn",
    ("accepted", "contact"): "contacted",
    ("accepted", "refuse"): "refused",
    ("accepted", "close"): "over",
    ("contacted", "refuse"): "refused",
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


def opens_after(shares: str, *, giver: int, offered: int, now: int) -> int:
    """After which message the receiver may read: 0 opens all. Never more than the giver could.

    giver    after which message the giver could read      offered   the last message when it was offered
    now      the last message now, at accepting
    """
    return max(giver, {"everything": 0, "onward": offered}.get(shares, now))
