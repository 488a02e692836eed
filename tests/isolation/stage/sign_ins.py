"""Who is signed in, and by what: sessions, tokens, a provider, an eID."""

from functools import partial
from uuid import uuid4

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.internal import statekit
from django.conf import settings
from django.http import HttpRequest
from django.test import Client

from kernel import clock
from kernel.actor import MACHINE, student
from kernel.api.tokens import issue
from kernel.people import known
from kernel.people.identity import handover, invitations, students
from kernel.people.identity import operations as identity
from kernel.people.identity.queries import student_who
from kernel.people.models import Account
from kernel.people.sessions import SessionStore
from kernel.tenancy import signing
from services.contact.models import ContactRequest
from services.eid import operations as eid
from services.eid import trips
from services.eid import visiting as eid_visiting
from tenants.onboarding import cookie
from tests.cast import World
from tests.isolation.stage.sides import Side, cookie_of, ids_from
from tests.signing_in import sign_in

#: An issuer of this machine where nobody listens.
CLOSED = "http://closed.localhost:9"

COOKIES = {
    "session": settings.SESSION_COOKIE_NAME,
    "visit": settings.VISIT_COOKIE_NAME,
    "eid": settings.EID_COOKIE_NAME,
    "eid_way": settings.EID_WAY_COOKIE_NAME,
    "application": cookie.NAME,
    "known": settings.KNOWN_BROWSER_COOKIE_NAME,
}


def provider_of(side: Side, world: World) -> None:
    """One that does not answer, with Nora linked to it, and what could be carried from here to the other side."""
    with ids_from(30):
        provider = identity.save_provider(
            by=MACHINE,
            name="Innlogging",
            issuer=CLOSED,
            client_id="x",
            method="client_secret_post",
            secret="x",
        )
        linked = identity.link(
            by=MACHINE, account_id=world.people["nurse"], provider_id=provider, issuer=CLOSED, subject="nora"
        )
    TOTP.activate(world.account("admin"), generate_totp_secret())
    identity.passed_test(by=MACHINE, provider_id=provider)
    identity.switch_provider(by=MACHINE, provider_id=provider, on=True)
    Authenticator.objects.filter(user_id=world.people["admin"]).delete()
    side.ids |= {"provider_id": str(provider), "identity_id": str(linked.pk)}
    side.invitation = invitations.token_for(world.account("outsider"))
    other = world.beta if side.ref == world.alpha else world.alpha
    side.door = handover.make(account_id=world.people["nurse"], issuer=CLOSED, subject="nora", to=other)


def eid_of(side: Side, world: World) -> None:
    """A provider for students that does not answer; one of their conversations is bound, and another trip waits."""
    with ids_from(34):
        provider = identity.save_provider(
            by=MACHINE, name="BankID", issuer=CLOSED, client_id="x", method="client_secret_post", secret="x",
            purpose="students",
        )  # fmt: skip
        identity.passed_test(by=MACHINE, provider_id=provider)
        identity.switch_provider(by=MACHINE, provider_id=provider, on=True)
        request = ContactRequest.objects.get(pk=side.ids["request_id"])
        who = student_who(CLOSED, "the-same-in-both")
        eid.bind(by=student(request.pk), request=request, who=who, provider_id=provider)
        ticket_id = uuid4()
    ticket = eid.set_out(
        by=student(None), ticket_id=ticket_id, began=students.beginning(ticket_id.hex), provider_id=provider,
        aim="knock", said={"message": f"Hemmelig {side.word}"},
    )  # fmt: skip
    now = int(clock.now().timestamp())
    visit = eid_visiting.Visit(who, provider, f"Navn {side.word}", "a-mark", ticket_id, now, now + 7200)
    side.eid = cookie_of(eid_visiting.start, visit)
    side.eid_way = cookie_of(partial(trips.hand, HttpRequest()), ticket)
    side.eid_opens = signing.dumps(str(request.pk), purpose="eid-open")
    side.eid_trip = ticket.name


def sign_everybody_in(side: Side, world: World) -> None:
    for who in world.people:
        side.sessions[who] = session_of(world.account(who), side.host)
    side.known = cookie_of(partial(known.remember, HttpRequest()), world.account("nurse"))
    side.sessions["half"] = session_of(world.account("nurse"), side.host, second_factor=False)
    side.state = _begun(side.sessions["nurse"], side.ids["provider_id"])


def _begun(session: str, provider_id: str) -> str:
    """The state of a sign-in that this session has begun at the provider."""
    request = HttpRequest()
    request.session = SessionStore(session)
    told = {"process": "sign_in", "nonce": "x", "pkce_code_verifier": "x"}
    return statekit.stash_state(request, provider_id=provider_id, state=told)


def session_of(account: Account, host: str, *, second_factor: bool = True) -> str:
    """The staff cookie of somebody who has just signed in."""
    session = sign_in(Client(SERVER_NAME=host), account, second_factor=second_factor)
    if second_factor:
        for record in session[AUTHENTICATION_METHODS_SESSION_KEY]:
            record["at"] += 3600  # a proof is fresh for five minutes, and the stage stands for longer
        session.save()
    return session.session_key


def tokens(side: Side, world: World) -> None:
    for who, person, scopes in (
        ("token_desk", "nurse", ("desk:read", "desk:write")),
        ("token_desk_read", "nurse", ("desk:read",)),
        ("token_setup", "admin", ("setup:read", "setup:write")),
        ("token_setup_read", "admin", ("setup:read",)),
        ("token_idle", "outsider", ("desk:read", "desk:write", "setup:read", "setup:write")),
    ):
        side.tokens[who] = issue(account=world.account(person), scopes=scopes, by=MACHINE)
