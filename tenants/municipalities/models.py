"""Tables of the public schema: no person is in them."""

from typing import cast

from django.db import models
from django_tenants.models import DomainMixin, TenantMixin

from kernel.tenancy import MunicipalityRef
from kernel.tenancy.state import MunicipalityKind, MunicipalityState

#: States in which an official code is a municipality's own. In a rehearsal nobody has shown that it is theirs.
HOLDING = ("live", "suspended")


class Municipality(TenantMixin):  # type: ignore[misc]
    """A municipality, a county, or the operator. Its schema is made by founding, never by `save()`."""

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality"
        COUNTY = "county"
        OPERATOR = "operator"

    class State(models.TextChoices):
        REHEARSAL = "rehearsal"
        LIVE = "live"
        SUSPENDED = "suspended"
        ENDED = "ended"

    auto_create_schema = False
    auto_drop_schema = False

    slug = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    country = models.CharField(max_length=2)
    code = models.CharField(max_length=10, blank=True)
    kind = models.CharField(max_length=12, choices=Kind)
    timezone = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State, default=State.REHEARSAL)
    is_demo = models.BooleanField(default=False)
    founded_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(slug__regex=r"^[a-z][a-z0-9-]{1,38}[a-z0-9]$"),
                name="a_slug_is_a_host_name",
            ),
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(kind="operator"), name="there_is_one_operator"
            ),
            models.UniqueConstraint(
                fields=["country", "kind", "code"],
                condition=~models.Q(code="") & models.Q(state__in=HOLDING, is_demo=False),
                name="one_municipality_for_each_official_code",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="live") | models.Q(opened_at__isnull=False),
                name="a_live_municipality_has_opened",
            ),
        ]

    def _check_schema_name_is_unique(self) -> None:
        """Nothing to ask: the schema is named by the row's own id."""

    def ref(self) -> MunicipalityRef:
        """The row as a value that can be carried anywhere."""
        return MunicipalityRef(
            id=self.pk,
            schema=self.schema_name,
            role=f"m_{self.pk}",
            slug=self.slug,
            name=self.name,
            country=self.country,
            timezone=self.timezone,
            kind=cast(MunicipalityKind, str(self.kind)),
            state=cast(MunicipalityState, str(self.state)),
            is_demo=self.is_demo,
        )


class Domain(DomainMixin):  # type: ignore[misc]
    """A host of a municipality's own, beside SLUG.<our host>. `ended_at`: it serves nobody from then on, and is kept so
    that words sent from a page that was still open there are led to the door."""

    ended_at = models.DateTimeField(null=True)


class DirectoryVersion(models.Model):
    """One row, raised whenever a municipality or a domain changes: processes then read the directory anew."""

    version = models.BigIntegerField(default=1)


class SchemaState(models.Model):
    """What migrate_all last did to a municipality's schema. Kept for the operator."""

    municipality = models.OneToOneField(Municipality, models.CASCADE, related_name="schema_state")
    applied = models.CharField(max_length=64)
    rights = models.CharField(max_length=64)
    error = models.TextField(blank=True)
    looked_at = models.DateTimeField()
