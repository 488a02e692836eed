"""What these tests say in one line: who may send, a picture sent, who gets it."""

from kernel.actor import MACHINE, Actor
from services.attachments.intake import Taken
from services.contact import operations
from services.contact.models import ConversationMessage
from tenants.setup import operations as setup
from tests.cast import World
from tests.services.attachments.files import picture, taken
from tests.services.contact.people import visitor


def let(who: str, **where: object) -> None:
    setup.set_attachments(who=who, by=MACHINE, **where)


def one_picture(name: str = "Hemmelig bilde.png") -> tuple[Taken, ...]:
    return taken(picture(), name=name)


def student_sends(accepted: operations.Accepted, text: str = "Se her", **said: object) -> ConversationMessage:
    given = {"files": one_picture(), **said}
    message = operations.student_writes(
        by=visitor(accepted), request_id=accepted.request_id, text=text, **given
    )
    assert message is not None
    return message


def nurse_sends(
    world: World, accepted: operations.Accepted, text: str = "Her er det", **said: object
) -> ConversationMessage:
    given = {"files": one_picture("Kart.jpg"), **said}
    return operations.reply(by=world.actor("nurse"), request_id=accepted.request_id, text=text, **given)


def fetched(by: Actor, accepted: operations.Accepted, number: int = 1) -> operations.Fetched:
    return operations.read_attachment(by=by, request_id=accepted.request_id, number=number)
