"""What promises hold: no words. A promise is a clock about a subject, erased with it."""

from kernel.privacy import Kind

REGISTER = {
    "Promise.id": Kind.TECHNICAL,
    "Promise.kind": Kind.STUDENT,
    "Promise.subject_kind": Kind.TECHNICAL,
    "Promise.subject_id": Kind.STUDENT,
    "Promise.school": Kind.STUDENT,
    "Promise.role": Kind.STUDENT,
    "Promise.calendar_version": Kind.TECHNICAL,
    "Promise.opened_at": Kind.STUDENT,
    "Promise.due_at": Kind.STUDENT,
    "Promise.answered_at": Kind.STUDENT,
    "Promise.outcome": Kind.STUDENT,
    "Promise.kept_at": Kind.STUDENT,
    "Promise.broken_at": Kind.STUDENT,
    "Promise.corrected_at": Kind.STUDENT,
    "Promise.ended_at": Kind.STUDENT,
    "Promise.remind_at": Kind.TECHNICAL,
    "Promise.reminded": Kind.TECHNICAL,
    "Promise.explained": Kind.STAFF,
    "Promise.explained_at": Kind.STAFF,
    "Promise.guarantee": Kind.SETTING,
    "Promise.went_from": Kind.STAFF,
    "PromisePause.id": Kind.TECHNICAL,
    "PromisePause.promise": Kind.STUDENT,
    "PromisePause.starts_at": Kind.STUDENT,
    "PromisePause.ends_at": Kind.STUDENT,
    "PromisePause.latest_at": Kind.SETTING,
    "PromisePause.turn_since": Kind.STUDENT,
}
