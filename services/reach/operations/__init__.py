"""What a student adds to a conversation, and takes away again: the only code that writes for them."""

from services.reach.operations.naming import take_name_out, tell_name
from services.reach.operations.noticing import ask_notice, stop_notice, tidy_notices
from services.reach.operations.tying import share_tie, tie, untie

__all__ = [
    "ask_notice",
    "share_tie",
    "stop_notice",
    "take_name_out",
    "tell_name",
    "tidy_notices",
    "tie",
    "untie",
]
