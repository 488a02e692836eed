"""What the law wants written down elsewhere."""

from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q

from kernel.crypto.fields import EncryptedField
from kernel.crypto.models import CaseKey
from kernel.tenancy.models import MunicipalModel
from services.contact.models.request import ContactRequest


class RecordDue(MunicipalModel):
    """The law wants something written elsewhere about a request that was closed: in what kind of system, by whom.

    `role` and `school` are the door whose duty it is: it stays there when the request goes to another (None in a
    row of an older release: where the request is). One at a time of each door.

    `employer` is the kind of employer that the holder's duty stands on; law and section follow from it
    (tenants.walls.record_due). Unsettled until the holder says that it is recorded, in which system and on which
    day, or why none is due: `detail` is that system or that reason. Before that no retention runs.
    """

    class Settled(models.TextChoices):
        NOT_YET = ""
        RECORDED = "recorded"
        NOT_DUE = "not_due"

    request = models.ForeignKey(ContactRequest, on_delete=models.CASCADE, related_name="records_due")
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    role = models.ForeignKey(
        "setup.HelperRole", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    school = models.ForeignKey(
        "setup.School", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    system = models.CharField(max_length=24)
    employer = models.CharField(max_length=20)
    since = models.DateTimeField()
    settled = models.CharField(max_length=10, choices=Settled.choices, default=Settled.NOT_YET, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    recorded_on = models.DateField(null=True)
    detail = EncryptedField(null=True)
    remind_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["holder"], name="records_still_due", condition=Q(settled="")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "role", "school"],
                condition=Q(settled=""),
                name="one_record_is_due_at_a_time_of_a_door",
            ),
            models.CheckConstraint(
                condition=Q(settled="", settled_at__isnull=True, settled_by__isnull=True, detail__isnull=True)
                | ~Q(settled="")
                & Q(settled_at__isnull=False, settled_by__isnull=False, detail__isnull=False),
                name="a_settled_record_says_when_by_whom_and_how",
            ),
            models.CheckConstraint(
                condition=Q(settled="recorded", recorded_on__isnull=False)
                | ~Q(settled="recorded") & Q(recorded_on__isnull=True),
                name="recorded_has_a_day_and_nothing_else_has",
            ),
        ]

    @property
    def door(self) -> tuple[UUID, UUID]:
        """(role, school) whose duty it is."""
        return self.role_id or self.request.role_id, self.school_id or self.request.school_id

    @property
    def case_key(self) -> CaseKey:
        return self.request.case_key

    @property
    def case_key_id(self) -> UUID:
        return self.request.case_key_id
