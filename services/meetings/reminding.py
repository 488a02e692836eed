"""Whether a student is reminded of an agreed time, and how that went: the truth, also where there is no way to.

By e-mail alone, to who chose it. No SMS provider is connected, and nobody is called or looked for to be reminded.
"""

from typing import Literal

from kernel.outbox.models import Message
from services.contact.models import Channel, ContactRequest
from services.meetings.models import MeetingTime
from services.promises.models import Promise

#: mail: it will be sent, or is on its way · sent · failed · too_late: agreed when no fitting moment was left ·
#: no_sms: they chose text messages · no_way: they chose no e-mail.
type Reminder = Literal["mail", "sent", "failed", "too_late", "no_sms", "no_way"]


def cause_of(time: MeetingTime) -> str:
    """Of the message to the student, and of the one to the helper."""
    return f"meeting-soon:{time.pk}"


def cause_of_tomorrow(time: MeetingTime) -> str:
    """The same, of the day before."""
    return f"meeting-tomorrow:{time.pk}"


def reminder_of(request: ContactRequest, time: MeetingTime, promise: Promise | None) -> Reminder:
    """Of an agreed time; `promise` is the one until it. One query, for who chose e-mail."""
    if request.channel_kind == Channel.SMS:
        return "no_sms"
    if request.channel_kind != Channel.EMAIL:
        return "no_way"
    theirs = Message.objects.filter(cause__in=(cause_of(time), cause_of_tomorrow(time)), account=None)
    state = theirs.order_by("-created_at", "cause").values_list("state", flat=True).first()
    if state is None:
        return "mail" if promise is not None and promise.remind_at is not None else "too_late"
    if state == Message.State.SENT:
        return "sent"
    return "mail" if state == Message.State.QUEUED else "failed"
