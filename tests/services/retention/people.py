"""What the tests of retention say in one line."""

from typing import Any

from services.contact import operations as contact
from services.contact.models import ContactRequest
from services.contact.operations import Accepted
from tests.cast import World
from tests.services.contact.people import knock, reach_and_close


def ended(world: World, outcome: str = "helped", **said: Any) -> Accepted:
    """A conversation that was read, answered and closed."""
    accepted, nurse = knock(world, **said), world.actor("nurse")
    contact.take(by=nurse, request_id=accepted.request_id)
    contact.read_conversation(by=nurse, request_id=accepted.request_id)
    if said.get("channel_kind", "conversation") == "conversation":
        contact.reply(by=nurse, request_id=accepted.request_id, text="Hei, jeg er her")
    else:
        contact.record_contact(
            by=nurse, request_id=accepted.request_id, kind=said["channel_kind"], outcome="reached"
        )
    close(world, accepted, outcome)
    return accepted


def row(accepted: Accepted) -> ContactRequest:
    return ContactRequest.objects.get(pk=accepted.request_id)


def is_there(accepted: Accepted) -> bool:
    return ContactRequest.objects.filter(pk=accepted.request_id).exists()


def close(world: World, accepted: Accepted, outcome: str = "helped") -> None:
    """Closed by the nurse, who has written it in her journal."""
    reach_and_close(
        by=world.actor("nurse"), request_id=accepted.request_id, outcome=outcome,
        said=contact.Settling(recorded_in="Journalen"),
    )  # fmt: skip
