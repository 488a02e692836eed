"""What can still be taken back is to its student as if it had not been written: on pages, in the API, in what they take
home.
"""

from collections.abc import Iterable
from datetime import datetime

from kernel import clock
from services.contact.models import Channel, ContactAttempt, ContactRequest, ConversationMessage
from services.promises.models import Promise


def as_its_student_sees_it(
    request: ContactRequest,
    messages: list[ConversationMessage],
    promises: list[Promise],
    attempts: list[ContactAttempt],
) -> tuple[list[ConversationMessage], list[ContactAttempt]]:
    """Without what can still be taken back, as if it had not been written: in these values, not in the database.

    A promise whose due time passes in those seconds stays answered, as it is: it was, in time.
    """
    now = clock.now()
    waiting = on_their_way(messages)
    if not waiting:
        return messages, attempts
    undone = set()
    for promise in promises:
        if promise.answered_at in waiting and now <= promise.due_at:
            undone.add(promise.answered_at)
            promise.answered_at, promise.kept_at, promise.corrected_at, promise.outcome = None, None, None, ""
    if undone and request.state == ContactRequest.State.ANSWERED:
        request.state = ContactRequest.State.TAKEN
    seen = [one for one in messages if one.at not in waiting or one.account_id is None]
    return seen, [one for one in attempts if one.at not in undone or one.kind != Channel.CONVERSATION]


def on_their_way(messages: Iterable[ConversationMessage]) -> set[datetime]:
    """The instants at which messages were written that their student does not see yet."""
    now = clock.now()
    return {one.at for one in messages if one.visible_at is not None and one.visible_at > now}
