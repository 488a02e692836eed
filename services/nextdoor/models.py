"""In which order the doors of a school are offered. What a student said of them is contact.NextDoor."""

from django.db import models

from kernel.tenancy.models import MunicipalModel


class DoorOrder(MunicipalModel):
    """The order in which the roles of a school (None: of every school) are offered after a broken promise.

    `roles`: ids of roles, the first offered first; one that stands in neither list comes after them. `never`: ids of
    those that are not offered.
    """

    school = models.ForeignKey(
        "setup.School", on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    roles = models.JSONField(default=list)
    never = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school"], nulls_distinct=False, name="a_school_has_one_order_of_doors"
            ),
        ]
