"""The page that shows every way in, its files, and who may have them."""

import plistlib
import re
from html import unescape

import pytest
from django.urls import reverse

from kernel.actor import MACHINE
from kernel.outbox.links import address
from tenants.setup import operations as setup
from tenants.setup.models import HelperRole, Lead, SchoolAddress
from tests.cast import World
from tests.tenants.setup.browsing import get


@pytest.fixture
def nurse_key(world: World, alpha) -> str:
    return HelperRole.objects.get(pk=world.nurse_role).key


def test_the_page_leads_to_sheets_of_what_was_chosen(world: World, browser, nurse_key) -> None:
    asked = {"school": str(world.school), "language": "en", "role": nurse_key}
    page = unescape(browser.get(reverse("setup:ways_in"), asked, HTTP_ACCEPT_LANGUAGE="nb").content.decode())
    assert address(f"/s/solhaug-alfa/{nurse_key}/") in page
    links = re.findall(r'href="([^"]*\.(?:pdf|mobileconfig)\?[^"]*)"', page)
    assert len(links) == 4
    for link in links:
        assert "language=en" in link
        assert f"role={nurse_key}" in link
        assert browser.get(link).status_code == 200


def test_a_sheet_is_a_pdf_that_nobody_keeps_on_the_way(world: World, browser) -> None:
    for name in ("poster", "card"):
        answer = browser.get(reverse(f"setup:{name}", args=[world.school]))
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-1.")
        assert answer["Cache-Control"] == "no-store"
        assert "solhaug-alfa-nb.pdf" in answer["Content-Disposition"]


@pytest.mark.parametrize(
    "asked", [{"language": "xx", "role": "dentist", "size": "a0"}, {"language": "", "size": ""}]
)
def test_what_is_not_there_is_passed_over(world: World, browser, asked) -> None:
    assert browser.get(reverse("setup:poster", args=[world.school]), asked).status_code == 200
    assert browser.get(reverse("setup:ways_in"), asked | {"school": "nowhere"}).status_code == 200


def test_a_closed_school_has_no_poster(world: World, browser) -> None:
    setup.close_school(school_id=world.school, by=MACHINE)
    assert browser.get(reverse("setup:poster", args=[world.school])).status_code == 404
    assert "Solhaug" not in get(browser, "ways_in")


def test_what_is_pasted_elsewhere_loads_nothing_of_ours(world: World, browser) -> None:
    page = get(browser, "ways_in")
    pasted = [unescape(one) for one in re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.S)]
    assert 'style="' not in page  # our own page shows it, and runs nothing of it
    html = [one for one in pasted if one.startswith("<a ")]
    assert len(html) == 2
    for one in html:
        assert f'href="{address("/s/fjellvang-alfa/")}"' in one
        assert not re.search(r"<script|<img|<iframe|<link|src=|url\(", one)


def test_the_file_for_apples_devices_can_be_removed_and_opens_the_browser(world: World, browser) -> None:
    answer = browser.get(reverse("setup:web_clip"), {"school": str(world.school), "language": "nb"})
    assert answer["Content-Type"] == "application/x-apple-aspen-config"
    profile = plistlib.loads(answer.content)
    assert profile["PayloadRemovalDisallowed"] is False
    assert profile["PayloadOrganization"] == "Alfa kommune"
    [clip] = profile["PayloadContent"]
    assert clip["PayloadType"] == "com.apple.webClip.managed"
    assert clip["URL"] == address("/s/solhaug-alfa/")
    assert (clip["IsRemovable"], clip["FullScreen"]) == (True, False)
    assert clip["Icon"].startswith(b"\x89PNG")
    again = browser.get(reverse("setup:web_clip"), {"school": str(world.school), "language": "nb"})
    assert plistlib.loads(again.content) == profile  # loaded again, it takes its own place
    other = plistlib.loads(browser.get(reverse("setup:web_clip"), {"school": "all"}).content)
    assert other["PayloadContent"][0]["URL"] == address("/")
    assert other["PayloadUUID"] != profile["PayloadUUID"]


def test_the_icon_is_a_picture(browser) -> None:
    assert browser.get(reverse("setup:icon")).content.startswith(b"\x89PNG")


def test_a_lead_prints_for_the_schools_they_lead_and_for_no_other(world: World, signed_in) -> None:
    Lead.objects.all().delete()
    setup.appoint_lead(account_id=world.people["lead"], school_id=world.school, by=MACHINE)
    lead = signed_in("lead")
    page = get(lead, "ways_in")
    assert "Solhaug" in page
    assert "Fjellvang" not in page
    assert 'href="/setup/people/"' not in page
    assert lead.get(reverse("setup:poster", args=[world.school])).status_code == 200
    assert lead.get(reverse("setup:poster", args=[world.other_school])).status_code == 403
    assert lead.get(reverse("setup:card", args=[world.other_school])).status_code == 403
    asked = {"school": str(world.other_school)}
    assert b"fjellvang" not in lead.get(reverse("setup:web_clip"), asked).content


@pytest.mark.parametrize("who", ["nurse", "outsider"])
def test_nobody_else_has_them(world: World, signed_in, who) -> None:
    for path in (
        reverse("setup:ways_in"), reverse("setup:web_clip"), reverse("setup:poster", args=[world.school]),
    ):  # fmt: skip
        assert signed_in(who).get(path).status_code == 403


def test_schools_of_before_get_an_address_each(world: World, alpha) -> None:
    """As the migration gives them, where there are none yet."""
    from importlib import import_module
    from types import SimpleNamespace

    from django.apps import apps
    from django.db import connection

    SchoolAddress.objects.all().delete()
    migration = import_module("tenants.setup.migrations.0009_schools_of_before_get_their_address")
    for _again in range(2):  # it may be run again: who has one keeps it
        migration.give(apps, SimpleNamespace(connection=connection))
        slugs = dict(SchoolAddress.objects.values_list("school__name", "slug"))
        assert slugs == {"Solhaug skole Alfa": "solhaug-alfa", "Fjellvang skole Alfa": "fjellvang-alfa"}


@pytest.mark.parametrize("language", ["nb", "nn", "sv", "da", "fi"])
def test_the_page_is_whole_in_every_language(browser, language) -> None:
    """What is English in it are the menus of Intune and Google Admin, and it says so."""
    setup.change_languages(languages=[language], default_language=language, by=MACHINE)
    page = browser.get(reverse("setup:ways_in"), HTTP_ACCEPT_LANGUAGE=language).content.decode()
    assert f'lang="{language}"' in page
    for words in (
        "Ways in",
        "Poster, A4",
        "Ten cards",
        "A plain link",
        "Publisher",
        "English console",
        "Show these",
    ):
        assert words not in page, words
