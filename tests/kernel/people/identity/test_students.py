"""A provider for students lets no staff in, one for staff no student; a student's token is believed as staff's is."""

import time
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction

from kernel.actor import MACHINE
from kernel.errors import Conflict, Invalid
from kernel.people.identity import operations, queries, students, tokens
from kernel.people.models import ExternalIdentity, IdentityProvider
from kernel.tenancy import inside
from tests.cast import World
from tests.kernel.people.identity import hostile
from tests.kernel.people.identity.conftest import Browser, asked, linked, refusals, set_up

BACK = "http://alfa.localhost/back/"
KARI = {"name": "Kari Nordmann"}


@pytest.fixture
def theirs(world: World, provider: hostile.Provider) -> IdentityProvider:
    return set_up(provider, world.alpha, world, purpose="students", two_factor_acr=[])


@pytest.fixture(autouse=True)
def _inside(world: World) -> Iterator[None]:
    with inside(world.alpha):
        yield


def out(row: IdentityProvider) -> tuple[students.Beginning, str]:
    began = students.beginning("way")
    return began, students.address_there(row, began, redirect=BACK, language="nb")


def dance(provider: hostile.Provider, row: IdentityProvider, **more: str) -> students.Shown:
    began, there = out(row)
    brought = provider.authorize(there)
    return students.shown(
        row, began, code=brought["code"], said_issuer=more.get("iss"), redirect=more.get("redirect", BACK)
    )


def refused(provider: hostile.Provider, row: IdentityProvider, **more: str) -> str:
    with pytest.raises(tokens.Refused) as why:
        dance(provider, row, **more)
    return why.value.why


def test_a_student_is_a_name_and_a_hash(provider: hostile.Provider, theirs: IdentityProvider) -> None:
    provider.behave(sub="19010112345", **KARI)
    kari = dance(provider, theirs)
    assert kari.name == "Kari Nordmann"
    assert len(kari.who) == 32
    assert b"19010112345" not in kari.who
    assert kari.who == dance(provider, theirs).who
    provider.behave(sub="other", **KARI)
    assert kari.who != dance(provider, theirs).who


def test_nobodys_number_is_asked_for_and_the_person_is_asked_anew(theirs: IdentityProvider) -> None:
    said = asked(out(theirs)[1])
    assert said["scope"] == "openid profile"
    assert (said["prompt"], said["max_age"], said["code_challenge_method"]) == ("login", "0", "S256")
    assert said["redirect_uri"] == BACK


def test_the_hash_is_another_in_another_municipality_and_none_of_staff(
    world: World, provider: hostile.Provider, theirs: IdentityProvider
) -> None:
    here = queries.student_who(provider.issuer, "person-1")
    assert here != queries.who(provider.issuer, "person-1")
    assert here != queries.student_who(f"{provider.issuer}/other", "person-1"), (
        "the same sub of another issuer"
    )
    with inside(world.beta):
        assert here != queries.student_who(provider.issuer, "person-1")


@pytest.mark.parametrize(
    ("lie", "why"),
    [
        (lambda said: said.update(nonce="swapped"), "nonce"),
        (lambda said: said.update(iss="http://other.localhost"), "issuer"),
        (lambda said: said.update(aud="somebody-else"), "audience"),
        (lambda said: said.update(exp=int(time.time()) - 3600), "time"),
        (lambda said: said.update(auth_time=int(time.time()) - 3600), "stale"),
        (lambda said: said.update(sub=""), "token"),
        (lambda said: said.pop("name"), "no-name"),
    ],
)
def test_a_token_that_is_not_what_it_must_be_shows_nobody(provider, theirs, lie, why) -> None:
    provider.behave(**KARI)
    provider.lie = lie
    assert refused(provider, theirs) == why


@pytest.mark.parametrize("sign", [hostile.unsigned, hostile.signed_with_public_key])
def test_a_signature_of_nobody_shows_nobody(provider, theirs, sign) -> None:
    provider.behave(**KARI)
    provider.sign = sign
    assert refused(provider, theirs) == "signature"


def test_the_answer_must_be_of_this_issuer_and_for_this_address(provider, theirs) -> None:
    provider.behave(**KARI)
    assert refused(provider, theirs, iss="http://other.localhost") == "issuer"
    assert refused(provider, theirs, redirect="http://beta.localhost/back/") == "code"
    provider.configuration = {"authorization_response_iss_parameter_supported": True}
    cache.clear()
    assert refused(provider, theirs) == "issuer"
    assert dance(provider, theirs, iss=provider.issuer).name == "Kari Nordmann"


def test_a_code_is_worth_nothing_without_the_verifier_of_its_beginning(provider, theirs) -> None:
    provider.behave(**KARI)
    _began, there = out(theirs)
    brought = provider.authorize(there)
    mine, _there = out(theirs)
    with pytest.raises(tokens.Refused, match="code"):
        students.shown(theirs, mine, code=brought["code"], said_issuer=None, redirect=BACK)


def test_a_level_that_is_asked_for_must_come_back(world: World, provider: hostile.Provider) -> None:
    row = set_up(
        provider, world.alpha, world, purpose="students", asked_acr=["high"], two_factor_acr=["high"]
    )
    assert asked(out(row)[1])["acr_values"] == "high"
    provider.behave(acr="low", **KARI)
    assert refused(provider, row) == "level"
    provider.behave(acr="high", **KARI)
    assert dance(provider, row).name == "Kari Nordmann"


def test_a_name_comes_from_userinfo_and_is_one_line(provider, theirs) -> None:
    provider.behave()
    provider.userinfo = {"sub": "person-1", "given_name": "Kari\n\u202e", "family_name": " Nordmann "}
    assert dance(provider, theirs).name == "Kari Nordmann"
    provider.userinfo = {"sub": "person-2", "name": "Somebody Else"}
    assert refused(provider, theirs) == "token"


def test_a_provider_that_is_away_is_not_asked_again_for_a_while(provider, theirs) -> None:
    provider.documents["/.well-known/openid-configuration"] = (503, {}, {})
    with pytest.raises(tokens.Refused, match="configuration"):
        out(theirs)
    theirs.issuer = "http://nobody.localhost:9"
    with pytest.raises(tokens.Refused, match="unreachable"):
        out(theirs)
    theirs.issuer = provider.issuer
    provider.documents.clear()
    with pytest.raises(tokens.Refused, match="unreachable"):
        out(theirs)
    cache.clear()
    assert out(theirs)


def test_a_slow_provider_holds_a_few_and_the_others_are_told_at_once(theirs) -> None:
    held = [students._waiting.acquire(blocking=False) for _one in range(students.AT_ONCE)]
    try:
        assert all(held)
        with pytest.raises(tokens.Refused, match="unreachable"):
            out(theirs)
    finally:
        for _one in held:
            students._waiting.release()
    assert out(theirs), "and it is not taken for away"


def test_a_provider_for_students_is_no_way_in_for_staff(
    world: World, provider: hostile.Provider, theirs: IdentityProvider, browser: Browser
) -> None:
    linked(world, theirs)  # as if a link were there
    provider.behave(**KARI)
    assert "Feide" not in browser.get("/sign-in/").content.decode()
    assert browser.post(f"/sign-in/with/{theirs.pk}/").status_code == 403
    browser.be(world.account("nurse"))
    assert browser.post(f"/account/sign-in/{theirs.pk}/add/").status_code == 403
    assert browser.post(f"/account/confirm/with/{theirs.pk}/").status_code == 403
    assert set(refusals(world.alpha)) == {"not-for-this"}


def test_a_sign_in_that_staff_began_ends_when_the_provider_is_for_students(
    world: World, provider: hostile.Provider, browser: Browser
) -> None:
    row = set_up(provider, world.alpha, world)
    linked(world, row)
    brought = provider.authorize(browser.out(f"/sign-in/with/{row.pk}/"))
    IdentityProvider.objects.filter(pk=row.pk).update(purpose="students")
    assert browser.back(row, brought).status_code == 403
    assert browser.who() == ""


def test_a_provider_for_staff_shows_no_student(provider, world: World) -> None:
    row = set_up(provider, world.alpha, world)
    with pytest.raises(tokens.Refused, match="not-for-this"):
        out(row)
    began = students.beginning("way")
    with pytest.raises(tokens.Refused, match="not-for-this"):
        students.shown(row, began, code="any", said_issuer=None, redirect=BACK)


def test_switched_off_it_shows_nobody_any_more(provider, theirs) -> None:
    began, there = out(theirs)
    brought = provider.authorize(there)
    operations.switch_provider(by=MACHINE, provider_id=theirs.pk, on=False)
    theirs.refresh_from_db()
    with pytest.raises(tokens.Refused, match="off"):
        students.shown(theirs, began, code=brought["code"], said_issuer=None, redirect=BACK)


def test_one_issuer_serves_both_only_as_two_rows(provider, world: World, theirs: IdentityProvider) -> None:
    staff = set_up(provider, world.alpha, world)
    assert staff.is_on
    assert theirs.is_on
    with pytest.raises(Conflict):
        set_up(provider, world.alpha, world, purpose="students")
    with pytest.raises(Invalid) as refusal:
        operations.save_provider(
            by=MACHINE, provider_id=theirs.pk, name="Feide", issuer=provider.issuer, client_id="lavterskel",
            method="client_secret_basic",
        )  # fmt: skip
    assert [error.field for error in refusal.value.errors] == ["purpose"]


def test_what_students_show_gives_no_post(world: World, provider: hostile.Provider) -> None:
    post = {"claim": "groups", "value": "all", "role": "x", "school": "y"}
    row = set_up(provider, world.alpha, world, purpose="students", claim_posts=[post])
    assert row.claim_posts == []
    with pytest.raises(IntegrityError), transaction.atomic():
        IdentityProvider.objects.filter(pk=row.pk).update(claim_posts=[post])
    assert not ExternalIdentity.objects.filter(provider=row).exists()


def test_a_test_sign_in_asks_for_a_name(world: World, provider: hostile.Provider, browser: Browser) -> None:
    row = set_up(provider, world.alpha, world, on=False, purpose="students", two_factor_acr=[])
    browser.be(world.account("admin"))
    provider.behave()
    browser.dance(provider, row, f"/setup/sign-in/{row.pk}/test/")
    row.refresh_from_db()
    assert row.tested_at is None
    assert refusals(world.alpha) == ["no-name"]
    provider.behave(**KARI)
    browser.dance(provider, row, f"/setup/sign-in/{row.pk}/test/")
    row.refresh_from_db()
    assert row.tested_at is not None
