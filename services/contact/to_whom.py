"""What a student is told of who knows what: to whom they are anonymous at this door, and where it ends."""

from dataclasses import dataclass
from uuid import UUID

from tenants.setup.models import HelperRole
from tenants.setup.portal import text_in
from tenants.setup.queries import portal
from tenants.walls.anonymity import Secrecy, secrecy_of


@dataclass(frozen=True, slots=True)
class ToWhom:
    """One role at a school. `is_anonymous`: neither a name nor a way to reach them was given."""

    role: str
    school: str
    secrecy: Secrecy
    is_anonymous: bool


def to_whom(role_id: UUID, school_id: UUID, language: str, *, is_anonymous: bool) -> ToWhom | None:
    """None for a role that is not there any more. One query."""
    role = HelperRole.objects.select_related("employer").filter(pk=role_id).first()
    school = portal().school(school_id)
    if role is None:
        return None
    name = text_in(role.names, language) or role.key
    form = school.form if school else "other"
    return ToWhom(name, school.name if school else "", secrecy_of(role, form), is_anonymous)


def everybody(language: str) -> list[ToWhom]:
    """Every role that answers somewhere here, once for each way in which its secrecy differs. One query."""
    roles = {one.pk: one for one in HelperRole.objects.select_related("employer")}
    found: dict[tuple[UUID, Secrecy], ToWhom] = {}
    for school in portal().schools:
        for role in school.roles:
            secrecy = secrecy_of(roles[role.id], school.form)
            known = found.get((role.id, secrecy))
            name = school.name if known is None else ""
            found[role.id, secrecy] = ToWhom(role.name(language), name, secrecy, is_anonymous=True)
    return list(found.values())
