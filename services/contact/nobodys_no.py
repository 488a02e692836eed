"""Offers that went back although nobody said no: whoever was asked by name answers at that door no more."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef

from services.contact.models import Handover, HandoverDecline, Recusal


def went_unanswered(handovers: Iterable[Handover]) -> frozenset[UUID]:
    """Those of them that are nobody's no. Whoever stepped aside is in none: that would tell it. One query where any
    was declined; else none.
    """
    asked = [one.pk for one in handovers if one.state == "declined" and one.to_account_id is not None]
    if not asked:
        return frozenset()
    who = {"account_id": OuterRef("to_account_id")}
    no = HandoverDecline.objects.filter(handover_id=OuterRef("pk"), **who)
    aside = Recusal.objects.filter(
        request_id=OuterRef("request_id"), at__range=(OuterRef("offered_at"), OuterRef("ended_at")), **who
    )
    rows = Handover.objects.filter(~Exists(no), ~Exists(aside), pk__in=asked)
    return frozenset(rows.values_list("pk", flat=True))
