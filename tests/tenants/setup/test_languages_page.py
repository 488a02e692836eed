"""Languages and own words."""

from tenants.setup import operations as setup
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
    answer = post(browser, "wording", greeting_nb=long, lead_nb="Kort og godt.")
    assert answer.status_code == 422
    html = answer.content.decode()
    assert long.strip() in html
    assert "Kort og godt." in html
    assert not portal().wording
    typed = {"greeting_nb": "Trenger du en voksen?", "lead_nb": "Kort og godt."}
    assert post(browser, "wording", **typed).status_code == 200
    assert portal().wording == {("greeting", "nb"): "Trenger du en voksen?", ("lead", "nb"): "Kort og godt."}


def test_every_fault_of_the_wording_is_said_at_once(browser) -> None:
    long = "Bank på! " * 60
    html = post(browser, "wording", greeting_nb=long, lead_nb=long).content.decode()
    assert 'href="#id_greeting_nb"' in html
    assert 'href="#id_lead_nb"' in html


def test_a_sentence_that_a_colleague_changed_meanwhile_stays(browser, admin) -> None:
    """The page was made before; only what was typed anew on it is saved."""
    setup.change_wording(key="lead", language="nb", text="Kollegaens setning.", by=admin)
    post(browser, "wording", greeting_nb="Min setning.", was_greeting_nb="", lead_nb="", was_lead_nb="")
    assert portal().wording == {("lead", "nb"): "Kollegaens setning.", ("greeting", "nb"): "Min setning."}
