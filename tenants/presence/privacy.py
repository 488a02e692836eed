"""What presence holds: days of staff, and who answers for whom. Never why somebody is away."""

from kernel.privacy import Kind

REGISTER: dict[str, Kind] = {
    "Absence.id": Kind.TECHNICAL,
    "Absence.account": Kind.STAFF,
    "Absence.first_day": Kind.STAFF,
    "Absence.last_day": Kind.STAFF,
    "Substitute.id": Kind.TECHNICAL,
    "Substitute.post": Kind.STAFF,
    "Substitute.account": Kind.STAFF,
    "Substitute.order": Kind.STAFF,
    "ToldGap.id": Kind.TECHNICAL,
    "ToldGap.role": Kind.TECHNICAL,
    "ToldGap.school": Kind.TECHNICAL,
    "ToldGap.first_day": Kind.TECHNICAL,
    "ToldGap.last_day": Kind.TECHNICAL,
    "ToldGap.told_on": Kind.TECHNICAL,
}
