"""Starting, and changing one's mind."""

from uuid import UUID

from django.utils.translation import gettext as _

from kernel import clock, mailbox
from kernel.actor import Actor
from kernel.errors import FieldError, Invalid
from kernel.permissions import require
from kernel.plain import hidden_signs
from tenants.onboarding import organisation_numbers, states
from tenants.onboarding.models import Application
from tenants.onboarding.operations.codes import alone_with, code_for, may_mail
from tenants.onboarding.operations.founding import take_down_later
from tenants.onboarding.operations.rows import as_operator, audit, locked, move
from tenants.onboarding.privacy import erase


def start(
    *,
    country: str,
    kind: str,
    organisation_number: str,
    email: str,
    contact_name: str,
    language: str,
    by: Actor,
) -> int:
    """Begin (or come back to) an application and send a code to `email`. Returns the code's id.

    The same e-mail with the same organisation comes back to its open application. Raises Invalid.
    """
    require(by, "onboarding.start")
    number, address, name = _checked(country, kind, organisation_number, email, contact_name)
    may = may_mail(address)
    with as_operator():
        alone_with(address)
        application = (
            Application.objects.select_for_update(of=("self",))
            .filter(country=country, organisation_number=number, email=address, state__in=states.OPEN)
            .order_by("-opened_at")
            .first()
        )
        if application is None:
            now = clock.now()
            application = Application.objects.create(
                country=country, kind=kind, organisation_number=number, email=address, contact_name=name,
                language=language, opened_at=now, expires_at=now + states.UNVERIFIED_LIFE,
            )  # fmt: skip
            audit(application, by=by, verb="start", country=country)
        elif application.state == states.CODE_SENT:  # nobody has shown who wrote what stands there
            application.kind, application.contact_name, application.language = kind, name, language
            application.save(update_fields=["kind", "contact_name", "language"])
            audit(application, by=by, verb="start", country=country)
        return code_for(address=address, application=application, language=language, may_send=may, by=by)


def _checked(country: str, kind: str, number: str, email: str, name: str) -> tuple[str, str, str]:
    errors: list[FieldError] = []
    normal, address, contact = "", mailbox.spelled(email), " ".join(name.split())
    if country not in organisation_numbers.COUNTRIES:
        raise Invalid(country=_("Choose one of the countries."))
    if kind not in Application.Kind.values:
        errors.append(FieldError("kind", _("Choose municipality or county.")))
    try:
        normal = organisation_numbers.normalise(country, number)
    except Invalid as wrong:
        errors.extend(wrong.errors)
    if not mailbox.is_address(email):
        errors.append(
            FieldError("email", _("This does not look like an e-mail address. Write it like name@place.no."))
        )
    if not 2 <= len(contact) <= 100:
        errors.append(FieldError("contact_name", _("Write your name, at most 100 letters.")))
    errors += hidden_signs(contact_name=contact)
    if errors:
        raise Invalid(errors)
    return normal, address, contact


def withdraw(*, application_id: UUID, by: Actor) -> None:
    """The applicant changes their mind: everything about them is erased, the rehearsal portal is taken
    down.
    """
    allowed = states.before(states.WITHDRAWN)
    with locked(application_id, by=by, verb="withdraw", in_states=allowed) as application:
        move(application, states.WITHDRAWN)
        application.decided_at = clock.now()
        take_down_later(application)
        erase(application)
        application.save()
        audit(application, by=by, verb="withdraw")
