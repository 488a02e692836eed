"""Sign-in by a provider, as it should go: link first, then come in; two factors from it, or our own on top."""

import re
import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.core import mail
from django.db import connection

from kernel import clock, jobs
from kernel.actor import MACHINE
from kernel.crypto import keys
from kernel.errors import Conflict
from kernel.people import operations as people
from kernel.people.identity import client_keys, operations, queries
from kernel.people.models import Account, ExternalIdentity, IdentityProvider
from kernel.tenancy import inside
from tests.kernel.people.identity.conftest import Browser, asked, linked, refusals, set_up


def test_the_sign_in_page_has_a_button_for_each_provider_that_is_on(world, browser, row):
    assert b"Feide" in browser.get("/sign-in/").content
    with inside(world.alpha):
        operations.switch_provider(by=MACHINE, provider_id=row.pk, on=False)
    assert b"Feide" not in browser.get("/sign-in/").content
    assert browser.post(f"/sign-in/with/{row.pk}/").status_code == 403


def test_two_factors_at_the_provider_are_enough(world, browser, provider, row):
    linked(world, row)
    provider.behave(acr="high")
    answer = browser.dance(provider, row, next="/desk/mine/")
    assert (answer.status_code, answer["Location"]) == (302, "/desk/mine/")
    assert browser.get("/desk/").status_code == 200


def test_one_factor_at_the_provider_asks_for_our_own_as_well(world, browser, provider, row):
    with inside(world.alpha):
        TOTP.activate(world.account("nurse"), generate_totp_secret())
    linked(world, row)
    provider.behave(acr="low", amr=["pwd"])
    assert browser.dance(provider, row)["Location"] == "/sign-in/second-factor/"
    assert browser.get("/desk/").status_code == 302
    provider.behave(acr="low", amr=["pwd", "mfa"])
    browser.dance(provider, row)
    assert browser.get("/desk/").status_code == 200


def test_one_factor_and_none_of_ours_leads_to_setting_one_up(world, browser, provider, row):
    linked(world, row)
    browser.dance(provider, row)
    assert browser.get("/desk/")["Location"].startswith("/account/second-factor/")
    assert browser.get("/account/second-factor/app/").status_code == 200


def test_what_is_asked_for_has_pkce_nonce_and_the_rows_level_and_nothing_of_the_address(
    world, browser, provider
):
    row = set_up(provider, world.alpha, world, asked_acr=["high", "higher"])
    injected = "auth_params=acr_values%3Dlow%26prompt%3Dnone&scope=address&process=link&acr_values=low"
    url = browser.out(f"/sign-in/with/{row.pk}/?{injected}")
    found = asked(url)
    assert found["code_challenge_method"] == "S256"
    assert len(found["code_challenge"]) == 43
    assert len(found["nonce"]) >= 32
    assert found["acr_values"] == "high higher"
    assert found["scope"] == "openid"
    assert "prompt" not in found
    assert found["redirect_uri"] == f"http://alfa.localhost/sign-in/with/{row.pk}/back/"
    again = asked(browser.out(f"/sign-in/with/{row.pk}/"))
    assert {again["nonce"], again["state"], again["code_challenge"]}.isdisjoint(found.values())


def test_private_key_jwt_shows_who_we_are_for_a_minute_and_once(world, browser, provider):
    row = set_up(provider, world.alpha, world, method="private_key_jwt", secret="")
    linked(world, row)
    provider.behave(acr="high")
    browser.dance(provider, row)
    assert browser.get("/desk/").status_code == 200
    form = provider.asked[-1][1]
    assert "client_secret" not in form
    import jwt

    jwks = browser.get(f"/sign-in/with/{row.pk}/keys.json").json()["keys"]
    assert "d" not in jwks[0]
    said = jwt.decode(form["client_assertion"], jwt.PyJWK(jwks[0]), ["RS256"], audience=provider.issuer)
    assert said["sub"] == said["iss"] == "lavterskel"
    assert said["exp"] - said["iat"] <= 60
    assert said["jti"]


def test_nothing_the_provider_tells_of_a_person_is_stored(world, browser, provider, row):
    linked(world, row, subject="subject-canary")
    provider.behave(
        sub="subject-canary",
        acr="high",
        email="canary@mail.example",
        pid="12057900499-canary",
        name="Canary Name",
    )
    browser.dance(provider, row)
    assert browser.get("/desk/").status_code == 200
    with connection.cursor() as cursor, inside(world.alpha):
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = %s", [world.alpha.schema]
        )
        for (table,) in cursor.fetchall():
            if table == "django_migrations":
                continue
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows = " ".join(found for (found,) in cursor.fetchall()).lower()
            assert "canary" not in rows, table
            assert "12057900499" not in rows, table


def test_the_secret_is_sealed_and_bound_to_its_row(world, provider, row):
    with inside(world.alpha):
        assert provider.secret.encode() not in bytes(row.sealed_secret)
        assert queries.client(row).secret == provider.secret
        other = IdentityProvider.objects.get(
            pk=operations.save_provider(
                by=MACHINE, name="B", issuer="https://b.example.org", client_id="b",
                method="client_secret_post", secret="b",
            )
        )  # fmt: skip
        other.sealed_secret = row.sealed_secret
        with pytest.raises(keys.CannotOpen):
            queries.client(other)


def test_a_signed_in_person_links_themselves_and_comes_in_by_it(world, browser, provider, row):
    with inside(world.alpha):
        nurse = world.account("nurse")
    browser.be(nurse)
    provider.behave(acr="high")
    answer = browser.dance(provider, row, f"/account/sign-in/{row.pk}/add/")
    assert answer["Location"] == "/account/?linked=1"
    again = Browser(world.alpha)
    again.dance(provider, row)
    assert again.who() == nurse.email
    page = again.get("/account/").content.decode()
    assert "Feide" in page


def test_linking_needs_a_fresh_proof(world, browser, provider, row):
    with inside(world.alpha):
        nurse = world.account("nurse")
        TOTP.activate(nurse, generate_totp_secret())
    browser.be(nurse)
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        answer = browser.post(f"/account/sign-in/{row.pk}/add/")
        assert answer["Location"].startswith("/account/confirm/")


def test_removing_a_link_ends_the_sessions_that_came_by_it_and_no_other(world, browser, provider, row):
    linked(world, row)
    provider.behave(acr="high")
    browser.dance(provider, row)
    other = Browser(world.alpha)
    with inside(world.alpha):
        nurse = world.account("nurse")
        identity = ExternalIdentity.objects.get()
    other.be(nurse)
    assert other.post(f"/account/sign-in/{identity.pk}/remove/").status_code == 302
    assert browser.get("/desk/").status_code == 302
    assert other.who() == nurse.email
    assert Browser(world.alpha).dance(provider, row).status_code == 403


def test_nobody_removes_anothers_link(world, browser, provider, row):
    linked(world, row)
    with inside(world.alpha):
        identity = ExternalIdentity.objects.get()
        other = world.account("counsellor")
    browser.be(other)
    assert browser.post(f"/account/sign-in/{identity.pk}/remove/").status_code == 403
    with inside(world.alpha):
        assert ExternalIdentity.objects.exists()


def test_switching_a_provider_off_ends_its_sessions_at_once(world, browser, provider, row):
    linked(world, row)
    provider.behave(acr="high")
    browser.dance(provider, row)
    assert browser.get("/desk/").status_code == 200
    with inside(world.alpha):
        operations.switch_provider(by=MACHINE, provider_id=row.pk, on=False)
    assert browser.get("/desk/").status_code == 302
    assert browser.post(f"/sign-in/with/{row.pk}/").status_code == 403


def test_what_was_begun_before_it_was_switched_off_is_not_finished(world, browser, provider, row):
    linked(world, row)
    provider.behave(acr="high")
    brought = provider.authorize(browser.out(f"/sign-in/with/{row.pk}/"))
    with inside(world.alpha):
        operations.switch_provider(by=MACHINE, provider_id=row.pk, on=False)
    assert browser.back(row, brought).status_code == 403
    assert refusals(world.alpha) == ["off"]
    assert browser.who() == ""


def test_a_session_says_by_which_provider_and_one_can_be_ended(world, browser, provider, row):
    linked(world, row)
    provider.behave(acr="high")
    browser.dance(provider, row)
    mine = Browser(world.alpha)
    mine.dance(provider, row)
    with inside(world.alpha):
        theirs = UserSession.objects.get(session_key=browser.session.session_key)
        assert theirs.data == {"provider": str(row.pk)}
    assert mine.post(f"/account/sessions/{theirs.pk}/end/").status_code == 302
    assert browser.who() == ""
    assert mine.who() != ""
    with inside(world.alpha):
        own = UserSession.objects.get(session_key=mine.session.session_key)
        other = world.account("counsellor")
    stranger = Browser(world.alpha)
    stranger.be(other)
    assert stranger.post(f"/account/sessions/{own.pk}/end/").status_code == 404
    assert mine.who() != ""


# --- step-up ---------------------------------------------------------------------------------------


def test_step_up_takes_the_same_person_shown_anew_and_goes_on(world, browser, provider, row):
    linked(world, row)
    provider.behave(acr="high", auth_time=int(time.time()) - 3000)
    browser.dance(provider, row)
    answer = browser.get("/account/second-factor/app/")
    assert answer["Location"].startswith("/account/confirm/?next=")
    page = browser.get(answer["Location"])
    assert b"Feide" in page.content
    provider.behave(acr="high")
    out = browser.out(f"/account/confirm/with/{row.pk}/", next="/account/second-factor/app/")
    assert (asked(out)["prompt"], asked(out)["max_age"]) == ("login", "0")
    answer = browser.back(row, provider.authorize(out))
    assert answer["Location"] == "/account/second-factor/app/"
    assert browser.get("/account/second-factor/app/").status_code == 200


@pytest.mark.parametrize(
    ("says", "why"),
    [
        ({"acr": "high", "auth_time": int(time.time()) - 400}, "stale"),
        ({"acr": "high", "auth_time": None}, "stale"),
        ({"acr": "high", "auth_time": int(time.time()) + 4000}, "stale"),
        ({"acr": "low"}, "low"),
        ({"acr": "high", "sub": "person-2"}, "someone-else"),
        ({"acr": "high", "sub": "stranger"}, "someone-else"),
    ],
)
def test_step_up_refuses_what_is_old_low_or_somebody_else(world, browser, provider, row, says, why):
    linked(world, row)
    linked(world, row, "counsellor", "person-2")
    provider.behave(acr="high")
    browser.dance(provider, row)
    provider.behave(**says)
    answer = browser.dance(
        provider, row, f"/account/confirm/with/{row.pk}/", next="/account/second-factor/app/"
    )
    assert answer.status_code == 403
    assert refusals(world.alpha) == [why]
    assert browser.get("/account/second-factor/app/").status_code == 302


def test_what_was_posted_before_a_step_up_is_done_after_it(world, browser, provider, row):
    linked(world, row, "admin")
    provider.behave(acr="high", auth_time=int(time.time()) - 3000)
    browser.dance(provider, row)
    form = {
        "name": "ID-porten", "issuer": "https://idporten.example.org", "client_id": "x",
        "method": "client_secret_post", "secret": "s",
    }  # fmt: skip
    answer = browser.post("/setup/sign-in/new/", form)
    assert answer["Location"].startswith("/account/confirm/")
    provider.behave(acr="high")
    browser.dance(provider, row, f"/account/confirm/with/{row.pk}/", next="/setup/sign-in/new/")
    with inside(world.alpha):
        assert IdentityProvider.objects.filter(name="ID-porten").exists()


def test_the_mailbox_alone_sets_up_no_first_factor_once_a_provider_has_shown_two(
    world, browser, provider, row
):
    linked(world, row)
    provider.behave(acr="high")
    browser.dance(provider, row)
    with inside(world.alpha):
        nurse = world.account("nurse")
    by_mail = Browser(world.alpha)
    by_mail.be(nurse, second_factor=False)
    for path in ("app/", "passkey/"):
        assert by_mail.get(f"/account/second-factor/{path}")["Location"] == "/account/second-factor/"
        assert by_mail.post(f"/account/second-factor/{path}")["Location"] == "/account/second-factor/"
    assert b"Feide" in by_mail.get("/account/second-factor/").content
    with inside(world.alpha):
        operations.switch_provider(by=MACHINE, provider_id=row.pk, on=False)
    assert by_mail.get("/account/second-factor/app/").status_code == 200


# --- invitations -----------------------------------------------------------------------------------


@pytest.fixture
def invitation(world):
    """Of Ines, who was just invited: what stands in the link of her mail."""
    jobs.drain()
    mail.outbox.clear()
    with inside(world.alpha):
        people.invite(by=MACHINE, email="ines@alfa.example", name="Ines Ny")
    jobs.drain()
    found = re.search(r"/sign-in/invited/(\S+)/", mail.outbox[0].body)
    assert found
    return found[1]


def test_an_invited_person_begins_by_a_provider_once(world, browser, provider, row, invitation):
    assert b"Feide" in browser.get(f"/sign-in/invited/{invitation}/").content
    provider.behave(sub="ines", acr="high")
    answer = browser.dance(provider, row, invitation=invitation)
    assert answer.status_code == 302
    assert browser.who() == "ines@alfa.example"
    second = Browser(world.alpha)
    assert second.get(f"/sign-in/invited/{invitation}/").status_code == 410
    assert second.post(f"/sign-in/with/{row.pk}/", {"invitation": invitation}).status_code == 403
    provider.behave(sub="ines", acr="high")
    second.dance(provider, row)
    assert second.who() == "ines@alfa.example"


def test_two_at_once_with_one_invitation_make_one_link(world, browser, provider, row, invitation):
    other = Browser(world.alpha)
    first, second = (one.out(f"/sign-in/with/{row.pk}/", invitation=invitation) for one in (browser, other))
    provider.behave(sub="ines", acr="low")
    browser.back(row, provider.authorize(first))
    provider.behave(sub="thief", acr="high")
    assert other.back(row, provider.authorize(second)).status_code == 403
    with inside(world.alpha):
        assert ExternalIdentity.objects.count() == 1


def test_a_link_uses_the_invitation_up_though_the_sign_in_was_not_finished(
    world, browser, provider, row, invitation
):
    """Ines was here before and has an app: a provider that says one factor leaves her at the second step."""
    with inside(world.alpha):
        TOTP.activate(Account.objects.get(email="ines@alfa.example"), generate_totp_secret())
    provider.behave(sub="ines", acr="low")
    answer = browser.dance(provider, row, invitation=invitation)
    assert answer["Location"] == "/sign-in/second-factor/"
    provider.behave(sub="thief", acr="high")
    other = Browser(world.alpha)
    assert other.get(f"/sign-in/invited/{invitation}/").status_code == 410
    assert other.post(f"/sign-in/with/{row.pk}/", {"invitation": invitation}).status_code == 403


@pytest.mark.parametrize(
    "how", ["too old", "newer", "deactivated", "altered", "from beta", "signed in by mail"]
)
def test_an_invitation_ends(world, browser, provider, row, invitation, how):
    token, later = invitation, clock.now()
    with inside(world.alpha):
        ines = Account.objects.get(email="ines@alfa.example")
        if how == "too old":
            later += timedelta(days=15)
        elif how == "newer":
            Account.objects.filter(pk=ines.pk).update(invited_at=clock.now() + timedelta(seconds=1))
        elif how == "deactivated":
            people.deactivate(by=MACHINE, account_id=ines.pk)
        elif how == "altered":
            token = token[:-2] + ("AA" if token[-2:] != "AA" else "BB")
        elif how == "signed in by mail":
            Account.objects.filter(pk=ines.pk).update(last_login=clock.now())
    if how == "from beta":
        from kernel.people.identity import invitations

        with inside(world.beta):
            token = invitations.token_for(ines)
    with time_machine.travel(later):
        assert browser.get(f"/sign-in/invited/{token}/").status_code == 410
        assert browser.post(f"/sign-in/with/{row.pk}/", {"invitation": token}).status_code == 403


# --- the rules of a provider's row -------------------------------------------------------------------


def test_nothing_is_on_untested_and_what_changes_the_way_in_is_tested_anew(world, provider, row):
    with inside(world.alpha):
        said = {"name": "Feide", "issuer": provider.issuer, "client_id": "lavterskel",
                "method": "client_secret_basic", "two_factor_acr": ["high"], "two_factor_amr": ["mfa"]}  # fmt: skip
        operations.save_provider(by=MACHINE, provider_id=row.pk, **{**said, "name": "Feide 2"})
        assert IdentityProvider.objects.get(pk=row.pk).is_on
        operations.save_provider(by=MACHINE, provider_id=row.pk, **{**said, "two_factor_acr": ["low"]})
        found = IdentityProvider.objects.get(pk=row.pk)
        assert not found.is_on
        with pytest.raises(Conflict):
            operations.switch_provider(by=MACHINE, provider_id=row.pk, on=True)


def test_an_administrator_who_needs_no_provider_is_always_left(world, provider):
    row = set_up(provider, world.alpha, world, on=False)
    with inside(world.alpha):
        operations.passed_test(by=MACHINE, provider_id=row.pk)
        with pytest.raises(Conflict):
            operations.switch_provider(by=MACHINE, provider_id=row.pk, on=True)
        TOTP.activate(world.account("admin"), generate_totp_secret())
        operations.switch_provider(by=MACHINE, provider_id=row.pk, on=True)
        admin = world.people["admin"]
        people.make_administrator(by=MACHINE, account_id=world.people["lead"], is_administrator=True)
        for leave in (
            lambda: people.deactivate(by=MACHINE, account_id=admin),
            lambda: people.make_administrator(by=MACHINE, account_id=admin, is_administrator=False),
            lambda: people.reset_second_factor(by=MACHINE, account_id=admin),
        ):
            with pytest.raises(Conflict):
                leave()
        TOTP.activate(world.account("lead"), generate_totp_secret())
        people.deactivate(by=MACHINE, account_id=admin)


def test_a_key_of_ours_is_made_when_none_is_brought_and_never_weak(world):
    from kernel.errors import Invalid

    with inside(world.alpha):
        for secret in ("not a key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"):
            with pytest.raises(Invalid) as refusal:
                operations.save_provider(
                    by=MACHINE, name="K", issuer="https://k.example.org", client_id="k",
                    method="private_key_jwt", secret=secret,
                )  # fmt: skip
            assert refusal.value.errors[0].field == "secret"
    assert client_keys.algorithm(client_keys.load(client_keys.make())) == "RS256"
