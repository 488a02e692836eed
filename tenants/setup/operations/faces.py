"""A helper's own picture: given by them, shown where the school shows faces, taken back at any time."""

import hashlib
from uuid import UUID

from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.errors import Invalid, NotAllowed
from kernel.permissions import require
from tenants.setup.logos import face_for
from tenants.setup.models import Face
from tenants.setup.operations.change import change


def show_face(*, picture: bytes | None, agrees: bool, by: Actor) -> None:
    """Keep one's own picture, drawn anew, for students to see. Raises Invalid (picture, agrees)."""
    if by.id is None:
        raise NotAllowed()
    require(by, "setup.show_face", by.id)
    if not picture:
        raise Invalid(picture=_("Choose a picture of yourself."))
    if not agrees:
        raise Invalid(agrees=_("Say yes to students seeing it. Otherwise we do not keep it."))
    drawn = face_for(picture, by)
    with change(by, "show_face", by.id) as this:
        row = Face.objects.filter(account_id=by.id).first() or Face(account_id=by.id)
        row.picture, row.agreed_at = drawn, clock.now()
        row.digest = hashlib.sha256(drawn).hexdigest()[:16]
        row.save()
        this.record("account", by.id)


def take_back_face(*, account_id: UUID, by: Actor) -> None:
    """The picture is gone, at once and everywhere. There is none: nothing happens."""
    with change(by, "take_back_face", account_id) as this:
        gone, _rows = Face.objects.filter(account_id=account_id).delete()
        if gone:
            this.record("account", account_id)
