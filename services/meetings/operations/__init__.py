"""The verbs of a meeting: the only code that writes. Each locks the contact request first."""

from services.meetings.operations.feeding import make_feed, revoke_feed
from services.meetings.operations.helping import (
    move,
    propose,
    record_held,
    record_no_show,
    set_urgency,
    take_back,
)
from services.meetings.operations.student import cancel, none_fit, pick
from services.meetings.operations.telling import remind_the_day_before
from services.meetings.operations.turning import (
    come_instead,
    fall_through,
    go_along,
    let_go_of,
    take_up_again,
)

__all__ = [
    "cancel",
    "come_instead",
    "fall_through",
    "go_along",
    "let_go_of",
    "make_feed",
    "move",
    "none_fit",
    "pick",
    "propose",
    "record_held",
    "record_no_show",
    "remind_the_day_before",
    "revoke_feed",
    "set_urgency",
    "take_back",
    "take_up_again",
]
