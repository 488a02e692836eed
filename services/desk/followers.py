"""What the desk keeps beside a conversation goes with it (services.contact.following)."""

from services.contact.following import Follower, because

NOTES = Follower(
    name="notes",
    models=("desk.Note", "desk.NoteVersion"),
    excused=because(
        "a helper's own words to remember by: an internal document in all four countries; two persons can have them "
        "taken out (tenants.walls)",
        "desk.Note.request",
        "desk.Note.made_at",
        "desk.Note.deleted_at",
        "desk.NoteVersion.note",
        "desk.NoteVersion.text",
        "desk.NoteVersion.at",
    ),
)

DRAFTS = Follower(
    name="drafts",
    models=("desk.Draft",),
    excused=because(
        "typed by an adult and not sent to anybody; gone after 30 days",
        "desk.Draft.request",
        "desk.Draft.text",
    ),
)
