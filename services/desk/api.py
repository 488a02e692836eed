"""The desk as JSON: the same operations as the pages (docs/how/doors.md). Lists open nothing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kernel import clock
from kernel.actor import Actor
from kernel.api.fields import Choice, Day, Flag, Instant, Text, Words
from kernel.api.pagination import Pages
from kernel.api.serializers import Strict
from kernel.api.views import StaffView, idempotency_key
from kernel.errors import FieldError, Invalid, NotFound
from kernel.permissions import require
from services.attachments.intake import Taken, Upload, said_of
from services.contact import operations, rules
from services.contact.api import iso
from services.contact.api_files import fetched_fields, file_fields, files_field, named, uploads_in, whole
from services.contact.closing import waits_for
from services.contact.enclosing import once_with_files
from services.contact.models import Channel, ContactAttempt, ContactRequest, ConversationMessage
from services.contact.once import made_by
from services.contact.operations import Conversation, Settling
from services.contact.queries import Listed, record_due_of
from services.desk import queries
from services.desk.operations import search
from services.desk.operations.searching import LONGEST
from services.desk.words import LEFT_WAITING
from services.promises.queries import first_contact, next_reply, next_try
from tenants.walls.facts import duty

# --- what comes in -----------------------------------------------------------------------------------


class MessageBody(Strict):
    text = Words(limit=rules.MESSAGE_LIMIT, tidy=rules.tidy, too_long=rules.too_long)
    files = files_field()


class RecordBody(Strict):
    """Where it was recorded, or why no record is due: one of the two."""

    recorded_in = Text(required=False, max_length=300)
    recorded_on = Day(required=False)
    no_record_because = Text(required=False, max_length=300)


class SearchBody(Strict):
    """One or more words, or an exact case number."""

    search = Text(max_length=LONGEST)


class CloseBody(RecordBody):
    outcome = Choice(choices=[value for value in ContactRequest.Outcome.values if value])
    worry_stays_open = Flag(
        required=False,
        default=False,
        help_text="where a worry is open: it stays so, and its clock goes on",
    )
    unless_waiting = Flag(
        required=False,
        default=False,
        help_text="while the student waits for contact or a reply: refuse (409 `waiting`) instead of closing",
    )


def _settling(body: dict[str, Any]) -> Settling:
    return Settling(body.get("recorded_in", ""), body.get("recorded_on"), body.get("no_record_because", ""))


# --- what goes out ------------------------------------------------------------------------------------


def _item_fields() -> dict[str, Any]:
    return {
        "id": serializers.CharField(),
        "case_number": serializers.CharField(),
        "school": serializers.CharField(help_text="id"),
        "role": serializers.CharField(help_text="id"),
        "channel": serializers.ChoiceField(choices=Channel.choices),
        "state": serializers.ChoiceField(choices=ContactRequest.State.choices),
        "due_at": Instant(allow_null=True),
        "kept": serializers.BooleanField(allow_null=True),
        "next_try_due_at": Instant(allow_null=True),
        "reply_due_at": Instant(allow_null=True),
        "taken_by": serializers.CharField(allow_null=True, help_text="id of an account"),
        "language": serializers.CharField(),
        "named": serializers.BooleanField(help_text="whether the student gave a name"),
        "opened_at": Instant(),
        "closed_at": Instant(allow_null=True),
        "outcome": serializers.CharField(allow_null=True),
        "unseen": serializers.IntegerField(help_text="messages of the student that nobody has opened"),
        "may_be_in_danger": serializers.BooleanField(
            help_text="by what the student chose that it is about; false where you do not answer at its door"
        ),
    }


def _message_fields() -> dict[str, Any]:
    return {
        "from": serializers.ChoiceField(choices=["student", "helper", "system", "friend"]),
        "text": serializers.CharField(),
        "at": Instant(),
        "seen_at": Instant(allow_null=True),
    }


def attempt_fields() -> dict[str, Any]:
    return {
        "kind": serializers.ChoiceField(choices=Channel.choices),
        "outcome": serializers.ChoiceField(choices=ContactAttempt.Outcome.choices),
        "at": Instant(),
        "as_chosen": serializers.BooleanField(help_text="only the way the student chose stops the clock"),
    }


ITEM = inline_serializer("DeskRequest", _item_fields())
_LIST = inline_serializer(
    "DeskRequests",
    {
        "results": type(ITEM)(many=True),
        "next": serializers.URLField(allow_null=True),
    },
)
_FOUND = inline_serializer(
    "DeskFound",
    {
        "results": type(ITEM)(many=True),
        "searched": serializers.IntegerField(help_text="how many conversations were opened for it"),
        "is_all": serializers.BooleanField(
            help_text="false: you have taken more, and the newest were searched"
        ),
    },
)
_MESSAGE = inline_serializer("DeskMessage", _message_fields())
_ATTEMPT = inline_serializer("DeskContact", attempt_fields())
_OPENED = inline_serializer(
    "DeskConversation",
    {
        **_item_fields(),
        "channel_value": serializers.CharField(allow_null=True),
        "name": serializers.CharField(allow_null=True),
        "preferred_times": serializers.CharField(allow_null=True),
        "discreet": serializers.BooleanField(),
        "wish": inline_serializer(
            "DeskWish",
            {
                "person": serializers.CharField(allow_null=True),
                "topic": serializers.CharField(allow_null=True),
                "spoken_language": serializers.CharField(allow_null=True),
                "interpreter": serializers.BooleanField(),
                "say_instead": serializers.CharField(allow_null=True),
                "home_school": serializers.CharField(allow_null=True),
            },
        ),
        "messages": inline_serializer(
            "DeskMessageGiven",
            {**_message_fields(), "files": inline_serializer("DeskMessageFile", file_fields(), many=True)},
            many=True,
        ),
        "contacts": type(_ATTEMPT)(many=True),
    },
)
_RECORD = inline_serializer(
    "DeskRecord",
    {
        "system": serializers.CharField(help_text="the kind of system the law wants it in"),
        "law": serializers.CharField(),
        "settled": serializers.ChoiceField(choices=["recorded", "not_due"], allow_null=True),
        "recorded_on": serializers.DateField(allow_null=True),
    },
    allow_null=True,
)
_RECORDED = inline_serializer("DeskRequestRecorded", {**_item_fields(), "record": _RECORD})
_CLOSED = inline_serializer(
    "DeskRequestClosed",
    {
        **_item_fields(),
        "record": type(_RECORD)(allow_null=True),
        "warnings": inline_serializer(
            "DeskClosedWarning",
            {
                "code": serializers.ChoiceField(choices=list(LEFT_WAITING)),
                "detail": serializers.CharField(),
            },
            many=True,
            help_text="what the student still waited for",
        ),
    },
)
NOT_FOUND = OpenApiResponse(description="Unknown, or not at a door of yours: never told apart.")
NO_POST = OpenApiResponse(description="You hold no post today.")
NOT_YOURS = OpenApiResponse(
    description="You hold no post today; or a colleague has it, and has not let you in."
)
_NOT_CLOSED = OpenApiResponse(
    description="A colleague has it, it is closed, (`type` ends in `unread`) the student has written what nobody has "
    "opened: read it first, or (`worry`) a worry is open and `worry_stays_open` was not said, or (`waiting`) the "
    "student waits for a word and `unless_waiting` was said; `detail` says."
)
TAKEN = OpenApiResponse(description="A colleague has it, or it is closed; `detail` says who and when.")
_FROM_AFAR = OpenApiResponse(
    description="Written down. The request is at another door by now: the duty was yours, nothing else of it is."
)
_NONE_DUE = OpenApiResponse(description="Nothing is due to be recorded elsewhere.")
FIELDS = OpenApiResponse(description="Fields that cannot be accepted, each with its remedy.")
_STATE = OpenApiParameter(
    "state", str, enum=list(queries.SHELVES), default="waiting", description="which shelf"
)


class DeskView(StaffView):
    """Holders of a post only, for reading too."""

    scope = "desk"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        require(self.actor, "desk.open")

    def record(self, request_id: UUID) -> dict[str, Any] | None:
        due = record_due_of(self.actor, request_id)
        if due is None:
            return None
        found = duty(due.role or due.request.role, due.school or due.request.school, due.employer).record
        return {
            "system": due.system,
            "law": f"{found.source.law} {found.source.section}" if found else "",
            "settled": due.settled or None,
            "recorded_on": due.recorded_on.isoformat() if due.recorded_on else None,
        }

    def item(self, request_id: UUID) -> dict[str, Any]:
        row = queries.one(self.actor, request_id)
        if row is None:
            raise NotFound()
        return _item(row, self.actor)


def _item(row: Listed, actor: Actor) -> dict[str, Any]:
    request = row.request
    promise, retry, reply = first_contact(row.promises), next_try(row.promises), next_reply(row.promises)
    return {
        "id": str(request.pk),
        "case_number": request.case_number,
        "school": str(request.school_id),
        "role": str(request.role_id),
        "channel": request.channel_kind,
        "state": request.state,
        "due_at": iso(promise.due_at if promise else None),
        "kept": promise.kept_yet(clock.now()) if promise else None,
        "next_try_due_at": iso(retry.due_at) if retry else None,
        "reply_due_at": iso(reply.due_at) if reply else None,
        "taken_by": str(request.taken_by_id) if request.taken_by_id else None,
        "language": request.language,
        "named": queries.is_named(request),
        "opened_at": iso(request.opened_at),
        "closed_at": iso(request.closed_at),
        "outcome": request.outcome or None,
        "unseen": row.unseen,
        "may_be_in_danger": row.is_grave and actor.holds(request.role_id, request.school_id),
    }


def _opened(opened: Conversation) -> dict[str, Any]:
    return {
        "channel_value": opened.channel_value or None,
        "name": opened.name or None,
        "preferred_times": opened.preferred_times or None,
        "discreet": opened.request.discreet,
        "wish": {
            "person": opened.wish.person or None,
            "topic": opened.wish.topic or None,
            "spoken_language": opened.wish.spoken or None,
            "interpreter": opened.wish.interpreter,
            "say_instead": opened.wish.say_instead or None,
            "home_school": opened.wish.home_school or None,
        },
        "messages": [
            {
                "from": line.sender,
                "text": line.text,
                "at": iso(line.at),
                "seen_at": iso(line.seen_at),
                "files": named(line.files),
            }
            for line in opened.lines
        ],
        "contacts": [attempt_said(attempt) for attempt in opened.attempts],
    }


def attempt_said(attempt: ContactAttempt) -> dict[str, Any]:
    return {
        "kind": attempt.kind,
        "outcome": attempt.outcome,
        "at": iso(attempt.at),
        "as_chosen": attempt.as_chosen,
    }


class Requests(DeskView):
    """A shelf, in the order of the promise."""

    asks = Pages.asks | {"state"}

    @extend_schema(
        operation_id="desk_requests_list",
        summary="A shelf of the desk, in the order of the promise",
        parameters=[_STATE, OpenApiParameter("limit", int), OpenApiParameter("offset", int)],
        responses={200: _LIST, 403: NO_POST, 422: FIELDS},
    )
    def get(self, request: Request) -> Response:
        state = request.query_params.get("state", "waiting")
        if state not in queries.SHELVES:
            raise Invalid([FieldError("state", ", ".join(queries.SHELVES))])
        pages = Pages()
        shelf = queries.shelf(self.actor, state)
        found: Sequence[ContactRequest] = pages.paginate_queryset(shelf, request, view=self) or []
        return pages.get_paginated_response([_item(row, self.actor) for row in queries.rows(list(found))])


class Search(DeskView):
    """Words travel in the body: an address is written down on its way, and what a student said is nowhere in one."""

    @extend_schema(
        operation_id="desk_search",
        summary="Search the conversations you have taken, each logged and shown to its student; or a case number",
        request=SearchBody,
        responses={200: _FOUND, 403: NO_POST, 422: FIELDS},
    )
    def post(self, request: Request) -> Response:
        found = search(by=self.actor, words=self.read_body(SearchBody, request)["search"])
        rows = queries.found(self.actor, found.ids)
        return Response(
            {
                "results": [_item(row, self.actor) for row in rows],
                "searched": found.looked_at,
                "is_all": found.is_all,
            }
        )


class OneRequest(DeskView):
    """One request, opened: the read log has it before the answer leaves."""

    @extend_schema(
        summary="One request, opened; the read is logged, and the student sees that there was one",
        responses={200: _OPENED, 403: NOT_YOURS, 404: NOT_FOUND},
    )
    def get(self, request: Request, request_id: UUID) -> Response:
        item = self.item(request_id)
        opened = operations.read_conversation(by=self.actor, request_id=request_id)
        return Response({**item, **_opened(opened), "unseen": 0})


class Take(DeskView):
    """A lock with a name."""

    @extend_schema(
        summary="Take a request; again by me is fine",
        request=None,
        responses={200: ITEM, 403: NO_POST, 404: NOT_FOUND, 409: TAKEN},
    )
    def post(self, request: Request, request_id: UUID) -> Response:
        self.read_nothing(request)
        operations.take(by=self.actor, request_id=request_id)
        return Response(self.item(request_id))


class Messages(DeskView):
    """Writing to the student.

    With an `Idempotency-Key` (here it is optional) the same text and files sent again are sent to the student once;
    something else with the same key is refused.
    """

    @extend_schema(
        summary="Write to the student; keeps the promise when the student chose a conversation",
        parameters=[OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER)],
        request=MessageBody,
        responses={201: _MESSAGE, 403: NO_POST, 404: NOT_FOUND, 409: TAKEN, 422: FIELDS},
    )
    def post(self, request: Request, request_id: UUID) -> Response:
        body = self.read_body(MessageBody, request)
        key = idempotency_key(request) if "Idempotency-Key" in request.headers else ""
        message = self._sent(request_id, body["text"], uploads_in(body), key)
        said = {"from": "helper", "text": rules.tidy(body["text"]), "at": iso(message.at), "seen_at": None}
        return Response(said, status=201)

    def _sent(self, request_id: UUID, text: str, uploads: Sequence[Upload], key: str) -> ConversationMessage:
        """The message, sent now or under this key before."""
        by, sent = self.actor, list[ConversationMessage]()

        def write(files: Sequence[Taken]) -> object:
            sent.append(operations.reply(by=by, request_id=request_id, text=text, files=files))
            return sent[0].pk

        said: Any = {"mark": key, "verb": "reply_by_program", "by": by, "request_id": request_id}
        if once_with_files(write, uploads=uploads, said=(text,), of_program=True, **said):
            return sent[0]
        made = made_by(said=(text, *(said_of(one) for one in uploads)), **said)
        before = ConversationMessage.objects.filter(pk=made).first() if made else None
        if before is None:
            raise NotFound()
        return before


class OneFile(DeskView):
    """A file of a message that one may read."""

    @extend_schema(
        summary="Fetch a file of a conversation; the read is logged, and the student sees that there was one",
        responses={
            200: inline_serializer("DeskFileGiven", fetched_fields()),
            403: NOT_YOURS,
            404: NOT_FOUND,
        },
    )
    def get(self, request: Request, request_id: UUID, number: int) -> Response:
        return Response(
            whole(operations.read_attachment(by=self.actor, request_id=request_id, number=number))
        )


class Close(DeskView):
    """How it ended, and where it was recorded if the law wants that. "helped" and "referred" once somebody has reached
    the student since they were last promised a word: a message, a contact written down, a meeting held. Before that
    they are refused (422 naming `outcome`). Closing ends the wait for a reply, and the student is not told why:
    `warnings` names what they still waited for, and `unless_waiting` refuses to close then.
    """

    @extend_schema(
        summary="Close with an outcome; `record` says what the law wants written elsewhere, null for nothing",
        request=CloseBody,
        responses={200: _CLOSED, 403: NO_POST, 404: NOT_FOUND, 409: _NOT_CLOSED, 422: FIELDS},
    )
    def post(self, request: Request, request_id: UUID) -> Response:
        body, waits = self.read_body(CloseBody, request), waits_for(request_id)
        with _renamed():
            operations.close(
                by=self.actor,
                request_id=request_id,
                outcome=body["outcome"],
                said=_settling(body),
                although=("worry",) if body["worry_stays_open"] else (),
                unless_waiting=body["unless_waiting"],
            )
        said = [{"code": code, "detail": str(LEFT_WAITING[code])} for code in waits]
        return Response({**self.item(request_id), "record": self.record(request_id), "warnings": said})


class Record(DeskView):
    """What is to be written elsewhere, once it is closed."""

    @extend_schema(
        summary="Say where it was recorded, or why no record is due; retention starts then",
        request=RecordBody,
        responses={
            200: _RECORDED,
            204: _FROM_AFAR,
            403: NOT_YOURS,
            404: NOT_FOUND,
            409: _NONE_DUE,
            422: FIELDS,
        },
    )
    def post(self, request: Request, request_id: UUID) -> Response:
        said = _settling(self.read_body(RecordBody, request))
        is_owed = record_due_of(self.actor, request_id) is not None
        if not is_owed:
            self.item(request_id)
        with _renamed():
            operations.settle_record(by=self.actor, request_id=request_id, said=said)
        if queries.one(self.actor, request_id) is None:
            return Response(status=204)
        return Response({**self.item(request_id), "record": self.record(request_id)})


@contextmanager
def _renamed() -> Iterator[None]:
    """The operation's fields under the API's names."""
    try:
        yield
    except Invalid as refused:
        names = {"because": "no_record_because"}
        raise Invalid(
            [FieldError(names.get(one.field, one.field), one.message) for one in refused.errors]
        ) from None
