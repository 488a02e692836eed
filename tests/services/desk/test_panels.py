"""Other rooms bring their part to the page of a request, and see the words only when a reading is in the log."""

import re

import pytest
from django.test import Client

from services.desk import panels
from services.desk.panels import Case, Panel
from tests.services.contact.people import knock
from tests.services.desk.test_case import act, opened

pytestmark = pytest.mark.django_db
WORD = "A word from another room"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Case]:
    """A panel that has something to say once somebody has the request; notes what it was told."""
    told: list[Case] = []

    def context(_request, case: Case):
        told.append(case)
        return {"text": WORD} if case.stage != "free" else None

    monkeypatch.setattr(panels, "_panels", {})
    panels.register(Panel("word", "facts", "ui/chip.html", context))
    return told


def test_a_panel_shows_what_it_has_and_nothing_when_it_has_nothing(asked, alpha, nora: Client) -> None:
    accepted = knock(alpha)
    assert WORD not in opened(nora, accepted)
    act(nora, accepted, "take")
    assert WORD in opened(nora, accepted)


def test_a_panel_gets_the_words_only_where_the_page_opened_them(asked, alpha, nora: Client) -> None:
    accepted = knock(alpha)
    opened(nora, accepted)
    assert asked[-1].opened is None
    act(nora, accepted, "take")
    opened(nora, accepted)
    assert asked[-1].opened is not None
    assert asked[-1].is_mine


def test_two_panels_never_share_a_name(asked) -> None:
    with pytest.raises(ValueError, match="word"):
        panels.register(Panel("word", "more", "ui/chip.html", lambda _request, _case: None))


@pytest.mark.parametrize(
    "panel", [one for one in panels.panels() if one.place == "more"], ids=lambda one: one.name
)
def test_what_is_not_the_next_act_is_a_closed_fold_with_a_line(panel: Panel, alpha, nora: Client) -> None:
    accepted = knock(alpha)
    act(nora, accepted, "take")
    found = re.search(
        rf'<div id="{panel.name}"><details class="ds-details"( open)?><summary>(.*?)</summary>',
        opened(nora, accepted),
    )
    if panel.name == "chain":
        assert found is None, "nobody else has had it"
        return
    assert found
    assert not found[1]
    assert "fold-note" in found[2]


def test_what_was_just_done_in_a_fold_is_said_there_and_the_fold_is_open(alpha, nora: Client) -> None:
    accepted = knock(alpha)
    act(nora, accepted, "take")
    answer = nora.post(f"/desk/{accepted.request_id}/notes/", {"text": "Snakket med mor", "once": "a"})
    assert answer["Location"].endswith("#notes")
    page = opened(nora, accepted)
    fold = page[page.index('<div id="notes"') : page.index('<div id="readers"')]
    assert fold.startswith('<div id="notes" tabindex="-1" data-focus><details class="ds-details" open>')
    assert "The note is kept." in fold
    assert page.count("The note is kept.") == 1
    assert "The note is kept." not in opened(nora, accepted), "said once"


def test_i_am_worried_comes_right_after_the_name_and_stays_in_the_strip(alpha, nora: Client) -> None:
    accepted = knock(alpha)
    act(nora, accepted, "take")
    page = opened(nora, accepted)
    strip = re.search(r'<nav class="reach".*?</nav>', page, re.S)
    assert strip
    assert f"/worry/about/{accepted.request_id}/" in strip[0]
    assert page.index('id="who"') < strip.start() < page.index('id="here"') < page.index('id="id_text"')


def test_a_tab_that_stands_behind_more_on_a_phone_is_never_the_one_we_are_on(alpha, nora: Client) -> None:
    def behind(address: str) -> str:
        return re.search(r'<li class="more">.*?</details></li>', nora.get(address).content.decode(), re.S)[0]

    assert "/desk/closed/" in behind("/desk/")
    assert "/desk/closed/" not in behind("/desk/closed/")
    assert "/desk/mine/" not in behind("/desk/")
