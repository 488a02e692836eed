"""The record of writes and reads: ids and codes of staff and cases, never names or words. Kept as long as the
municipality's archive plan says; a student sees when, why and which role has read (GDPR Art. 15)."""

from kernel.privacy import Kind

REGISTER = {
    "Entry.id": Kind.TECHNICAL,
    "Entry.at": Kind.STAFF,
    "Entry.actor_kind": Kind.TECHNICAL,
    "Entry.actor_id": Kind.STAFF,
    "Entry.verb": Kind.STAFF,
    "Entry.object_kind": Kind.TECHNICAL,
    "Entry.object_id": Kind.STUDENT,
    "Entry.details": Kind.TECHNICAL,
    "Entry.proof": Kind.SECRET,
    "ReadEntry.id": Kind.TECHNICAL,
    "ReadEntry.at": Kind.STAFF,
    "ReadEntry.actor_kind": Kind.TECHNICAL,
    "ReadEntry.actor_id": Kind.STAFF,
    "ReadEntry.role_id": Kind.STAFF,
    "ReadEntry.case_key_id": Kind.STUDENT,
    "ReadEntry.what": Kind.TECHNICAL,
    "ReadEntry.why": Kind.STUDENT,
    "ReadEntry.proof": Kind.SECRET,
    "Link.number": Kind.TECHNICAL,
    "Link.kind": Kind.TECHNICAL,
    "Link.row_id": Kind.TECHNICAL,
    "Link.hash": Kind.SECRET,
}
