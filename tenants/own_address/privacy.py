"""A host and its records: nothing about anybody."""

from kernel.privacy import Kind

REGISTER = {
    "OwnAddress.id": Kind.TECHNICAL,
    "OwnAddress.host": Kind.SETTING,
    "OwnAddress.token": Kind.TECHNICAL,
    "OwnAddress.asked_at": Kind.TECHNICAL,
    "OwnAddress.proved_at": Kind.TECHNICAL,
    "OwnAddress.looked_at": Kind.TECHNICAL,
    "OwnAddress.missing_since": Kind.TECHNICAL,
    "OwnAddress.ended_at": Kind.TECHNICAL,
    "OwnAddress.silent_since": Kind.TECHNICAL,
    "OwnAddress.answers": Kind.TECHNICAL,
    "OwnAddress.is_shown": Kind.SETTING,
}
