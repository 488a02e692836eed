"""Who decides when the first did not in time, leaves, or has handed the case over."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.errors import Conflict
from kernel.people.models import Account
from kernel.permissions import require
from services.contact.handover_queries import kept_out
from services.contact.models import ContactRequest
from services.promises import operations as promises
from services.worry import notices, queries
from services.worry.models import SUBJECT, Worry
from tenants.setup.actors import held_on, today
from tenants.setup.models import Post


@transaction.atomic
def hand_on(*, by: Actor, item_id: UUID, to: UUID | None) -> None:
    """Give an open worry of somebody who leaves to somebody of its door, who is told. Closed meanwhile: nothing.

    Raises Conflict without a name, or for who does not answer there, has stepped aside or was told no by the student: a
    worry is never left to whoever comes first.
    """
    require(by, "worry.hand_on")
    worry = Worry.objects.select_for_update(of=("self",)).select_related("request").filter(pk=item_id).first()
    if worry is None or not worry.is_open:
        return
    if to is None:
        raise Conflict(_("Choose by name who decides in this matter from now on."))
    request = worry.request
    post = _posts(to, request.role_id, request.school_id).select_related("account").first()
    if post is None or to in kept_out(request.pk):
        raise Conflict(_("This person does not answer there. Choose somebody else."))
    make_deputy(by, worry, post.account, why="leaving")


@transaction.atomic
def go_along(*, by: Actor, request: ContactRequest, role_id: UUID, school_id: UUID) -> None:
    """The case goes to another door: the clock of its open worry goes along, and is nobody's at the old one any more.

    A deputy who does not answer at the new door decides no more: whoever has the case there does. What is overdue is
    the old door's still. `request` is locked, and stands there.
    """
    require(by, "worry.go_along")
    rows = Worry.objects.select_for_update(of=("self",))
    worry = rows.filter(request=request, closed_at__isnull=True).first()
    if worry is None:
        return
    promises.break_overdue(by=by, subject_id=worry.pk)
    promises.follow(by=by, subject_id=worry.pk, school_id=school_id, role_id=role_id)
    worry.refresh_from_db(fields=["deputy"])  # breaking may have made one
    if worry.deputy_id is None or _posts(worry.deputy_id, role_id, school_id).exists():
        return
    end_deputy(by, worry, why="moved")


def end_deputy(by: Actor, worry: Worry, *, why: str) -> None:
    """Whoever has the case of the locked worry decides again. Without a deputy: nothing happens."""
    if worry.deputy_id is None:
        return
    before, worry.deputy = worry.deputy_id, None
    worry.save(update_fields=["deputy"])
    record(by=by, verb="worry.end_deputy", kind=SUBJECT, object_id=worry.pk, before=str(before), why=why)


def _posts(account_id: UUID, role_id: UUID, school_id: UUID) -> QuerySet[Post]:
    """By which somebody answers at a door today."""
    at_door = Post.objects.filter(held_on(today()), role_id=role_id, school_id=school_id)
    return at_door.filter(account_id=account_id, account__is_active=True)


def make_deputy(by: Actor, worry: Worry, person: Account, *, why: str) -> None:
    """Write who decides about the locked worry from now on, and tell them of its clock."""
    before = str(worry.deputy_id) if worry.deputy_id else ""
    worry.deputy = person
    worry.save(update_fields=["deputy"])
    record(
        by=by, verb="worry.make_deputy", kind=SUBJECT, object_id=worry.pk, to=str(person.pk), why=why,
        before=before,
    )  # fmt: skip
    notices.tell_of_clock(person, worry, queries.clock_of(worry))
