"""Meetings as JSON: the student's doors by receipt, the helper's by token or session (docs/how/meetings.md)."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kernel import clock
from kernel.actor import Actor
from kernel.api.fields import Choice, Flag, Id, Instant, Many, Whole, Words
from kernel.api.serializers import Strict
from kernel.api.views import StaffView
from kernel.errors import Conflict, NotAllowed, NotFound
from kernel.permissions import allowed
from services.contact import rules as words
from services.contact.api import ReceiptBody, iso
from services.contact.api_receipts import ReceiptView
from services.contact.models import ContactRequest
from services.contact.queries import visible_to
from services.meetings import operations
from services.meetings.models import Meeting, MeetingTime, Urgency, Way
from services.meetings.queries import Shown, shown_to
from services.meetings.rules import LONGEST, MOST_TIMES, PLACE_LIMIT, SHORTEST, USUAL, Proposed

# --- what comes in -----------------------------------------------------------------------------------


def _words(limit: int) -> Words:
    return Words(limit=limit, tidy=words.tidy, too_long=words.too_long, required=False)


class MeetingPickBody(ReceiptBody):
    time = Id()


class MeetingDeclineBody(ReceiptBody):
    text = _words(words.MESSAGE_LIMIT)


class MeetingCancelBody(ReceiptBody):
    again = Flag(required=False, help_text="another time is wanted; without it the meeting is over")


class MeetingUrgencyBody(Strict):
    urgency = Choice(choices=Urgency.choices)


class MeetingTimeBody(Strict):
    starts_at = Instant()
    minutes = Whole(required=False, min_value=SHORTEST, max_value=LONGEST)
    way = Choice(choices=Way.choices)
    place = _words(PLACE_LIMIT)


class MeetingTimesBody(Strict):
    times = Many(child=MeetingTimeBody(), min_length=1, max_length=MOST_TIMES)
    urgency = Choice(choices=Urgency.choices, required=False)
    outside_hours = Flag(required=False, help_text="a time outside of the calendar's open hours is meant")


class MeetingTakeBackBody(Strict):
    reason = _words(words.MESSAGE_LIMIT)


class MeetingOutcomeBody(Strict):
    outcome = Choice(choices=["held", "no_show"])


# --- what goes out ------------------------------------------------------------------------------------


def _time_fields() -> dict[str, Any]:
    return {
        "id": serializers.CharField(),
        "starts_at": Instant(),
        "ends_at": Instant(),
        "way": serializers.ChoiceField(choices=Way.choices),
        "place": serializers.CharField(allow_null=True),
        "state": serializers.ChoiceField(choices=MeetingTime.State.choices),
    }


def _meeting_fields(prefix: str) -> dict[str, Any]:
    return {
        "meeting": inline_serializer(
            f"{prefix}Meeting",
            {
                "id": serializers.CharField(),
                "urgency": serializers.ChoiceField(choices=Urgency.choices),
                "state": serializers.ChoiceField(choices=Meeting.State.choices),
                "due_at": Instant(allow_null=True),
                "agreed": inline_serializer(f"{prefix}AgreedTime", _time_fields(), allow_null=True),
                "offered": inline_serializer(f"{prefix}OfferedTime", _time_fields(), many=True),
            },
            allow_null=True,
        )
    }


_STUDENTS = inline_serializer("ReceiptMeetingGiven", _meeting_fields("Receipt"))
_HELPERS = inline_serializer("DeskMeetingGiven", _meeting_fields("Desk"))
_NO_CODE = OpenApiResponse(description="Wrong, expired or another municipality's code; or no such time.")
_LOST = OpenApiResponse(
    description="Taken back, passed, booked by another, or decided already; `detail` says which."
)
_NOT_FOUND = OpenApiResponse(description="Unknown, or not at a door of yours: never told apart.")
_NO_POST = OpenApiResponse(description="You hold no post today; or a colleague has it.")
_FIELDS = OpenApiResponse(description="Fields that cannot be accepted, each with its remedy.")


def _given(by: Actor, request_id: UUID) -> dict[str, Any]:
    """The meeting as it stands; the read log has it where a place is opened."""
    request = visible_to(by).select_related("case_key").filter(pk=request_id).first()
    if request is None:
        raise NotFound()
    now = clock.now()
    standing = shown_to(by, request, now)
    if standing is None:
        return {"meeting": None}
    promise = standing.promise
    return {
        "meeting": {
            "id": str(standing.meeting.pk),
            "urgency": standing.meeting.urgency,
            "state": standing.meeting.state,
            "due_at": iso(promise.due_at) if promise and promise.state_at(now) == "waiting" else None,
            "agreed": _time(standing.agreed) if standing.agreed else None,
            "offered": [_time(one) for one in standing.offered],
        }
    }


def _time(one: Shown) -> dict[str, Any]:
    return {
        "id": str(one.time.pk),
        "starts_at": iso(one.time.starts_at),
        "ends_at": iso(one.time.ends_at),
        "way": one.time.way,
        "place": one.place or None,
        "state": one.time.state,
    }


# --- the student's doors ------------------------------------------------------------------------------


class ReceiptMeetings(ReceiptView):
    """What is promised, proposed and agreed."""

    refuses = {"POST": (404,)}

    @extend_schema(
        summary="The meeting of a conversation, by its receipt",
        request=ReceiptBody,
        responses={200: _STUDENTS, 404: _NO_CODE},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        by, case_id = self.student(self.read_body(ReceiptBody, request))
        return Response(_given(by, case_id))


class ReceiptPick(ReceiptView):
    """Choosing the same again is fine."""

    @extend_schema(
        summary="Choose one of the proposed times",
        request=MeetingPickBody,
        responses={200: _STUDENTS, 404: _NO_CODE, 409: _LOST},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        body = self.read_body(MeetingPickBody, request)
        by, case_id = self.student(body)
        operations.pick(by=by, request_id=case_id, time_id=body["time"])
        return Response(_given(by, case_id))


class ReceiptDecline(ReceiptView):
    """With words, which go into the conversation, or without."""

    @extend_schema(
        summary="Say that none of the proposed times fits",
        request=MeetingDeclineBody,
        responses={200: _STUDENTS, 404: _NO_CODE, 409: _LOST},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        body = self.read_body(MeetingDeclineBody, request)
        by, case_id = self.student(body)
        operations.none_fit(by=by, request_id=case_id, text=body.get("text", ""))
        return Response(_given(by, case_id))


class ReceiptCancel(ReceiptView):
    """Without a reason; cancelled already is fine."""

    @extend_schema(
        summary="Cancel the agreed time, and say whether another is wanted",
        request=MeetingCancelBody,
        responses={200: _STUDENTS, 404: _NO_CODE, 409: _LOST},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        body = self.read_body(MeetingCancelBody, request)
        by, case_id = self.student(body)
        operations.cancel(by=by, request_id=case_id, again=body.get("again", False))
        return Response(_given(by, case_id))


# --- the helper's doors -------------------------------------------------------------------------------


class MeetingView(StaffView):
    """Whoever holds a post, of what they have taken."""

    scope = "desk"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not self.actor.is_helper:
            raise NotAllowed(_("The desk is for those who hold a post at a school. You hold none today."))

    def given(self, request_id: UUID) -> dict[str, Any]:
        row = visible_to(self.actor).filter(pk=request_id).first()
        if row is None:
            raise NotFound()
        _refuse_what_is_not_taken(self.actor, row)
        return _given(self.actor, request_id)


def _refuse_what_is_not_taken(by: Actor, request: ContactRequest) -> None:
    if not allowed(by, "meetings.read", request):
        raise Conflict(_("Take this first. Then you can agree on a meeting."), code="not-taken")


class DeskMeeting(MeetingView):
    """The meeting of a request I have."""

    @extend_schema(
        summary="The meeting of a request you have",
        responses={200: _HELPERS, 403: _NO_POST, 404: _NOT_FOUND, 409: _LOST},
    )
    def get(self, request: Request, request_id: UUID) -> Response:
        return Response(self.given(request_id))

    @extend_schema(
        summary="Agree how urgent it is: that promises the meeting",
        request=MeetingUrgencyBody,
        responses={200: _HELPERS, 403: _NO_POST, 404: _NOT_FOUND, 409: _LOST, 422: _FIELDS},
    )
    def post(self, request: Request, request_id: UUID) -> Response:
        urgency = self.read_body(MeetingUrgencyBody, request)["urgency"]
        operations.set_urgency(by=self.actor, request_id=request_id, urgency=urgency)
        return Response(self.given(request_id))


class DeskMeetingTimes(MeetingView):
    """Proposing."""

    @extend_schema(
        summary="Propose up to five times; what stands proposed is not proposed twice",
        request=MeetingTimesBody,
        responses={201: _HELPERS, 403: _NO_POST, 404: _NOT_FOUND, 409: _LOST, 422: _FIELDS},
    )
    def post(self, request: Request, request_id: UUID) -> Response:
        body = self.read_body(MeetingTimesBody, request)
        times = [
            Proposed(one["starts_at"], one.get("minutes", USUAL), one["way"], one.get("place", ""))
            for one in body["times"]
        ]
        operations.propose(
            by=self.actor,
            request_id=request_id,
            times=times,
            urgency=body.get("urgency", ""),
            outside_hours=body.get("outside_hours", False),
        )
        return Response(self.given(request_id), status=201)


class DeskMeetingTakeBack(MeetingView):
    """An agreed time only with a reason."""

    @extend_schema(
        summary="Take a time back; of an agreed one the student reads why",
        request=MeetingTakeBackBody,
        responses={200: _HELPERS, 403: _NO_POST, 404: _NOT_FOUND, 409: _LOST, 422: _FIELDS},
    )
    def post(self, request: Request, request_id: UUID, time_id: UUID) -> Response:
        body = self.read_body(MeetingTakeBackBody, request)
        operations.take_back(
            by=self.actor, request_id=request_id, time_id=time_id, reason=body.get("reason", "")
        )
        return Response(self.given(request_id))


class DeskMeetingRecord(MeetingView):
    """Held, or nobody came."""

    @extend_schema(
        summary="Write down what came of the meeting",
        request=MeetingOutcomeBody,
        responses={200: _HELPERS, 403: _NO_POST, 404: _NOT_FOUND, 409: _LOST, 422: _FIELDS},
    )
    def post(self, request: Request, request_id: UUID) -> Response:
        outcome = self.read_body(MeetingOutcomeBody, request)["outcome"]
        act = operations.record_held if outcome == "held" else operations.record_no_show
        act(by=self.actor, request_id=request_id)
        return Response(self.given(request_id))
