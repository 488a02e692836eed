"""A flood at the desk: a shelf of its own, and a way to put the real one with the others."""

from typing import Any

import pytest
from django.test import Client, override_settings

from services.contact.models import ContactRequest
from tests.cast import World
from tests.services.contact.people import knock

pytestmark = pytest.mark.django_db


@override_settings(KNOCKS_AT_ONCE=5, KNOCKS_AN_HOUR=1)
def test_the_desk_shows_a_flood_apart_and_its_page_says_so(alpha: World, nora: Client) -> None:
    assert "/desk/flood/" not in nora.get("/desk/").content.decode()
    for _n in range(7):
        last = knock(alpha)
    assert "/desk/flood/" in nora.get("/desk/").content.decode()
    shown = nora.get("/desk/flood/").content.decode()
    assert "Two came in a flood" in shown
    assert str(last.request_id) in shown
    assert str(last.request_id) not in nora.get("/desk/").content.decode()
    case = nora.get(f"/desk/{last.request_id}/").content.decode()
    assert "This came in a flood. Read first what it is." in case
    for _press in range(2):
        assert nora.post(f"/desk/{last.request_id}/let-out/").status_code == 302
    assert ContactRequest.objects.get(pk=last.request_id).held == "let_out"
    assert str(last.request_id) in nora.get("/desk/").content.decode()


def test_there_is_no_shelf_for_a_flood_that_is_not(alpha: World, nora: Client) -> None:
    knock(alpha)
    assert "No flood" in nora.get("/desk/flood/").content.decode()


@override_settings(KNOCKS_AT_ONCE=1, KNOCKS_AN_HOUR=1)
def test_a_program_finds_a_flood_as_well(alpha: World, api: Any) -> None:
    knock(alpha)
    last = knock(alpha)
    found = api("nurse")("get", "requests?state=flood")
    assert [one["id"] for one in found.json()["results"]] == [str(last.request_id)]
