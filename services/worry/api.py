"""Worries as JSON: the same operations as the pages (docs/how/doors.md). Lists open nothing.

Nothing is sent outside."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kernel.actor import Actor
from kernel.api.fields import Choice, Flag, Instant, Text, Words
from kernel.api.pagination import Pages
from kernel.api.serializers import Strict
from kernel.api.views import StaffView
from kernel.errors import NotFound
from kernel.permissions import allowed, require
from kernel.tenancy import require_current
from services.contact.api import iso
from services.contact.holding import holder_of
from services.contact.queries import visible_to as cases_of
from services.contact.rules import tidy, too_long
from services.worry import operations, queries, rules
from services.worry.law import Duty
from services.worry.models import LocalNumber, SafetyText, Step, Worry
from services.worry.operations import OpenedStep, OpenedWorry
from services.worry.queries import Listed
from services.worry.safety import as_message

# --- what comes in ------------------------------------------------------------------------------------------


def _words(limit: int = rules.LONGEST) -> Words:
    return Words(limit=limit, tidy=tidy, too_long=too_long, required=False)


class RaiseBody(Strict):
    urgency = Choice(choices=Worry.Urgency.choices)


class StepBody(Strict):
    recipient = Choice(choices=Step.Recipient.choices)
    who = _words(rules.WHO_LONGEST)
    words = _words()
    student_first = Flag(required=False)
    why_not_first = _words()
    told = Choice(choices=[Step.Told.TOLD.value, Step.Told.HELD_BACK.value], required=False)
    ground = Text(required=False, max_length=20)
    because = _words()
    done_at = Instant(required=False)


class CloseWorryBody(Strict):
    outcome = Choice(choices=[value for value in Worry.Outcome.values if value])
    came_of_it = _words()


class SafetyBody(Strict):
    about = Choice(SafetyText.About.choices, required=False, default="self")
    language = Text(max_length=8)
    version = Text(max_length=8)


# --- what goes out ------------------------------------------------------------------------------------------


def _item_fields() -> dict[str, Any]:
    return {
        "id": serializers.CharField(),
        "request": serializers.CharField(help_text="id of the request it is about"),
        "case_number": serializers.CharField(),
        "urgency": serializers.ChoiceField(choices=Worry.Urgency.choices),
        "raised_at": Instant(),
        "due_at": Instant(allow_null=True, help_text="when a decision is due; null: nothing runs"),
        "decides": serializers.CharField(allow_null=True, help_text="id of an account"),
        "closed_at": Instant(allow_null=True),
        "outcome": serializers.CharField(allow_null=True),
    }


def _step_fields() -> dict[str, Any]:
    return {
        "id": serializers.CharField(),
        "recipient": serializers.ChoiceField(choices=Step.Recipient.choices),
        "who": serializers.CharField(allow_null=True),
        "words": serializers.CharField(allow_null=True),
        "student_first": serializers.BooleanField(allow_null=True),
        "why_not_first": serializers.CharField(allow_null=True),
        "told": serializers.ChoiceField(choices=Step.Told.choices, help_text="what the student learns"),
        "ground": serializers.CharField(allow_null=True),
        "because": serializers.CharField(allow_null=True, help_text="what the student reads"),
        "by": serializers.CharField(help_text="id of an account"),
        "done_at": Instant(),
        "recorded_at": Instant(),
        "corrects": serializers.CharField(allow_null=True, help_text="id of the step it says right"),
        "is_corrected": serializers.BooleanField(),
    }


_ITEM = inline_serializer("Worry", _item_fields())
_LIST = inline_serializer(
    "Worries", {"results": type(_ITEM)(many=True), "next": serializers.URLField(allow_null=True)}
)
_STEP = inline_serializer("WorryStep", _step_fields())
_DUTY = inline_serializer(
    "WorryDuty",
    {
        "key": serializers.CharField(),
        "to": serializers.ChoiceField(choices=["principal", "child_welfare", "police", "emergency"]),
        "says": serializers.CharField(),
        "law": serializers.CharField(),
        "section": serializers.CharField(),
        "read_on": serializers.DateField(),
        "under_18": serializers.BooleanField(),
        "is_sure": serializers.BooleanField(help_text="false: it may not hold for this person"),
        "is_reviewed": serializers.BooleanField(help_text="whether a lawyer has gone through it"),
    },
)
_NUMBER = inline_serializer(
    "WorryNumber",
    {
        "kind": serializers.ChoiceField(choices=LocalNumber.Kind.choices),
        "name": serializers.CharField(),
        "phone": serializers.CharField(),
        "address": serializers.CharField(),
    },
)
_OPENED = inline_serializer(
    "OpenedWorry",
    {
        **_item_fields(),
        "came_of_it": serializers.CharField(allow_null=True),
        "came_of_it_is_closed": serializers.BooleanField(help_text="it was written, and is closed to you"),
        "ended_by": serializers.CharField(allow_null=True, help_text="who said last what came of it"),
        "ended_at": Instant(allow_null=True),
        "steps": type(_STEP)(many=True),
        "closed_steps": serializers.IntegerField(help_text="how many more there are, closed to you"),
        "is_with_you": serializers.BooleanField(
            help_text="false: you raised it and no longer have the request; no word of it is open to you"
        ),
        "with": serializers.CharField(
            allow_null=True, help_text="id of the account that has the request now"
        ),
        "duties": type(_DUTY)(many=True, help_text="that may hold for you, as on the page"),
        "numbers": type(_NUMBER)(many=True, help_text="whom one calls here"),
    },
)
_DUTIES = inline_serializer(
    "WorryDuties", {"results": type(_DUTY)(many=True), "next": serializers.URLField(allow_null=True)}
)
_SAFETY = inline_serializer(
    "SafetyText",
    {
        "about": serializers.ChoiceField(choices=SafetyText.About.choices),
        "language": serializers.CharField(),
        "version": serializers.CharField(),
        "text": serializers.CharField(),
        "reviewed_by": serializers.CharField(),
        "reviewed_on": serializers.DateField(),
    },
)
_SENT = inline_serializer("SafetyTextSent", {"text": serializers.CharField(), "at": Instant()})
_NOT_FOUND = OpenApiResponse(description="Unknown, or not with you: never told apart.")
_NOT_YOURS = OpenApiResponse(description="You hold no post today; or somebody else has it.")
_MOVED_ON = OpenApiResponse(description="Closed, corrected or changed meanwhile; `detail` says which.")
_FIELDS = OpenApiResponse(description="Fields that cannot be accepted, each with its remedy.")
_ABOUT = OpenApiParameter(
    "about", str, enum=SafetyText.About.values, description="who is in danger: self, or friend"
)
_LANGUAGE = OpenApiParameter("language", str, description="of the text; the student's, unless said otherwise")


class WorryView(StaffView):
    """Holders of a post only, for reading too."""

    scope = "desk"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        require(self.actor, "worry.open")

    def item(self, worry_id: UUID) -> dict[str, Any]:
        row = queries.one(self.actor, worry_id)
        if row is None:
            raise NotFound()
        return _item(Listed(row, queries.clock_of(row)))


def _item(row: Listed) -> dict[str, Any]:
    worry = row.worry
    decides = queries.decides_now(worry)
    return {
        "id": str(worry.pk),
        "request": str(worry.request_id),
        "case_number": worry.request.case_number,
        "urgency": worry.urgency,
        "raised_at": iso(worry.raised_at),
        "due_at": iso(row.promise.due_at) if row.promise and row.runs else None,
        "decides": str(decides) if decides else None,
        "closed_at": iso(worry.closed_at),
        "outcome": worry.outcome or None,
    }


def _step(one: OpenedStep) -> dict[str, Any]:
    step = one.step
    return {
        "id": str(step.pk),
        "recipient": step.recipient,
        "who": one.who or None,
        "words": one.words or None,
        "student_first": step.student_first,
        "why_not_first": one.why_not_first or None,
        "told": step.told,
        "ground": step.ground or None,
        "because": one.because or None,
        "by": str(step.by_id),
        "done_at": iso(step.done_at),
        "recorded_at": iso(step.recorded_at),
        "corrects": str(step.corrects_id) if step.corrects_id else None,
        "is_corrected": one.is_corrected,
    }


def _opened(opened: OpenedWorry) -> dict[str, Any]:
    return {
        "came_of_it": opened.came_of_it or None,
        "came_of_it_is_closed": opened.end_is_closed,
        "ended_by": str(opened.worry.ended_by_id) if opened.worry.ended_by_id else None,
        "ended_at": iso(opened.worry.ended_at),
        "steps": [_step(one) for one in opened.steps],
        "closed_steps": opened.closed,
    }


#: What stands in the place of the words for who raised it and no longer has the request.
_CLOSED_TO_RAISER: dict[str, Any] = {
    "came_of_it": None,
    "came_of_it_is_closed": False,
    "ended_by": None,
    "ended_at": None,
    "steps": [],
    "closed_steps": 0,
    "is_with_you": False,
}


def _around(by: Actor, worry: Worry) -> dict[str, Any]:
    """What stands around the words of a worry: with whom it is, which duties may hold, whom one calls."""
    holder = holder_of(worry.request)
    numbers = queries.local_numbers(worry.request.school_id)
    return {
        "is_with_you": True,
        "with": str(holder.pk) if holder else None,
        "duties": [_duty(duty) for duty in queries.duties_for(by, worry.request)],
        "numbers": [
            {"kind": one.kind, "name": one.name, "phone": one.phone, "address": one.address}
            for one in numbers
        ],
    }


def _duty(duty: Duty) -> dict[str, Any]:
    return {
        "key": duty.key,
        "to": duty.to,
        "says": str(duty.says),
        "law": duty.source.law,
        "section": duty.source.section,
        "read_on": duty.source.read_on.isoformat(),
        "under_18": duty.under_18,
        "is_sure": duty.is_sure,
        "is_reviewed": duty.is_reviewed,
    }


class Worries(WorryView):
    """What waits for me."""

    asks = Pages.asks

    @extend_schema(
        operation_id="desk_worries_list",
        summary="Open worries that are with me, by their clock; nothing is opened",
        parameters=[OpenApiParameter("limit", int), OpenApiParameter("offset", int)],
        responses={200: _LIST, 403: _NOT_YOURS, 422: _FIELDS},
    )
    def get(self, request: Request) -> Response:
        return self.paged(request, queries.listed(self.actor), _item)


class WorriesOfACase(WorryView):
    """Of one request: what there is, and raising one."""

    asks = Pages.asks

    @extend_schema(
        operation_id="desk_request_worries_list",
        summary="The worries about one request that are with me; nothing is opened",
        parameters=[OpenApiParameter("limit", int), OpenApiParameter("offset", int)],
        responses={200: _LIST, 403: _NOT_YOURS, 404: _NOT_FOUND, 422: _FIELDS},
    )
    def get(self, request: Request, request_id: UUID) -> Response:
        if not cases_of(self.actor).filter(pk=request_id).exists():
            raise NotFound()
        return self.paged(request, queries.of_case(self.actor, request_id), _item)

    @extend_schema(
        summary="I am worried: starts its clock; again while one is open: that one. Takes a free request",
        request=RaiseBody,
        responses={201: _ITEM, 403: _NOT_YOURS, 404: _NOT_FOUND, 409: _MOVED_ON, 422: _FIELDS},
    )
    def post(self, request: Request, request_id: UUID) -> Response:
        urgency = self.read_body(RaiseBody, request)["urgency"]
        worry = operations.raise_worry(by=self.actor, request_id=request_id, urgency=urgency)
        return Response(self.item(worry.pk), status=201)


class Duties(WorryView):
    """Which duties may hold for me at this door."""

    asks = Pages.asks

    @extend_schema(
        operation_id="desk_request_duties_list",
        summary="Duties that may hold for me here, with their sources; engineering input, not legal advice",
        parameters=[OpenApiParameter("limit", int), OpenApiParameter("offset", int)],
        responses={200: _DUTIES, 403: _NOT_YOURS, 404: _NOT_FOUND, 422: _FIELDS},
    )
    def get(self, request: Request, request_id: UUID) -> Response:
        about = cases_of(self.actor).filter(pk=request_id).first()
        if about is None:
            raise NotFound()
        return self.paged(request, queries.duties_for(self.actor, about), _duty)


class OneWorry(WorryView):
    """One worry, opened: the read log has it before the answer leaves. Whoever raised it and no longer has the request
    sees its clock and whom to call, and not a word, as on the page."""

    @extend_schema(
        summary="One worry, opened; the read is logged",
        responses={200: _OPENED, 403: _NOT_YOURS, 404: _NOT_FOUND},
    )
    def get(self, request: Request, worry_id: UUID) -> Response:
        row = queries.one(self.actor, worry_id)
        if row is None:
            raise NotFound()
        around = {**_item(Listed(row, queries.clock_of(row))), **_around(self.actor, row)}
        if not allowed(self.actor, "worry.decide", row) and allowed(self.actor, "worry.record", row):
            return Response({**around, **_CLOSED_TO_RAISER})
        return Response({**around, **_opened(operations.read(by=self.actor, worry_id=worry_id))})


class Steps(WorryView):
    """Who was told."""

    @extend_schema(
        summary="Write down who was told, or with whom it is talked over; nothing is sent",
        request=StepBody,
        responses={201: _ITEM, 403: _NOT_YOURS, 404: _NOT_FOUND, 409: _MOVED_ON, 422: _FIELDS},
    )
    def post(self, request: Request, worry_id: UUID) -> Response:
        said = rules.Said(**self.read_body(StepBody, request))
        operations.record_step(by=self.actor, worry_id=worry_id, said=said)
        return Response(self.item(worry_id), status=201)


class Correction(WorryView):
    """The same step said right."""

    @extend_schema(
        summary="Say a step right; the old one stays",
        request=StepBody,
        responses={201: _ITEM, 403: _NOT_YOURS, 404: _NOT_FOUND, 409: _MOVED_ON, 422: _FIELDS},
    )
    def post(self, request: Request, worry_id: UUID, step_id: UUID) -> Response:
        said = rules.Said(**self.read_body(StepBody, request))
        operations.correct_step(by=self.actor, step_id=step_id, said=said, worry_id=worry_id)
        return Response(self.item(worry_id), status=201)


class Close(WorryView):
    """What came of it."""

    @extend_schema(
        summary="Close with what came of it",
        request=CloseWorryBody,
        responses={200: _ITEM, 403: _NOT_YOURS, 404: _NOT_FOUND, 422: _FIELDS},
    )
    def post(self, request: Request, worry_id: UUID) -> Response:
        body = self.read_body(CloseWorryBody, request)
        operations.close(by=self.actor, worry_id=worry_id, **body)
        return Response(self.item(worry_id))


class Reopen(WorryView):
    """It is not over."""

    @extend_schema(
        summary="Open a closed worry again; a new clock runs",
        request=None,
        responses={200: _ITEM, 403: _NOT_YOURS, 404: _NOT_FOUND, 409: _MOVED_ON},
    )
    def post(self, request: Request, worry_id: UUID) -> Response:
        self.read_nothing(request)
        operations.reopen(by=self.actor, worry_id=worry_id)
        return Response(self.item(worry_id))


class SafetyMessage(WorryView):
    """The reviewed answer to a message of danger."""

    asks = frozenset({"language", "about"})

    @extend_schema(
        summary="The reviewed safety text with the crisis numbers, as it would be sent",
        parameters=[_LANGUAGE, _ABOUT],
        responses={200: _SAFETY, 403: _NOT_YOURS, 404: _NOT_FOUND, 422: _FIELDS},
    )
    def get(self, request: Request, request_id: UUID) -> Response:
        about = cases_of(self.actor).filter(pk=request_id).first()
        if about is None:
            raise NotFound()
        require(self.actor, "worry.send_safety_text", about)
        who = request.query_params.get("about", SafetyText.About.SELF)
        language = request.query_params.get("language", about.language)
        text = queries.safety_text(language, who) if who in SafetyText.About.values else None
        if text is None:
            raise NotFound()
        said = {
            "about": text.about,
            "language": text.language,
            "version": text.version,
            "text": as_message(text.text, require_current().country),
            "reviewed_by": text.reviewed_by,
            "reviewed_on": text.reviewed_on.isoformat(),
        }
        return Response(said)

    @extend_schema(
        summary="Send it as my answer; `version` is the one that was looked at",
        request=SafetyBody,
        responses={201: _SENT, 403: _NOT_YOURS, 404: _NOT_FOUND, 409: _MOVED_ON, 422: _FIELDS},
    )
    def post(self, request: Request, request_id: UUID) -> Response:
        body = self.read_body(SafetyBody, request)
        message, text = operations.send_safety_text(by=self.actor, request_id=request_id, **body)
        return Response({"text": text, "at": iso(message.at)}, status=201)
