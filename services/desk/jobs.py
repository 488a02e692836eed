"""What happens at the desk without anybody waiting for it."""

from kernel import jobs
from kernel.actor import MACHINE
from services.desk import operations


@jobs.every_hour_inside
def forget() -> None:
    """Forget the words of deleted notes, and drafts that nobody has gone on with."""
    operations.forget_deleted_notes(by=MACHINE)
    operations.forget_drafts(by=MACHINE)
