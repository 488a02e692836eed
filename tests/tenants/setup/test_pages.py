"""The administrator's pages: who gets in, what a refusal keeps, what a second press does, what they
explain."""

import base64
import io
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from PIL import Image

from kernel.errors import Invalid
from tenants.setup import operations as setup
from tenants.setup.actors import today
from tenants.setup.models import ClosedDay, Look, Post, School, SchoolBreak
from tenants.setup.queries import guarantees, portal
from tenants.setup.urls import urlpatterns
from tenants.setup.views.common import PAGES

FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def browser(signed_in):
    return signed_in("admin")


def get(browser, name, /, *args, status=200):
    answer = browser.get(reverse(f"setup:{name}", args=args))
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


def post(browser, name, /, *args, follow=True, **typed):
    return browser.post(reverse(f"setup:{name}", args=args), typed, follow=follow)


# --- the gate
# --------------------------------------------------------------------------------------------------


def addresses(world) -> list[str]:
    ids = {
        "school_id": world.school, "role_id": world.nurse_role, "account_id": world.people["nurse"],
        "code": "nb",
    }  # fmt: skip
    found = []
    for pattern in urlpatterns:
        wanted = {name: ids.get(name, world.school) for name in pattern.pattern.converters}
        found.append(reverse(f"setup:{pattern.name}", kwargs=wanted))
    return found


@pytest.mark.parametrize("who", ["nurse", "lead", "outsider"])
def test_helpers_and_leads_read_nothing_and_change_nothing_here(world, signed_in, who) -> None:
    client = signed_in(who)
    for address in addresses(world):
        for method in (client.get, client.post):
            assert method(address).status_code in (403, 405), address
    assert School.objects.get(pk=world.school).closed_on is None


def test_a_stranger_is_led_to_sign_in(world, alpha, at) -> None:
    client = at(alpha)
    for address in addresses(world):
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert answer["Location"].startswith("/sign-in/")


def test_an_administrator_of_one_municipality_is_a_stranger_in_the_other(world, signed_in) -> None:
    client = signed_in("admin")
    client.defaults["SERVER_NAME"] = "beta.localhost"
    assert client.get("/setup/").status_code == 302


@pytest.mark.parametrize("section", [name for name, _text in PAGES])
def test_every_page_is_there_in_every_language(browser, section) -> None:
    for language in ("nb", "en"):
        answer = browser.get(reverse(f"setup:{section}"), headers={"accept-language": language})
        assert answer.status_code == 200
        html = answer.content.decode()
        assert "style=" not in html
        assert "<script>" not in html
        assert "None" not in html


# --- what is typed stays, what is pressed twice is done once
# -----------------------------------------------------


def test_a_refused_school_keeps_what_was_typed(world, browser) -> None:
    name = School.objects.get(pk=world.school).name
    answer = post(browser, "schools", name=name, form="adult")
    assert answer.status_code == 422
    html = answer.content.decode()
    assert name in html
    assert 'value="adult" selected' in html
    assert "aria-invalid" in html


def test_pressing_twice_opens_one_school(browser) -> None:
    assert post(browser, "schools", name="Nymark skole", form="compulsory").status_code == 200
    assert post(browser, "schools", name="Nymark skole", form="compulsory").status_code == 422
    assert School.objects.filter(name="Nymark skole").count() == 1


def test_closing_a_school_is_asked_about_and_can_be_undone(world, browser) -> None:
    assert 'method="post"' in get(browser, "close_school", world.school)
    assert School.objects.get(pk=world.school).closed_on is None
    post(browser, "close_school", world.school)
    post(browser, "close_school", world.school)
    assert School.objects.get(pk=world.school).closed_on
    assert reverse("setup:reopen_school", args=[world.school]) in get(browser, "schools")
    post(browser, "reopen_school", world.school)
    assert School.objects.get(pk=world.school).closed_on is None


def test_a_role_gets_a_name_in_each_language_and_keeps_those_not_shown(world, browser) -> None:
    setup.change_role(role_id=world.nurse_role, names={"nb": "Helse", "sv": "Hälsa"}, by=world.actor("admin"))
    typed = {"profession": "school_nurse", "employer": "", "names_nb": "Helsesøster", "names_en": "Nurse"}
    assert post(browser, "role", world.nurse_role, **typed).status_code == 200
    names = portal().school(world.school).role(world.nurse_role).names
    assert names == {"nb": "Helsesøster", "en": "Nurse", "sv": "Hälsa"}
    answer = post(browser, "new_role", profession="other", names_nb="", keeps_nb="Min tekst")
    assert answer.status_code == 422
    assert "Min tekst" in answer.content.decode()


def test_the_last_role_and_the_last_administrator_are_refused_in_words(world, browser) -> None:
    post(browser, "close_role", world.counsellor_role)
    assert post(browser, "close_role", world.nurse_role).status_code == 409
    assert post(browser, "administrator", world.people["admin"]).status_code == 409
    assert post(browser, "close_person", world.people["admin"]).status_code == 409


# --- people
# -----------------------------------------------------------------------------------------------------


def test_somebody_is_invited_and_given_a_post(world, browser) -> None:
    answer = post(browser, "people", name="Ine", email="ine@alfa", language="nb")
    assert answer.status_code == 422
    assert "ine@alfa" in answer.content.decode()
    answer = post(browser, "people", name="Ine Ny", email="ine@alfa.example", language="nb")
    address = answer.redirect_chain[-1][0]
    typed = {
        "act": "post", "post-role": str(world.nurse_role), "post-school": str(world.other_school),
        "post-starts_on": today().isoformat(),
    }  # fmt: skip
    assert browser.post(address, typed, follow=True).status_code == 200
    assert browser.post(address, typed, follow=True).status_code == 200
    assert Post.objects.filter(account__email="ine@alfa.example").count() == 1
    wrong = typed | {"post-ends_on": (today() - timedelta(days=3)).isoformat()}
    assert browser.post(address, wrong).status_code == 422
    post_id = Post.objects.get(account__email="ine@alfa.example").pk
    post(browser, "end_post", post_id)
    assert not Post.objects.filter(pk=post_id, ends_on=None).exists()


def test_the_grid_shows_who_answers_where(world, browser) -> None:
    html = get(browser, "people")
    assert "Nora Alfa" in html
    assert "Solhaug skole Alfa" in html
    assert "Beta" not in html


# --- calendar
# ---------------------------------------------------------------------------------------------------


def test_a_week_is_written_as_people_write_it(browser) -> None:
    answer = post(browser, "calendar", open_hours_1="8–12, 13.00-16:00", open_hours_2="00:00-24:00")
    assert answer.status_code == 200
    assert portal().calendar.open_hours == {1: ((480, 720), (780, 960)), 2: ((0, 1440),)}
    html = get(browser, "calendar")
    assert "08:00–12:00, 13:00–16:00" in html


@pytest.mark.parametrize("hours", ["12:00-8:00", "8-12, 11-16", "8", "25-26", "når som helst"])
def test_hours_that_cannot_be_are_refused_beside_the_day_and_kept(browser, hours) -> None:
    answer = post(browser, "calendar", open_hours_3=hours, open_hours_4="8-16")
    assert answer.status_code == 422
    html = answer.content.decode()
    assert f'value="{hours}"' in html
    assert "id_open_hours_3_error" in html


def test_an_empty_calendar_is_refused(browser) -> None:
    answer = post(browser, "calendar")
    assert answer.status_code == 422
    assert portal().calendar.open_hours


def test_holidays_breaks_and_days_are_decided_on_the_page(browser) -> None:
    day = ClosedDay.objects.filter(day__year=today().year + 1, day__month=5, day__day=1).get()
    answer = post(browser, "holiday", day.pk, state="half", closes_at="kl. 12")
    assert answer.status_code == 422
    assert "kl. 12" in answer.content.decode()
    assert post(browser, "holiday", day.pk, state="half", closes_at="11:30", follow=False).status_code == 302
    day.refresh_from_db()
    assert (day.state, day.closes_at) == ("half", 690)
    start = today() + timedelta(days=10)
    typed = {"break-name": "Vinterferie", "break-first_day": start, "break-last_day": start}
    assert post(browser, "add_break", **typed).status_code == 200
    assert post(browser, "add_break", **typed).status_code == 200
    post(browser, "remove_break", SchoolBreak.objects.get().pk)
    assert not SchoolBreak.objects.exists()
    assert post(browser, "add_day", **{"day-day": "i morgen", "day-name": "Plan"}).status_code == 422
    assert post(browser, "add_day", **{"day-day": start, "day-name": "Plan"}).status_code == 200
    post(browser, "remove_day", ClosedDay.objects.get(kind="extra").pk)


def test_a_year_s_holidays_are_listed_at_the_press_of_a_button(browser) -> None:
    year = today().year + 3
    assert get(browser, "calendar")
    answer = browser.get(reverse("setup:calendar"), {"year": year})
    assert reverse("setup:import_holidays") in answer.content.decode()
    post(browser, "import_holidays", year=year)
    assert ClosedDay.objects.filter(day__year=year).count() > 10


# --- the promise, explained by showing
# ----------------------------------------------------------------------------


def test_the_page_shows_what_the_promise_means_friday_to_monday(browser) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        html = get(browser, "guarantees")
    assert "2026-11-20T16:30:00+01:00" in html
    assert "2026-11-23T16:30:00+01:00" in html


def test_what_it_means_is_shown_without_javascript_before_anything_is_saved(browser) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        answer = post(browser, "guarantees", kind="counted_hours", amount="48", show="1")
    html = answer.content.decode()
    assert "2026-11-24T16:30:00+01:00" in html
    assert 'value="48"' in html
    assert guarantees()[None, None].hours == 24


def test_what_it_means_comes_alone_while_typing(browser) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        answer = post(
            browser, "examples", kind="working_days", amount="1", received_when_closed="next_open_day"
        )
    html = answer.content.decode()
    assert "<html" not in html
    assert "<form" not in html
    assert "2026-11-24T00:00:00+01:00" in html


@pytest.mark.parametrize("amount", ["0", "10000", "-3", "mange", "", "1e9"])
def test_a_promise_nobody_can_mean_is_refused_and_kept_as_typed(browser, amount) -> None:
    answer = post(browser, "guarantees", kind="counted_hours", amount=amount)
    assert answer.status_code == 422
    if amount:
        assert f'value="{amount}"' in answer.content.decode()
    assert guarantees()[None, None].hours == 24
    assert post(browser, "examples", kind="counted_hours", amount=amount).status_code == 200


def test_a_promise_is_saved_for_one_role_at_one_school_and_taken_back(world, browser) -> None:
    place = f"?school={world.school}&role={world.nurse_role}"
    address = reverse("setup:guarantees") + place
    assert (
        browser.post(
            address, {"kind": "working_days", "amount": "2", "received_when_closed": "same_day"}
        ).status_code
        == 302
    )
    assert portal().guarantee(world.school, world.nurse_role).days == 2
    assert "reset" in browser.get(address).content.decode()
    browser.post(reverse("setup:reset_guarantee") + place)
    assert portal().guarantee(world.school, world.nurse_role).hours == 24
    assert browser.get(reverse("setup:guarantees") + "?school=nonsense").status_code == 404


# --- look
# ---------------------------------------------------------------------------------------------------------


def picture(form: str = "PNG", size: tuple[int, int] = (600, 200)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, form)
    return out.getvalue()


def upload(browser, content: bytes, name: str = "logo.png", **typed):
    file = io.BytesIO(content)
    file.name = name
    typed = {"brand": "#aa3355", "show_names": "on", "exit_url": "", "logo": file} | typed
    return browser.post(reverse("setup:look"), typed, follow=True)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_logo_is_drawn_anew_and_served_for_ever(browser, form) -> None:
    hidden = picture(form) + b"<script>alert(1)</script>"
    assert upload(browser, hidden).status_code == 200
    address = portal().look.logo_url
    answer = browser.get(address)
    assert answer["Content-Type"] == "image/png"
    assert "immutable" in answer["Cache-Control"]
    assert b"script" not in answer.content
    assert Image.open(io.BytesIO(answer.content)).size == (480, 160)
    assert browser.get("/logo.0123456789abcdef.png").status_code == 404
    browser.post(reverse("setup:remove_logo"))
    assert browser.get(address).status_code == 404


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "content",
    [
        SVG,
        b"\xef\xbb\xbf  <svg/>",
        b"not a picture",
        picture()[:200],
        picture("GIF"),
        picture(size=(5000, 10)),
        b"\x89PNG" + b"\0" * (40 * 1024 * 1024),
    ],
    ids=["svg", "svg with mark", "text", "cut off", "gif", "too wide", "40 MB"],
)
def test_what_is_no_logo_is_refused_in_words_and_the_colour_is_kept(browser, content) -> None:
    before = Look.objects.get()
    answer = upload(browser, content)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "id_logo_error" in html
    assert "#aa3355" in html
    after = Look.objects.get()
    assert (after.brand, after.logo_hash) == (before.brand, before.logo_hash)


def test_the_refusal_of_a_logo_says_why(admin) -> None:
    heavy = io.BytesIO()
    Image.effect_noise((2000, 2000), 90).save(heavy, "PNG")
    for content, why in ((SVG, "SVG"), (heavy.getvalue(), "2 MB"), (picture(size=(5000, 10)), "4000")):
        with pytest.raises(Invalid) as refused:
            setup.change_look(logo=content, by=admin)
        assert why in str(refused.value.errors[0].message)


def test_a_picture_that_unfolds_into_a_bomb_is_refused(browser) -> None:
    out = io.BytesIO()
    Image.new("1", (4000, 4000)).save(out, "PNG")
    small = out.getvalue()
    # The header says 60,000 x 60,000; the file is a few kilobytes.
    bomb = small[:16] + (60000).to_bytes(4, "big") * 2 + small[24:]
    assert upload(browser, bomb).status_code == 422


@pytest.mark.parametrize("brand", ["red;}", "#12", "javascript:alert(1)", ""])
def test_what_is_no_colour_is_refused(browser, brand) -> None:
    answer = browser.post(reverse("setup:look"), {"brand": brand})
    assert answer.status_code == 422
    assert browser.get(reverse("setup:look_style"), {"brand": brand}).status_code == 404


def test_a_colour_is_tried_before_it_is_saved(browser) -> None:
    before = Look.objects.get().brand
    html = browser.post(reverse("setup:look"), {"brand": "#00aa00", "show": "1"}).content.decode()
    assert "brand=%2300aa00" in html
    part = browser.post(reverse("setup:look_preview"), {"brand": "#00aa00"}).content.decode()
    assert "brand=%2300aa00" in part
    assert "<html" not in part
    css = browser.get(reverse("setup:look_style"), {"brand": "#00aa00"}).content.decode()
    assert "[data-try]" in css
    assert ":root" not in css
    assert Look.objects.get().brand == before


def test_the_theme_changes_its_address_with_the_colour(browser, alpha, at) -> None:
    setup_page = browser.get("/setup/").content.decode()
    old = portal().look.theme_url
    assert old in setup_page
    browser.post(reverse("setup:look"), {"brand": "#7a1f5c"})
    new = portal().look.theme_url
    assert new != old
    fresh = at(alpha).get(new)
    assert "immutable" in fresh["Cache-Control"]
    assert "#7a1f5c" in fresh.content.decode()
    assert "immutable" not in at(alpha).get(old)["Cache-Control"]


# --- languages and wording
# ---------------------------------------------------------------------------------------


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


# --- the API, on the same operations
# ------------------------------------------------------------------------------


@pytest.fixture
def api(world, alpha, at):
    from kernel.api.tokens import issue

    def client(who="admin", scopes=("setup:read", "setup:write")):
        token = issue(account=world.account(who), scopes=scopes, by=world.actor(who))
        knocking = at(alpha, headers={"Authorization": f"Bearer {token}"})

        def call(method, path, body=None):
            return getattr(knocking, method)(f"/api/v1/setup/{path}", body, content_type="application/json")

        return call

    return client


@pytest.mark.parametrize(
    "part", ["schools", "roles", "languages", "calendar", "guarantees", "look", "people"]
)
def test_every_part_is_listed_to_administrators_and_to_nobody_else(api, part) -> None:
    answer = api()("get", part)
    assert answer.status_code == 200
    assert set(answer.json()) == {"results", "next"}
    assert answer.json()["results"]
    assert api("nurse")("get", part).status_code == 403
    assert api("lead")("get", part).status_code == 403
    assert api(scopes=["desk:read"])("get", part).status_code == 403


def test_schools_and_roles_are_made_changed_and_closed(api) -> None:
    call = api()
    made = call("post", "schools", {"name": "Nymark skole", "form": "compulsory"})
    assert made.status_code == 201
    where = f"schools/{made.json()['id']}"
    assert call("patch", where, {"name": "Nymark ungdomsskole"}).json()["name"] == "Nymark ungdomsskole"
    assert call("post", f"{where}/close").json()["open"] is False
    refused = call("post", "schools", {"name": "", "form": "compulsory", "colour": "red"})
    assert refused.status_code == 422
    assert refused["Content-Type"].startswith("application/problem+json")
    role = call("post", "roles", {"names": {"nb": "Los"}}).json()
    assert call("patch", f"roles/{role['id']}", {"order": 0}).json()["order"] == 0
    assert call("post", f"roles/{role['id']}/close").json()["open"] is False


def test_the_calendar_and_the_promise_are_changed_by_programs_too(api, world) -> None:
    call = api()
    week = call("get", "calendar?kind=week").json()["results"][0]
    changed = call("patch", f"calendar/{week['id']}", {"open_hours": {"1": [["08:00", "24:00"]]}})
    assert changed.json()["version"] == week["version"] + 1
    assert call("patch", f"calendar/{week['id']}", {"open_hours": {}}).status_code == 422
    assert call("post", f"calendar/{week['id']}/close").status_code == 409
    start = today().isoformat()
    one = call("post", "calendar", {"kind": "break", "name": "Ferie", "first_day": start, "last_day": start})
    assert call("post", f"calendar/{one.json()['id']}/close").status_code == 204
    day = call("get", "calendar?kind=public_holiday").json()["results"][0]
    assert call("patch", f"calendar/{day['id']}", {"state": "open"}).json()["state"] == "open"
    for amount in (0, 10_000):
        assert call("post", "guarantees", {"kind": "counted_hours", "amount": amount}).status_code == 422
    own = call("post", "guarantees", {"kind": "counted_hours", "amount": 4, "school": str(world.school)})
    assert own.status_code == 201
    assert call("patch", f"guarantees/{own.json()['id']}", {"amount": 5}).json()["amount"] == 5
    assert len(call("post", f"guarantees/{own.json()['id']}/close").json()["results"]) == 1


def test_people_languages_and_look_are_changed_by_programs_too(api, world) -> None:
    call = api()
    post_there = {"role": str(world.nurse_role), "school": str(world.school)}
    made = call("post", "people", {"name": "Ine", "email": "ine@alfa.example", "posts": [post_there]})
    assert made.status_code == 201
    ine = made.json()
    assert ine["posts"][0]["school"] == str(world.school)
    where = f"people/{ine['id']}"
    changed = call("patch", where, {"end_posts": [ine["posts"][0]["id"]], "leads": [{"school": None}]}).json()
    assert (changed["posts"], changed["leads"][0]["school"]) == ([], None)
    assert call("post", f"{where}/close").json()["open"] is False
    assert call("post", f"people/{world.people['admin']}/close").status_code == 409
    assert call("post", "languages", {"code": "sv"}).status_code == 201
    assert call("post", "languages/nb/close").status_code == 409
    assert call("post", "languages/sv/close").status_code == 200
    logo = base64.b64encode(picture()).decode()
    assert call("patch", "look", {"brand": "#123456", "logo": logo}).json()["logo_url"]
    assert call("patch", "look", {"logo": base64.b64encode(SVG).decode()}).status_code == 422
    assert call("patch", "look", {"logo": None}).json()["logo_url"] == ""


def test_another_municipality_s_token_opens_nothing(api, world, at) -> None:
    from kernel.api.tokens import issue

    token = issue(account=world.account("admin"), scopes=["setup:read"], by=world.actor("admin"))
    there = at(world.beta, headers={"Authorization": f"Bearer {token}"})
    assert there.get("/api/v1/setup/schools").status_code == 401
