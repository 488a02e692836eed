# ruff: noqa: E501 (a drawing's path is one thing, however long)
"""What the scenes are drawn with: a door, people, a bench. Each stands on y = 0 at x = 0, upwards is
negative.

Colours are custom properties of the theme (--door, --light, --wood…), so the same drawing is every
municipality's, light and dark. All of it is ours, drawn for this project; a person is 200 tall, a door 272.
"""

from __future__ import annotations

SKINS = {"a": "#f0c9a8", "b": "#d9a884", "c": "#8a5a44", "d": "#5f3d2e"}
HAIRS = {"dark": "#3b2a25", "brown": "#6b4630", "fair": "#d2a65a", "grey": "#a9a49c", "red": "#a8532f"}


def at(x: float, y: float, drawing: str, *, scale: float = 1, flip: bool = False) -> str:
    """The drawing moved to (x, y), scaled, and mirrored when `flip`."""
    sx = -scale if flip else scale
    return f'<g transform="translate({x:g} {y:g}) scale({sx:g} {scale:g})">{drawing}</g>'


def _rect(x: float, y: float, w: float, h: float, fill: str, r: float = 0) -> str:
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" fill="var(--{fill})"'
        + (f' rx="{r:g}"' if r else "")
        + "/>"
    )


def _path(d: str, fill: str, extra: str = "") -> str:
    return f'<path d="{d}" fill="{fill}"{extra}/>'


def _line(d: str, colour: str, width: float) -> str:
    return f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width:g}" stroke-linecap="round" stroke-linejoin="round"/>'


def doorway(*, lit: bool = True, inside: str = "") -> str:
    """The frame and what is behind it; `inside` stands in the light."""
    room = _rect(-74, -272, 148, 272, "light" if lit else "floor")
    lamp = _path("M-4-272h8v34h-8zM-26-214q4-26 26-26t26 26z", "var(--sun)", ' opacity=".55"') if lit else ""
    return _rect(-90, -288, 180, 288, "frame", 5) + room + at(22, 0, lamp) + inside


def spill(*, wide: bool = False) -> str:
    """The light on the floor before an open door."""
    outer = "M-74 0H74L330 190H-190z" if wide else "M-30 0H74L300 190H-60z"
    inner = "M-50 0H60L210 190H-110z" if wide else "M6 0H62L200 190H10z"
    pools = _path(outer, "var(--spill)") + _path(inner, "var(--spill-2)")
    return f'<g class="s-light">{pools}</g>'


def path_between(distance: float) -> str:
    """A path of light on the floor from a door at (0, 0) to one `distance` to the right."""
    start, end, deep = 20, distance + 12, 62
    d = f"M{start}-6C{start + 20:g} {deep + 22} {end - 20:g} {deep + 22} {end:g}-6"
    wide, narrow = _line(d, "var(--spill)", 58), _line(d, "var(--spill-2)", 30)
    return f'<g class="s-light">{wide}{narrow}</g>'


def leaf_ajar() -> str:
    """The door's leaf, a hand's breadth and more open, towards us; hinges at the left."""
    leaf = _path("M-74-272 4-294V30L-74 0z", "var(--door)")
    panels = _path("M-62-252-10-265V-158L-62-152zM-62-134-10-138V8L-62-10z", "var(--door-dark)")
    edge = _path("M4-294 11-292V31L4 30z", "var(--door-dark)")
    knob = '<circle cx="-3" cy="-128" r="5.5" fill="var(--light)"/>'
    return f'<g class="s-leaf">{leaf}{panels}{edge}{knob}</g>'


def leaf_shut(*, gap: bool = False, slot: bool = True) -> str:
    """A closed leaf; with `gap` a slit of light stands along its edge and under it."""
    left = -74
    width = 141 if gap else 148
    leaf = _rect(left, -272, width, 268 if gap else 272, "door")
    panel_w = (width - 36) / 2
    tops = _rect(left + 13, -254, panel_w, 108, "door-dark") + _rect(
        left + 23 + panel_w, -254, panel_w, 108, "door-dark"
    )
    lows = _rect(left + 13, -128, panel_w, 108, "door-dark") + _rect(
        left + 23 + panel_w, -128, panel_w, 108, "door-dark"
    )
    knob = '<circle cx="56" cy="-136" r="5.5" fill="var(--light)"/>' if slot else ""
    return leaf + tops + lows + knob


def leaf_wide() -> str:
    """The leaf swung right out against the wall, at the left of the frame."""
    leaf = _path("M-78-278-150-300V40L-78 4z", "var(--door)")
    panels = _path("M-88-256-138-270V-160L-88-154zM-88-136-138-140V12L-88-6z", "var(--door-dark)")
    return f'<g class="s-leaf-wide">{leaf}{panels}<circle cx="-143" cy="-128" r="5" fill="var(--light)"/></g>'


def _hair(style: str, colour: str) -> tuple[str, str]:
    """Behind the head, and over it."""
    cap = _path("M-20-180Q-22-203 0-203 22-203 20-180 15-191 2-192-11-193-20-180z", colour)
    behind = {
        "long": _path("M-22-184Q-22-206 0-206 22-206 22-184L26-150Q0-140-26-150z", colour),
        "curly": "".join(
            f'<circle cx="{x}" cy="{y}" r="10" fill="{colour}"/>'
            for x, y in ((-17, -186), (-11, -198), (1, -203), (12, -198), (18, -186), (-19, -175), (19, -175))
        ),
        "bun": f'<circle cx="0" cy="-208" r="9" fill="{colour}"/>',
    }
    over = {
        "hijab": _path(
            "M-23-178Q-24-206 0-206 24-206 23-178 23-160 33-150 16-132 0-132-16-132-33-150-23-160-23-178zM-13-180Q-13-194 0-194 13-194 13-180 13-165 0-163-13-165-13-180z",
            colour,
            ' fill-rule="evenodd"',
        ),
        "curly": "",
        "beard": cap + _path("M-19-179Q-18-158 0-157 18-158 19-179 12-170 0-171-12-170-19-179z", colour),
    }
    return behind.get(style, ""), over.get(style, cap)


def _arm(side: int, pose: str, sleeve: str, skin: str) -> str:
    ways = {
        "down": ("M22-141Q35-118 31-92", (31, -86)),
        "wave": ("M22-141Q44-134 49-166", (50, -175)),
        "reach": ("M22-141Q34-128 50-138", (58, -141)),
        "knock": ("M22-141Q40-134 46-160", (47, -168)),
        "hold": ("M22-141Q38-118 16-112", (9, -112)),
        "lap": ("M22-141Q36-120 18-100", (12, -98)),
    }
    d, (hx, hy) = ways[pose]
    drawn = _line(d, sleeve, 14) + f'<circle cx="{hx}" cy="{hy}" r="7" fill="{skin}"/>'
    return drawn if side > 0 else f'<g transform="scale(-1 1)">{drawn}</g>'


def person(
    skin: str,
    hair: tuple[str, str],
    top: str,
    *,
    legs: str = "shade",
    arms: tuple[str, str] = ("down", "down"),
    back: bool = False,
    bag: str = "",
    seated: bool = False,
) -> str:
    """Someone, simply. `arms` are (left, right) as we see them; `back` = turned away; `bag` = a rucksack's
    colour.
    """
    tone, sleeve, trousers = SKINS[skin], f"var(--{top})", f"var(--{legs})"
    shade = HAIRS.get(hair[1], f"var(--{hair[1]})")
    behind, over = _hair(hair[0], shade)
    torso = _path("M-25-80-27-136Q-27-157-8-159H8Q27-157 27-136L25-80Q0-74-25-80z", sleeve)
    neck = _path("M-7-168H7V-154Q0-148-7-154z", tone)
    head = f'<circle cx="0" cy="-181" r="19" fill="{tone}"/>'
    face = (
        '<circle cx="-6.5" cy="-181" r="2"/><circle cx="6.5" cy="-181" r="2"/>'
        + '<path d="M-6-172.5Q0-167 6-172.5" fill="none" stroke="#2b201c" stroke-width="2" stroke-linecap="round"/>'.replace(
            ".5", ".5"
        )
    )
    face = f'<g fill="#2b201c">{face}</g>'
    if back:
        face, over, behind = (
            "",
            _path("M-20-176Q-24-204 0-204 24-204 20-176 16-164 0-163-16-164-20-176z", shade),
            "",
        )
    pack = (
        _path("M-19-148Q-19-160 0-160 19-160 19-148V-98Q19-90 0-90-19-90-19-98z", f"var(--{bag})")
        + _path("M-12-122H12V-100H-12z", "#000", ' opacity=".14"')
        if bag
        else ""
    )
    left, right = _arm(-1, arms[0], sleeve, tone), _arm(1, arms[1], sleeve, tone)
    upper = behind + left + neck + torso + head + face + over + (pack if back else "") + right
    if seated:
        lap = _line("M-12-50-16-10M12-50 16-10", trousers, 16) + _path(
            "M-26-56Q-26-64-14-64H14Q26-64 26-56V-40H-26z", trousers
        )
        shoes = _path("M-27-8h16V0h-21q0-7 5-8zM11-8h16q5 1 5 8H11z", "var(--wood-dark)")
        return f'<g transform="translate(0 26)">{upper}</g>' + lap + shoes
    stand = _line("M-11-84-12-10M11-84 12-10", trousers, 17)
    shoes = _path("M-22-8h17V0h-22q0-7 5-8zM5-8h17q5 1 5 8H5z", "var(--wood-dark)")
    return stand + shoes + upper


def plant(*, flower: bool = False) -> str:
    """A plant in a pot, 100 tall; it may bloom."""
    pot = _path("M-24-44h48L18 0h-36z", "var(--coral)") + _rect(-27, -50, 54, 11, "coral", 3)
    leaves = _path(
        "M0-48Q-6-82-36-96-30-62 0-48zM0-48Q4-92 30-108 36-72 0-48zM0-46Q-22-58-42-56-28-38 0-46z",
        "var(--leaf)",
    )
    bloom = ""
    if flower:
        bloom = (
            _line("M0-50V-122", "var(--leaf)", 4)
            + "".join(
                f'<circle cx="{x}" cy="{y}" r="9" fill="var(--sun)"/>'
                for x, y in ((-11, -128), (11, -128), (0, -140), (-7, -116), (7, -116))
            )
            + '<circle cx="0" cy="-126" r="7" fill="var(--coral)"/>'
        )
    return leaves + bloom + pot


def bench(*, bag: bool = False) -> str:
    """A bench 130 wide, 52 high."""
    legs = _line("M-50-44V-3M50-44V-3", "var(--wood-dark)", 8)
    seat = _rect(-65, -54, 130, 12, "wood", 5)
    satchel = ""
    if bag:
        satchel = (
            _path("M-50-54Q-52-86-28-86-4-86-6-54z", "var(--door)")
            + _line("M-38-86Q-38-98-28-98-18-98-18-86", "var(--door)", 5)
            + _path("M-46-66H-10V-62H-46z", "var(--door-dark)")
        )
    return legs + satchel + seat


def cup() -> str:
    """A cup that steams, 22 tall."""
    steam = _line("M-5-28Q-9-34-5-40T-5-52M5-28Q1-34 5-40T5-52", "var(--frame)", 2.5)
    return (
        steam
        + _path("M-12-22h24l-2 18q-1 4-6 4h-8q-5 0-6-4z", "var(--cream)")
        + '<path d="M12-18q9-1 8 5t-10 5" fill="none" stroke="var(--cream)" stroke-width="4"/>'
    )


def wall_clock(hand: str = "M0-14V0L9 5") -> str:
    """A round clock on the wall; its middle is (0, 0)."""
    return '<circle r="25" fill="var(--frame)"/><circle r="21" fill="var(--cream)"/>' + _line(
        hand, "#20242b", 3.5
    )


def note() -> str:
    """A note pinned to a door, with a clock on it; its middle is (0, 0)."""
    lines = _line("M-14 10H14M-14 18H6", "#8b7f68", 3)
    return f'<g transform="rotate(-3)"><rect x="-24" y="-28" width="48" height="58" rx="3" fill="var(--cream)"/><circle cy="-9" r="11" fill="none" stroke="#20242b" stroke-width="2.6"/>{_line("M0-15V-9L4-6.5", "#20242b", 2.4)}{lines}<circle cy="-27" r="3.5" fill="var(--coral)"/></g>'


def lamp(*, lit: bool = True) -> str:
    """A lamp that stands on the floor, 190 tall."""
    glow = (
        '<circle cy="-168" r="78" fill="var(--light)" opacity=".22"/><circle cy="-168" r="50" fill="var(--light)" opacity=".25"/>'
        if lit
        else ""
    )
    return (
        glow
        + _line("M0-150V-4", "var(--wood-dark)", 5)
        + _rect(-22, -6, 44, 6, "wood-dark", 3)
        + _path("M-18-190H18L32-148H-32z", "var(--light)" if lit else "var(--cream)")
    )


def lantern() -> str:
    """A lantern carried in a hand; hangs from (0, 0)."""
    return (
        '<circle cy="22" r="44" fill="var(--light)" opacity=".3"/>'
        + _line("M0 0V6", "var(--wood-dark)", 3)
        + _rect(-10, 6, 20, 30, "light", 4)
        + _path("M-12 4h24v5h-24zM-12 34h24v5h-24z", "var(--wood-dark)")
    )


def picture(fill: str = "sky") -> str:
    """A small picture on the wall; its middle is (0, 0)."""
    return (
        _rect(-24, -30, 48, 60, "frame", 3)
        + _rect(-18, -24, 36, 48, fill)
        + _path("M-18 24 0-2 8 8 18-4V24z", "var(--leaf)", ' opacity=".75"')
    )


def window(*, night: bool = False) -> str:
    """A window with a sky; stands with its lower edge at (0, 0)."""
    sky = "shade" if night else "glow"
    return (
        _rect(-52, -130, 104, 130, "frame", 4)
        + _rect(-44, -122, 88, 114, sky)
        + _rect(-3, -122, 6, 114, "frame")
        + _rect(-44, -70, 88, 6, "frame")
        + _rect(-60, -6, 120, 9, "frame", 3)
    )


def sunbeam() -> str:
    """The light a window throws into the room; the window's lower middle is (0, 0)."""
    return _path("M-44-8H44L200 300H64z", "var(--light)", ' opacity=".3"')


def plug() -> str:
    """A cord on the floor, pulled out of its socket; the cord's end is (0, 0)."""
    cord = _line("M-120 4Q-80 22-52 8T-14 2", "var(--ink)", 4)
    return (
        cord
        + _rect(-16, -7, 20, 16, "ink", 4)
        + _line("M4-3H13M4 5H13", "var(--ink)", 3.5)
        + _rect(34, -40, 30, 40, "frame", 5)
        + '<circle cx="44" cy="-20" r="3" fill="var(--edge)"/><circle cx="54" cy="-20" r="3" fill="var(--edge)"/>'
    )


def sign(colour: str = "cream") -> str:
    """A sign that hangs on a door from a nail at (0, 0)."""
    return (
        _line("M0 0-26 22M0 0 26 22", "var(--wood-dark)", 3)
        + _rect(-36, 20, 72, 40, colour, 7)
        + _line("M-13 40-3 50 15 31", "var(--leaf)", 6.5)
    )


def arcs() -> str:
    """Knock, knock: three arcs to the right of (0, 0)."""
    return "".join(_line(f"M{r} {-r}Q{r + r * 0.55:g} 0 {r} {r}", "var(--frame)", 4) for r in (10, 18, 26))


def sparks() -> str:
    """A little joy around (0, 0)."""
    return _line("M-40-8-54-14M-30-34-40-46M0-44V-60M30-34 40-46M40-8 54-14", "var(--sun)", 5)
