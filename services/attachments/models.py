"""One file that goes with one message, sealed under its case's key: its bytes, and its name, which says much too."""

from django.db import models
from django.db.models import Q

from kernel.crypto.fields import EncryptedBytesField, EncryptedField
from kernel.crypto.models import CaseKey
from kernel.tenancy.models import MunicipalModel


class Attachment(MunicipalModel):
    """`subject_id` is the message. `number` counts within the case: an address names a file by it and by nothing else.

    `size` in bytes, as it is kept; `width` and `height` of a picture in pixels.
    """

    class Kind(models.TextChoices):
        PICTURE = "picture"  # always a JPEG, drawn by us
        DOCUMENT = "document"  # a PDF, as it came: only ever given as a download

    case_key = models.ForeignKey(CaseKey, on_delete=models.PROTECT, related_name="+", db_index=False)
    subject_id = models.UUIDField()
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    size = models.PositiveIntegerField()
    width = models.PositiveSmallIntegerField(null=True)
    height = models.PositiveSmallIntegerField(null=True)
    name = EncryptedField()
    content = EncryptedBytesField()

    class Meta:
        indexes = [models.Index(fields=["subject_id"], name="attachments_of_a_message")]
        constraints = [
            models.UniqueConstraint(fields=["case_key", "number"], name="attachments_of_a_case_are_numbered"),
            models.CheckConstraint(
                condition=Q(kind="picture", width__isnull=False, height__isnull=False)
                | Q(kind="document", width__isnull=True, height__isnull=True),
                name="a_picture_has_a_width_and_a_height",
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="an_attachment_is_not_empty"),
        ]
