"""What wakes the sender up."""

from uuid import UUID

from kernel import jobs
from kernel.outbox import operations


@jobs.task("outbox.send", in_transaction=False)
def send(*, message_id: str) -> None:
    """Send this message, and whatever else has become due here meanwhile."""
    operations.send_one(UUID(message_id))
    operations.send_all_due(limit=20)
