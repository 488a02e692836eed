"""One pass of migrate_all: roles, public, jobs, the operator, then every municipality."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from kernel import clock
from kernel.jobs import schema as jobs_schema
from kernel.tenancy import MunicipalityRef, forget, grants, migrating, owner, template
from kernel.tenancy.router import OWNER
from tenants.municipalities import operations
from tenants.municipalities.models import Municipality, SchemaState

type Say = Callable[[str], None]


@dataclass(slots=True)
class Count:
    """How many schemas there are, were behind, and could not be helped."""

    all: int = 0
    behind: int = 0
    failed: int = 0


def migrate_public() -> list[str]:
    """The public schema to the code's migrations; by the script when empty. Gives what was applied."""
    with owner.transaction_of_owner() as cursor:
        cursor.execute("SELECT to_regclass('public.django_migrations')")
        row = cursor.fetchone()
        if row is None or row[0] is None:
            cursor.execute(template.script("public"))
            return ["everything, from the script"]
    executor = MigrationExecutor(connections[OWNER])
    leaves = executor.loader.graph.leaf_nodes()
    plan = [f"{step.app_label}.{step.name}" for step, _ in executor.migration_plan(leaves)]
    if plan:
        executor.migrate(leaves)
    return plan


def all_refs() -> list[MunicipalityRef]:
    """Everyone who has a schema, the operator first, read as owner (the directory may not be there yet)."""
    rows = Municipality.objects.using(OWNER).exclude(state=Municipality.State.ENDED).order_by("pk")
    return sorted((row.ref() for row in rows), key=lambda ref: ref.kind != "operator")


def prepare_platform(say: Say) -> None:
    """Everything that is not a municipality's."""
    owner.check_server()
    owner.ensure_platform_roles()
    for name in migrate_public():
        say(f"public: {name}")
    if jobs_schema.install():
        say("jobs: made or renewed")
    owner.grant_in_public()
    reference = operations.found_operator()
    owner.grant_in_public(reference.role)
    forget()


def migrate_municipalities(say: Say, progress: Callable[[int, int], None]) -> Count:
    """Bring all schemas up to date and their rights as well. One that fails is recorded and left behind."""
    refs = all_refs()
    states = {state.municipality_id: state for state in SchemaState.objects.using(OWNER)}
    groups = migrating.look(refs)
    count = Count(all=len(refs), behind=sum(len(group.refs) for group in groups))
    left_behind: set[int] = set()
    done = 0

    def report(ref: MunicipalityRef, error: str) -> None:
        nonlocal done
        done += 1
        _keep(ref, error)
        if error:
            left_behind.add(ref.id)
            say(f"{ref.slug}: {error}")
        progress(done, count.behind)

    for group in groups:
        migrating.migrate_group(group, report)
    rights = grants.fingerprint()
    for ref in refs:
        known = states.get(ref.id)
        if ref.id not in left_behind and (known is None or known.rights != rights):
            migrating.grant(ref)
            SchemaState.objects.using(OWNER).update_or_create(
                municipality_id=ref.id,
                defaults={"rights": rights},
                create_defaults={"rights": rights, "applied": "", "looked_at": clock.now()},
            )
    count.failed = len(left_behind)
    return count


def _keep(ref: MunicipalityRef, error: str) -> None:
    SchemaState.objects.using(OWNER).update_or_create(
        municipality_id=ref.id,
        defaults={
            "error": error[:2000],
            "applied": "" if error else migrating.fingerprint_of_code(),
            "looked_at": clock.now(),
        },
    )
