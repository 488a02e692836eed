"""What a student asked for at the door."""

from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q

from kernel.crypto.fields import EncryptedField
from kernel.crypto.models import CaseKey
from kernel.tenancy.models import MunicipalModel
from services.contact.models.request import ContactRequest


class Wish(MunicipalModel):
    """What a student said at the door beside whom and how; no row where they said none of it.

    person       for whom it is first, of those who answer at its door
    home_school  their own school, when they wanted somebody outside it: nobody there may know of the knock
    topic        what it is about, by its key (tenants.setup.topics)
    spoken       the language they want to talk in, by its code; `interpreter`: with one
    say_instead  what to say when somebody else picks up the phone
    is_grave     by that topic somebody may be in danger (tenants.setup.topics.GRAVE): in the open for the door, so that
                 it is seen before anybody takes it; which topic it is stays sealed
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
    is_grave = models.BooleanField(default=False, db_default=False)

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
