"""Invite, rename, deactivate, sign out. The only code that writes accounts."""

from collections.abc import Callable
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext as _

from kernel import clock, mailbox, outbox
from kernel.actor import Actor
from kernel.audit import operations as audit
from kernel.errors import Conflict, FieldError, Invalid, NotFound
from kernel.outbox.operations import forget_recipient
from kernel.people.identity import invitations
from kernel.people.identity import operations as identity
from kernel.people.models import Account, ExternalIdentity, IdentityProvider, LinkedDoor
from kernel.permissions import require
from kernel.plain import hidden_signs
from kernel.tenancy import require_current

type EndOfSessions = Callable[[Account], object]
_on_end_of_sessions: list[EndOfSessions] = []


def on_end_of_sessions(callback: EndOfSessions) -> EndOfSessions:
    """Register what else ends when all sessions of an account end: called in the same transaction."""
    if callback not in _on_end_of_sessions:
        _on_end_of_sessions.append(callback)
    return callback


@transaction.atomic
def invite(
    *,
    by: Actor,
    email: str,
    name: str,
    language: str = "",
    is_administrator: bool = False,
    is_invented: bool = False,
) -> Account:
    """Give a person an account and tell them by mail. The same address again: same account, no mail.

    An account that was deactivated comes back and is told so. Raises Invalid (email, name), NotAllowed.
    """
    require(by, "people.invite")
    address, name = _checked(email, name)
    account = Account.objects.select_for_update().filter(email=address).first()
    if account is not None and account.is_active:
        return _promoted(by, account) if is_administrator and not account.is_administrator else account
    if account is None:
        account = Account(email=address, name=name, language=language, is_invented=is_invented)
    account.is_administrator = is_administrator
    account.is_active, account.deactivated_at = True, None
    account.invited_at = clock.now()
    account.save()
    _record(by, "invite", account, administrator=is_administrator)
    outbox.queue(
        cause=f"invited:{account.invited_at.isoformat()}",
        to=account,
        template="people/invited",
        context={"invitation": invitations.token_for(account)},
    )
    return account


def _checked(email: str, name: str) -> tuple[str, str]:
    """Address and name as they are kept. Raises Invalid naming everything that is wrong."""
    errors, name = _wrong_name(name.strip()), name.strip()
    if len(email) > mailbox.LONGEST:
        errors.append(FieldError("email", _("This address is too long: at most 254 characters.")))
    elif not mailbox.is_address(email):
        errors.append(FieldError("email", _("Write an e-mail address, such as name@municipality.no.")))
    if errors:
        raise Invalid(errors)
    return mailbox.checked(email), name


def _wrong_name(name: str) -> list[FieldError]:
    if not name:
        return [FieldError("name", _("Write the person's name."))]
    if len(name) > 200:
        return [FieldError("name", _("This name is too long: at most 200 characters."))]
    return hidden_signs(name=name)


def _promoted(by: Actor, account: Account) -> Account:
    account.is_administrator = True
    account.save(update_fields=["is_administrator"])
    _record(by, "make_administrator", account)
    return account


def _record(by: Actor, verb: str, account: Account, **details: bool) -> None:
    audit.record(by=by, verb=f"people.{verb}", kind="account", object_id=account.pk, **details)


def _locked(account_id: UUID) -> Account:
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise NotFound
    return account


@transaction.atomic
def rename(*, by: Actor, account_id: UUID, name: str, language: str | None = None) -> Account:
    """Change a person's name and, when given, language. Raises Invalid, NotAllowed, NotFound."""
    require(by, "people.rename", account_id)
    account = _locked(account_id)
    name = name.strip()
    if errors := _wrong_name(name):
        raise Invalid(errors)
    account.name = name
    if language is not None:
        account.language = language
    account.save(update_fields=["name", "language"])
    _record(by, "rename", account)
    return account


@transaction.atomic
def change_email(*, by: Actor, account_id: UUID, email: str) -> Account:
    """Give an account another address; every session ends. Raises Invalid, Conflict when it is taken."""
    require(by, "people.change_email")
    account = _locked(account_id)
    address, _name = _checked(email, account.name)
    if Account.objects.filter(email=address).exclude(pk=account.pk).exists():
        raise Conflict(_("Somebody here has this address already."))
    account.email, account.last_login = address, None  # nobody has shown that they read the new mailbox
    account.save(update_fields=["email", "last_login"])
    EmailAddress.objects.filter(user_id=account.pk).delete()
    _end_sessions(account)
    _record(by, "change_email", account)
    return account


@transaction.atomic
def make_administrator(*, by: Actor, account_id: UUID, is_administrator: bool) -> Account:
    """Make a person administrator or take it back. The last administrator stays one (Conflict)."""
    require(by, "people.make_administrator")
    account = _locked(account_id)
    if account.is_administrator and not is_administrator:
        _refuse_without_administrator(account)
    account.is_administrator = is_administrator
    account.save(update_fields=["is_administrator"])
    audit.record(
        by=by,
        verb="people.make_administrator",
        kind="account",
        object_id=account.pk,
        administrator=is_administrator,
    )
    return account


def _refuse_without_administrator(leaving: Account) -> None:
    """At least one other active administrator must be left, and one who needs no provider to get in.

    Locks them, so that two cannot leave at once.
    """
    others = Account.objects.select_for_update().filter(is_administrator=True, is_active=True)
    if not [one for one in others.order_by("pk") if one.pk != leaving.pk]:
        raise Conflict(
            _("This is the last administrator. Name another one first."), code="last-administrator"
        )
    _refuse_without_way_in(leaving)


def _refuse_without_way_in(leaving: Account) -> None:
    """A provider can fail: while one is on, an administrator must be able to get in without it."""
    if IdentityProvider.objects.filter(is_on=True).exists() and not identity.somebody_gets_in_without(
        leaving=leaving.pk
    ):
        raise Conflict(
            _("First let another administrator have a passkey or an app of their own: a provider can fail."),
            code="nobody-gets-in-without",
        )


@transaction.atomic
def deactivate(*, by: Actor, account_id: UUID) -> Account:
    """End a person's access now; nothing they wrote goes. The last administrator stays."""
    require(by, "people.deactivate")
    account = _locked(account_id)
    if not account.is_active:
        return account
    if account.is_administrator:
        _refuse_without_administrator(account)
    account.is_active, account.deactivated_at = False, clock.now()
    account.save(update_fields=["is_active", "deactivated_at"])
    _end_sessions(account)
    _record(by, "deactivate", account)
    return account


@transaction.atomic
def erase(*, by: Actor, account_id: UUID) -> Account:
    """Forget who a person is, once their access has ended: name, address, factors, identities, doors, messages to them.

    The row stays without any of it, so that what the log and the conversations name by its id stays true. Again:
    nothing happens. Raises Conflict while they may still sign in.
    """
    require(by, "people.erase")
    account = _locked(account_id)
    if account.is_active:
        raise Conflict(_("End their access first: whoever works here is not forgotten."))
    if account.email == _gone(account):
        return account
    _end_sessions(account)
    Authenticator.objects.filter(user_id=account.pk).delete()
    ExternalIdentity.objects.filter(account=account).delete()
    LinkedDoor.objects.filter(account=account).delete()
    forget_recipient(account.pk)
    account.name, account.email, account.language = "", _gone(account), ""
    account.is_administrator, account.last_login, account.invited_at = False, None, None
    account.save()
    _record(by, "erase", account)
    return account


def _gone(account: Account) -> str:
    """An address that never resolves (RFC 2606), and is nobody's."""
    return f"{account.pk}@erased.invalid"


@transaction.atomic
def sign_out_everywhere(*, by: Actor, account_id: UUID) -> None:
    """End every session and API token of the account, the present one too, at once."""
    require(by, "people.sign_out_everywhere", account_id)
    account = _locked(account_id)
    _end_sessions(account)
    _record(by, "sign_out_everywhere", account)


def _end_sessions(account: Account) -> None:
    """Two ways at once: the rows go, and what they were signed with (the unusable password) changes.

    What else acts as this person (API tokens) ends as well.
    """
    account.set_unusable_password()
    account.save(update_fields=["password"])
    for session in UserSession.objects.filter(user_id=account.pk):
        session.end()
    for callback in _on_end_of_sessions:
        callback(account)


@transaction.atomic
def reset_second_factor(*, by: Actor, account_id: UUID) -> Account:
    """Somebody lost every second factor: take all away, end the sessions; they set one up at next sign-in.

    An administrator does it after having recognised the person. Never for oneself.
    """
    require(by, "people.reset_second_factor")
    if by.id == account_id:
        raise Conflict(_("Ask another administrator: nobody resets their own second factor."))
    account = _locked(account_id)
    if account.is_administrator:
        _refuse_without_way_in(account)
    Authenticator.objects.filter(user_id=account.pk).delete()
    _end_sessions(account)
    _record(by, "reset_second_factor", account)
    outbox.queue(
        cause=f"second-factor-reset:{clock.now().isoformat()}",
        to=account,
        template="people/second-factor-reset",
    )
    return account


@transaction.atomic
def warn_of_strangers(*, by: Actor, account: Account | None, what: str) -> None:
    """Tell somebody, at most once a day, that strangers try to sign in as them (`what`: many-codes, many-factors).

    For an address without an account the same is done and undone, so that the time it takes says nothing.
    """
    require(by, "people.warn_of_strangers")
    real = account is not None and account.is_active
    told = outbox.queue(
        cause=f"{what}:{clock.now().date().isoformat()}",
        to=account if account is not None and real else "nobody@invalid.example",
        template=f"people/{what}",
    )
    if told is not None:
        audit.record(
            by=by, verb="people.warn_of_strangers", kind="account", object_id=account.pk if account else ""
        )
    if not real:
        transaction.set_rollback(True)


@transaction.atomic
def make_operator(*, by: Actor, email: str, name: str, is_invented: bool = False) -> Account:
    """An account of the platform's own staff, in the operator's schema. Only the machine may."""
    require(by, "people.make_operator")
    if require_current().kind != "operator":
        raise Conflict(_("Operators live in the operator's own schema."))
    account = invite(by=by, email=email, name=name, is_administrator=True, is_invented=is_invented)
    if not account.is_operator:
        account.is_operator = True
        account.save(update_fields=["is_operator"])
        _record(by, "make_operator", account)
    return account
