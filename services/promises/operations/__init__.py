"""The verbs of promises: the only code that writes."""

from services.promises.operations.clocks import (
    FOLLOWS_WITHIN,
    break_overdue,
    break_promise,
    give,
    give_instead,
    give_until,
    keep,
    pause,
    remind,
    resume,
    undo_give,
    undo_keep,
)
from services.promises.operations.explaining import CORRECTED_WITHIN, explain, undo_explain
from services.promises.operations.standing import end, follow, lay_down, pass_to, turn_into, undo_end

__all__ = [
    "CORRECTED_WITHIN",
    "FOLLOWS_WITHIN",
    "break_overdue",
    "break_promise",
    "end",
    "explain",
    "follow",
    "give",
    "give_instead",
    "give_until",
    "keep",
    "lay_down",
    "pass_to",
    "pause",
    "remind",
    "resume",
    "turn_into",
    "undo_end",
    "undo_explain",
    "undo_give",
    "undo_keep",
]
