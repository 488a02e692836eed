"""From one adult to another."""

from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q

from kernel.crypto.fields import EncryptedField
from kernel.crypto.models import CaseKey
from kernel.tenancy.models import MunicipalModel
from services.contact.models.request import ContactRequest


class Handover(MunicipalModel):
    """A request offered by the one who has it to a person, or to a role at a school (`to_account` None).

    `numbered`: the last message when it was offered. `open_after`: after which message the receiver may read, set when
    they accept; `accepted_after`: the last message then. `returned`: what was opened to the old holder of the words
    since, when the student said no to the new one. `allowed_by`: what let it be offered (tenants.walls.policy).

    Its promise is about the handover while it is offered, and about the request from accepting on; its due time never
    moves.
    """

    class State(models.TextChoices):
        OFFERED = "offered"
        ACCEPTED = "accepted"
        CONTACTED = "contacted"
        DECLINED = "declined"
        EXPIRED = "expired"
        WITHDRAWN = "withdrawn"
        REFUSED = "refused"
        OVER = "over"

    class Shares(models.TextChoices):
        """What follows of what was written before."""

        NOTHING = "nothing"
        SUMMARY = "summary"
        ONWARD = "onward"
        EVERYTHING = "everything"

    class Agreement(models.TextChoices):
        """How the student agreed: a choice, and nothing typed."""

        NONE = "none"
        IN_TALK = "in_talk"
        BY_PHONE = "by_phone"
        IN_WRITING = "in_writing"

    class Returned(models.TextChoices):
        """What the old holder reads of what was written to and by the new one. "": it did not come back."""

        NOT = ""
        NOTHING = "nothing"
        UNREAD = "unread"
        ALL = "all"

    request = models.ForeignKey(
        ContactRequest, on_delete=models.PROTECT, related_name="handovers", db_index=False
    )
    #: Order among those of one request: nothing reads it from an id, and two may bear one time.
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OFFERED)
    from_account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    from_role = models.ForeignKey(
        "setup.HelperRole", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    from_school = models.ForeignKey(
        "setup.School", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    to_account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    to_role = models.ForeignKey(
        "setup.HelperRole", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    to_school = models.ForeignKey("setup.School", on_delete=models.PROTECT, related_name="+", db_index=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    reason = EncryptedField()
    summary = EncryptedField(null=True)
    shares = models.CharField(max_length=10, choices=Shares.choices)
    agreement = models.CharField(max_length=10, choices=Agreement.choices)
    allowed_by = models.CharField(max_length=20)
    walk_along = models.BooleanField(default=False)
    promise = models.ForeignKey(
        "promises.Promise", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    numbered = models.PositiveIntegerField()
    open_after = models.PositiveIntegerField(null=True)
    #: None: accepted before we knew it; `numbered` is then the last that the old holder is sure to have had.
    accepted_after = models.PositiveIntegerField(null=True)
    returned = models.CharField(
        max_length=7, choices=Returned.choices, default=Returned.NOT, db_default="", blank=True
    )
    offered_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["to_role", "to_school"],
                name="handovers_offered_to_a_door",
                condition=Q(state="offered"),
            ),
            models.Index(fields=["from_account", "offered_at"], name="handovers_somebody_offered"),
            models.Index(
                fields=["accepted_by"], name="handovers_a_student_said_no_to", condition=Q(state="refused")
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="handovers_of_a_request_are_numbered"),
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(state__in=("offered", "accepted")),
                name="a_request_is_in_one_handover_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(accepted_by__isnull=True, accepted_at__isnull=True, open_after__isnull=True)
                | Q(accepted_by__isnull=False, accepted_at__isnull=False, open_after__isnull=False),
                name="accepted_has_a_name_a_time_and_a_beginning",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("accepted", "contacted", "over")) | Q(accepted_at__isnull=False),
                name="nothing_is_taken_over_without_accepting",
            ),
            models.CheckConstraint(
                condition=(~Q(state="contacted") | Q(contacted_at__isnull=False))
                & (Q(contacted_at__isnull=True) | Q(state__in=("contacted", "refused"))),
                name="contacted_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("offered", "accepted", "contacted"), ended_at__isnull=True)
                | Q(
                    state__in=("declined", "expired", "withdrawn", "refused", "over"), ended_at__isnull=False
                ),
                name="a_handover_that_ended_says_when",
            ),
            models.CheckConstraint(
                condition=Q(returned="") | Q(state="refused", accepted_at__isnull=False),
                name="only_what_was_taken_over_comes_back",
            ),
            models.CheckConstraint(
                condition=Q(shares="summary", summary__isnull=False)
                | ~Q(shares="summary") & Q(summary__isnull=True),
                name="a_summary_is_there_when_it_is_shared",
            ),
            models.CheckConstraint(
                condition=~Q(shares="everything", agreement="none"),
                name="everything_follows_only_when_the_student_agrees",
            ),
            models.CheckConstraint(
                condition=Q(to_account__isnull=True) | ~Q(to_account=models.F("from_account")),
                name="nobody_hands_over_to_themselves",
            ),
        ]

    @property
    def case_key(self) -> CaseKey:
        return self.request.case_key

    @property
    def case_key_id(self) -> UUID:
        return self.request.case_key_id


class HandoverDecline(MunicipalModel):
    """One person said no to an offer; the others of a role are asked on."""

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="declines", db_index=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    why = EncryptedField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handover", "account"], name="a_person_declines_a_handover_once"),
        ]

    @property
    def case_key(self) -> CaseKey:
        return self.handover.request.case_key

    @property
    def case_key_id(self) -> UUID:
        return self.handover.request.case_key_id


class Recusal(MunicipalModel):
    """One person has nothing more to do with one request, by their own word; no reason is asked. Or `by_student`: the
    student asked when they knocked that this one must not get it, and they never learn that it exists.

    `had_it`: they had it when they said so. One that was undone keeps its row.
    """

    request = models.ForeignKey(
        ContactRequest, on_delete=models.PROTECT, related_name="recusals", db_index=False
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    had_it = models.BooleanField()
    by_student = models.BooleanField(default=False, db_default=False)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account"], name="recusals_of_a_person", condition=Q(undone_at__isnull=True))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "account"],
                condition=Q(undone_at__isnull=True),
                name="a_person_steps_aside_once",
            ),
        ]
