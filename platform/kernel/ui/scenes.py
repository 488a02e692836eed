"""The platform's drawings: a door ajar, and light. Each has two compositions, one for phones and one for
wide screens.

A composition is a list of figures on a stage: the phone's is 390 x 200 with the floor at 156, the wide one
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

PHONE_FLOOR, WIDE_FLOOR = 156, 437
PHONE_SCALE, WIDE_SCALE = 0.5, 1.3

type Stage = Callable[[float, float, float], str]

NURSE = f.person("c", ("short", "dark"), "coral", arms=("down", "wave"))
COUNSELLOR = f.person("a", ("bun", "fair"), "leaf", arms=("wave", "down"))
PSYCHOLOGIST = f.person("b", ("beard", "grey"), "plum", arms=("down", "hold"))
GUIDE = f.person("b", ("hijab", "sky"), "sun", arms=("down", "reach"))
COMING = f.person("d", ("curly", "dark"), "sky", arms=("down", "reach"))
STUDENT = f.person("a", ("long", "brown"), "sun", arms=("down", "down"))
STUDENT_BACK = f.person("b", ("short", "dark"), "door", arms=("down", "knock"), back=True, bag="sun")
STUDENT_WAVES = f.person("a", ("long", "red"), "sky", arms=("wave", "down"))
STUDENT_SITS = f.person("a", ("short", "brown"), "sky", arms=("lap", "lap"), seated=True)


def _ajar(inside: str = "") -> str:
    return f.spill() + f.doorway(inside=inside) + f.leaf_ajar()


def _open(inside: str = "") -> str:
    return f.spill(wide=True) + f.leaf_wide() + f.doorway(inside=inside)


def _shut(extra: str = "", *, lit: bool = False) -> str:
    slit = '<path d="M-74-4H67V4H-74z" fill="var(--light)"/>' if lit else ""
    return f.doorway(lit=lit) + f.leaf_shut(gap=lit) + slit + extra


def _stage(*figures: tuple[float, float, str], floor: float, scale: float) -> str:
    """Figures as (x, units above the floor line, drawing), all at the same scale."""
    return "".join(at(x, floor - up * scale, drawing, scale=scale) for x, up, drawing in figures)


def _both(phone: list[tuple[float, float, str]], wide: list[tuple[float, float, str]]) -> tuple[str, str]:
    return (
        _stage(*phone, floor=PHONE_FLOOR, scale=PHONE_SCALE),
        _stage(*wide, floor=WIDE_FLOOR, scale=WIDE_SCALE),
    )


def _small(drawing: str, scale: float = 0.82) -> str:
    return at(0, 0, drawing, scale=scale)


def _mirrored(drawing: str) -> str:
    return at(0, 0, drawing, flip=True)


def door() -> tuple[str, str]:
    """The first screen: an adult in a door that stands ajar."""
    adult = at(40, -2, NURSE, scale=0.98)
    return _both(
        [(196, 0, _ajar(adult)), (70, 0, f.bench(bag=True)), (322, 0, f.plant()), (78, 190, f.picture())],
        [(250, 0, _ajar(adult)), (560, 0, f.bench(bag=True)), (418, 0, f.plant()), (560, 210, f.picture())],
    )


def knocking() -> tuple[str, str]:
    """A student knocks; light shows under the door."""
    return _both(
        [
            (206, 0, _shut(lit=True)),
            (150, -22, _small(STUDENT_BACK, 0.9)),
            (190, 140, f.arcs()),
            (320, 0, f.plant()),
        ],
        [
            (270, 0, _shut(lit=True)),
            (130, -40, _small(STUDENT_BACK, 0.9)),
            (218, 130, f.arcs()),
            (480, 0, f.plant()),
        ],
    )


def waiting() -> tuple[str, str]:
    """A bench, a cup, a clock: someone is on the way. The door stands ajar."""
    rest = f.bench() + at(14, 8, STUDENT_SITS, scale=0.86) + at(-42, -54, f.cup())
    return _both(
        [(118, -14, rest), (118, 222, f.wall_clock()), (276, 0, _ajar())],
        [(120, -20, rest), (120, 262, f.wall_clock()), (400, 0, _ajar())],
    )


def answered() -> tuple[str, str]:
    """The door stands wide open, and two people meet."""
    adult = at(34, -2, COUNSELLOR, scale=0.98)
    return _both(
        [(178, 0, _open(adult)), (264, -28, _small(_mirrored(STUDENT_WAVES))), (334, 0, f.plant())],
        [(230, 0, _open(adult)), (400, -50, _small(_mirrored(STUDENT_WAVES))), (520, 0, f.plant())],
    )


def handover() -> tuple[str, str]:
    """Two doors and one path of light between them."""
    left = f.doorway(inside=at(38, -2, NURSE, scale=0.98)) + f.leaf_ajar()
    right = f.doorway(inside=at(34, -2, GUIDE, scale=0.98)) + f.leaf_ajar()
    walks = _small(STUDENT, 0.8)
    return _both(
        [(96, 0, f.path_between(396)), (92, 0, left), (294, 0, right), (200, -44, walks)],
        [(120, 0, f.path_between(270)), (112, 0, left), (466, 0, right), (296, -52, walks)],
    )


def broken() -> tuple[str, str]:
    """The promise broke: the door is shut, a lamp is lit, and somebody is coming."""
    comes = COMING + at(60, -134, f.lantern())
    return _both(
        [(272, 0, _shut()), (334, 0, f.lamp()), (116, -24, _small(comes, 0.95)), (190, -8, f.bench())],
        [(390, 0, _shut()), (548, 0, f.lamp()), (110, -40, _small(comes, 0.95)), (215, 0, f.bench())],
    )


def closed() -> tuple[str, str]:
    """Nobody at the door today: a note with a time."""
    sheet = at(-2, -176, f.note(), scale=1.25)
    return _both(
        [
            (196, 0, _shut(sheet, lit=True)),
            (318, 0, f.plant()),
            (80, 0, f.bench()),
            (80, 196, f.wall_clock()),
        ],
        [
            (260, 0, _shut(sheet, lit=True)),
            (450, 0, f.plant()),
            (48, 0, f.bench()),
            (48, 236, f.wall_clock()),
        ],
    )


def offline() -> tuple[str, str]:
    """No connection: the plug is out, the door is there still."""
    return _both(
        [(120, 0, _shut()), (230, 0, f.lamp(lit=False)), (304, -10, f.plug())],
        [(180, 0, _shut()), (350, 0, f.lamp(lit=False)), (478, -10, f.plug())],
    )


def thanks() -> tuple[str, str]:
    """Somebody waves from the door, and the plant is in bloom."""
    adult = at(40, -2, PSYCHOLOGIST, scale=0.98)
    return _both(
        [(180, 0, _ajar(adult)), (308, 0, f.plant(flower=True)), (74, -20, _small(STUDENT_WAVES, 0.9))],
        [(250, 0, _ajar(adult)), (458, 0, f.plant(flower=True)), (70, -36, _small(STUDENT_WAVES, 0.9))],
    )


def setup_done() -> tuple[str, str]:
    """The door is hung, the sign is on it, the light is lit."""
    hung = at(-4, -226, f.sign(), scale=1.15)
    bloom = f.plant(flower=True) + at(0, -196, f.sparks(), scale=0.8)
    return _both(
        [(196, 0, _shut(hung, lit=True)), (312, 0, bloom), (80, 0, f.lamp())],
        [(260, 0, _shut(hung, lit=True)), (450, 0, bloom), (60, 0, f.lamp())],
    )


def empty() -> tuple[str, str]:
    """Nobody is waiting: an empty bench, sun through a window."""
    return _both(
        [
            (120, 96, f.window()),
            (120, 96, f.sunbeam()),
            (220, -16, f.bench()),
            (322, 0, f.plant()),
            (232, 38, f.cup()),
        ],
        [
            (180, 120, f.window()),
            (180, 120, f.sunbeam()),
            (330, -16, f.bench()),
            (500, 0, f.plant()),
            (345, 38, f.cup()),
        ],
    )


def lost() -> tuple[str, str]:
    """A corridor: this door is shut, the next one stands ajar."""
    return _both(
        [(86, 0, _shut()), (290, 0, _ajar()), (190, 0, f.plant())],
        [(110, 0, _shut()), (410, 0, _ajar()), (262, 0, f.plant())],
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
    "empty": empty,
    "lost": lost,
}


@cache
def _drawn(name: str) -> SafeString:
    phone, wide = SCENES[name]()
    # Constants of this package only.
    return mark_safe(  # noqa: S308
        f'<svg class="s-phone" viewBox="0 0 390 200" focusable="false">{phone}</svg>'
        f'<svg class="s-wide" viewBox="0 0 720 560" focusable="false">{wide}</svg>'
    )


def svg(name: str, *, alt: str = "", size: str = "") -> SafeString:
    """One scene. Decorative (hidden from screen readers) unless `alt` says what it shows. Unknown names are
    a KeyError.
    """
    said = format_html('role="img" aria-label="{}"', alt) if alt else mark_safe('aria-hidden="true"')
    big = format_html(' data-size="{}"', size) if size else ""
    return format_html('<div class="scene" data-scene="{}" {}{}>{}</div>', name, said, big, _drawn(name))
