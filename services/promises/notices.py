"""Who is told that a promise broke:

the leads, the clock and the role. Never the student, the school or content.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from kernel import clock
from kernel.outbox.operations import queue
from kernel.people.models import Account
from kernel.tenancy import require_current
from kernel.ui.when import say_when
from services.promises.models import Promise
from tenants.setup.models import HelperRole
from tenants.setup.portal import text_in
from tenants.setup.queries import leads_of, portal


def those_in_charge(school_id: UUID) -> list[Account]:
    """The leads of a school; where there is none, the municipality's administrators."""
    return list(leads_of(school_id)) or administrators()


def administrators() -> list[Account]:
    return list(Account.objects.filter(is_administrator=True, is_active=True).order_by("email"))


def tell_leads(promise: Promise) -> None:
    """Queue one message to each, in this transaction; telling twice about one promise is impossible."""
    role = HelperRole.objects.get(pk=promise.role_id)
    tell(
        those_in_charge(promise.school_id),
        cause=f"promise-broken:{promise.pk}",
        template="promises/broken",
        due=promise.due_at,
        role=role,
    )


def tell(
    people: Iterable[Account],
    *,
    cause: str,
    template: str,
    due: datetime | None,
    role: HelperRole,
    **numbers: int,
) -> None:
    """Queue `template` to each person: the clock and the role in their own language, and counts."""
    zone, default = require_current().timezone, portal().default_language
    for person in people:
        language = person.language or default
        context: dict[str, str | int] = {
            "due": say_when(due, clock.now(), zone, language) if due else "",
            "role": text_in(role.names, language) or role.key,
            **numbers,
        }
        queue(cause=cause, to=person, template=template, language=language, context=context)
