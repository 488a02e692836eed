"""Closing a conversation closes no worry: whoever closes it says that they know."""

from django.utils.translation import gettext_lazy as _

from kernel.actor import Actor
from services.contact.models import ContactRequest
from services.worry.queries import open_worry

TEXT = _("A worry is open here. It stays open, and its clock goes on. Say that you close it all the same.")


def stays_open(by: Actor, request: ContactRequest) -> bool:
    """Whether a worry about its student is open, as far as this person may know."""
    return open_worry(by, request.pk) is not None
