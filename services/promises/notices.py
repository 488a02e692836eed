"""Who is told that a promise broke:

the leads, the clock and the role. Never the student, the school or content.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from kernel import clock
from kernel.outbox.operations import queue
from kernel.people.models import Account
from kernel.tenancy import require_current
from kernel.ui.when import say_when
from services.promises.models import Promise
from services.promises.subjects import About
from tenants.presence.queries import accounts, roster_now
from tenants.setup.actors import today
from tenants.setup.models import HelperRole
from tenants.setup.portal import text_in
from tenants.setup.queries import leads_of, portal


def those_in_charge(school_id: UUID, *, apart: frozenset[UUID] = frozenset()) -> list[Account]:
    """The leads of a school who are there today; where there is none, the administrators who are.

    All of them away: the leads all the same. Nobody's absence silences a broken promise. Whoever stepped aside
    (`apart`) hears nothing.
    """
    everybody, day = roster_now(), today()
    leads = [person for person in leads_of(school_id) if person.pk not in apart]
    others = [person for person in administrators() if person.pk not in apart]
    for some in (leads, others):
        here = [person for person in some if not everybody.is_away(person.pk, day)]
        if here:
            return here
    return leads or others


def administrators() -> list[Account]:
    return list(Account.objects.filter(is_administrator=True, is_active=True).order_by("email"))


def tell_leads(promise: Promise, about: About) -> None:
    """Queue one message to each, in this transaction; telling twice about one promise is impossible. It leads to the
    row of its number; of a worry, and of many together, it names none.
    """
    is_worry = promise.kind == Promise.Kind.WORRY
    role = HelperRole.objects.get(pk=promise.role_id)
    tell(
        those_in_charge(promise.school_id, apart=about.apart),
        cause=f"promise-broken:{about.together or promise.pk}",
        template="promises/broken_worry" if is_worry else "promises/broken",
        due=promise.due_at,
        role=role,
        number="" if is_worry or about.together else about.number,
    )


def remind(promise: Promise, step: int, about: About) -> None:
    """Step 1: whoever is responsible today. 2: everybody else of the role who is there, too. 3: the lead, too.

    Where a step finds nobody, the lead hears of it at that step. Each is told once a step.
    """
    everybody, day = roster_now(), today()
    door = (promise.role_id, promise.school_id)
    responsible: list[UUID] = list(about.people or ())
    deputies: list[UUID] = []
    if about.people is None:
        responsible = list(everybody.responsible_on(*door, day, about.holder).people)
        deputies = list(everybody.present(*door, day)) if step > 1 else []
        if responsible and about.apart.issuperset(responsible):  # whoever stands in has stepped aside
            responsible = list(everybody.present(*door, day))
    responsible = [one for one in responsible if one not in about.apart]
    helpers = accounts(one for one in (*responsible, *deputies) if one not in about.apart)
    cause = f"reminder:{about.together or promise.pk}:{step}"
    role = HelperRole.objects.get(pk=promise.role_id)
    given: dict[str, Any] = {"cause": cause, "due": promise.due_at, "role": role, "number": about.number}
    tell(helpers, template="promises/reminder", **given)
    others = [one for one in helpers if one.pk not in responsible]
    if step > 2 or not responsible or (step == 2 and not others):
        known = {one.pk for one in helpers}
        in_charge = those_in_charge(promise.school_id, apart=about.apart)
        leads = [one for one in in_charge if one.pk not in known]
        worry = int(promise.kind == Promise.Kind.WORRY)
        tell(leads, template="promises/reminder_lead", nobody=int(not helpers), worry=worry, **given)


def tell(
    people: Iterable[Account],
    *,
    cause: str,
    template: str,
    due: datetime | None,
    role: HelperRole,
    **numbers: int | str,
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
