"""Every lie a provider, a browser or somebody in between can tell: refused in words, written down, nothing touched."""

import re
import time

import pytest
from django.core.cache import cache

from kernel import outside
from kernel.actor import MACHINE
from kernel.errors import Invalid
from kernel.people.identity import operations
from kernel.people.identity.words import REASONS
from kernel.people.models import Account, ExternalIdentity, IdentityProvider
from kernel.tenancy import inside
from tests.kernel.people.identity import hostile
from tests.kernel.people.identity.conftest import Browser, linked, refusals, set_up


@pytest.fixture(autouse=True)
def nurse_is_linked(world, row):
    linked(world, row)


@pytest.fixture
def untouched(world):
    """Accounts and links are afterwards what they were before."""

    def seen():
        with inside(world.alpha):
            people = list(Account.objects.order_by("pk").values_list("pk", "password", "email"))
            return people, list(ExternalIdentity.objects.order_by("pk").values())

    before = seen()
    yield
    assert seen() == before


def refused(answer, world, why: str) -> None:
    assert answer.status_code == 403, answer.headers
    assert answer.context["reason"] == REASONS[why].text
    assert "people/provider-refused.html" in [template.name for template in answer.templates]
    assert refusals(world.alpha)[-1] == why


LIES = {
    "another nonce": (lambda claims: claims.update(nonce="n" * 43), "nonce"),
    "no nonce": (lambda claims: claims.pop("nonce"), "nonce"),
    "empty nonce": (lambda claims: claims.update(nonce=""), "nonce"),
    "made for somebody else": (lambda claims: claims.update(aud="another-client"), "audience"),
    "made for nobody": (lambda claims: claims.pop("aud"), "audience"),
    "made for several, us among them": (lambda c: c.update(aud=["lavterskel", "evil"]), "audience"),
    "asked for by somebody else": (lambda claims: claims.update(azp="evil"), "audience"),
    "another issuer": (lambda claims: claims.update(iss="https://evil.example.org"), "issuer"),
    "no issuer": (lambda claims: claims.pop("iss"), "issuer"),
    "ran out": (lambda claims: claims.update(exp=int(time.time()) - 3600), "time"),
    "never runs out": (lambda claims: claims.pop("exp"), "time"),
    "runs out in words": (lambda claims: claims.update(exp="9999999999"), "time"),
    "long ago": (lambda claims: claims.update(iat=int(time.time()) - 3600), "time"),
    "from the future": (lambda claims: claims.update(iat=int(time.time()) + 3600), "time"),
    "no time at all": (lambda claims: claims.pop("iat"), "time"),
    "not yet": (lambda claims: claims.update(nbf=int(time.time()) + 3600), "time"),
    "nobody": (lambda claims: claims.pop("sub"), "token"),
    "an empty nobody": (lambda claims: claims.update(sub=""), "token"),
    "a number": (lambda claims: claims.update(sub=1), "token"),
    "an endless subject": (lambda claims: claims.update(sub="x" * 256), "token"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_is_not_ours_and_of_now_is_refused(world, browser, provider, row, untouched, lie):
    provider.behave(acr="high")
    provider.lie, why = LIES[lie]
    refused(browser.dance(provider, row), world, why)
    assert browser.who() == ""


def _keys(*keys) -> tuple[int, dict, dict]:
    return 200, {"keys": list(keys)}, {}


SIGNATURES = {
    "none": hostile.unsigned,
    "the public key as a secret": hostile.signed_with_public_key,
    "another key under our kid": lambda claims, provider: hostile.signed_with(hostile.OTHER_KEY, claims),
    "a kid nobody knows": lambda claims, provider: hostile.signed_with(hostile.KEY, claims, kid="unknown"),
    "changed afterwards": lambda claims, provider: _changed(hostile.signed_with(hostile.KEY, claims)),
    "nothing": lambda claims, provider: "",
    "noise": lambda claims, provider: "a.b.c",
}


def _changed(token: str) -> str:
    head, _body, signature = token.split(".")
    return ".".join((head, hostile._part({"sub": "person-1"}), signature))


@pytest.mark.parametrize("how", SIGNATURES)
def test_a_token_that_the_provider_did_not_sign_is_refused(world, browser, provider, row, untouched, how):
    provider.behave(acr="high")
    provider.sign = SIGNATURES[how]
    refused(browser.dance(provider, row), world, "token" if how in ("nothing", "noise") else "signature")
    assert browser.who() == ""


def test_a_symmetric_key_among_the_providers_keys_signs_nothing(world, browser, provider, row, untouched):
    """Even when the provider itself shows a secret that HS256 would take."""
    import jwt

    provider.behave(acr="high")
    provider.documents["/keys"] = _keys(
        {"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTMyLXN5bQ", "kid": "s"}
    )
    provider.sign = lambda claims, _p: jwt.encode(
        claims, b"secret-secret-secret-secret-32-sym", "HS256", headers={"kid": "s"}
    )
    refused(browser.dance(provider, row), world, "signature")


def test_a_key_for_encryption_and_a_short_key_sign_nothing(world, browser, provider, row, untouched):
    from cryptography.hazmat.primitives.asymmetric import rsa

    from kernel.people.identity import client_keys

    provider.behave(acr="high")
    provider.documents["/keys"] = _keys({**client_keys.public(hostile.KEY), "use": "enc"})
    refused(browser.dance(provider, row), world, "signature")
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    with inside(world.alpha):
        cache.clear()
    provider.documents["/keys"] = _keys({**client_keys.public(short), "kid": "short"})
    provider.sign = lambda claims, _p: hostile.signed_with(short, claims, kid="short")
    refused(browser.dance(provider, row), world, "signature")


def test_new_keys_of_the_provider_are_found_at_once(world, browser, provider, row):
    from kernel.people.identity import client_keys

    provider.behave(acr="high")
    browser.dance(provider, row)
    provider.documents["/keys"] = _keys(client_keys.public(hostile.OTHER_KEY))
    provider.sign = lambda claims, _p: hostile.signed_with(
        hostile.OTHER_KEY, claims, kid=client_keys.kid(hostile.OTHER_KEY)
    )
    again = Browser(world.alpha)
    again.dance(provider, row)
    assert again.who() != ""


# --- the browser and what stands in addresses --------------------------------------------------------


def test_a_state_that_this_browser_did_not_begin_is_refused(world, browser, provider, row, untouched):
    provider.behave(acr="high")
    brought = provider.authorize(browser.out(f"/sign-in/with/{row.pk}/"))
    victim = Browser(world.alpha)
    refused(victim.back(row, brought), world, "state")
    refused(victim.back(row, {"code": brought["code"]}), world, "state")
    refused(browser.back(row, {**brought, "state": brought["state"][::-1]}), world, "state")
    assert victim.who() == browser.who() == ""


def test_an_answer_is_taken_once(world, browser, provider, row):
    provider.behave(acr="high")
    brought = provider.authorize(browser.out(f"/sign-in/with/{row.pk}/"))
    assert browser.back(row, brought).status_code == 302
    refused(browser.back(row, brought), world, "state")
    other = Browser(world.alpha)
    stolen = {**provider.authorize(other.out(f"/sign-in/with/{row.pk}/")), "code": brought["code"]}
    refused(other.back(row, stolen), world, "code")


def test_somebody_elses_code_does_not_fit_this_browsers_verifier(world, browser, provider, row, untouched):
    """PKCE: a code that was stolen on the way is worth nothing in another browser."""
    provider.behave(acr="high")
    stolen = provider.authorize(Browser(world.alpha).out(f"/sign-in/with/{row.pk}/"))["code"]
    mine = provider.authorize(browser.out(f"/sign-in/with/{row.pk}/"))
    refused(browser.back(row, {**mine, "code": stolen}), world, "code")


def test_a_state_lives_ten_minutes(world, browser, provider, row, untouched):
    import time_machine

    provider.behave(acr="high")
    brought = provider.authorize(browser.out(f"/sign-in/with/{row.pk}/"))
    with time_machine.travel(time.time() + 700):
        refused(browser.back(row, brought), world, "state")


def test_one_provider_does_not_answer_for_another(world, browser, provider, row, untouched):
    """Mix-up: the state is bound to the provider, and the answer names its issuer where it can."""
    with inside(world.alpha):
        other = operations.save_provider(
            by=MACHINE, name="Evil", issuer="https://evil.example.org", client_id="x",
            method="client_secret_post", secret="x",
        )  # fmt: skip
    provider.behave(acr="high")
    brought = provider.authorize(browser.out(f"/sign-in/with/{row.pk}/"))
    refused(browser.get(f"/sign-in/with/{other}/back/", brought), world, "state")
    refused(browser.back(row, brought, iss="https://evil.example.org"), world, "issuer")
    assert browser.back(row, brought).status_code == 403


def test_an_issuer_that_promises_to_name_itself_must(world, browser, provider, row):
    provider.behave(acr="high")
    provider.configuration = {"authorization_response_iss_parameter_supported": True}
    with inside(world.alpha):
        cache.clear()
    refused(browser.dance(provider, row), world, "issuer")
    out = browser.out(f"/sign-in/with/{row.pk}/")
    assert browser.back(row, provider.authorize(out), iss=provider.issuer).status_code == 302


def test_the_address_cannot_say_what_a_sign_in_is_for(world, browser, provider, row, untouched):
    """No step-up, link, test or invitation by adding to the callback's address."""
    provider.behave(sub="stranger", acr="high")
    brought = provider.authorize(browser.out(f"/sign-in/with/{row.pk}/?process=link&process=connect"))
    extra = {"process": "link", "account": str(world.people["admin"]), "invitation": "x", "nonce": "x"}
    refused(browser.back(row, brought, **extra), world, "unknown")


def test_a_start_needs_a_press_on_our_own_page(world, provider, row):
    from django.test import Client

    strict = Client(SERVER_NAME="alfa.localhost", enforce_csrf_checks=True)
    assert strict.post(f"/sign-in/with/{row.pk}/").status_code == 403
    assert strict.get(f"/sign-in/with/{row.pk}/").status_code == 405


def test_next_never_leads_to_another_host(world, browser, provider, row):
    provider.behave(acr="high")
    for bad in (
        "https://evil.example.org/",
        "//evil.example.org/",
        "/\\evil.example.org",
        "javascript:alert(1)",
    ):
        one = Browser(world.alpha)
        answer = one.dance(provider, row, next=bad)
        assert "evil" not in answer["Location"]
        assert "javascript" not in answer["Location"]


def test_an_error_from_the_provider_shows_no_word_of_it(world, browser, provider, row, untouched):
    provider.behave()
    for error, why in (("access_denied", "cancelled"), ("<script>x</script>", "said-no")):
        state = provider.authorize(browser.out(f"/sign-in/with/{row.pk}/"))["state"]
        answer = browser.get(
            f"/sign-in/with/{row.pk}/back/",
            {"state": state, "error": error, "error_description": "<b>evil</b>"},
        )
        refused(answer, world, why)
        shown = re.sub(rb"<input[^>]*>", b"", answer.content)  # the page's own address stands in a hidden one
        assert b"evil" not in shown
        assert b"script>x" not in shown


# --- people ------------------------------------------------------------------------------------------


def test_the_mail_address_of_somebody_opens_nothing(world, browser, provider, row, untouched):
    for email in ("nurse@alfa.example", "admin@alfa.example", "NURSE@ALFA.EXAMPLE"):
        provider.behave(sub="stranger", acr="high", email=email, email_verified=True, name="Nora Alfa")
        refused(browser.dance(provider, row), world, "unknown")
        assert browser.who() == ""


def test_the_same_subject_of_another_issuer_is_another_person(world, browser, provider, row, untouched):
    with hostile.running() as evil:
        evil.behave(acr="high")
        with inside(world.alpha):
            made = operations.save_provider(
                by=MACHINE, name="Evil", issuer=evil.issuer, client_id="lavterskel",
                method="client_secret_basic", secret=evil.secret, two_factor_acr=["high"],
            )  # fmt: skip
            operations.passed_test(by=MACHINE, provider_id=made)
            operations.switch_provider(by=MACHINE, provider_id=made, on=True)
            other = IdentityProvider.objects.get(pk=made)
        refused(browser.dance(evil, other), world, "unknown")


def test_a_deactivated_person_stays_out(world, browser, provider, row):
    from kernel.people.operations import deactivate

    with inside(world.alpha):
        deactivate(by=MACHINE, account_id=world.people["nurse"])
    provider.behave(acr="high")
    refused(browser.dance(provider, row), world, "unknown")


def test_an_identity_of_somebody_here_cannot_be_linked_to_another(world, browser, provider, row, untouched):
    with inside(world.alpha):
        counsellor = world.account("counsellor")
    browser.be(counsellor)
    provider.behave(acr="high")
    refused(browser.dance(provider, row, f"/account/sign-in/{row.pk}/add/"), world, "taken")


def test_a_link_begun_by_one_is_not_finished_by_another(world, browser, provider, row, untouched):
    with inside(world.alpha):
        counsellor, lead = world.account("counsellor"), world.account("lead")
    browser.be(counsellor)
    provider.behave(sub="new", acr="high")
    brought = provider.authorize(browser.out(f"/account/sign-in/{row.pk}/add/"))
    with inside(world.alpha):
        session = browser.session
        session["_auth_user_id"] = str(lead.pk)
        session["_auth_user_hash"] = lead.get_session_auth_hash()
        session.save()
    refused(browser.back(row, brought), world, "signed-out")


def test_another_municipalitys_session_state_and_provider_are_worth_nothing(world, provider, row):
    there = set_up(provider, world.beta, world)
    with inside(world.beta):
        operations.link(by=MACHINE, account_id=world.people["nurse"], provider_id=there.pk,
                        issuer=there.issuer, subject="person-1")  # fmt: skip
    provider.behave(acr="high")
    in_beta = Browser(world.beta)
    brought = provider.authorize(in_beta.out(f"/sign-in/with/{there.pk}/"))
    crossed = Browser(world.alpha)
    crossed.cookies = in_beta.cookies
    assert crossed.back(there, brought).status_code == 404  # beta's provider is none of alfa's
    refused(crossed.back(row, brought), world, "state")
    in_beta.back(there, brought)
    crossed.cookies = in_beta.cookies
    assert crossed.who() == ""
    with inside(world.alpha):  # the same person of the same provider stands for something else in each
        here = bytes(ExternalIdentity.objects.get().who)
    with inside(world.beta):
        assert bytes(ExternalIdentity.objects.get().who) != here


def test_a_row_carried_to_another_municipality_does_not_open_there(world, provider, row):
    from kernel.crypto import keys
    from kernel.people.identity import queries

    with inside(world.beta):
        moved = IdentityProvider(pk=row.pk, issuer=row.issuer, client_id="x", method=row.method)
        moved.sealed_secret = row.sealed_secret
        with pytest.raises(keys.CannotOpen):
            queries.client(moved)


# --- being sent inwards --------------------------------------------------------------------------------

INWARD = (
    "https://127.0.0.1", "https://127.1", "https://0x7f000001", "https://2130706433", "https://[::1]",
    "https://169.254.169.254", "https://10.0.0.1", "https://192.168.1.1", "https://[fd00::1]",
    "https://[::ffff:127.0.0.1]", "http://login.example.org", "ftp://login.example.org", "https://a@b.example.org",
    "https://router.local", "https://metadata.internal", "https://example.org\\@evil", "https://exa mple.org",
    "https://login.example.org#x", "file:///etc/passwd", "https://", "https://login.example.org:0",
    "http://0.0.0.0", "https://1.2.3.4", "https://login.example.org/\n",
)  # fmt: skip


@pytest.mark.parametrize("address", INWARD)
def test_an_issuer_that_leads_inwards_is_refused_where_it_is_typed(world, row, address):
    with inside(world.alpha), pytest.raises(Invalid) as refusal:
        operations.save_provider(
            by=MACHINE, name="X", issuer=address + ("" if "\n" not in address else "x"), client_id="x",
            method="client_secret_post", secret="x",
        )  # fmt: skip
    assert [error.field for error in refusal.value.errors] == ["issuer"]
    with pytest.raises(outside.Refused):
        outside.ask("GET", address)


@pytest.mark.parametrize(
    "where", ["token_endpoint", "jwks_uri", "authorization_endpoint", "userinfo_endpoint"]
)
def test_an_endpoint_that_leads_inwards_is_refused_when_it_is_discovered(
    world, browser, provider, row, where
):
    provider.behave(acr="high")
    provider.configuration = {where: "https://169.254.169.254/latest/meta-data/"}
    with inside(world.alpha):
        cache.clear()
    refused(browser.post(f"/sign-in/with/{row.pk}/"), world, "address")


@pytest.mark.parametrize(
    "answers",
    [["127.0.0.1"], ["169.254.169.254"], ["10.1.2.3"], ["93.184.215.14", "192.168.0.1"], ["::1"], ["fe80::1%eth0"],
     ["::ffff:10.0.0.1"], ["64:ff9b::a00:1"], ["2002:7f00:1::"], ["100.64.0.1"], ["0.0.0.0"], ["224.0.0.1"],
     ["240.0.0.1"], ["fd12::1"], ["2001:0:7f00:1::"]],
)  # fmt: skip
def test_a_name_that_leads_inwards_is_not_asked(monkeypatch, answers):
    import socket

    asked = []
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in answers]
    monkeypatch.setattr(outside.socket, "getaddrinfo", lambda *args, **kwargs: rows)
    monkeypatch.setattr(outside.socket, "create_connection", lambda *args, **kwargs: asked.append(args))
    with pytest.raises(outside.Refused) as refusal:
        outside.ask("GET", "https://login.example.org/")
    assert refusal.value.why == "address"
    assert asked == []


def test_we_connect_to_the_address_that_was_looked_at_whatever_the_name_says_next(monkeypatch):
    import socket

    answers, connected = iter(["93.184.215.14", "127.0.0.1"]), []
    monkeypatch.setattr(
        outside.socket, "getaddrinfo",
        lambda *args, **kwargs: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), 443))],
    )  # fmt: skip

    def connect(address, timeout):
        connected.append(address)
        raise OSError

    monkeypatch.setattr(outside.socket, "create_connection", connect)
    with pytest.raises(outside.Refused):
        outside.ask("GET", "https://login.example.org/")
    assert connected == [("93.184.215.14", 443)]


def test_localhost_is_asked_in_a_demo_and_in_tests_only(settings, provider):
    outside.ask("GET", f"{provider.issuer}/keys")
    settings.TESTING = settings.DEMO = False
    for address in (f"{provider.issuer}/keys", "https://localhost/", "https://provider.localhost/"):
        with pytest.raises(outside.Refused):
            outside.ask("GET", address)


@pytest.mark.parametrize(
    ("path", "document", "why"),
    [
        ("/.well-known/openid-configuration", (302, {}, {"Location": "http://169.254.169.254/"}), "redirect"),
        ("/.well-known/openid-configuration", (200, b"x" * 300_000, {}), "too-much"),
        ("/.well-known/openid-configuration", (200, b"<html>", {}), "configuration"),
        ("/.well-known/openid-configuration", (200, b"[" * 100_000, {}), "configuration"),
        ("/.well-known/openid-configuration", (404, {}, {}), "configuration"),
        ("/.well-known/openid-configuration", (200, {"issuer": "https://evil.example.org"}, {}), "issuer"),
        ("/keys", (302, {}, {"Location": "http://127.0.0.1/"}), "redirect"),
        ("/keys", (200, {"keys": "none"}, {}), "keys"),
        ("/keys", (200, {"keys": [1, {}, {"kty": "RSA"}]}, {}), "signature"),
    ],
)
def test_a_provider_that_babbles_or_points_elsewhere_is_refused(
    world, browser, provider, row, untouched, path, document, why
):
    provider.behave(acr="high")
    provider.documents[path] = document
    with inside(world.alpha):
        cache.clear()
    if path == "/keys":
        refused(browser.dance(provider, row), world, why)
    else:
        refused(browser.post(f"/sign-in/with/{row.pk}/"), world, why)


def test_a_provider_that_drips_does_not_hold_us():
    import socket
    import threading

    listening = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def drip() -> None:
        there, _ = listening.accept()
        with there:
            there.sendall(b"HTTP/1.1 200 OK\r\n")
            while not stop.wait(0.05):
                try:
                    there.sendall(b"X-More: y\r\n")
                except OSError:
                    return

    threading.Thread(target=drip, daemon=True).start()
    with pytest.raises(outside.Refused) as refusal:
        outside.ask("GET", f"http://drip.localhost:{listening.getsockname()[1]}/", seconds=0.4)
    assert refusal.value.why == "unreachable"
    stop.set()
    listening.close()


def test_userinfo_of_somebody_else_is_refused(world, browser, provider, untouched):
    row = set_up(provider, world.beta, world, claim_posts=[
        {"claim": "groups", "value": "x", "role": str(world.nurse_role), "school": str(world.school)}
    ])  # fmt: skip
    with inside(world.beta):
        operations.link(by=MACHINE, account_id=world.people["outsider"], provider_id=row.pk,
                        issuer=row.issuer, subject="person-1")  # fmt: skip
    provider.behave(acr="high")
    provider.userinfo = {"sub": "somebody-else", "groups": ["x"]}
    there = Browser(world.beta)
    assert there.dance(provider, row).status_code == 403
    assert refusals(world.beta) == ["token"]


def test_a_wrong_secret_says_which_field_to_look_at(world, browser, provider, row, untouched):
    with inside(world.alpha):
        operations.save_provider(
            by=MACHINE, provider_id=row.pk, name="Feide", issuer=row.issuer, client_id="lavterskel",
            method="client_secret_basic", secret="wrong", two_factor_acr=["high"], two_factor_amr=["mfa"],
        )  # fmt: skip
        operations.passed_test(by=MACHINE, provider_id=row.pk)
        operations.switch_provider(by=MACHINE, provider_id=row.pk, on=True)
    provider.behave(acr="high")
    refused(browser.dance(provider, row), world, "client")
