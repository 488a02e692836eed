"""The tables of sign-up, all in `public`.

Personal data is named in privacy.py and erased when an application is decided.
"""

import uuid

from django.db import models
from django.db.models import Q

from tenants.municipalities.models import Municipality
from tenants.onboarding import states


class Application(models.Model):
    """One municipality's way in. Rows of decided applications stay, without any person."""

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality"
        COUNTY = "county"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=12, default=states.CODE_SENT)
    country = models.CharField(max_length=2)
    kind = models.CharField(max_length=12, choices=Kind)
    organisation_number = models.CharField(max_length=12)
    register_code = models.CharField(max_length=10, blank=True)
    email = models.EmailField(blank=True)
    contact_name = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=5)
    name = models.CharField(max_length=100, blank=True)
    slug = models.CharField(max_length=40, blank=True)
    municipality = models.ForeignKey(Municipality, null=True, on_delete=models.PROTECT, related_name="+")
    pilot_school = models.CharField(max_length=120, blank=True)
    languages = models.JSONField(default=list)
    default_language = models.CharField(max_length=5, blank=True)
    brand = models.CharField(max_length=7, blank=True)
    logo = models.BinaryField(null=True)
    founding_step = models.CharField(max_length=12, blank=True)
    opened_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    founding_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.TextField(blank=True, max_length=2000)
    question = models.TextField(blank=True, max_length=2000)
    answer = models.TextField(blank=True, max_length=4000)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=list(states.MOVES)), name="an_application_is_in_a_known_state"
            ),
            models.UniqueConstraint(
                fields=["slug"],
                condition=Q(state__in=states.OPEN) & ~Q(slug=""),
                name="an_open_application_holds_its_address_alone",
            ),
            models.UniqueConstraint(
                fields=["country", "organisation_number"],
                condition=Q(state=states.APPROVED),
                name="an_organisation_is_approved_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=states.DECIDED, email="", contact_name="")
                | (Q(state__in=states.OPEN) & ~Q(email="")),
                name="only_an_open_application_knows_a_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=states.OPEN, decided_at=None)
                | Q(state__in=states.DECIDED, decided_at__isnull=False),
                name="a_decided_application_says_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"], condition=Q(state__in=states.OPEN), name="open_applications_by_expiry"
            )
        ]


class EmailCode(models.Model):
    """Six digits on their way to somebody, as a keyed hash. Single use, ten minutes, five attempts.

    One that somebody asked for with an address we do not know has no application: nothing is sent and nothing
    opens it, but it is counted and grows old like the others, so that nobody learns which addresses we know.
    """

    application = models.ForeignKey(Application, null=True, on_delete=models.CASCADE, related_name="codes")
    address_hash = models.BinaryField(db_default=b"")
    code_hash = models.BinaryField()
    sent_at = models.DateTimeField()  # the first time; the digits are derived from it
    sends = models.PositiveSmallIntegerField(default=1, db_default=1)
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(attempts__lte=states.CODE_ATTEMPTS), name="a_code_is_tried_at_most_five_times"
            )
        ]
        indexes = [models.Index(fields=["address_hash"], name="codes_by_address")]


class Gate(models.Model):
    """One thing that somebody has put in order.

    The promise is computed, the agreement is its signature: no rows.
    """

    class Kind(models.TextChoices):
        DPIA = "dpia"
        ARCHIVE = "archive"
        DEPUTY = "deputy"
        ORGANISATION = "organisation"

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="gates")
    kind = models.CharField(max_length=12, choices=Kind)
    done_at = models.DateTimeField()
    choice = models.CharField(max_length=24, blank=True)
    decided_on = models.DateField(null=True)
    account_id = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "kind"], name="a_gate_is_passed_once")]


class Signature(models.Model):
    """A named signatory's link to the agreement, and their signature. The link itself is nowhere: only its
    hash.

    `text` is the agreement exactly as it was signed, until the municipality has it in its own files.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="signatures")
    name = models.CharField(max_length=100, blank=True)
    role = models.CharField(max_length=100, blank=True)
    authority = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=5)
    token_hash = models.BinaryField(unique=True)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    text_version = models.CharField(max_length=20, blank=True)
    text_hash = models.CharField(max_length=64, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(revoked_at=None),
                name="an_application_has_one_signatory_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None) | ~Q(text_hash=""), name="a_signature_names_the_text_it_signed"
            ),
        ]


class PublishedSchool(models.Model):
    """A school that `/schools/` may find: its name, its municipality and its address there (`slug`), nothing about
    anybody."""

    municipality = models.ForeignKey(Municipality, on_delete=models.DB_CASCADE, related_name="+")
    school_id = models.UUIDField()
    name = models.CharField(max_length=120)
    slug = models.CharField(max_length=60, blank=True, default="", db_default="")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["municipality", "school_id"], name="a_school_is_published_once")
        ]
