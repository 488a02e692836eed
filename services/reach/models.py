"""What a student has added to a conversation. What they typed is sealed with the case's key; their acts are known to
the minute.
"""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from kernel.crypto.fields import EncryptedField
from kernel.crypto.models import CaseKey
from kernel.tenancy.models import MunicipalModel

NOTICE = "notice_wish"


class NoticeWish(MunicipalModel):
    """The student wants an e-mail, or a text message (`by_text`), when there is something new.

    `address` None: it did not work, and is forgotten. `told_at`: they have been told, or are about to be, and have not
    looked since; until then they are told nothing more. `is_on_its_way`: the message waits in the outbox.
    """

    request = models.ForeignKey(
        "contact.ContactRequest", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    address = EncryptedField(null=True)
    by_text = models.BooleanField(default=False, db_default=False)
    each_time = models.BooleanField()
    language = models.CharField(max_length=8)
    asked_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    is_on_its_way = models.BooleanField(default=False)
    failed_at = models.DateTimeField(null=True)
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request"], name="a_request_has_one_wish_for_notices"),
            models.CheckConstraint(
                condition=Q(address__isnull=False, failed_at__isnull=True)
                | Q(address__isnull=True, failed_at__isnull=False),
                name="an_address_that_failed_is_forgotten",
            ),
        ]

    @property
    def case_key(self) -> CaseKey:
        return self.request.case_key

    @property
    def case_key_id(self) -> UUID:
        return self.request.case_key_id


class NameTold(MunicipalModel):
    """The student has said who they are, after knocking without; the name itself is the request's. `taken_out_at`: they
    have taken it out again, for whoever comes later.
    """

    request = models.ForeignKey(
        "contact.ContactRequest", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    told_at = models.DateTimeField()
    taken_out_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["request", "told_at"], name="names_told_of_a_request")]
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(taken_out_at__isnull=True), name="a_name_is_told_once"
            ),
        ]


class Tie(MunicipalModel):
    """Two conversations of which a student, with the codes of both, has said that they are theirs. `shares`: those who
    answer may know each other's number and name; else each knows the other's role alone.
    """

    first = models.ForeignKey("contact.ContactRequest", on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey("contact.ContactRequest", on_delete=models.PROTECT, related_name="+")
    shares = models.BooleanField()
    tied_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="two_conversations_are_tied_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="a_tie_has_one_order"),
        ]


class Friend(MunicipalModel):
    """Somebody whom the student has asked into the conversation, with a code of their own (its keyed hash).

    `tag` is what the student calls them here. They read what comes after message `numbered` (the last one when they
    were asked in), with `reads_all` what came before as well; they write, and nothing else. One at a time; who was
    asked out, or whose conversation is closed, reads nothing.
    """

    request = models.ForeignKey(
        "contact.ContactRequest", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    code_hash = models.BinaryField(max_length=32)
    tag = EncryptedField()
    reads_all = models.BooleanField()
    numbered = models.PositiveIntegerField()
    invited_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["request", "invited_at"], name="friends_of_a_request")]
        constraints = [
            models.UniqueConstraint(fields=["code_hash"], name="a_friends_code_opens_one_conversation"),
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(ended_at__isnull=True),
                name="a_request_has_one_friend_at_a_time",
            ),
        ]

    @property
    def case_key(self) -> CaseKey:
        return self.request.case_key

    @property
    def case_key_id(self) -> UUID:
        return self.request.case_key_id
