"""Who is told that somebody new may read at a door, or no longer may: the role and the day, never a person or a
student.
"""

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from kernel import clock
from kernel.actor import Actor
from kernel.outbox.operations import queue
from kernel.people.models import Account
from kernel.tenancy import require_current
from kernel.ui.when import say_date
from tenants.setup.models import HelperRole, Post
from tenants.setup.portal import text_in
from tenants.setup.queries import holders_of, leads_of, portal

#: Whoever left within this time still hears of somebody new: a door is not emptied first and filled unseen.
OF_LATE = timedelta(days=30)


def somebody_new(post: Post, *, given_by: object) -> None:
    """Tell the door's other holders, of late too, and its leads, in this transaction; none of them: other
    administrators.

    `given_by` is the id of the account that gave the post.
    """
    role = HelperRole.objects.get(pk=post.role_id)
    zone, default = require_current().timezone, portal().default_language
    first_day = datetime.combine(post.starts_on, time(12), ZoneInfo(zone))
    for person in _others(post, given_by):
        language = person.language or default
        queue(
            cause=f"new-post:{post.pk}",
            to=person,
            template="setup/somebody_new",
            language=language,
            context={
                "role": text_in(role.names, language) or role.key,
                "day": say_date(first_day, clock.now(), zone, language),
            },
        )


def _others(post: Post, given_by: object) -> list[Account]:
    since = (clock.now() - OF_LATE).date()
    left = Post.objects.filter(
        role_id=post.role_id, school_id=post.school_id, ends_on__gte=since, account__is_active=True
    ).select_related("account")
    known = [
        *holders_of(post.role_id, post.school_id),
        *(one.account for one in left),
        *leads_of(post.school_id),
    ]
    found = {person.pk: person for person in known if person.pk != post.account_id}
    if found:
        return list(found.values())
    administrators = Account.objects.filter(is_administrator=True, is_active=True).order_by("email")
    return list(administrators.exclude(pk__in=[post.account_id, given_by]))


def post_ended(post: Post, *, by: Actor) -> None:
    """Tell whoever held the post, unless they ended it themselves."""
    role = HelperRole.objects.get(pk=post.role_id)
    zone, default = require_current().timezone, portal().default_language
    language = post.account.language or default
    last = datetime.combine(post.ends_on or post.starts_on, time(12), ZoneInfo(zone))
    _ended(
        "post",
        post.account,
        cause=f"post-ended:{post.pk}:{post.ends_on}",
        by=by,
        role=text_in(role.names, language) or role.key,
        day=say_date(last, clock.now(), zone, language),
    )


def right_ended(kind: str, account_id: UUID, *, subject: UUID, by: Actor) -> None:
    """Tell somebody that they are no lead, or no administrator, any more. `subject` makes the cause unique."""
    _ended(kind, Account.objects.get(pk=account_id), cause=f"{kind}-ended:{subject}", by=by)


def _ended(kind: str, person: Account, *, cause: str, by: Actor, **words: str) -> None:
    if by.kind != "person" or by.id == person.pk or not person.is_active:
        return
    queue(
        cause=cause,
        to=person,
        template="setup/ended",
        language=person.language or portal().default_language,
        context={"kind": kind, **words},
    )
