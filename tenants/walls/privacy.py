"""What the walls hold: who of the staff was let into which case, by whom, when and until when. The reasons are about
the student: sealed under the case's key, gone when it goes."""

from kernel.privacy import Kind

REGISTER = {
    "Grant.id": Kind.TECHNICAL,
    "Grant.case_key": Kind.STUDENT,
    "Grant.account": Kind.STAFF,
    "Grant.given_by": Kind.STAFF,
    "Grant.basis": Kind.STUDENT,
    "Grant.reason": Kind.CONTENT,
    "Grant.given_at": Kind.STUDENT,
    "Grant.ends_at": Kind.STUDENT,
    "Grant.withdrawn_at": Kind.STUDENT,
    "Opening.id": Kind.TECHNICAL,
    "Opening.case_key": Kind.STUDENT,
    "Opening.case_number": Kind.STUDENT,
    "Opening.role": Kind.STUDENT,
    "Opening.school": Kind.STUDENT,
    "Opening.basis": Kind.STUDENT,
    "Opening.scope": Kind.STUDENT,
    "Opening.reason": Kind.CONTENT,
    "Opening.reader": Kind.STAFF,
    "Opening.asked_by": Kind.STAFF,
    "Opening.asked_at": Kind.STUDENT,
    "Opening.hours": Kind.TECHNICAL,
    "Opening.is_told": Kind.STUDENT,
    "Opening.untold_reason": Kind.CONTENT,
    "Opening.confirmed_by": Kind.STAFF,
    "Opening.confirmed_at": Kind.STUDENT,
    "Opening.ends_at": Kind.STUDENT,
    "Opening.ended_at": Kind.STUDENT,
}
