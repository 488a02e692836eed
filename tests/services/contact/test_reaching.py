"""Where we can find a student, who else may pick up the phone, and what is promised when we can find nobody."""

from typing import Any

import pytest
from django.test import Client

from kernel.errors import Invalid
from kernel.tenancy import inside
from services.contact import journey, operations
from services.contact.models import ContactRequest
from services.contact.rules import Said
from services.promises.models import Promise
from tenants.setup.queries import portal
from tests.cast import World
from tests.services.contact.people import NUMBER, knock
from tests.services.contact.test_api import knock as knock_by_api
from tests.services.contact.test_api import program  # noqa: F401 (a fixture)
from tests.services.contact.test_pages import answers, asks, clock, hidden, phone  # noqa: F401 (fixtures)


def reach(phone: Client, world: World, **said: str) -> Any:  # noqa: F811
    return phone.post("/knock/", {**answers(world, channel="visit"), "step": "reach", **said})


def test_a_meeting_asks_for_a_place_or_a_name_and_says_which_field(world: World, phone: Client) -> None:  # noqa: F811
    response = reach(phone, world)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'href="#id_channel_value">Write a place, or your name and class.' in page


@pytest.mark.parametrize("said", [{"channel_value": "by the library"}, {"name": "Mona, 9B"}])
def test_either_is_enough(world: World, phone: Client, said: dict[str, str]) -> None:  # noqa: F811
    assert asks(reach(phone, world, **said).content.decode()) == "about"


def test_taking_the_name_away_again_asks_where_to_meet(world: World, phone: Client) -> None:  # noqa: F811
    form = {**answers(world, channel="visit", seen="1"), "step": "name", "name": ""}
    assert asks(phone.post("/knock/", form).content.decode()) == "reach"


def test_a_knock_that_says_neither_is_accepted_and_promised_where_it_can_be_kept(
    world: World,
    program: Client,  # noqa: F811
) -> None:
    accepted = knock_by_api(program, world, channel={"kind": "visit"})
    assert accepted.status_code == 201
    assert accepted.json()["promise"].startswith("En voksen svarer i samtalen senest ")
    told = knock_by_api(program, world, channel={"kind": "visit"})
    assert told.json() == accepted.json(), "the same answer again"


def test_the_receipt_of_such_a_knock_says_that_the_code_is_the_only_way_back(
    world: World,
    phone: Client,  # noqa: F811
) -> None:
    check = phone.post("/knock/", {**answers(world, channel="visit", name="Mona"), "step": "name"})
    form = {**hidden(check.content.decode()), "step": "check", "name": ""}
    page = phone.post("/knock/", form).content.decode()
    assert "It is the only way back to the answer." in page
    assert "An adult answers in the conversation by " in page
    assert "You don't have to do anything more." not in page


def test_where_nobody_can_be_found_an_answer_in_the_conversation_keeps_the_promise(alpha: World) -> None:
    lost, found = knock(alpha, channel_kind="visit"), knock(alpha, channel_kind="visit", name="Mona")
    for accepted in (lost, found):
        operations.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Hei")
    answered = Promise.objects.filter(answered_at__isnull=False).values_list("subject_id", flat=True)
    assert list(answered) == [lost.request_id]


@pytest.mark.parametrize("outcome", ["attempted", "reached"])
def test_a_visit_to_nowhere_keeps_nothing_and_promises_no_next_try(alpha: World, outcome: str) -> None:
    """They were promised an answer in the conversation; whom did the adult visit, and where?"""
    lost, found = knock(alpha, channel_kind="visit"), knock(alpha, channel_kind="visit", name="Mona")
    done = [
        operations.record_contact(
            by=alpha.actor("nurse"), request_id=accepted.request_id, kind="visit", outcome=outcome
        )
        for accepted in (lost, found)
    ]
    assert [one.stopped_the_clock for one in done] == [False, True]
    assert [one.attempt.as_chosen for one in done] == [False, True]
    promise = Promise.objects.get(subject_id=lost.request_id)
    assert (promise.answered_at, promise.kept_at) == (None, None)


@pytest.mark.parametrize("value", ["abc", "1234", "me@", "a link"])
def test_a_video_call_needs_somewhere_to_send_the_link(alpha: World, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        knock(alpha, channel_kind="video", channel_value=value)
    assert [error.field for error in refused.value.errors] == ["channel_value"]


@pytest.mark.parametrize("value", [NUMBER, "elev@example.org"])
def test_a_video_call_takes_a_number_or_an_address(alpha: World, value: str) -> None:
    assert knock(alpha, channel_kind="video", channel_value=value).receipt


@pytest.mark.parametrize(
    ("said", "discreet"), [({}, True), ({"discreet": True}, True), ({"discreet": False}, False)]
)
def test_nobody_else_is_told_who_calls_unless_the_student_says_so(
    world: World,
    program: Client,  # noqa: F811
    said: dict[str, bool],
    discreet: bool,
) -> None:
    call = {"channel": {"kind": "phone", "value": NUMBER}, **said}
    assert knock_by_api(program, world, **call).status_code == 201
    with inside(world.alpha):
        assert ContactRequest.objects.get().discreet is discreet


@pytest.mark.parametrize(("posted", "discreet"), [(["no", "yes"], True), (["no"], False)])
def test_the_box_on_the_page_is_ticked_until_the_student_unticks_it(
    world: World,
    phone: Client,  # noqa: F811
    posted: list[str],
    discreet: bool,
) -> None:
    asked = phone.post("/knock/", {**answers(world, channel="phone"), "step": "how"}).content.decode()
    assert 'value="yes" checked' in asked
    assert "Only those you knock on see it." in asked
    form = {**answers(world, channel="phone"), "step": "reach", "channel_value": NUMBER, "discreet": posted}
    form |= hidden(phone.post("/knock/", form).content.decode())
    check = phone.post("/knock/", {**form, "step": "name", "name": ""}).content.decode()
    assert ("We do not say who we are" in check) is discreet
    assert phone.post("/knock/", {**hidden(check), "step": "check"}).status_code == 200
    with inside(world.alpha):
        assert ContactRequest.objects.get().discreet is discreet


def test_words_sent_before_there_was_a_choice_are_still_the_same_words() -> None:
    assert b"discreet" not in Said().canonical()
    assert Said(discreet=False).canonical() != Said().canonical()


@pytest.mark.parametrize("channel", ["conversation", "phone", "visit"])
def test_the_number_of_steps_never_shrinks_on_the_way_on(alpha: World, channel: str) -> None:
    door, lengths, step = portal(), [], None
    answered = journey.Answers()
    given = {"school": str(alpha.school), "role": str(alpha.nurse_role), "channel": channel,
             "channel_value": NUMBER, "message": "x", "name": "Mona"}  # fmt: skip
    step = journey.steps(door, answered.said())[0]
    while True:
        lengths.append(journey.length(step, door, answered.said()))
        if step.name == "check":
            break
        said = {name: given[name] for name in step.asks if name in given}
        answered = journey.replace(answered, **said)
        step = journey.next_step(step, answered, door)
    assert lengths == sorted(lengths)
    assert lengths[-1] == len(lengths)
