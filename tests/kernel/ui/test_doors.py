"""The design system's own addresses, the choice of language, and what every template is given."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.utils import translation

from kernel.ui import look, views
from kernel.ui.context import ui
from kernel.ui.look import Look
from kernel.ui.middleware import LanguageMiddleware, choose
from kernel.ui.theme import theme_hash

PLACE = SimpleNamespace(name="Fjordvik kommune", slug="fjordvik", country="NO", timezone="Europe/Oslo")


@pytest.fixture
def fjordvik(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A municipality with a red door and three languages."""
    offered = Look(brand="#7a1f3d", exit_url="https://vg.example/", languages=("nn", "nb", "en"))
    monkeypatch.setattr(look, "_loaders", [lambda municipality: offered])
    return


def ask(path: str = "/", *, method: str = "get", data: dict | None = None, **headers: str) -> HttpRequest:
    request = getattr(RequestFactory(), method)(path, data or {}, headers=headers)
    request.municipality = PLACE
    return request


@pytest.mark.parametrize(
    ("header", "cookie", "language"),
    [
        ("", "", "nn"),
        ("no", "", "nb"),
        ("nb-NO,nb;q=0.9", "", "nb"),
        ("fi,en;q=0.5", "", "en"),
        ("ar", "", "nn"),
        ("nb", "en", "en"),
        ("nb", "fi", "nb"),
        ("nb", "../x", "nb"),
    ],
)
@pytest.mark.usefixtures("fjordvik")
def test_the_language_is_the_readers_among_those_offered_here(
    header: str, cookie: str, language: str
) -> None:
    request = ask(**{"Accept-Language": header})
    request.COOKIES["lang"] = cookie
    with override_settings(LANGUAGE_COOKIE_NAME="lang"):
        assert choose(request) == language


@pytest.mark.usefixtures("fjordvik")
def test_the_page_says_which_language_it_is_in_and_leaves_none_behind() -> None:
    said: list[str | None] = []

    def page(request: HttpRequest) -> HttpResponse:
        said.append(translation.get_language())
        return HttpResponse()

    before = translation.get_language()
    response = LanguageMiddleware(page)(ask(**{"Accept-Language": "en"}))
    assert (said, response["Content-Language"], translation.get_language()) == (["en"], "en", before)
    assert "Accept-Language" in response["Vary"]


@pytest.mark.usefixtures("fjordvik")
def test_choosing_a_language_remembers_it_and_goes_back_to_this_site_only() -> None:
    response = views.language(ask("/language/", method="post", data={"language": "nb", "next": "/receipt/"}))
    assert response["Location"] == "/receipt/"
    assert [c.value for c in response.cookies.values()] == ["nb"]
    for evil in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example"):
        assert (
            views.language(ask("/language/", method="post", data={"language": "nb", "next": evil}))[
                "Location"
            ]
            == "/"
        )


@pytest.mark.usefixtures("fjordvik")
def test_a_language_that_is_not_offered_is_not_remembered() -> None:
    assert not views.language(ask("/language/", method="post", data={"language": "fi"})).cookies


@pytest.mark.usefixtures("fjordvik")
def test_quick_exit_forgets_the_visit_and_leads_to_a_neutral_page() -> None:
    gone = views.leave(ask("/exit/"))
    assert gone["Location"] == "https://vg.example/"
    assert gone["Clear-Site-Data"] == '"cookies", "storage"'
    assert all(cookie["max-age"] == 0 for cookie in gone.cookies.values())
    assert set(gone.cookies) == {"csrf", "eid", "eid-way", "staff", "visit"}
    assert views.leave(ask("/exit/", method="post")).status_code == 204


@pytest.mark.usefixtures("fjordvik")
@pytest.mark.parametrize(
    ("site", "forgets"), [("same-origin", True), ("none", True), ("cross-site", False), ("same-site", False)]
)
def test_another_sites_link_or_picture_of_the_exit_signs_nobody_out(site: str, forgets: bool) -> None:
    gone = views.leave(ask("/exit/", **{"sec-fetch-site": site}))
    assert gone["Location"] == "https://vg.example/"
    assert ("Clear-Site-Data" in gone, bool(gone.cookies)) == (forgets, forgets)


@pytest.mark.usefixtures("fjordvik")
def test_the_theme_is_kept_for_a_year_under_its_own_name_only() -> None:
    own = theme_hash("#7a1f3d")
    assert "immutable" in views.theme(ask(), own)["Cache-Control"]
    assert views.theme(ask(), "0" * 12)["Cache-Control"] == "no-cache"
    assert b"--brand:#7a1f3d" in views.theme(ask(), own).content
    assert b"<svg" in views.icon(ask()).content


@override_settings(DEMO=False, TESTING=False)
def test_the_gallery_exists_in_a_demo_only() -> None:
    with pytest.raises(Http404):
        views.gallery(ask("/ui/"))


@pytest.mark.usefixtures("fjordvik")
def test_templates_know_where_they_are_without_asking_the_database() -> None:
    context = ui(ask())
    assert context["theme_url"] == f"/theme.{theme_hash('#7a1f3d')}.css"
    assert [n.number for n in context["crisis"]][:2] == ["116 111", "113"]
    assert [(one["code"], one["name"]) for one in context["languages"]] == [
        ("nn", "Nynorsk"),
        ("nb", "Bokmål"),
        ("en", "English"),
    ]


def test_a_request_without_municipality_has_a_face_as_well() -> None:
    context = ui(RequestFactory().get("/"))
    assert context["municipality"] is None
    assert context["crisis"] == ()
    assert context["theme_url"].startswith("/theme.")
    assert ui(None)["languages"]
