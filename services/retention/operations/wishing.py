"""What the student of a case may ask for: everything about them in their hand, and that it goes."""

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import reading, record
from kernel.errors import Conflict, NotFound
from kernel.permissions import require
from services.contact.following import Section, followers
from services.contact.models import SUBJECT, ContactRequest
from services.retention import queries
from services.retention.models import COOLS, ErasureWish

#: In the read log's words.
OWN_DATA, OWN_COPY = "own data", "own copy"


def _locked(by: Actor, verb: str) -> ContactRequest:
    request = ContactRequest.objects.select_for_update().filter(pk=by.case_id).first() if by.case_id else None
    if request is None:
        raise NotFound()
    require(by, f"retention.{verb}", request)
    return request


@transaction.atomic
def take_home(*, by: Actor) -> list[Section]:
    """Everything the student of this case may have of it, opened. The read log has it first.

    Messages are not marked as seen: taking out is not reading. Raises NotFound, NotAllowed.
    """
    request = (
        ContactRequest.objects.select_related("case_key").filter(pk=by.case_id).first()
        if by.case_id
        else None
    )
    if request is None:
        raise NotFound()
    require(by, "retention.take_home", request)
    opened = reading(by=by, case_key_id=request.case_key_id, what=OWN_DATA, why=OWN_COPY)
    return [
        section for follower in followers() if follower.export for section in follower.export(request, opened)
    ]


@transaction.atomic
def wish_gone(*, by: Actor) -> ErasureWish:
    """The student wants it deleted: a day to think it over, then as soon as nothing holds it. Again: the first stands.

    What they write after it takes it back: somebody who writes wants to be heard.
    """
    request = _locked(by, "wish")
    standing = ErasureWish.objects.filter(request=request, taken_back_at__isnull=True).first()
    last = queries.last_word(request.pk)
    if standing is not None and queries.wish_of(request.pk) is not None:
        return standing
    at = queries.after_asking_again(request.pk, clock.this_minute())
    if standing is not None:
        _take_back(standing)
    wish = ErasureWish.objects.create(request=request, asked_at=at, goes_at=at + COOLS, numbered=last)
    record(by=by, verb="retention.wish", kind=SUBJECT, object_id=request.pk)
    return wish


@transaction.atomic
def take_back_wish(*, by: Actor) -> None:
    """The student keeps it after all. Raises Conflict when there is nothing to take back."""
    request = _locked(by, "wish")
    standing = ErasureWish.objects.filter(request=request, taken_back_at__isnull=True).first()
    if standing is None:
        raise Conflict(_("You have not asked us to delete this."))
    _take_back(standing)
    record(by=by, verb="retention.take_back_wish", kind=SUBJECT, object_id=request.pk)


def _take_back(wish: ErasureWish) -> None:
    wish.taken_back_at = clock.this_minute()
    wish.save(update_fields=["taken_back_at"])
