"""Keys: wrapped, and nobody's."""

from kernel.privacy import Kind

REGISTER = {
    "MunicipalityKey.id": Kind.TECHNICAL,
    "MunicipalityKey.purpose": Kind.TECHNICAL,
    "MunicipalityKey.version": Kind.TECHNICAL,
    "MunicipalityKey.wrapped": Kind.SECRET,
    "MunicipalityKey.note": Kind.SECRET,
    "MunicipalityKey.made_at": Kind.TECHNICAL,
    "CaseKey.id": Kind.TECHNICAL,
    "CaseKey.wrapped": Kind.SECRET,
    "CaseKey.wrapped_by": Kind.TECHNICAL,
    "CaseKey.made_at": Kind.STUDENT,
    "CaseKey.destroyed_at": Kind.STUDENT,
}
