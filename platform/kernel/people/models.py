"""An account is one person in one municipality. There are no passwords anywhere."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models.functions import Lower

from kernel import clock
from kernel.tenancy.models import MunicipalManager, MunicipalModel


class AccountManager(MunicipalManager["Account"]):
    def get_by_natural_key(self, email: str | None) -> "Account":
        return self.get(email=(email or "").lower())


class Account(MunicipalModel, AbstractBaseUser):
    """A person who signs in. What they may do beyond their own account comes from posts (tenants/setup).

    email           lower case; where codes are sent
    language        of their pages and messages; "" = the municipality's own
    is_invented     a person of a rehearsal or demo: nothing is ever sent to them outside of a demo
    password        always unusable; its random part is what "sign out everywhere" changes
    """

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=10, blank=True)
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


class CacheRow(models.Model):
    """Django's DatabaseCache, one table in each municipality's schema: rate limits and used one-time codes.

    Read and written by the cache backend alone, by SQL of its own; never through this model.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)
