"""What the clock triggers."""

from kernel import jobs
from kernel.actor import MACHINE
from kernel.tenancy import require_current
from tenants.own_address import operations


@jobs.every_hour_inside
def look_at_own_addresses() -> None:
    """Each of them once a day. The operator has no door of its own."""
    if require_current().kind != "operator":
        operations.look_at_all(by=MACHINE)
