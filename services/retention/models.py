"""How long, what holds, what was wished, and what is left when a case is gone."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from kernel.crypto.fields import EncryptedField
from kernel.crypto.models import CaseKey
from kernel.tenancy.models import MunicipalModel
from services.contact.models import ContactRequest

ACCOUNT = settings.AUTH_USER_MODEL
#: A changed rule waits this long before anything goes by it; until then it can be taken back.
WAITS = timedelta(days=7)
#: A student's wish waits this long; until then it can be taken back.
COOLS = timedelta(hours=24)
#: The outcomes of a closed request, each with a rule of its own.
OUTCOMES = ("helped", "referred", "not_reached", "withdrawn")


class Method(models.TextChoices):
    """What happens when the time is over. Both destroy the key and every row; a tally is kept or not."""

    DELETE = "delete"
    ANONYMISE = "anonymise"
    KEEP = "keep"


class RetentionRule(MunicipalModel):
    """One decision about requests that ended with `outcome`, from `starts_at` on. Never changed; a later one follows.

    `months` and `method` empty: back to what the country's law row says (`services.retention.data`).
    """

    outcome = models.CharField(max_length=12)
    months = models.PositiveSmallIntegerField(null=True)
    method = models.CharField(max_length=10, choices=Method.choices, blank=True)
    decided_by = models.ForeignKey(ACCOUNT, on_delete=models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(months__isnull=True, method="") | Q(months__gte=1) & ~Q(method=""),
                name="a_rule_is_whole_or_the_laws",
            ),
            models.CheckConstraint(
                condition=Q(starts_at__gte=F("decided_at") + WAITS), name="a_rule_waits_a_week"
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True) | Q(taken_back_at__lt=F("starts_at")),
                name="only_a_rule_that_waits_is_taken_back",
            ),
        ]


class ArchiveDecision(MunicipalModel):
    """What the municipality decided about its archive: the newest one counts. Without one nothing goes."""

    class Choice(models.TextChoices):
        DELETE = "delete"
        OWN_ARCHIVE = "own_archive"
        NATIONAL_ARCHIVE = "national_archive"

    choice = models.CharField(max_length=20, choices=Choice.choices)
    decided_on = models.DateField()
    noted_at = models.DateTimeField()
    #: None: brought along from the sign-up.
    noted_by = models.ForeignKey(
        ACCOUNT, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )


class LegalHold(MunicipalModel):
    """One case stays until a day, because an administrator said so; they see none of it."""

    class Basis(models.TextChoices):
        COURT = "court"
        SUPERVISION = "supervision"
        COMPLAINT = "complaint"
        ARCHIVE = "archive"

    request = models.ForeignKey(ContactRequest, on_delete=models.PROTECT, related_name="+", db_index=False)
    basis = models.CharField(max_length=12, choices=Basis.choices)
    reason = EncryptedField()
    last_day = models.DateField()
    placed_by = models.ForeignKey(ACCOUNT, on_delete=models.PROTECT, related_name="+", db_index=False)
    placed_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        ACCOUNT, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(ended_at__isnull=True), name="a_case_has_one_legal_hold"
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True, ended_at__isnull=True)
                | Q(ended_by__isnull=False, ended_at__isnull=False),
                name="a_hold_is_ended_whole_or_not",
            ),
        ]

    @property
    def case_key(self) -> CaseKey:
        return self.request.case_key

    @property
    def case_key_id(self) -> UUID:
        return self.request.case_key_id


class ErasureWish(MunicipalModel):
    """The student wants it gone. `numbered`: the last message when they said so; a word after it takes it back."""

    request = models.ForeignKey(ContactRequest, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    goes_at = models.DateTimeField()
    numbered = models.PositiveIntegerField()
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(taken_back_at__isnull=True), name="a_case_has_one_wish"
            ),
            models.CheckConstraint(
                condition=Q(goes_at__gte=F("asked_at") + COOLS), name="a_wish_cools_for_a_day"
            ),
        ]


class Tombstone(MunicipalModel):
    """That one case ended: what, on which day, by which rule. Not whose, not where, not its number."""

    class Cause(models.TextChoices):
        TIME = "time"
        WISH = "wish"

    kind = models.CharField(max_length=20, default="contact_request")
    gone_on = models.DateField()
    cause = models.CharField(max_length=4, choices=Cause.choices)
    method = models.CharField(max_length=10, choices=Method.choices)
    #: The law row that stood behind it: country and outcome.
    law = models.CharField(max_length=20)
    #: The municipality's own rule, if it had one.
    rule = models.ForeignKey(
        RetentionRule, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        indexes = [models.Index(fields=["gone_on"], name="tombstones_by_day")]


class Tally(MunicipalModel):
    """What stays for the statistics: how many of one month, door and ending. A count, never a row a person."""

    month = models.DateField()
    school = models.ForeignKey("setup.School", on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.ForeignKey("setup.HelperRole", on_delete=models.PROTECT, related_name="+", db_index=False)
    outcome = models.CharField(max_length=12)
    promise = models.CharField(max_length=8)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "school", "role", "outcome", "promise"], name="a_tally_of_a_kind_is_one_row"
            ),
        ]
