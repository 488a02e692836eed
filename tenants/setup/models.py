"""The nouns of set-up. Dates are local dates of the municipality's zone; instants are aware UTC.

Texts per language are JSON objects `{language code: text}`: they belong to the municipality, not to our
catalogues.
Foreign keys that a unique constraint already serves have no index of their own: each is paid once a
municipality.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from kernel.tenancy.models import MunicipalModel

ACCOUNT = settings.AUTH_USER_MODEL
#: The one row of SetupVersion. Fixed, so that locking it never has to look for it.
THE_SETUP = uuid.UUID(int=1)


class SetupVersion(MunicipalModel):
    """One row: changes its stamp with every change of set-up, so that caches know. Locked by every
    operation."""

    stamp = models.UUIDField(default=uuid.uuid4)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=THE_SETUP), name="there_is_one_setup"),
        ]


class School(MunicipalModel):
    """A school with a door. Closed schools keep their rows: open contact requests are finished there.

    simple_door     its first screen is the one for the youngest: pictures, few words, read aloud
    shows_faces     students see the picture of each helper who has given one
    """

    class Form(models.TextChoices):
        COMPULSORY = "compulsory"
        UPPER_SECONDARY = "upper_secondary"
        VOCATIONAL = "vocational"
        ADULT = "adult"
        OTHER = "other"

    name = models.CharField(max_length=120)
    form = models.CharField(max_length=20, choices=Form)
    register_code = models.CharField(max_length=30, blank=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    simple_door = models.BooleanField(default=False, db_default=False)
    shows_faces = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                condition=models.Q(closed_on__isnull=True),
                name="two_open_schools_never_share_a_name",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_on__isnull=True) | models.Q(closed_on__gte=models.F("opened_on")),
                name="a_school_closes_after_it_opened",
            ),
        ]


class SchoolAddress(MunicipalModel):
    """The readable part of a school's address, `/s/<slug>/`. It hangs on walls: what led to a school once leads
    there for ever, whatever the school is called today. One is current: the one that is printed."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+", db_index=False)
    slug = models.CharField(max_length=60)
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="an_address_leads_to_one_school_for_ever"),
            models.UniqueConstraint(
                fields=["school"],
                condition=models.Q(is_current=True),
                name="a_school_has_one_address_that_is_printed",
            ),
            models.CheckConstraint(
                condition=models.Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"),
                name="an_address_is_plain_letters_and_figures",
            ),
        ]


class Employer(MunicipalModel):
    """Whom a helper works for: often another than the school. Decides which rules of secrecy apply."""

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality"
        COUNTY = "county"
        STATE = "state"
        PRIVATE = "private"
        NEIGHBOUR = "neighbour"

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="two_employers_never_share_a_name"),
        ]


class HelperRole(MunicipalModel):
    """A role as students meet it: its own name, what it is for, what it can keep to itself; per language."""

    key = models.SlugField(max_length=40, db_index=False)
    profession = models.CharField(max_length=30)
    names = models.JSONField()
    describes = models.JSONField(default=dict)
    keeps = models.JSONField(default=dict)
    employer = models.ForeignKey(
        Employer, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    order = models.PositiveSmallIntegerField(default=0)
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="two_roles_never_share_a_key"),
        ]


class CannedReply(MunicipalModel):
    """A reply that helpers of one role have ready: its title for them, its text for the student; per language.

    A row of the municipality's own. `{role}` and `{school}` in the text are filled in; nothing about a student is.
    """

    role = models.ForeignKey(HelperRole, on_delete=models.PROTECT, related_name="+")
    titles = models.JSONField()
    texts = models.JSONField()
    order = models.PositiveSmallIntegerField(default=0)


class Topic(MunicipalModel):
    """What a student may say it is about, as far as the municipality has changed what ships (tenants.setup.topics): for
    everybody (no school), or which roles it proposes at one school.

    roles       ids of roles as text, the first one first; None: what is proposed around it
    order       where it stands, and whether it is shown: of the row for everybody alone
    """

    key = models.CharField(max_length=20)
    school = models.ForeignKey(School, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.PositiveSmallIntegerField(default=0)
    is_shown = models.BooleanField(default=True)
    roles = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "school"], nulls_distinct=False, name="a_topic_has_one_rule_for_each_school"
            ),
        ]


class OutsideDoor(MunicipalModel):
    """A role at a school that students of the other schools may choose, when they want nobody of their own."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.ForeignKey(HelperRole, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "role"], name="a_door_is_opened_to_others_once"),
        ]


#: Every day of the week, as `Post.weekdays` says it: the bit of ISO weekday 1 is the lowest.
ALL_WEEK = 0b1111111


class Post(MunicipalModel):
    """A person holds a role at a school, from a day to a day (both included; None = until further notice).

    claimed_from    the identity provider whose claim gave it, None when a person did
    weekdays        on which weekdays this person is there, one bit each
    agreement       which agreement lends a neighbour's helper; such a post has an end
    """

    account = models.ForeignKey(ACCOUNT, on_delete=models.PROTECT, related_name="+")
    role = models.ForeignKey(HelperRole, on_delete=models.PROTECT, related_name="+", db_index=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    employer = models.ForeignKey(
        Employer, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    claimed_from = models.UUIDField(null=True)
    weekdays = models.PositiveSmallIntegerField(default=ALL_WEEK, db_default=ALL_WEEK)
    agreement = models.CharField(max_length=120, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weekdays__gte=1, weekdays__lte=ALL_WEEK), name="a_post_has_a_weekday"
            ),
            models.CheckConstraint(
                condition=models.Q(agreement="") | models.Q(ends_on__isnull=False),
                name="a_post_by_agreement_has_an_end",
            ),
            models.UniqueConstraint(
                fields=["account", "role", "school"],
                condition=models.Q(ends_on__isnull=True),
                name="a_person_holds_a_post_once",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="a_post_ends_after_it_started",
            ),
        ]


class Face(MunicipalModel):
    """A helper's own picture, drawn anew. They alone give it, and say that students may see it; gone when they take it
    back or leave.
    """

    account = models.OneToOneField(ACCOUNT, on_delete=models.PROTECT, related_name="+")
    picture = models.BinaryField()
    digest = models.CharField(max_length=16)
    agreed_at = models.DateTimeField()


class Lead(MunicipalModel):
    """Who answers for the promise at a school (None: everywhere). Sees clocks and roles, never content."""

    account = models.ForeignKey(ACCOUNT, on_delete=models.PROTECT, related_name="+", db_index=False)
    school = models.ForeignKey(School, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "school"], nulls_distinct=False, name="a_person_leads_a_school_once"
            ),
        ]


class Language(MunicipalModel):
    """A language offered to students. `reviewed_by` names the person who read its crisis block, secrecy text,
    promise and receipt; empty = not reviewed by the municipality."""

    code = models.CharField(max_length=10)
    order = models.PositiveSmallIntegerField(default=0)
    is_default = models.BooleanField(default=False)
    reviewed_by = models.CharField(max_length=120, blank=True)
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="a_language_is_offered_once"),
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="there_is_one_default_language",
            ),
        ]


class Wording(MunicipalModel):
    """A whole sentence of the municipality's own, instead of ours. Keys: tenants.setup.wording."""

    key = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "language"], name="a_sentence_is_replaced_once_a_language"
            ),
        ]


class CalendarVersion(MunicipalModel):
    """The working calendar as it stood, frozen: `data` is kernel.guarantee's JSON. Promises point here;
    never changed."""

    number = models.PositiveIntegerField()
    data = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="two_calendar_versions_never_share_a_number"),
        ]


def usual_reminders() -> list[int]:
    """Half way, three quarters, nine tenths."""
    return [50, 75, 90]


class WorkingCalendar(MunicipalModel):
    """When helpers answer. `open_hours`: `{"1": [["08:00", "16:00"]], …}`, ISO weekdays, local clock.

    `reminders`: at which shares of a promise, in per cent, those responsible are reminded, then the others of
    the role, then the lead. `longest_pause`: for how many working days at most the clock of a meeting stands while the
    student chooses. `on_gaps`: whether set-up warns of a gap in the next 30 days or refuses to leave one.
    """

    class OnGaps(models.TextChoices):
        WARN = "warn"
        BLOCK = "block"

    open_hours = models.JSONField()
    public_holidays_counted = models.BooleanField(default=False)
    school_breaks_counted = models.BooleanField(default=False)
    reminders = models.JSONField(
        default=usual_reminders, db_default=models.Value([50, 75, 90], models.JSONField())
    )
    meeting_reminder = models.PositiveSmallIntegerField(default=120, db_default=120)
    longest_pause = models.PositiveSmallIntegerField(default=10, db_default=10)
    on_gaps = models.CharField(max_length=5, choices=OnGaps, default=OnGaps.WARN, db_default=OnGaps.WARN)
    version = models.ForeignKey(CalendarVersion, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(longest_pause__gte=1, longest_pause__lte=30),
                name="a_clock_stands_for_1_to_30_days",
            ),
        ]


class ClosedDay(MunicipalModel):
    """A public holiday (imported, owned by the municipality) or an extra closed day.

    `state`: closed · half (closes at `closes_at`, minutes after local midnight) · open. `source` says
    where the row
    comes from; `decided_by` who last changed it (None: as imported).
    """

    class Kind(models.TextChoices):
        PUBLIC_HOLIDAY = "public_holiday"
        EXTRA = "extra"

    class State(models.TextChoices):
        CLOSED = "closed"
        HALF = "half"
        OPEN = "open"

    day = models.DateField()
    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(max_length=120)
    category = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.CLOSED)
    closes_at = models.PositiveSmallIntegerField(default=12 * 60)
    decided_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "kind"], name="a_day_is_listed_once_a_kind"),
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=0, closes_at__lt=24 * 60),
                name="a_half_day_closes_within_the_day",
            ),
        ]


class SchoolBreak(MunicipalModel):
    """A school break, first and last day included."""

    name = models.CharField(max_length=120)
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="a_break_ends_after_it_begins"
            ),
            models.UniqueConstraint(fields=["first_day", "last_day", "name"], name="a_break_is_listed_once"),
        ]


class ResponseGuarantee(MunicipalModel):
    """What is promised: for everybody (no school, no role), a school, a role, or a role at a school.

    The narrowest wins: role at school, then role, then school, then everybody. `amount`: hours or days.
    """

    class Kind(models.TextChoices):
        COUNTED_HOURS = "counted_hours"
        WORKING_DAYS = "working_days"

    school = models.ForeignKey(School, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.ForeignKey(
        HelperRole, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=20, choices=Kind)
    amount = models.PositiveSmallIntegerField()
    received_when_closed = models.CharField(max_length=20, default="next_open_day")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "role"], nulls_distinct=False, name="one_guarantee_for_each_school_and_role"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="counted_hours", amount__gte=1, amount__lte=240)
                | models.Q(kind="working_days", amount__gte=1, amount__lte=30),
                name="a_guarantee_is_1_to_240_hours_or_1_to_30_days",
            ),
        ]


class MeetingGuarantee(MunicipalModel):
    """How soon helper and student meet, by how urgent they agreed it is; placed as `ResponseGuarantee` is.

    Where none is, the usual one holds (tenants.setup.queries.USUAL_MEETINGS).
    """

    class Urgency(models.TextChoices):
        TODAY = "today"
        DAYS = "days"
        WEEKS = "weeks"

    school = models.ForeignKey(School, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.ForeignKey(
        HelperRole, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    urgency = models.CharField(max_length=10, choices=Urgency)
    kind = models.CharField(max_length=20, choices=ResponseGuarantee.Kind)
    amount = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "role", "urgency"],
                nulls_distinct=False,
                name="one_meeting_promise_for_each_place_and_urgency",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="counted_hours", amount__gte=1, amount__lte=240)
                | models.Q(kind="working_days", amount__gte=1, amount__lte=30),
                name="a_meeting_within_1_to_240_hours_or_1_to_30_days",
            ),
        ]


class AttachmentRule(MunicipalModel):
    """Who may send pictures and files in a conversation: everywhere (no school), or at one school instead.

    Where no row is, nobody may. What was sent stays, whatever is chosen later.
    """

    class Who(models.TextChoices):
        NOBODY = "nobody"
        NAMED = "named"  # helpers, and students who gave a name
        EVERYBODY = "everybody"  # students without a name, too

    school = models.ForeignKey(School, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    who = models.CharField(max_length=10, choices=Who)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school"], nulls_distinct=False, name="one_attachment_rule_for_each_school"
            ),
        ]


class Look(MunicipalModel):
    """One row: the colour of the door, the logo (re-encoded PNG), whether helpers' names are shown to
    students."""

    brand = models.CharField(max_length=7)
    logo = models.BinaryField(null=True)
    logo_hash = models.CharField(max_length=16, blank=True)
    show_names = models.BooleanField(default=True)
    exit_url = models.URLField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=THE_SETUP), name="there_is_one_look"),
        ]
