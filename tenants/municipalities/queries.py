"""Reading the directory, as role front."""

from kernel.tenancy import Directory, front
from tenants.municipalities.models import HOLDING, DirectoryVersion, Domain, Municipality, SchemaState


def directory_version() -> int:
    """The version of the directory; 0 before the first migration. One small query."""
    with front():
        return DirectoryVersion.objects.values_list("version", flat=True).first() or 0


def load_directory() -> Directory:
    """All municipalities, ended ones included (their address stays taken). Version first: never too new."""
    with front():
        version = directory_version()
        rows = Domain.objects.values_list("domain", "tenant_id", "is_primary", "ended_at")
        domains = [row[:3] for row in rows if row[3] is None]
        return Directory(
            version=version,
            municipalities=tuple(row.ref() for row in Municipality.objects.order_by("pk")),
            own_domains={domain: whose for domain, whose, _shown in domains},
            former={domain: whose for domain, whose, _shown, ended in rows if ended is not None},
            shown={whose: domain for domain, whose, is_shown in domains if is_shown},
        )


def holder_of(*, country: str, kind: str, code: str) -> str:
    """The name of the municipality whose official code this is; "" when it is nobody's yet.

    Rehearsals hold none, and demos are nobody.
    """
    if not code:
        return ""
    with front():
        holding = Municipality.objects.filter(state__in=HOLDING, is_demo=False)
        found = holding.filter(country=country, kind=kind, code=code).values_list("name", flat=True).first()
    return found or ""


def failed_schemas() -> list[SchemaState]:
    """Municipalities whose schema migrate_all could not bring up to date, for the operator's page."""
    with front():
        return list(SchemaState.objects.exclude(error="").select_related("municipality").order_by("pk"))


def official_code(municipality_id: int) -> str:
    """The official number of a municipality or county; "" where it has none."""
    with front():
        return Municipality.objects.values_list("code", flat=True).filter(pk=municipality_id).first() or ""
