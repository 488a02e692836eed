"""The questions of sign-up, asked inside the operator: role `front`, which serves the public pages, reads nothing of
who signs up. What a cookie or a link has proved is read here for them. `/schools/` alone asks as `front`.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.permissions import require
from kernel.tenancy import inside, operator
from tenants.municipalities.models import Municipality
from tenants.municipalities.queries import holder_of
from tenants.onboarding import hints, organisation_numbers, states
from tenants.onboarding.models import Application, PublishedSchool
from tenants.onboarding.schools import Place, index_of
from tenants.setup.school_addresses import school_path


def application(application_id: UUID) -> Application | None:
    """The application, decided ones included."""
    with inside(operator()):
        return Application.objects.filter(pk=application_id).first()


def find_schools(text: str) -> list[Place]:
    """Published schools of live municipalities that match, best first. Forgiving (schools.py)."""
    live = PublishedSchool.objects.filter(municipality__state=Municipality.State.LIVE)
    version = live.aggregate(rows=Count("pk"), newest=Max("changed_at"), last=Max("pk"))
    index = index_of(tuple(version.values()), _places(live))
    return index.find(text)


def _places(live: Iterable[PublishedSchool]) -> Iterable[Place]:
    rows = live.values_list(  # type: ignore[attr-defined]
        "name", "municipality__name", "municipality__slug", "municipality__country", "slug"
    )
    for name, municipality, slug, country, address in rows.iterator():
        yield Place(name, municipality, slug, country, school_path(address))


@dataclass(frozen=True, slots=True)
class Hints:
    """What the operator is shown beside an application. None of it proves anything."""

    domain: str
    domain_resembles: bool
    is_free_mail: bool
    number: str
    register_address: str
    standing: str


def hints_of(one: Application) -> Hints:
    """Hints about an open application."""
    return Hints(
        domain=hints.domain(one.email),
        domain_resembles=hints.domain_resembles(one.email, one.name),
        is_free_mail=hints.is_free_mail(one.email),
        number=organisation_numbers.spelled(one.country, one.organisation_number),
        register_address=organisation_numbers.look_up_address(one.country, one.organisation_number),
        standing=standing(one),
    )


#: Whoever shows up here has shown that they read their mail, and has not ended.
_RIVALLING = tuple(state for state in states.OPEN if state != states.CODE_SENT)


def standing(one: Application) -> str:
    """The name of another municipality that has the door of this one's number, official or organisation's; "" when
    the number is free. Asked inside the operator.
    """
    if one.state not in states.OPEN:
        return ""
    if holder := holder_of(country=one.country, kind=one.kind, code=one.register_code):
        return holder
    approved = Application.objects.filter(
        country=one.country, organisation_number=one.organisation_number, state=states.APPROVED
    ).exclude(pk=one.pk)
    return approved.values_list("name", flat=True).first() or ""


def taken_by(name: str) -> str:
    """What is said of a number that is somebody's."""
    return _("%(name)s has the door of this number already.") % {"name": name}


@dataclass(frozen=True, slots=True)
class Rival:
    """Another sign-up for the same number, as the operator compares them. A domain is a hint, never proof."""

    id: UUID
    name: str
    state: str
    domain: str
    domain_resembles: bool
    is_free_mail: bool
    opened_at: datetime
    submitted_at: datetime | None


def rivals_of(by: Actor, one: Application) -> list[Rival]:
    """Open sign-ups with the same official number or organisation number, the oldest first."""
    require(by, "onboarding.list")
    same = Q(organisation_number=one.organisation_number)
    if one.register_code:
        same |= Q(register_code=one.register_code, kind=one.kind)
    rows = Application.objects.filter(same, country=one.country, state__in=_RIVALLING).exclude(pk=one.pk)
    return [
        Rival(
            row.pk, row.name, row.state, hints.domain(row.email),
            hints.domain_resembles(row.email, row.name), hints.is_free_mail(row.email),
            row.opened_at, row.submitted_at,
        )
        for row in rows.order_by("opened_at", "pk")
    ]  # fmt: skip


def contested(by: Actor) -> dict[UUID, int]:
    """How many other open sign-ups ask for the same number, by sign-up; those alone are not in it."""
    require(by, "onboarding.list")
    rows = Application.objects.filter(state__in=_RIVALLING)
    asking: dict[tuple[str, ...], set[UUID]] = defaultdict(set)
    keys: dict[UUID, list[tuple[str, ...]]] = {}
    for pk, country, kind, number, code in rows.values_list(
        "pk", "country", "kind", "organisation_number", "register_code"
    ):
        keys[pk] = [(country, number)] + ([(country, kind, code)] if code else [])
        for key in keys[pk]:
            asking[key].add(pk)
    others = {pk: len(set().union(*(asking[key] for key in its)) - {pk}) for pk, its in keys.items()}
    return {pk: count for pk, count in others.items() if count}


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
