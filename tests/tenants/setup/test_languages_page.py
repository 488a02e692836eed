"""Languages and own words."""

from tenants.setup.queries import portal
from tests.tenants.setup.browsing import get, post


def test_languages_are_chosen_and_reviewed(browser) -> None:
    answer = post(browser, "languages", languages=["nb", "sv"], default_language="fi")
    assert answer.status_code == 422
    assert post(browser, "languages", languages=["nb", "sv"], default_language="sv").status_code == 200
    assert portal().default_language == "sv"
    post(browser, "review_language", "nb", reviewed_by="Kari Norsklærer")
    assert "Kari Norsklærer" in get(browser, "languages")


def test_own_words_are_kept_when_refused(browser) -> None:
    long = "Bank på! " * 60
    answer = post(browser, "wording", key="greeting", language="nb", text=long)
    assert answer.status_code == 422
    assert long.strip() in answer.content.decode()
    assert (
        post(browser, "wording", key="greeting", language="nb", text="Trenger du en voksen?").status_code
        == 200
    )
    assert "Trenger du en voksen?" in get(browser, "home")
