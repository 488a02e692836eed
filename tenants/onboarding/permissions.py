"""Who may do which verb in sign-up. An applicant and a signatory are people without an account: they act by
what their cookie or link proves, and only on their own application.
"""

from uuid import UUID

from kernel import permissions
from kernel.actor import Actor
from tenants.onboarding.models import Application, Signature


def applicant(application_id: UUID) -> Actor:
    """Whoever proved by a code that they read the application's e-mail."""
    return Actor(
        kind="person",
        id=application_id,
        name="applicant",
        scopes=frozenset({f"application:{application_id}"}),
    )


def signatory(signature_id: UUID) -> Actor:
    """Whoever holds the link that was sent to the named signatory."""
    return Actor(
        kind="person", id=signature_id, name="signatory", scopes=frozenset({f"signature:{signature_id}"})
    )


def _own(by: Actor, application: Application) -> bool:
    return by.scopes is not None and f"application:{application.pk}" in by.scopes


def _own_signature(by: Actor, signature: Signature) -> bool:
    return by.scopes is not None and f"signature:{signature.pk}" in by.scopes


def _operator(by: Actor, *about: object) -> bool:
    return by.kind == "person" and by.is_operator and by.scopes is None


def _machine(by: Actor, *about: object) -> bool:
    return by.kind == "machine"


RULES: dict[str, permissions.Rule] = {
    "start": lambda by: True,
    "deliver_code": _machine,
    "fill_in": _own,
    "pass_gate": _own,
    "submit": _own,
    "withdraw": _own,
    "sign": _own_signature,
    "match_organisation": _operator,
    "decide": _operator,
    "list": _operator,
    "found": _machine,
    "expire": _machine,
    "publish": _machine,
    "rehearse": lambda by: by.is_administrator and by.scopes is None,
}

permissions.register("onboarding", RULES)
