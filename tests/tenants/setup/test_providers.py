"""/setup/sign-in/: an administrator adds a provider, tries it, and only then lets people in by it."""

from datetime import timedelta

import pytest
import time_machine

from kernel import clock
from kernel.actor import MACHINE
from kernel.audit.models import Entry
from kernel.outbox.models import Message
from kernel.people.identity import operations as identity
from kernel.people.models import ExternalIdentity, IdentityProvider
from kernel.tenancy import inside
from tenants.setup import operations as setup
from tenants.setup.actors import today
from tenants.setup.models import Post
from tests.kernel.people.identity.conftest import Browser, _server, browser, linked, provider, set_up  # noqa: F401


@pytest.fixture
def admin(world, browser):
    with inside(world.alpha):
        account = world.account("admin")
    browser.be(account)
    return browser


def typed(provider, **more):
    return {
        "name": "Feide", "issuer": provider.issuer, "client_id": "lavterskel", "method": "client_secret_basic",
        "secret": provider.secret, "two_factor_acr": "high", "two_factor_amr": "mfa", **more,
    }  # fmt: skip


def test_add_test_and_switch_on_as_an_administrator_does_it(world, admin, provider):
    row_claims = {"claim_0": "groups", "value_0": "nurses", "role_0": str(world.nurse_role),
                  "school_0": str(world.school)}  # fmt: skip
    answer = admin.post("/setup/sign-in/new/", typed(provider, **row_claims))
    assert answer.status_code == 302, answer.context["form"].errors
    with inside(world.alpha):
        row = IdentityProvider.objects.get()
        assert not row.is_on
    page = admin.get(f"/setup/sign-in/{row.pk}/").content.decode()
    assert f"http://alfa.localhost/sign-in/with/{row.pk}/back/" in page
    assert provider.secret not in page
    assert admin.post(f"/setup/sign-in/{row.pk}/switch/", {"on": "1"}).status_code == 409
    provider.behave(sub="the-admin", acr="high", groups=["nurses"], pid="12057900499", email="a@b.example")
    answer = admin.dance(provider, row, f"/setup/sign-in/{row.pk}/test/")
    assert answer["Location"] == f"/setup/sign-in/{row.pk}/"
    shown = admin.get(answer["Location"]).context["test"]
    assert set(shown["kept"]) == {"iss", "sub", "acr", "auth_time", "groups"}
    assert {"pid", "email"} <= set(shown["dropped"])
    assert shown["two_factors"]
    assert len(shown["posts"]) == 1
    assert "12057900499" not in admin.get(answer["Location"]).content.decode()
    with inside(world.alpha):
        assert not ExternalIdentity.objects.exists()
        assert not Post.objects.filter(account_id=world.people["admin"]).exists()
    assert (
        admin.post(f"/setup/sign-in/{row.pk}/switch/", {"on": "1"}).status_code == 409
    )  # nobody gets in without
    with inside(world.alpha):
        from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

        TOTP.activate(world.account("admin"), generate_totp_secret())
    assert admin.post(f"/setup/sign-in/{row.pk}/switch/", {"on": "1"}).status_code == 302
    assert b"Feide" in Browser(world.alpha).get("/sign-in/").content


@pytest.mark.parametrize(
    ("lie", "field"),
    [
        ({"issuer": "http://provider.localhost:1"}, "issuer"),
        ({"client_id": "another"}, "client_id"),
        ({"secret": "wrong"}, "client_id"),
    ],
)
def test_a_test_that_fails_says_why_and_which_field(world, admin, provider, lie, field):
    admin.post("/setup/sign-in/new/", typed(provider, **lie))
    with inside(world.alpha):
        row = IdentityProvider.objects.get()
    if field == "issuer":
        answer = admin.post(f"/setup/sign-in/{row.pk}/test/")
    else:
        answer = admin.dance(provider, row, f"/setup/sign-in/{row.pk}/test/")
    assert answer["Location"] == f"/setup/sign-in/{row.pk}/"
    page = admin.get(answer["Location"])
    assert page.context["test"]["failed"]
    assert page.context["test"]["field"] == page.context["form"].fields[field].label
    with inside(world.alpha):
        assert IdentityProvider.objects.get().tested_at is None
        assert Entry.objects.filter(verb="people.refuse_provider", actor_id=world.people["admin"]).exists()


@pytest.mark.parametrize(
    ("lie", "field"),
    [
        ({"issuer": "http://login.example.org"}, "issuer"),
        ({"issuer": "https://10.0.0.1/"}, "issuer"),
        ({"client_id": " "}, "client_id"),
        ({"secret": ""}, "secret"),
        ({"method": "private_key_jwt", "secret": "no key"}, "secret"),
        ({"claim_0": "groups"}, "value_0"),
    ],
)
def test_a_refused_form_names_the_field_and_keeps_what_was_typed(world, admin, provider, lie, field):
    answer = admin.post("/setup/sign-in/new/", typed(provider, **lie))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "Feide" in answer.content.decode()
    with inside(world.alpha):
        assert not IdentityProvider.objects.exists()


def test_a_secret_that_is_not_typed_again_stays(world, admin, provider):
    from kernel.people.identity import queries

    row = set_up(provider, world.alpha, world)
    answer = admin.post(f"/setup/sign-in/{row.pk}/", typed(provider, secret="", name="Feide igjen"))
    assert answer.status_code == 302
    with inside(world.alpha):
        found = IdentityProvider.objects.get()
        assert queries.client(found).secret == provider.secret
        assert found.is_on
    assert (
        admin.post(f"/setup/sign-in/{row.pk}/", typed(provider, issuer="https://x.example.org")).status_code
        == 422
    )


def test_changing_a_provider_needs_a_fresh_proof_and_reading_the_list_does_not(world, admin, provider):
    row = set_up(provider, world.alpha, world)
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        assert admin.get("/setup/sign-in/").status_code == 200
        for path in ("new/", f"{row.pk}/"):
            assert admin.get(f"/setup/sign-in/{path}")["Location"].startswith("/account/confirm/")
        for path in ("test/", "switch/"):
            assert admin.post(f"/setup/sign-in/{row.pk}/{path}")["Location"].startswith("/account/confirm/")
    with inside(world.alpha):
        assert IdentityProvider.objects.get().is_on


def test_only_administrators_change_providers(world, browser, provider):
    from kernel.errors import NotAllowed

    row = set_up(provider, world.alpha, world)
    with inside(world.alpha):
        nurse = world.account("nurse")
        by = world.actor("nurse")
        for act in (
            lambda: identity.switch_provider(by=by, provider_id=row.pk, on=False),
            lambda: identity.passed_test(by=by, provider_id=row.pk),
            lambda: identity.save_provider(by=by, name="x", issuer="https://x.example.org", client_id="x",
                                           method="client_secret_post", secret="x"),
        ):  # fmt: skip
            with pytest.raises(NotAllowed):
                act()
    browser.be(nurse)
    assert browser.post(f"/setup/sign-in/{row.pk}/switch/").status_code == 403
    assert browser.post(f"/setup/sign-in/{row.pk}/test/").status_code == 403


# --- claims give posts -------------------------------------------------------------------------------


def mapped(world, provider, **more):
    row = set_up(provider, world.alpha, world, claim_posts=[
        {"claim": "groups", "value": "nurses-solhaug", "role": str(world.nurse_role), "school": str(world.school)},
        {"claim": "groups", "value": "counsellors", "role": str(world.counsellor_role),
         "school": str(world.other_school)},
    ])  # fmt: skip
    linked(world, row, "outsider", "ulf")
    return row


def held(world) -> set:
    with inside(world.alpha):
        return set(world.actor("outsider").posts)


def come(world, provider, row, **said) -> Browser:
    provider.behave(sub="ulf", acr="high", **said)
    one = Browser(world.alpha)
    assert one.dance(provider, row).status_code == 302
    return one


def test_claims_give_posts_and_what_is_no_longer_claimed_ends_that_day(world, provider):
    row = mapped(world, provider)
    come(world, provider, row, groups=["nurses-solhaug", "something-else"])
    assert held(world) == {(world.nurse_role, world.school)}
    come(world, provider, row, groups=["nurses-solhaug", "counsellors"])
    assert len(held(world)) == 2
    with time_machine.travel(clock.now() + timedelta(days=3)):
        come(world, provider, row, groups="counsellors")
        assert held(world) == {(world.counsellor_role, world.other_school)}
        with inside(world.alpha):
            ended = Post.objects.get(account_id=world.people["outsider"], role_id=world.nurse_role)
            assert ended.ends_on == today() - timedelta(days=1)
        come(world, provider, row)
        assert held(world) == set()
        come(world, provider, row, groups=["nurses-solhaug"])
        assert held(world) == {(world.nurse_role, world.school)}


def test_posts_that_people_give_stand_beside_claims(world, provider):
    row = mapped(world, provider)
    with inside(world.alpha):
        setup.give_post(account_id=world.people["outsider"], role_id=world.nurse_role,
                        school_id=world.school, by=MACHINE)  # fmt: skip
    come(world, provider, row, groups=["nurses-solhaug"])
    come(world, provider, row)
    assert held(world) == {(world.nurse_role, world.school)}
    with inside(world.alpha):
        assert Post.objects.filter(account_id=world.people["outsider"]).count() == 1


def test_claims_that_come_only_as_userinfo_count_and_closed_roles_do_not(world, provider):
    row = mapped(world, provider)
    provider.behave(sub="ulf", acr="high")
    provider.userinfo = {"sub": "ulf", "groups": ["nurses-solhaug", "counsellors"]}
    with inside(world.alpha):
        setup.close_role(role_id=world.counsellor_role, by=MACHINE)
    assert Browser(world.alpha).dance(provider, row).status_code == 302
    assert held(world) == {(world.nurse_role, world.school)}


def test_an_identity_that_is_removed_takes_its_posts_along(world, provider):
    row = mapped(world, provider)
    come(world, provider, row, groups=["nurses-solhaug"])
    with inside(world.alpha):
        identity.unlink(by=world.actor("outsider"), identity_id=ExternalIdentity.objects.get().pk)
    assert held(world) == set()


def test_a_sign_in_that_changes_no_post_takes_no_lock_of_set_up(world, provider):
    from tenants.setup.models import SetupVersion

    row = mapped(world, provider)
    come(world, provider, row, groups=["nurses-solhaug"])
    with inside(world.alpha):
        before = SetupVersion.objects.get().stamp
    come(world, provider, row, groups=["nurses-solhaug"])
    with inside(world.alpha):
        assert SetupVersion.objects.get().stamp == before


def test_a_claim_gives_an_administrator_no_post(world, admin, provider):
    row = set_up(provider, world.alpha, world)
    linked(world, row, "admin", "adam")
    claims = {
        "claim_0": "sub",
        "value_0": "adam",
        "role_0": str(world.nurse_role),
        "school_0": str(world.school),
    }
    answer = admin.post(f"/setup/sign-in/{row.pk}/", typed(provider, secret="", **claims))
    assert answer.status_code == 302
    provider.behave(sub="adam", acr="high")
    assert Browser(world.alpha).dance(provider, row).status_code == 302
    with inside(world.alpha):
        assert IdentityProvider.objects.get().claim_posts, "the mapping stands, for everybody else"
        assert not Post.objects.filter(account_id=world.people["admin"]).exists()


def test_a_post_by_a_claim_is_told_to_the_door_and_its_leads(world, admin, provider):
    row = set_up(provider, world.alpha, world)
    linked(world, row, "outsider", "ute")
    claims = {
        "claim_0": "sub",
        "value_0": "ute",
        "role_0": str(world.nurse_role),
        "school_0": str(world.school),
    }
    admin.post(f"/setup/sign-in/{row.pk}/", typed(provider, secret="", **claims))
    provider.behave(sub="ute", acr="high")
    assert Browser(world.alpha).dance(provider, row).status_code == 302
    with inside(world.alpha):
        assert Post.objects.filter(account_id=world.people["outsider"]).exists()
        assert Message.objects.filter(template="setup/somebody_new").exists()
