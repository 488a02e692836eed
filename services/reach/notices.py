"""When a notice is due, and to whom. At most one until the student has looked; it says that there is something new.

The address leaves its seal when the message is handed to the mail server, and at no other time: the outbox holds none.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from kernel import clock
from kernel.actor import MACHINE, Actor
from kernel.audit.operations import reading
from kernel.outbox import queue
from kernel.outbox.addressees import Addressee, Outcome, Room
from kernel.outbox.models import Message
from services.contact.as_seen import news_from
from services.contact.models import ContactRequest, ConversationMessage
from services.contact.operations import SEEN_AFTER
from services.reach.models import Friend, NoticeWish

ROOM = "reach"


def news(request: ContactRequest) -> None:
    """Its page says something new: tell the student, unless they have been told and have not looked since.

    Not before they see it: what can be taken back, they do not see at once. The request is locked.
    """
    wish = _of(request)
    if wish is None or wish.told_at is not None or wish.failed_at is not None:
        return
    wish.told_at = clock.this_minute()
    if not _is_on_its_way(wish):
        wish.is_on_its_way, wish.times = True, wish.times + 1
        queue(
            cause=_cause(wish),
            to=Addressee(ROOM, wish.pk),
            template="reach/something_new",
            channel=Message.Channel.SMS if wish.by_text else Message.Channel.EMAIL,
            language=wish.language,
            not_before=clock.minute((news_from(request) or clock.now() + SEEN_AFTER) + timedelta(seconds=59)),
        )
    wish.save(update_fields=["told_at", "is_on_its_way", "times"])


def _cause(wish: NoticeWish) -> str:
    return f"news:{wish.request_id}:{wish.pk}:{wish.times}"


def _is_on_its_way(wish: NoticeWish) -> bool:
    """Whether its message waits to be sent: by the outbox as well, for one that was given up unheard keeps nobody from
    the next."""
    waits = Message.objects.filter(cause=_cause(wish), state=Message.State.QUEUED)
    return wish.is_on_its_way and waits.exists()


def no_news(request: ContactRequest) -> None:
    """Something was taken back: is nothing else unread, what waits to be sent is not sent."""
    unread = ConversationMessage.objects.filter(
        request=request, seen_at__isnull=True, sender=ConversationMessage.Sender.HELPER
    )
    if not unread.exists():
        NoticeWish.objects.filter(request=request, is_on_its_way=True).update(told_at=None)


def looked(request: ContactRequest) -> None:
    """The student has opened it: from now on there can be something new again. There is at once, where something waits
    that can be taken back still: they have not seen it."""
    NoticeWish.objects.filter(request=request, told_at__isnull=False).update(told_at=None)
    if news_from(request) is not None:
        news(request)


def ended(by: Actor, request: ContactRequest) -> None:
    """Who takes their knock back wants to hear nothing more: the address goes at once, and their friend is out. That
    an adult has closed it is news, the last.
    """
    if by.kind != "student":
        news(request)
        return
    NoticeWish.objects.filter(request=request).delete()
    Friend.objects.filter(request=request, ended_at__isnull=True).update(ended_at=clock.this_minute())


def undone(_by: Actor, request: ContactRequest, closed_at: datetime) -> None:
    """The closing was a slip: what it alone would have told is not sent. What was news before it still is."""
    if NoticeWish.objects.filter(request=request, told_at__gte=clock.minute(closed_at)).exists():
        no_news(request)


def _of(request: ContactRequest) -> NoticeWish | None:
    return NoticeWish.objects.select_for_update(of=("self",)).filter(request=request).first()


@transaction.atomic
def _address(wish_id: UUID) -> str | None:
    """Where to write now; None when the student has looked meanwhile, or has taken the address away."""
    rows = NoticeWish.objects.select_for_update(of=("self",)).select_related("request__case_key")
    wish = rows.filter(pk=wish_id).first()
    if wish is None or wish.told_at is None or wish.address is None:
        NoticeWish.objects.filter(pk=wish_id).update(is_on_its_way=False)
        return None
    proof = reading(
        by=MACHINE, case_key_id=wish.case_key_id, what="notice_address", why="to say that something is new"
    )
    where: str = wish.address.open(proof)
    return where


def _over(wish_id: UUID, outcome: Outcome) -> None:
    """Sent once as they wished: the address goes. Given up: it goes as well, and their page says so."""
    wish = NoticeWish.objects.filter(pk=wish_id)
    if outcome == "sent":
        wish.filter(each_time=False).delete()
        wish.update(is_on_its_way=False)
    elif outcome == "failed":
        wish.update(address=None, failed_at=clock.this_minute(), told_at=None, is_on_its_way=False)


ADDRESSEES = Room(address=_address, over=_over)
