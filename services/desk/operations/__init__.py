"""The verbs of the desk itself: searching, private notes, drafts. What is done to a request is services.contact's."""

from services.desk.operations.drafting import (
    drop_draft,
    forget_drafts,
    is_of_form,
    read_drafts,
    save_draft,
    take_back_contact,
    take_back_reply,
)
from services.desk.operations.noting import (
    UNDO_WITHIN,
    Notes,
    OpenedNote,
    add_note,
    delete_note,
    edit_note,
    forget_deleted_notes,
    read_notes,
    restore_note,
)
from services.desk.operations.searching import MOST, Found, search

__all__ = [
    "MOST",
    "UNDO_WITHIN",
    "Found",
    "Notes",
    "OpenedNote",
    "add_note",
    "delete_note",
    "drop_draft",
    "edit_note",
    "forget_deleted_notes",
    "forget_drafts",
    "is_of_form",
    "read_drafts",
    "read_notes",
    "restore_note",
    "save_draft",
    "search",
    "take_back_contact",
    "take_back_reply",
]
