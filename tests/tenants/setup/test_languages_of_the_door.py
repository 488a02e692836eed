"""A language is offered to students when somebody named has read it, and not before."""

from collections.abc import Callable

import pytest
from django.test import Client

from kernel.actor import MACHINE
from kernel.errors import Conflict, Invalid
from kernel.tenancy import inside
from tenants.setup import door_texts, operations
from tenants.setup.models import HelperRole
from tenants.setup.queries import portal
from tenants.setup.role_texts import role_texts
from tests.cast import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def arabic(world: World) -> World:
    with inside(world.alpha):
        operations.change_languages(languages=["nb", "en", "ar"], default_language="nb", by=MACHINE)
    return world


def read_by(world: World, name: str) -> None:
    with inside(world.alpha):
        operations.review_language(code="ar", reviewed_by=name, by=MACHINE)


def test_it_is_offered_from_the_name_on_and_no_longer_without(
    arabic: World, at: Callable[..., Client]
) -> None:
    phone = at(arabic.alpha, headers={"accept-language": "ar"})
    assert 'lang="nb"' in phone.get("/").content.decode()
    read_by(arabic, "Leila Haddad")
    page = phone.get("/").content.decode()
    assert '<html lang="ar" dir="rtl"' in page
    assert "هل تحتاج إلى من تتحدث إليه؟" in page
    read_by(arabic, "")
    assert 'lang="nb"' in phone.get("/").content.decode()


def test_nobody_can_choose_it_by_hand_before(arabic: World, at: Callable[..., Client]) -> None:
    phone = at(arabic.alpha, headers={"accept-language": "nb"})
    assert phone.post("/language/", {"language": "ar", "next": "/"}).cookies == {}
    assert "ar" not in phone.get("/api/v1/door").json()["languages"]
    read_by(arabic, "Leila Haddad")
    assert phone.post("/language/", {"language": "ar", "next": "/"}).cookies
    assert "ar" in phone.get("/api/v1/door").json()["languages"]


def test_pages_of_those_who_work_here_are_never_in_it(arabic: World, at: Callable[..., Client]) -> None:
    read_by(arabic, "Leila Haddad")
    page = at(arabic.alpha, headers={"accept-language": "ar"}).get("/sign-in/").content.decode()
    assert '<html lang="nb"' in page
    assert 'value="ar"' not in page


def test_a_demo_offers_it_and_says_that_nobody_has_read_it(
    arabic: World, at: Callable[..., Client], settings
) -> None:
    settings.DEMO = True
    page = at(arabic.alpha, headers={"accept-language": "nb"}).get("/").content.decode()
    assert 'value="ar"' in page
    assert "ikke lest gjennom" in page


def test_what_must_be_right_comes_first_and_each_text_stands_beside_ones_own() -> None:
    texts = door_texts.door_texts("ar")
    said = {pair.ours: pair.said for pair in texts.first}
    assert said["Need someone right now?"] == ("هل تحتاج إلى أحد الآن؟",)
    assert not texts.missing
    assert len(texts.rest) > 300


def test_a_language_that_is_not_written_whole_is_offered_by_nobody(
    arabic: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenants.setup.operations.languages.is_complete", lambda code: False)
    with pytest.raises(Conflict):
        read_by(arabic, "Leila Haddad")
    with inside(arabic.alpha):
        assert "ar" not in portal().door_languages


def test_the_language_met_first_is_one_we_have_reviewed(world: World) -> None:
    with inside(world.alpha), pytest.raises(Invalid) as refused:
        operations.change_languages(languages=["nb", "ar"], default_language="ar", by=MACHINE)
    assert refused.value.errors[0].field == "default_language"


def test_a_role_starts_with_its_texts_in_it(world: World) -> None:
    assert role_texts("NO", "nurse")["names"]["ar"] == "ممرضة المدرسة"
    with inside(world.alpha):
        assert HelperRole.objects.filter(names__ar="ممرضة المدرسة").exists()


def test_the_page_to_read_it_on_shows_both_and_takes_the_name(arabic: World, browser: Client) -> None:
    page = browser.get("/setup/languages/ar/").content.decode()
    assert "هل تحتاج إلى أحد الآن؟" in page
    assert 'dir="auto"' in page
    assert browser.post("/setup/languages/ar/review/", {"reviewed_by": "Leila Haddad"}).status_code == 302
    assert "Leila Haddad" in browser.get("/setup/languages/ar/").content.decode()
    assert browser.get("/setup/languages/so/").status_code == 404
    assert "reviewed_by" not in browser.get("/setup/languages/nb/").content.decode(), "ours to read"


def test_nobody_who_reads_a_language_meets_what_a_program_fills_in() -> None:
    texts = door_texts.door_texts("ar")
    read = [text for pair in (*texts.first, *texts.rest) for text in (pair.ours, *pair.said)]
    assert not [text for text in read if "%(" in text or "<strong>" in text]
    assert door_texts.as_read("Say <strong>%(number)s</strong>, by {when}.") == "Say …, by …."
