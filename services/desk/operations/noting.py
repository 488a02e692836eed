"""Private notes beside a conversation: add, edit, delete, undo; and reading them, the row of the log first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import Reading, record
from kernel.errors import Conflict, NotFound
from kernel.permissions import require
from services.contact import rules
from services.contact.handover_queries import Spans, closed_spans
from services.contact.holding import holder_of
from services.contact.models import SUBJECT, ContactRequest
from services.contact.operations import log_read
from services.contact.queries import case_of, visible_to
from services.desk.models import Note, NoteVersion
from services.desk.operations.keepers import account_of
from tenants.walls.cases import Case
from tenants.walls.facts import circles_at, reader_of, seats, thing_of
from tenants.walls.policy import Act, Decision, Reader, decide

#: How long a deleted note can be had back, and how long after that its words are gone.
UNDO_WITHIN = timedelta(minutes=10)
FORGOTTEN_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class OpenedNote:
    """A note as it is read. `earlier`: (since when, text) of its former versions, newest first."""

    id: UUID
    text: str
    at: datetime
    made_at: datetime
    newest: int
    by: str
    is_mine: bool
    earlier: tuple[tuple[datetime, str], ...]


@dataclass(frozen=True, slots=True)
class Notes:
    """What may be read, oldest first; how many others there are, written under another duty of secrecy."""

    opened: tuple[OpenedNote, ...] = ()
    closed: int = 0


@transaction.atomic
def add_note(*, by: Actor, request_id: UUID, text: str) -> Note:
    """Keep a note, as the one who has the request. Raises NotFound, NotAllowed, Invalid (text)."""
    request = _request(by, request_id)
    clean, now = rules.check_text(text), clock.now()
    case = case_of(request, by.id)
    note = Note.objects.create(
        request=request, account_id=account_of(by), circle=_circle_at_door(by, case), made_at=now
    )
    _write(note, 1, clean, now)
    record(by=by, verb="desk.add_note", kind=SUBJECT, object_id=request.pk, note=str(note.pk))
    return note


@transaction.atomic
def edit_note(*, by: Actor, request_id: UUID, note_id: UUID, text: str, seen: int) -> Note:
    """Change a note of one's own; what it said before is kept. `seen` is the version that was edited.

    Raises Conflict when it has been changed or deleted since.
    """
    note = _own_note(by, request_id, note_id)
    clean = rules.check_text(text)
    if note.deleted_at is not None:
        raise Conflict(_("This note was deleted meanwhile."), code="deleted")
    if note.newest != seen:
        raise Conflict(_("This note was changed in another window. Look at it, then change it again."))
    note.newest += 1
    note.save(update_fields=["newest"])
    _write(note, note.newest, clean, clock.now())
    record(by=by, verb="desk.edit_note", kind=SUBJECT, object_id=note.request_id, note=str(note.pk))
    return note


@transaction.atomic
def delete_note(*, by: Actor, request_id: UUID, note_id: UUID) -> Note:
    """Hide a note of one's own at once; it can be had back for ten minutes. Again: nothing happens."""
    note = _own_note(by, request_id, note_id)
    if note.deleted_at is None:
        note.deleted_at = clock.now()
        note.save(update_fields=["deleted_at"])
        record(by=by, verb="desk.delete_note", kind=SUBJECT, object_id=note.request_id, note=str(note.pk))
    return note


@transaction.atomic
def restore_note(*, by: Actor, request_id: UUID, note_id: UUID) -> Note:
    """Undo deleting. Raises Conflict after ten minutes, NotFound once it is forgotten."""
    note = _own_note(by, request_id, note_id)
    if note.deleted_at is None:
        return note
    if clock.now() - note.deleted_at > UNDO_WITHIN:
        raise Conflict(_("It is too late to get this note back."), code="too-late")
    note.deleted_at = None
    note.save(update_fields=["deleted_at"])
    record(by=by, verb="desk.restore_note", kind=SUBJECT, object_id=note.request_id, note=str(note.pk))
    return note


@transaction.atomic
def forget_deleted_notes(*, by: Actor) -> int:
    """Remove what was deleted more than an hour ago, all its versions with it. Returns how many notes."""
    require(by, "desk.forget")
    old = Note.objects.filter(deleted_at__lt=clock.now() - FORGOTTEN_AFTER)
    ids = list(old.values_list("pk", flat=True))
    if ids:
        Note.objects.filter(pk__in=ids).delete()
        record(by=by, verb="desk.forget_notes", kind=SUBJECT, object_id="all", count=len(ids))
    return len(ids)


@transaction.atomic
def read_notes(*, by: Actor, request_id: UUID, act: Act = "detail") -> Notes:
    """The notes of a request that the walls open to `by`, each read in the log before its words.

    Where there is nothing to open, nothing is logged. Raises NotFound for whoever does not see the request.
    """
    request = visible_to(by).select_related("case_key", "taken_by").filter(pk=request_id).first()
    if request is None:
        raise NotFound()
    notes = list(Note.objects.filter(request=request, deleted_at__isnull=True).select_related("account"))
    if not notes:
        return Notes()
    holder = holder_of(request)
    case, reader = case_of(request, holder.pk if holder else None), reader_of(by)
    circles = _circles(by, case, notes)
    closed = _written_when_closed(request.pk, notes)
    said = {note.pk: _may_read(reader, by, case, note, circles, act, closed) for note in notes}
    readable = [note for note in notes if said[note.pk]]
    if not readable:
        return Notes(closed=len(notes))
    proof = log_read(by, request, "note", said[readable[0].pk].why)
    versions: dict[UUID, list[NoteVersion]] = {}
    for version in NoteVersion.objects.filter(note__in=readable).order_by("-number"):
        versions.setdefault(version.note_id, []).append(version)
    opened = []
    for note in sorted(readable, key=lambda one: (one.made_at, one.pk)):
        note.request = request  # its case key is unwrapped once
        opened.append(_opened(note, versions[note.pk], by, proof))
    return Notes(tuple(opened), len(notes) - len(readable))


def _opened(note: Note, versions: list[NoteVersion], by: Actor, proof: Reading) -> OpenedNote:
    for version in versions:
        version.note = note
    newest, *earlier = versions
    return OpenedNote(
        id=note.pk,
        text=newest.text.open(proof),
        at=newest.at,
        made_at=note.made_at,
        newest=note.newest,
        by=note.account.get_short_name(),
        is_mine=note.account_id == by.id,
        earlier=tuple((one.at, one.text.open(proof)) for one in earlier),
    )


def _written_when_closed(request_id: UUID, notes: list[Note]) -> frozenset[UUID]:
    """Noted, or changed, before a handover by which less than everything followed, or while somebody had it to whom
    the student said no. The whole note then: its newest words are from there.
    """
    spans = closed_spans(request_id)
    if spans == Spans():
        return frozenset()
    written = [(note.pk, note.made_at) for note in notes]
    written += NoteVersion.objects.filter(note__in=notes).values_list("note_id", "at")
    return frozenset(note_id for note_id, at in written if spans.hold(at))


def _circles(by: Actor, case: Case, notes: list[Note]) -> frozenset[str]:
    """Asked only where somebody else has written."""
    if by.id is None or all(note.account_id == by.id for note in notes):
        return frozenset()
    return circles_at(by.id, case)


def _may_read(
    reader: Reader,
    by: Actor,
    case: Case,
    note: Note,
    circles: frozenset[str],
    act: Act,
    closed: frozenset[UUID],
) -> Decision:
    """`closed`: of these notes nothing is open to whom they are not by, circle or not."""
    in_circle = bool(note.circle) and note.circle in circles
    ours = note.account_id == by.id or (in_circle and note.pk not in closed)
    return decide(reader, thing_of(case, by, "note" if ours else "note_of_another_circle"), act)


def _circle_at_door(by: Actor, case: Case) -> str:
    """The circle of the writer's post at the door; "" (nobody else's) where no law is written down."""
    try:
        there = seats(account_id=by.id, role_id=case.role, school_id=case.school)
        return there[0].circle_name if there else ""
    except LookupError:
        return ""


def _write(note: Note, number: int, text: str, at: datetime) -> None:
    version = NoteVersion(note=note, number=number, at=at)
    version.text = text
    version.save(force_insert=True)


def _request(by: Actor, request_id: UUID) -> ContactRequest:
    """Fetched and locked; the one who has it alone keeps notes."""
    found = visible_to(by).select_for_update(of=("self",)).select_related("case_key", "taken_by")
    request = found.filter(pk=request_id).first()
    if request is None:
        raise NotFound()
    require(by, "desk.write_note", request)
    return request


def _own_note(by: Actor, request_id: UUID, note_id: UUID) -> Note:
    """One's own note beside a request that one has; any other does not exist."""
    request = _request(by, request_id)
    note = (
        Note.objects.select_for_update()
        .filter(pk=note_id, request=request, account_id=account_of(by))
        .first()
    )
    if note is None:
        raise NotFound()
    note.request = request
    return note
