"""One noun: a host that the municipality says is its own."""

from django.db import models

from kernel.tenancy.models import MunicipalModel


class OwnAddress(MunicipalModel):
    """A host, in lower case and punycode, and what the last look at its records found.

    It serves from its first proof until `ended_at`; the row of `municipalities.Domain` goes with it. `missing_since`:
    the record has not been there from then on. `answers`: the host led here at the last look; `silent_since`: it has
    not from then on.
    """

    host = models.CharField(max_length=253)
    token = models.CharField(max_length=52)
    asked_at = models.DateTimeField()
    proved_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    missing_since = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    silent_since = models.DateTimeField(null=True)
    answers = models.BooleanField(default=False, db_default=False)
    is_shown = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["host"], name="an_own_address_is_written_down_once"),
            models.UniqueConstraint(
                fields=["is_shown"], condition=models.Q(is_shown=True), name="one_own_address_is_shown"
            ),
            models.CheckConstraint(
                condition=models.Q(is_shown=False) | models.Q(proved_at__isnull=False, ended_at__isnull=True),
                name="only_an_own_address_that_serves_is_shown",
            ),
        ]

    @property
    def serves(self) -> bool:
        """Whether students are let in by it."""
        return self.proved_at is not None and self.ended_at is None
