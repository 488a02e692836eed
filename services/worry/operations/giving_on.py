"""Who decides when the first did not in time, leaves, or has handed the case over."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.people.models import Account
from kernel.permissions import require
from services.contact.models import ContactRequest
from services.promises import operations as promises
from services.worry import notices, queries
from services.worry.models import SUBJECT, Worry
from tenants.setup.actors import held_on, today
from tenants.setup.models import Post


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
    if worry.deputy_id is None or posts_of(worry.deputy_id, role_id, school_id).exists():
        return
    end_deputy(by, worry, why="moved")


def end_deputy(by: Actor, worry: Worry, *, why: str) -> None:
    """Whoever has the case of the locked worry decides again. Without a deputy: nothing happens."""
    if worry.deputy_id is None:
        return
    before, worry.deputy = worry.deputy_id, None
    worry.save(update_fields=["deputy"])
    record(by=by, verb="worry.end_deputy", kind=SUBJECT, object_id=worry.pk, before=str(before), why=why)


def posts_of(account_id: UUID, role_id: UUID, school_id: UUID) -> QuerySet[Post]:
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
