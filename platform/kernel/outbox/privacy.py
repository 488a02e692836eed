"""Messages that wait: to staff, without content. The sealed text is removed once it is sent."""

from kernel.privacy import Kind

REGISTER = {
    "Message.id": Kind.TECHNICAL,
    "Message.cause": Kind.STUDENT,
    "Message.recipient": Kind.STAFF,
    "Message.channel": Kind.TECHNICAL,
    "Message.account": Kind.STAFF,
    "Message.template": Kind.TECHNICAL,
    "Message.language": Kind.TECHNICAL,
    "Message.sealed": Kind.SECRET,
    "Message.state": Kind.TECHNICAL,
    "Message.attempts": Kind.TECHNICAL,
    "Message.next_attempt_at": Kind.TECHNICAL,
    "Message.last_error": Kind.TECHNICAL,
    "Message.created_at": Kind.STAFF,
    "Message.sent_at": Kind.STAFF,
}
