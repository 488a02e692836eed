"""What a helper keeps at the desk beside a request: private notes, drafts. Sealed with the request's case key.

All of it goes with the request: nothing here outlives the case.
"""

from uuid import UUID

from django.conf import settings
from django.db import models

from kernel.crypto.fields import EncryptedField
from kernel.crypto.models import CaseKey
from kernel.tenancy.models import MunicipalModel
from services.contact.models import ContactRequest


class Note(MunicipalModel):
    """A private note: never part of the conversation, never shown to its student.

    `circle` is the secrecy circle in which it was written (tenants.walls); `newest` the number of its present
    version. Deleted is hidden at once, and forgotten an hour later (`NoteVersion` keeps the words).
    """

    request = models.ForeignKey(ContactRequest, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    circle = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    newest = models.PositiveSmallIntegerField(default=1)
    deleted_at = models.DateTimeField(null=True)


class NoteVersion(MunicipalModel):
    """What a note said from `at` on. Earlier versions are kept as long as the note."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveSmallIntegerField()
    text = EncryptedField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "number"], name="versions_of_a_note_are_numbered"),
        ]

    @property
    def case_key(self) -> CaseKey:
        return self.note.request.case_key

    @property
    def case_key_id(self) -> UUID:
        return self.note.request.case_key_id


class Draft(MunicipalModel):
    """What somebody has typed beside a request and not sent: one a person, request and kind. Nobody else's."""

    class Kind(models.TextChoices):
        REPLY = "reply"
        NOTE = "note"

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    request = models.ForeignKey(ContactRequest, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    text = EncryptedField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "request", "kind"], name="one_draft_a_person_request_and_kind"
            ),
        ]

    @property
    def case_key(self) -> CaseKey:
        return self.request.case_key

    @property
    def case_key_id(self) -> UUID:
        return self.request.case_key_id

    @property
    def version(self) -> str:
        """Another one each time it is written, also when it was thrown away and begun anew."""
        return f"{self.pk.hex}.{self.saved_at.timestamp():.6f}"
