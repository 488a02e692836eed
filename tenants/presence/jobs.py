"""What the clock triggers."""

from kernel import jobs
from kernel.actor import MACHINE
from kernel.tenancy import require_current
from tenants.presence import operations
from tenants.setup.models import SetupVersion


@jobs.every_hour_inside
def daily_digest() -> None:
    """Tell administrators and leads once a day what needs them. The operator has no door of its own."""
    if require_current().kind != "operator" and SetupVersion.objects.exists():
        operations.send_digest(by=MACHINE)
