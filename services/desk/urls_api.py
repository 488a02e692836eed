"""The desk's doors under /api/v1/desk/."""

from django.urls import path

from services.desk import api, api_contacts, api_handovers, api_notes

app_name = "desk_api"
_ONE = "requests/<uuid:request_id>"
urlpatterns = [
    path("requests", api.Requests.as_view(), name="requests"),
    path("search", api.Search.as_view(), name="search"),
    path(_ONE, api.OneRequest.as_view(), name="request"),
    path(f"{_ONE}/take", api.Take.as_view(), name="take"),
    path(f"{_ONE}/files/<int:number>", api.OneFile.as_view(), name="file"),
    path(f"{_ONE}/messages", api.Messages.as_view(), name="messages"),
    path(f"{_ONE}/contact", api_contacts.Contact.as_view(), name="contact"),
    path(f"{_ONE}/contact/<uuid:attempt_id>/undo", api_contacts.UndoContact.as_view(), name="undo_contact"),
    path(f"{_ONE}/no-answer", api_contacts.NoAnswer.as_view(), name="no_answer"),
    path(f"{_ONE}/no-answer/undo", api_contacts.UndoNoAnswer.as_view(), name="undo_no_answer"),
    path(f"{_ONE}/close", api.Close.as_view(), name="close"),
    path(f"{_ONE}/record", api.Record.as_view(), name="record"),
    path(f"{_ONE}/notes", api_notes.Notes.as_view(), name="notes"),
    path(f"{_ONE}/notes/<uuid:note_id>", api_notes.OneNote.as_view(), name="note"),
    path(f"{_ONE}/notes/<uuid:note_id>/delete", api_notes.DeleteNote.as_view(), name="delete_note"),
    path(f"{_ONE}/notes/<uuid:note_id>/restore", api_notes.RestoreNote.as_view(), name="restore_note"),
    path(f"{_ONE}/handovers", api_handovers.Handovers.as_view(), name="handovers"),
    path(f"{_ONE}/recuse", api_handovers.Recuse.as_view(), name="recuse"),
    path(f"{_ONE}/recuse/undo", api_handovers.UndoRecusal.as_view(), name="undo_recusal"),
    path("handovers/<uuid:handover_id>/accept", api_handovers.Accept.as_view(), name="accept"),
    path("handovers/<uuid:handover_id>/decline", api_handovers.Decline.as_view(), name="decline"),
    path("handovers/<uuid:handover_id>/withdraw", api_handovers.Withdraw.as_view(), name="withdraw"),
]
