"""A contact request, the conversation under it, and every attempt to reach the student.

Whatever somebody typed is an EncryptedField. Lists need none of them: state, door, channel kind and clock
stand
in the open. No address, no browser, no time finer than a minute of what a student did.
"""

from uuid import UUID

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


class KnockBucket(MunicipalModel):
    """How many knocks a school may still send at once: with proof of work, and without. Of no student."""

    school = models.ForeignKey("setup.School", on_delete=models.CASCADE, related_name="+", db_index=False)
    proved = models.BooleanField()
    tokens = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "proved"], name="a_school_has_two_buckets"),
            models.CheckConstraint(condition=Q(tokens__gte=0), name="a_bucket_is_never_less_than_empty"),
        ]


class SpentChallenge(MunicipalModel):
    """A challenge that has proved a knock, named by a keyed hash, until its time has passed. Names no knock."""

    digest = models.BinaryField(max_length=32)
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="a_challenge_is_spent_once"),
        ]


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

    `at` is when; `recorded_at` when it was written down.
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

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(recorded_at__gte=models.F("at")), name="an_attempt_is_recorded_after_it_happened"
            ),
        ]


class RecordDue(MunicipalModel):
    """The law wants something written elsewhere about a request that was closed: in what kind of system, by whom.

    `role` and `school` are the door whose duty it is: it stays there when the request goes to another (None in a
    row of an older release: where the request is). One at a time of each door.

    `employer` is the kind of employer that the holder's duty stands on; law and section follow from it
    (tenants.walls.record_due). Unsettled until the holder says that it is recorded, in which system and on which
    day, or why none is due: `detail` is that system or that reason. Before that no retention runs.
    """

    class Settled(models.TextChoices):
        NOT_YET = ""
        RECORDED = "recorded"
        NOT_DUE = "not_due"

    request = models.ForeignKey(ContactRequest, on_delete=models.CASCADE, related_name="records_due")
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    role = models.ForeignKey(
        "setup.HelperRole", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    school = models.ForeignKey(
        "setup.School", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    system = models.CharField(max_length=24)
    employer = models.CharField(max_length=20)
    since = models.DateTimeField()
    settled = models.CharField(max_length=10, choices=Settled.choices, default=Settled.NOT_YET, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    recorded_on = models.DateField(null=True)
    detail = EncryptedField(null=True)
    remind_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["holder"], name="records_still_due", condition=Q(settled="")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "role", "school"],
                condition=Q(settled=""),
                name="one_record_is_due_at_a_time_of_a_door",
            ),
            models.CheckConstraint(
                condition=Q(settled="", settled_at__isnull=True, settled_by__isnull=True, detail__isnull=True)
                | ~Q(settled="")
                & Q(settled_at__isnull=False, settled_by__isnull=False, detail__isnull=False),
                name="a_settled_record_says_when_by_whom_and_how",
            ),
            models.CheckConstraint(
                condition=Q(settled="recorded", recorded_on__isnull=False)
                | ~Q(settled="recorded") & Q(recorded_on__isnull=True),
                name="recorded_has_a_day_and_nothing_else_has",
            ),
        ]

    @property
    def door(self) -> tuple[UUID, UUID]:
        """(role, school) whose duty it is."""
        return self.role_id or self.request.role_id, self.school_id or self.request.school_id

    @property
    def case_key(self) -> CaseKey:
        return self.request.case_key

    @property
    def case_key_id(self) -> UUID:
        return self.request.case_key_id


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


class Wish(MunicipalModel):
    """What a student said at the door beside whom and how; no row where they said none of it.

    person       for whom it is first, of those who answer at its door
    home_school  their own school, when they wanted somebody outside it: nobody there may know of the knock
    topic        what it is about, by its key (tenants.setup.topics)
    spoken       the language they want to talk in, by its code; `interpreter`: with one
    say_instead  what to say when somebody else picks up the phone
    """

    request = models.OneToOneField(ContactRequest, on_delete=models.PROTECT, related_name="wish")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    home_school = models.ForeignKey(
        "setup.School", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    topic = EncryptedField(null=True)
    spoken = EncryptedField(null=True)
    interpreter = models.BooleanField(default=False)
    say_instead = EncryptedField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["home_school"], name="knocks_outside_a_school", condition=Q(home_school__isnull=False)
            ),
        ]

    @property
    def case_key(self) -> CaseKey:
        return self.request.case_key

    @property
    def case_key_id(self) -> UUID:
        return self.request.case_key_id


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


class NextDoor(MunicipalModel):
    """What the student said when a promise had broken and other doors were offered: yes to one, or to wait (`to_role`
    None). One answer about each broken promise; who waits may still say yes.

    `promise`: the new one, of the door they said yes to; the broken one stays as it is. `open_after`: after which
    message that door reads. `handovers`: how many handovers there had been: a no to one of those is none any more.
    """

    class Shares(models.TextChoices):
        """What the new door reads of what was written before."""

        NOT = ""
        ONWARD = "onward"
        EVERYTHING = "everything"

    request = models.ForeignKey(
        ContactRequest, on_delete=models.PROTECT, related_name="next_doors", db_index=False
    )
    broken = models.ForeignKey("promises.Promise", on_delete=models.PROTECT, related_name="+", db_index=False)
    school = models.ForeignKey("setup.School", on_delete=models.PROTECT, related_name="+", db_index=False)
    from_role = models.ForeignKey(
        "setup.HelperRole", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    to_role = models.ForeignKey(
        "setup.HelperRole", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    promise = models.ForeignKey(
        "promises.Promise", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    shares = models.CharField(max_length=10, choices=Shares.choices, default=Shares.NOT, blank=True)
    open_after = models.PositiveIntegerField(null=True)
    handovers = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "broken"], name="a_broken_promise_is_answered_once"),
            models.CheckConstraint(
                condition=Q(to_role__isnull=True, promise__isnull=True, open_after__isnull=True, shares="")
                | Q(to_role__isnull=False, promise__isnull=False, open_after__isnull=False)
                & ~Q(shares="")
                & ~Q(to_role=models.F("from_role")),
                name="a_yes_to_the_next_door_is_whole",
            ),
        ]
