"""What happens without anybody waiting for it."""

from kernel import jobs
from kernel.actor import MACHINE
from services.contact import operations


@jobs.every_hour_inside
def forget_keys() -> None:
    """Forget the idempotency keys of knocks older than 48 hours."""
    operations.forget_keys(by=MACHINE)
