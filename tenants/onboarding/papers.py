"""The pre-filled papers: agreement, impact assessment, archive plan, in the municipality's language.

Each is a template `onboarding/papers/LANGUAGE/PAPER.html` (nn is read in nb), filled from the set-up. What
is signed is the text as shown: its SHA-256 is stored with the signature, and the signed paper is kept in
the municipality's own files.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.template.loader import get_template
from django.utils import translation

from kernel.tenancy import MunicipalityRef, inside, municipality_by_id
from tenants.onboarding import organisation_numbers
from tenants.onboarding.models import Application, Signature
from tenants.setup.portal import Portal, text_in
from tenants.setup.queries import portal

#: Raised whenever a paper's words change: a signature names the version it signed.
VERSION = "2026-11-26"
AGREEMENT, DPIA, ARCHIVE = "agreement", "dpia", "archive"
PAPERS = (AGREEMENT, DPIA, ARCHIVE)
_READ_IN = {"nn": "nb"}
KEPT_AS = "papers/data-processing-agreement.html"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper ready to be shown: `html` is its body, `hash` the SHA-256 of exactly that."""

    kind: str
    language: str
    html: str
    hash: str


def paper(kind: str, application: Application, language: str, **more: Any) -> Paper:
    """One of PAPERS for this application, in `language` (nn gives nb)."""
    written = _READ_IN.get(language, language)
    context = {**_facts(application, written), **more, "version": VERSION}
    with translation.override(written):
        html = get_template(f"onboarding/papers/{written}/{kind}.html").render(context)
    return Paper(kind, written, html, hashlib.sha256(html.encode()).hexdigest())


def agreement(application: Application, signature: Signature, language: str) -> Paper:
    """The agreement with the signatory's name, role and authority in it."""
    return paper(AGREEMENT, application, language, signatory=signature)


def _facts(application: Application, language: str) -> dict[str, Any]:
    """What the papers say about the municipality: from the set-up where there is one, else from the
    application.
    """
    facts: dict[str, Any] = {
        "name": application.name,
        "number": organisation_numbers.spelled(application.country, application.organisation_number),
        "country": application.country,
        "schools": [application.pilot_school],
        "roles": [],
        "languages": application.languages,
    }
    if application.municipality_id:
        with inside(municipality_by_id(application.municipality_id)):
            facts |= _of_the_door(portal(), language)
    return facts


def _of_the_door(door: Portal, language: str) -> dict[str, Any]:
    roles = {role.key: text_in(role.names, language) for school in door.schools for role in school.roles}
    return {"schools": [school.name for school in door.schools], "roles": list(roles.values())}


def keep_signed_agreement(application: Application, ref: MunicipalityRef) -> None:
    """Put the agreement, as it was signed, into the municipality's own files: its administrators read it
    there.

    Safe to repeat. Raises Signature.DoesNotExist when nobody has signed.
    """
    signature = application.signatures.get(revoked_at=None, signed_at__isnull=False)
    page = get_template("onboarding/papers/signed.html").render(
        {"signature": signature, "language": signature.language}
    )
    with inside(ref):
        if default_storage.exists(KEPT_AS):
            default_storage.delete(KEPT_AS)
        default_storage.save(KEPT_AS, ContentFile(page.encode()))


def kept_agreement() -> bytes | None:
    """The signed agreement of the municipality we are inside."""
    if not default_storage.exists(KEPT_AS):
        return None
    with default_storage.open(KEPT_AS) as file:
        content: bytes = file.read()
        return content
