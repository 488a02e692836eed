"""The platform's drawings: a door ajar, and light. Each has two compositions: a strip for phones and for a column of
text, and a tall one for the first screen on a desktop.

A composition is a list of figures on a stage: the strip's is 390 x 200 with the floor at 168, the tall one
720 x 560 with the floor at 437. Wall and floor themselves are CSS (scenes.css), so that they run on past
the drawing. Everything is built from constants of this package: no text of a user ever becomes markup here,
except `alt`, which is escaped.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from kernel.ui import figures as f
from kernel.ui.figures import at

PHONE_FLOOR, WIDE_FLOOR = 168, 437
PHONE_SCALE, WIDE_SCALE = 0.56, 1.3

type Stage = Callable[[float, float, float], str]
type Figures = list[tuple[float, float, str]]

# Those who answer wear a badge. Nobody is a type: skins, hair, bodies and roles are dealt out across the set.
NURSE = f.person("c", ("short", "dark"), "coral", arms=("down", "wave"), wears="cardigan badge")
COUNSELLOR = f.person(
    "a", ("bun", "fair"), "leaf", arms=("wave", "down"), wears="stripes badge", glasses=True
)
PSYCHOLOGIST = f.person("b", ("beard", "grey"), "plum", arms=("down", "hold"), wears="badge", glasses=True)
GUIDE = f.person("b", ("hijab", "sky"), "sun", arms=("down", "reach"), skirt="plum", wears="badge")
COMING = f.person("d", ("afro", "dark"), "sky", arms=("down", "reach"), wears="cardigan badge")
ON_WHEELS = f.person(
    "a", ("bob", "grey"), "leaf", arms=("wheel", "wave"), wears="cardigan badge", wheels=True
)
TALL = f.person("d", ("bald", "dark"), "plum", arms=("wave", "down"), wears="badge")
STUDENT = f.person("a", ("long", "brown"), "sun", arms=("down", "down"), wears="hood", bag="plum")
STUDENT_BACK = f.person("b", ("tail", "dark"), "sky", arms=("down", "knock"), back=True, bag="sun")
STUDENT_WAVES = f.person("a", ("long", "red"), "sky", arms=("wave", "down"), wears="hood")
STUDENT_STRIPES = f.person("d", ("braids", "dark"), "coral", arms=("wave", "down"), wears="stripes")
STUDENT_SITS = f.person("c", ("curly", "dark"), "sky", arms=("lap", "hold"), seated=True, wears="hood")
STUDENT_WHEELS = f.person(
    "b", ("short", "dark"), "sun", arms=("wheel", "wave"), wears="hood pocket", wheels=True
)
CHILD_SAD = f.person("a", ("bob", "fair"), "plum", arms=("lap", "lap"), seated=True, wears="pocket", sad=True)
CHILD_ALONE = f.person("c", ("curly", "dark"), "sun", arms=("down", "hold"), wears="pocket", sad=True)
CHILD_AWAY = f.person("a", ("tail", "brown"), "sky", arms=("down", "down"), back=True)
CHILD_AWAY_TOO = f.person("b", ("short", "dark"), "leaf", arms=("down", "down"), back=True)
CHILD_WAVES = f.person("c", ("curly", "dark"), "sun", arms=("down", "wave"), wears="pocket")
CHILD_WRITES = f.person("b", ("bob", "brown"), "coral", arms=("lap", "hold"), seated=True, wears="stripes")
CHILD_WONDERS = f.person("d", ("braids", "dark"), "leaf", arms=("down", "chin"), wears="stripes")


def _ajar(inside: str = "") -> str:
    return f.spill() + f.doorway(inside=inside) + f.leaf_ajar()


def _open(inside: str = "") -> str:
    return f.spill(wide=True) + f.leaf_wide() + f.doorway(inside=inside)


def _shut(extra: str = "", *, lit: bool = False) -> str:
    slit = '<path d="M-74-4H67V4H-74z" fill="var(--light)"/>' if lit else ""
    under = '<path class="s-light" d="M-74 4H67L88 34H-98z" fill="var(--spill)"/>' if lit else ""
    return under + f.doorway(lit=lit) + f.leaf_shut(gap=lit) + slit + extra


def _stage(figures: Figures, *, floor: float, scale: float) -> str:
    """Figures as (x, units above the floor line, drawing), all at the same scale."""
    return "".join(at(x, floor - up * scale, drawing, scale=scale) for x, up, drawing in figures)


def _both(phone: Figures, wide: Figures) -> tuple[str, str]:
    return (
        _stage(phone, floor=PHONE_FLOOR, scale=PHONE_SCALE),
        _stage(wide, floor=WIDE_FLOOR, scale=WIDE_SCALE),
    )


def _small(drawing: str, scale: float = 0.82) -> str:
    return at(0, 0, drawing, scale=scale)


def _mirrored(drawing: str) -> str:
    return at(0, 0, drawing, flip=True)


def door() -> tuple[str, str]:
    """The first screen: an adult in a door that stands ajar."""
    adult = at(40, -2, NURSE, scale=0.99)
    waits = f.bench(bag=True)
    return _both(
        [
            (62, 158, f.window()),
            (334, 214, f.hooks()),
            (188, 0, _ajar(adult)),
            (62, 0, waits),
            (340, 0, f.plant()),
        ],
        [
            (556, 176, f.window()),
            (250, 0, _ajar(adult)),
            (556, 0, waits),
            (424, 0, f.plant()),
            (424, 214, f.door_sign()),
        ],
    )


def knocking() -> tuple[str, str]:
    """A student knocks; light shows under the door."""
    return _both(
        [
            (66, 158, f.window()),
            (212, 0, _shut(lit=True)),
            (150, -24, _small(STUDENT_BACK, 0.92)),
            (186, 138, f.arcs()),
            (330, 0, f.plant()),
            (322, 176, f.door_sign()),
        ],
        [
            (270, 0, _shut(lit=True)),
            (126, -40, _small(STUDENT_BACK, 0.92)),
            (208, 130, f.arcs()),
            (480, 0, f.plant()),
            (452, 176, f.door_sign()),
            (580, 176, f.window()),
        ],
    )


def waiting() -> tuple[str, str]:
    """A bench, a cup, a clock: someone is on the way. The door stands ajar."""
    rest = f.bench() + at(16, 8, STUDENT_SITS, scale=0.9) + at(-42, -54, f.cup())
    return _both(
        [
            (44, 158, f.window()),
            (132, 236, f.wall_clock()),
            (276, 0, _ajar()),
            (122, -14, rest),
            (366, 0, f.plant()),
        ],
        [(120, -20, rest), (120, 246, f.wall_clock()), (390, 0, _ajar()), (560, 0, f.plant())],
    )


def answered() -> tuple[str, str]:
    """The door stands wide open, and two people meet."""
    room = at(-34, -4, f.armchair(), scale=0.9) + at(34, -2, COUNSELLOR, scale=0.99)
    return _both(
        [
            (186, 0, _open(room)),
            (278, -26, _small(_mirrored(STUDENT_STRIPES), 0.84)),
            (348, 0, f.plant(flower=True)),
            (52, 158, f.window()),
        ],
        [
            (230, 0, _open(room)),
            (408, -50, _small(_mirrored(STUDENT_STRIPES), 0.86)),
            (520, 0, f.plant(flower=True)),
            (580, 176, f.window()),
        ],
    )


def handover() -> tuple[str, str]:
    """Two doors and one path of light between them."""
    left = f.doorway(inside=at(38, -2, NURSE, scale=0.99)) + f.leaf_ajar()
    right = f.doorway(inside=at(40, -2, GUIDE, scale=0.99)) + f.leaf_ajar()
    walks = _small(STUDENT, 0.82)
    return _both(
        [(96, 0, f.path_between(370)), (92, 0, left), (302, 0, right), (204, -36, walks)],
        [(120, 0, f.path_between(270)), (112, 0, left), (466, 0, right), (296, -52, walks)],
    )


def broken() -> tuple[str, str]:
    """The promise broke: the door is shut, a lamp is lit, and somebody is coming."""
    comes = COMING + at(60, -134, f.lantern())
    return _both(
        [
            (48, 158, f.window()),
            (270, 0, _shut()),
            (354, 0, f.lamp()),
            (184, 0, f.bench()),
            (98, -26, _small(comes, 0.97)),
        ],
        [(390, 0, _shut()), (548, 0, f.lamp()), (222, 0, f.bench()), (96, -40, _small(comes, 0.98))],
    )


def closed() -> tuple[str, str]:
    """Nobody at the door today: a note with a time."""
    sheet = at(-2, -176, f.note(), scale=1.4)
    return _both(
        [
            (196, 0, _shut(sheet)),
            (334, 0, f.lamp()),
            (66, 0, f.bench()),
            (66, 158, f.window()),
        ],
        [
            (260, 0, _shut(sheet)),
            (470, 0, f.lamp()),
            (48, 0, f.bench()),
            (48, 236, f.wall_clock()),
            (580, 176, f.window()),
        ],
    )


def offline() -> tuple[str, str]:
    """No connection: the plug is out, the door is there still."""
    return _both(
        [
            (52, 158, f.window()),
            (152, 0, _shut(lit=True)),
            (256, 0, f.lamp(lit=False)),
            (306, -14, f.plug()),
        ],
        [(180, 0, _shut(lit=True)), (350, 0, f.lamp(lit=False)), (478, -10, f.plug())],
    )


def thanks() -> tuple[str, str]:
    """Somebody waves from the door, and the plant is in bloom."""
    adult = at(40, -2, PSYCHOLOGIST, scale=0.99)
    return _both(
        [
            (196, 0, _ajar(adult)),
            (332, 0, f.plant(flower=True)),
            (74, -20, _small(STUDENT_WAVES, 0.9)),
            (322, 190, f.picture()),
        ],
        [
            (250, 0, _ajar(adult)),
            (458, 0, f.plant(flower=True)),
            (70, -36, _small(STUDENT_WAVES, 0.9)),
            (580, 176, f.window()),
        ],
    )


def setup_done() -> tuple[str, str]:
    """The door is hung, the sign is on it, the light is lit."""
    hung = at(-4, -226, f.sign(), scale=1.15)
    bloom = f.plant(flower=True) + at(0, -196, f.sparks(), scale=0.8)
    return _both(
        [
            (206, 0, _shut(hung, lit=True)),
            (324, 0, bloom),
            (44, 0, f.lamp()),
            (118, -20, _small(STUDENT_WHEELS, 0.92)),
        ],
        [
            (280, 0, _shut(hung, lit=True)),
            (460, 0, bloom),
            (30, 0, f.lamp()),
            (120, -30, _small(STUDENT_WHEELS, 0.94)),
        ],
    )


def wall_screen() -> tuple[str, str]:
    """A screen in the corridor shows the door; two stop to look."""
    shown = f.screen(at(0, 56, f.doorway(inside=at(38, -2, COUNSELLOR)) + f.leaf_ajar(), scale=0.38))
    return _both(
        [
            (196, 200, at(0, 0, shown, scale=1.35)),
            (86, -10, _small(STUDENT_WHEELS, 0.92)),
            (318, -16, _small(_mirrored(STUDENT_STRIPES), 0.86)),
            (366, 0, f.plant()),
        ],
        [
            (270, 190, at(0, 0, shown, scale=1.4)),
            (80, -20, _small(STUDENT_WHEELS, 0.92)),
            (478, -30, _small(_mirrored(STUDENT_STRIPES), 0.86)),
            (600, 0, f.plant()),
        ],
    )


def who() -> tuple[str, str]:
    """Those who answer, side by side before their open door."""
    return _both(
        [
            (195, 0, _open(at(2, -2, TALL, scale=1.02))),
            (70, -12, _small(COUNSELLOR, 0.95)),
            (252, -20, _small(ON_WHEELS, 0.95)),
            (330, -10, _small(_mirrored(GUIDE), 0.95)),
        ],
        [
            (290, 0, _open(at(2, -2, TALL, scale=1.02))),
            (90, -18, _small(COUNSELLOR, 0.96)),
            (408, -40, _small(ON_WHEELS, 0.96)),
            (540, -20, _small(_mirrored(GUIDE), 0.96)),
        ],
    )


def empty() -> tuple[str, str]:
    """Nobody is waiting: an empty bench, sun through a window."""
    return _both(
        [
            (120, 136, f.window()),
            (120, 136, f.sunbeam()),
            (224, -12, f.bench()),
            (334, 0, f.plant()),
            (236, 42, f.cup()),
        ],
        [
            (180, 140, f.window()),
            (180, 140, f.sunbeam()),
            (330, -16, f.bench()),
            (500, 0, f.plant()),
            (345, 38, f.cup()),
        ],
    )


def lost() -> tuple[str, str]:
    """A corridor: this door is shut, the next one stands ajar."""
    adult = at(40, -2, TALL, scale=0.99)
    return _both(
        [(84, 0, _shut()), (300, 0, _ajar(adult)), (188, 0, f.plant()), (190, 196, f.picture())],
        [(110, 0, _shut()), (420, 0, _ajar(adult)), (262, 0, f.plant())],
    )


SCENES: dict[str, Callable[[], tuple[str, str]]] = {
    "door": door,
    "knocking": knocking,
    "waiting": waiting,
    "answered": answered,
    "handover": handover,
    "broken": broken,
    "closed": closed,
    "offline": offline,
    "thanks": thanks,
    "setup-done": setup_done,
    "wall-screen": wall_screen,
    "who": who,
    "empty": empty,
    "lost": lost,
}


PICTURE_FLOOR, PICTURE_SCALE = 128, 0.62


def _alone(figures: Figures) -> str:
    return _stage(figures, floor=PICTURE_FLOOR, scale=PICTURE_SCALE)


def mean() -> str:
    """Two have turned their backs; one stands alone."""
    return _alone(
        [
            (120, 6, _small(CHILD_AWAY, 0.86)),
            (162, 0, _small(CHILD_AWAY_TOO, 0.84)),
            (48, -10, _small(CHILD_ALONE, 0.84)),
        ]
    )


def sad() -> str:
    """Somebody sits under a cloud."""
    return _alone([(100, 0, f.bench()), (100, 6, _small(CHILD_SAD, 0.8)), (100, 172, f.rain_cloud())])


def other() -> str:
    """Somebody thinks of something that has no picture."""
    dots = "".join(f'<circle cx="{x}" cy="0" r="6" fill="var(--ink)"/>' for x in (-20, 0, 20))
    return _alone([(62, -6, _small(CHILD_WONDERS, 0.88)), (140, 136, f.bubble(dots))])


def come() -> str:
    """A grown-up and a child who walk along."""
    return _alone([(74, 0, _small(COUNSELLOR, 0.94)), (138, -8, _small(_mirrored(CHILD_WAVES), 0.7))])


def write() -> str:
    """Somebody sits and writes."""
    letter = '<rect x="-30" y="-40" width="60" height="42" rx="4" fill="var(--card)"/>' + at(
        0, -19, f.heart(), scale=0.8
    )
    return _alone(
        [(100, 0, f.bench()), (84, 6, _small(CHILD_WRITES, 0.8)), (146, 128, at(0, 0, letter, scale=1.2))]
    )


#: Small pictures for the youngest, to choose between. One composition each, 200 x 150.
PICTURES: dict[str, Callable[[], str]] = {
    "mean": mean,
    "sad": sad,
    "other": other,
    "come": come,
    "write": write,
}


@cache
def picture(name: str) -> SafeString:
    """One picture, hidden from screen readers: the words stand beside it. Unknown names are a KeyError."""
    drawn = f'<svg viewBox="0 0 200 150" focusable="false">{PICTURES[name]()}</svg>'
    return mark_safe(f'<span class="picture" data-picture="{name}" aria-hidden="true">{drawn}</span>')  # noqa: S308


@cache
def _drawn(name: str, size: str) -> SafeString:
    """Both compositions; a small drawing is always the phone's."""
    phone, wide = SCENES[name]()
    small = f'<svg class="s-phone" viewBox="0 0 390 200" focusable="false">{phone}</svg>'
    large = f'<svg class="s-wide" viewBox="0 0 720 560" focusable="false">{wide}</svg>'
    return mark_safe(small if size == "sm" else small + large)  # noqa: S308 (constants of this package only)


def svg(name: str, *, alt: str = "", size: str = "") -> SafeString:
    """One scene. Decorative (hidden from screen readers) unless `alt` says what it shows. Unknown names are
    a KeyError.
    """
    said = format_html('role="img" aria-label="{}"', alt) if alt else mark_safe('aria-hidden="true"')
    big = format_html(' data-size="{}"', size) if size else ""
    return format_html(
        '<div class="scene" data-scene="{}" {}{}>{}</div>', name, said, big, _drawn(name, size)
    )
