"""How far help came at one door in one quarter, as it may be said; written once, after the quarter's end."""

from django.db import models
from django.db.models import Q

from kernel.tenancy.models import MunicipalModel
from services.insights.withholding import FEWEST

_FIGURES = ("whole", "answered", "read", "met", "yes", "little", "no", "unsaid")


def _no_small_figure() -> Q:
    found = Q()
    for name in _FIGURES:
        found &= Q(**{f"{name}__isnull": True}) | Q(**{name: 0}) | Q(**{f"{name}__gte": FEWEST})
    return found


class QuarterOfHelp(MunicipalModel):
    """One role at one school (`course.ShownCourse`). None: withheld; what was withheld is kept nowhere.

    `first_day` of the quarter, in the municipality's own calendar.
    """

    first_day = models.DateField()
    school = models.ForeignKey("setup.School", on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.ForeignKey("setup.HelperRole", on_delete=models.PROTECT, related_name="+", db_index=False)
    whole = models.PositiveIntegerField(null=True)
    answered = models.PositiveIntegerField(null=True)
    read = models.PositiveIntegerField(null=True)
    met = models.PositiveIntegerField(null=True)
    yes = models.PositiveIntegerField(null=True)
    little = models.PositiveIntegerField(null=True)
    no = models.PositiveIntegerField(null=True)
    unsaid = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first_day", "school", "role"], name="a_quarter_is_kept_once"),
            models.CheckConstraint(condition=_no_small_figure(), name="no_small_figure_is_kept"),
        ]
