"""The verbs: decide how long, hold, wish, take home, end. Each asks who may, locks first, writes, audits."""

from services.retention.operations.deciding import (
    decide_archive,
    decide_rule,
    keep_archive_decision,
    take_back_rule,
)
from services.retention.operations.holding import end_hold, place_hold
from services.retention.operations.staff import erase_staff, take_out_staff_data
from services.retention.operations.sweeping import Swept, sweep
from services.retention.operations.wishing import take_back_wish, take_home, wish_gone

__all__ = [
    "Swept",
    "decide_archive",
    "decide_rule",
    "end_hold",
    "erase_staff",
    "keep_archive_decision",
    "place_hold",
    "sweep",
    "take_back_rule",
    "take_back_wish",
    "take_home",
    "take_out_staff_data",
    "wish_gone",
]
