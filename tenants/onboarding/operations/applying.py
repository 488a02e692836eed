"""Starting: who we are, and a code by e-mail that proves somebody reads it."""

import hmac
import secrets
from datetime import timedelta
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from kernel import clock, mailbox
from kernel.actor import Actor
from kernel.crypto.keys import keyed_hash
from kernel.errors import FieldError, Invalid
from kernel.outbox.operations import queue
from kernel.permissions import require
from kernel.plain import hidden_signs
from tenants.onboarding import organisation_numbers, states
from tenants.onboarding.models import Application, EmailCode
from tenants.onboarding.operations.rows import as_operator, audit, locked, move
from tenants.onboarding.permissions import applicant
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
) -> UUID:
    """Begin (or come back to) an application and send a code to `email`. Returns the application's id.

    The same e-mail with the same organisation comes back to its open application. Raises Invalid.
    """
    require(by, "onboarding.start")
    number, address, name = _checked(country, kind, organisation_number, email, contact_name)
    with as_operator():
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
        _send(application, language)
        audit(application, by=by, verb="send_code")
        return application.pk


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


def resume(*, email: str, language: str, by: Actor) -> UUID:
    """Send a code to whoever wants to go on. The answer is the same whether we know the address or not."""
    require(by, "onboarding.start")
    address = mailbox.spelled(email)
    with as_operator():
        application = (
            Application.objects.select_for_update(of=("self",))
            .filter(email=address, state__in=states.OPEN)
            .order_by("-opened_at")
            .first()
        )
        if application is None or not address:
            return uuid4()
        _send(application, language)
        audit(application, by=by, verb="send_code")
        return application.pk


def send_code(*, application_id: UUID, language: str, by: Actor) -> None:
    """One more code. Silent for an application that is not there: nobody learns who has signed up."""
    require(by, "onboarding.start")
    with as_operator():
        application = (
            Application.objects.select_for_update(of=("self",))
            .filter(pk=application_id, state__in=states.OPEN)
            .first()
        )
        if application is not None:
            _send(application, language)
            audit(application, by=by, verb="send_code")


def _send(application: Application, language: str) -> None:
    """A fresh code replaces older ones; at most five an hour to one address."""
    now = clock.now()
    lately = EmailCode.objects.filter(
        application__email=application.email, sent_at__gt=now - timedelta(hours=1)
    )
    if lately.count() >= states.CODES_AN_HOUR:
        raise Invalid(
            code=_("We have sent several codes to this address. Use the newest one, or wait an hour.")
        )
    EmailCode.objects.filter(application=application, used_at=None, expires_at__gt=now).update(expires_at=now)
    digits = f"{secrets.randbelow(1_000_000):06}"
    row = EmailCode.objects.create(
        application=application,
        code_hash=_hash(application.pk, digits),
        sent_at=now,
        expires_at=now + states.CODE_LIFE,
    )
    queue(
        cause=f"onboarding.code:{row.pk}",
        to=application.email,
        template="onboarding/code",
        language=language,
        context={
            "code": f"{digits[:3]} {digits[3:]}",
            "minutes": int(states.CODE_LIFE.total_seconds() // 60),
        },
    )


def _hash(application_id: UUID, digits: str) -> bytes:
    return keyed_hash("token", f"onboarding.code:{application_id}:{digits}".encode())


def verify(*, application_id: UUID, code: str, by: Actor) -> UUID:
    """Prove that the code arrived. Returns the application's id.

    Every wrong try is counted and committed before Invalid is raised (field `code`, words for wrong, used,
    too late and too often); after five the code is dead whatever is typed.
    """
    require(by, "onboarding.start")
    digits = "".join(c for c in code if c.isdigit())
    with as_operator():
        refusal = _try(application_id, digits)
    if refusal:
        raise Invalid(code=refusal)
    return application_id


def _try(application_id: UUID, digits: str) -> str:
    """ "" when the code was right and is now used; otherwise the words. Runs in the caller's transaction."""
    now = clock.now()
    application = Application.objects.select_for_update(of=("self",)).filter(pk=application_id).first()
    newest = application.codes.order_by("-sent_at", "-pk").first() if application else None
    if application is None or newest is None or application.state not in states.OPEN:
        return _("This code is wrong. Look at the newest message once more.")
    if newest.used_at is not None:
        return _("This code has been used. Ask for a new one.")
    if newest.attempts >= states.CODE_ATTEMPTS:
        return _("That was too many tries. Ask for a new code.")
    if now >= newest.expires_at:
        return _("This code is too old. Ask for a new one.")
    newest.attempts += 1
    right = hmac.compare_digest(bytes(newest.code_hash), _hash(application.pk, digits))
    if right:
        newest.used_at = now
    newest.save(update_fields=["attempts", "used_at"])
    if not right:
        return _("This code is wrong. Look at the newest message once more.")
    if application.state == states.CODE_SENT:
        move(application, states.VERIFIED)
        application.verified_at, application.expires_at, application.warned_at = now, now + states.LIFE, None
        application.save(update_fields=["state", "verified_at", "expires_at", "warned_at"])
    audit(application, by=applicant(application.pk), verb="verify")
    return ""


def withdraw(*, application_id: UUID, by: Actor) -> None:
    """The applicant changes their mind: everything about them is erased, the rehearsal portal is taken
    down.
    """
    from tenants.onboarding.operations.founding import take_down_later

    allowed = states.before(states.WITHDRAWN)
    with locked(application_id, by=by, verb="withdraw", in_states=allowed) as application:
        move(application, states.WITHDRAWN)
        application.decided_at = clock.now()
        take_down_later(application)
        erase(application)
        application.save()
        audit(application, by=by, verb="withdraw")
