"""The gates of a rehearsing municipality: what must be in order before we are asked to open the door."""

import hashlib
import secrets
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from kernel import clock, mailbox
from kernel.actor import MACHINE, Actor
from kernel.errors import Conflict, FieldError, Invalid, NotFound
from kernel.outbox.links import address
from kernel.outbox.operations import queue
from kernel.people.models import Account
from kernel.people.operations import deactivate, invite, make_administrator
from kernel.permissions import require
from kernel.plain import has_hidden_signs, hidden_signs
from kernel.tenancy import inside, municipality_by_id, operator
from tenants.onboarding import gates, papers, states
from tenants.onboarding.models import Application, Gate, Signature
from tenants.onboarding.operations.codes import may_mail
from tenants.onboarding.operations.rows import as_operator, audit, locked, move
from tenants.setup.models import Post

ARCHIVE_CHOICES = ("delete", "own_archive", "national_archive")
ADVICE_CHOICES = ("supports", "supports_with_conditions")
_WORKING = (states.REHEARSING, states.QUESTION)


def invite_signatory(
    *, application_id: UUID, name: str, role: str, authority: str, email: str, language: str, by: Actor
) -> None:
    """Send a named person, who may bind the municipality, a link to read and sign the agreement.

    Another link that is still open stops working. Raises Invalid (name, role, authority, email).
    """
    given = {
        key: " ".join(value.split())
        for key, value in (("name", name), ("role", role), ("authority", authority))
    }
    where = mailbox.spelled(email)
    words = {
        "name": _("Write the name, 2 to 100 letters."),
        "role": _("Write their role, 2 to 100 letters."),
        "authority": _("Write why they may sign, 2 to 100 letters."),
    }
    errors = [FieldError(key, words[key]) for key, value in given.items() if not 2 <= len(value) <= 100]
    errors += hidden_signs(**given) + _wrong_address(where) or _too_many(where, application_id)
    with locked(application_id, by=by, verb="pass_gate", in_states=_WORKING) as application:
        if mailbox.same(where, application.email):
            errors.append(
                FieldError("email", _("Somebody else must sign: you cannot send the link to yourself."))
            )
        if errors:
            raise Invalid(errors)
        if application.signatures.filter(revoked_at=None, signed_at__isnull=False).exists():
            raise Conflict(_("The agreement is signed already."))
        now, token = clock.now(), secrets.token_urlsafe(24)
        application.signatures.filter(revoked_at=None).update(revoked_at=now)
        signature = Signature.objects.create(
            application=application, email=where, language=language, token_hash=_hash(token), sent_at=now,
            expires_at=now + states.SIGNING_LIFE, **given,
        )  # fmt: skip
        queue(
            cause=f"onboarding.sign:{signature.pk}", to=where, template="onboarding/sign", language=language,
            context={"link": address(f"/sign/{token}/"), "municipality": application.name},
        )  # fmt: skip
        audit(application, by=by, verb="invite_signatory", signature=str(signature.pk))


def _wrong_address(email: str) -> list[FieldError]:
    if not mailbox.is_address(email):
        return [
            FieldError("email", _("This does not look like an e-mail address. Write it like name@place.no."))
        ]
    return []


def _too_many(email: str, application_id: UUID) -> list[FieldError]:
    """Counts this message: five a day to one address, and so that one sign-up writes to few, twenty of its own."""
    if may_mail(email, "link") and may_mail(
        str(application_id), "invitations", most=states.INVITATIONS_A_DAY
    ):
        return []
    return [FieldError("email", _("That is enough messages for today. Try again tomorrow."))]


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def signature_of(token: str) -> Signature:
    """The open or signed signature this link belongs to.

    Raises NotFound: in words of its own for a link that a newer one has replaced and for one that is too old (only
    who holds it learns so), in the same words for every other.
    """
    with inside(operator()):
        found = (
            Signature.objects.select_related("application")
            .filter(token_hash=_hash(token), application__state__in=states.WITH_PORTAL)
            .first()
        )
    if found is None:
        raise NotFound(_("This link is not in use any more. Ask whoever sent it for a new one."))
    if found.revoked_at is not None:
        raise NotFound(_("A newer link has replaced this one. Look for the newest message."))
    if found.signed_at is None and clock.now() >= found.expires_at:
        raise NotFound(_("This link is too old. Ask whoever sent it for a new one."))
    return found


def sign(*, signature_id: UUID, text_hash: str, language: str, by: Actor) -> None:
    """Sign the agreement as it was shown in `language`.

    Once: a signed one cannot be signed again, a changed text must be read anew.
    """
    with as_operator():
        row = (
            Signature.objects.select_for_update(of=("self",))
            .select_related("application")
            .filter(pk=signature_id)
            .first()
        )
        if row is None:
            raise NotFound(_("This link is not in use any more. Ask whoever sent it for a new one."))
        require(by, "onboarding.sign", row)
        application, now = row.application, clock.now()
        if row.signed_at is not None:
            raise Conflict(_("The agreement is signed already."))
        if row.revoked_at or now >= row.expires_at or application.state not in states.WITH_PORTAL:
            raise NotFound(_("This link is not in use any more. Ask whoever sent it for a new one."))
        paper = papers.agreement(application, row, language)
        if paper.hash != text_hash:
            raise Conflict(_("The text has changed since you opened it. Read it once more."))
        row.signed_at, row.text_version, row.text_hash = now, papers.VERSION, paper.hash
        row.text, row.language = paper.html, paper.language
        row.save(update_fields=["signed_at", "text_version", "text_hash", "text", "language"])
        audit(application, by=by, verb="sign", signature=str(row.pk), text=papers.VERSION)


def pass_dpia(*, application_id: UUID, advice: str, decided_on: date | None, by: Actor) -> None:
    """The impact assessment is approved and the data-protection officer has given advice. Raises Invalid."""
    _pass(application_id, Gate.Kind.DPIA, advice, ADVICE_CHOICES, decided_on, by)


def decide_archive(*, application_id: UUID, choice: str, decided_on: date | None, by: Actor) -> None:
    """What becomes of records when their time is over. Raises Invalid."""
    _pass(application_id, Gate.Kind.ARCHIVE, choice, ARCHIVE_CHOICES, decided_on, by)


def _pass(
    application_id: UUID,
    kind: Gate.Kind,
    choice: str,
    choices: tuple[str, ...],
    decided_on: date | None,
    by: Actor,
) -> None:
    errors = []
    if choice not in choices:
        errors.append(FieldError("choice", _("Choose one of these.")))
    if decided_on is None or decided_on > clock.now().date():
        errors.append(FieldError("decided_on", _("Write the day it was decided: today or earlier.")))
    if errors:
        raise Invalid(errors)
    with locked(application_id, by=by, verb="pass_gate", in_states=_WORKING) as application:
        Gate.objects.update_or_create(
            application=application, kind=kind,
            defaults={"done_at": clock.now(), "choice": choice, "decided_on": decided_on},
        )  # fmt: skip
        audit(application, by=by, verb=f"pass_{kind}", choice=choice)


def invite_deputy(*, application_id: UUID, name: str, email: str, by: Actor) -> None:
    """A second administrator, who can act when the first is away (a neighbour's may serve).

    One at a time is awaited: whoever was invited before and has not signed in loses what the invitation gave, and
    their link says that it no longer works. Raises Invalid (name, email).
    """
    full, where = " ".join(name.split()), mailbox.spelled(email)
    errors = _wrong_address(where)
    if not 2 <= len(full) <= 100:
        errors.append(FieldError("name", _("Write the name, 2 to 100 letters.")))
    errors += hidden_signs(name=full)
    if not errors:
        errors = _too_many(where, application_id)
    with locked(application_id, by=by, verb="pass_gate", in_states=_WORKING) as application:
        if mailbox.same(where, application.email):
            errors.append(FieldError("email", _("This must be somebody else than you.")))
        former = _awaited(application)
        with inside(municipality_by_id(int(application.municipality_id or 0))):
            if Account.objects.filter(email=where, is_invented=True).exists():
                errors.append(FieldError("email", _("This must be a real person. Nobody invented can act.")))
            if errors:
                raise Invalid(errors)
            before = Account.objects.filter(email=where).first()
            account = invite(
                by=MACHINE, email=where, name=full, language=application.language, is_administrator=True
            )
            given = _given(before)
            if former and former[0] != account.pk:
                _take_back(*former)
            elif former:
                given = former[1] or given
        Gate.objects.update_or_create(
            application=application, kind=Gate.Kind.DEPUTY,
            defaults={"done_at": clock.now(), "account_id": account.pk, "choice": given},
        )  # fmt: skip
        audit(application, by=by, verb="invite_deputy", account=str(account.pk))


#: What a deputy's invitation gave: an account, or the right of an administrator to one that was there.
_ACCOUNT, _RIGHT = "account", "right"


def _given(before: Account | None) -> str:
    if before is None or not before.is_active:
        return _ACCOUNT
    return "" if before.is_administrator else _RIGHT


def _awaited(application: Application) -> tuple[UUID, str] | None:
    """Whom the last invitation went to, and what it gave."""
    row = application.gates.filter(kind=Gate.Kind.DEPUTY).first()
    return (row.account_id, row.choice) if row and row.account_id else None


def _take_back(account_id: UUID, given: str) -> None:
    """Inside the municipality. Somebody who has signed in stays, and somebody the set-up gave a post keeps it."""
    account = Account.objects.filter(pk=account_id, is_active=True, last_login=None).first()
    if account is None or not given:
        return
    if given == _ACCOUNT and not Post.objects.filter(account=account).exists():
        deactivate(by=MACHINE, account_id=account_id)
    else:
        make_administrator(by=MACHINE, account_id=account_id, is_administrator=False)


def submit(*, application_id: UUID, by: Actor) -> None:
    """Ask for approval. Raises Conflict naming the first gate that is still closed."""
    with locked(application_id, by=by, verb="submit", in_states=(states.REHEARSING,)) as application:
        _all_passed(application)
        move(application, states.SUBMITTED)
        application.submitted_at = clock.now()
        application.save(update_fields=["state", "submitted_at"])
        audit(application, by=by, verb="submit")


def _all_passed(application: Application) -> None:
    closed = [gate for gate in gates.of(application) if gate.applicants and not gate.passed]
    if closed:
        raise Conflict(_("Not yet: %(gate)s is still missing.") % {"gate": closed[0].title})


def take_back(*, application_id: UUID, by: Actor) -> None:
    """Back to rehearsing, to change something before we decide."""
    with locked(application_id, by=by, verb="submit", in_states=(states.SUBMITTED,)) as application:
        move(application, states.REHEARSING)
        application.expires_at = max(application.expires_at, clock.now() + states.LIFE)
        application.warned_at = None
        application.save(update_fields=["state", "expires_at", "warned_at"])
        audit(application, by=by, verb="take_back")


def answer(*, application_id: UUID, text: str, by: Actor) -> None:
    """Answer what the operator asked; the application waits for us again.

    Raises Invalid (answer), Conflict.
    """
    words = text.strip()
    if not 2 <= len(words) <= 4000:
        raise Invalid(answer=_("Write an answer, at most 4,000 letters."))
    if any(has_hidden_signs(line.replace("\t", " ")) for line in words.splitlines()):
        raise Invalid(hidden_signs(answer=words))
    with locked(application_id, by=by, verb="submit", in_states=(states.QUESTION,)) as application:
        _all_passed(application)
        move(application, states.SUBMITTED)
        application.answer, application.submitted_at = words, clock.now()
        application.save(update_fields=["state", "answer", "submitted_at"])
        audit(application, by=by, verb="answer")
