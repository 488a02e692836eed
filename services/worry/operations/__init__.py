"""The verbs of a worry: the only code that writes.

Each asks who may (permissions.py), locks the worry first, writes, audits, tells; in one transaction.
"""

from services.worry.operations.deciding import close, correct_step, raise_worry, record_step, reopen
from services.worry.operations.keeping import (
    remove_number,
    review_safety_text,
    set_number,
    set_times,
    write_safety_text,
)
from services.worry.operations.leaving import hand_on, hand_on_what_was_left, hand_on_with_case
from services.worry.operations.reading import OpenedStep, OpenedWorry, print_out, read, read_told, take_out
from services.worry.operations.safety import send_safety_text

__all__ = [
    "OpenedStep",
    "OpenedWorry",
    "close",
    "correct_step",
    "hand_on",
    "hand_on_what_was_left",
    "hand_on_with_case",
    "print_out",
    "raise_worry",
    "read",
    "read_told",
    "record_step",
    "remove_number",
    "reopen",
    "review_safety_text",
    "send_safety_text",
    "set_number",
    "set_times",
    "take_out",
    "write_safety_text",
]
