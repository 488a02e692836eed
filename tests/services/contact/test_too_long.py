# ruff: noqa: F811 (fixtures of another file)
"""More than anybody can mean is refused in words, at the page and at the API, and nothing typed is lost on the way."""

import json
import logging
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from tests.cast import World
from tests.services.contact.test_pages import clock, phone  # noqa: F401

LONG, LONGER = "a" * 3_000_000, "b" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)


def last_press(phone: Client, world: World, message: str) -> Any:
    said = {
        "message": message, "school": str(world.school), "role": str(world.nurse_role), "name": "Mona",
        "channel": "conversation", "language": "en", "step": "check", "key": "0" * 32,
    }  # fmt: skip
    return phone.post("/knock/", urlencode(said), content_type="application/x-www-form-urlencoded")


def test_a_form_of_megabytes_comes_back_whole_and_says_how_much_room_there_is(
    world: World,
    phone: Client,
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = last_press(phone, world, LONG)
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "This is 3000000 characters long. There is room for 10000." in page
    assert LONG in page
    assert 'value="Mona"' in page
    assert not [line for line in caplog.records if line.exc_info]


def test_a_form_beyond_every_measure_is_413_in_words_and_without_a_traceback(
    world: World,
    phone: Client,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    answer = last_press(phone, world, LONGER)
    assert answer.status_code == 413
    assert "This is too long. There is room for 8 megabytes at once." in unescape(answer.content.decode())
    assert not [line for line in caplog.records if line.exc_info]


@pytest.mark.parametrize(("message", "status"), [(LONG, 422), (LONGER, 413)])
def test_the_api_answers_with_a_problem_that_names_the_limit(
    world: World,
    phone: Client,
    message: str,
    status: int,
) -> None:
    said = {"school": str(world.school), "role": str(world.nurse_role), "channel": {"kind": "conversation"}}
    answer = phone.post(
        "/api/v1/contact-requests",
        json.dumps({**said, "message": message}),
        content_type="application/json",
        headers={"idempotency-key": "0" * 32},
    )
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    said_so = answer.json()
    assert "10000" in said_so["errors"][0]["message"] if status == 422 else "8 megabytes" in said_so["detail"]


def test_a_letter_file_beyond_every_measure_in_many_parts_is_413_too(world: World, phone: Client) -> None:
    answer = phone.post("/knock/", {"message": LONGER})
    assert answer.status_code == 413


@pytest.mark.parametrize("path", ["/api/v1", "/api/v1/"])
def test_the_address_of_the_api_leads_to_its_page(phone: Client, path: str) -> None:
    assert phone.get(path)["Location"] == "/api/v1/docs/"
