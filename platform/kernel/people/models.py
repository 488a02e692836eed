"""An account is one person in one municipality. There are no passwords anywhere."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models.functions import Lower

from kernel import clock, mailbox
from kernel.tenancy.models import MunicipalManager, MunicipalModel


class AccountManager(MunicipalManager["Account"]):
    def get_by_natural_key(self, email: str | None) -> "Account":
        return self.get(email=mailbox.spelled(email or ""))


class Account(MunicipalModel, AbstractBaseUser):
    """A person who signs in. What they may do beyond their own account comes from posts (tenants/setup).

    email           as kernel.mailbox spells it; where codes are sent
    language        of their pages and messages; "" = the municipality's own
    speaks          codes of the languages in which they answer students; [] = nobody has said
    is_invented     a person of a rehearsal or demo: nothing is ever sent to them outside of a demo
    password        always unusable; its random part is what "sign out everywhere" changes
    """

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=10, blank=True)
    speaks = models.JSONField(default=list, db_default=models.Value([], models.JSONField()), blank=True)
    is_active = models.BooleanField(default=True)
    is_administrator = models.BooleanField(default=False)
    is_operator = models.BooleanField(default=False)
    is_invented = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)
    invited_at = models.DateTimeField(null=True)
    deactivated_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    #: Set by the middleware on who is signed in: the mailbox is proved, the second factor is not.
    lacks_second_factor: bool = False

    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["email"], name="one_account_an_email"),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="emails_are_lower_case"),
            models.CheckConstraint(
                condition=models.Q(is_active=True, deactivated_at__isnull=True)
                | models.Q(is_active=False, deactivated_at__isnull=False),
                name="an_account_is_active_or_deactivated",
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Lower-cases the address and sees to it that no password is ever usable."""
        self.email = self.email.lower()
        if not self.password or self.has_usable_password():
            self.set_unusable_password()
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ", 1)[0]


class IdentityProvider(MunicipalModel):
    """Where somebody may say who they are: an OpenID provider, set up by an administrator.

    purpose         whom it is for: staff sign in with it, students show who they are. One row never serves both
    issuer          as the provider writes it, to the letter; fixed once people could sign in with it
    sealed_secret   the client secret or the private key (PEM), under the municipality's key, bound to the row
    asked_acr       what we ask for at sign-in (acr_values)
    two_factor_acr  what the provider says when the person has shown two factors; so `two_factor_amr`. For students:
                    the levels that are taken (none: any)
    claim_posts     claim values that give posts: [{claim, value, role, school}], read by tenants/setup
    tested_at       when a test sign-in last succeeded with what is written here now; nothing is on untested
    """

    class Purpose(models.TextChoices):
        STAFF = "staff"
        STUDENTS = "students"

    class Method(models.TextChoices):
        BASIC = "client_secret_basic"
        POST = "client_secret_post"
        KEY = "private_key_jwt"

    name = models.CharField(max_length=60)
    purpose = models.CharField(
        max_length=10, choices=Purpose.choices, default=Purpose.STAFF, db_default=Purpose.STAFF
    )
    issuer = models.CharField(max_length=300)
    client_id = models.CharField(max_length=200)
    method = models.CharField(max_length=20, choices=Method.choices)
    sealed_secret = models.BinaryField()
    asked_acr = models.JSONField(default=list)
    two_factor_acr = models.JSONField(default=list)
    two_factor_amr = models.JSONField(default=list)
    claim_posts = models.JSONField(default=list)
    is_on = models.BooleanField(default=False)
    tested_at = models.DateTimeField(null=True)
    first_on_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_on=False) | models.Q(tested_at__isnull=False),
                name="an_identity_provider_is_tested_before_it_is_on",
            ),
            models.UniqueConstraint(
                fields=["issuer", "purpose"],
                condition=models.Q(is_on=True),
                name="an_issuer_is_on_once_for_each_purpose",
            ),
            models.CheckConstraint(
                condition=~models.Q(purpose="students") | models.Q(claim_posts=[]),
                name="what_students_show_gives_no_post",
            ),
        ]


class ExternalIdentity(MunicipalModel):
    """An account can be signed in to as this person of a provider. By (issuer, subject) and nothing else.

    who         keyed hash of issuer and subject: the provider's id of a person is never stored
    strong_at   when they last came with two factors; then the mailbox alone no longer sets up a first factor
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    provider = models.ForeignKey(IdentityProvider, on_delete=models.PROTECT, related_name="+", db_index=False)
    who = models.BinaryField()
    linked_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(default=clock.now)
    strong_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["who"], name="an_identity_belongs_to_one_account"),
        ]


class LinkedDoor(MunicipalModel):
    """This account's person is a helper in another municipality too. Holds its id and no account of it."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    municipality_id = models.BigIntegerField()
    linked_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "municipality_id"], name="a_door_is_linked_once"),
        ]


class CacheRow(models.Model):
    """Django's DatabaseCache, one table in each municipality's schema: rate limits and used one-time codes.

    Read and written by the cache backend alone, by SQL of its own; never through this model.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)
