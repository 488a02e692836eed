"""The student's door as JSON: the same operations as the pages, nobody signed in (docs/how/doors.md)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kernel import clock
from kernel.actor import Actor, student
from kernel.api.fields import Choice, Flag, Id, Instant, Many, Text, Whole, Words
from kernel.api.serializers import Strict
from kernel.api.views import OpenView, idempotency_key
from kernel.errors import FieldError, Invalid, NotFound
from kernel.tenancy import require_current
from kernel.ui.crisis import numbers_for
from services.attachments.intake import Taken
from services.contact import operations, rules
from services.contact.api_files import fetched_fields, file_fields, files_field, named, uploads_in, whole
from services.contact.enclosing import once_with_files
from services.contact.introductions import introductions
from services.contact.models import Channel, ContactRequest, Handover
from services.contact.operations import Conversation
from services.contact.promise_text import promise_text
from services.contact.sending_on import roles_offered
from services.contact.standing import standing_of
from services.contact.topic_words import topic_text
from services.contact.whom import outside_doors, proposed
from services.promises.queries import first_contact, next_reply, next_try
from tenants.setup.portal import Portal, SchoolDoor
from tenants.setup.queries import portal

# --- what comes in -----------------------------------------------------------------------------------


_DISCREET = "By phone or text message: nobody but the student is told who is calling. True when not said."

_SEEN_CLOSED = (
    "The student was shown that it is closed: then words alone, a thanks, do not open it again. "
    "When not said, what is written into a closed conversation opens it again, with a new promise."
)
_WHICH = "`number` of the introduction that is meant; without it the one that stands."
_UNREAD = "Whether the old adult may read what the new one has not; to be said when there is some."
_SINCE = "Whether the old adult may also read all that was written with the new one."


def _words(limit: int) -> Words:
    return Words(limit=limit, tidy=rules.tidy, too_long=rules.too_long, required=False)


_PERSON = "`id` of one of the role's people: the request is for them first."
_NOT_THEM = "Ids of people who must never learn of it; where all of a role are among them, 422."
_HOME = "The student's own school, when `school` and `role` are one of its `outside`: nobody there sees it."


class ChannelBody(Strict):
    kind = Choice(choices=Channel.choices)
    value = _words(rules.VALUE_LIMIT)


class KnockBody(Strict):
    school = Id()
    role = Id(required=False)
    channel = ChannelBody()
    message = _words(rules.MESSAGE_LIMIT)
    name = _words(rules.NAME_LIMIT)
    preferred_times = _words(rules.TIMES_LIMIT)
    language = Text(required=False, max_length=10)
    discreet = Flag(required=False, default=True, help_text=_DISCREET)
    person = Id(required=False, help_text=_PERSON)
    not_them = Many(child=Id(), required=False, max_length=rules.KEPT_OUT_LIMIT, help_text=_NOT_THEM)
    home_school = Id(required=False, help_text=_HOME)
    topic = Text(required=False, max_length=20)
    spoken_language = Text(required=False, max_length=10)
    interpreter = Flag(required=False, default=False)
    say_instead = _words(rules.SAY_LIMIT)


class ReceiptBody(Strict):
    receipt = Text(help_text="dashes, spaces and small letters are fine; the last sign may be one of *~$=U")


class ReceiptMessageBody(ReceiptBody):
    text = Words(
        limit=rules.MESSAGE_LIMIT,
        tidy=rules.tidy,
        too_long=rules.too_long,
        required=False,
        help_text="may be left out with `files`, or with `still_need_help` when it is closed",
    )
    still_need_help = Flag(required=False)
    seen_closed = Flag(required=False, help_text=_SEEN_CLOSED)
    files = files_field()


class RefuseBody(ReceiptBody):
    number = Whole(required=False, min_value=1, max_value=32_767, help_text=_WHICH)
    unread = Flag(required=False, help_text=_UNREAD)
    since = Flag(required=False, help_text=_SINCE)


class ReceiptFileBody(ReceiptBody):
    number = Whole(min_value=1, max_value=32_767)


# --- what goes out ------------------------------------------------------------------------------------


def _person_fields() -> dict[str, Any]:
    return {
        "id": serializers.CharField(),
        "name": serializers.CharField(),
        "languages": serializers.ListField(child=serializers.CharField()),
    }


_PROMISE = inline_serializer(
    "DoorPromise", {"text": serializers.CharField(), "due_if_now": Instant(allow_null=True)}
)
_DOOR = inline_serializer(
    "Door",
    {
        "municipality": serializers.CharField(),
        "languages": serializers.ListField(child=serializers.CharField()),
        "schools": inline_serializer(
            "DoorSchool",
            {
                "id": serializers.CharField(),
                "name": serializers.CharField(),
                "roles": inline_serializer(
                    "DoorRole",
                    {
                        "id": serializers.CharField(),
                        "name": serializers.CharField(),
                        "promise": _PROMISE,
                        "people": inline_serializer("DoorPerson", _person_fields(), many=True),
                        "languages": serializers.ListField(child=serializers.CharField()),
                    },
                    many=True,
                ),
                "topics": inline_serializer(
                    "DoorTopic",
                    {
                        "id": serializers.CharField(),
                        "text": serializers.CharField(),
                        "role": serializers.CharField(allow_null=True, help_text="the role it proposes here"),
                    },
                    many=True,
                ),
                "outside": inline_serializer(
                    "DoorOutside",
                    {"school": serializers.CharField(), "role": serializers.CharField()},
                    many=True,
                    help_text="somebody outside this school whom its students may choose",
                ),
                "open_door": serializers.DictField(allow_null=True),
            },
            many=True,
        ),
        "channels": serializers.ListField(child=serializers.CharField()),
        "crisis": inline_serializer(
            "CrisisNumber",
            {
                "number": serializers.CharField(),
                "name": serializers.CharField(),
                "what": serializers.CharField(),
                "hours": serializers.CharField(),
                "open_now": serializers.BooleanField(),
            },
            many=True,
        ),
    },
)
_ACCEPTED = inline_serializer(
    "Accepted",
    {
        "case_number": serializers.CharField(),
        "receipt": serializers.CharField(),
        "due_at": Instant(),
        "promise": serializers.CharField(),
    },
)


def _message_fields() -> dict[str, Any]:
    """Made anew for each serializer: it takes them out of the mapping it is given."""
    return {
        "from": serializers.ChoiceField(choices=["student", "helper", "system", "friend"]),
        "text": serializers.CharField(),
        "at": Instant(),
    }


_HANDOVER = inline_serializer(
    "ReceiptHandover",
    {
        "number": serializers.IntegerField(help_text="to say no to this one and to no other"),
        "from": serializers.CharField(help_text="a name where the municipality shows names, else a role"),
        "to": serializers.CharField(),
        "state": serializers.ChoiceField(choices=Handover.State.choices),
        "due_at": Instant(allow_null=True),
        "walk_along": serializers.BooleanField(help_text="the first talk is together with both"),
        "shares": serializers.ChoiceField(choices=Handover.Shares.choices),
    },
)
_CONVERSATION = inline_serializer(
    "ReceiptConversation",
    {
        "case_number": serializers.CharField(),
        "state": serializers.ChoiceField(choices=ContactRequest.State.choices),
        "due_at": Instant(allow_null=True),
        "kept": serializers.BooleanField(allow_null=True),
        "next_try_due_at": Instant(allow_null=True),
        "reply_due_at": Instant(allow_null=True),
        "contact": inline_serializer(
            "ReceiptContact",
            {
                "at": Instant(),
                "kind": serializers.ChoiceField(choices=Channel.choices),
                "outcome": serializers.ChoiceField(choices=["reached", "attempted"]),
            },
            allow_null=True,
        ),
        "messages": inline_serializer(
            "ReceiptMessage",
            {**_message_fields(), "files": inline_serializer("ReceiptMessageFile", file_fields(), many=True)},
            many=True,
        ),
        "handover": type(_HANDOVER)(allow_null=True),
        "next_door": serializers.DictField(allow_null=True),
    },
)
_REFUSED = inline_serializer("ReceiptHandoverRefused", {"handover": type(_HANDOVER)(allow_null=True)})
_NOT_FOUND = OpenApiResponse(description="Wrong, expired or another municipality's code: always the same.")


def iso(instant: datetime | None) -> str | None:
    """UTC, `YYYY-MM-DDTHH:MM:SSZ`."""
    return None if instant is None else instant.strftime("%Y-%m-%dT%H:%M:%SZ")


class Door(OpenView):
    """What a student sees before knocking."""

    @extend_schema(summary="The door: schools, roles, promises, crisis numbers", responses=_DOOR, auth=[])
    def get(self, request: Request) -> Response:
        door, place, now = portal(), require_current(), clock.this_minute()
        language = get_language() or door.default_language
        return Response(
            {
                "municipality": place.name,
                "languages": list(door.door_languages),
                "schools": _schools(door, language, now),
                "channels": list(Channel.values),
                "crisis": [
                    {
                        "number": one.number,
                        "name": one.name,
                        "what": str(one.what),
                        "hours": str(one.hours),
                        "open_now": one.open_now(now, place.country),
                    }
                    for one in numbers_for(place.country)
                ],
            }
        )


def _schools(door: Portal, language: str, now: datetime) -> list[dict[str, Any]]:
    zone = require_current().timezone
    listed = []
    for school in door.schools:
        roles = []
        for role in school.roles:
            due = door.due_if_now(now, school.id, role.id)
            said = promise_text(due, said_at=now, timezone=zone, language=language) if due else ""
            promise = {"text": said, "due_if_now": iso(due)}
            roles.append(
                {
                    "id": str(role.id),
                    "name": role.name(language),
                    "promise": promise,
                    "people": [
                        {"id": str(one.id), "name": one.name, "languages": list(one.speaks)}
                        for one in role.adults
                    ],
                    "languages": list(role.speaks),
                }
            )
        listed.append(
            {
                "id": str(school.id),
                "name": school.name,
                "roles": roles,
                "topics": _topics(door, school, now),
                "outside": [
                    {"school": str(one.school.id), "role": str(one.role.id)}
                    for one in outside_doors(door, school, frozenset())
                ],
                "open_door": None,
            }
        )
    return listed


def _topics(door: Portal, school: SchoolDoor, now: datetime) -> list[dict[str, Any]]:
    found = []
    for rule in door.topics:
        if rule.is_shown:
            role = proposed(door, school, rule, frozenset(), now)
            found.append(
                {"id": rule.key, "text": topic_text(door, rule.key), "role": str(role.id) if role else None}
            )
    return found


class ContactRequests(OpenView):
    """Knocking. Never rate-limited: a cry for help is never rejected."""

    refuses = {"POST": (409,)}

    @extend_schema(
        summary="Knock",
        parameters=[OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)],
        request=KnockBody,
        responses={201: _ACCEPTED},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        key = idempotency_key(request)
        body = self.read_body(KnockBody, request)
        channel = body["channel"]
        try:
            accepted = operations.knock(
                by=student(None),
                idempotency_key=key,
                school_id=body["school"],
                role_id=body.get("role"),
                channel_kind=channel["kind"],
                channel_value=channel.get("value", ""),
                message=body.get("message", ""),
                name=body.get("name", ""),
                preferred_times=body.get("preferred_times", ""),
                language=body.get("language", ""),
                discreet=body["discreet"],
                person_id=body.get("person"),
                not_them=body.get("not_them", ()),
                home_school_id=body.get("home_school"),
                topic=body.get("topic", ""),
                spoken=body.get("spoken_language", ""),
                interpreter=body["interpreter"],
                say_instead=body.get("say_instead", ""),
            )
        except Invalid as refused:
            raise Invalid([_as_json(error) for error in refused.errors]) from None
        return Response(
            {
                "case_number": accepted.case_number,
                "receipt": accepted.receipt,
                "due_at": iso(accepted.due_at),
                "promise": accepted.promise_text,
            },
            status=201,
        )


def _as_json(error: FieldError) -> FieldError:
    """The domain's field under the name it has in the body."""
    names = {"channel": "channel.kind", "channel_value": "channel.value", "spoken": "spoken_language"}
    return FieldError(names.get(error.field, error.field), error.message)


class OpenReceipt(OpenView):
    """Reading a conversation by its code. POST, so that the code is never in an address or a log."""

    refuses = {"POST": (404,)}

    @extend_schema(
        summary="Open a conversation by its receipt",
        request=ReceiptBody,
        responses={200: _CONVERSATION, 404: _NOT_FOUND},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        by = operations.open_by_receipt(self.read_body(ReceiptBody, request)["receipt"])
        return Response(_conversation(operations.read_conversation(by=by, request_id=_case(by))))


def _case(by: Actor) -> UUID:
    """The conversation of a student whose code opened one."""
    if by.case_id is None:
        raise NotFound()
    return by.case_id


def _conversation(opened: Conversation) -> dict[str, Any]:
    now = clock.now()
    request, contact = opened.request, opened.last_contact
    promise, retry = first_contact(opened.promises), next_try(opened.promises)
    reply = next_reply(opened.promises)
    return {
        "case_number": request.case_number,
        "state": request.state,
        "due_at": iso(promise.due_at) if promise else None,
        "kept": promise.kept_yet(now) if promise else None,
        "next_try_due_at": iso(retry.due_at) if retry else None,
        "reply_due_at": iso(reply.due_at) if reply else None,
        "contact": {"at": iso(contact.at), "kind": contact.kind, "outcome": contact.outcome}
        if contact
        else None,
        "messages": [
            {"from": line.sender, "text": line.text, "at": iso(line.at), "files": named(line.files)}
            for line in opened.lines
        ],
        "handover": _handover(request),
        "next_door": _next_door(opened, now),
    }


def _handover(request: ContactRequest) -> dict[str, Any] | None:
    """The introduction that can be said no to, else the newest; while the conversation is open."""
    known = introductions(request, get_language() or "en", names=portal().look.show_names)
    if not known or not request.is_open:
        return None
    newest = next((one for one in known if one.can_refuse), known[-1])
    return {
        "number": newest.number,
        "from": newest.giver,
        "to": newest.receiver,
        "state": newest.state,
        "due_at": iso(newest.due),
        "walk_along": newest.walk_along,
        "shares": newest.shares,
    }


def _next_door(opened: Conversation, now: datetime) -> dict[str, Any] | None:
    """After a broken promise: those in charge know, and the student may be sent on to these other roles."""
    if standing_of(opened, now).word != "broken":
        return None
    language = get_language() or "en"
    return {
        "text": _(
            "You are not forgotten. Those in charge know it. They see to it that somebody answers you."
        ),
        "roles": [
            {"id": str(role.id), "name": role.name(language)} for role in roles_offered(opened.request)
        ],
    }


class ReceiptMessages(OpenView):
    """Writing more. What is written into a closed conversation opens it again, with a promise: nobody waits unheard
    because it was closed a second ago. Only for a student who was shown that it is closed (`seen_closed`) is it a
    "thanks" that opens nothing, unless they say `still_need_help`.

    With an `Idempotency-Key` (here it is optional) the same text and files sent again are stored once; something else
    with the same key is refused.
    """

    refuses = {"POST": (404, 409)}

    @extend_schema(
        summary="Write into a conversation by its receipt",
        request=ReceiptMessageBody,
        responses={
            201: inline_serializer("ReceiptMessageSent", _message_fields()),
            404: _NOT_FOUND,
            409: OpenApiResponse(description="Something else was sent with this Idempotency-Key."),
        },
        auth=[],
    )
    def post(self, request: Request) -> Response:
        body = self.read_body(ReceiptMessageBody, request)
        by = operations.open_by_receipt(body["receipt"])
        key = idempotency_key(request) if "Idempotency-Key" in request.headers else ""
        case_id, reopens = _case(by), body.get("still_need_help", False)
        text, seen_closed = body.get("text", ""), body.get("seen_closed", False)

        def write(files: Sequence[Taken]) -> object:
            return operations.student_writes(
                by=by,
                request_id=case_id,
                text=text,
                still_need_help=reopens,
                seen_open=not seen_closed,
                files=files,
            )

        once_with_files(
            write,
            uploads=uploads_in(body),
            mark=key,
            verb="student_writes",
            by=by,
            request_id=case_id,
            said=(text, str(reopens)),
            of_program=True,
        )
        return Response({"from": "student", "text": text, "at": iso(clock.this_minute())}, status=201)


class ReceiptFile(OpenView):
    """One file of a conversation. The read log has it before the answer leaves."""

    refuses = {"POST": (404,)}

    @extend_schema(
        summary="Fetch a file of a conversation, by its receipt",
        request=ReceiptFileBody,
        responses={200: inline_serializer("ReceiptFileGiven", fetched_fields()), 404: _NOT_FOUND},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        body = self.read_body(ReceiptFileBody, request)
        by = operations.open_by_receipt(body["receipt"])
        return Response(whole(operations.read_attachment(by=by, request_id=_case(by), number=body["number"])))


class RefuseHandover(OpenView):
    """By the code, in the body. With nothing to say no to (any more) the answer is the same: how it stands.

    What was written with the new adult stays closed to the old one, unless `since` or `unread` opens it. While the new
    one has something unread, `unread` has to be said (422): nothing is decided for the student.
    """

    refuses = {"POST": (404,)}

    @extend_schema(
        summary="The student says no to the new adult: it stays with the one who had it, or goes back",
        request=RefuseBody,
        responses={200: _REFUSED, 404: _NOT_FOUND},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        body = self.read_body(RefuseBody, request)
        by = operations.open_by_receipt(body["receipt"])
        case_id = _case(by)
        operations.refuse_handover(
            by=by,
            request_id=case_id,
            number=body.get("number"),
            all_since=body.get("since", False),
            unread_too=body.get("unread"),
        )
        return Response({"handover": _handover(ContactRequest.objects.get(pk=case_id))})
