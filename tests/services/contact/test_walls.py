"""Who reads and acts: holders of the role at the school, today, and the student. Nobody else, by any verb."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine

from kernel.actor import MACHINE, NOBODY, Actor, student
from kernel.audit.models import ReadEntry
from kernel.audit.operations import reading
from kernel.crypto.fields import NotLogged
from kernel.errors import DomainError, NotAllowed, NotFound
from kernel.permissions import verbs
from kernel.tenancy import inside
from services.contact import operations, queries
from services.contact.handover_queries import choices
from services.contact.models import ContactRequest, ConversationMessage
from services.contact.permissions import RULES
from services.contact.reads import reads_by_day
from tests.cast import World
from tests.services.contact.people import NUMBER, SECRET, knock, reach_and_close, visitor

type Verb = Callable[[Actor, object], object]


def offers(by: Actor, pk: object) -> object:
    """To the first who could be asked, having taken and read it."""
    with suppress(DomainError):
        operations.take(by=by, request_id=pk)
        operations.read_conversation(by=by, request_id=pk)
    asked = choices(by, ContactRequest.objects.get(pk=pk)).people
    to = operations.Receiver(account_id=asked[0].account_id if asked else None)
    return operations.offer_handover(
        by=by, request_id=pk, to=to, reason="fordi", shares="nothing", agreement="in_talk"
    )


HELPERS_VERBS: dict[str, Verb] = {
    "read": lambda by, pk: operations.read_conversation(by=by, request_id=pk),
    "take_out": lambda by, pk: operations.take_out(by=by, request_id=pk),
    "take": lambda by, pk: operations.take(by=by, request_id=pk),
    "release": lambda by, pk: operations.release(by=by, request_id=pk),
    "reply": lambda by, pk: operations.reply(by=by, request_id=pk, text="Hei"),
    "record_contact": lambda by, pk: operations.record_contact(
        by=by, request_id=pk, kind="visit", outcome="reached"
    ),
    "close": lambda by, pk: operations.close(by=by, request_id=pk, outcome="not_reached"),
    "offer_handover": offers,
    "recuse": lambda by, pk: operations.recuse(by=by, request_id=pk),
    "let_out": lambda by, pk: operations.let_out(by=by, request_id=pk),
}
STUDENTS_VERBS: dict[str, Verb] = {
    "student_writes": lambda by, pk: operations.student_writes(by=by, request_id=pk, text="Hei"),
    "withdraw": lambda by, pk: operations.withdraw(by=by, request_id=pk),
    "set_name": lambda by, pk: operations.set_name(by=by, request_id=pk, name="Ida"),
    "refuse_handover": lambda by, pk: operations.refuse_handover(by=by, request_id=pk),
}
#: Verbs about a handover or a recusal that is there: test_handover.py and test_recusal.py try them.
#: What is recorded elsewhere and what is taken back: test_recording.py and the desk's tests of replies try them.
#: A call without a word: there is nothing to read.
WORDLESS = {"channel_kind": "phone", "channel_value": NUMBER, "message": ""}
ANSWERING = {"needs_no_answer"}  # tests/services/contact/test_reply_clock.py
RECORDING = {
    "copy_for_record",
    "remind_of_records",
    "settle_record",
    "undo_close",
    "undo_contact",
    "withdraw_reply",
}
#: A friend who is there by the student's own act: tests/services/reach/test_befriending.py tries it.
FRIENDS = {"friend_writes"}
ABOUT_ONE = {"left", "see_handover", "answer_handover", "withdraw_handover", "undo_recusal"}
EVERY_VERB = {**HELPERS_VERBS, **STUDENTS_VERBS}
STRANGERS = ("counsellor", "other_nurse", "lead", "admin", "outsider")


def test_every_verb_of_the_slice_is_tried_here() -> None:
    own = {verb.split(".", 1)[1] for verb in verbs() if verb.startswith("contact.")}
    assert own == set(RULES)
    machine = {"knock", "forget", "forget_keys", "forget_challenges", "end_rehearsal", "hand_on"}
    assert own - machine - ABOUT_ONE - RECORDING - ANSWERING - FRIENDS == set(EVERY_VERB)


@pytest.mark.parametrize("who", ["nurse", "second_nurse", "counsellor", "lead", "outsider"])
def test_nobody_but_an_administrator_gives_on_what_a_leaver_has(alpha: World, who: str) -> None:
    accepted = knock(alpha)
    for by in (alpha.actor(who), NOBODY, visitor(accepted)):
        with pytest.raises(NotAllowed):
            operations.hand_on(by=by, item_id=accepted.request_id, to=alpha.people["second_nurse"])


@pytest.mark.parametrize("verb", EVERY_VERB)
@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_to_the_door_finds_nothing_by_any_verb(alpha: World, who: str, verb: str) -> None:
    accepted = knock(alpha)
    with pytest.raises(NotFound):
        EVERY_VERB[verb](alpha.actor(who), accepted.request_id)
    assert ReadEntry.objects.count() == 0


@pytest.mark.parametrize("verb", EVERY_VERB)
def test_neither_the_machine_nor_nobody_nor_another_student_gets_in(alpha: World, verb: str) -> None:
    accepted, other = knock(alpha), knock(alpha)
    for by in (MACHINE, NOBODY, student(None), visitor(other)):
        with pytest.raises(NotFound):
            EVERY_VERB[verb](by, accepted.request_id)


@pytest.mark.parametrize("verb", sorted(set(HELPERS_VERBS) - {"take_out"}))
def test_the_holder_of_the_post_may(alpha: World, verb: str) -> None:
    HELPERS_VERBS[verb](alpha.actor("nurse"), knock(alpha, **WORDLESS).request_id)


def test_the_holder_of_the_post_takes_nothing_out_alone(alpha: World) -> None:
    accepted = knock(alpha)
    operations.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    with pytest.raises(NotAllowed):
        operations.take_out(by=alpha.actor("nurse"), request_id=accepted.request_id)


@pytest.mark.parametrize("verb", STUDENTS_VERBS)
def test_a_helper_never_acts_as_the_student(alpha: World, verb: str) -> None:
    with pytest.raises(DomainError):
        STUDENTS_VERBS[verb](alpha.actor("nurse"), knock(alpha).request_id)


@pytest.mark.parametrize("verb", [verb for verb in HELPERS_VERBS if verb != "read"])
def test_the_student_never_acts_as_a_helper(alpha: World, verb: str) -> None:
    accepted = knock(alpha)
    with pytest.raises(DomainError):
        HELPERS_VERBS[verb](visitor(accepted), accepted.request_id)


@pytest.mark.parametrize("who", [*STRANGERS, "nurse"])
def test_the_same_id_in_another_municipality_is_not_there(alpha: World, who: str) -> None:
    accepted = knock(alpha)
    with inside(alpha.beta), pytest.raises(NotFound):
        operations.read_conversation(by=alpha.actor(who), request_id=accepted.request_id)


@pytest.mark.parametrize("who", STRANGERS)
def test_lists_are_empty_for_strangers(alpha: World, who: str) -> None:
    knock(alpha)
    actor = alpha.actor(who)
    assert [queries.listed(actor, shelf) for shelf in ("waiting", "mine", "closed")] == [[], [], []]
    assert queries.visible_to(actor).count() == 0


def test_a_read_is_a_row_and_a_row_is_a_read(alpha: World) -> None:
    accepted, nurse, own = knock(alpha), alpha.actor("nurse"), None
    own = visitor(accepted)
    for _ in range(3):
        operations.read_conversation(by=nurse, request_id=accepted.request_id)
    operations.read_conversation(by=own, request_id=accepted.request_id)
    rows = list(ReadEntry.objects.order_by("id").values_list("actor_kind", "role_id", "why"))
    assert rows == [("person", alpha.nurse_role, "before taking")] * 3 + [
        ("student", None, "own conversation")
    ]
    request = ContactRequest.objects.get(pk=accepted.request_id)
    assert {read.role_id for read in reads_by_day(request)} == {alpha.nurse_role}
    assert sum(read.times for read in reads_by_day(request)) == 3


def test_lists_acts_and_notices_read_nothing(alpha: World) -> None:
    accepted, nurse = knock(alpha, **WORDLESS), alpha.actor("nurse")
    queries.listed(nurse, "waiting")
    operations.take(by=nurse, request_id=accepted.request_id)
    operations.reply(by=nurse, request_id=accepted.request_id, text="Hei")
    reach_and_close(by=nurse, request_id=accepted.request_id, outcome="helped")
    assert ReadEntry.objects.count() == 0


def test_no_log_row_no_content(alpha: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise RuntimeError("the log is away")

    accepted = knock(alpha)
    monkeypatch.setattr("services.contact.operations.reading.reading", refuse)
    with pytest.raises(RuntimeError):
        operations.read_conversation(by=alpha.actor("nurse"), request_id=accepted.request_id)


def test_a_reading_of_one_case_opens_no_other(alpha: World) -> None:
    mine, other = knock(alpha), knock(alpha)
    request = ContactRequest.objects.get(pk=mine.request_id)
    proof = reading(by=alpha.actor("nurse"), case_key_id=request.case_key_id, what="test", why="test")
    message = ConversationMessage.objects.get(request_id=other.request_id)
    assert str(message.text) == "[sealed]"
    with pytest.raises(NotLogged):
        message.text.open(proof)


def test_no_word_a_student_or_helper_wrote_stands_readable_in_the_database(alpha: World) -> None:
    accepted = knock(
        alpha, channel_kind="phone", channel_value=NUMBER, name="Ida Kanarifugl", preferred_times="etter gym"
    )
    operations.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Svaret om kanarifugl")
    operations.student_writes(by=visitor(accepted), request_id=accepted.request_id, text="Enda en kanarifugl")
    everything = dump(alpha.alpha.schema).lower()
    assert b"first_contact" in everything
    secrets = (SECRET, NUMBER, "kanarifugl", "etter gym", accepted.receipt, accepted.receipt.replace("-", ""))
    for words in secrets:
        assert words.encode().lower() not in everything
    opened = operations.read_conversation(by=visitor(accepted), request_id=accepted.request_id)
    assert [line.text for line in opened.lines] == [SECRET, "Svaret om kanarifugl", "Enda en kanarifugl"]
    assert (opened.name, opened.channel_value, opened.preferred_times) == (
        "Ida Kanarifugl",
        NUMBER,
        "etter gym",
    )


def dump(schema: str) -> bytes:
    """Every row of every table of the schema as PostgreSQL writes it, seen from this transaction;

    bytes too.
    """
    from django.db import connection

    out: list[bytes] = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s"
            " AND has_table_privilege(quote_ident(schemaname) || '.' || quote_ident(tablename), 'SELECT')",
            [schema],
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT * FROM "{schema}"."{table}"')
            for row in cursor.fetchall():
                out += [bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row]
    return b"\n".join(out)


def test_the_lead_and_the_administrator_have_no_way_to_the_list_even_when_they_lead_that_school(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = knock(alpha)
    clock.move_to(accepted.due_at + timedelta(hours=1))
    lead = alpha.actor("lead")
    assert lead.leads_school(alpha.school)
    assert queries.listed(lead, "waiting") == []
