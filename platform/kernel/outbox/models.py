"""One table: what is to be sent, and what became of it."""

from django.conf import settings
from django.db import models

from kernel import clock
from kernel.tenancy.models import MunicipalModel


class Message(MunicipalModel):
    """One message to one recipient because of one cause.

    recipient   an account's id, or a keyed hash of an address: what makes (cause, recipient, channel) one
    sealed      address and context, AES-GCM; None as soon as the message is sent or left unsent for good
    last_error  class and SMTP code of the last failure, never its text
    created_at  to the minute, as are next_attempt_at and sent_at: a student's act may be what it tells about
    """

    class Channel(models.TextChoices):
        EMAIL = "email"
        SMS = "sms"

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        FAILED = "failed"
        SKIPPED = "skipped"  # to an invented person outside of a demo, or nobody is to be told any more

    cause = models.CharField(max_length=120)
    recipient = models.CharField(max_length=64)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.EMAIL)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    template = models.CharField(max_length=80)
    language = models.CharField(max_length=10)
    sealed = models.BinaryField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=clock.this_minute)
    last_error = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(default=clock.this_minute)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cause", "recipient", "channel"], name="a_cause_is_told_once_to_each"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sent") | models.Q(sent_at__isnull=False, sealed__isnull=True),
                name="a_sent_message_keeps_no_content",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=models.Q(state="queued"), name="messages_to_send"
            ),
        ]
