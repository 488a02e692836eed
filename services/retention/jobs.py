"""What happens without anybody waiting for it."""

from kernel import jobs
from kernel.actor import MACHINE
from kernel.tenancy import require_current
from services.retention import operations


@jobs.every_hour_inside
def sweep() -> None:
    """End what is over. The operator has no cases."""
    if require_current().kind != "operator":
        operations.sweep(by=MACHINE)
