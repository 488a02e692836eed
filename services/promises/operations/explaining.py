"""What those in charge say was done about a broken promise, and how they correct it. A choice, and nothing typed.

Every word stands in the audit: who said it, when, and what it took the place of.
"""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.errors import Conflict, Invalid, NotFound
from kernel.permissions import allowed
from services.promises.models import Promise

#: How long what was said can be taken back, as if nothing had been: the page offers it for ten seconds.
UNDO_WITHIN = timedelta(minutes=1)
#: How long it can be corrected.
CORRECTED_WITHIN = timedelta(days=30)


@transaction.atomic
def explain(*, by: Actor, promise_id: UUID, said: str, instead_of: str = "") -> Promise:
    """The lead says what was done about a broken promise: one of `Promise.Explained`. The same again changes nothing.

    `instead_of`: what was said before, and is corrected by this. Raises NotFound for what is not broken or not theirs,
    Invalid (said), Conflict when somebody has said something else meanwhile, or 30 days ago.
    """
    promise = _locked(by, promise_id)
    if said not in Promise.Explained.values or not said:
        raise Invalid(said=_("Choose what was done."))
    if promise.explained == said:
        return promise
    if promise.explained != instead_of:
        raise Conflict(
            _("Somebody has said what was done already. Look at it, then correct it."), code="said"
        )
    if promise.explained_at is not None and clock.now() - promise.explained_at > CORRECTED_WITHIN:
        raise Conflict(_("This was said more than 30 days ago. It stands."), code="late")
    _say(by, promise, said, instead_of)
    return promise


@transaction.atomic
def undo_explain(*, by: Actor, promise_id: UUID) -> Promise:
    """Said by a slip: nothing is said of it any more. Not said: nothing happens. Raises NotFound, Conflict (late)."""
    promise = _locked(by, promise_id)
    if promise.explained_at is None:
        return promise
    if clock.now() - promise.explained_at > UNDO_WITHIN:
        raise Conflict(_("It is too late to undo this. Correct it below."), code="late")
    _say(by, promise, Promise.Explained.NOT_YET, promise.explained)
    return promise


def _locked(by: Actor, promise_id: UUID) -> Promise:
    promise = Promise.objects.select_for_update().filter(pk=promise_id, broken_at__isnull=False).first()
    if promise is None or not allowed(by, "promises.explain", promise):
        raise NotFound()
    return promise


def _say(by: Actor, promise: Promise, said: str, instead_of: str) -> None:
    promise.explained, promise.explained_at = said, clock.now() if said else None
    promise.save(update_fields=["explained", "explained_at"])
    before = {"instead_of": instead_of} if instead_of else {}
    record(by=by, verb="promises.explain", kind="promise", object_id=promise.pk, said=said, **before)
