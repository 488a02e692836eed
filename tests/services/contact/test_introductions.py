"""What a student sees of a handover, and their no."""

from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from kernel.actor import MACHINE
from services.contact import operations
from services.contact.models import Handover
from tenants.setup import operations as setup
from tests.cast import World
from tests.services.contact.people import visitor
from tests.services.contact.test_handover import WHY, accept, holder, offer, state, taken


@pytest.fixture
def student(alpha: World, at: Callable[..., Client]) -> Callable[[operations.Accepted], Client]:
    """A browser in which the code has opened the conversation."""

    def opened(accepted: operations.Accepted) -> Client:
        client = at(alpha.alpha, headers={"accept-language": "en"})
        client.post("/receipt/", {"receipt": accepted.receipt})
        return client

    return opened


def page(client: Client) -> str:
    return client.get("/conversation/").content.decode()


def test_the_student_sees_who_until_when_and_what_they_read(
    alpha: World, student: Callable[[operations.Accepted], Client]
) -> None:
    accepted = taken(alpha)
    handover = offer(alpha, accepted, shares="onward", walk_along=True)
    client = student(accepted)
    shown = page(client)
    for words in (
        "Nora introduced you to Carl (Counsellor).", "You hear from Carl by", "Until then Nora answers you.",
        "Nora comes along to the first talk.", "Carl reads what you write from now on.", "I don't want Carl",
    ):  # fmt: skip
        assert words in shown, words
    assert WHY not in shown
    assert "<bdi>Carl</bdi>: <bdi>Counsellor</bdi>" in client.get("/conversation/refuse/").content.decode()
    accept(alpha, handover)
    assert "Carl has said yes." in page(client)
    operations.reply(by=alpha.actor("counsellor"), request_id=accepted.request_id, text="Hei")
    shown = page(client)
    assert "Nora introduced you to Carl (Counsellor)." in shown
    assert "You hear from Carl by" not in shown


def test_where_names_are_not_shown_roles_are(
    alpha: World, student: Callable[[operations.Accepted], Client]
) -> None:
    accepted = taken(alpha)
    offer(alpha, accepted)
    setup.change_look(by=MACHINE, show_names=False)
    shown = page(student(accepted))
    assert "Carl" not in shown
    assert "Nora" not in shown
    assert "introduced you to Counsellor." in shown, "the role is said once"


def test_the_student_says_no_after_one_question(
    alpha: World, student: Callable[[operations.Accepted], Client]
) -> None:
    accepted = taken(alpha)
    handover = offer(alpha, accepted)
    client = student(accepted)
    asked = client.get("/conversation/refuse/")
    assert "Do you want Carl to answer you?" in asked.content.decode()
    for button in ("No, I don't want Carl", "Yes, keep Carl"):
        assert button in unescape(asked.content.decode()), "what happens stands on each"
    assert state(handover) == "offered", "a look changes nothing"
    assert client.post("/conversation/refuse/").status_code == 403, "without the proof of our page"
    proof = asked.context["proof"]
    assert client.post("/conversation/refuse/", {"proof": proof}).status_code == 303
    assert (state(handover), holder(accepted)) == ("refused", "Nora")
    assert "You said no to Carl." in page(client)
    assert client.get("/conversation/refuse/").status_code == 303, "nothing to say no to any more"


def test_what_did_not_work_out_is_said_and_a_clock_runs(
    alpha: World, student: Callable[[operations.Accepted], Client]
) -> None:
    accepted = taken(alpha)
    handover = offer(alpha, accepted)
    operations.decline_handover(by=alpha.actor("counsellor"), handover_id=handover.pk, why="Kjenner familien")
    shown = page(student(accepted))
    assert "Carl could not take over." in shown
    assert "You hear from us by" in shown
    assert "Kjenner" not in shown


def test_a_closed_or_withdrawn_conversation_offers_no_no(
    alpha: World, student: Callable[[operations.Accepted], Client]
) -> None:
    accepted = taken(alpha)
    offer(alpha, accepted)
    client = student(accepted)
    operations.withdraw(by=visitor(accepted), request_id=accepted.request_id)
    assert "I don't want" not in page(client)
    assert client.get("/conversation/refuse/").status_code == 303
    assert Handover.objects.get().state == "withdrawn"
