"""A worry, the steps taken about it, and what a municipality keeps for them: times, local numbers, safety texts.

Whatever somebody typed about a student is an EncryptedField under the key of the case the worry is about, so that it
goes when the case goes.
"""

from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from kernel.crypto.fields import EncryptedField
from kernel.crypto.models import CaseKey
from kernel.tenancy.models import MunicipalModel
from services.contact.models import ContactRequest

SUBJECT = "worry"


class Worry(MunicipalModel):
    """Somebody is worried about the student of one case. It is with whoever has the case; `deputy` once those
    did not decide in time, or have left.

    ended_by, ended_at  who said last what came of it, and when: they stay with their words when it is opened again
    """

    class Urgency(models.TextChoices):
        NOW = "now"
        SOON = "soon"

    class Outcome(models.TextChoices):
        NONE = ""
        TAKEN_OVER = "taken_over"
        SAFE = "safe"
        UNFOUNDED = "unfounded"

    request = models.ForeignKey(ContactRequest, on_delete=models.PROTECT, related_name="+")
    urgency = models.CharField(max_length=4, choices=Urgency.choices)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    raised_at = models.DateTimeField()
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.NONE, blank=True)
    came_of_it = EncryptedField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True, ended_at__isnull=True)
                | Q(ended_by__isnull=False, ended_at__isnull=False),
                name="who_ends_a_worry_does_so_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["request"], condition=Q(closed_at__isnull=True), name="a_case_has_one_open_worry"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="") | Q(closed_at__isnull=False) & ~Q(outcome=""),
                name="a_closed_worry_has_an_outcome",
            ),
        ]

    @property
    def case_key(self) -> CaseKey:
        return self.request.case_key

    @property
    def case_key_id(self) -> UUID:
        return self.request.case_key_id

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Step(MunicipalModel):
    """Who was told, by whom and when. Never changed: a correction is a new step that names the old one.

    told  what the student learns of it: on the receipt page; later, on a named legal ground; nothing, where nobody
    outside was told
    """

    class Recipient(models.TextChoices):
        PRINCIPAL = "principal"
        CHILD_WELFARE = "child_welfare"
        POLICE = "police"
        EMERGENCY = "emergency"
        NOBODY = "nobody"

    class Told(models.TextChoices):
        TOLD = "told"
        HELD_BACK = "held_back"
        NOTHING = "nothing"

    worry = models.ForeignKey(Worry, on_delete=models.PROTECT, related_name="steps", db_index=False)
    number = models.PositiveSmallIntegerField()
    corrects = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField()
    done_at = models.DateTimeField()
    recipient = models.CharField(max_length=13, choices=Recipient.choices)
    who = EncryptedField(null=True)
    words = EncryptedField(null=True)
    student_first = models.BooleanField(null=True)
    why_not_first = EncryptedField(null=True)
    told = models.CharField(max_length=9, choices=Told.choices)
    ground = models.CharField(max_length=20, blank=True)
    because = EncryptedField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["worry", "number"], name="steps_of_a_worry_are_numbered"),
            models.UniqueConstraint(
                fields=["corrects"], condition=Q(corrects__isnull=False), name="a_step_is_corrected_once"
            ),
            models.CheckConstraint(
                condition=Q(done_at__lte=F("recorded_at")), name="a_step_is_recorded_after_it_was_done"
            ),
            models.CheckConstraint(
                condition=Q(told="held_back") & ~Q(ground="") | ~Q(told="held_back") & Q(ground=""),
                name="held_back_means_on_a_named_ground",
            ),
            models.CheckConstraint(
                condition=Q(recipient="nobody", told="nothing", student_first__isnull=True)
                | ~Q(recipient="nobody") & Q(student_first__isnull=False) & ~Q(told="nothing"),
                name="who_tells_somebody_says_what_the_student_knows",
            ),
            models.CheckConstraint(
                condition=~Q(student_first=False) | Q(why_not_first__isnull=False),
                name="not_first_means_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(told="told") | Q(because__isnull=False), name="who_is_told_is_told_why"
            ),
        ]

    @property
    def case_key(self) -> CaseKey:
        return self.worry.request.case_key

    @property
    def case_key_id(self) -> UUID:
        return self.worry.request.case_key_id


class WorryTimes(MunicipalModel):
    """How long somebody has to decide. One row, or the usual times.

    hours    open hours of the working calendar      minutes   of the clock, at night and in holidays too: danger now
    """

    HOURS, MINUTES = 4, 30

    hours = models.PositiveSmallIntegerField(default=HOURS)
    minutes = models.PositiveSmallIntegerField(default=MINUTES)
    only = models.BooleanField(default=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["only"], name="a_municipality_has_one_set_of_worry_times"),
            models.CheckConstraint(condition=Q(only=True), name="the_only_worry_times_say_so"),
            models.CheckConstraint(
                condition=Q(hours__gte=1, hours__lte=40, minutes__gte=5, minutes__lte=240),
                name="a_worry_is_decided_within_a_week_and_a_danger_within_hours",
            ),
        ]


class LocalNumber(MunicipalModel):
    """Whom one calls here: the principal of a school, child welfare by day and by night, the police.

    Without a school it holds for all: in a county the child welfare of each school's own municipality stands beside.
    """

    class Kind(models.TextChoices):
        PRINCIPAL = "principal"
        CHILD_WELFARE = "child_welfare"
        CHILD_WELFARE_NIGHT = "child_welfare_night"
        POLICE = "police"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    school = models.ForeignKey(
        "setup.School", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "school"], nulls_distinct=False, name="one_local_number_of_a_kind_and_school"
            ),
            models.CheckConstraint(
                condition=~Q(kind="principal") | Q(school__isnull=False),
                name="a_principal_belongs_to_a_school",
            ),
            models.CheckConstraint(
                condition=~Q(phone="", address=""), name="a_local_number_has_a_phone_or_an_address"
            ),
        ]


class SafetyText(MunicipalModel):
    """The municipality's own answer to a message of danger, in one language; the newest that is reviewed is sent.
    `about`: who is in danger.

    Never changed but for its review: another wording is another version.
    """

    class About(models.TextChoices):
        SELF = "self"
        FRIEND = "friend"

    about = models.CharField(max_length=8, choices=About, default=About.SELF, db_default=About.SELF)
    language = models.CharField(max_length=8)
    version = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=2000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    written_at = models.DateTimeField()
    reviewed_by = models.CharField(max_length=120, blank=True)
    reviewed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["about", "language", "version"], name="versions_of_each_safety_text_are_numbered"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by="", reviewed_on__isnull=True)
                | ~Q(reviewed_by="") & Q(reviewed_on__isnull=False),
                name="reviewed_means_by_somebody_on_a_day",
            ),
        ]
