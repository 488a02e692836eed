"""Who gets where: the desk's walls by page and by API, for everybody who is not at the door."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.urls.converters import IntConverter

from kernel.audit.models import ReadEntry
from kernel.tenancy import inside
from services.contact.models import ContactRequest
from services.desk.urls import urlpatterns
from services.desk.urls_api import urlpatterns as api_patterns
from tests.cast import World
from tests.services.contact.people import NUMBER, SECRET, knock

#: Not at the nurse's door at Solhaug, each for another reason.
AT_ANOTHER_DOOR = ("counsellor", "other_nurse")  # another role; another school
WITHOUT_A_POST = ("admin", "lead", "outsider")
FORM = {"text": "Hei", "kind": "phone", "outcome": "not_reached"}
BODIES: dict[str, Any] = {
    "take": None,
    "messages": {"text": "Hei"},
    "contact": {"kind": "phone", "outcome": "reached"},
    "close": {"outcome": "not_reached"},
}


def addressed(pattern: Any, request_id: Any) -> list[Any]:
    """What stands in its address: the request, and whatever else of the kind that is wanted there."""
    rest = list(pattern.pattern.converters.values())[1:]
    others = [1 if isinstance(kind, IntConverter) else uuid4() for kind in rest]
    return [request_id, *others] if pattern.pattern.converters else []


def pages(request_id: Any) -> list[tuple[str, bool]]:
    """Every address of the desk, and whether it is one request's."""
    found = []
    for pattern in urlpatterns:
        args = addressed(pattern, request_id)
        found.append((reverse(f"desk:{pattern.name}", args=args), bool(args)))
    return found


def untouched(accepted: Any) -> bool:
    row = ContactRequest.objects.get(pk=accepted.request_id)
    return row.state == "waiting" and not ReadEntry.objects.exists() and not row.attempts.exists()


def everything(client: Client, accepted: Any) -> list[tuple[str, bool, int, str]]:
    """Every page, loaded and pressed: (address, one request's?, status, what came back)."""
    came = []
    for address, of_one in pages(accepted.request_id):
        for answer in (client.get(address), client.post(address, FORM)):
            body = answer.content.decode() + str(answer.headers)
            came.append((address, of_one, answer.status_code, body))
    return came


@pytest.mark.parametrize("who", AT_ANOTHER_DOOR)
def test_another_role_or_school_finds_nothing_and_changes_nothing(
    alpha: World, signed_in: Callable, who: str
) -> None:
    accepted = knock(alpha, channel_kind="phone", channel_value=NUMBER, name="Mona Hansen")
    for address, of_one, status, body in everything(signed_in(who), accepted):
        if of_one:
            assert status in (302, 404, 405), address
            assert "Solhaug" not in body
        else:
            assert str(accepted.request_id) not in body
        for secret in (SECRET, NUMBER, "Mona", accepted.case_number):
            assert secret not in body, address
    assert untouched(accepted)


@pytest.mark.parametrize("who", WITHOUT_A_POST)
def test_administrator_lead_and_outsider_do_not_come_to_the_desk(
    alpha: World, signed_in: Callable, who: str
) -> None:
    accepted = knock(alpha)
    for address, _of_one, status, body in everything(signed_in(who), accepted):
        assert status in (403, 302, 405), address
        assert SECRET not in body
        assert status != 302 or "/sign-in/" not in body
    assert untouched(accepted)


def test_a_stranger_is_led_to_sign_in(alpha: World, at: Callable[..., Client]) -> None:
    accepted = knock(alpha)
    client = at(alpha.alpha)
    for address, _of_one in pages(accepted.request_id):
        assert client.get(address)["Location"].startswith(("/sign-in/", f"/desk/{accepted.request_id}/"))
        assert client.post(address, FORM | {"text": ""})["Location"].startswith("/sign-in/")
        given_back = client.post(address, FORM)
        assert given_back.status_code == 403
        assert "/sign-in/" in given_back.content.decode()
        assert SECRET not in given_back.content.decode()
    assert untouched(accepted)


def test_the_nurse_of_one_municipality_is_a_stranger_in_the_other(alpha: World, nora: Client) -> None:
    with inside(alpha.beta):
        accepted = knock(alpha)
    nora.defaults["SERVER_NAME"] = "beta.localhost"
    for address, _of_one, status, body in everything(nora, accepted):
        assert status in (302, 403, 404, 405), address
        assert SECRET not in body
    with inside(alpha.beta):
        assert untouched(accepted)


def test_the_same_id_in_another_municipality_is_not_there(alpha: World, nora: Client) -> None:
    with inside(alpha.beta):
        accepted = knock(alpha)
    assert nora.get(f"/desk/{accepted.request_id}/").status_code == 404
    assert nora.post(f"/desk/{accepted.request_id}/take/").status_code == 404


def test_who_loses_the_post_loses_the_desk_at_once(alpha: World, nora: Client) -> None:
    from tenants.setup.models import Post

    accepted = knock(alpha)
    nora.post(f"/desk/{accepted.request_id}/take/")
    Post.objects.filter(account_id=alpha.people["nurse"]).delete()
    answer = nora.get(f"/desk/{accepted.request_id}/")
    assert answer.status_code == 403
    assert SECRET not in answer.content.decode()


# --- the API ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", AT_ANOTHER_DOOR)
def test_programs_at_another_door_find_nothing(alpha: World, api: Callable, who: str) -> None:
    accepted = knock(alpha)
    call = api(who)
    for state in ("waiting", "mine", "closed"):
        assert call("get", f"requests?state={state}").json() == {"results": [], "next": None}
    path = f"requests/{accepted.request_id}"
    assert call("get", path).status_code == 404
    for verb, body in BODIES.items():
        assert call("post", f"{path}/{verb}", body).status_code == 404, verb
    assert untouched(accepted)


@pytest.mark.parametrize("who", WITHOUT_A_POST)
def test_programs_of_people_without_a_post_are_known_but_not_allowed(
    alpha: World, api: Callable, who: str
) -> None:
    accepted = knock(alpha)
    call = api(who)
    path = f"requests/{accepted.request_id}"
    for answer in (call("get", "requests"), call("get", path), call("get", "requests?state=mine")):
        assert answer.status_code == 403
        assert answer["Content-Type"] == "application/problem+json"
    for verb, body in BODIES.items():
        assert call("post", f"{path}/{verb}", body).status_code == 403, verb
    assert untouched(accepted)


def test_scopes_of_a_token_are_kept(alpha: World, api: Callable) -> None:
    accepted = knock(alpha)
    reads, writes = api("nurse", ("desk:read",)), api("nurse", ("desk:write",))
    other = api("nurse", ("setup:read", "setup:write"))
    path = f"requests/{accepted.request_id}"
    assert reads("get", "requests").status_code == 200
    assert reads("post", f"{path}/take").status_code == 403
    assert writes("get", "requests").status_code == 403
    assert writes("post", f"{path}/take").status_code == 200
    assert other("get", "requests").status_code == 403
    assert other("post", f"{path}/take").status_code == 403


def test_without_a_token_every_door_of_the_desk_is_shut(alpha: World, at: Callable[..., Client]) -> None:
    accepted = knock(alpha)
    client = at(alpha.alpha)
    for pattern in api_patterns:
        args = addressed(pattern, accepted.request_id)
        address = reverse(f"desk_api:{pattern.name}", args=args)
        assert client.get(address).status_code == 401
        assert client.post(address, {}, content_type="application/json").status_code == 401
    assert untouched(accepted)


def test_a_token_of_one_municipality_opens_nothing_in_the_other(
    alpha: World, api: Callable, at: Callable[..., Client]
) -> None:
    from kernel.actor import MACHINE
    from kernel.api.tokens import issue

    token = issue(by=MACHINE, account=alpha.account("nurse"), scopes=["desk:read"])
    there = at(alpha.beta, headers={"authorization": f"Bearer {token}"})
    assert there.get("/api/v1/desk/requests").status_code == 401
