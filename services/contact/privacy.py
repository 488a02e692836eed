"""What personal data a contact request holds, and how it goes away.

Sealed fields are erased by destroying the case key: ciphertext in backups goes with it.
"""

#: model.field → kind of data. What is not listed holds no personal data.
PERSONAL: dict[str, str] = {
    "contact.ContactRequest.channel_value": "sealed: the student's number, address or place",
    "contact.ContactRequest.name": "sealed: the student's name, where they gave one",
    "contact.ContactRequest.preferred_times": "sealed: when the student can be reached",
    "contact.ContactRequest.receipt_hash": "keyed hash of the code that opens the conversation",
    "contact.ContactRequest.idempotency_hash": "keyed hash, 48 hours",
    "contact.ContactRequest.body_hash": "keyed hash of what was sent, 48 hours",
    "contact.ContactRequest.taken_by": "the helper who has it",
    "contact.ConversationMessage.text": "sealed: what was written",
    "contact.ConversationMessage.account": "the helper who wrote",
    "contact.ContactAttempt.by": "the helper who reached, or tried to reach, the student",
}
