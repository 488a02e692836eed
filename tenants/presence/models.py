"""The nouns of presence. Dates are local dates of the municipality's zone, both ends included."""

from django.conf import settings
from django.db import models

from kernel.tenancy.models import MunicipalModel


class Absence(MunicipalModel):
    """A person is away from a day up to and including a day. Two of one person never meet (operations)."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")),
                name="an_absence_ends_after_it_begins",
            ),
            models.UniqueConstraint(fields=["account", "first_day"], name="a_person_leaves_once_on_a_day"),
        ]


class ToldGap(MunicipalModel):
    """A gap of the next 30 days at a door, so that a digest tells of it once. `told_on` None: no digest has yet."""

    role = models.ForeignKey("setup.HelperRole", on_delete=models.CASCADE, related_name="+", db_index=False)
    school = models.ForeignKey("setup.School", on_delete=models.CASCADE, related_name="+", db_index=False)
    first_day = models.DateField()
    last_day = models.DateField()
    told_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="a_gap_ends_after_it_begins"
            ),
        ]


class Substitute(MunicipalModel):
    """Who answers instead of the holder of a post who is away: the first in order who is there."""

    post = models.ForeignKey("setup.Post", on_delete=models.CASCADE, related_name="+", db_index=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    order = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "account"], name="a_person_substitutes_in_a_post_once"),
        ]
