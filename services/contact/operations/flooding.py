"""A flood: what comes faster than a school knocks is accepted like any other, and read apart from the rest.

Nobody is turned away, nobody is told by an address or a browser (docs/how/abuse.md).
"""

from uuid import UUID

from django.conf import settings
from django.db import transaction

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.permissions import require
from services.contact import bucket
from services.contact.models import SUBJECT, ContactRequest, KnockBucket, SpentChallenge
from services.contact.operations.fetching import locked
from services.contact.work import proof_of


def comes_in_a_flood(*, school_id: UUID, work: str) -> bool:
    """Count one new knock of a school, in its transaction: whether it came faster than the school knocks.

    With and without proof of work are counted apart, so that a flood without it never holds a knock that has it.
    A challenge is spent once; the same again is no proof.
    """
    proved = _spend(work)
    now = clock.this_minute()
    KnockBucket.objects.get_or_create(
        school_id=school_id, proved=proved, defaults={"tokens": settings.KNOCKS_AT_ONCE, "at": now}
    )
    row = KnockBucket.objects.select_for_update().get(school_id=school_id, proved=proved)
    room, an_hour = settings.KNOCKS_AT_ONCE, settings.KNOCKS_AN_HOUR
    fine, row.tokens = bucket.take_one(bucket.filled(row.tokens, row.at, now, room=room, an_hour=an_hour))
    row.at = max(now, row.at)
    row.save(update_fields=["tokens", "at"])
    return not fine


def _spend(work: str) -> bool:
    """Whether the work is proved, and nobody has shown this proof before."""
    proof = proof_of(work)
    if proof is None:
        return False
    spent = SpentChallenge(digest=proof.digest, until=proof.until)
    SpentChallenge.objects.bulk_create([spent], ignore_conflicts=True)
    return SpentChallenge.objects.filter(pk=spent.pk).exists()


@transaction.atomic
def let_out(*, by: Actor, request_id: UUID) -> ContactRequest:
    """Somebody has read it: it is no flood, and waits with the others by its own promise. Again: nothing happens."""
    request = locked(by, request_id, "let_out")
    if request.held != ContactRequest.Held.HELD:
        return request
    request.held = ContactRequest.Held.LET_OUT
    request.save(update_fields=["held"])
    record(by=by, verb="contact.let_out", kind=SUBJECT, object_id=request.pk)
    return request


def forget_challenges(*, by: Actor) -> int:
    """Forget spent challenges whose time has passed: they prove nothing any more. Returns how many."""
    require(by, "contact.forget_challenges")
    with transaction.atomic():
        forgotten, _by_model = SpentChallenge.objects.filter(until__lt=clock.now()).delete()
        if forgotten:
            record(by=by, verb="contact.forget_challenges", kind=SUBJECT, object_id="all", count=forgotten)
    return forgotten
