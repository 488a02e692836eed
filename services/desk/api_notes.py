"""Private notes as JSON: the same operations as the page. Reading them is in the read log before they leave."""

from datetime import datetime
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kernel.api.fields import Instant, Whole, Words
from kernel.api.serializers import Strict
from services.contact import rules
from services.contact.api import iso
from services.desk import operations
from services.desk.api import DeskView
from services.desk.models import Note
from services.desk.operations.noting import UNDO_WITHIN, OpenedNote


class NoteBody(Strict):
    text = Words(limit=rules.MESSAGE_LIMIT, tidy=rules.tidy, too_long=rules.too_long)


class NoteChangeBody(NoteBody):
    version = Whole(min_value=1, help_text="the version that was read: a newer one is never written over")


_OPENED = inline_serializer(
    "DeskNote",
    {
        "id": serializers.CharField(),
        "text": serializers.CharField(),
        "at": Instant(help_text="since when it says this"),
        "made_at": Instant(),
        "version": serializers.IntegerField(),
        "by": serializers.CharField(),
        "mine": serializers.BooleanField(),
        "earlier": inline_serializer(
            "DeskNoteBefore", {"at": Instant(), "text": serializers.CharField()}, many=True
        ),
    },
)
_LIST = inline_serializer(
    "DeskNotes",
    {
        "results": type(_OPENED)(many=True),
        "next": serializers.URLField(allow_null=True),
        "closed": serializers.IntegerField(help_text="others, under another duty of secrecy"),
    },
)
_KEPT = inline_serializer(
    "DeskNoteKept",
    {
        "id": serializers.CharField(),
        "version": serializers.IntegerField(),
        "made_at": Instant(),
        "undo_until": Instant(allow_null=True, help_text="deleted: until then it can be had back"),
    },
)
_NOT_FOUND = OpenApiResponse(description="Unknown, another's, or not at a door of yours: never told apart.")
_NOT_YOURS = OpenApiResponse(description="You hold no post today; or you do not have this request.")
_MOVED_ON = OpenApiResponse(description="Changed or deleted meanwhile, or too late; `detail` says which.")
_FIELDS = OpenApiResponse(description="Fields that cannot be accepted, each with its remedy.")
_ALL = {200: _KEPT, 403: _NOT_YOURS, 404: _NOT_FOUND, 409: _MOVED_ON}


def _opened(note: OpenedNote) -> dict[str, Any]:
    return {
        "id": str(note.id),
        "text": note.text,
        "at": iso(note.at),
        "made_at": iso(note.made_at),
        "version": note.newest,
        "by": note.by,
        "mine": note.is_mine,
        "earlier": [{"at": iso(at), "text": text} for at, text in note.earlier],
    }


def _kept(note: Note) -> dict[str, Any]:
    until: datetime | None = note.deleted_at + UNDO_WITHIN if note.deleted_at else None
    return {
        "id": str(note.pk),
        "version": note.newest,
        "made_at": iso(note.made_at),
        "undo_until": iso(until),
    }


class Notes(DeskView):
    """What helpers keep for themselves beside a conversation."""

    @extend_schema(
        operation_id="desk_notes_list",
        summary="The notes beside a request that you may read, oldest first; logged where there are any",
        responses={200: _LIST, 403: _NOT_YOURS, 404: _NOT_FOUND},
    )
    def get(self, request: Request, request_id: UUID) -> Response:
        notes = operations.read_notes(by=self.actor, request_id=request_id)
        found = [_opened(note) for note in notes.opened]
        return Response({"results": found, "next": None, "closed": notes.closed})

    @extend_schema(
        summary="Keep a note beside a request you have",
        request=NoteBody,
        responses={201: _KEPT, 403: _NOT_YOURS, 404: _NOT_FOUND, 422: _FIELDS},
    )
    def post(self, request: Request, request_id: UUID) -> Response:
        text = self.read_body(NoteBody, request)["text"]
        note = operations.add_note(by=self.actor, request_id=request_id, text=text)
        return Response(_kept(note), status=201)


class OneNote(DeskView):
    """A note of one's own."""

    @extend_schema(
        summary="Change a note of yours; what it said before is kept",
        request=NoteChangeBody,
        responses={**_ALL, 422: _FIELDS},
    )
    def patch(self, request: Request, request_id: UUID, note_id: UUID) -> Response:
        body = self.read_body(NoteChangeBody, request)
        note = operations.edit_note(
            by=self.actor, request_id=request_id, note_id=note_id, text=body["text"], seen=body["version"]
        )
        return Response(_kept(note))


class DeleteNote(DeskView):
    """Gone at once, back for ten minutes."""

    @extend_schema(summary="Delete a note of yours; again is fine", request=None, responses=_ALL)
    def post(self, request: Request, request_id: UUID, note_id: UUID) -> Response:
        self.read_nothing(request)
        note = operations.delete_note(by=self.actor, request_id=request_id, note_id=note_id)
        return Response(_kept(note))


class RestoreNote(DeskView):
    """Undoing that."""

    @extend_schema(summary="Have a deleted note back; again is fine", request=None, responses=_ALL)
    def post(self, request: Request, request_id: UUID, note_id: UUID) -> Response:
        self.read_nothing(request)
        note = operations.restore_note(by=self.actor, request_id=request_id, note_id=note_id)
        return Response(_kept(note))
