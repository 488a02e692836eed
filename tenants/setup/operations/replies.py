"""Replies that helpers of a role have ready. Rows of the municipality's own; nothing of a student is ever in them."""

import re
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.errors import FieldError, Invalid, NotFound
from kernel.plain import hidden_signs
from tenants.setup.models import CannedReply, HelperRole
from tenants.setup.operations.change import change
from tenants.setup.operations.schools import checked_texts
from tenants.setup.portal import Texts

LONGEST_TITLE, LONGEST_REPLY = 60, 2000
#: What is filled in: the names of the door, and nothing about who knocked.
PLACES = ("role", "school")
_PLACE = re.compile(r"\{([^{}]*)\}")


def add_canned_reply(*, role_id: UUID, titles: Texts, texts: Texts, by: Actor) -> UUID:
    """A reply for the helpers of a role, after their others. Raises Invalid (role, titles, texts, texts.<language>)."""
    clean = _checked(titles, texts)
    with change(by, "add_canned_reply") as this:
        if not HelperRole.objects.filter(pk=role_id, closed_on=None).exists():
            raise Invalid(role=_("Choose a role from the list."))
        last = CannedReply.objects.filter(role_id=role_id).order_by("-order").first()
        row = CannedReply.objects.create(
            role_id=role_id, titles=clean[0], texts=clean[1], order=last.order + 1 if last else 0
        )
        this.record("canned_reply", row.pk, role=str(role_id))
        return row.pk


def change_canned_reply(*, reply_id: UUID, titles: Texts, texts: Texts, by: Actor) -> None:
    """All languages at once. Raises NotFound, Invalid."""
    clean = _checked(titles, texts)
    with change(by, "change_canned_reply") as this:
        row = _reply(reply_id)
        row.titles, row.texts = clean
        row.save()
        this.record("canned_reply", row.pk)


def remove_canned_reply(*, reply_id: UUID, by: Actor) -> None:
    """Gone from the desk; what was sent with its help stays as it is. Raises NotFound."""
    with change(by, "remove_canned_reply") as this:
        row = _reply(reply_id)
        this.record("canned_reply", row.pk)
        row.delete()


def _reply(reply_id: UUID) -> CannedReply:
    row = CannedReply.objects.filter(pk=reply_id).first()
    if row is None:
        raise NotFound(_("There is no such reply."))
    return row


def _checked(titles: Texts, texts: Texts) -> tuple[dict[str, str], dict[str, str]]:
    names, words = checked_texts(titles, "titles", LONGEST_TITLE), _checked_words(texts)
    errors = []
    if not names:
        errors.append(FieldError("titles", _("Give it a title in at least one language.")))
    if not words:
        errors.append(FieldError("texts", _("Write the text in at least one language.")))
    if errors:
        raise Invalid(errors)
    return names, words


def _checked_words(texts: Texts) -> dict[str, str]:
    """Texts with their lines; only the known places may be filled in."""
    known = {code for code, _name in settings.LANGUAGES}
    clean, errors = {}, []
    for code, text in texts.items():
        words = str(text).replace("\r\n", "\n").strip()
        field = f"texts.{code}"
        if code not in known:
            errors.append(FieldError(field, _("We do not speak this language yet.")))
        elif len(words) > LONGEST_REPLY:
            errors.append(
                FieldError(field, _("Keep it under %(most)d characters.") % {"most": LONGEST_REPLY})
            )
        elif {*_PLACE.findall(words)} - {*PLACES}:
            errors.append(FieldError(field, _("Only {role} and {school} can be filled in.")))
        elif hidden := hidden_signs(**{field: words.replace("\n", " ")}):
            errors += hidden
        elif words:
            clean[code] = words
    if errors:
        raise Invalid(errors)
    return clean
