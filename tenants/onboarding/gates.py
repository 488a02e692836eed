"""The gates as a checklist: which there are, which are passed, what is missing. Reads only."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel import mailbox
from kernel.people.models import Account
from kernel.tenancy import inside, municipality_by_id, operator
from tenants.onboarding.feasibility import feasibility
from tenants.onboarding.models import Application, Signature
from tenants.onboarding.models import Gate as Row
from tenants.onboarding.queries import standing, taken_by
from tenants.setup.portal import text_in

ORDER = ("agreement", "dpia", "archive", "deputy", "promise", "organisation")


@dataclass(frozen=True, slots=True)
class Gate:
    """One line of the checklist. `applicants`: theirs to pass (the organisation number is the operator's)."""

    kind: str
    done: str
    to_do: str
    meaning: str
    passed: bool
    done_at: datetime | None = None
    choice: str = ""
    decided_on: date | None = None
    applicants: bool = True
    missing: list[str] = field(default_factory=list)
    signature: Signature | None = None

    @property
    def title(self) -> str:
        """What is to be done, until it is; then that it is."""
        return self.done if self.passed else self.to_do


def of(application: Application) -> list[Gate]:
    """All gates of an application that has a portal, in the order they are shown."""
    with inside(operator()):
        return _of(application)


def _of(application: Application) -> list[Gate]:
    rows = {row.kind: row for row in application.gates.all()}
    made: dict[str, Any] = {
        "agreement": _agreement(application),
        "promise": _promise(application),
        **{kind: _stored(kind, rows.get(kind)) for kind in Row.Kind.values},
    }
    if made["deputy"].passed and not another_administrator(application):
        waits = _("They have not signed in yet. The invitation is in their mailbox.")
        made["deputy"] = replace(made["deputy"], passed=False, missing=[waits])
    if holder := standing(application):
        made["organisation"] = replace(made["organisation"], passed=False, missing=[taken_by(holder)])
    return [made[kind] for kind in ORDER]


def another_administrator(application: Application) -> bool:
    """Whether somebody real, active and other than the applicant can act in the municipality today.

    Somebody who has never signed in has not shown that there is anybody behind the address.
    """
    if not application.municipality_id:
        return False
    with inside(municipality_by_id(application.municipality_id)):
        real = Account.objects.filter(is_administrator=True, is_active=True, is_invented=False)
        emails = list(real.exclude(last_login=None).values_list("email", flat=True))
    return any(not mailbox.same(email, application.email) for email in emails)


def _texts() -> dict[str, tuple[str, str, str]]:
    """(done, to do, what it means) of each gate."""
    return {
        "agreement": (
            _("The agreement is signed"),
            _("Have the agreement signed"),
            _("Somebody who may sign for you reads the data-processing agreement and signs it by link."),
        ),
        "dpia": (
            _("The impact assessment is approved"),
            _("Approve the impact assessment"),
            _("You have read it, and your data-protection officer has given advice."),
        ),
        "archive": (
            _("The archive is decided"),
            _("Decide about the archive"),
            _("You have decided what is kept, and what is deleted, and when."),
        ),
        "deputy": (
            _("A deputy is named"),
            _("Name a deputy"),
            _("A second administrator can act when you are away. A neighbour's may serve."),
        ),
        "promise": (
            _("The promise can be kept"),
            _("Have somebody who can keep the promise"),
            _("Every role at every open school has somebody real, and the calendar opens often enough."),
        ),
        "organisation": (
            _("The organisation number matches"),
            _("We check the organisation number"),
            _("We look the number up in the public register. You need not do anything."),
        ),
    }


def _stored(kind: str, row: Row | None) -> Gate:
    return Gate(
        kind,
        *_texts()[kind],
        passed=row is not None,
        done_at=row.done_at if row else None,
        choice=row.choice if row else "",
        decided_on=row.decided_on if row else None,
        applicants=kind != "organisation",
    )


def _agreement(application: Application) -> Gate:
    signature = application.signatures.filter(revoked_at=None).first()
    signed = signature.signed_at if signature else None
    return Gate(
        "agreement", *_texts()["agreement"], passed=signed is not None, done_at=signed, signature=signature
    )


def _promise(application: Application) -> Gate:
    texts = _texts()["promise"]
    if not application.municipality_id:
        return Gate("promise", *texts, passed=False)
    found = feasibility(municipality_by_id(application.municipality_id))
    language = get_language() or "en"
    missing = [
        _("Nobody real is %(role)s at %(school)s yet.") % {"role": text_in(names, language), "school": school}
        for school, names in found.nobody
    ]
    if not found.schools:
        missing.append(_("No school is open yet."))
    return Gate("promise", *texts, passed=found.feasible, missing=[*missing, *found.problems])
