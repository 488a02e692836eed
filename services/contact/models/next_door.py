"""The student's answer to a broken promise."""

from django.db import models
from django.db.models import Q

from kernel.tenancy.models import MunicipalModel
from services.contact.models.request import ContactRequest


class NextDoor(MunicipalModel):
    """What the student said when a promise had broken and other doors were offered: yes to one, or to wait (`to_role`
    None). One answer about each broken promise; who waits may still say yes.

    `promise`: the new one, of the door they said yes to; the broken one stays as it is. `open_after`: after which
    message that door reads. `handovers`: how many handovers there had been: a no to one of those is none any more.
    """

    class Shares(models.TextChoices):
        """What the new door reads of what was written before."""

        NOT = ""
        ONWARD = "onward"
        EVERYTHING = "everything"

    request = models.ForeignKey(
        ContactRequest, on_delete=models.PROTECT, related_name="next_doors", db_index=False
    )
    broken = models.ForeignKey("promises.Promise", on_delete=models.PROTECT, related_name="+", db_index=False)
    school = models.ForeignKey("setup.School", on_delete=models.PROTECT, related_name="+", db_index=False)
    from_role = models.ForeignKey(
        "setup.HelperRole", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    to_role = models.ForeignKey(
        "setup.HelperRole", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    promise = models.ForeignKey(
        "promises.Promise", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    shares = models.CharField(max_length=10, choices=Shares.choices, default=Shares.NOT, blank=True)
    open_after = models.PositiveIntegerField(null=True)
    handovers = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "broken"], name="a_broken_promise_is_answered_once"),
            models.CheckConstraint(
                condition=Q(to_role__isnull=True, promise__isnull=True, open_after__isnull=True, shares="")
                | Q(to_role__isnull=False, promise__isnull=False, open_after__isnull=False)
                & ~Q(shares="")
                & ~Q(to_role=models.F("from_role")),
                name="a_yes_to_the_next_door_is_whole",
            ),
        ]
