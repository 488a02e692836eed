"""A person's key for a program. Only the SHA-256 of its secret is kept; it is shown once."""

from django.conf import settings
from django.db import models

from kernel.tenancy.models import MunicipalModel


class Token(MunicipalModel):
    """An API token: acts as its person, within its scopes, until it expires or is withdrawn."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    public_id = models.CharField(max_length=12, unique=True)
    secret_hash = models.BinaryField(max_length=32)
    scopes = models.JSONField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
