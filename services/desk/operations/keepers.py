"""Whose it is: what the desk keeps beside a request belongs to one person."""

from uuid import UUID

from kernel.actor import Actor
from kernel.errors import NotAllowed


def account_of(by: Actor) -> UUID:
    """The account of a person. Raises NotAllowed for anybody else: a machine or a student keeps nothing here."""
    if by.kind != "person" or by.id is None:
        raise NotAllowed()
    return by.id
