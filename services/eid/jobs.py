"""What happens without anybody waiting for it."""

from kernel import jobs
from kernel.actor import MACHINE
from services.eid import operations


@jobs.every_hour_inside
def forget_trips() -> None:
    """What waited for somebody who has not come back goes."""
    operations.forget_trips(by=MACHINE)
