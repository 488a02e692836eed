"""The keys themselves, wrapped. The row of a destroyed key stays, so that what it sealed stays sealed."""

from django.db import models

from kernel.tenancy.models import MunicipalModel


class MunicipalityKey(MunicipalModel):
    """One key of the municipality for one purpose, wrapped by the key-encryption key.

    `note`, of the `audit` key alone: where the log stands, sealed under that key (kernel.audit.linking).
    """

    purpose = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField(default=1)
    wrapped = models.BinaryField()
    note = models.BinaryField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purpose", "version"], name="one_key_a_purpose_and_version"),
        ]


class CaseKey(MunicipalModel):
    """The key of one case (a conversation), wrapped by the municipality's `case` key.

    `wrapped_by` is the version that wraps it, and the database lets none go on which a case key stands. None
    means the first version (a row from before there were others) or, with `wrapped`, destroyed.
    """

    wrapped = models.BinaryField(null=True)
    wrapped_by = models.ForeignKey(
        MunicipalityKey, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(wrapped__isnull=True, destroyed_at__isnull=False)
                    | models.Q(wrapped__isnull=False, destroyed_at__isnull=True)
                ),
                name="a_case_key_is_there_or_destroyed",
            ),
        ]
