"""What of a conversation, and of the floors below, goes with the case, and what its student is given of it.

Of the floors below, because they know no case: the promises about it, the messages that name it, who was let in.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db.models import Max
from django.utils.functional import Promise as LazyText
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.audit.operations import Reading
from kernel.crypto.fields import Sealed
from services.attachments.models import Attachment
from services.contact import codes
from services.contact.as_seen import as_its_student_sees_it, on_their_way
from services.contact.following import Follower, Hold, Item, Section, because, counts_from, register
from services.contact.handover_queries import is_unread
from services.contact.machine import LIVE
from services.contact.models import ContactAttempt, ContactRequest, ConversationMessage, Handover, RecordDue
from services.contact.queries import openings_of
from services.contact.reads import reads_by_day
from services.promises.models import STANDING, Promise
from tenants.setup.models import HelperRole, School
from tenants.setup.portal import text_in
from tenants.walls.models import ASKED_FOR, Grant, Opening

_SAME = "the same as of the conversation, where it is given"
_LINK = "ties rows together and says nothing"
_TO_A_COLLEAGUE = (
    "one adult's words to another; an internal document in all our countries (services.retention.data)"
)


def _sealed(value: Sealed | None, reading: Reading) -> str:
    return value.open(reading) if value else ""


def _role(role_id: UUID | None) -> str:
    role = HelperRole.objects.filter(pk=role_id).first() if role_id else None
    return text_in(role.names, get_language() or "") if role else ""


# --- the request, its messages, its attempts -----------------------------------------------------------------


def _conversation(request: ContactRequest, reading: Reading) -> Iterable[Section]:
    messages, attempts, _given = _as_seen(request)
    yield Section("request", _("What you asked for"), (_request(request, reading),))
    yield Section(
        "messages", _("What was written"), tuple(_message(one, request, reading) for one in messages)
    )
    yield Section("contacts", _("When an adult tried to reach you"), tuple(map(_attempt, attempts)))


def _as_seen(
    request: ContactRequest,
) -> tuple[list[ConversationMessage], list[ContactAttempt], list[Promise]]:
    """Without what can still be taken back."""
    written = list(ConversationMessage.objects.filter(request=request).order_by("number"))
    given = list(Promise.objects.filter(subject_id=request.pk).order_by("opened_at", "due_at"))
    tried = list(ContactAttempt.objects.filter(request=request).order_by("at", "recorded_at"))
    messages, attempts = as_its_student_sees_it(request, written, given, tried)
    return messages, attempts, given


def _request(request: ContactRequest, reading: Reading) -> tuple[Item, ...]:
    at, school = "contact.ContactRequest", School.objects.get(pk=request.school_id)
    return (
        Item(f"{at}.case_number", _("Number"), request.case_number),
        Item(f"{at}.opened_at", _("You knocked"), request.opened_at),
        Item(f"{at}.school", _("School"), school.name),
        Item(f"{at}.role", _("Who has it now"), _role(request.role_id)),
        Item(f"{at}.channel_kind", _("How you wanted to be reached"), request.channel_kind),
        Item(f"{at}.channel_value", _("Where to reach you"), _sealed(request.channel_value, reading)),
        Item(f"{at}.discreet", _("Do we keep quiet about who is calling?"), request.discreet),
        Item(f"{at}.name", _("Your name"), _sealed(request.name, reading)),
        Item(f"{at}.preferred_times", _("When it suits you"), _sealed(request.preferred_times, reading)),
        Item(f"{at}.language", _("Language"), request.language),
        Item(f"{at}.state", _("Where it stands"), request.state),
        Item(f"{at}.taken_at", _("An adult took it on"), request.taken_at),
        Item(f"{at}.closed_at", _("It was closed"), request.closed_at),
        Item(f"{at}.closed_before", _("It was closed before you asked again"), request.closed_before),
        Item(f"{at}.outcome", _("How it ended"), request.outcome),
    )


def _message(message: ConversationMessage, request: ContactRequest, reading: Reading) -> tuple[Item, ...]:
    at, message.request = "contact.ConversationMessage", request
    return (
        Item(f"{at}.at", _("When"), message.at),
        Item(f"{at}.sender", pgettext_lazy("a message", "From"), message.sender),
        Item(f"{at}.tag", _("What you call your friend"), _sealed(message.tag, reading)),
        Item(f"{at}.text", _("Words"), _sealed(message.text, reading)),
        Item(f"{at}.seen_at", _("First opened"), message.seen_at),
        Item(f"{at}.is_apart", _("Is it closed to the adult after your no?"), message.is_apart),
    )


def _attempt(attempt: ContactAttempt) -> tuple[Item, ...]:
    at = "contact.ContactAttempt"
    return (
        Item(f"{at}.at", _("When"), attempt.at),
        Item(f"{at}.kind", _("How"), attempt.kind),
        Item(f"{at}.outcome", _("What came of it"), attempt.outcome),
        Item(f"{at}.as_chosen", _("Was it in the way you chose?"), attempt.as_chosen),
        Item(f"{at}.recorded_at", _("Written down"), attempt.recorded_at),
    )


def _unread(request: ContactRequest) -> Hold | None:
    if not is_unread(request):
        return None
    return Hold("unread", _("The student has written, and nobody has read it."))


CONVERSATION = Follower(
    name="conversation",
    order=10,
    models=("contact.ContactRequest", "contact.ConversationMessage", "contact.ContactAttempt"),
    gives=frozenset(
        {f"contact.ContactRequest.{name}" for name in (
            "case_number", "opened_at", "school", "role", "channel_kind", "channel_value", "discreet", "name",
            "preferred_times", "language", "state", "taken_at", "closed_at", "outcome", "closed_before",
        )}
        | {f"contact.ConversationMessage.{name}" for name in ("at", "sender", "tag", "text", "seen_at", "is_apart")}
        | {f"contact.ContactAttempt.{name}" for name in ("at", "kind", "outcome", "as_chosen", "recorded_at")}
    ),
    excused=because(
        _LINK, "contact.ContactRequest.case_key", "contact.ConversationMessage.request",
        "contact.ContactAttempt.request",
    )
    | because("the end of 48 hours in which a re-send is known", "contact.ContactRequest.idempotency_until")
    | because("counts the messages, which are given", "contact.ContactRequest.numbered")
    | because("how a closing is undone within a minute", "contact.ContactRequest.closed_from")
    | because("on which list it stood until somebody read it", "contact.ContactRequest.held"),
    words=codes.CONVERSATION,
    export=_conversation,
    holds=_unread,
)  # fmt: skip


# --- pictures and files ------------------------------------------------------------------------------------------


def _attachments(request: ContactRequest, reading: Reading) -> Iterable[Section]:
    messages, _attempts, _given = _as_seen(request)
    written = {message.pk: message.number for message in messages}
    at, rows = "attachments.Attachment", Attachment.objects.filter(case_key_id=request.case_key_id)
    files = [row for row in rows.defer("content").order_by("number") if row.subject_id in written]
    for row in files:
        row.case_key = request.case_key
    if files:
        yield Section(
            "attachments",
            _("Pictures and files"),
            tuple(
                (
                    Item(f"{at}.name", _("Name"), row.name.open(reading)),
                    Item(f"{at}.kind", _("Kind"), row.kind),
                    Item(f"{at}.size", _("Size in bytes"), row.size),
                    Item(f"{at}.content", _("The file itself"), partial(_file, row, reading)),
                )
                for row in files
            ),
        )


def _file(row: Attachment, reading: Reading) -> bytes:
    content: bytes = row.content.open(reading)
    return content


ATTACHMENTS = Follower(
    name="attachments",
    order=11,
    models=("attachments.Attachment",),
    gives=frozenset(f"attachments.Attachment.{name}" for name in ("name", "kind", "size", "content")),
    excused=because(_LINK, "attachments.Attachment.case_key", "attachments.Attachment.subject_id"),
    words=codes.ATTACHMENTS,
    export=_attachments,
)


# --- what the law wants written elsewhere ----------------------------------------------------------------------


def _still_due(request: ContactRequest) -> Hold | None:
    due = request.records_due.filter(settled="")
    return Hold("record-due", _("It is still to be recorded elsewhere.")) if due.exists() else None


def _recorded_at(request: ContactRequest) -> datetime | None:
    at: datetime | None = request.records_due.aggregate(at=Max("settled_at"))["at"]
    return at


def retention_starts_at(request: ContactRequest) -> datetime | None:
    """From when the time it is kept runs: closed, and what the law wants elsewhere is recorded or said not to be due.
    None while it is open, or while a record is still due.
    """
    return None if _still_due(request) else counts_from(request)


def _records(request: ContactRequest, reading: Reading) -> Iterable[Section]:
    """That something was written elsewhere, where and when, so that it can be asked for there."""
    rows = list(request.records_due.order_by("since", "pk"))
    if rows:
        yield Section(
            "records",
            _("What is written down elsewhere"),
            tuple(_record(one, request, reading) for one in rows),
        )


def _record(due: RecordDue, request: ContactRequest, reading: Reading) -> tuple[Item, ...]:
    at, due.request = "contact.RecordDue", request
    is_there = due.settled == RecordDue.Settled.RECORDED
    return (
        Item(f"{at}.system", _("In what"), due.system),
        Item(f"{at}.since", _("To be done since"), due.since),
        Item(f"{at}.settled", _("What came of it"), due.settled),
        Item(f"{at}.settled_at", _("Decided"), due.settled_at),
        Item(f"{at}.recorded_on", _("Written down"), due.recorded_on),
        # Why nothing was due is one adult's words; where it stands is what the student needs to ask for it.
        Item(f"{at}.detail", _("Where"), _sealed(due.detail, reading) if is_there else ""),
    )


RECORDS = Follower(
    name="records",
    order=25,
    models=("contact.RecordDue",),
    gives=frozenset(
        f"contact.RecordDue.{name}"
        for name in ("system", "since", "settled", "settled_at", "recorded_on", "detail")
    ),
    excused=because(_LINK, "contact.RecordDue.request"),
    words=codes.RECORDS,
    export=_records,
    holds=_still_due,
    since=_recorded_at,
)  # fmt: skip


# --- promises ------------------------------------------------------------------------------------------------


def _promises(request: ContactRequest, _reading: Reading) -> Iterable[Section]:
    _messages, _attempts, given = _as_seen(request)
    offers = Handover.objects.filter(request=request).values("pk")
    given += Promise.objects.filter(subject_id__in=offers)
    yield promises_section("promises", _("What we promised you"), given)


def promises_section(key: str, title: str | LazyText, given: Iterable[Promise]) -> Section:
    """Promises as their student takes them home, in the order in which they were given; also for rooms above."""
    ordered = sorted(given, key=lambda one: (one.opened_at, one.due_at))
    return Section(key, title, tuple(map(_promise, ordered)))


def _promise(promise: Promise) -> tuple[Item, ...]:
    at = "promises.Promise"
    return (
        Item(f"{at}.kind", _("What we promised"), promise.kind),
        Item(f"{at}.opened_at", _("Promised"), promise.opened_at),
        Item(f"{at}.due_at", pgettext_lazy("a promise", "By"), promise.due_at),
        Item(f"{at}.answered_at", _("Answered"), promise.answered_at),
        Item(f"{at}.outcome", _("What came of it"), promise.outcome),
        Item(f"{at}.kept_at", _("The promise was kept"), promise.kept_at),
        Item(f"{at}.broken_at", _("The promise was broken"), promise.broken_at),
        Item(f"{at}.corrected_at", _("Found to be kept after all"), promise.corrected_at),
        Item(f"{at}.ended_at", _("Nobody waited any more"), promise.ended_at),
    )


def _promise_runs(request: ContactRequest) -> Hold | None:
    runs = Promise.objects.filter(STANDING, subject_id=request.pk).exists()
    return Hold("promise", _("A promise to the student is running.")) if runs else None


PROMISES = Follower(
    name="promises",
    order=20,
    models=("promises.Promise", "promises.PromisePause"),
    gives=frozenset(
        {f"promises.Promise.{name}" for name in (
            "kind", "opened_at", "due_at", "answered_at", "outcome", "kept_at", "broken_at", "corrected_at",
            "ended_at",
        )}
    ),
    excused=because(_LINK, "promises.Promise.subject_id", "promises.PromisePause.promise")
    | because(_SAME, "promises.Promise.school", "promises.Promise.role"),
    words=codes.PROMISES,
    export=_promises,
    holds=_promise_runs,
)  # fmt: skip


# --- who was let in, who has read ------------------------------------------------------------------------------


def _let_in(request: ContactRequest, _reading: Reading) -> Iterable[Section]:
    at, grants = "walls.Grant", Grant.objects.filter(case_key_id=request.case_key_id).order_by("given_at")
    yield Section(
        "grants",
        _("Whom the one who helps you let in"),
        tuple(
            (
                Item(f"{at}.given_at", _("From"), one.given_at),
                Item(f"{at}.ends_at", _("Until"), one.ends_at),
                Item(f"{at}.withdrawn_at", _("Taken back"), one.withdrawn_at),
                Item(f"{at}.basis", _("Why"), one.basis),
            )
            for one in grants.defer("reason")
        ),
    )
    at = "walls.Opening"
    yield Section(
        "openings",
        _("When two adults opened it for somebody"),
        tuple(
            (
                Item(f"{at}.asked_at", _("Asked for"), one.asked_at),
                Item(f"{at}.confirmed_at", _("From"), one.confirmed_at),
                Item(f"{at}.ends_at", _("Until"), one.ends_at),
                Item(f"{at}.ended_at", _("Ended before"), one.ended_at),
                Item(f"{at}.basis", _("Why"), one.basis),
                Item(f"{at}.scope", _("What they could read"), one.scope),
            )
            for one in openings_of(request)
        ),
    )


def _is_being_opened(request: ContactRequest) -> Hold | None:
    now = clock.now()
    running = Opening.objects.filter(
        case_key_id=request.case_key_id, ended_at__isnull=True, asked_at__gt=now - 2 * ASKED_FOR
    ).defer("reason", "untold_reason")
    if any(one.stands_at(now) or one.waits_at(now) for one in running):
        return Hold("opening", _("Two persons are opening it, or have opened it, for somebody."))
    return None


WALLS = Follower(
    name="walls",
    order=40,
    models=("walls.Grant", "walls.Opening"),
    gives=frozenset(
        {f"walls.Grant.{name}" for name in ("basis", "given_at", "ends_at", "withdrawn_at")}
        | {f"walls.Opening.{name}" for name in (
            "basis", "scope", "asked_at", "confirmed_at", "ends_at", "ended_at",
        )}
    ),
    excused=because(_LINK, "walls.Grant.case_key", "walls.Opening.case_key")
    | because(_SAME, "walls.Opening.case_number", "walls.Opening.role", "walls.Opening.school")
    | because(_TO_A_COLLEAGUE, "walls.Grant.reason", "walls.Opening.reason")
    | because("what the law keeps from the student", "walls.Opening.is_told", "walls.Opening.untold_reason"),
    words=codes.WALLS,
    export=_let_in,
    holds=_is_being_opened,
)  # fmt: skip


# --- handed over -----------------------------------------------------------------------------------------------


def _handovers(request: ContactRequest, reading: Reading) -> Iterable[Section]:
    rows = list(Handover.objects.filter(request=request).order_by("number").defer("reason"))
    waiting = on_their_way(ConversationMessage.objects.filter(request=request))
    waiting |= on_their_way(ContactAttempt.objects.filter(request=request))
    for one in rows:
        if one.contacted_at in waiting:
            one.state, one.contacted_at = "accepted", None
    yield Section(
        "handovers", _("Whom you were introduced to"), tuple(_handover(one, request, reading) for one in rows)
    )


def _handover(handover: Handover, request: ContactRequest, reading: Reading) -> tuple[Item, ...]:
    at, handover.request = "contact.Handover", request
    return (
        Item(f"{at}.offered_at", _("When"), handover.offered_at),
        Item(f"{at}.from_role", _("Who introduced you"), _role(handover.from_role_id)),
        Item(f"{at}.to_role", _("Whom you were introduced to"), _role(handover.to_role_id)),
        Item(f"{at}.to_school", _("School"), School.objects.get(pk=handover.to_school_id).name),
        Item(f"{at}.state", _("Where it stands"), handover.state),
        Item(f"{at}.accepted_at", _("An adult took it on"), handover.accepted_at),
        Item(f"{at}.contacted_at", _("They reached you"), handover.contacted_at),
        Item(f"{at}.ended_at", _("It ended"), handover.ended_at),
        Item(f"{at}.agreement", _("How you agreed"), handover.agreement),
        Item(f"{at}.shares", _("What they could read"), handover.shares),
        Item(f"{at}.returned", _("What could be read of the talk, after your no"), handover.returned),
        Item(f"{at}.summary", _("The summary written for them"), _sealed(handover.summary, reading)),
        Item(f"{at}.walk_along", _("Was the first talk to be together?"), handover.walk_along),
    )


def _is_being_handed_over(request: ContactRequest) -> Hold | None:
    live = Handover.objects.filter(request=request, state__in=LIVE).exists()
    return Hold("handover", _("It is being handed over to somebody.")) if live else None


_GIVEN = (
    "offered_at", "from_role", "to_role", "to_school", "state", "accepted_at", "contacted_at", "ended_at", "agreement",
    "shares", "returned", "summary", "walk_along",
)  # fmt: skip
HANDOVERS = Follower(
    name="handovers",
    order=30,
    models=("contact.Handover", "contact.HandoverDecline", "contact.Recusal"),
    gives=frozenset(f"contact.Handover.{name}" for name in _GIVEN),
    excused=because(
        _LINK, "contact.Handover.request", "contact.Handover.promise", "contact.HandoverDecline.handover",
    )
    | because(_SAME, "contact.Handover.from_school")
    | because(_TO_A_COLLEAGUE, "contact.Handover.reason", "contact.HandoverDecline.why")
    | because("by which rule of the law it was allowed; how the student agreed is given", "contact.Handover.allowed_by")
    | because("that an adult stepped aside says nothing of the student", "contact.Recusal.request"),
    words=codes.HANDOVERS,
    export=_handovers,
    holds=_is_being_handed_over,
)  # fmt: skip


def _reads(request: ContactRequest, _reading: Reading) -> Iterable[Section]:
    at = "audit.ReadEntry"
    yield Section(
        "reads",
        _("Who read it"),
        tuple(
            (
                Item(f"{at}.at", _("When"), one.at),
                Item(f"{at}.role_id", _("Who"), _role(one.role_id)),
                Item(f"{at}.why", _("Why"), one.why),
                Item(f"{at}.what", _("How many times that day"), one.times),
            )
            for one in reads_by_day(request)
        ),
    )


LOG = Follower(
    name="log",
    order=50,
    keeps={
        "audit.ReadEntry": "the log of reads is kept whole: ids alone, and the key they name opens nothing any more",
        "crypto.CaseKey": "the row stays without its key, so that nothing ever gets its id",
    },
    gives=frozenset({"audit.ReadEntry.why"}),
    excused=because(_LINK, "audit.ReadEntry.case_key_id")
    | because(
        "writes are kept as ids and codes; what was done is shown where it was done", "audit.Entry.object_id"
    )
    | because("the minute the student knocked, which is given", "crypto.CaseKey.made_at")
    | because("once it is set nothing is left to give", "crypto.CaseKey.destroyed_at")
    | because("a message to staff that something waits; goes with the case", "outbox.Message.cause"),
    export=_reads,
)


def follow() -> None:
    """Called once, when the room is loaded."""
    for follower in (CONVERSATION, ATTACHMENTS, RECORDS, PROMISES, HANDOVERS, WALLS, LOG):
        register(follower)
