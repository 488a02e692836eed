"""What the desk holds of a student and of who helps. Sealed words go with the case key, rows with the request."""

from kernel.privacy import Kind

REGISTER = {
    "Note.id": Kind.TECHNICAL,
    "Note.request": Kind.STUDENT,
    "Note.account": Kind.STAFF,
    "Note.circle": Kind.STAFF,
    "Note.made_at": Kind.STUDENT,
    "Note.newest": Kind.TECHNICAL,
    "Note.deleted_at": Kind.STUDENT,
    "NoteVersion.id": Kind.TECHNICAL,
    "NoteVersion.note": Kind.STUDENT,
    "NoteVersion.number": Kind.TECHNICAL,
    "NoteVersion.text": Kind.CONTENT,
    "NoteVersion.at": Kind.STUDENT,
    "Draft.id": Kind.TECHNICAL,
    "Draft.account": Kind.STAFF,
    "Draft.request": Kind.STUDENT,
    "Draft.kind": Kind.TECHNICAL,
    "Draft.text": Kind.CONTENT,
    "Draft.saved_at": Kind.STAFF,
}
