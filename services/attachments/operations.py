"""Keeping files beside a message, and taking them away with it. Called in the transaction of the message, by the room
that has locked its case."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.crypto.fields import Plain
from kernel.crypto.models import CaseKey
from kernel.errors import Invalid
from kernel.permissions import require
from services.attachments.intake import Taken
from services.attachments.models import Attachment

#: What one case may hold, so that nobody fills the house: files, and bytes of them.
MOST_OF_A_CASE, MOST_BYTES_OF_A_CASE = 60, 100_000_000


@transaction.atomic
def attach(*, by: Actor, case_key: CaseKey, subject_id: UUID, files: Sequence[Taken]) -> list[Attachment]:
    """Keep these with the message, sealed under its case's key. Raises Invalid (files) when the case is full."""
    require(by, "attachments.attach")
    there = Attachment.objects.filter(case_key=case_key).aggregate(
        last=Coalesce(Max("number"), 0), size=Coalesce(Sum("size"), 0)
    )
    together = there["size"] + sum(len(one.content) for one in files)
    if there["last"] + len(files) > MOST_OF_A_CASE or together > MOST_BYTES_OF_A_CASE:
        raise Invalid(files=_("There is no room for more files here. Send your words without them."))
    return [
        _keep(by, case_key, subject_id, there["last"] + number, one)
        for number, one in enumerate(files, start=1)
    ]


def _keep(by: Actor, case_key: CaseKey, subject_id: UUID, number: int, file: Taken) -> Attachment:
    row = Attachment(
        case_key=case_key,
        subject_id=subject_id,
        number=number,
        kind=file.kind,
        size=len(file.content),
        width=file.width,
        height=file.height,
    )
    row.name, row.content = file.name, Plain(file.content)
    row.save(force_insert=True)
    record(
        by=by,
        verb="attachments.attach",
        kind="attachment",
        object_id=row.pk,
        message=str(subject_id),
        file=file.kind,
        size=row.size,
    )
    return row


@transaction.atomic
def remove(*, by: Actor, subject_id: UUID) -> int:
    """The message is taken back, and its files with it. Returns how many there were."""
    require(by, "attachments.remove")
    gone, _rows = Attachment.objects.filter(subject_id=subject_id).delete()
    if gone:
        record(by=by, verb="attachments.remove", kind="attachment", object_id=subject_id, count=gone)
    return gone
