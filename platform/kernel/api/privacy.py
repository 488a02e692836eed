"""Tokens of staff. The secret itself is not kept."""

from kernel.privacy import Kind

REGISTER = {
    "Token.id": Kind.TECHNICAL,
    "Token.account": Kind.STAFF,
    "Token.public_id": Kind.TECHNICAL,
    "Token.secret_hash": Kind.SECRET,
    "Token.scopes": Kind.TECHNICAL,
    "Token.made_at": Kind.STAFF,
    "Token.expires_at": Kind.STAFF,
    "Token.withdrawn_at": Kind.STAFF,
}
