"""The roster as the database has it now: three queries, however many people there are."""

from collections import defaultdict
from uuid import UUID

from django.db.models import Q

from tenants.presence.models import Absence, Substitute
from tenants.presence.presence import Away, Held, Roster
from tenants.setup.actors import today
from tenants.setup.models import Post


def load_roster() -> Roster:
    """Posts of active accounts and absences that are not over yet, and every substitute who may sign in."""
    day = today()
    posts = Post.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), account__is_active=True)
    fields = ("pk", "account_id", "role_id", "school_id", "starts_on", "ends_on", "weekdays")
    absences = Absence.objects.filter(last_day__gte=day)
    substitutes: dict[UUID, list[UUID]] = defaultdict(list)
    rows = Substitute.objects.filter(account__is_active=True).order_by("order", "pk")
    for post_id, account_id in rows.values_list("post_id", "account_id"):
        substitutes[post_id].append(account_id)
    return Roster(
        posts=tuple(Held(*row) for row in posts.order_by("account__name", "pk").values_list(*fields)),
        absences=tuple(Away(*row) for row in absences.values_list("account_id", "first_day", "last_day")),
        substitutes={post_id: tuple(accounts) for post_id, accounts in substitutes.items()},
    )
