"""What is said, and every attempt to reach the student."""

from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q

from kernel.crypto.fields import EncryptedField
from kernel.crypto.models import CaseKey
from kernel.tenancy.models import MunicipalModel
from services.contact.models.request import Channel, ContactRequest


class ConversationMessage(MunicipalModel):
    """One message. `account` is who wrote as helper; `seen_at` when the other side first opened it; `is_apart`: written
    to or by an adult to whom the student said no, and closed to whoever has the request after them. `tag`: what the
    student calls the friend who wrote it.
    """

    class Sender(models.TextChoices):
        STUDENT = "student"
        HELPER = "helper"
        SYSTEM = "system"
        FRIEND = "friend"

    request = models.ForeignKey(
        ContactRequest, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    sender = models.CharField(max_length=8, choices=Sender.choices)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    text = EncryptedField()
    tag = EncryptedField(null=True)
    at = models.DateTimeField()
    #: Order inside one minute: a student's act has no finer time, and nothing reads order from an id.
    number = models.PositiveIntegerField()
    #: From when on its student sees it: a helper has ten seconds to take it back. None: at once.
    visible_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    is_apart = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="messages_of_a_request_are_numbered"),
            models.CheckConstraint(
                condition=Q(sender="helper", account__isnull=False)
                | ~Q(sender="helper") & Q(account__isnull=True),
                name="only_a_helpers_message_has_an_account",
            ),
        ]

    @property
    def case_key(self) -> CaseKey:
        return self.request.case_key

    @property
    def case_key_id(self) -> UUID:
        return self.request.case_key_id


#: Whose words wait for an adult: the student's, and those of a friend they have asked in.
TO_US = (ConversationMessage.Sender.STUDENT, ConversationMessage.Sender.FRIEND)


class ContactAttempt(MunicipalModel):
    """An adult reached, or tried to reach, the student.

    `at` is when; `recorded_at` when it was written down. `visible_at`: from when its student sees it (until shortly
    before, it can be taken back); None: at once.
    """

    class Outcome(models.TextChoices):
        REACHED = "reached"
        ATTEMPTED = "attempted"

    request = models.ForeignKey(ContactRequest, on_delete=models.PROTECT, related_name="attempts")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=12, choices=Channel.choices)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    as_chosen = models.BooleanField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    visible_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(recorded_at__gte=models.F("at")), name="an_attempt_is_recorded_after_it_happened"
            ),
        ]
