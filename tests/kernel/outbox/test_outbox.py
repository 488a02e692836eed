"""Messages against a real mail server: kept until sent, tried again, given up aloud, and content-free."""

import dataclasses
import email
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import policy

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.db import transaction
from django.test import override_settings

from kernel import jobs, outbox
from kernel.actor import MACHINE
from kernel.jobs import registry
from kernel.outbox import operations, queries, rendering, sweep
from kernel.outbox.models import Message
from kernel.people import operations as people
from kernel.people.models import Account
from kernel.tenancy import current, inside
from kernel.tenancy.testing import forget_jobs
from tests.cast import World
from tests.kernel.tenancy.ground import committed

__all__ = ["committed"]

NOW = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)


class Postmaster:
    """A mail server that answers what it is told to."""

    def __init__(self) -> None:
        self.mails: list[email.message.EmailMessage] = []
        self.recipients: list[str] = []
        self.says = "250 OK"
        self.says_to_recipient = "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802
        if self.says_to_recipient.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.says_to_recipient

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        if self.says.startswith("2"):
            self.recipients += envelope.rcpt_tos
            self.mails.append(email.message_from_bytes(envelope.content, policy=policy.default))
        return self.says


def mail_server(port: int) -> dict:
    options = {"host": "127.0.0.1", "port": port, "timeout": 2}
    return {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}


@pytest.fixture
def postmaster() -> Iterator[Postmaster]:
    handler = Postmaster()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    with override_settings(MAILERS=mail_server(port)):
        yield handler
    controller.stop()


@pytest.fixture
def nurse(world: World) -> Iterator[Account]:
    with inside(world.alpha):
        Message.objects.all().delete()  # the invitations of the cast
        yield world.account("nurse")


def queue(nurse: Account, cause: str = "one") -> Message:
    message = outbox.queue(cause=cause, to=nurse, template="people/invited", language="en")
    assert message is not None
    return message


def test_a_message_reaches_the_mail_server_and_its_content_is_forgotten(postmaster, nurse):
    message = queue(nurse)
    assert operations.send_all_due() == 1
    message.refresh_from_db()
    assert (message.state, message.sealed, message.attempts) == ("sent", None, 1)
    assert postmaster.recipients == [nurse.email]
    mail = postmaster.mails[0]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["From"].addresses[0].display_name == "Alfa kommune"
    text = mail.get_body(("plain",)).get_content()
    assert "http://alfa.localhost" in text
    assert "/sign-in/" in text
    assert "Solhaug" not in mail.as_string()
    assert "Nora" not in mail.as_string()
    assert mail.get_body(("html",)).get_content().count("<p>") >= 3


def test_the_same_cause_is_told_once_to_each_recipient(nurse, world):
    assert outbox.queue(cause="knock:1", to=nurse, template="people/invited") is not None
    assert outbox.queue(cause="knock:1", to=nurse, template="people/invited") is None
    other = world.account("second_nurse")
    assert outbox.queue(cause="knock:1", to=other, template="people/invited") is not None
    assert Message.objects.filter(cause="knock:1").count() == 2


def test_no_commit_no_message(nurse):
    with transaction.atomic():
        queue(nurse)
        transaction.set_rollback(True)
    assert not Message.objects.filter(cause="one").exists()


def test_the_job_that_a_message_leaves_sends_it(postmaster, nurse):
    queue(nurse)
    jobs.drain()
    assert nurse.email in postmaster.recipients


def test_a_refusal_for_now_is_tried_again_after_a_minute_then_five(postmaster, nurse):
    postmaster.says = "451 try later"
    with time_machine.travel(NOW, tick=False) as clock:
        message = queue(nurse)
        assert not operations.send_one(message.pk)
        message.refresh_from_db()
        assert (message.state, message.next_attempt_at) == ("queued", NOW + timedelta(minutes=1))
        assert message.last_error == "SMTPDataError"
        clock.shift(timedelta(seconds=59))
        assert not operations.send_one(message.pk)
        assert not postmaster.mails
        clock.shift(timedelta(seconds=1))
        assert not operations.send_one(message.pk)
        message.refresh_from_db()
        assert message.next_attempt_at == NOW + timedelta(minutes=6)
        postmaster.says = "250 OK"
        clock.shift(timedelta(minutes=5))
        assert operations.send_one(message.pk)


def test_a_refused_address_is_given_up_at_once_and_shown(postmaster, nurse):
    postmaster.says_to_recipient = "550 no such person"
    message = queue(nurse)
    assert not operations.send_one(message.pk)
    shown = {one.message_id: one for one in queries.failing()}[message.pk]
    assert shown.given_up
    assert shown.to == nurse.email
    assert shown.error == "SMTPRecipientsRefused 550"
    message.refresh_from_db()
    assert message.sealed is None


def test_a_mail_server_that_is_away_is_waited_for_until_a_day_has_passed(nurse):
    with override_settings(MAILERS=mail_server(1)), time_machine.travel(NOW, tick=False) as clock:
        message = queue(nurse)
        for _ in range(3):
            operations.send_one(message.pk)
            clock.shift(timedelta(hours=1))
        assert [one.message_id for one in queries.failing() if not one.given_up] == [message.pk]
        clock.shift(timedelta(hours=24))
        operations.send_one(message.pk)
        message.refresh_from_db()
        assert message.state == "failed"


def test_context_and_address_are_never_in_the_clear(nurse):
    message = outbox.queue(
        cause="two",
        to="canary@kommune.example",
        template="people/sign-in-code",
        context={"code": "CANA-RYRY"},
    )
    row = Message.objects.filter(pk=message.pk).values().get()
    assert "CANA" not in repr(row)
    assert "canary" not in repr(row)


def test_a_message_moved_to_another_row_does_not_open(nurse):
    first, second = queue(nurse, "a"), queue(nurse, "b")
    Message.objects.filter(pk=first.pk).update(sealed=bytes(second.sealed))
    moved = Message.objects.get(pk=first.pk)
    with pytest.raises(Exception, match="sealed elsewhere"):
        operations._open(moved)


@pytest.mark.parametrize("language", ["nb", "nn", "sv", "da", "fi", "en"])
@pytest.mark.parametrize("template", ["people/sign-in-code", "people/invited", "people/second-factor-reset"])
def test_every_mail_speaks_every_language(world, template, language):
    with inside(world.alpha):
        subject, text = rendering.render(template, language, {"code": "BCDF-GHJK"})
        english = rendering.render(template, "en", {"code": "BCDF-GHJK"})
    assert "Alfa kommune" in subject
    assert text
    assert language == "en" or (subject, text) != english


def test_a_deactivated_person_gets_nothing_more(world):
    with inside(world.alpha):
        person = world.account("second_nurse")
        people.deactivate(by=MACHINE, account_id=person.pk)
        person.refresh_from_db()
        assert outbox.queue(cause="late", to=person, template="people/invited") is None


def test_an_invented_person_gets_mail_in_a_demo_only(postmaster, nurse):
    Account.objects.filter(pk=nurse.pk).update(is_invented=True)
    message = queue(nurse, "invented")
    with override_settings(TESTING=False):
        assert not operations.send_one(message.pk)
    message.refresh_from_db()
    assert message.state == "skipped"
    assert not postmaster.mails


def test_sent_messages_are_forgotten_after_thirty_days(postmaster, nurse):
    message = queue(nurse)
    operations.send_one(message.pk)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=31)):
        assert operations.tidy() >= 1
    assert not Message.objects.filter(pk=message.pk).exists()


def test_the_sweep_finds_messages_that_no_job_woke_up(postmaster, built_world, committed):
    with inside(built_world.beta):
        message = queue(built_world.account("nurse"), "swept")
    try:
        forget_jobs()
        assert built_world.beta.schema in {ref.schema for ref in sweep.waiting()}
        assert registry.do_chores() == []
        assert built_world.beta.schema not in {ref.schema for ref in sweep.waiting()}
    finally:
        with inside(built_world.beta):
            Message.objects.filter(pk=message.pk).delete()


def poisoned(cause: str, to: str) -> Message:
    """A bare address that no mail server can be told, as it could be stored before addresses were checked."""
    message = outbox.queue(cause=cause, to=to, template="people/invited", language="en")
    assert message is not None
    return message


@pytest.mark.parametrize("to", ["\u017fam@kommune.example", '"a\x01b"@kommune.example'])
def test_an_address_no_server_can_be_told_is_given_up_at_once(postmaster, nurse, to):
    message = poisoned("poison", to)
    assert not operations.send_one(message.pk)
    message.refresh_from_db()
    assert message.state == "failed"
    assert "kommune" not in message.last_error


def test_whatever_breaks_on_the_way_is_a_failed_attempt_that_is_tried_again(postmaster, nurse, monkeypatch):
    def broken(*told, **_how):
        raise RuntimeError("HEMLIGA ORD")

    with time_machine.travel(NOW, tick=False):
        message = queue(nurse)
        monkeypatch.setattr(rendering, "mail", broken)
        assert not operations.send_one(message.pk)
    message.refresh_from_db()
    assert (message.state, message.last_error) == ("queued", "RuntimeError")


def test_one_bad_message_keeps_nothing_from_those_after_it(postmaster, nurse, monkeypatch):
    first, second = queue(nurse, "one"), queue(nurse, "two")
    real, bad = operations.send_one, min(first.pk, second.pk)

    def send(message_id):
        if message_id == bad:
            raise RuntimeError("HEMLIGA ORD")
        return real(message_id)

    monkeypatch.setattr(operations, "send_one", send)
    assert operations.send_all_due() == 1


def test_one_municipality_in_trouble_keeps_nothing_from_the_next(postmaster, world, monkeypatch):
    for ref in (world.alpha, world.beta):
        with inside(ref):
            Message.objects.all().delete()
            queue(world.account("nurse"))
    real = operations.send_all_due

    def send(limit):
        if current().slug == world.alpha.slug:
            raise RuntimeError("HEMLIGA ORD")
        return real(limit)

    monkeypatch.setattr(operations, "send_all_due", send)
    assert sweep.send_everywhere() == 1
    assert len(postmaster.recipients) == 1


def test_a_schema_that_cannot_be_asked_keeps_nothing_from_the_others(postmaster, world, monkeypatch):
    with inside(world.beta):
        Message.objects.all().delete()
        queue(world.account("nurse"))
    lost = dataclasses.replace(world.alpha, schema="m_987654")
    monkeypatch.setattr(sweep, "municipalities", lambda **_: [lost, world.alpha, world.beta])
    assert world.beta in list(sweep.waiting())


def test_no_second_of_a_students_act_is_kept(postmaster, nurse):
    with time_machine.travel(NOW.replace(second=41, microsecond=7), tick=False) as clock:
        message = queue(nurse)
        postmaster.says = "451 try later"
        operations.send_one(message.pk)
        message.refresh_from_db()
        assert message.next_attempt_at == NOW + timedelta(minutes=2)
        postmaster.says = "250 OK"
        clock.shift(timedelta(minutes=2))
        assert operations.send_one(message.pk)
    message.refresh_from_db()
    for instant in (message.created_at, message.next_attempt_at, message.sent_at):
        assert (instant.second, instant.microsecond) == (0, 0)
