"""Other rooms bring their part to the page of a request, and see the words only when a reading is in the log."""

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
