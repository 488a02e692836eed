"""To which other roles a student may be sent on. The room upstairs that asks the next door says so (`register`)."""

from collections.abc import Callable

from services.contact.models import ContactRequest
from tenants.setup.portal import RoleAtSchool

type Offers = Callable[[ContactRequest], list[RoleAtSchool]]
_offers: list[Offers] = []


def register(offers: Offers) -> None:
    """A room hands over which roles it offers to the student of a request now."""
    if offers not in _offers:
        _offers.append(offers)


def roles_offered(request: ContactRequest) -> list[RoleAtSchool]:
    """Every role that is offered now, in the order of the room that offers it."""
    return [role for offers in _offers for role in offers(request)]
