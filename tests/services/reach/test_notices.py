"""An e-mail that says that there is something new, and nothing else; never two before the student has looked."""

import json
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection, transaction
from django.test import Client, override_settings

from kernel.actor import MACHINE
from kernel.audit.models import ReadEntry
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.outbox import operations as outbox
from kernel.outbox.models import Message
from kernel.outbox.queries import failing
from services.contact import operations as contact
from services.contact.models import ContactRequest, Handover
from services.contact.operations import Accepted
from services.contact.queries import reads_by_adults
from services.meetings import operations as meetings
from services.promises.sweep import break_due
from services.reach import operations
from services.reach.models import NoticeWish
from tenants.presence import operations as presence
from tenants.setup import operations as setup
from tenants.setup.actors import today
from tenants.setup.models import Post
from tests.cast import World
from tests.services.contact.people import SECRET, knock, read_and_close, visitor
from tests.services.contact.test_handover import offer
from tests.services.contact.test_pages import hidden
from tests.services.meetings.people import agreed

pytestmark = pytest.mark.django_db
ADDRESS = "only.mine@post.example.net"
MINUTES = timedelta(minutes=2)
TEMPLATE = "reach/something_new"


def asked(world: World, *, each_time: bool = True, language: str = "en") -> Accepted:
    accepted = knock(world)
    ask(accepted, each_time=each_time, language=language)
    return accepted


def ask(accepted: Accepted, *, address: str = ADDRESS, each_time: bool = True, language: str = "en") -> Any:
    return operations.ask_notice(
        by=visitor(accepted),
        request_id=accepted.request_id,
        address=address,
        each_time=each_time,
        language=language,
    )


def reply(world: World, accepted: Accepted, **more: Any) -> Any:
    return contact.reply(by=world.actor("nurse"), request_id=accepted.request_id, text="Hei du", **more)


def look(accepted: Accepted) -> None:
    contact.read_conversation(by=visitor(accepted), request_id=accepted.request_id)


def sent(clock: Any) -> list[Any]:
    """What has come to the address, after the sender has had its time."""
    clock.shift(MINUTES)
    outbox.send_all_due()
    return [one for one in mail.outbox if ADDRESS in one.to]


def test_a_reply_is_told_without_who_what_or_where(alpha: World, clock) -> None:
    accepted = asked(alpha)
    reply(alpha, accepted)
    (told,) = sent(clock)
    said = json.dumps([told.subject, told.body, str(told.alternatives), str(told.extra_headers)]).lower()
    for word in (SECRET, "hei du", "nurse", "nora", "solhaug", "helse", "http", accepted.case_number.lower()):
        assert word.lower() not in said
    assert str(accepted.request_id) not in said
    assert told.subject == "There is something new"
    assert "Alfa kommune" in told.from_email


@override_settings(
    DISCREET_FROM_EMAIL="post@somewhere.example", DEFAULT_FROM_EMAIL="Lavterskel <door@front.example>"
)
def test_no_address_in_its_headers_names_the_service(alpha: World, clock) -> None:
    accepted = asked(alpha)
    reply(alpha, accepted)
    (told,) = sent(clock)
    raw = told.message().as_string().lower()
    assert "from: alfa kommune <post@somewhere.example>" in raw
    assert "message-id: <" in raw
    for host in (settings.FRONT_HOST, "front.example", "localhost", "door@", "lavterskel"):
        assert host not in raw


def test_it_waits_until_the_reply_cannot_be_taken_back_and_is_not_sent_when_it_was(alpha, clock) -> None:
    accepted = asked(alpha)
    message = reply(alpha, accepted, can_undo=True)
    outbox.send_all_due()
    assert not [one for one in mail.outbox if ADDRESS in one.to]
    contact.withdraw_reply(by=alpha.actor("nurse"), request_id=accepted.request_id, message_id=message.pk)
    assert sent(clock) == []
    reply(alpha, accepted, can_undo=True)
    assert len(sent(clock)) == 1


def test_never_two_before_the_student_has_looked(alpha: World, clock) -> None:
    accepted = asked(alpha)
    reply(alpha, accepted)
    reply(alpha, accepted)
    assert len(sent(clock)) == 1
    reply(alpha, accepted)
    assert len(sent(clock)) == 1
    look(accepted)
    reply(alpha, accepted)
    assert len(sent(clock)) == 2


def test_nothing_is_sent_when_they_have_looked_before_it_leaves(alpha: World, clock) -> None:
    accepted = asked(alpha)
    reply(alpha, accepted)
    look(accepted)
    assert sent(clock) == []
    assert Message.objects.get(template=TEMPLATE).state == Message.State.SKIPPED
    reply(alpha, accepted)
    assert len(sent(clock)) == 1


def test_a_look_before_a_reply_can_be_seen_loses_no_news_of_it(alpha: World, clock) -> None:
    accepted = asked(alpha)
    reply(alpha, accepted, can_undo=True)
    clock.shift(timedelta(seconds=5))
    look(accepted)
    assert len(sent(clock)) == 1
    reply(alpha, accepted, can_undo=True)  # told already: nothing is on its way
    look(accepted)
    assert len(sent(clock)) == 2
    look(accepted)
    assert len(sent(clock)) == 2


def test_a_sender_that_dies_leaves_no_notice_on_its_way_for_ever(alpha: World, clock, monkeypatch) -> None:
    accepted = asked(alpha)
    reply(alpha, accepted)

    def dies(later: Any, _outcome: str) -> None:
        if later is not None:  # staff are told by their accounts: no room waits to hear of those
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "tell_over", dies)
        with pytest.raises(KeyboardInterrupt):
            sent(clock)
    assert Message.objects.get(template=TEMPLATE).state == Message.State.QUEUED
    before = len(sent(clock))
    assert not NoticeWish.objects.get().is_on_its_way
    look(accepted)
    reply(alpha, accepted)
    assert len(sent(clock)) == before + 1


@pytest.mark.parametrize("refused", [False, True])
def test_a_room_that_cannot_take_in_what_became_of_it_is_not_told_for_ever(
    alpha: World, clock, monkeypatch, refused: bool
) -> None:
    accepted = asked(alpha)
    reply(alpha, accepted)

    def breaks(later: Any, _outcome: str) -> None:
        if later is not None:
            raise RuntimeError(ADDRESS)

    def refuse(_mail: object) -> None:
        raise ValueError("no such address")

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "tell_over", breaks)
        if refused:
            patch.setattr(outbox, "_hand_over", refuse)
        for _hour in range(3):
            sent(clock)
            clock.shift(timedelta(hours=9))
    assert len([one for one in mail.outbox if ADDRESS in one.to]) == (0 if refused else 1)
    (failed,) = [one for one in failing() if one.template == TEMPLATE]
    assert (failed.given_up, failed.error) == (True, "RuntimeError")
    look(accepted)
    reply(alpha, accepted)
    assert len(sent(clock)) == (1 if refused else 2)
    assert not NoticeWish.objects.get().is_on_its_way


def test_an_address_goes_a_day_after_closing_whatever_its_notice_says(alpha: World, clock) -> None:
    accepted = asked(alpha)
    reply(alpha, accepted)
    read_and_close(by=alpha.actor("nurse"), request_id=accepted.request_id, outcome="helped")
    clock.shift(timedelta(hours=24))
    assert operations.tidy_notices(by=MACHINE) == 0
    clock.shift(timedelta(hours=2))
    assert operations.tidy_notices(by=MACHINE) == 1
    assert not NoticeWish.objects.exists()


def test_a_meeting_that_falls_through_is_news(alpha: World, clock) -> None:
    accepted = agreed(alpha)
    look(accepted)
    ask(accepted)
    with transaction.atomic():
        request = ContactRequest.objects.select_for_update().get(pk=accepted.request_id)
        meetings.fall_through(by=MACHINE, request=request, account_id=alpha.people["nurse"])
    assert len(sent(clock)) == 1


def test_a_colleague_who_reads_is_no_look_of_the_students(alpha: World, clock) -> None:
    accepted = asked(alpha)
    reply(alpha, accepted)
    contact.read_conversation(by=alpha.actor("nurse"), request_id=accepted.request_id)
    assert len(sent(clock)) == 1


def test_once_is_once_and_the_address_is_gone(alpha: World, clock) -> None:
    accepted = asked(alpha, each_time=False)
    reply(alpha, accepted)
    assert len(sent(clock)) == 1
    assert not NoticeWish.objects.exists()
    look(accepted)
    reply(alpha, accepted)
    assert len(sent(clock)) == 1


def test_the_address_stands_nowhere_but_sealed(alpha: World, clock) -> None:
    accepted = asked(alpha)
    reply(alpha, accepted)
    with connection.cursor() as cursor:
        for table in (
            "reach_noticewish",
            "outbox_message",
            "audit_entry",
            "audit_readentry",
            "people_cacherow",
        ):
            cursor.execute(f"SELECT coalesce(string_agg(one::text, ' '), '') FROM {table} one")
            assert ADDRESS not in cursor.fetchone()[0], table
    message = Message.objects.get(template=TEMPLATE)
    assert ADDRESS not in str(outbox._open(message))
    sent(clock)
    message.refresh_from_db()
    assert message.sealed is None


def test_opening_the_address_is_in_the_log_and_is_no_read_of_their_words(alpha: World, clock) -> None:
    accepted = asked(alpha)
    reply(alpha, accepted)
    sent(clock)
    (entry,) = ReadEntry.objects.filter(what="notice_address")
    assert entry.actor_kind == "machine"
    wish = NoticeWish.objects.get()
    assert reads_by_adults(wish.request) == []


def test_an_address_that_is_refused_for_good_is_forgotten_and_the_page_says_so(
    alpha: World, clock, monkeypatch, phone: Client
) -> None:
    accepted = asked(alpha)
    reply(alpha, accepted)

    def refuse(_mail: object) -> None:
        raise ValueError("no such address")

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "_hand_over", refuse)
        assert sent(clock) == []
    wish = NoticeWish.objects.get()
    assert wish.address is None
    assert wish.failed_at is not None
    assert Message.objects.get(template=TEMPLATE).sealed is None
    assert "The e-mail did not arrive" in page(phone, accepted)
    ask(accepted)
    reply(alpha, accepted)
    assert len(sent(clock)) == 1


def test_closing_forgets_the_address_within_the_hour_but_not_the_last_notice(alpha: World, clock) -> None:
    accepted = asked(alpha)
    reply(alpha, accepted)
    read_and_close(by=alpha.actor("nurse"), request_id=accepted.request_id, outcome="helped")
    assert operations.tidy_notices(by=MACHINE) == 0
    assert len(sent(clock)) == 1
    assert operations.tidy_notices(by=MACHINE) == 1
    assert not NoticeWish.objects.exists()


def test_a_closing_that_was_a_slip_loses_no_address(alpha: World) -> None:
    accepted = asked(alpha)
    contact.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    read_and_close(by=alpha.actor("nurse"), request_id=accepted.request_id, outcome="not_reached")
    contact.undo_close(by=alpha.actor("nurse"), request_id=accepted.request_id)
    operations.tidy_notices(by=MACHINE)
    assert NoticeWish.objects.exists()


def test_who_takes_the_knock_back_is_forgotten_at_once(alpha: World, clock) -> None:
    accepted = asked(alpha)
    reply(alpha, accepted)
    contact.withdraw(by=visitor(accepted), request_id=accepted.request_id)
    assert not NoticeWish.objects.exists()
    assert sent(clock) == []


def test_a_wrong_address_is_refused_and_nothing_is_sent_to_try_a_right_one(alpha: World) -> None:
    accepted = knock(alpha)
    for wrong in ("", "nobody", "a b@c.example", "x" * 300 + "@post.example.net"):
        with pytest.raises(Invalid):
            ask(accepted, address=wrong)
    ask(accepted)
    outbox.send_all_due()
    assert not [one for one in mail.outbox if ADDRESS in one.to]


def test_it_is_the_students_alone(alpha: World) -> None:
    accepted, other = knock(alpha), knock(alpha)
    with pytest.raises(NotFound):
        operations.ask_notice(
            by=visitor(other), request_id=accepted.request_id, address=ADDRESS, each_time=True, language="en"
        )
    with pytest.raises(NotAllowed):
        operations.ask_notice(
            by=alpha.actor("nurse"),
            request_id=accepted.request_id,
            address=ADDRESS,
            each_time=True,
            language="en",
        )
    contact.withdraw(by=visitor(accepted), request_id=accepted.request_id)
    with pytest.raises(Conflict):
        ask(accepted)


def test_it_goes_with_the_case(alpha: World, clock) -> None:
    accepted = asked(alpha)
    reply(alpha, accepted)
    gone = contact.forget(by=MACHINE, request_ids=[accepted.request_id])
    assert gone["reach.NoticeWish"] == 1
    assert not Message.objects.filter(template=TEMPLATE).exists()
    assert sent(clock) == []


def test_that_an_adult_closed_it_is_the_last_news_and_none_when_it_was_a_slip(alpha: World, clock) -> None:
    accepted, nurse = asked(alpha), alpha.actor("nurse")
    contact.take(by=nurse, request_id=accepted.request_id)
    read_and_close(by=nurse, request_id=accepted.request_id, outcome="not_reached")
    contact.undo_close(by=nurse, request_id=accepted.request_id)
    assert sent(clock) == []
    read_and_close(by=nurse, request_id=accepted.request_id, outcome="not_reached")
    assert len(sent(clock)) == 1
    assert operations.tidy_notices(by=MACHINE) == 1


def test_a_slip_of_closing_takes_no_news_away_that_was_there_before(alpha: World, clock) -> None:
    accepted, nurse = asked(alpha), alpha.actor("nurse")
    contact.reply(by=nurse, request_id=accepted.request_id, text="Hei")
    read_and_close(by=nurse, request_id=accepted.request_id, outcome="helped")
    contact.undo_close(by=nurse, request_id=accepted.request_id)
    assert len(sent(clock)) == 1


def _offered(world: World) -> tuple[Accepted, Handover]:
    """Nora, who has it, wants to introduce its student to Carl; they have looked and asked for an e-mail before."""
    accepted, nurse = knock(world), world.actor("nurse")
    contact.read_conversation(by=nurse, request_id=accepted.request_id)
    reply(world, accepted)
    look(accepted)
    ask(accepted)
    return accepted, offer(world, accepted)


def test_an_introduction_and_what_came_of_it_are_news(alpha: World, clock) -> None:
    accepted, handover = _offered(alpha)
    assert len(sent(clock)) == 1
    look(accepted)
    contact.decline_handover(by=alpha.actor("counsellor"), handover_id=handover.pk)
    assert len(sent(clock)) == 2
    look(accepted)
    offer(alpha, accepted)
    look(accepted)
    clock.shift(timedelta(days=9))
    break_due()
    assert len(sent(clock)) == 3


def test_a_students_own_no_is_no_news_to_them(alpha: World, clock) -> None:
    accepted, _handover = _offered(alpha)
    look(accepted)
    contact.refuse_handover(by=visitor(accepted), request_id=accepted.request_id)
    assert sent(clock) == []


@pytest.mark.parametrize("how", ["given on", "taken", "stepped aside"])
def test_that_another_adult_has_it_is_news_however_it_came(alpha: World, clock, how: str) -> None:
    accepted, nurse, signe = asked(alpha), alpha.actor("nurse"), alpha.actor("second_nurse")
    contact.take(by=nurse, request_id=accepted.request_id)
    assert sent(clock) == []
    if how == "given on":
        contact.hand_on(by=MACHINE, item_id=accepted.request_id, to=signe.id)
    elif how == "taken":
        presence.begin_absence(account_id=nurse.id, first_day=today(), last_day=today(), by=MACHINE)
        contact.take(by=signe, request_id=accepted.request_id)
    else:
        setup.end_post(post_id=Post.objects.get(account_id=signe.id).pk, by=MACHINE)
        post = Post.objects.get(account_id=nurse.id)
        presence.name_substitutes(post_id=post.pk, account_ids=[alpha.people["other_nurse"]], by=MACHINE)
        contact.recuse(by=nurse, request_id=accepted.request_id)
    assert ContactRequest.objects.get().taken_by_id not in (None, nurse.id)
    assert len(sent(clock)) == 1


def test_a_meeting_that_is_late_is_news(alpha: World, clock) -> None:
    accepted = knock(alpha)
    reply(alpha, accepted)
    meetings.set_urgency(by=alpha.actor("nurse"), request_id=accepted.request_id, urgency="today")
    look(accepted)
    ask(accepted)
    clock.shift(timedelta(days=9))
    break_due()
    assert len(sent(clock)) == 1


# --- on the page -------------------------------------------------------------------------------------------------


def page(phone: Client, accepted: Accepted) -> str:
    phone.post("/receipt/", {"receipt": accepted.receipt})
    return unescape(phone.get("/conversation/").content.decode())


def press(phone: Client, html: str, **said: str) -> Any:
    return phone.post("/conversation/notice/", hidden(html) | {"act": "ask", "often": "each"} | said)


def test_by_forms_alone_asked_for_and_taken_away(alpha: World, phone: Client) -> None:
    accepted = knock(alpha)
    html = page(phone, accepted)
    assert "Tell me when there is something new" in html
    first, second = press(phone, html, address=ADDRESS), press(phone, html, address=ADDRESS)
    assert first.status_code == second.status_code == 303
    assert NoticeWish.objects.get().each_time
    html = page(phone, accepted)
    assert ADDRESS not in html
    assert "Delete my address now" in html
    assert press(phone, html, act="stop").status_code == 303
    assert not NoticeWish.objects.exists()


def test_a_mistake_keeps_what_was_typed_and_names_the_field(alpha: World, phone: Client) -> None:
    answer = press(phone, page(phone, knock(alpha)), address="nobody at home")
    html = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert 'value="nobody at home"' in html
    assert 'href="#id_address"' in html


def test_a_conversation_is_no_way_to_write_to_strangers(alpha: World, phone: Client) -> None:
    accepted = knock(alpha)
    answers = [
        press(phone, page(phone, accepted), address=f"somebody{n}@post.example.net").status_code
        for n in range(6)
    ]
    assert answers == [303] * 5 + [409]


def test_what_is_closed_offers_no_notice(alpha: World, phone: Client) -> None:
    accepted = knock(alpha)
    contact.withdraw(by=visitor(accepted), request_id=accepted.request_id)
    assert "Tell me when there is something new" not in page(phone, accepted)
