"""What happens without anybody waiting for it."""

from kernel import jobs
from kernel.actor import MACHINE
from services.reach import operations


@jobs.every_hour_inside
def tidy_notices() -> None:
    """Forget the addresses of conversations that are closed."""
    operations.tidy_notices(by=MACHINE)
