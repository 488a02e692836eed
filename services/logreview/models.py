"""One table: who reviews the reads by an employer's people, and what they said about each month."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from kernel.tenancy.models import MunicipalModel


class LogReview(MunicipalModel):
    """Without a month: the reviewer of an employer, until further notice. With one: that month's sign-off.

    month     its first day; the municipality's own calendar
    reads     how many reads there were, of which the reviewer saw a sample and the outliers
    log_head  where the log's chain stood when it was signed (docs/how/log.md)
    """

    class Outcome(models.TextChoices):
        IN_ORDER = "in_order"
        FOLLOWED_UP = "followed_up"

    employer = models.ForeignKey("setup.Employer", on_delete=models.PROTECT, related_name="+", db_index=False)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    month = models.DateField(null=True)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    reads = models.PositiveIntegerField(null=True)
    log_head = models.CharField(max_length=48, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "month"],
                nulls_distinct=False,
                name="an_employer_has_one_reviewer_and_a_month_one_sign_off",
            ),
            models.CheckConstraint(
                condition=Q(month__isnull=True, outcome="", reads__isnull=True, log_head="")
                | Q(month__isnull=False, month__day=1, reads__isnull=False) & ~Q(outcome=""),
                name="a_month_is_signed_off_with_an_outcome",
            ),
        ]
