"""Who decides when the first did not in time, or leaves."""

from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.errors import Conflict
from kernel.people.models import Account
from kernel.permissions import require
from services.worry import notices, queries
from services.worry.models import SUBJECT, Worry
from tenants.setup.actors import held_on, today
from tenants.setup.models import Post


@transaction.atomic
def hand_on(*, by: Actor, item_id: UUID, to: UUID | None) -> None:
    """Give an open worry of somebody who leaves to somebody of its door, who is told. Closed meanwhile: nothing.

    Raises Conflict without a name, or for who does not answer there: a worry is never left to whoever comes first.
    """
    require(by, "worry.hand_on")
    worry = Worry.objects.select_for_update(of=("self",)).select_related("request").filter(pk=item_id).first()
    if worry is None or not worry.is_open:
        return
    if to is None:
        raise Conflict(_("Choose by name who decides in this matter from now on."))
    request = worry.request
    at_door = Post.objects.filter(held_on(today()), role_id=request.role_id, school_id=request.school_id)
    post = at_door.filter(account_id=to, account__is_active=True).select_related("account").first()
    if post is None:
        raise Conflict(_("This person does not answer there. Choose somebody else."))
    make_deputy(by, worry, post.account, why="leaving")


def make_deputy(by: Actor, worry: Worry, person: Account, *, why: str) -> None:
    """Write who decides about the locked worry from now on, and tell them of its clock."""
    before = str(worry.deputy_id) if worry.deputy_id else ""
    worry.deputy = person
    worry.save(update_fields=["deputy"])
    record(
        by=by, verb="worry.make_deputy", kind=SUBJECT, object_id=worry.pk, to=str(person.pk), why=why,
        before=before,
    )  # fmt: skip
    promise = queries.clock_of(worry)
    if promise is not None:
        notices.decide_now(person, worry, promise, cause=f"worry-deputy:{worry.pk}:{uuid4()}")
