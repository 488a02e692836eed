"""An e-mail or a text message when there is something new: asked for, and taken away."""

from datetime import timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.errors import Invalid
from kernel.outbox import texting
from kernel.outbox.operations import GIVE_UP_AFTER
from kernel.permissions import require
from kernel.tenancy import require_current
from services.contact.models import SUBJECT
from services.contact.rules import VALUE_LIMIT, tidy, too_long
from services.reach.fetching import locked
from services.reach.models import NoticeWish

#: By then every message has gone or is given up, whatever a notice says of its own.
LONGEST_ON_ITS_WAY = GIVE_UP_AFTER + timedelta(hours=1)


@transaction.atomic
def ask_notice(*, by: Actor, request_id: UUID, address: str, each_time: bool, language: str) -> NoticeWish:
    """Write here when there is something new; once, or each time until it is closed. `address`: an e-mail address, or,
    where text messages can be sent, a Nordic mobile number. Another takes the place of the one before. Nothing is sent
    to try it: a wrong address learns nothing from us that we could spare it.

    Raises Invalid (address), Conflict when the conversation is closed.
    """
    request = locked(by, request_id, "ask_notice")
    where, by_text = _checked(address)
    NoticeWish.objects.filter(request=request).delete()
    wish = NoticeWish(
        request=request, by_text=by_text, each_time=each_time, language=language, asked_at=clock.this_minute()
    )
    wish.address = where
    wish.save(force_insert=True)
    record(by=by, verb="reach.ask_notice", kind=SUBJECT, object_id=request.pk, each_time=each_time)
    return wish


def _checked(address: str) -> tuple[str, bool]:
    """Where to write, and whether that is a phone."""
    where = tidy(address)
    if len(where) > VALUE_LIMIT:
        raise Invalid(address=too_long(len(where), VALUE_LIMIT))
    if texting.is_connected() and "@" not in where:
        number = texting.mobile_number(where, require_current().country)
        if not number:
            raise Invalid(address=_("Write an e-mail address, or the number of a mobile phone."))
        return number, True
    try:
        validate_email(where)
    except ValidationError:
        raise Invalid(address=_("Write an e-mail address, like name@example.com.")) from None
    return where, False


@transaction.atomic
def stop_notice(*, by: Actor, request_id: UUID) -> None:
    """Forget the address at once; a message that waits with it is not sent. Again: nothing happens."""
    request = locked(by, request_id, "stop_notice", open_only=False)
    if NoticeWish.objects.filter(request=request).delete()[0]:
        record(by=by, verb="reach.stop_notice", kind=SUBJECT, object_id=request.pk)


@transaction.atomic
def tidy_notices(*, by: Actor) -> int:
    """Forget the addresses of what is closed, once the last message to them has gone; how many. Not in the moment of
    closing: that can be undone, and the last words before it are news."""
    require(by, "reach.tidy_notices")
    long_over = Q(request__closed_at__lt=clock.now() - LONGEST_ON_ITS_WAY)
    over = NoticeWish.objects.filter(Q(is_on_its_way=False) | long_over, request__closed_at__isnull=False)
    for wish in over.select_for_update(of=("self",)).defer("address"):
        record(by=by, verb="reach.tidy_notices", kind=SUBJECT, object_id=wish.request_id)
    return over.delete()[0]
