"""What happens without anybody waiting for it."""

from kernel import jobs
from kernel.actor import MACHINE
from services.logreview import operations


@jobs.every_hour_inside
def remind_reviewers() -> None:
    """At the turn of the month, once each."""
    operations.remind(by=MACHINE)
