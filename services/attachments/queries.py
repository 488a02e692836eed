"""What goes with which message. Names open with the reading of the conversation; bytes with one of their own."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef

from kernel.crypto.fields import ReadingLike
from kernel.crypto.models import CaseKey
from services.attachments.models import Attachment


@dataclass(frozen=True, slots=True)
class File:
    """One attachment as a page lists it. `size` in bytes; of a picture also what it measures in pixels."""

    number: int
    name: str
    kind: str
    size: int
    width: int | None = None
    height: int | None = None

    @property
    def is_picture(self) -> bool:
        return self.kind == Attachment.Kind.PICTURE


def listed(
    case_key: CaseKey, reading: ReadingLike, subject_ids: Iterable[UUID]
) -> dict[UUID, tuple[File, ...]]:
    """Message → its files, in the order in which they were chosen. One query; no file is fetched for it."""
    rows = Attachment.objects.filter(case_key=case_key, subject_id__in=list(subject_ids))
    found: defaultdict[UUID, list[File]] = defaultdict(list)
    for row in rows.defer("content").order_by("number"):
        row.case_key = case_key
        found[row.subject_id].append(as_file(row, reading))
    return {subject_id: tuple(files) for subject_id, files in found.items()}


def as_file(row: Attachment, reading: ReadingLike) -> File:
    return File(row.number, row.name.open(reading), row.kind, row.size, row.width, row.height)


def numbered(case_key: CaseKey, number: int) -> Attachment | None:
    """The attachment of that number, still sealed."""
    row = Attachment.objects.filter(case_key=case_key, number=number).first()
    if row is not None:
        row.case_key = case_key
    return row


def goes_with(subject_id: UUID) -> bool:
    """Whether anything is attached to this message."""
    return Attachment.objects.filter(subject_id=subject_id).exists()


def something_goes_with(subject: str) -> Exists:
    """The condition that a message has files, for its own query. `subject`: the column that holds its id."""
    return Exists(Attachment.objects.filter(subject_id=OuterRef(subject)))
