"""What happens without anybody waiting for it."""

from kernel import jobs
from kernel.actor import MACHINE
from services.worry import operations


@jobs.every_hour_inside
def hand_on_what_was_left() -> None:
    """Give open worries of whoever answers there no more to the next, or tell those in charge."""
    operations.hand_on_what_was_left(by=MACHINE)
