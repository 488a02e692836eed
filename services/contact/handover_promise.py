"""What follows when the promise of an offer breaks: nobody answered, and it stays with the one who has it.

Once somebody accepted, the promise is about the request, and broken.py says what follows.
"""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from kernel.actor import MACHINE
from services.contact.handover_queries import apart_from, here_today, who_may_answer
from services.contact.holding import holder_of
from services.contact.models import ContactRequest, Handover
from services.contact.operations.handover_ends import back
from services.contact.wishes import hidden_ids
from services.promises.models import Promise
from services.promises.subjects import About


def lock(handover_id: UUID) -> bool:
    """Lock the request and then the handover, as every act on it does; False when somebody is at it now."""
    about = Handover.objects.filter(pk=handover_id).values_list("request_id", flat=True).first()
    if (
        about is None
        or not ContactRequest.objects.select_for_update(skip_locked=True).filter(pk=about).exists()
    ):
        return False
    return Handover.objects.select_for_update().filter(pk=handover_id).exists()


def describe(handover_id: UUID) -> About:
    """Those who are asked are reminded, as far as they are here; is none of them left, the one who has it."""
    handover = Handover.objects.select_related("request__taken_by").get(pk=handover_id)
    request = handover.request
    holder = holder_of(request)
    asked = here_today(who_may_answer(handover)) or ([holder.pk] if holder else [])
    waits = handover.state == "offered" and request.is_open
    return About(request.case_number, None, waits, tuple(asked), apart_from(request.pk))


def hidden_from(account_id: UUID) -> QuerySet[Any, Any]:
    """Those of requests that are not there for this person."""
    return Handover.objects.filter(request__in=hidden_ids(account_id)).values("pk")


def on_broken(promise: Promise) -> None:
    """Runs in the transaction that marks the promise; the leads are told there. Answered meanwhile: nothing."""
    found = Handover.objects.select_for_update(of=("self",)).select_related("request__case_key")
    handover = found.filter(pk=promise.subject_id).first()
    if handover is not None:
        back(MACHINE, handover, "expire")
