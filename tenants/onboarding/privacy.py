"""What personal data sign-up holds, why and how long.

`erase` is called by every decision, in its transaction.
"""

from tenants.onboarding.models import Application

#: model.field → (class, purpose, kept until)
PERSONAL_DATA = {
    "onboarding.Application.email": (
        "contact",
        "to reach the applicant",
        "the application is decided or expires",
    ),
    "onboarding.Application.contact_name": (
        "contact",
        "to know whom we talk to",
        "the application is decided or expires",
    ),
    "onboarding.Application.question": (
        "text",
        "what the operator asked",
        "the application is decided or expires",
    ),
    "onboarding.Application.answer": (
        "text",
        "what the applicant answered",
        "the application is decided or expires",
    ),
    "onboarding.Signature.name": (
        "contact",
        "who signs the agreement",
        "the application is decided or expires",
    ),
    "onboarding.Signature.role": (
        "contact",
        "in which role they sign",
        "the application is decided or expires",
    ),
    "onboarding.Signature.authority": (
        "contact",
        "why they may sign",
        "the application is decided or expires",
    ),
    "onboarding.Signature.text": (
        "contact",
        "the agreement as signed, with the signatory's name",
        "the application is decided or expires",
    ),
    "onboarding.Signature.email": (
        "contact",
        "where the link is sent",
        "the application is decided or expires",
    ),
}


def erase(application: Application) -> None:
    """Forget every person of a decided application.

    The signed agreement is by then in the municipality's own files.
    """
    application.email = application.contact_name = application.question = application.answer = ""
    application.signatures.update(name="", role="", authority="", email="", text="")
    application.codes.all().delete()
