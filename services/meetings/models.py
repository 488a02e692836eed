"""A meeting, the times proposed for it, and the secret addresses of helpers' calendars.

Where one meets is sealed with the case's key; when, how and how long stand in the open: the student's clock and the
helper's day are made of them. What a student does is known to the minute.
"""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from kernel.crypto.fields import EncryptedField
from kernel.crypto.models import CaseKey
from kernel.tenancy.models import MunicipalModel
from tenants.setup.models import MeetingGuarantee

SUBJECT = "meeting"
Urgency = MeetingGuarantee.Urgency


class Way(models.TextChoices):
    """How helper and student meet."""

    ROOM = "room"
    PHONE = "phone"
    VIDEO = "video"
    WALK = "walk"


class Meeting(MunicipalModel):
    """What a contact request leads to. `urgency` sets its promise; a time that falls through makes a new promise,
    never a new meeting."""

    class State(models.TextChoices):
        OPEN = "open"
        HELD = "held"
        ENDED = "ended"

    request = models.ForeignKey(
        "contact.ContactRequest", on_delete=models.PROTECT, related_name="meetings", db_index=False
    )
    urgency = models.CharField(max_length=10, choices=Urgency.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["request", "opened_at"], name="meetings_of_a_request")]
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(state="open"), name="a_request_has_one_open_meeting"
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True)
                | ~Q(state="open") & Q(ended_at__isnull=False),
                name="a_meeting_that_is_over_has_a_time",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


#: A number for each account, for a range of one: GiST compares ranges without an extension of the database. Two
#: accounts that share one (1 in 2^64) would be taken for one, and asked for another time.
_WHOSE = Func(
    Func(F("account"), Value(0), function="uuid_hash_extended", output_field=models.BigIntegerField()),
    Func(F("account"), Value(0), function="uuid_hash_extended", output_field=models.BigIntegerField()),
    Value("[]"),
    function="int8range",
    output_field=BigIntegerRangeField(),
)
_WHEN = Func(F("starts_at"), F("ends_at"), function="tstzrange", output_field=DateTimeRangeField())


class MeetingTime(MunicipalModel):
    """One time with one helper, [starts_at, ends_at), and what became of it.

    `place`: the room or where the walk begins, in words; the link of a video call; sealed. None by phone.
    """

    class State(models.TextChoices):
        OFFERED = "offered"
        AGREED = "agreed"
        HELD = "held"
        NO_SHOW = "no_show"
        DECLINED = "declined"  # by the student: another was chosen, or none fitted
        CANCELLED = "cancelled"  # by the student, after it was agreed
        TAKEN_BACK = "taken_back"  # by the helper
        FELL_THROUGH = "fell_through"  # the helper is away, or somebody else has the request now

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="times", db_index=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    way = models.CharField(max_length=10, choices=Way.choices)
    place = EncryptedField(null=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OFFERED)
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["meeting", "starts_at"], name="times_of_a_meeting"),
            models.Index(
                fields=["account", "starts_at"], name="agreed_times_of_a_helper", condition=Q(state="agreed")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="a_time_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(state="offered", decided_at__isnull=True)
                | ~Q(state="offered") & Q(decided_at__isnull=False),
                name="a_time_is_decided_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(state="agreed"), name="a_meeting_has_one_agreed_time"
            ),
            ExclusionConstraint(
                name="a_helper_is_never_booked_twice",
                expressions=[(_WHOSE, RangeOperators.OVERLAPS), (_WHEN, RangeOperators.OVERLAPS)],
                condition=Q(state="agreed"),
            ),
        ]

    @property
    def case_key(self) -> CaseKey:
        return self.meeting.request.case_key

    @property
    def case_key_id(self) -> UUID:
        return self.meeting.request.case_key_id

    def can_be_picked_at(self, now: datetime) -> bool:
        return self.state == self.State.OFFERED and now < self.starts_at


class CalendarFeed(MunicipalModel):
    """The secret address at which one account's own calendar fetches its busy times. Only the token's keyed hash is
    kept; a new one replaces it. It goes with its account (those of a rehearsal do)."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    token_hash = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token_hash"], name="a_calendar_address_is_one_accounts"),
        ]
