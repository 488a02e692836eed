"""Who is told that somebody new may read at a door. The role and the day: never a person or a student."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from kernel import clock
from kernel.outbox.operations import queue
from kernel.people.models import Account
from kernel.tenancy import require_current
from kernel.ui.when import say_date
from tenants.setup.models import HelperRole, Post
from tenants.setup.portal import text_in
from tenants.setup.queries import holders_of, leads_of, portal


def somebody_new(post: Post, *, given_by: object) -> None:
    """Tell the door's other holders and its leads, in this transaction; none of them: other administrators.

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
    known = [*holders_of(post.role_id, post.school_id), *leads_of(post.school_id)]
    found = {person.pk: person for person in known if person.pk != post.account_id}
    if found:
        return list(found.values())
    administrators = Account.objects.filter(is_administrator=True, is_active=True).order_by("email")
    return list(administrators.exclude(pk__in=[post.account_id, given_by]))
