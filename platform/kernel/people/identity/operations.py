"""Set up providers, link and unlink identities. The only code that writes them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kernel import clock, outside
from kernel.actor import Actor, actor_for
from kernel.audit import operations as audit
from kernel.crypto import keys
from kernel.errors import Conflict, FieldError, Invalid, NotFound
from kernel.people.adapter import STRONG
from kernel.people.identity import client_keys, handover, invitations, queries
from kernel.people.models import Account, ExternalIdentity, IdentityProvider, LinkedDoor
from kernel.permissions import require
from kernel.tenancy import MunicipalityRef, inside, require_current

type OnClaims = Callable[[UUID, UUID, Mapping[str, Sequence[str]]], object]
_on_claims: list[OnClaims] = []


def on_claims(callback: OnClaims) -> OnClaims:
    """Register who turns claims into posts: called (account, provider, claim → values) at every sign-in."""
    if callback not in _on_claims:
        _on_claims.append(callback)
    return callback


_on_students_providers: list[Callable[[], None]] = []


def on_students_providers(callback: Callable[[], None]) -> Callable[[], None]:
    """Register who must know, in the same transaction, that the door offers another provider from now on."""
    if callback not in _on_students_providers:
        _on_students_providers.append(callback)
    return callback


def _tell(row: IdentityProvider) -> None:
    if queries.is_for_students(row):
        for callback in _on_students_providers:
            callback()


def _record(by: Actor, verb: str, provider_id: object, **details: str | bool) -> None:
    audit.record(by=by, verb=f"people.{verb}", kind="identity_provider", object_id=provider_id, **details)


@transaction.atomic
def save_provider(
    *,
    by: Actor,
    provider_id: UUID | None = None,
    name: str,
    issuer: str,
    client_id: str,
    method: str,
    secret: str = "",
    asked_acr: Sequence[str] = (),
    two_factor_acr: Sequence[str] = (),
    two_factor_amr: Sequence[str] = (),
    claim_posts: Sequence[Mapping[str, str]] = (),
    purpose: str = IdentityProvider.Purpose.STAFF,
) -> UUID:
    """Write a provider down, new or again. What changes how people get in must be tested anew, and is off till then.

    `secret` "" keeps what there is; for private_key_jwt a key is made when there is none. An issuer that people
    have signed in with stays (a new one is a new provider), and so does whom it is for. What students show gives no
    posts. Raises Invalid (purpose, name, issuer, client_id, method, secret), NotAllowed, NotFound.
    """
    require(by, "people.change_identity_provider")
    row = _locked(provider_id) if provider_id else IdentityProvider()
    name, issuer, client_id = " ".join(name.split()), issuer.strip(), client_id.strip()
    _check(row, purpose, name, issuer, client_id, method, secret.strip())
    row.purpose = purpose
    if queries.is_for_students(row):
        two_factor_amr, claim_posts = (), ()
    before = (row.issuer, row.client_id, row.method, bytes(row.sealed_secret), row.asked_acr)
    told_before = (row.two_factor_acr, row.two_factor_amr)
    row.name, row.issuer, row.client_id = name, issuer, client_id
    _seal(row, method, secret.strip())
    row.method = method
    row.asked_acr, row.claim_posts = list(asked_acr), [dict(one) for one in claim_posts]
    row.two_factor_acr, row.two_factor_amr = list(two_factor_acr), list(two_factor_amr)
    changed = before != (row.issuer, row.client_id, row.method, bytes(row.sealed_secret), row.asked_acr)
    if changed or told_before != (row.two_factor_acr, row.two_factor_amr):
        if row.is_on:
            _end_sessions_of(row)
        row.tested_at, row.is_on = None, False
    row.save()
    _tell(row)
    _record(by, "save_identity_provider", row.pk, untested=row.tested_at is None)
    return row.pk


def _locked(provider_id: UUID) -> IdentityProvider:
    row = IdentityProvider.objects.select_for_update().filter(pk=provider_id).first()
    if row is None:
        raise NotFound
    return row


def _check(
    row: IdentityProvider, purpose: str, name: str, issuer: str, client_id: str, method: str, secret: str
) -> None:
    errors = []
    if purpose not in IdentityProvider.Purpose.values or (row.issuer and purpose != row.purpose):
        errors.append(FieldError("purpose", _("Whom it is for stays. Add a new provider instead.")))
    if not 1 <= len(name) <= 60:
        errors.append(FieldError("name", _("Give it the name people know, at most 60 characters.")))
    if row.first_on_at is not None and issuer != row.issuer:
        errors.append(FieldError("issuer", _("People sign in with this issuer. Add a new provider instead.")))
    errors += _issuer_errors(issuer)
    if not 1 <= len(client_id) <= 200 or not client_id.isprintable():
        errors.append(FieldError("client_id", _("Copy the client id from the provider.")))
    if method not in IdentityProvider.Method.values:
        errors.append(FieldError("method", _("Choose one from the list.")))
    errors += _secret_errors(row, method, secret)
    if errors:
        raise Invalid(errors)


def _issuer_errors(issuer: str) -> list[FieldError]:
    try:
        parts = outside.checked(issuer)
    except outside.Refused:
        parts = None
    if parts is None or parts.query or len(issuer) > 300:
        return [FieldError("issuer", _("Write the whole address, such as https://login.example.org."))]
    return []


def _secret_errors(row: IdentityProvider, method: str, secret: str) -> list[FieldError]:
    is_key = method == IdentityProvider.Method.KEY
    if not secret:
        same_kind = bool(row.sealed_secret) and (row.method == IdentityProvider.Method.KEY) == is_key
        return (
            []
            if is_key or same_kind
            else [FieldError("secret", _("Copy the client secret from the provider."))]
        )
    if len(secret) > 8000:
        return [FieldError("secret", _("This is too long to be a secret or a key."))]
    if is_key:
        try:
            client_keys.load(secret)
        except client_keys.BadKey:
            return [
                FieldError(
                    "secret",
                    _("We need a private key in PEM, RSA from 2048 bits or P-256, without password."),
                )
            ]
    return []


def _seal(row: IdentityProvider, method: str, secret: str) -> None:
    is_key = method == IdentityProvider.Method.KEY
    if not secret and is_key and not (row.sealed_secret and row.method == method):
        secret = client_keys.make()
    if secret:
        row.sealed_secret = keys.seal_box("identity-provider", secret.encode(), str(row.pk))


@transaction.atomic
def passed_test(*, by: Actor, provider_id: UUID) -> None:
    """A test sign-in went through with what is written down now."""
    require(by, "people.change_identity_provider")
    row = _locked(provider_id)
    row.tested_at = clock.now()
    row.save(update_fields=["tested_at"])
    _record(by, "test_identity_provider", row.pk)


@transaction.atomic
def switch_provider(*, by: Actor, provider_id: UUID, on: bool) -> None:
    """Let people sign in with it, or no longer (their sessions that came by it end at once).

    Raises Conflict: untested; the same issuer is on already; nobody could get in without it.
    """
    require(by, "people.change_identity_provider")
    row = _locked(provider_id)
    if row.is_on == on:
        return
    if on:
        if row.tested_at is None:
            raise Conflict(_("Do a test sign-in first. It shows what comes back."), code="untested")
        if not queries.is_for_students(row) and not somebody_gets_in_without():
            raise Conflict(
                _("First let one administrator have a passkey or an app of their own: a provider can fail."),
                code="nobody-gets-in-without",
            )
        row.first_on_at = row.first_on_at or clock.now()
    else:
        _end_sessions_of(row)
    row.is_on = on
    try:
        with transaction.atomic():
            row.save(update_fields=["is_on", "first_on_at"])
    except IntegrityError:
        raise Conflict(_("Another provider with the same issuer is on. Switch that one off first.")) from None
    _tell(row)
    _record(by, "switch_identity_provider", row.pk, on=on)


def _end_sessions_of(row: IdentityProvider) -> None:
    for session in UserSession.objects.filter(data__provider=str(row.pk)):
        session.end()


def somebody_gets_in_without(*, leaving: UUID | None = None) -> bool:
    """Whether an administrator (other than `leaving`) can get in by e-mail and a second factor of ours."""
    left = Account.objects.filter(is_administrator=True, is_active=True)
    left = left if leaving is None else left.exclude(pk=leaving)
    return bool(Authenticator.objects.filter(user__in=left, type__in=STRONG).exists())


@transaction.atomic
def accept_invitation(
    *, by: Actor, token: str, provider_id: UUID, issuer: str, subject: str
) -> ExternalIdentity:
    """The first link of an invited person, by whoever holds the invitation. It is used up by this.

    Raises NotFound for an invitation that is used, too old or not one; Conflict (taken).
    """
    account = invitations.invited(token)
    if account is None or Account.objects.select_for_update().filter(pk=account.pk).first() is None:
        raise NotFound
    if invitations.invited(token) is None:  # somebody used it while we waited for the lock
        raise NotFound
    return link(by=by, account_id=account.pk, provider_id=provider_id, issuer=issuer, subject=subject)


@transaction.atomic
def link(*, by: Actor, account_id: UUID, provider_id: UUID, issuer: str, subject: str) -> ExternalIdentity:
    """Let the account be signed in to as this person of the provider. Once linked: the same link again.

    By the person themselves, or by who holds their invitation (the machine). Raises Conflict (taken).
    """
    require(by, "people.link_identity", account_id)
    account = Account.objects.select_for_update().filter(pk=account_id, is_active=True).first()
    if account is None:
        raise NotFound
    there = queries.identity_of(issuer, subject)
    if there is None:
        try:
            with transaction.atomic():
                there = ExternalIdentity.objects.create(
                    account=account, provider_id=provider_id, who=queries.who(issuer, subject)
                )
        except IntegrityError:  # somebody linked it a moment ago: the link there is decides
            there = queries.identity_of(issuer, subject)
        else:
            _record(by, "link_identity", provider_id, account=str(account_id))
    if there is None or there.account_id != account_id:
        raise Conflict(code="taken")
    return there


@transaction.atomic
def unlink(*, by: Actor, identity_id: UUID) -> None:
    """The account is no longer signed in to this way: sessions and posts that came by it end. Gone: nothing."""
    row = ExternalIdentity.objects.select_for_update().filter(pk=identity_id).first()
    if row is None:
        return
    require(by, "people.unlink_identity", row.account_id)
    for session in UserSession.objects.filter(user_id=row.account_id, data__provider=str(row.provider_id)):
        session.end()
    for callback in _on_claims:
        callback(row.account_id, row.provider_id, {})
    _record(by, "unlink_identity", row.provider_id, account=str(row.account_id))
    row.delete()


@transaction.atomic
def signed_in(*, by: Actor, identity_id: UUID, strong: bool, claims: Mapping[str, Sequence[str]]) -> None:
    """Somebody came by this identity: remember when and how, and let their claims give and end posts."""
    require(by, "people.note_sign_in")
    row = ExternalIdentity.objects.select_for_update().get(pk=identity_id)
    row.used_at = clock.now()
    row.strong_at = row.used_at if strong else row.strong_at
    row.save(update_fields=["used_at", "strong_at"])
    for callback in _on_claims:
        callback(row.account_id, row.provider_id, claims)
    _record(by, "sign_in_by_provider", row.provider_id, account=str(row.account_id), strong=strong)


@transaction.atomic
def refuse(*, by: Actor, provider_id: UUID, why: str, process: str = "") -> None:
    """Write down that a sign-in by this provider was not taken, and why. Nothing else is touched."""
    _record(by, "refuse_provider", provider_id, why=why, process=process)


@transaction.atomic
def end_session(*, by: Actor, account_id: UUID, session_id: int) -> None:
    """Sign one's own device out. Raises NotFound for a session that is not the account's."""
    require(by, "people.end_session", account_id)
    session: Any = UserSession.objects.filter(pk=session_id, user_id=account_id).first()
    if session is None:
        raise NotFound
    session.end()
    audit.record(by=by, verb="people.end_session", kind="account", object_id=account_id)


def link_doors(*, by: Actor, there: MunicipalityRef, token: str, issuer: str, subject: str) -> None:
    """The same person's doors here and `there` know of each other from now on, and of nothing more.

    `token` was made there, for here, by somebody signed in as this (issuer, subject), and is good once and for
    ten minutes. Two transactions, one in each municipality: a link of which only one end is written shows
    nothing, and can be made again. Raises Conflict (door).
    """
    require(by, "people.link_door", by.id)
    here = require_current()
    handed = handover.opened(token, made_in=there, made_for=here)
    mine, other = handover.holder(issuer, subject, account_id=by.id), None
    if mine is not None and handed is not None and (handed.issuer, handed.subject) == (issuer, subject):
        with inside(there):
            other = handover.holder(issuer, subject, account_id=handed.account_id)
            if other is not None and not handover.use_up(handed):
                other = None
    if other is None:
        raise Conflict(_("This link is used, too old, or another person's. Begin again at the other door."))
    _write_door(by=by, municipality_id=there.id)
    with inside(there):
        _write_door(by=actor_for(other), municipality_id=here.id)


@transaction.atomic
def _write_door(*, by: Actor, municipality_id: int) -> None:
    require(by, "people.link_door", by.id)
    _row, made = LinkedDoor.objects.get_or_create(account_id=_id_of(by), municipality_id=municipality_id)
    if made:
        audit.record(
            by=by, verb="people.link_door", kind="account", object_id=by.id, municipality=municipality_id
        )


def _id_of(by: Actor) -> UUID:
    if by.id is None:
        raise NotFound
    return by.id


@transaction.atomic
def unlink_door(*, by: Actor, municipality_id: int) -> None:
    """This end is gone, and with it what either end shows of the other. Gone already: nothing happens."""
    require(by, "people.unlink_door", by.id)
    deleted, _rows = LinkedDoor.objects.filter(
        account_id=_id_of(by), municipality_id=municipality_id
    ).delete()
    if deleted:
        audit.record(
            by=by, verb="people.unlink_door", kind="account", object_id=by.id, municipality=municipality_id
        )
