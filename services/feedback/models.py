"""What students say after a conversation was closed. What they typed is sealed with the key of the conversation."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from kernel.crypto.fields import EncryptedField
from kernel.crypto.models import CaseKey
from kernel.tenancy.models import MunicipalModel
from services.contact.models import ContactRequest


class Feedback(MunicipalModel):
    """One answer about one closing (`closed_at`), at the door that closed it. No person is named.

    `is_shared`: the student lets the adult who has the conversation see it; only then are there words.
    """

    class Answer(models.TextChoices):
        YES = "yes"
        LITTLE = "little"
        NO = "no"
        SKIPPED = "skipped"

    request = models.ForeignKey(ContactRequest, on_delete=models.PROTECT, related_name="+", db_index=False)
    closed_at = models.DateTimeField()
    school = models.ForeignKey("setup.School", on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.ForeignKey("setup.HelperRole", on_delete=models.PROTECT, related_name="+", db_index=False)
    answer = models.CharField(max_length=8, choices=Answer.choices)
    is_shared = models.BooleanField(default=False)
    words = EncryptedField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "closed_at"], name="a_closing_is_answered_once"),
            models.CheckConstraint(
                condition=Q(words__isnull=True) | Q(is_shared=True), name="words_are_there_to_be_read"
            ),
            models.CheckConstraint(
                condition=Q(is_shared=False) | ~Q(answer="skipped"), name="what_was_skipped_is_not_shared"
            ),
        ]

    @property
    def case_key(self) -> CaseKey:
        return self.request.case_key

    @property
    def case_key_id(self) -> UUID:
        return self.request.case_key_id
