"""A friend takes part by a code of their own: reads what the student lets them, writes, and can do nothing else."""

from html import unescape
from typing import Any

import pytest
from django.test import Client

from kernel.actor import MACHINE, Actor
from kernel.audit.models import Entry, ReadEntry
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.outbox.models import Message
from kernel.tenancy import inside
from services.contact import operations as contact
from services.contact.models import ContactRequest, ConversationMessage
from services.contact.operations import Accepted
from services.contact.queries import reads_by_adults, visible_to
from services.contact.reads import reads_by_day
from services.meetings import operations as meetings
from services.reach import operations, queries
from services.reach.models import Friend
from services.retention import operations as retention
from tests.cast import World
from tests.services.contact.people import NUMBER, SECRET, knock, read_and_close, visitor
from tests.services.contact.test_pages import hidden

pytestmark = pytest.mark.django_db
TAG, NAME, WORDS = "Sam fra håndball", "Maja Lindqvist", "Vi er to om dette"
LATER = "Skrevet etter at Sam kom"


def invited(accepted: Accepted, *, reads_all: bool = False, tag: str = TAG) -> Friend:
    return operations.invite_friend(
        by=visitor(accepted), request_id=accepted.request_id, tag=tag, reads_all=reads_all
    )


def sam(friend: Friend) -> Actor:
    return operations.enter_as_friend(operations.code_of(friend))


def write(accepted: Accepted, text: str) -> None:
    contact.student_writes(by=visitor(accepted), request_id=accepted.request_id, text=text)


def texts(by: Actor) -> list[str]:
    return [line.text for line in operations.read_as_friend(by=by).lines]


def test_from_now_on_or_all_as_the_student_chose(alpha: World) -> None:
    one, other = knock(alpha), knock(alpha)
    onward, everything = sam(invited(one)), sam(invited(other, reads_all=True))
    assert texts(onward) == []
    assert texts(everything) == [SECRET]
    write(one, LATER)
    assert texts(onward) == [LATER]


def test_a_friend_sees_neither_name_nor_number_nor_what_can_be_taken_back(alpha: World, clock) -> None:
    accepted = knock(alpha, name=NAME, channel_kind="phone", channel_value=NUMBER)
    by = sam(invited(accepted, reads_all=True))
    contact.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Angret", can_undo=True)
    seen = str(operations.read_as_friend(by=by))
    assert NAME not in seen
    assert NUMBER not in seen
    assert "Angret" not in seen


def test_what_a_friend_writes_is_theirs_waits_for_an_adult_and_is_told(alpha: World, clock) -> None:
    accepted = knock(alpha)
    contact.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    contact.read_conversation(by=alpha.actor("nurse"), request_id=accepted.request_id)
    told = Message.objects.filter(template="contact/message").count()
    operations.friend_writes(by=sam(invited(accepted)), text=WORDS)
    assert Message.objects.filter(template="contact/message").count() == told + 1
    theirs = ConversationMessage.objects.filter(sender="friend")
    contact.read_conversation(by=visitor(accepted), request_id=accepted.request_id)
    assert theirs.filter(seen_at__isnull=True).exists()
    opened = contact.read_conversation(by=alpha.actor("nurse"), request_id=accepted.request_id)
    assert not theirs.filter(seen_at__isnull=True).exists()
    line = opened.lines[-1]
    assert (line.sender, line.name, line.text) == ("friend", TAG, WORDS)


def test_a_friend_who_was_there_before_keeps_their_name_on_their_words(alpha: World) -> None:
    accepted = knock(alpha)
    operations.friend_writes(by=sam(invited(accepted)), text=WORDS)
    operations.end_friend(by=visitor(accepted), request_id=accepted.request_id)
    line = operations.read_as_friend(by=sam(invited(accepted, reads_all=True, tag="Ida"))).lines[-1]
    assert (line.by, line.name) == ("friend", TAG)


def test_the_student_alone_asks_in_and_out(alpha: World) -> None:
    accepted = knock(alpha)
    by = sam(invited(accepted))
    other = visitor(knock(alpha))
    for somebody in (other, by, alpha.actor("nurse"), alpha.actor("admin"), MACHINE):
        with pytest.raises((NotFound, NotAllowed)):
            operations.end_friend(by=somebody, request_id=accepted.request_id)
        with pytest.raises((NotFound, NotAllowed)):
            operations.invite_friend(by=somebody, request_id=accepted.request_id, tag="X", reads_all=True)
    with pytest.raises(Conflict):
        invited(accepted)
    for wrong in ("", " ", "x" * 41):
        with pytest.raises(Invalid) as refused:
            invited(knock(alpha), tag=wrong)
        assert refused.value.errors[0].field == "tag"


def test_a_friend_cannot_do_what_is_the_students(alpha: World) -> None:
    accepted = knock(alpha, name=NAME)
    by, request_id = sam(invited(accepted)), accepted.request_id
    code = knock(alpha).receipt
    for act in (
        lambda: contact.read_conversation(by=by, request_id=request_id),
        lambda: contact.read_attachment(by=by, request_id=request_id, number=1),
        lambda: contact.student_writes(by=by, request_id=request_id, text="Hei"),
        lambda: contact.withdraw(by=by, request_id=request_id),
        lambda: contact.refuse_handover(by=by, request_id=request_id, number=None, all_since=True),
        lambda: contact.set_name(by=by, request_id=request_id, name="Maja"),
        lambda: operations.tell_name(by=by, request_id=request_id, name="Maja"),
        lambda: operations.take_name_out(by=by, request_id=request_id),
        lambda: operations.tie(by=by, request_id=request_id, code=code, shares=True),
        lambda: operations.ask_notice(
            by=by, request_id=request_id, address="a@post.example.net", each_time=True, language="en"
        ),
        lambda: meetings.cancel(by=by, request_id=request_id, again=False),
        lambda: retention.wish_gone(by=by),
        lambda: retention.take_home(by=by),
    ):
        with pytest.raises((NotFound, NotAllowed)):
            act()
    assert not visible_to(by).exists()
    assert ContactRequest.objects.get(pk=request_id).is_open


def test_asked_out_closed_or_withdrawn_the_code_opens_nothing(alpha: World) -> None:
    for end in (
        lambda one: operations.end_friend(by=visitor(one), request_id=one.request_id),
        lambda one: contact.withdraw(by=visitor(one), request_id=one.request_id),
        lambda one: read_and_close(by=alpha.actor("nurse"), request_id=one.request_id, outcome="not_reached"),
    ):
        accepted = knock(alpha)
        friend = invited(accepted, reads_all=True)
        by = sam(friend)
        end(accepted)
        with pytest.raises(NotFound):
            sam(friend)
        with pytest.raises(NotFound):
            operations.read_as_friend(by=by)
        with pytest.raises(NotFound):
            operations.friend_writes(by=by, text=WORDS)


def test_an_actor_made_up_for_another_conversation_opens_nothing(alpha: World) -> None:
    friend, other = invited(knock(alpha), reads_all=True), knock(alpha)
    for by in (
        Actor(kind="friend", id=friend.pk, case_id=other.request_id),
        Actor(kind="student", id=friend.pk, case_id=friend.request_id),
        Actor(kind="friend", id=None, case_id=friend.request_id),
    ):
        with pytest.raises(NotFound):
            operations.read_as_friend(by=by)
        with pytest.raises((NotFound, NotAllowed)):
            operations.friend_writes(by=by, text=WORDS)


def test_a_friends_reads_are_logged_apart_from_the_adults(alpha: World) -> None:
    accepted = knock(alpha)
    friend = invited(accepted, reads_all=True)
    operations.read_as_friend(by=sam(friend))
    entry = ReadEntry.objects.get(actor_kind="friend")
    assert (entry.actor_id, entry.why, entry.at.second) == (friend.pk, "a friend", 0)
    request = ContactRequest.objects.get(pk=accepted.request_id)
    assert reads_by_adults(request) == []
    assert reads_by_day(request) == []
    assert queries.friend_read_at(friend) == entry.at


def test_the_code_is_no_receipt_and_stands_nowhere(alpha: World) -> None:
    accepted = knock(alpha)
    friend = invited(accepted)
    code = operations.code_of(friend)
    with pytest.raises(NotFound):
        contact.open_by_receipt(code)
    assert code not in str(list(Friend.objects.values())) + str(list(Entry.objects.values()))
    with inside(alpha.beta), pytest.raises(NotFound):
        operations.enter_as_friend(code)
    with pytest.raises(NotFound):
        operations.enter_as_friend(accepted.receipt)


def test_it_goes_with_the_case(alpha: World) -> None:
    accepted = knock(alpha)
    operations.friend_writes(by=sam(invited(accepted)), text=WORDS)
    assert contact.forget(by=MACHINE, request_ids=[accepted.request_id])["reach.Friend"] == 1


# --- on the page -------------------------------------------------------------------------------------------------


def opened(phone: Client, code: str, path: str) -> str:
    answer = phone.post("/receipt/", {"receipt": code})
    assert answer.status_code == 303
    assert answer["Location"] == path
    return unescape(phone.get(path).content.decode())


def test_by_forms_alone_a_friend_is_asked_in_writes_and_is_asked_out(
    alpha: World, phone: Client, at: Any
) -> None:
    accepted = knock(alpha, name=NAME)
    html = opened(phone, accepted.receipt, "/conversation/")
    sent = hidden(html) | {"act": "invite", "tag": TAG, "reads": "all"}
    assert [phone.post("/conversation/friend/", sent).status_code for _press in range(2)] == [303, 303]
    code = operations.code_of(Friend.objects.get())
    html = unescape(phone.get("/conversation/").content.decode())
    assert code.split("-")[0] in html
    theirs = at(alpha.alpha, enforce_csrf_checks=True, headers={"accept-language": "en"})
    shown = opened(theirs, code, "/friend/")
    assert SECRET in shown
    assert NAME not in shown
    assert accepted.case_number not in shown
    said = hidden(shown) | {"text": WORDS, "act": "message"}
    assert [theirs.post("/friend/", said).status_code for _press in range(2)] == [303, 303]
    assert ConversationMessage.objects.filter(sender="friend").count() == 1
    html = unescape(phone.get("/conversation/").content.decode())
    assert WORDS in html
    assert f"{TAG} takes part" in html
    assert "They last read it" in html
    assert phone.post("/conversation/friend/", hidden(html) | {"act": "end"}).status_code == 303
    gone = theirs.get("/friend/")
    assert gone.status_code == 410
    assert "You are no longer part of this conversation" in gone.content.decode()


def test_where_it_says_who_reads_the_friend_is_named(alpha: World, phone: Client) -> None:
    accepted = knock(alpha)

    def folds() -> list[str]:
        html = opened(phone, accepted.receipt, "/conversation/")
        told = ("To whom are you anonymous?", "Who has read this")
        return [html.split(one)[1].split("</details>")[0] for one in told]

    assert "Nobody has read it yet." in folds()[1]
    friend = invited(accepted, reads_all=True)
    assert all(f"A code for {TAG}" in fold for fold in folds())
    sam(friend)
    for fold in folds():
        assert f"{TAG} takes part" in fold
        assert "They can read all of it" in fold
        assert "Nobody has read it yet." not in fold
    operations.end_friend(by=visitor(accepted), request_id=accepted.request_id)
    assert not any(TAG in fold for fold in folds())


def test_a_friends_cookie_opens_no_page_of_the_students(alpha: World, phone: Client) -> None:
    opened(phone, operations.code_of(invited(knock(alpha))), "/friend/")
    for path in (
        "/conversation/",
        "/conversation/withdraw/",
        "/conversation/yours/",
        "/conversation/files/1/",
    ):
        assert phone.get(path).status_code in (302, 303, 404), path
    assert phone.post("/conversation/yours/", {"as": "json"})["Location"].endswith("?expired")


def test_wrong_ended_and_foreign_codes_get_one_answer(alpha: World, phone: Client) -> None:
    accepted = knock(alpha)
    ended = operations.code_of(invited(accepted))
    operations.end_friend(by=visitor(accepted), request_id=accepted.request_id)
    with inside(alpha.beta):
        foreign = operations.code_of(invited(knock(alpha)))
    answers = [phone.post("/receipt/", {"receipt": code}) for code in (ended, foreign, "0" * 26)]
    assert {answer.status_code for answer in answers} == {404}
    pages = {
        answer.content.decode().replace(code, "CODE")
        for answer, code in zip(answers, (ended, foreign, "0" * 26), strict=True)
    }
    assert len(pages) == 1


def test_words_of_a_friend_whose_visit_has_ended_wait_for_the_code(alpha: World, phone: Client) -> None:
    code = operations.code_of(invited(knock(alpha)))
    said = hidden(opened(phone, code, "/friend/")) | {"text": WORDS, "act": "message"}
    phone.cookies.clear()
    kept = phone.post("/friend/", said)
    assert kept.status_code == 409
    html = kept.content.decode()
    assert WORDS in html
    assert 'action="/friend/"' in html
    assert phone.post("/friend/", hidden(html) | {"text": WORDS, "receipt": code}).status_code == 303
    assert ConversationMessage.objects.filter(sender="friend").count() == 1


@pytest.mark.parametrize("visit_is_over", [False, True])
def test_a_friend_who_was_asked_out_reads_what_is_so_and_keeps_their_words(
    alpha: World, phone: Client, visit_is_over: bool
) -> None:
    accepted = knock(alpha)
    code = operations.code_of(invited(accepted))
    said = hidden(opened(phone, code, "/friend/")) | {"text": WORDS, "act": "message"}
    operations.end_friend(by=visitor(accepted), request_id=accepted.request_id)
    if visit_is_over:
        phone.cookies.clear()
    for sent in (said, said | {"receipt": code}):
        out = phone.post("/friend/", sent)
        html = out.content.decode()
        assert out.status_code == 410
        assert "You are no longer part of this conversation" in html
        assert WORDS in html
        assert "Type your code" not in html
        assert 'href="tel:' in html
    assert not ConversationMessage.objects.filter(sender="friend").exists()


def test_another_site_cannot_write_for_a_friend(alpha: World, phone: Client) -> None:
    said = hidden(opened(phone, operations.code_of(invited(knock(alpha))), "/friend/")) | {"text": WORDS}
    assert phone.post("/friend/", said, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert phone.post("/friend/", said | {"proof": "guessed"}).status_code == 409
    assert not ConversationMessage.objects.filter(sender="friend").exists()
