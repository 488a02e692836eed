"""The questions of sign-up. Public pages ask as role `front`; the operator's pages inside the operator."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Max

from kernel.actor import Actor
from kernel.permissions import require
from tenants.municipalities.models import Municipality
from tenants.onboarding import hints, organisation_numbers, states
from tenants.onboarding.models import Application, PublishedSchool
from tenants.onboarding.schools import Place, index_of


def application(application_id: UUID) -> Application | None:
    """The application, decided ones included."""
    return Application.objects.filter(pk=application_id).first()


def find_schools(text: str) -> list[Place]:
    """Published schools of live municipalities that match, best first. Forgiving (schools.py)."""
    live = PublishedSchool.objects.filter(municipality__state=Municipality.State.LIVE)
    version = live.aggregate(rows=Count("pk"), newest=Max("changed_at"), last=Max("pk"))
    index = index_of(tuple(version.values()), _places(live))
    return index.find(text)


def _places(live: Iterable[PublishedSchool]) -> Iterable[Place]:
    rows = live.values_list("name", "municipality__name", "municipality__slug", "municipality__country")  # type: ignore[attr-defined]
    for name, municipality, slug, country in rows.iterator():
        yield Place(name, municipality, slug, country)


@dataclass(frozen=True, slots=True)
class Hints:
    """What the operator is shown beside an application. None of it proves anything."""

    domain: str
    domain_resembles: bool
    is_free_mail: bool
    number: str
    register_address: str
    others: int


def hints_of(one: Application) -> Hints:
    """Hints about an open application."""
    others = Application.objects.filter(country=one.country, organisation_number=one.organisation_number)
    return Hints(
        domain=hints.domain(one.email),
        domain_resembles=hints.domain_resembles(one.email, one.name),
        is_free_mail=hints.is_free_mail(one.email),
        number=organisation_numbers.spelled(one.country, one.organisation_number),
        register_address=organisation_numbers.look_up_address(one.country, one.organisation_number),
        others=others.filter(state__in=(*states.OPEN, states.APPROVED)).exclude(pk=one.pk).count(),
    )


def applications(by: Actor, *, decided: bool = False, limit: int = 200) -> list[Application]:
    """For the operator: open ones by who waits longest for us, or decided ones, newest first."""
    require(by, "onboarding.list")
    if decided:
        return list(
            Application.objects.filter(state__in=states.DECIDED).order_by("-decided_at", "pk")[:limit]
        )
    rows = list(
        Application.objects.filter(state__in=states.OPEN).order_by("submitted_at", "opened_at", "pk")[:limit]
    )
    return sorted(rows, key=lambda one: (one.state not in states.WITH_US, one.submitted_at or one.opened_at))


def published_counts() -> dict[int, int]:
    """Published schools by municipality id."""
    rows = PublishedSchool.objects.values("municipality_id").annotate(rows=Count("pk"))
    return {row["municipality_id"]: row["rows"] for row in rows}
