"""The verbs of the walls: let a colleague in and out; open a case by two persons, and end that."""

from tenants.walls.operations.grants import end_grants, give_grant, withdraw_grant
from tenants.walls.operations.openings import ask_opening, confirm_opening, end_opening, read_reason
from tenants.walls.operations.retention import end_rehearsal

__all__ = [
    "ask_opening",
    "confirm_opening",
    "end_grants",
    "end_opening",
    "end_rehearsal",
    "give_grant",
    "read_reason",
    "withdraw_grant",
]
