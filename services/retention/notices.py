"""Who is told that a rule will change: leads and administrators, a week before. The rule and the day, no case."""

from kernel import clock
from kernel.outbox.operations import queue
from kernel.people.models import Account
from kernel.tenancy import require_current
from kernel.ui.when import say_date
from services.promises.notices import administrators
from services.retention import queries, terms
from services.retention.models import RetentionRule
from tenants.setup.models import Lead
from tenants.setup.queries import portal


def rule_changes(rule: RetentionRule) -> None:
    """One message to each, in this transaction."""
    leads = Account.objects.filter(
        pk__in=Lead.objects.values("account_id"), is_active=True, is_administrator=False
    )
    default, zone = portal().default_language, require_current().timezone
    term = terms.term(queries.law_of(rule.outcome), rule)
    for person in [*administrators(), *leads.order_by("email")]:
        language = person.language or default
        queue(
            cause=f"retention-rule:{rule.pk}",
            to=person,
            template="retention/rule",
            language=language,
            context={
                "outcome": rule.outcome,
                "method": term.method,
                "months": term.months,
                "from": say_date(rule.starts_at, clock.now(), zone, language),
                "administers": int(person.is_administrator),
            },
        )
