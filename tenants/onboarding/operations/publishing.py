"""Which schools `/schools/` finds: copied by name from each live municipality, never joined."""

from uuid import UUID

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.permissions import require
from kernel.tenancy import inside, municipalities, municipality_by_id
from tenants.onboarding.models import PublishedSchool
from tenants.onboarding.operations.rows import as_operator
from tenants.setup.models import School, SchoolAddress


def publish_schools(*, municipality_id: int, by: Actor) -> int:
    """Make the public list equal to the municipality's open schools (none unless it is live).

    Gives how many rows changed.
    """
    require(by, "onboarding.publish")
    ref = municipality_by_id(municipality_id)
    schools: dict[UUID, tuple[str, str]] = {}  # name and address
    if ref.state == "live":
        with inside(ref):
            slugs = dict(SchoolAddress.objects.filter(is_current=True).values_list("school_id", "slug"))
            names = School.objects.filter(closed_on=None).values_list("pk", "name")
            schools = {pk: (name, slugs.get(pk, "")) for pk, name in names}
    with as_operator():
        published = PublishedSchool.objects.select_for_update(of=("self",)).filter(
            municipality_id=municipality_id
        )
        known = {row.school_id: (row.pk, (row.name, row.slug)) for row in published}
        gone = [pk for school_id, (pk, said) in known.items() if schools.get(school_id) != said]
        new = [pk for pk, said in schools.items() if pk not in known or known[pk][1] != said]
        PublishedSchool.objects.filter(pk__in=gone).delete()
        now = clock.now()
        PublishedSchool.objects.bulk_create(
            [
                PublishedSchool(
                    municipality_id=municipality_id,
                    school_id=pk,
                    name=schools[pk][0],
                    slug=schools[pk][1],
                    changed_at=now,
                )
                for pk in new
            ],
            ignore_conflicts=True,
        )
        changed = len(set(gone)) + len(new)
        if changed:
            record(
                by=by,
                verb="onboarding.publish",
                kind="municipality",
                object_id=municipality_id,
                changed=changed,
            )
    return changed


def publish_all(*, by: Actor) -> int:
    """Every municipality's schools, for the nightly pass and the first start. Gives how many rows changed."""
    return sum(publish_schools(municipality_id=ref.id, by=by) for ref in municipalities())
