"""Who may send pictures and files in a conversation: everywhere, or at one school instead."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.errors import Invalid, NotFound
from tenants.setup.models import AttachmentRule, School
from tenants.setup.operations.change import change


def set_attachments(*, who: str, school_id: UUID | None = None, by: Actor) -> UUID:
    """From now on. What was sent before stays with its message.

    Raises Invalid (who), NotFound for an unknown or closed school.
    """
    with change(by, "set_attachments") as this:
        if who not in AttachmentRule.Who.values:
            raise Invalid(who=_("Choose who may send pictures and files."))
        if school_id and not School.objects.filter(pk=school_id, closed_on=None).exists():
            raise NotFound(_("There is no such school."))
        place: dict[str, Any] = {"school_id": school_id}
        row = AttachmentRule.objects.filter(**place).first() or AttachmentRule(**place)
        if row.who == who and not row._state.adding:
            return row.pk
        row.who = who
        row.save()
        this.record("attachment_rule", row.pk, who=who, school=str(school_id or ""))
        return row.pk


def reset_attachments(*, school_id: UUID, by: Actor) -> None:
    """Let the general rule hold at this school again."""
    with change(by, "reset_attachments") as this:
        row = AttachmentRule.objects.filter(school_id=school_id).first()
        if row is not None:
            this.record("attachment_rule", row.pk, school=str(school_id), reset=True)
            row.delete()
