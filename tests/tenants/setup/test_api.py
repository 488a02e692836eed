"""The same set-up by programs, on the same operations."""

import base64

import pytest

from tenants.setup.actors import today
from tenants.setup.queries import portal
from tests.tenants.setup.pictures import SVG, picture


@pytest.fixture
def api(world, alpha, at):
    from kernel.api.tokens import issue

    def client(who="admin", scopes=("setup:read", "setup:write")):
        token = issue(account=world.account(who), scopes=scopes, by=world.actor(who))
        knocking = at(alpha, headers={"Authorization": f"Bearer {token}"})

        def call(method, path, body=None):
            return getattr(knocking, method)(f"/api/v1/setup/{path}", body, content_type="application/json")

        return call

    return client


@pytest.mark.parametrize(
    "part", ["schools", "roles", "languages", "calendar", "guarantees", "look", "people"]
)
def test_every_part_is_listed_to_administrators_and_to_nobody_else(api, part) -> None:
    answer = api()("get", part)
    assert answer.status_code == 200
    assert set(answer.json()) == {"results", "next"}
    assert answer.json()["results"]
    assert api("nurse")("get", part).status_code == 403
    assert api("lead")("get", part).status_code == 403
    assert api(scopes=["desk:read"])("get", part).status_code == 403


def test_schools_and_roles_are_made_changed_and_closed(api) -> None:
    call = api()
    made = call("post", "schools", {"name": "Nymark skole", "form": "compulsory"})
    assert made.status_code == 201
    where = f"schools/{made.json()['id']}"
    assert call("patch", where, {"name": "Nymark ungdomsskole"}).json()["name"] == "Nymark ungdomsskole"
    assert call("post", f"{where}/close").json()["open"] is False
    refused = call("post", "schools", {"name": "", "form": "compulsory", "colour": "red"})
    assert refused.status_code == 422
    assert refused["Content-Type"].startswith("application/problem+json")
    role = call("post", "roles", {"names": {"nb": "Los"}}).json()
    assert call("patch", f"roles/{role['id']}", {"order": 0}).json()["order"] == 0
    assert call("post", f"roles/{role['id']}/close").json()["open"] is False


def test_the_calendar_and_the_promise_are_changed_by_programs_too(api, world) -> None:
    call = api()
    week = call("get", "calendar?kind=week").json()["results"][0]
    changed = call("patch", f"calendar/{week['id']}", {"open_hours": {"1": [["08:00", "24:00"]]}})
    assert changed.json()["version"] == week["version"] + 1
    assert call("patch", f"calendar/{week['id']}", {"open_hours": {}}).status_code == 422
    assert call("post", f"calendar/{week['id']}/close").status_code == 409
    start = today().isoformat()
    one = call("post", "calendar", {"kind": "break", "name": "Ferie", "first_day": start, "last_day": start})
    assert call("post", f"calendar/{one.json()['id']}/close").status_code == 204
    day = call("get", "calendar?kind=public_holiday").json()["results"][0]
    assert call("patch", f"calendar/{day['id']}", {"state": "open"}).json()["state"] == "open"
    for amount in (0, 10_000):
        assert call("post", "guarantees", {"kind": "counted_hours", "amount": amount}).status_code == 422
    own = call("post", "guarantees", {"kind": "counted_hours", "amount": 4, "school": str(world.school)})
    assert own.status_code == 201
    assert call("patch", f"guarantees/{own.json()['id']}", {"amount": 5}).json()["amount"] == 5
    assert len(call("post", f"guarantees/{own.json()['id']}/close").json()["results"]) == 1


def test_who_may_send_files_is_chosen_by_programs_too(api, world) -> None:
    call = api()
    assert call("get", "files").json()["results"] == []
    everywhere = call("post", "files", {"who": "named"}).json()
    assert everywhere["school"] is None
    own = call("post", "files", {"who": "everybody", "school": str(world.school)})
    assert own.status_code == 201
    where = f"files/{own.json()['id']}"
    assert call("patch", where, {"who": "nobody"}).json()["who"] == "nobody"
    assert portal().attachments_at(world.school) == "nobody"
    wrong = call("patch", where, {"who": "anybody"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "who")
    assert call("post", "files", {"who": "named", "school": str(world.nurse_role)}).status_code == 404
    assert [one["school"] for one in call("post", f"{where}/close").json()["results"]] == [None]
    assert portal().attachments_at(world.school) == "named"
    assert call("post", f"files/{everywhere['id']}/close").status_code == 409
    assert api("nurse")("get", "files").status_code == 403


def test_people_languages_and_look_are_changed_by_programs_too(api, world) -> None:
    call = api()
    post_there = {"role": str(world.nurse_role), "school": str(world.school)}
    made = call("post", "people", {"name": "Ine", "email": "ine@alfa.example", "posts": [post_there]})
    assert made.status_code == 201
    ine = made.json()
    assert ine["posts"][0]["school"] == str(world.school)
    where = f"people/{ine['id']}"
    changed = call("patch", where, {"end_posts": [ine["posts"][0]["id"]], "leads": [{"school": None}]}).json()
    assert (changed["posts"], changed["leads"][0]["school"]) == ([], None)
    assert call("post", f"{where}/close").json()["open"] is False
    assert call("post", f"people/{world.people['admin']}/close").status_code == 409
    assert call("post", "languages", {"code": "sv"}).status_code == 201
    assert call("post", "languages/nb/close").status_code == 409
    assert call("post", "languages/sv/close").status_code == 200
    logo = base64.b64encode(picture()).decode()
    assert call("patch", "look", {"brand": "#123456", "logo": logo}).json()["logo_url"]
    assert call("patch", "look", {"logo": base64.b64encode(SVG).decode()}).status_code == 422
    assert call("patch", "look", {"logo": None}).json()["logo_url"] == ""


def test_another_municipality_s_token_opens_nothing(api, world, at) -> None:
    from kernel.api.tokens import issue

    token = issue(account=world.account("admin"), scopes=["setup:read"], by=world.actor("admin"))
    there = at(world.beta, headers={"Authorization": f"Bearer {token}"})
    assert there.get("/api/v1/setup/schools").status_code == 401
