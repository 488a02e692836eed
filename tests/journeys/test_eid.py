"""A municipality like Norrtälje lets students show who they are, by a real OpenID provider (npm oidc-provider): from
setting it up, by a knock on one device, to the same conversation on another, with JavaScript and without.
"""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from kernel.actor import MACHINE
from kernel.people.identity import operations as providers
from kernel.people.models import Account, ExternalIdentity, IdentityProvider
from kernel.tenancy import MunicipalityRef, inside
from kernel.tenancy.testing import found_for_tests
from kernel.ui import assets
from services.contact.models import ContactRequest
from services.eid.models import Binding, Trip
from tenants.setup import operations as setup
from tenants.setup.models import HelperRole
from tests.journeys.stage import Stage, free_port, until
from tests.journeys.test_provider import SECRET, _is_known, _out, _show_oneself, _signed_in, provider
from tests.journeys.visitor import DESKTOP, PHONE, PLAIN_DESKTOP, PLAIN_PHONE, Device, Visitor
from tests.window import CHROMIUM, outside_the_loop

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(600),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium-headless-shell"),
    pytest.mark.skipif(
        not (assets.ROOT / "node_modules/oidc-provider").exists(), reason="no node_modules: run `make setup`"
    ),
]
WORDS = "Jag orkar inte gå till skolan"


@pytest.fixture
def place(stage: Stage, slug: str) -> MunicipalityRef:
    """Nurse and counsellor at one school, 24 hours on all weekdays; an administrator with an app."""
    with outside_the_loop():
        ref = found_for_tests(slug, country="SE", name="Havs kommun")
        with inside(ref):
            setup.furnish(
                country="SE", kind="municipality", languages=["sv", "en"], default_language="sv", by=MACHINE
            )
            school = setup.add_school(name="Havsskolan", form="compulsory", by=MACHINE)
            setup.set_guarantee(kind="counted_hours", amount=24, by=MACHINE)
            sara = setup.invite_person(
                email=f"sara@{slug}.example", name="Sara Hav", language="en", by=MACHINE
            )
            for role in HelperRole.objects.filter(key__in=("nurse", "counsellor")):
                setup.give_post(account_id=sara, role_id=role.pk, school_id=school, by=MACHINE)
            admin = setup.invite_person(email=f"adam@{slug}.example", name="Adam Hav", language="en",
                                        is_administrator=True, by=MACHINE)  # fmt: skip
            TOTP.activate(Account.objects.get(pk=admin), generate_totp_secret())
    until(lambda: _is_known(stage, ref) or None, "the new municipality's door")
    return ref


def _set_up(browser: Any, stage: Stage, place: MunicipalityRef, issuer: str) -> IdentityProvider:
    """The administrator writes the provider down, as far as the test sign-in."""
    adam = Visitor(browser, stage, DESKTOP, place.slug)
    _signed_in(adam, place, f"adam@{place.slug}.example")
    adam.go("/setup/sign-in/")
    adam.follow("Add a provider for students")
    adam.type(name="Hav-ID", issuer=issuer, client_id="lavterskel", asked_acr="high", two_factor_acr="high")
    adam.select("method", value="client_secret_basic")
    adam.type(secret=SECRET)
    adam.press("Save")
    with outside_the_loop(), inside(place):
        return IdentityProvider.objects.get()


def _tested(browser: Any, stage: Stage, place: MunicipalityRef, row: IdentityProvider) -> None:
    adam = Visitor(browser, stage, DESKTOP, place.slug)
    _signed_in(adam, place, f"adam@{place.slug}.example")
    adam.go(f"/setup/sign-in/{row.pk}/")
    _out(adam, "Test sign-in")
    _show_oneself(adam, "adam")
    assert adam.sees("The test sign-in went through")
    assert adam.sees("The adult would see: adam.")
    adam.press("Switch on")
    assert adam.sees("It can be used now.")
    adam.go("/sign-in/")
    assert not adam.page.get_by_text("Hav-ID").count(), "it is no way in for staff"


def _as_far_as_the_name(student: Visitor) -> None:
    student.go("/knock/")
    for _question in range(8):
        step = student.page.locator("input[name=step]").first.input_value()
        if step == "name":
            return
        if step in ("who", "how"):
            student.choose({"who": "role", "how": "channel"}[step])
        if step == "about":
            student.type(message=WORDS)
        student.page.get_by_role("button", name="Next", exact=True).click()
        student.page.wait_for_function(
            "was => document.querySelector('input[name=step]').value !== was", arg=step
        )
        student.look()
    raise AssertionError("the journey does not come to the name")


def _stop(student: Visitor) -> None:
    student.page.wait_for_url("**/interaction/**")
    with student.page.expect_navigation(url=re.compile(r"/eid/arrived/"), wait_until="load"):
        student.page.get_by_role("button", name="Stop").click()
    student.look()


#: The first device with scripts and the other without; ENDURE=1: both with, and both without.
DEVICES = {
    "with JavaScript, then without": (PHONE, PLAIN_DESKTOP),
    "with JavaScript": (PHONE, DESKTOP),
    "without JavaScript": (PLAIN_PHONE, PLAIN_DESKTOP),
}
TOLD = list(DEVICES)[1:] if os.environ.get("ENDURE") == "1" else list(DEVICES)[:1]


@pytest.mark.parametrize(("device", "other"), [DEVICES[one] for one in TOLD], ids=TOLD)
def test_from_setting_it_up_to_the_same_conversation_on_another_device(
    browser: Any, stage: Stage, place: MunicipalityRef, tmp_path: Path, device: Device, other: Device
) -> None:
    port = free_port()
    row = _set_up(browser, stage, place, f"http://provider.localhost:{port}")
    client = {
        "client_id": "lavterskel", "client_secret": SECRET, "token_endpoint_auth_method": "client_secret_basic",
        "scope": "openid profile",
        "redirect_uris": [f"{stage.origin(place.slug)}/sign-in/with/{row.pk}/back/"],
    }  # fmt: skip
    with provider(port, [client], tmp_path):
        _tested(browser, stage, place, row)
        _knock(browser, stage, place, device)
        _elsewhere(browser, stage, place, other)
        _another_student(browser, stage, place, device)
        _attacked(browser, stage, place)
    with outside_the_loop(), inside(place):
        providers.switch_provider(by=MACHINE, provider_id=row.pk, on=False)


def _knock(browser: Any, stage: Stage, place: MunicipalityRef, device: Device) -> None:
    """Elsa stops once, goes on, sees what the adult will see, and sends."""
    elsa = Visitor(browser, stage, device, place.slug)
    _as_far_as_the_name(elsa)
    _out(elsa, "Use Hav-ID")
    _stop(elsa)
    assert elsa.sees("You can continue without")
    _out(elsa, "Use Hav-ID")
    _show_oneself(elsa, "elsa")
    assert elsa.sees("elsa, confirmed by Hav-ID")
    assert elsa.sees(WORDS)
    with outside_the_loop(), inside(place):
        assert not ContactRequest.objects.exists()
    elsa.page.get_by_role("button", name="Send", exact=True).click()
    elsa.page.wait_for_selector("#receipt-code")
    elsa.look()
    assert elsa.sees("You need not keep this code.")
    assert elsa.elsewhere == []
    with outside_the_loop(), inside(place):
        assert Binding.objects.count() == 1
        assert not ExternalIdentity.objects.exists()
        assert Trip.objects.count() == 1, "the one she stopped, until its time has passed"


def _elsewhere(browser: Any, stage: Stage, place: MunicipalityRef, device: Device) -> None:
    """On another device, without a code; then she closes it there."""
    elsa = Visitor(browser, stage, device, place.slug)
    elsa.go("/receipt/")
    _out(elsa, "Use Hav-ID")
    _show_oneself(elsa, "elsa")
    assert elsa.heading == "You are elsa"
    elsa.press(re.compile("^Open: "))
    assert elsa.sees(WORDS)
    elsa.press("Close the conversation on this device")
    assert not {"eid", "eid-way", "visit"} & elsa.cookies
    elsa.go("/eid/")
    assert elsa.path == "/receipt/"


def _another_student(browser: Any, stage: Stage, place: MunicipalityRef, device: Device) -> None:
    noor = Visitor(browser, stage, device, place.slug)
    noor.go("/receipt/")
    _out(noor, "Use Hav-ID")
    _show_oneself(noor, "noor")
    assert noor.sees("There is nothing here yet")


def _attacked(browser: Any, stage: Stage, place: MunicipalityRef) -> None:
    """Mallory's answer, kept from her own browser, is laid before Elsa; a level too low; an answer twice."""
    mallory, elsa = (Visitor(browser, stage, DESKTOP, place.slug) for _who in range(2))
    mallory.go("/receipt/")
    _out(mallory, "Use Hav-ID")
    mallory.page.wait_for_url("**/interaction/**")
    kept = [one for one in mallory.context.cookies() if one["name"] == "eid-way"]
    mallory.context.clear_cookies(name="eid-way")
    mallory.page.fill("[name=login]", "mallory")
    mallory.page.get_by_role("button", name="Sign in").click()
    mallory.page.wait_for_url("**/back/**")
    answer = mallory.page.url
    assert {"code", "state", "iss"} <= parse_qs(urlsplit(answer).query).keys()
    elsa.page.goto(answer)
    assert elsa.sees("This was begun elsewhere, or too long ago")
    assert "eid" not in elsa.cookies
    elsa.go("/receipt/")
    _out(elsa, "Use Hav-ID")
    _show_oneself(elsa, "elsa", acr="low")
    assert elsa.sees("You can continue without"), "less than the municipality asks for"
    mallory.context.add_cookies(kept)
    for _time in range(2):  # the code was not used up by Elsa's browser, and twice is once
        mallory.page.goto(answer)
        assert mallory.heading == "You are mallory"
