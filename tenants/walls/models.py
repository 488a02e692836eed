"""Who was let into a case: by the one who has it (Grant), or by two persons (Opening).

Reasons are about a student, so they are sealed under the case's own key and go when it goes.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from kernel.crypto.fields import EncryptedField
from kernel.crypto.models import CaseKey
from kernel.tenancy.models import MunicipalModel

ACCOUNT = settings.AUTH_USER_MODEL
LONGEST_GRANT = timedelta(days=30)
LONGEST_OPENING = timedelta(hours=24)
#: How long an opening waits for its second person.
ASKED_FOR = timedelta(hours=72)


class Grant(MunicipalModel):
    """One person may read one case, from a time to a time, because the one who has it said so.

    One that was withdrawn keeps its row; giving anew withdraws the older one.
    """

    class Basis(models.TextChoices):
        NEED = "need"
        AGREEMENT = "agreement"
        REASON = "reason"

    case_key = models.ForeignKey(CaseKey, on_delete=models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(ACCOUNT, on_delete=models.PROTECT, related_name="+", db_index=False)
    given_by = models.ForeignKey(ACCOUNT, on_delete=models.PROTECT, related_name="+", db_index=False)
    basis = models.CharField(max_length=10, choices=Basis.choices)
    reason = EncryptedField()
    given_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "case_key"],
                condition=Q(withdrawn_at__isnull=True),
                name="a_person_has_one_grant_to_a_case",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("given_at")) & Q(ends_at__lte=F("given_at") + LONGEST_GRANT),
                name="a_grant_ends_within_30_days",
            ),
            models.CheckConstraint(
                condition=~Q(account=F("given_by")), name="nobody_grants_a_case_to_themselves"
            ),
        ]


class Opening(MunicipalModel):
    """One case opened for one named person by two persons' word: asked for, confirmed or refused, over.

    Danger breaks the glass; every other basis takes the case out for somebody (an extraction).
    `hours` is how long it opens once confirmed. Not `is_told`: the student is not shown it, and `untold_reason`
    says why that is lawful.
    """

    class Basis(models.TextChoices):
        DANGER = "danger"
        STUDENT_ASKED = "student_asked"
        SUPERVISION = "supervision"
        COURT = "court"
        PUBLIC_RECORD = "public_record"

    class Scope(models.TextChoices):
        CONVERSATION = "conversation"
        WITH_LOG = "with_log"

    case_key = models.ForeignKey(CaseKey, on_delete=models.PROTECT, related_name="+", db_index=False)
    case_number = models.CharField(max_length=12)
    role = models.ForeignKey("setup.HelperRole", on_delete=models.PROTECT, related_name="+", db_index=False)
    school = models.ForeignKey("setup.School", on_delete=models.PROTECT, related_name="+", db_index=False)
    basis = models.CharField(max_length=16, choices=Basis.choices)
    scope = models.CharField(max_length=14, choices=Scope.choices)
    reason = EncryptedField()
    reader = models.ForeignKey(ACCOUNT, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_by = models.ForeignKey(ACCOUNT, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    hours = models.PositiveSmallIntegerField()
    is_told = models.BooleanField(default=True)
    untold_reason = EncryptedField(null=True)
    confirmed_by = models.ForeignKey(
        ACCOUNT, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    confirmed_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True, ends_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False, ends_at__isnull=False),
                name="an_opening_is_confirmed_whole_or_not",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | ~Q(confirmed_by=F("asked_by")) & ~Q(confirmed_by=F("reader")),
                name="an_opening_takes_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True)
                | Q(ends_at__gt=F("confirmed_at")) & Q(ends_at__lte=F("confirmed_at") + LONGEST_OPENING),
                name="an_opening_ends_within_24_hours",
            ),
            models.CheckConstraint(
                condition=Q(is_told=True, untold_reason__isnull=True)
                | Q(is_told=False, untold_reason__isnull=False),
                name="what_is_not_told_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(hours__gte=1, hours__lte=24), name="an_opening_lasts_1_to_24_hours"
            ),
        ]

    @property
    def is_extraction(self) -> bool:
        return self.basis != Opening.Basis.DANGER

    def stands_at(self, now: datetime) -> bool:
        """Whether the case is open to its reader at `now`."""
        return self.ended_at is None and self.ends_at is not None and now < self.ends_at

    def waits_at(self, now: datetime) -> bool:
        """Whether a second person can still confirm it."""
        return self.ended_at is None and self.confirmed_at is None and now < self.asked_at + ASKED_FOR
