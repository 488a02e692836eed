"""A contact request, the conversation under it, and every attempt to reach the student.

Whatever somebody typed is an EncryptedField. Lists need none of them: state, door, channel kind and clock stand in the
open. No address, no browser, no time finer than a minute of what a student did.
"""

from services.contact.models.conversation import TO_US, ContactAttempt, ConversationMessage
from services.contact.models.flood import KnockBucket, SpentChallenge
from services.contact.models.handover import Handover, HandoverDecline, Recusal
from services.contact.models.next_door import NextDoor
from services.contact.models.record import RecordDue
from services.contact.models.request import SUBJECT, Channel, ContactRequest
from services.contact.models.wish import Wish

__all__ = [
    "SUBJECT",
    "TO_US",
    "Channel",
    "ContactAttempt",
    "ContactRequest",
    "ConversationMessage",
    "Handover",
    "HandoverDecline",
    "KnockBucket",
    "NextDoor",
    "RecordDue",
    "Recusal",
    "SpentChallenge",
    "Wish",
]
