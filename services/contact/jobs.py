"""What happens without anybody waiting for it."""

from kernel import jobs
from kernel.actor import MACHINE
from services.contact import operations


@jobs.every_hour_inside
def forget_keys() -> None:
    """Forget the idempotency keys of knocks older than 48 hours, and challenges whose time has passed."""
    operations.forget_keys(by=MACHINE)
    operations.forget_challenges(by=MACHINE)


@jobs.every_hour_inside
def free_what_was_left() -> None:
    """Let what somebody left behind wait at its door, and tell those who answer there."""
    operations.free_what_was_left(by=MACHINE)


@jobs.every_hour_inside
def remind_of_records() -> None:
    """Remind those who have closed something of the record that the law wants elsewhere."""
    operations.remind_of_records(by=MACHINE)
