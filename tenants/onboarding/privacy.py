"""What sign-up holds of people: who applies and who signs, until the application is decided or expires.

`erase` is called by every decision, in its transaction.
"""

from kernel.privacy import Kind
from tenants.onboarding.models import Application

REGISTER = {
    "Application.id": Kind.TECHNICAL,
    "Application.state": Kind.SETTING,
    "Application.country": Kind.SETTING,
    "Application.kind": Kind.SETTING,
    "Application.organisation_number": Kind.SETTING,
    "Application.register_code": Kind.SETTING,
    "Application.email": Kind.STAFF,
    "Application.contact_name": Kind.STAFF,
    "Application.language": Kind.SETTING,
    "Application.name": Kind.SETTING,
    "Application.slug": Kind.SETTING,
    "Application.municipality": Kind.SETTING,
    "Application.pilot_school": Kind.SETTING,
    "Application.languages": Kind.SETTING,
    "Application.default_language": Kind.SETTING,
    "Application.brand": Kind.SETTING,
    "Application.logo": Kind.SETTING,
    "Application.founding_step": Kind.TECHNICAL,
    "Application.opened_at": Kind.SETTING,
    "Application.verified_at": Kind.SETTING,
    "Application.founding_at": Kind.SETTING,
    "Application.submitted_at": Kind.SETTING,
    "Application.expires_at": Kind.SETTING,
    "Application.warned_at": Kind.SETTING,
    "Application.decided_at": Kind.SETTING,
    "Application.decision_reason": Kind.STAFF,
    "Application.question": Kind.STAFF,
    "Application.answer": Kind.STAFF,
    "EmailCode.id": Kind.TECHNICAL,
    "EmailCode.application": Kind.TECHNICAL,
    "EmailCode.address_hash": Kind.STAFF,
    "EmailCode.code_hash": Kind.SECRET,
    "EmailCode.sends": Kind.STAFF,
    "EmailCode.sent_at": Kind.STAFF,
    "EmailCode.expires_at": Kind.STAFF,
    "EmailCode.attempts": Kind.STAFF,
    "EmailCode.used_at": Kind.STAFF,
    "Gate.id": Kind.TECHNICAL,
    "Gate.application": Kind.TECHNICAL,
    "Gate.kind": Kind.SETTING,
    "Gate.done_at": Kind.SETTING,
    "Gate.choice": Kind.SETTING,
    "Gate.decided_on": Kind.SETTING,
    "Gate.account_id": Kind.STAFF,
    "Signature.id": Kind.TECHNICAL,
    "Signature.application": Kind.TECHNICAL,
    "Signature.name": Kind.STAFF,
    "Signature.role": Kind.STAFF,
    "Signature.authority": Kind.STAFF,
    "Signature.email": Kind.STAFF,
    "Signature.language": Kind.SETTING,
    "Signature.token_hash": Kind.SECRET,
    "Signature.sent_at": Kind.SETTING,
    "Signature.expires_at": Kind.SETTING,
    "Signature.revoked_at": Kind.SETTING,
    "Signature.signed_at": Kind.STAFF,
    "Signature.text_version": Kind.SETTING,
    "Signature.text_hash": Kind.SECRET,
    "Signature.text": Kind.STAFF,
    "PublishedSchool.id": Kind.TECHNICAL,
    "PublishedSchool.municipality": Kind.SETTING,
    "PublishedSchool.school_id": Kind.SETTING,
    "PublishedSchool.name": Kind.SETTING,
    "PublishedSchool.slug": Kind.SETTING,
    "PublishedSchool.changed_at": Kind.SETTING,
}


def erase(application: Application) -> None:
    """Forget every person of a decided application.

    The signed agreement is by then in the municipality's own files.
    """
    application.email = application.contact_name = application.question = application.answer = ""
    application.signatures.update(name="", role="", authority="", email="", text="")
    application.codes.all().delete()
