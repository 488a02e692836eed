"""What a contact request holds of a student, and how it goes away.

Sealed fields are erased by destroying the case key: ciphertext in backups goes with it. The hash of the code
is keyed; key and body hashes of a knock are kept 48 hours.
"""

from kernel.privacy import Kind

REGISTER = {
    "ContactRequest.id": Kind.TECHNICAL,
    "ContactRequest.case_number": Kind.STUDENT,
    "ContactRequest.school": Kind.STUDENT,
    "ContactRequest.role": Kind.STUDENT,
    "ContactRequest.case_key": Kind.STUDENT,
    "ContactRequest.channel_kind": Kind.STUDENT,
    "ContactRequest.channel_value": Kind.CONTENT,
    "ContactRequest.name": Kind.CONTENT,
    "ContactRequest.preferred_times": Kind.CONTENT,
    "ContactRequest.discreet": Kind.STUDENT,
    "ContactRequest.language": Kind.STUDENT,
    "ContactRequest.state": Kind.STUDENT,
    "ContactRequest.opened_at": Kind.STUDENT,
    "ContactRequest.taken_by": Kind.STAFF,
    "ContactRequest.taken_at": Kind.STUDENT,
    "ContactRequest.closed_at": Kind.STUDENT,
    "ContactRequest.outcome": Kind.STUDENT,
    "ContactRequest.receipt_hash": Kind.SECRET,
    "ContactRequest.idempotency_hash": Kind.SECRET,
    "ContactRequest.body_hash": Kind.SECRET,
    "ContactRequest.idempotency_until": Kind.STUDENT,
    "ConversationMessage.id": Kind.TECHNICAL,
    "ConversationMessage.request": Kind.STUDENT,
    "ConversationMessage.sender": Kind.STUDENT,
    "ConversationMessage.account": Kind.STAFF,
    "ConversationMessage.text": Kind.CONTENT,
    "ConversationMessage.at": Kind.STUDENT,
    "ConversationMessage.number": Kind.TECHNICAL,
    "ConversationMessage.seen_at": Kind.STUDENT,
    "ContactAttempt.id": Kind.TECHNICAL,
    "ContactAttempt.request": Kind.STUDENT,
    "ContactAttempt.by": Kind.STAFF,
    "ContactAttempt.kind": Kind.STUDENT,
    "ContactAttempt.outcome": Kind.STUDENT,
    "ContactAttempt.as_chosen": Kind.STUDENT,
    "ContactAttempt.at": Kind.STUDENT,
    "ContactAttempt.recorded_at": Kind.STUDENT,
}
