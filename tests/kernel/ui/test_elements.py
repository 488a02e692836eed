"""Elements, scenes and forms as HTML: safe, labelled, without inline style or script."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template, TemplateDoesNotExist
from django.utils import translation

import kernel.ui
from kernel.ui import icons, scenes
from kernel.ui.forms import SayingForm
from kernel.ui.gallery import SampleForm

TEMPLATES = Path(kernel.ui.__file__).parent / "templates"
EVIL = '<script>alert("x")</script>"\'&'


class Page(HTMLParser):
    """Tags with their attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.tags if tag in names]

    @property
    def ids(self) -> list[str]:
        return [str(a["id"]) for _, a in self.tags if a.get("id")]


def render(source: str, **context: Any) -> str:
    return Template(source).render(Context(context))


def test_what_a_person_wrote_never_becomes_markup() -> None:
    for source in (
        '{% ui "button" text=x data_x=x name="n" value=x %}',
        '{% ui "field" name="a" label=x hint=x error=x value=x placeholder=x %}',
        '{% ui "radio-cards" name="a" legend=x options=o %}',
        '{% ui "message" text=x name=x note=x %}',
        '{% ui "promise-box" text=x note=x %}',
        '{% ui "queue-row" title=x note=x left=x %}',
        '{% ui "code" code=x label=x %}',
        '{% ui "summary-list" items=s %}',
        '{% ui "table" caption=x headers=h rows=r %}',
        '{% ui "notice" title=x text=x %}{% ui "chips" items=h %}{% ui "person" name=x role=x note=x %}',
        '{% scene "door" alt=x %}',
    ):
        cards = [{"value": EVIL, "label": EVIL, "hint": EVIL, "note": EVIL, "face": True}]
        html = render(source, x=EVIL, o=cards, s=[{"key": EVIL, "value": EVIL}], h=[EVIL], r=[[EVIL, EVIL]])
        assert "<script" not in html, source
        assert "alert" in html or "scene" not in source or "&lt;script" in html


def test_no_element_has_inline_style_or_script() -> None:
    for file in TEMPLATES.rglob("*.html"):
        text = file.read_text()
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:|hx-on", text), file.name
        assert not re.search(r"<script(?![^>]* src=)", text), file.name
    for name in scenes.SCENES:
        assert "style=" not in scenes.svg(name)


def test_an_element_that_does_not_exist_is_named() -> None:
    with pytest.raises(TemplateDoesNotExist, match="no-such-thing"):
        render('{% ui "no-such-thing" %}')


def test_data_aria_and_htmx_attributes_are_passed_on() -> None:
    html = render('{% ui "button" text="Ta imot" hx_post="/x/" data_key="t" aria_describedby="d" %}')
    assert {"hx-post": "/x/", "data-key": "t", "aria-describedby": "d"}.items() <= Page(html).all("button")[
        0
    ].items()


@pytest.mark.parametrize("data", [None, {}], ids=["fresh", "refused"])
def test_every_control_of_a_form_has_a_label_and_described_by_points_at_something(data: dict | None) -> None:
    page = Page(render('{% ui "form" form=form %}', form=SampleForm(data)))
    labels = {a.get("for") for a in page.all("label")}
    controls = [a for a in page.all("input", "select", "textarea") if a.get("type") != "hidden"]
    assert len(controls) >= 9
    for control in controls:
        assert control["id"] in labels
        for target in (control.get("aria-describedby") or "").split():
            assert target in page.ids, control
    assert len(page.ids) == len(set(page.ids))


def test_a_refused_form_leads_to_each_of_its_errors() -> None:
    page = Page(render('{% ui "form" form=form %}', form=SampleForm({})))
    links = [str(a["href"]) for a in page.all("a") if str(a.get("href", "")).startswith("#")]
    assert len(links) == 6
    assert {link.removeprefix("#") for link in links} <= set(page.ids)


def test_two_fields_with_the_same_fault_are_told_apart_in_the_summary() -> None:
    with translation.override("en"):
        html = render('{% ui "error-summary" form=form %}', form=SampleForm({}))
    assert "Kind: This field is required." in html


def test_a_bound_field_keeps_what_was_typed_and_chosen() -> None:
    form = SampleForm({"name": "Solhaug", "channel": "walk", "languages": ["nn"], "kind": "gs"})
    page = Page(render('{% ui "fields" form=form %}', form=form))
    checked = {(a["name"], a["value"]) for a in page.all("input") if "checked" in a}
    assert checked == {("channel", "walk"), ("languages", "nn")}
    assert any(a.get("value") == "Solhaug" for a in page.all("input"))


def test_choices_of_a_field_can_be_enriched_without_losing_their_values() -> None:
    options = [{"value": "walk", "hint": "Rundt vannet", "note": "Svarer i dag"}]
    html = render('{% ui "field" field=form.channel options=options %}', form=SampleForm(), options=options)
    assert "Rundt vannet" in html
    assert {a["value"] for a in Page(html).all("input")} == {"here", "phone", "walk"}


def test_django_renders_any_form_with_our_elements() -> None:
    assert 'class="choice"' in str(SampleForm())
    assert 'class="hint"' in SampleForm()["name"].as_field_group()


def test_a_multipart_form_says_so_by_itself() -> None:
    class Plain(forms.Form):
        name = forms.CharField()

    assert "multipart" in render('{% ui "form" form=form %}', form=SampleForm())
    assert "multipart" not in render('{% ui "form" form=form %}', form=Plain())


def test_a_field_without_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match="name"):
        render('{% ui "field" label="Hva" %}')


def test_a_clock_speaks_the_readers_language_in_the_municipalitys_zone() -> None:
    now = datetime(2026, 4, 7, 9, 0, tzinfo=UTC)
    place = SimpleNamespace(timezone="Europe/Oslo", name="Fjordvik")
    with translation.override("nb"):
        html = render("{% clock due %}", due=now + timedelta(hours=3), now=now, municipality=place)
    assert html == '<time datetime="2026-04-07T12:00:00+00:00">i dag kl. 14.00</time>'


def test_a_row_past_its_due_time_is_late_in_words_and_not_only_in_colour() -> None:
    now = datetime(2026, 4, 7, 9, 0, tzinfo=UTC)
    with translation.override("en"):
        html = render('{% ui "queue-row" due=due title="A" %}', due=now - timedelta(minutes=40), now=now)
    assert 'data-state="broken"' in html
    assert "40 min" in html
    assert "over" in html


def test_a_line_end_is_one_letter_for_the_page_and_for_us() -> None:
    """A browser counts it once against `maxlength`, and sends it as two signs."""

    class Saying(SayingForm):
        words = forms.CharField(label="Words", max_length=10, widget=forms.Textarea)

    just, over = QueryDict(mutable=True), QueryDict(mutable=True)
    just["words"], over["words"] = "12345\r\n7890", "12345\r\n78901"
    assert 'maxlength="10"' in str(Saying()["words"].as_widget())
    form = Saying(just)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["words"] == "12345\n7890"
    assert not Saying(over).is_valid()
    assert Saying({"words": "12345\r\n7890"}).is_valid()


def test_a_code_is_spelled_for_those_who_listen() -> None:
    html = render('{% ui "code" code="AB-12" %}')
    assert '<span class="ds-sr-only">A B   –   1 2</span>' in re.sub(r"\s*–\s*", "   –   ", html)


@pytest.mark.parametrize("name", scenes.SCENES)
def test_every_scene_has_a_phones_and_a_wide_composition_in_the_themes_colours(name: str) -> None:
    svg = scenes.svg(name)
    assert 'class="s-phone"' in svg
    assert 'class="s-wide"' in svg
    assert "var(--door)" in svg or name == "empty"
    assert 'aria-hidden="true"' in svg
    assert 'role="img" aria-label="En dør"' in scenes.svg(name, alt="En dør")


def test_every_icon_is_hidden_from_screen_readers() -> None:
    assert all('aria-hidden="true"' in icons.svg(name) for name in icons.PATHS)


def test_a_number_keeps_its_order_in_a_text_from_right_to_left() -> None:
    said = "{{ number|isolated }}"
    with translation.override("ar"):
        assert Template(said).render(Context({"number": "9-V4T"})) == "\u20669\u2011V4T\u2069"
    with translation.override("nb"):
        assert Template(said).render(Context({"number": "9-V4T"})) == "9-V4T"


@pytest.mark.parametrize(("count", "columns"), [(7, None), (12, None), (13, "many"), (44, "many")])
def test_many_boxes_stand_side_by_side_and_few_do_not(count: int, columns: str | None) -> None:
    class Languages(forms.Form):
        speaks = forms.MultipleChoiceField(
            choices=[(str(n), f"Language {n}") for n in range(count)], widget=forms.CheckboxSelectMultiple
        )

    given = {"form": Languages(), "options": [(str(n), f"Language {n}") for n in range(count)]}
    for said in (
        '{% ui "field" field=form.speaks %}',
        '{% ui "checkbox-cards" name="speaks" legend="Speaks" options=options %}',
    ):
        group = Page(render(said, **given)).all("fieldset")[0]
        assert group.get("data-columns") == columns
