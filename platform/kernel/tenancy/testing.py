"""For the test suite: a database with everything in it, and municipalities by the handful.

Usage: docs/how/tenancy.md. Roles and rights are the real ones; tests work as `app`, never as superuser.
"""

from kernel.actor import MACHINE
from kernel.tenancy import MunicipalityRef, owner, template


def prepare_database() -> None:
    """Bring the database of settings.DATABASES to the code's migrations, operator included (slow once)."""
    from django.core.management import call_command

    template.ensure()
    call_command("migrate_all", verbosity=0)


def found_for_tests(
    slug: str, *, country: str = "NO", kind: str = "municipality", name: str = "", live: bool = True
) -> MunicipalityRef:
    """Found a bare municipality (no schools, no roles: see tenants.setup.operations.furnish). About 0.2 s."""
    from importlib import import_module

    operations = import_module("tenants.municipalities.operations")
    ref: MunicipalityRef = operations.found_municipality(
        slug=slug, name=name or slug.title(), country=country, kind=kind, by=MACHINE
    )
    if live:
        ref = operations.change_state(municipality_id=ref.id, to="live", by=MACHINE)
    return ref


def drop_for_tests(ref: MunicipalityRef) -> None:
    """Take a municipality of a test away again, with everything in it."""
    from importlib import import_module

    import_module("tenants.municipalities.operations")._undo(ref)


def forget_jobs() -> None:
    """Empty the queue (committed): for tests that commit."""
    with owner.transaction_of_owner() as cursor:
        cursor.execute("SET LOCAL search_path = jobs; DELETE FROM procrastinate_jobs")
