"""One table for every promise, one for its pauses.

The due time is computed from the calendar's version and the guarantee as they stood when it was given, and moves by
nothing but a pause.
"""

from datetime import datetime, timedelta
from typing import Literal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from kernel import clock
from kernel.tenancy.models import MunicipalModel

type State = Literal["waiting", "kept", "broken", "ended"]

STANDING = Q(kept_at__isnull=True, broken_at__isnull=True, ended_at__isnull=True)
#: Kinds that are promised after the contact was: counted apart from it. How often somebody was worried is nobody's
#: figure.
AFTER_CONTACT = ("retry", "meeting", "worry", "reply")


class Promise(MunicipalModel):
    """An answer by `due_at`, given at `opened_at` about one subject.

    Kept means answered at or before due. An answer after due leaves it broken, with `answered_at`. One that
    was marked broken and then proved to have been answered in time is kept as well, with `corrected_at`.
    What happened before the minute it was given in answers nothing.

    A reply is promised for what a student writes once they have been answered, by the guarantee of the door; it ends
    when whoever has read it says that it needs no answer.

    `remind_at`: when those responsible are reminded next (None: no more); `reminded`: the last step that was.
    `explained`: what the lead says was done about it, once broken; `explained_at`: since when something is said.
    `reworded_at`: when it was corrected last, and `explained_before` what it said until then; "" once that correction
    was undone. `went_from`: who had what it is about when it broke,
    and has it no more by that.

    `guarantee`: what was promised, as kernel.guarantee's JSON, where the promise may pause; None for a first contact
    or its next try, which never pause, and for one given until an agreed time.
    """

    class Kind(models.TextChoices):
        FIRST_CONTACT = "first_contact"
        RETRY = "retry"
        REOPENED = "reopened"
        MEETING = "meeting"
        HANDOVER = "handover"
        WORRY = "worry"
        REPLY = "reply"

    class Outcome(models.TextChoices):
        NONE = ""
        REACHED = "reached"
        ATTEMPTED = "attempted"

    class Explained(models.TextChoices):
        """What the lead says was done about a broken promise: a choice, and nothing typed."""

        NOT_YET = ""
        ANSWERED = "answered"
        GIVEN_ON = "given_on"
        STAFFED = "staffed"
        CALENDAR = "calendar"
        OTHER = "other"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    school = models.ForeignKey("setup.School", on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.ForeignKey("setup.HelperRole", on_delete=models.PROTECT, related_name="+", db_index=False)
    calendar_version = models.ForeignKey(
        "setup.CalendarVersion", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.NONE, blank=True)
    kept_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True)
    corrected_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    remind_at = models.DateTimeField(null=True)
    reminded = models.PositiveSmallIntegerField(default=0, db_default=0)
    explained = models.CharField(
        max_length=20, choices=Explained.choices, default=Explained.NOT_YET, db_default="", blank=True
    )
    explained_at = models.DateTimeField(null=True)
    explained_before = models.CharField(
        max_length=20, choices=Explained.choices, default=Explained.NOT_YET, db_default="", blank=True
    )
    reworded_at = models.DateTimeField(null=True)
    guarantee = models.JSONField(null=True)
    went_from = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="promises_that_stand", condition=STANDING),
            models.Index(
                fields=["remind_at"],
                name="promises_to_remind_of",
                condition=STANDING & Q(remind_at__isnull=False),
            ),
            models.Index(fields=["subject_id", "opened_at"], name="promises_of_a_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_at__gt=F("opened_at")), name="due_comes_after_it_was_given"
            ),
            models.CheckConstraint(
                condition=Q(kept_at__isnull=True) | Q(kept_at__lte=F("due_at")),
                name="kept_means_answered_at_or_before_due",
            ),
            models.CheckConstraint(
                condition=Q(kept_at__isnull=True) | Q(kept_at__gt=F("opened_at") - timedelta(minutes=1)),
                name="kept_after_it_was_given",
            ),
            models.CheckConstraint(
                condition=Q(broken_at__isnull=True) | Q(broken_at__gt=F("due_at")),
                name="broken_only_after_due",
            ),
            models.CheckConstraint(
                condition=Q(corrected_at__isnull=True) | Q(kept_at__isnull=False, broken_at__isnull=False),
                name="corrected_means_broken_and_kept",
            ),
            models.CheckConstraint(
                condition=Q(kept_at__isnull=True) | Q(broken_at__isnull=True) | Q(corrected_at__isnull=False),
                name="kept_and_broken_only_when_corrected",
            ),
            models.CheckConstraint(
                condition=Q(explained="", explained_at__isnull=True)
                | Q(broken_at__isnull=False, explained_at__isnull=False) & ~Q(explained=""),
                name="only_a_broken_promise_is_explained",
            ),
            models.CheckConstraint(
                condition=Q(went_from__isnull=True) | Q(broken_at__isnull=False),
                name="it_goes_from_nobody_before_it_breaks",
            ),
            models.CheckConstraint(
                condition=Q(guarantee__isnull=True) | Q(kind="meeting"),
                name="only_the_promise_of_a_meeting_may_pause",
            ),
            models.UniqueConstraint(
                fields=["subject_id", "kind"], condition=STANDING, name="one_standing_promise_of_a_kind"
            ),
        ]

    def state_at(self, now: datetime) -> State:
        """What is true at `now`, whether or not the sweep has been here: a page never waits for it."""
        if self.kept_at is not None:
            return "kept"
        if self.broken_at is not None:
            return "broken"
        if self.ended_at is not None:
            return "ended"
        return "broken" if now > self.due_at else "waiting"

    def can_be_answered_at(self, at: datetime) -> bool:
        """Whether something at `at` can answer it: in the minute it was given in, or later."""
        return clock.minute(at) >= clock.minute(self.opened_at)

    def kept_yet(self, now: datetime) -> bool | None:
        """True kept, False broken, None while it stands or when it ended."""
        return {"kept": True, "broken": False}.get(self.state_at(now))


class PromisePause(MunicipalModel):
    """While it is the student who must act, the clock of a promise stands: [starts_at, ends_at).

    The end is known when the pause begins (the last of the times that were proposed); who acts earlier cuts it. What
    was is never taken away: a pause only ever gets shorter, and not before now.

    `latest_at`: how long it may stand, by what the municipality had set when it began. None: it began before there was
    a longest one.

    `turn_since`: when the first pause of the same turn of the student began, all of which count together. None: it
    began before they did.
    """

    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="pauses", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    latest_at = models.DateTimeField(null=True)
    turn_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("starts_at")), name="a_pause_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(latest_at__isnull=True) | Q(ends_at__lte=F("latest_at")),
                name="a_pause_stands_no_longer_than_it_may",
            ),
            models.UniqueConstraint(fields=["promise", "starts_at"], name="a_pause_begins_once_at_a_time"),
        ]
