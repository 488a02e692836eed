"""What a student reads is plain: LIX of at most 30 in nb, nn, sv and da (tests/house/lix.py).

Measured as a student meets it, on every page there is (tests/journeys/student_pages.py): a page whole, its buttons and
headings sentences of their own; each text of it with 20 words or more by itself; and each text of that length on the
lists of the door (locale/door) that no page of ours happens to show. Placeholders are filled as rendered.

**Not counted as words**: names of people and places (they are the municipality's), the name of a law with its section,
the names of languages in a choice of them, a code. Not measured: what a person wrote.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from kernel.ui import catalogs
from tenants.walls import data
from tenants.walls.limits import limits_of
from tests.house.lix import lix, texts_of, words
from tests.journeys.student_pages import PEOPLES_WORDS, Page, Walk, place_in

ROOT = Path(__file__).parents[2]
BAR, LONG = 30.0, 20
#: Where each language is met, so that numbers and laws are those of the country.
SPOKEN = {"NO": ("nb", "nn"), "SE": ("sv",), "DK": ("da",)}
HALVES = {"nb": 0, "nn": 1, "sv": 0, "da": 1}
ENDURE = os.environ.get("ENDURE") == "1"
#: What people wrote, the names on top of a page, and the code.
NOT_OURS = ("message", "top", "code")

type Pages = dict[str, list[Page]]


@pytest.fixture(scope="module", params=SPOKEN)
def pages(request: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[Pages]:
    """Every second page a student can meet in one country, by language: the one half in nb and sv, the other in nn and
    da. ENDURE=1: every page in each."""
    with django_db_blocker.unblock(), place_in(request.param) as place:
        found = {}
        for language in SPOKEN[request.param]:
            walk = Walk(place, language)
            names = sorted(walk.pages())
            half = set(names if ENDURE else names[HALVES[language] :: 2])
            found[language] = list(walk.all(half.__contains__))
        yield found


def read(page: Page, language: str) -> list[str]:
    return texts_of(page.html, language, PEOPLES_WORDS, NOT_OURS)


def test_every_page_is_plain_as_a_whole(pages: Pages) -> None:
    for language, shown in pages.items():
        assert len(shown) > (80 if ENDURE else 40)
        assert all(read(page, language) for page in shown)
        hard = {page.name: value for page in shown if (value := lix(read(page, language))) > BAR}
        assert hard == {}, language


def test_every_longer_text_of_a_page_is_plain_by_itself(pages: Pages) -> None:
    for language, shown in pages.items():
        texts = {text for page in shown for text in read(page, language) if len(words(text)) >= LONG}
        assert texts
        assert {text: lix([text]) for text in texts if lix([text]) > BAR} == {}, language


@pytest.mark.parametrize("app", [a for a in catalogs.apps(ROOT) if (a / "locale" / "door").exists()],
                         ids=lambda app: app.name)  # fmt: skip
def test_every_longer_text_on_the_lists_of_the_door_is_plain(app: Path) -> None:
    ours = {(str(one.id), one.context) for one in catalogs.collect(app, door=True) if one.id}
    hard = {
        (language, text): lix([text])
        for language in ("nb", "nn", "sv", "da")
        for message in catalogs.read(app, language)
        if (str(message.id), message.context) in ours
        for text in _said(message.string)
        if len(words(text)) >= LONG and lix([text]) > BAR
    }
    assert hard == {}


def _said(string: str | tuple[str, ...]) -> list[str]:
    forms = [string] if isinstance(string, str) else list(string)
    return [re.sub(r"%\(\w+\)s|\{\w*\}|<[^>]+>", " ", form) for form in forms]


@pytest.mark.parametrize("form", ["compulsory", "upper_secondary"])
@pytest.mark.parametrize(("country", "language"), [("NO", "nb"), ("NO", "nn"), ("SE", "sv"), ("DK", "da")])
def test_what_each_can_and_cannot_keep_to_themselves_is_plain(country: str, language: str, form: str) -> None:
    professions = {one for rule in data.RULES if rule.country == country for one in rule.professions}
    with translation.override(language):
        for profession in (*professions, "other"):
            said = limits_of(country, profession, form)
            assert lix(str(text) for text in (*said.keeps, *said.tells, said.writes)) <= BAR, profession


def test_the_measure_is_bjornssons() -> None:
    assert lix(["En to tre. Fire fem seks."]) == 3.0
    assert lix(["Kommunen behandler henvendelsen"]) == 3 + 100.0
    assert lix(["Du hører fra oss senest i morgen kl. 14.00."]) == 8.0, "an abbreviation ends no sentence"
    assert lix(["Ring 116 111: Noen svarer"]) == 1.5, "a colon does, and numbers are no words"


def test_buttons_and_headings_are_sentences_and_names_laws_and_peoples_words_are_not_read() -> None:
    html = """<html lang="nb"><h1>Hei du</h1><p>Solhaug er <a href="/">her</a> nå</p><button>Bank på</button>
      <p>Taushetsplikt <span class="hint" lang="no">(helsepersonelloven, § 21)</span></p>
      <div class="message"><p>Hemmelig</p></div><p lang="en">Nothing</p><svg><title>x</title></svg></html>"""
    assert texts_of(html, "nb", ["Solhaug"], ["message"]) == [
        "Hei du", "er her nå", "Bank på", "Taushetsplikt",
    ]  # fmt: skip
