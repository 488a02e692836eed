"""A contact with the student as JSON: written down, taken back, or said not to be needed any more."""

from uuid import UUID

from drf_spectacular.utils import OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kernel.api.fields import Choice, Flag, Instant
from kernel.api.serializers import Strict
from services.contact import operations
from services.contact.api import iso
from services.contact.models import Channel, ContactAttempt
from services.desk.api import (
    FIELDS,
    ITEM,
    NO_POST,
    NOT_FOUND,
    NOT_YOURS,
    TAKEN,
    DeskView,
    attempt_fields,
    attempt_said,
)


class ContactBody(Strict):
    kind = Choice(choices=[kind for kind in Channel.values if kind != Channel.CONVERSATION])
    outcome = Choice(choices=ContactAttempt.Outcome.choices)
    at = Instant(required=False)
    can_undo = Flag(
        required=False,
        help_text="true: it can be taken back for ten seconds, and the student sees it after that",
    )


_RECORDED = inline_serializer(
    "DeskContactRecorded",
    {
        "id": serializers.CharField(help_text="for taking it back, where `can_undo` was asked for"),
        **attempt_fields(),
        "stopped_the_clock": serializers.BooleanField(),
        "next_try_due_at": Instant(allow_null=True),
    },
)
_STANDS = OpenApiResponse(
    description="Too late; or something has been written, written down or handed over since. `detail` says what."
)
_UNREAD = OpenApiResponse(
    description="A colleague has it, it is closed, or (`type` ends in `unread`) there is something nobody has opened: "
    "read it first; `detail` says."
)


class Contact(DeskView):
    """A call, a visit, a walk: made or tried."""

    @extend_schema(
        summary="Record that the student was reached, or that it was tried",
        request=ContactBody,
        responses={201: _RECORDED, 403: NO_POST, 404: NOT_FOUND, 409: TAKEN, 422: FIELDS},
    )
    def post(self, request: Request, request_id: UUID) -> Response:
        body = self.read_body(ContactBody, request)
        recorded = operations.record_contact(by=self.actor, request_id=request_id, **body)
        next_try = recorded.next_try.due_at if recorded.next_try else None
        return Response(
            {
                "id": str(recorded.attempt.pk),
                **attempt_said(recorded.attempt),
                "stopped_the_clock": recorded.stopped_the_clock,
                "next_try_due_at": iso(next_try),
            },
            status=201,
        )


class UndoContact(DeskView):
    """A contact that was written down by a slip. Its student sees it after the ten seconds in which this can be."""

    @extend_schema(
        summary="Take back one's own contact, for ten seconds where `can_undo` was asked for: all is as before",
        request=None,
        responses={200: ITEM, 403: NO_POST, 404: NOT_FOUND, 409: _STANDS},
    )
    def post(self, request: Request, request_id: UUID, attempt_id: UUID) -> Response:
        self.read_nothing(request)
        operations.undo_contact(by=self.actor, request_id=request_id, attempt_id=attempt_id)
        return Response(self.item(request_id))


class NoAnswer(DeskView):
    """What the student wrote last needs no answer."""

    @extend_schema(
        summary="Say that what the student wrote since they were answered was read and needs no answer",
        request=None,
        responses={200: ITEM, 403: NOT_YOURS, 404: NOT_FOUND, 409: _UNREAD},
    )
    def post(self, request: Request, request_id: UUID) -> Response:
        self.read_nothing(request)
        operations.needs_no_answer(by=self.actor, request_id=request_id)
        return Response(self.item(request_id))


class UndoNoAnswer(DeskView):
    """Within a minute: it is waited for again."""

    @extend_schema(
        summary="Take back, within a minute, that it needs no answer; the due time is as before",
        request=None,
        responses={200: ITEM, 403: NOT_YOURS, 404: NOT_FOUND, 409: _UNREAD},
    )
    def post(self, request: Request, request_id: UUID) -> Response:
        self.read_nothing(request)
        operations.undo_needs_no_answer(by=self.actor, request_id=request_id)
        return Response(self.item(request_id))
