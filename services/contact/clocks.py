"""Which promise of a request its student waits for: the earliest that nobody has kept, ended or gone on from.

What broke waits on: a clock that runs beside it (of whoever has the request again) is due later and makes nothing good.
Only what the student was promised anew, by their own word, lets an older broken one be: they asked again, asked the
next door, or were introduced to somebody who said yes.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from services.contact.models import Handover, NextDoor
from services.promises.models import Promise
from services.promises.queries import present


def begins_anew() -> Q:
    """The condition that a promise is one of those, on promises of requests."""
    taken_over = Handover.objects.filter(promise_id=OuterRef("pk"), accepted_at__isnull=False)
    sent_on = NextDoor.objects.filter(promise_id=OuterRef("pk"), to_role__isnull=False)
    return Q(kind=Promise.Kind.REOPENED) | Q(kind=Promise.Kind.HANDOVER) & (
        Q(Exists(taken_over)) | Q(Exists(sent_on))
    )


def still_counts() -> Q:
    """The condition that an unanswered promise of a request is not one that a newer beginning lets be."""
    newer = Promise.objects.filter(
        begins_anew(), subject_id=OuterRef("subject_id"), opened_at__gt=OuterRef("opened_at")
    )
    return Q(broken_at__isnull=True) | ~Q(Exists(newer))


def waited_for(promises: Iterable[Promise], since: datetime | None) -> list[Promise]:
    """The same of the promises of one request, whose last beginning is known: the earliest due first."""
    found = [
        one
        for one in promises
        if one.answered_at is None
        and one.ended_at is None
        and (one.broken_at is None or since is None or one.opened_at >= since)
    ]
    return sorted(found, key=lambda one: one.due_at)


def counting(promises: Iterable[Promise], since: datetime | None) -> Promise | None:
    """The one that stands in a list: the earliest that is waited for, else what became of the newest."""
    known = list(promises)
    return next(iter(waited_for(known, since)), None) or present(known)
