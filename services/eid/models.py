"""Whose a conversation is, as a keyed hash; and what waits, sealed from us too, while a student is at the provider."""

from django.db import models

from kernel.people.models import IdentityProvider
from kernel.tenancy.models import MunicipalModel


class Binding(MunicipalModel):
    """The student of this conversation has shown who they are: by `who` (issuer and subject, hashed under a key of the
    municipality) they come back to it without a code. `confirms_name`: the request's name is the one that was vouched
    for; it is not any more when the student takes it out, or says another.
    """

    request = models.ForeignKey(
        "contact.ContactRequest", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    provider = models.ForeignKey(IdentityProvider, on_delete=models.PROTECT, related_name="+", db_index=False)
    who = models.BinaryField(max_length=32)
    confirms_name = models.BooleanField()
    bound_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["who"], name="conversations_of_a_person")]
        constraints = [
            models.UniqueConstraint(fields=["request"], name="a_conversation_is_one_persons"),
        ]


class Trip(MunicipalModel):
    """Out to a provider and back. `sealed` opens only with the key that lies in the browser that set out: we cannot
    read it, nor can whoever has the database or a backup of it. Gone within the hour after `until`.
    """

    sealed = models.BinaryField()
    until = models.DateTimeField(db_index=True)
