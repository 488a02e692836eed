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

    `instead_of`: what was said before, and is corrected by this. It can be corrected for 30 days from when something
    was first said: a correction renews nothing, or there would be no end to them. Not from when it broke: whoever comes
    back from a summer to what broke before it could correct no slip.

    Raises NotFound for what is not broken or not theirs, Invalid (said), Conflict when somebody has said something else
    meanwhile, or 30 days ago.
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
    if promise.explained_at is None:
        promise.explained_at = clock.now()
    else:
        promise.explained_before, promise.reworded_at = promise.explained, clock.now()
    _say(by, promise, said)
    return promise


@transaction.atomic
def undo_explain(*, by: Actor, promise_id: UUID) -> Promise:
    """Said by a slip: what was said before says it again, and of what was not corrected nothing is said any more.

    Not said, or the correction undone already: nothing happens. Raises NotFound, Conflict (late).
    """
    promise = _locked(by, promise_id)
    is_undone = promise.reworded_at is not None and not promise.explained_before
    if promise.explained_at is None or is_undone:
        return promise
    if clock.now() - (promise.reworded_at or promise.explained_at) > UNDO_WITHIN:
        raise Conflict(_("It is too late to undo this. Correct it below."), code="late")
    before, promise.explained_before = promise.explained_before, Promise.Explained.NOT_YET
    if not before:
        promise.explained_at = None
    _say(by, promise, before)
    return promise


def _locked(by: Actor, promise_id: UUID) -> Promise:
    promise = Promise.objects.select_for_update().filter(pk=promise_id, broken_at__isnull=False).first()
    if promise is None or not allowed(by, "promises.explain", promise):
        raise NotFound()
    return promise


def _say(by: Actor, promise: Promise, said: str) -> None:
    before = {"instead_of": promise.explained} if promise.explained else {}
    promise.explained = said
    promise.save(update_fields=["explained", "explained_at", "explained_before", "reworded_at"])
    record(by=by, verb="promises.explain", kind="promise", object_id=promise.pk, said=said, **before)
