"""The drawings: whole, quiet, small, and painted with nothing but the theme and a handful of skins and hairs."""

import re
from pathlib import Path
from xml.etree import ElementTree

import brotli
import pytest

from kernel.ui import figures, scenes
from kernel.ui.theme import theme_css

STYLES = Path(scenes.__file__).parent / "static/ui/src"
DRAWN = {
    **{f"{name} {n}": drawn for name, make in scenes.SCENES.items() for n, drawn in enumerate(make())},
    **{f"picture {name}": make() for name, make in scenes.PICTURES.items()},
}
#: What is no custom property: people, the hands of a clock, the lines of a note.
PEOPLE = {*figures.SKINS.values(), *figures.HAIRS.values(), figures.SMILE}
THINGS = {"none", "#20242b", "#8b7f68"}
#: What stands where the platform has to show it: every state of a student's way, and the two of those who set up.
ASKED_FOR = {
    "door", "knocking", "waiting", "answered", "handover", "broken", "closed", "offline", "thanks",
    "setup-done", "wall-screen", "who", "empty", "lost",
}  # fmt: skip


def _tree(name: str) -> ElementTree.Element:
    return ElementTree.fromstring(f"<svg>{DRAWN[name]}</svg>")


def test_every_state_of_the_way_has_its_drawing() -> None:
    assert set(scenes.SCENES) == ASKED_FOR
    assert set(scenes.PICTURES) == {"mean", "sad", "other", "come", "write"}


@pytest.mark.parametrize("name", DRAWN)
def test_a_drawing_is_whole_and_carries_no_name_style_script_or_address(name: str) -> None:
    for part in _tree(name).iter():
        assert part.tag in {"svg", "g", "path", "rect", "circle", "ellipse"}
        assert not {"id", "style", "href", "onload"} & set(part.keys())


@pytest.mark.parametrize("name", DRAWN)
def test_a_drawing_is_painted_with_the_theme(name: str) -> None:
    known = set(re.findall(r"--([a-z0-9-]+):", (STYLES / "tokens.css").read_text() + theme_css("#0b5d6b")))
    for part in _tree(name).iter():
        for paint in (part.get("fill"), part.get("stroke")):
            if paint is None or paint in PEOPLE | THINGS:
                continue
            found = re.fullmatch(r"var\(--([a-z0-9-]+)\)", paint)
            assert found, paint
            assert found[1] in known, paint


def test_light_yellow_of_a_promise_is_in_no_drawing() -> None:
    assert not [name for name, drawn in DRAWN.items() if "--promise" in drawn]


@pytest.mark.parametrize("name", scenes.SCENES)
def test_a_scene_stays_small_on_the_wire(name: str) -> None:
    assert len(brotli.compress(scenes.svg(name).encode())) < 3_000


@pytest.mark.parametrize("name", scenes.SCENES)
def test_a_phone_gets_a_composition_of_its_own(name: str) -> None:
    phone, wide = scenes.SCENES[name]()
    assert re.findall(r"translate\([^)]*\)", phone) != re.findall(r"translate\([^)]*\)", wide)


def test_the_pictures_to_choose_by_are_silent_beside_their_words() -> None:
    for name in scenes.PICTURES:
        assert 'aria-hidden="true"' in scenes.picture(name)


def test_people_are_dealt_out_over_all_skins_and_ways_of_being_there() -> None:
    everybody = "".join(DRAWN.values())
    assert all(skin in everybody for skin in figures.SKINS.values())
    for somebody in (
        scenes.GUIDE,
        scenes.ON_WHEELS,
        scenes.STUDENT_WHEELS,
        scenes.PSYCHOLOGIST,
        scenes.COMING,
    ):
        assert somebody in everybody


def test_only_a_first_screen_and_an_answer_move_and_only_where_motion_is_welcome() -> None:
    css = (STYLES / "scenes.css").read_text()
    welcome = css[css.index("prefers-reduced-motion: no-preference") :]
    moves = re.findall(r"([^;{}]+)\{[^{}]*animation:[^{}]*\}", css)
    assert moves
    assert all(one.strip() in welcome for one in moves)
    assert all(".hero" in one or "answered" in one for one in moves)
