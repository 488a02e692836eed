"""My doors: one person, two municipalities, two accounts. A name, a number, a time; proved at both ends."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from kernel import clock
from kernel.actor import MACHINE, student
from kernel.errors import Conflict
from kernel.people import operations as people
from kernel.people.identity import operations
from kernel.people.models import ExternalIdentity, LinkedDoor
from kernel.tenancy import inside
from services.contact import operations as contact
from tests.kernel.people.identity.conftest import Browser, linked, set_up


@pytest.fixture
def rows(world, provider):
    """The same provider in both; Nora of alfa is Carl of beta: one person, two accounts, other ids."""
    both = {ref.slug: set_up(provider, ref, world) for ref in (world.alpha, world.beta)}
    linked(world, both["alfa"], "nurse", "nora", world.alpha)
    linked(world, both["beta"], "counsellor", "nora", world.beta)
    return both


def come(world, provider, rows, ref, subject: str = "nora") -> Browser:
    provider.behave(sub=subject, acr="high")
    browser = Browser(ref)
    assert browser.dance(provider, rows[ref.slug]).status_code == 302
    return browser


def hand_over(browser, to) -> dict[str, str]:
    """Begin at one door: what the link to the other carries."""
    page = browser.post("/account/doors/", {"municipality": to.id})
    found = re.search(r'href="([^"]*/account/doors/accept/[^"]*)"', page.content.decode())
    assert found, page.content.decode()
    address = urlsplit(unescape(found[1]))
    assert address.hostname == f"{to.slug}.localhost"
    return {name: values[0] for name, values in parse_qs(address.query).items()}


@pytest.fixture
def at_alpha(world, provider, rows):
    return come(world, provider, rows, world.alpha)


@pytest.fixture
def at_beta(world, provider, rows):
    return come(world, provider, rows, world.beta)


def knock(world, ref, text: str = "Hemmelig kanari") -> None:
    with inside(ref):
        contact.knock(
            by=student(None), idempotency_key=f"a-knock-for-the-doors-{ref.slug}", school_id=world.school,
            role_id=world.counsellor_role, channel_kind="conversation", channel_value="", language="nb",
            message=text, name="Elev Kanari",
        )  # fmt: skip


def ends(world) -> tuple[int, int]:
    counted = []
    for ref in (world.alpha, world.beta):
        with inside(ref):
            counted.append(LinkedDoor.objects.count())
    return counted[0], counted[1]


def test_two_doors_are_linked_by_a_yes_at_each_and_show_a_count_and_a_time(world, at_alpha, at_beta):
    knock(world, world.beta)
    token = hand_over(at_alpha, world.beta)
    assert "nora" not in str(token)
    page = at_beta.get("/account/doors/accept/", token)
    assert "Alfa kommune" in page.content.decode()
    assert ends(world) == (0, 0)
    assert at_beta.post("/account/doors/accept/", token)["Location"] == "/account/doors/"
    assert ends(world) == (1, 1)
    page = at_alpha.get("/account/doors/")
    (shown,) = page.context["doors"]
    assert shown["door"].municipality.name == "Beta kommune"
    assert shown["door"].waiting.count == 1
    assert shown["door"].waiting.due > clock.now()
    said = page.content.decode()
    for word in ("kanari", "Kanari", "Solhaug", "Carl Beta", "counsellor@beta"):
        assert word not in said
    (shown,) = at_beta.get("/account/doors/").context["doors"]
    assert (shown["door"].municipality.name, shown["door"].waiting.count) == ("Alfa kommune", 0)


def test_each_end_stores_the_others_id_and_nothing_more(world, at_alpha, at_beta):
    at_beta.post("/account/doors/accept/", hand_over(at_alpha, world.beta))
    with inside(world.alpha):
        found = LinkedDoor.objects.get()
        assert (found.account_id, found.municipality_id) == (world.people["nurse"], world.beta.id)
        assert {field.name for field in LinkedDoor._meta.fields} == {
            "id", "account", "municipality_id", "linked_at",
        }  # fmt: skip


@pytest.mark.parametrize(
    "how", ["twice", "late", "for elsewhere", "altered", "another person", "made by hand"]
)
def test_a_link_that_is_not_fresh_ours_and_for_here_is_refused(world, provider, rows, at_alpha, at_beta, how):
    token, later = hand_over(at_alpha, world.beta), clock.now()
    if how == "twice":
        assert at_beta.post("/account/doors/accept/", token).status_code == 302
        at_beta.post(f"/account/doors/{world.alpha.id}/remove/")
    elif how == "late":
        later += timedelta(minutes=11)
    elif how == "for elsewhere":
        from kernel.people.identity import handover

        with inside(world.alpha):
            token["token"] = handover.make(
                account_id=world.people["nurse"],
                issuer=rows["alfa"].issuer,
                subject="nora",
                to=world.operator,
            )
    elif how == "altered":
        token["token"] = token["token"][:-8] + "AAAAAAA="
    elif how == "another person":
        linked(world, rows["beta"], "lead", "lena", world.beta)
        at_beta = come(world, provider, rows, world.beta, "lena")
    elif how == "made by hand":
        from kernel.people.identity import handover

        with inside(world.beta):  # sealed with beta's own key, said to be from alfa
            token["token"] = handover.make(
                account_id=world.people["nurse"], issuer=rows["alfa"].issuer, subject="nora", to=world.beta
            )
    with time_machine.travel(later):
        assert at_beta.post("/account/doors/accept/", token).status_code == 409
    assert ends(world)[1] == 0


def test_the_other_ends_account_must_be_that_persons_and_active(world, at_alpha, at_beta):
    token = hand_over(at_alpha, world.beta)
    with inside(world.alpha):
        people.deactivate(by=MACHINE, account_id=world.people["nurse"])
    assert at_beta.post("/account/doors/accept/", token).status_code == 409
    assert ends(world) == (0, 0)


def test_who_came_by_a_code_sees_no_door_and_links_none(world, at_alpha, at_beta):
    token = hand_over(at_alpha, world.beta)
    at_beta.post("/account/doors/accept/", token)
    by_code = Browser(world.alpha)
    with inside(world.alpha):
        nurse = world.account("nurse")
    by_code.be(nurse)
    page = by_code.get("/account/doors/")
    assert page.context["doors"] == []
    assert "Beta" not in page.content.decode()
    by_code = Browser(world.beta)
    with inside(world.beta):
        by_code.be(world.account("counsellor"))
    assert by_code.post("/account/doors/accept/", token).status_code == 403


@pytest.mark.parametrize(
    "how", ["removed there", "deactivated there", "unlinked there", "switched off there"]
)
def test_what_ends_at_one_end_shows_nothing_at_the_other(world, rows, at_alpha, at_beta, how):
    at_beta.post("/account/doors/accept/", hand_over(at_alpha, world.beta))
    knock(world, world.beta)
    assert at_alpha.get("/account/doors/").context["doors"][0]["door"].state == "open"
    with inside(world.beta):
        if how == "removed there":
            at_beta.post(f"/account/doors/{world.alpha.id}/remove/")
        elif how == "deactivated there":
            people.deactivate(by=MACHINE, account_id=world.people["counsellor"])
        elif how == "unlinked there":
            operations.unlink(
                by=world.actor("counsellor"),
                identity_id=ExternalIdentity.objects.get(account_id=world.people["counsellor"]).pk,
            )
        else:
            operations.switch_provider(by=MACHINE, provider_id=rows["beta"].pk, on=False)
    (shown,) = at_alpha.get("/account/doors/").context["doors"]
    assert (shown["door"].state, shown["door"].waiting) == ("ended", None)


def test_a_link_at_one_end_alone_shows_nothing(world, at_alpha):
    """Somebody who could write in alfa learns nothing of beta by it."""
    with inside(world.alpha):
        LinkedDoor.objects.create(account_id=world.people["nurse"], municipality_id=world.beta.id)
    knock(world, world.beta)
    (shown,) = at_alpha.get("/account/doors/").context["doors"]
    assert (shown["door"].state, shown["door"].waiting) == ("ended", None)


def test_a_door_that_cannot_be_asked_does_not_close_the_page(world, at_alpha, at_beta, monkeypatch):
    from django.db import OperationalError

    from kernel.people.identity import doors

    at_beta.post("/account/doors/accept/", hand_over(at_alpha, world.beta))

    def away(actor):
        raise OperationalError

    monkeypatch.setattr(doors, "_port", away)
    assert at_alpha.get("/account/doors/").context["doors"][0]["door"].state == "away"


def test_the_operation_wants_the_persons_own_proof(world, rows, at_alpha):
    token = hand_over(at_alpha, world.beta)["token"]
    with inside(world.beta), pytest.raises(Conflict):
        operations.link_doors(
            by=world.actor("nurse"),
            there=world.alpha,
            token=token,
            issuer=rows["beta"].issuer,
            subject="nora",
        )
    assert ends(world) == (0, 0)
