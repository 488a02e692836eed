"""A friend in the conversation: asked in by its student with a code of their own, and out again by them alone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import Reading, reading, record
from kernel.crypto import receipts
from kernel.crypto.keys import keyed_hash
from kernel.errors import Conflict, Invalid, NotFound
from kernel.permissions import require
from services.contact import operations as contact
from services.contact.handover_queries import last_number
from services.contact.models import SUBJECT, ContactRequest, ConversationMessage
from services.contact.queries import case_of
from services.contact.rules import tidy, too_long
from services.reach.fetching import locked
from services.reach.models import Friend
from services.reach.queries import STANDS
from tenants.walls.facts import reader_of, thing_of
from tenants.walls.policy import decide

#: A name to call somebody by, and no more.
TAG_LIMIT = 40
WHY = "a friend"


@transaction.atomic
def invite_friend(*, by: Actor, request_id: UUID, tag: str, reads_all: bool) -> Friend:
    """Make a code for a friend, who may read (all of it, or what is written from now on) and write.

    Raises Invalid (tag), Conflict when one takes part already or the conversation is closed.
    """
    request = locked(by, request_id, "invite_friend")
    called = tidy(tag)
    if not called:
        raise Invalid(tag=_("Write what you call your friend here."))
    if len(called) > TAG_LIMIT:
        raise Invalid(tag=too_long(len(called), TAG_LIMIT))
    if Friend.objects.filter(request=request, ended_at__isnull=True).exists():
        raise Conflict(_("A friend takes part already. Ask that one out first."), code="friend")
    friend = Friend(
        request=request,
        reads_all=reads_all,
        numbered=last_number(request),
        invited_at=clock.this_minute(),
    )
    friend.tag = called
    friend.code_hash = receipts.stored(code_of(friend)) or b""
    friend.save(force_insert=True)
    record(by=by, verb="reach.invite_friend", kind=SUBJECT, object_id=request.pk, reads_all=reads_all)
    return friend


def code_of(friend: Friend) -> str:
    """The friend's code: derived under the municipality's receipt key, as a receipt is; stored nowhere."""
    return receipts.derive(f"friend\x00{friend.pk}")


@transaction.atomic
def tag_of(*, by: Actor, friend: Friend) -> str:
    """What the student calls their friend, for the student. A row in the read log first."""
    require(by, "reach.invite_friend", friend.request)
    proof = reading(by=by, case_key_id=friend.case_key_id, what="friend", why="own conversation")
    return str(friend.tag.open(proof))


@transaction.atomic
def end_friend(*, by: Actor, request_id: UUID) -> None:
    """The friend's code opens nothing from now on. What they wrote stays. Again: nothing happens."""
    request = locked(by, request_id, "end_friend", open_only=False)
    standing = Friend.objects.filter(request=request, ended_at__isnull=True)
    if standing.update(ended_at=clock.this_minute()):
        record(by=by, verb="reach.end_friend", kind=SUBJECT, object_id=request.pk)


@transaction.atomic
def enter_as_friend(code: str) -> Actor:
    """The friend whom this code lets in. Raises NotFound, the same and after the same work, for one that is wrong,
    ended, of a closed conversation or another municipality's.
    """
    wanted = receipts.stored(code) or keyed_hash("receipt-lookup", b"\x00" + code[:64].encode())
    friend = Friend.objects.filter(STANDS, code_hash=wanted).defer("tag").first()
    if friend is None:
        raise NotFound()
    by = actor_of(friend)
    if friend.joined_at is None:
        friend.joined_at = clock.this_minute()
        friend.save(update_fields=["joined_at"])
        record(by=by, verb="reach.enter_as_friend", kind=SUBJECT, object_id=friend.request_id)
    return by


def actor_of(friend: Friend) -> Actor:
    return Actor(kind="friend", id=friend.pk, case_id=friend.request_id)


@dataclass(frozen=True, slots=True)
class Said:
    """One message as a friend reads it: `by` is student, helper, system, friend (an earlier one: `name`) or me."""

    by: str
    name: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Shared:
    """What a friend sees: what is written, and their own tag. Nothing of who the student is or how to reach them."""

    request: ContactRequest
    tag: str
    lines: tuple[Said, ...]


@transaction.atomic
def read_as_friend(*, by: Actor) -> Shared:
    """The conversation for its friend. A row in the read log first, as the friend's. Raises NotFound when they are not
    (any more) asked in.
    """
    friend = _standing(by)
    request = friend.request
    thing = thing_of(case_of(request, None), by)
    if not decide(reader_of(by), thing, "detail"):
        raise NotFound()
    proof = _reading(by, request)
    after = 0 if friend.reads_all else friend.numbered
    rows = ConversationMessage.objects.filter(request=request, number__gt=after)
    rows = rows.exclude(visible_at__gt=clock.now()).order_by("number")
    lines = []
    for row in rows:
        row.request = request
        name = row.tag.open(proof) if row.tag else ""
        is_mine = row.sender == ConversationMessage.Sender.FRIEND and row.number > friend.numbered
        lines.append(Said("me" if is_mine else row.sender, name, row.text.open(proof), row.at))
    return Shared(request, friend.tag.open(proof), tuple(lines))


@transaction.atomic
def friend_writes(*, by: Actor, text: str) -> ConversationMessage:
    """The friend's words, beside the student's, and marked as theirs. Opens nothing again that is closed.

    Raises Invalid (text), NotFound when they are not (any more) asked in.
    """
    if by.case_id is None:
        raise NotFound()
    ContactRequest.objects.select_for_update().filter(pk=by.case_id).first()
    friend = _standing(by)
    proof = _reading(by, friend.request)
    return contact.friend_writes(by=by, request_id=friend.request_id, tag=friend.tag.open(proof), text=text)


def _standing(by: Actor) -> Friend:
    """The friend of this actor, if they are still asked in. Raises NotFound."""
    if by.kind != "friend" or by.id is None or by.case_id is None:
        raise NotFound()
    rows = Friend.objects.filter(STANDS, pk=by.id, request_id=by.case_id)
    friend = rows.select_related("request__case_key", "request__role").first()
    if friend is None:
        raise NotFound()
    require(by, "reach.take_part", friend)
    return friend


def _reading(by: Actor, request: ContactRequest) -> Reading:
    return reading(by=by, case_key_id=request.case_key_id, what="conversation", why=WHY)
