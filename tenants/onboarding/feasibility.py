"""Can the promise be kept? Asked inside the municipality, of real people only: invented ones leave before
the door opens.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from kernel.guarantee import check_guarantee
from kernel.tenancy import MunicipalityRef, inside
from tenants.setup.actors import held_on, today
from tenants.setup.models import Post
from tenants.setup.queries import current_calendar, guarantee_for, portal


@dataclass(frozen=True, slots=True)
class Feasibility:
    """`nobody` lists (school, role names per language) without a real person; `problems` what the calendar
    cannot keep.
    """

    schools: int
    nobody: tuple[tuple[str, dict[str, str]], ...]
    problems: tuple[str, ...]

    @property
    def feasible(self) -> bool:
        return self.schools > 0 and not self.nobody and not self.problems


def _words(code: str) -> str:
    if code == "never_opens":
        return _("The working calendar never opens.")
    return _("The working calendar opens too seldom for this promise.")


def feasibility(ref: MunicipalityRef) -> Feasibility:
    """Whether every open school has somebody real in every role today, and the calendar opens enough."""
    with inside(ref):
        door = portal()
        posts = set(
            Post.objects.filter(
                held_on(today()), account__is_active=True, account__is_invented=False
            ).values_list("role_id", "school_id")
        )
        nobody = [
            (school.name, dict(role.names))
            for school in door.schools
            for role in (*school.roles, *school.unstaffed)
            if (role.id, school.id) not in posts
        ]
        problems: dict[str, None] = {}
        if door.schools:
            calendar, _version = current_calendar()
            for school in door.schools:
                for role in (*school.roles, *school.unstaffed):
                    _same, guarantee, _id = guarantee_for(school.id, role.id)
                    problems.update(
                        {str(_words(problem.code)): None for problem in check_guarantee(guarantee, calendar)}
                    )
        return Feasibility(len(door.schools), tuple(nobody), tuple(problems))
