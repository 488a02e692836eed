"""Words of another direction than the page: what is written, and where a browser puts each sign of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.safestring import mark_safe

from kernel.ui import assets
from kernel.ui.bidi import Said, apart, listed, spoken, typed
from kernel.ui.elements import initials
from tenants.setup.portal import text_in
from tests.window import CHROMIUM, chromium

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None or not (assets.ROOT / assets.COMPONENTS).exists(),
    reason="no Chromium (apt-get install chromium), or no node_modules (make setup)",
)
ARABIC, NORWEGIAN = "هل يمكنك أن تأتي؟ أنا هنا!", "Kan du komme? Jeg er her!"


@pytest.fixture(params=["nb", "ar"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    with translation.override(request.param):
        yield request.param


def test_a_word_of_the_pages_own_direction_is_left_as_it_is() -> None:
    with translation.override("nb"):
        assert apart("Åse") == spoken("Åse") == "Åse"
    with translation.override("ar"):
        assert apart("ليلى") == spoken("ليلى") == "ليلى"


def test_a_word_of_the_other_direction_stands_apart(language: str) -> None:
    other = "ليلى" if language == "nb" else "Åse"
    assert apart(other) == f"\u2068{other}\u2069"
    assert spoken(other) == f"<bdi>{other}</bdi>"


def test_a_sentence_that_begins_with_somebodys_name_keeps_the_direction_of_the_page() -> None:
    with translation.override("nb"):
        said = f"{apart('ليلى')} har sagt ja."
        assert spoken(said) == apart(said) == said


def test_a_number_in_groups_keeps_its_order_on_a_page_from_right_to_left() -> None:
    with translation.override("ar"):
        assert spoken("41 23 45 67") == "<bdi>41 23 45 67</bdi>"


def test_a_text_of_another_language_says_which() -> None:
    own = text_in({"nb": "Kropp og søvn."}, "ar")
    with translation.override("ar"):
        assert spoken(own) == '<span lang="nb" dir="ltr">Kropp og søvn.</span>'
    with translation.override("nb"):
        assert spoken(own) == "Kropp og søvn."
        assert spoken(Said("النوم", "ar")) == '<span lang="ar" dir="rtl">النوم</span>'


def test_nothing_that_is_typed_becomes_markup(language: str) -> None:
    mean = "<b>م</b> & <script>x"
    for said in (spoken(mean), typed(mean), spoken(Said(mean, "fi")), typed(f"{mean}\n\n{mean}\n{mean}")):
        assert "<b>" not in said
        assert "<script" not in said
        assert "&amp; &lt;script&gt;x" in said
    assert not hasattr(apart(mean), "__html__")
    assert spoken(mark_safe("<time>م k</time>")) == "<time>م k</time>"


def test_each_paragraph_has_its_own_direction() -> None:
    assert typed("Hei\r\nder\r\n\r\nمرحبا") == '<p dir="auto">Hei<br>der</p><p dir="auto">مرحبا</p>'


def test_words_are_listed_as_the_language_lists_them() -> None:
    with translation.override("ar"):
        assert listed(["ليلى", "علي"]) == "ليلى، علي"
    with translation.override("ti"):
        assert listed(["ሰኑይ", "ሰሉስ"]) == "ሰኑይ፣ ሰሉስ"
    with translation.override("nb"):
        assert listed(["Åse", "Bo"]) == "Åse, Bo"


def test_nobody_is_known_by_two_letters_in_a_script_without_capitals() -> None:
    assert initials("Lise Hansen") == "LH"
    assert initials("Олена Коваль") == "ОК"
    assert initials("ليلى حداد") == initials("ሰላም ሃይለ") == ""
    shown = Template('{% ui "face" name="ليلى حداد" %}').render(Context())
    assert "<svg" in shown


#: Where the sign stands: its middle, from the left.
PLACE = """([where, sign]) => {
  const walk = document.createTreeWalker(document.querySelector(where), NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const at = node.data.indexOf(sign);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at); range.setEnd(node, at + 1);
    const box = range.getBoundingClientRect();
    return (box.left + box.right) / 2;
  }
}"""
SHOWN = """{% ui "message" text=text name=name %}
<p id="line">{% if rtl %}كتب{% else %}Skrevet av{% endif %} {{ name|apart }}!</p>
{% ui "textarea" name="words" label="x" value=text %}"""


def _way_of_the_box(page: Any) -> str:
    return str(page.evaluate("getComputedStyle(document.querySelector('textarea')).unicodeBidi"))


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    dist = tmp_path_factory.mktemp("dist")
    assets.build(dist=dist)
    return {name: (Path(dist) / f"{name}.css").read_text() for name in ("student", "staff")}


@needs_chromium
@pytest.mark.parametrize("sheet", ["student", "staff"])
def test_the_signs_of_a_message_do_not_jump(sheets: dict[str, str], sheet: str, language: str) -> None:
    def lay(page: Any, text: str, name: str) -> None:
        rtl = language == "ar"
        body = Template(SHOWN).render(Context({"text": text, "name": name, "rtl": rtl}))
        way = "rtl" if rtl else "ltr"
        page.set_content(f'<html lang="{language}" dir="{way}"><style>{sheets[sheet]}</style>{body}')

    with chromium() as browser:
        page = browser.new_page()

        def place(sign: str, where: str = ".message-text") -> float:
            return float(page.evaluate(PLACE, [where, sign]))

        lay(page, NORWEGIAN, "Bo (8B)")
        assert place("K") < place("?") < place("J") < place("!")
        assert place("B", ".message-name") < place("(", ".message-name") < place(")", ".message-name")
        assert place("B", "#line") < place("(", "#line") < place(")", "#line")
        lay(page, ARABIC, "ليلى (8)")
        assert place("ه") > place("؟") > place("!")
        assert place("ل", ".message-name") > place("(", ".message-name") > place(")", ".message-name")
        lay(page, f"{NORWEGIAN}\n{ARABIC}", "Bo")
        assert place("K") < place("?")
        assert place("ه") > place("؟")
        assert _way_of_the_box(page) == "plaintext"
        page.fill("textarea", "")
        assert _way_of_the_box(page) == "normal", "an empty box begins where the page begins"
        page.close()


@needs_chromium
def test_a_day_is_never_broken_inside(sheets: dict[str, str]) -> None:
    lines = """where => { const range = document.createRange(), rows = new Set();
      range.selectNodeContents(document.querySelector(where));
      for (const box of range.getClientRects()) rows.add(box.top); return rows.size; }"""
    beside = "<div style='display: flex; width: 10rem'><b style='flex: none; width: 8rem'>x</b>{}</div>"
    days = [f"<p class={name}>Wednesday</p>" for name in ("person-note", "else")]
    with chromium() as browser:
        page = browser.new_page()
        body = "".join(beside.format(one) for one in days)
        page.set_content(f"<html lang=en><style>{sheets['student']}</style>{body}")
        assert page.evaluate(lines, ".person-note") == 1
        assert page.evaluate(lines, ".else") > 1
        page.close()
