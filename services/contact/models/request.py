"""A knock on a door, and how the student wants to be reached."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from kernel.crypto.fields import EncryptedField
from kernel.crypto.models import CaseKey
from kernel.tenancy.models import MunicipalModel

SUBJECT = "contact_request"


class Channel(models.TextChoices):
    """How the student wants to be reached."""

    CONVERSATION = "conversation"
    PHONE = "phone"
    SMS = "sms"
    EMAIL = "email"
    VISIT = "visit"
    VIDEO = "video"
    WALK = "walk"


class ContactRequest(MunicipalModel):
    """One knock on one door (a role at a school)."""

    class State(models.TextChoices):
        WAITING = "waiting"
        TAKEN = "taken"
        ANSWERED = "answered"
        CLOSED = "closed"
        WITHDRAWN = "withdrawn"

    class Outcome(models.TextChoices):
        NONE = ""
        HELPED = "helped"
        REFERRED = "referred"
        NOT_REACHED = "not_reached"
        WITHDRAWN = "withdrawn"

    class Held(models.TextChoices):
        """Whether it came in a flood, and whether somebody has read since what it is."""

        NO = ""
        HELD = "held"
        LET_OUT = "let_out"

    case_number = models.CharField(max_length=12)
    school = models.ForeignKey("setup.School", on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.ForeignKey("setup.HelperRole", on_delete=models.PROTECT, related_name="+", db_index=False)
    case_key = models.ForeignKey(CaseKey, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel_kind = models.CharField(max_length=12, choices=Channel.choices)
    channel_value = EncryptedField(null=True)
    name = EncryptedField(null=True)
    preferred_times = EncryptedField(null=True)
    #: By phone or text message: nobody but the student is told who is calling. Safe unless the student says so.
    discreet = models.BooleanField(default=True, db_default=True)
    language = models.CharField(max_length=8)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    opened_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    taken_at = models.DateTimeField(null=True)
    #: It came faster than its school knocks: listed apart until somebody has read what it is. Promised like any other.
    held = models.CharField(max_length=8, choices=Held.choices, default=Held.NO, db_default="", blank=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.NONE, blank=True)
    #: What it was when a helper closed it, so that closing can be undone.
    closed_from = models.CharField(max_length=10, default="", db_default="", blank=True)
    #: When it was closed before its student asked again: what reached them until then answers nothing they ask now.
    closed_before = models.DateTimeField(null=True)
    #: The highest number a message has had, also one that was taken back: none is given twice.
    numbered = models.PositiveIntegerField(default=0, db_default=0)
    receipt_hash = models.BinaryField(max_length=32)
    idempotency_hash = models.BinaryField(max_length=32, null=True)
    body_hash = models.BinaryField(max_length=32, null=True)
    idempotency_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["role", "school"],
                name="open_requests_of_a_door",
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(fields=["closed_at"], name="closed_requests", condition=Q(closed_at__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case_number"], name="a_case_number_names_one_request"),
            models.UniqueConstraint(fields=["receipt_hash"], name="a_receipt_opens_one_request"),
            models.UniqueConstraint(
                fields=["idempotency_hash"],
                condition=Q(idempotency_hash__isnull=False),
                name="a_knock_is_accepted_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    idempotency_hash__isnull=True, body_hash__isnull=True, idempotency_until__isnull=True
                )
                | Q(idempotency_hash__isnull=False, body_hash__isnull=False, idempotency_until__isnull=False),
                name="a_knock_is_remembered_whole_or_not",
            ),
            models.CheckConstraint(
                condition=~Q(held="held") | Q(taken_by__isnull=True), name="what_is_held_is_nobodys"
            ),
            models.CheckConstraint(
                condition=Q(taken_by__isnull=True, taken_at__isnull=True)
                | Q(taken_by__isnull=False, taken_at__isnull=False),
                name="taken_has_a_name_and_a_time",
            ),
            models.CheckConstraint(
                condition=(~Q(state="waiting") | Q(taken_by__isnull=True))
                & (~Q(state="taken") | Q(taken_by__isnull=False)),
                name="waiting_is_nobodys_and_taken_is_somebodys",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("closed", "withdrawn"), closed_at__isnull=False) & ~Q(outcome="")
                | Q(state__in=("waiting", "taken", "answered"), closed_at__isnull=True, outcome=""),
                name="closed_has_a_time_and_an_outcome",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_found_only_here(self) -> bool:
        """Whether the conversation is the only place to answer: that was the wish, or we were told neither a
        place nor a name for a meeting at school. Opens nothing.
        """
        nowhere = self.channel_kind == Channel.VISIT and not self.channel_value and not self.name
        return self.channel_kind == Channel.CONVERSATION or nowhere
