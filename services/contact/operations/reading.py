"""Reading a conversation: the row of the read log first, then the words."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import Reading, reading
from kernel.crypto.fields import Sealed
from kernel.errors import NotFound
from kernel.permissions import require
from services.attachments.queries import File, as_file, listed, numbered, something_goes_with
from services.contact import turning_points, wishes
from services.contact.as_seen import as_its_student_sees_it
from services.contact.handover_queries import (
    WHOLE,
    Spans,
    closed_spans,
    open_messages,
    sent_onward_alone,
)
from services.contact.holding import holder_of
from services.contact.models import TO_US, ContactAttempt, ContactRequest, ConversationMessage
from services.contact.queries import UNTOLD, case_of, may, visible_to
from services.promises.models import Promise
from services.promises.queries import first_contact, present, promises_of
from tenants.walls.queries import standing_opening

#: Why a conversation was opened, in the read log's words, by the right that opened it.
WHY = {
    "own": "own conversation",
    "friend": "a friend",
    "holder": "to answer",
    "free": "before taking",
    "grant": "let in by the one who has it",
    "own_draft": "own draft",
}
CLOSED = "after closing"
FOR_RECORD = "for the record"
NOTHING_WISHED = wishes.Wished()
#: What a conversation is read with, in the one question that finds its request.
WITH_IT = ("case_key", "school", "role", "taken_by", "wish__person", "wish__home_school")


@dataclass(frozen=True, slots=True)
class Line:
    """One opened message. `name` is the helper's, for pages that may show it, or what the student calls a friend;
    `is_on_its_way`: its student does not see it yet; `files` by name, to be fetched one by one (read_attachment);
    `is_apart`: the student keeps it from whoever has the conversation now.
    """

    sender: str
    text: str
    at: datetime
    seen_at: datetime | None
    name: str
    is_on_its_way: bool = False
    files: tuple[File, ...] = ()
    is_apart: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """One opened attachment."""

    file: File
    content: bytes

    def __repr__(self) -> str:
        return f"<Fetched {self.file.number}>"


@dataclass(frozen=True, slots=True)
class SettledRecord:
    """What was said of a record elsewhere: recorded in `detail` on a day, or (no day) not due because of it."""

    detail: str
    recorded_on: date | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Conversation:
    """An opened conversation: its words, promises (newest first) and attempts (oldest first); for helpers, what was
    said of a record elsewhere, the newest first. `closed_before`: how many messages from before a handover stay closed
    to this reader; `closed_apart`: how many that were written with an adult to whom the student said no. `wish`: what
    the student wished for when they knocked.
    """

    request: ContactRequest
    lines: tuple[Line, ...]
    channel_value: str
    name: str
    preferred_times: str
    promises: tuple[Promise, ...]
    attempts: tuple[ContactAttempt, ...]
    records: tuple["SettledRecord", ...] = ()
    closed_before: int = 0
    closed_apart: int = 0
    wish: wishes.Wished = NOTHING_WISHED

    @property
    def promise(self) -> Promise | None:
        """The promise that counts now."""
        return present(self.promises)

    @property
    def last_contact(self) -> ContactAttempt | None:
        """The last contact in a way the student chose; a try after the student was reached is none.

        Once asked again, what came before that counts only while nothing has come after it.
        """
        chosen = [one for one in self.attempts if one.as_chosen]
        counts = first_contact(self.promises)
        since = [one for one in chosen if counts is None or counts.can_be_answered_at(one.at)] or chosen
        reached = [one for one in since if one.outcome == ContactAttempt.Outcome.REACHED]
        return (reached or since)[-1] if since else None


@transaction.atomic
def read_conversation(*, by: Actor, request_id: UUID) -> Conversation:
    """Open the conversation for whoever the policy lets read it. Writes the read log with the why, then reads.

    Raises NotFound for whoever does not even see its row, NotAllowed for a colleague of the one who has it. What
    the other side wrote is marked as seen when the student or the one who has it reads, or somebody at the door
    while nobody has taken it; else it stays news for the one who has it, also while that one is away.
    """
    request = visible_to(by).select_related(*WITH_IT).filter(pk=request_id).first()
    if request is None:
        raise NotFound()
    require(by, "contact.read", request)
    right = right_of(by, request)
    if by.kind == "student":
        turning_points.tell_looked(request)
    return _opened_conversation(
        by, request, _logged(by, request, "conversation", why_read(by, request, right)), right
    )


@transaction.atomic
def read_attachment(*, by: Actor, request_id: UUID, number: int) -> Fetched:
    """One file of a conversation, for whoever may read the message it goes with. A row in the read log first.

    Raises NotFound for whoever does not even see the request, for a number that is not there, and for a file of a
    message that is closed to this reader (before a handover, or kept apart by the student) or that its student does
    not see yet; NotAllowed for a colleague of the one who has it.
    """
    request = visible_to(by).select_related("case_key").filter(pk=request_id).first()
    if request is None:
        raise NotFound()
    require(by, "contact.read", request)
    right = right_of(by, request)
    row = numbered(request.case_key, number)
    if row is None or not _reads_message(by, request, right, row.subject_id):
        raise NotFound()
    proof = _logged(by, request, "attachment", why_read(by, request, right))
    return Fetched(as_file(row, proof), row.content.open(proof))


def _reads_message(by: Actor, request: ContactRequest, right: str, message_id: UUID) -> bool:
    message = open_messages(right, request).filter(pk=message_id).first()
    if message is None:
        return False
    return by.kind != "student" or not (message.visible_at and message.visible_at > clock.now())


@transaction.atomic
def take_out(*, by: Actor, request_id: UUID) -> Conversation:
    """Take a whole conversation out for an authority, a court or the student, under an opening by two persons.

    The read log has it as an extraction. Raises NotFound, NotAllowed. Marks nothing as seen.
    """
    request = visible_to(by).select_related(*WITH_IT).filter(pk=request_id).first()
    if request is None:
        raise NotFound()
    require(by, "contact.take_out", request)
    proof = _logged(by, request, "extraction", why_read(by, request, "two_persons"))
    return _opened_conversation(by, request, proof, "two_persons")


def copy_conversation(by: Actor, request_id: UUID) -> Conversation:
    """The conversation for the record elsewhere, in the caller's transaction. Marks nothing as seen."""
    request = visible_to(by).select_related(*WITH_IT).filter(pk=request_id).first()
    if request is None:
        raise NotFound()
    require(by, "contact.copy_for_record", request)
    return _opened_conversation(by, request, _logged(by, request, "conversation", FOR_RECORD), "record")


def log_read(by: Actor, request: ContactRequest, what: str, right: str) -> Reading:
    """Write the read log's row for something else that is sealed with the request's key, then allow it.

    `right` is the policy's why: the caller has asked the walls.
    """
    return _logged(
        by, request, what, why_read(by, request, "two_persons" if right == "extraction" else right)
    )


def right_of(by: Actor, request: ContactRequest) -> str:
    """By which right `by` reads the request; "" when by none."""
    holder = holder_of(request)
    decision = may(by, case_of(request, holder.pk if holder else None), "conversation", "detail")
    return decision.why if decision else ""


def why_read(by: Actor, request: ContactRequest, right: str) -> str:
    """In the read log's words. Read under an opening that the student is not shown, it is another word."""
    if right == "two_persons":
        opening = standing_opening(by, request.case_key_id)
        told = opening is not None and opening.is_told
        return f"by two persons: {opening.basis}" if opening and told else UNTOLD
    return CLOSED if right == "holder" and not request.is_open else WHY[right]


def _logged(by: Actor, request: ContactRequest, what: str, why: str) -> Reading:
    return reading(
        by=by, case_key_id=request.case_key_id, what=what, why=why, role_id=role_of_reader(by, request)
    )


def role_of_reader(by: Actor, request: ContactRequest) -> UUID | None:
    """In which role an adult reads: the door's own, or one of theirs, at the same school if they have one."""
    if by.kind != "person":
        return None
    if by.holds(request.role_id, request.school_id):
        return request.role_id
    theirs = sorted(by.posts, key=lambda post: (post[1] != request.school_id, post))
    return theirs[0][0] if theirs else None


def _opened_conversation(by: Actor, request: ContactRequest, proof: Reading, right: str) -> Conversation:
    rows = open_messages(right, request).select_related("account").order_by("number")
    written = rows.annotate(has_files=something_goes_with("pk"))
    messages: list[ConversationMessage] = list(written)
    with_files = [message.pk for message in written if message.has_files]
    apart, before = _closed(right, request, messages)
    for message in messages:
        message.request = request  # the sealed text asks it for its key: no question of its own for each
    promises, attempts = promises_of(request.pk), list(_attempts(request))
    if by.kind == "student":
        messages, attempts = as_its_student_sees_it(request, messages, promises, attempts)
    files = (
        listed(request.case_key, proof, with_files) if with_files else {}
    )  # most have none: nothing is asked
    conversation = Conversation(
        request=request,
        lines=tuple(_line(message, proof, files.get(message.pk, ())) for message in messages),
        channel_value=_opened(request.channel_value, proof),
        name=_opened(request.name, proof),
        preferred_times=_opened(request.preferred_times, proof),
        promises=tuple(promises),
        attempts=tuple(attempts),
        records=_records(by, request, proof, right) if right != "own" else (),
        closed_before=before,
        closed_apart=apart,
        wish=_wish(request, proof, right),
    )
    if right in ("own", "holder") or (right == "free" and request.taken_by_id is None):
        _mark_seen(by, messages)
    return conversation


def _wish(request: ContactRequest, proof: Reading, right: str) -> wishes.Wished:
    """As it was wished; what it is about is closed with the words of that time, after a handover that shared less. Sent
    on to the next door with what comes onward alone: who it was for and what to say instead are closed with it.
    """
    wish = wishes.opened(request, proof)
    if right in WHOLE or wish == NOTHING_WISHED:
        return wish
    if sent_onward_alone(request.pk):
        return replace(wish, topic="", say_instead="", person="")
    if wish.topic and closed_spans(request.pk, with_next_doors=False).hold(request.opened_at):
        return replace(wish, topic="")
    return wish


def _attempts(request: ContactRequest) -> Iterable[ContactAttempt]:
    return request.attempts.select_related("by").order_by("at", "recorded_at")


def _closed(right: str, request: ContactRequest, messages: list[ConversationMessage]) -> tuple[int, int]:
    """How many messages this reader does not get: apart, and from before."""
    if right in WHOLE:
        return 0, 0
    known = ConversationMessage.objects.filter(request=request)
    counted = known.aggregate(apart=Count("pk", filter=Q(is_apart=True)), everything=Count("pk"))
    return counted["apart"], counted["everything"] - counted["apart"] - len(messages)


def _records(by: Actor, request: ContactRequest, proof: Reading, right: str) -> tuple[SettledRecord, ...]:
    """What was said of records, the newest first: one's own, and others' as far as the words beside it are open."""
    rows = request.records_due.exclude(settled="").select_related("settled_by").order_by("-since")
    closed = Spans() if right in WHOLE else closed_spans(request.pk)
    found = []
    for row in rows:
        at = row.settled_at or row.since
        if closed.hold(at) and row.settled_by_id != by.id:
            continue
        row.request = request
        name = row.settled_by.get_short_name() if row.settled_by else ""
        found.append(SettledRecord(_opened(row.detail, proof), row.recorded_on, name, at))
    return tuple(found)


def _opened(sealed: Sealed | None, proof: Reading) -> str:
    return sealed.open(proof) if sealed else ""


def _line(message: ConversationMessage, proof: Reading, files: tuple[File, ...]) -> Line:
    return Line(
        sender=message.sender,
        text=_opened(message.text, proof),
        at=message.at,
        seen_at=message.seen_at,
        name=message.account.get_short_name() if message.account else _opened(message.tag, proof),
        is_on_its_way=message.visible_at is not None and message.visible_at > clock.now(),
        files=files,
        is_apart=message.is_apart,
    )


def _mark_seen(by: Actor, messages: list[ConversationMessage]) -> None:
    """The other side's messages were opened now; a student's opening is known to the minute only."""
    mine = TO_US if by.kind == "student" else (ConversationMessage.Sender.HELPER,)
    at = clock.this_minute() if by.kind == "student" else clock.now()
    unseen = [message.pk for message in messages if message.sender not in mine and message.seen_at is None]
    if unseen:
        ConversationMessage.objects.filter(pk__in=unseen, seen_at__isnull=True).update(seen_at=at)
