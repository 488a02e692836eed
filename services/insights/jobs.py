"""What happens without anybody waiting for it."""

from kernel import jobs
from kernel.actor import MACHINE
from services.insights import operations


@jobs.every_hour_inside
def keep_quarter() -> None:
    """Within the hour after a quarter has ended, once."""
    operations.keep_quarter(by=MACHINE)
