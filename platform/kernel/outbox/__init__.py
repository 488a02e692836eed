"""Messages to be sent. The row in the municipality's schema is the truth; the job is only a wake-up.

Who: every operation that must tell somebody something, in the transaction of its cause.
Words: message (one mail to one recipient because of one cause), cause (what must never be told twice).
Doors: `queue(...)`, `operations.send_all_due()`, `queries.failing()`, `links.address(path)`; `addressees`: a room that
keeps an address sealed is asked for it at the moment of sending.

No name, school, topic or word of content is in any message: "you have a message" and a link. What a message
needs (address, code) is sealed under the municipality's key and removed once it is sent.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.outbox.addressees import Addressee
    from kernel.outbox.models import Message
    from kernel.people.models import Account


def queue(
    *,
    cause: str,
    to: "Account | Addressee | str",
    template: str,
    language: str = "",
    context: "dict[str, str | int] | None" = None,
    channel: str = "email",
    not_before: "datetime | None" = None,
) -> "Message | None":
    """Put one message in the outbox, in the caller's transaction. See operations.queue."""
    from kernel.outbox import operations

    return operations.queue(
        cause=cause,
        to=to,
        template=template,
        language=language,
        context=context,
        channel=channel,
        not_before=not_before,
    )


__all__ = ["queue"]
