"""What a student adds to a conversation, and takes away again: the only code that writes for them."""

from services.reach.operations.befriending import (
    Said,
    Shared,
    code_of,
    end_friend,
    enter_as_friend,
    friend_writes,
    invite_friend,
    read_as_friend,
    tag_of,
)
from services.reach.operations.naming import take_name_out, tell_name
from services.reach.operations.noticing import ask_notice, stop_notice, tidy_notices
from services.reach.operations.tying import share_tie, tie, untie

__all__ = [
    "Said",
    "Shared",
    "ask_notice",
    "code_of",
    "end_friend",
    "enter_as_friend",
    "friend_writes",
    "invite_friend",
    "read_as_friend",
    "share_tie",
    "stop_notice",
    "tag_of",
    "take_name_out",
    "tell_name",
    "tidy_notices",
    "tie",
    "untie",
]
