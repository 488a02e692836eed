"""What wakes the sender up."""

from uuid import UUID

from kernel import jobs
from kernel.outbox import operations, sweep


@jobs.task("outbox.send", in_transaction=False)
def send(*, message_id: str) -> None:
    """Send this message, and whatever else has become due here meanwhile."""
    operations.send_one(UUID(message_id))
    operations.send_all_due(limit=20)


@jobs.every_minute
def sweep_up() -> None:
    """Send, in every municipality, what waits for another try or what no job woke up."""
    sweep.send_everywhere()


@jobs.every_hour_inside
def tidy_up() -> None:
    """Forget messages that were sent long ago."""
    operations.tidy()
