"""What can still be taken back is to its student as if it had not been written: on pages, in the API, in what they take
home.
"""

from collections.abc import Iterable
from datetime import datetime

from kernel import clock
from services.contact.models import ContactAttempt, ContactRequest, ConversationMessage
from services.promises.models import Promise


def as_its_student_sees_it(
    request: ContactRequest,
    messages: list[ConversationMessage],
    promises: list[Promise],
    attempts: list[ContactAttempt],
) -> tuple[list[ConversationMessage], list[ContactAttempt]]:
    """Without what can still be taken back, as if it had not been written: in these values, not in the database. The
    next try that such a contact promised is taken out of `promises`.

    A promise whose due time passes meanwhile stays answered, as it is: it was, in time.
    """
    now = clock.now()
    unsaid, untold = on_their_way(messages), on_their_way(attempts)
    if not unsaid and not untold:
        return messages, attempts
    undone, stands, was_reply = set[datetime](), set[datetime](), False
    for promise in promises:
        if promise.answered_at not in unsaid | untold:
            continue
        if now > promise.due_at:
            stands.add(promise.answered_at)
            continue
        undone.add(promise.answered_at)
        was_reply = was_reply or promise.kind == Promise.Kind.REPLY
        promise.answered_at, promise.kept_at, promise.corrected_at, promise.outcome = None, None, None, ""
    if undone and not was_reply and request.state == ContactRequest.State.ANSWERED:
        request.state = ContactRequest.State.TAKEN
    untold -= stands
    said_at = {one.recorded_at for one in attempts if one.at in untold}
    promises[:] = [one for one in promises if one.kind != Promise.Kind.RETRY or one.opened_at not in said_at]
    seen = [one for one in messages if one.at not in unsaid or one.account_id is None]
    return seen, [one for one in attempts if one.at not in undone | untold]


def on_their_way(written: Iterable[ConversationMessage] | Iterable[ContactAttempt]) -> set[datetime]:
    """The instants of what was written or written down, and its student does not see yet."""
    now = clock.now()
    return {one.at for one in written if one.visible_at is not None and one.visible_at > now}


def news_from(request: ContactRequest) -> datetime | None:
    """From when the student sees all the news that is on its way to them; None when none is. That they were reached
    they know."""
    now = clock.now()
    rows = (
        ConversationMessage.objects.filter(request=request, visible_at__gt=now),
        ContactAttempt.objects.filter(
            request=request, visible_at__gt=now, outcome=ContactAttempt.Outcome.ATTEMPTED
        ),
    )
    return max(
        (at for found in rows for at in found.values_list("visible_at", flat=True) if at), default=None
    )
