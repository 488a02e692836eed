# ruff: noqa: E501 (a drawing's path is one thing, however long)
"""What the scenes are drawn with: a door, people, a bench. Each stands on y = 0 at x = 0, upwards is
negative.

Colours are custom properties of the theme (--door, --light, --wood…), so the same drawing is every
municipality's, light and dark. All of it is ours, drawn for this project; a person is 200 tall, a door 272.
"""

from __future__ import annotations

SKINS = {"a": "#f0c9a8", "b": "#d9a884", "c": "#8a5a44", "d": "#5f3d2e"}
#: Eyes and smiles, on every skin.
SMILE = "#2b201c"
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
    lamp = _path("M-2-272h4v38h-4z", "var(--wood-dark)") + _path("M-28-210q4-26 28-26t28 26z", "var(--sun)")
    ground = _path("M-74-22H74V0H-74z", "var(--sun)", ' opacity=".38"')
    light = f'<circle cx="0" cy="-212" r="36" fill="var(--halo)" opacity=".55"/>{lamp}'
    warm = at(36, 0, light) + ground if lit else ""
    return _rect(-90, -288, 180, 288, "frame", 5) + room + warm + inside


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
    fringe = _path("M-20-178Q-23-204 0-204 23-204 20-178 17-187 8-188 2-183-20-178z", colour)
    behind = {
        "long": _path("M-22-184Q-22-206 0-206 22-206 22-184L26-146Q0-136-26-146z", colour),
        "bob": _path("M-23-182Q-23-206 0-206 23-206 23-182L25-163Q0-155-25-163z", colour),
        "curly": "".join(
            f'<circle cx="{x}" cy="{y}" r="10" fill="{colour}"/>'
            for x, y in ((-17, -186), (-11, -198), (1, -203), (12, -198), (18, -186), (-19, -175), (19, -175))
        ),
        "afro": _path(
            "M0-222C22-222 33-206 31-188 30-174 20-165 0-165S-30-174-31-188C-33-206-22-222 0-222z", colour
        ),
        "bun": f'<circle cx="0" cy="-208" r="9" fill="{colour}"/>',
        "tail": _path("M8-204Q36-206 33-176 32-162 24-154 26-172 16-186z", colour),
        "braids": _line("M-20-180Q-27-164-23-142M20-180Q27-164 23-142", colour, 9)
        + '<circle cx="-23" cy="-143" r="4" fill="var(--sun)"/><circle cx="23" cy="-143" r="4" fill="var(--sun)"/>',
    }
    over = {
        "hijab": _path(
            "M-23-178Q-24-206 0-206 24-206 23-178 23-160 33-148 16-128 0-126-16-128-33-148-23-160-23-178zM-13-180Q-13-194 0-194 13-194 13-180 13-165 0-163-13-165-13-180z",
            colour,
            ' fill-rule="evenodd"',
        )
        + _line("M-14-152Q4-140 20-152", "var(--fold)", 2.5),
        "curly": "",
        "afro": _path("M-19-184Q-17-196 0-197 17-196 19-184 27-206 0-208-27-206-19-184z", colour),
        "bob": fringe,
        "braids": fringe,
        "bald": "",
        "beard": cap
        + _path("M-19-179Q-18-158 0-157 18-158 19-179 12-170 0-171-12-170-19-179z", colour)
        + _line("M-5-168.5Q0-165 5-168.5", SMILE, 2),
        "moustache": cap + _line("M-7-173Q0-177 7-173", colour, 4),
    }
    return behind.get(style, ""), over.get(style, cap)


def _face(*, glasses: bool, sad: bool) -> str:
    """Eyes, a mouth, and a little warmth in the cheeks."""
    cheeks = "".join(
        f'<circle cx="{x}" cy="-174" r="3.6" fill="var(--coral)" opacity=".38"/>' for x in (-11, 11)
    )
    eyes = f'<g fill="{SMILE}"><circle cx="-6.5" cy="-181" r="2"/><circle cx="6.5" cy="-181" r="2"/></g>'
    mouth = _line("M-5.5-171.5Q0-166.5 5.5-171.5", SMILE, 2)
    if sad:
        mouth = _line("M-5-167.5Q0-172 5-167.5M-11-187-5-190M11-187 5-190", SMILE, 2)
    lenses = (
        f'<g fill="none" stroke="{SMILE}" stroke-width="1.8"><circle cx="-7.5" cy="-181" r="5.8"/><circle cx="7.5" cy="-181" r="5.8"/><path d="M-2-182Q0-184 2-182"/></g>'
        if glasses
        else ""
    )
    return cheeks + eyes + mouth + lenses


def _arm(side: int, pose: str, sleeve: str, skin: str) -> str:
    ways = {
        "down": ("M21-142Q35-120 31-92", (31, -85)),
        "wave": ("M21-142Q44-132 47-166", (48, -175)),
        "reach": ("M21-142Q34-128 50-138", (58, -141)),
        "knock": ("M21-142Q40-134 46-160", (47, -168)),
        "hold": ("M21-142Q40-116 14-110", (7, -110)),
        "lap": ("M21-142Q36-120 18-100", (11, -98)),
        "chin": ("M21-142Q38-116 16-150", (13, -159)),
        "wheel": ("M21-142Q36-122 26-100", (24, -93)),
    }
    d, (hx, hy) = ways[pose]
    drawn = f'<circle cx="{hx}" cy="{hy}" r="7" fill="{skin}"/>' + _line(d, sleeve, 14)
    return drawn if side > 0 else f'<g transform="scale(-1 1)">{drawn}</g>'


def _clothes(top: str, wears: str, tone: str) -> str:
    """The upper body: a jumper, an open cardigan, a hooded jumper or stripes; `badge` on whoever works here."""
    torso = _path("M-24-78-27-134Q-28-158-9-160H9Q28-158 27-134L24-78Q0-72-24-78z", f"var(--{top})")
    fold = _path("M12-160Q28-157 27-134L24-78Q19-76 13-75 18-120 12-160z", "var(--fold)")
    collar = _path("M-9-160Q0-147 9-160 0-163-9-160z", tone)
    cardigan = _path("M-8-160 0-128-5-75H5L0-128 8-160Q0-150-8-160z", "var(--cream)") + _line(
        "M-7-159-1-128-5-76M7-159 1-128 5-76", "var(--fold)", 2
    )
    details = {
        "cardigan": cardigan,
        "hood": _path("M-17-158Q-14-142 0-142 14-142 17-158 0-150-17-158z", "var(--fold)")
        + _line("M-4-147V-130M4-147V-132", "var(--cream)", 2),
        "stripes": _line("M-26-128H26M-25-110H25M-24-92H24", "var(--cream)", 5),
        "pocket": _path("M-13-100H13L17-80H-17z", "var(--fold)"),
    }
    badge = (
        _line("M-8-159 0-124M8-159 0-124", "var(--door-dark)", 2)
        + _rect(-7, -125, 14, 18, "cream", 2)
        + _line("M-3-113H3", "var(--wood-dark)", 1.5)
        + '<circle cx="0" cy="-119" r="2.6" fill="var(--wood-dark)"/>'
    )
    worn = "".join(details.get(one, "") for one in wears.split())
    return torso + worn + fold + collar + (badge if "badge" in wears.split() else "")


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
    wheels: bool = False,
    skirt: str = "",
    wears: str = "",
    glasses: bool = False,
    sad: bool = False,
) -> str:
    """Someone, simply. `arms` are (left, right) as we see them; `back` = turned away; `bag` = a rucksack's
    colour; `wears` = words of `_clothes`; `wheels` = in a wheelchair.
    """
    tone, sleeve, trousers = SKINS[skin], f"var(--{top})", f"var(--{legs})"
    shade = HAIRS.get(hair[1], f"var(--{hair[1]})")
    behind, over = _hair(hair[0], shade)
    neck = _path("M-7-168H7V-154Q0-148-7-154z", tone)
    ears = (
        f'<circle cx="-18.5" cy="-179" r="4" fill="{tone}"/><circle cx="18.5" cy="-179" r="4" fill="{tone}"/>'
    )
    head = (
        "" if hair[0] in ("hijab", "long", "bob") else ears
    ) + f'<circle cx="0" cy="-181" r="19" fill="{tone}"/>'
    body, face = _clothes(top, wears, tone), _face(glasses=glasses, sad=sad)
    pack = ""
    if back:
        face, behind = "", behind if hair[0] in ("braids", "tail", "bun") else ""
        over = _path("M-20-176Q-24-204 0-204 24-204 20-176 16-162 0-161-16-162-20-176z", shade)
        body = _path("M-24-78-27-134Q-28-158-9-160H9Q28-158 27-134L24-78Q0-72-24-78z", sleeve)
        pack = _rucksack(bag) if bag else ""
    straps = _line("M-15-157V-112M15-157V-112", f"var(--{bag})", 5) if bag and not back else ""
    left, right = _arm(-1, arms[0], sleeve, tone), _arm(1, arms[1], sleeve, tone)
    upper = behind + left + neck + body + straps + head + face + over + pack + right
    if wheels:
        return _in_a_wheelchair(upper, trousers)
    if seated:
        return f'<g transform="translate(0 26)">{upper}</g>' + _sitting_legs(trousers)
    return _standing_legs(trousers, f"var(--{skirt})" if skirt else "") + upper


def _standing_legs(trousers: str, skirt: str) -> str:
    legs = _line("M-11-84-12-10M11-84 12-10", trousers, 17)
    shoes = _path("M-22-8h17V0h-22q0-7 5-8zM5-8h17q5 1 5 8H5z", "var(--wood-dark)")
    hem = _path("M-24-84-33-38Q0-30 33-38L24-84z", skirt) if skirt else ""
    return legs + shoes + hem


def _sitting_legs(trousers: str) -> str:
    shins = _line("M-13-48-16-10M13-48 16-10", trousers, 16)
    lap = _path("M-26-54Q-27-66-14-66H14Q27-66 26-54V-40Q0-34-26-40z", trousers)
    shoes = _path("M-27-8h16V0h-21q0-7 5-8zM11-8h16q5 1 5 8H11z", "var(--wood-dark)")
    return shins + lap + shoes


def _in_a_wheelchair(upper: str, trousers: str) -> str:
    """Turned a little to the right: a big wheel at the side, a small one in front."""
    back = _line("M-34-104H-26L-22-40", "var(--wood-dark)", 6) + _rect(-26, -96, 10, 56, "wood", 4)
    legs = _line("M-4-46H30L36-14", trousers, 17) + _path("M28-10h20q6 1 6 8H28z", "var(--wood-dark)")
    rest = _line("M22-34 44-2H58", "var(--wood-dark)", 4)
    rings = (
        '<circle cx="-2" cy="-32" r="30" fill="none" stroke="var(--wood-dark)" stroke-width="6"/>'
        '<circle cx="-2" cy="-32" r="21" fill="none" stroke="var(--wood)" stroke-width="2.5"/>'
        '<circle cx="-2" cy="-32" r="5" fill="var(--wood-dark)"/>'
        '<circle cx="40" cy="-4" r="6" fill="none" stroke="var(--wood-dark)" stroke-width="4"/>'
    )
    seated = f'<g transform="translate(0 40)">{upper}</g>'
    return back + rest + legs + seated + rings


def _rucksack(colour: str) -> str:
    bag = _path("M-19-148Q-19-160 0-160 19-160 19-148V-98Q19-90 0-90-19-90-19-98z", f"var(--{colour})")
    pocket = _path("M-12-122H12V-100Q0-96-12-100z", "var(--fold)") + _line("M-12-134H12", "var(--fold)", 3)
    return bag + pocket + _line("M-5-160Q0-168 5-160", f"var(--{colour})", 4)


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
        '<circle cy="22" r="92" fill="var(--light)" opacity=".12"/><circle cy="22" r="46" fill="var(--light)" opacity=".3"/>'
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


def window() -> str:
    """A window: by day a cloud goes by, by night the moon is out. Stands with its lower edge at (0, 0)."""
    day = _path(
        "M-30-80q-10 0-10-9t10-9q3-12 16-11 12-6 20 6 14-2 14 11t-12 12z", "var(--cream)", ' class="s-day"'
    )
    night = (
        '<g class="s-night"><circle cx="18" cy="-92" r="15" fill="var(--light)"/><circle cx="25" cy="-97" r="13" fill="var(--glass)"/>'
        '<g fill="var(--light)"><circle cx="-26" cy="-104" r="2.2"/><circle cx="-12" cy="-78" r="1.7"/><circle cx="-34" cy="-52" r="1.7"/><circle cx="26" cy="-42" r="2"/></g></g>'
    )
    hill = _path("M-44-8V-30Q-20-50 4-32 24-48 44-34V-8z", "var(--leaf)", ' opacity=".55"')
    return (
        _rect(-52, -130, 104, 130, "frame", 4)
        + _rect(-44, -122, 88, 114, "glass")
        + night
        + day
        + hill
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


def hooks() -> str:
    """Hooks on the wall with a jacket and a scarf, of those who are in already; the board's middle is (0, 0)."""
    board = _rect(-56, -6, 112, 12, "wood", 4)
    pegs = "".join(f'<circle cx="{x}" cy="4" r="4.5" fill="var(--wood-dark)"/>' for x in (-38, 0, 38))
    jacket = _path("M-46 8Q-38 0-30 8L-16 22-20 76H-56L-60 22z", "var(--sky)") + _line(
        "M-38 10V74", "var(--fold)", 3
    )
    scarf = _path("M-5 6H6L10 78H0L2 40-4 70H-12z", "var(--sun)")
    cap = (
        _path("M22 22Q22 4 38 4T54 22V27H22z", "var(--plum)")
        + '<circle cx="38" cy="5" r="5" fill="var(--cream)"/>'
    )
    return board + jacket + scarf + cap + pegs


def armchair(colour: str = "plum") -> str:
    """A chair to sink into, 96 tall."""
    legs = _line("M-30-12V-2M30-12V-2", "var(--wood-dark)", 7)
    back = _path("M-40-40V-78Q-40-98-20-98H20Q40-98 40-78V-40z", f"var(--{colour})")
    arms = _rect(-52, -58, 20, 46, colour, 9) + _rect(32, -58, 20, 46, colour, 9)
    seat = _rect(-34, -42, 68, 30, colour, 7) + _line("M-30-42H30", "var(--fold)", 4)
    return legs + back + seat + arms


def door_sign(colour: str = "cream") -> str:
    """A sign with a heart, on the wall beside a door; its middle is (0, 0)."""
    return _rect(-24, -24, 48, 48, colour, 8) + heart()


def heart() -> str:
    """A heart, 30 tall; its middle is (0, 0)."""
    return _path("M0 14C-24-2-14-18-6-15-2-14 0-10 0-8 0-10 2-14 6-15 14-18 24-2 0 14z", "var(--coral)")


def screen(picture: str) -> str:
    """A screen on a wall, 190 wide, 120 tall; its middle is (0, 0). `picture` is drawn for that size."""
    return _rect(-102, -66, 204, 132, "shade", 8) + _rect(-95, -59, 190, 118, "floor", 3) + picture


def rain_cloud() -> str:
    """A cloud with rain; its middle is (0, 0)."""
    drops = _line("M-40 28-45 44M40 28 35 44M-52 52-57 66M52 52 47 66", "var(--sky)", 5)
    return (
        _path(
            "M-36 18q-18 0-18-16t18-16q5-22 30-20 22-8 34 12 26-2 26 20t-22 20z",
            "var(--shade)",
            ' opacity=".55"',
        )
        + drops
    )


def bubble(inside: str) -> str:
    """What somebody thinks; its middle is (0, 0)."""
    puffs = '<circle cx="-34" cy="40" r="7" fill="var(--card)"/><circle cx="-46" cy="56" r="4" fill="var(--card)"/>'
    cloud = _path(
        "M-34 30q-22 0-22-20 0-14 12-19 2-25 28-25 10-10 26-6 20-2 26 16 20 2 20 26 0 28-28 28z",
        "var(--card)",
    )
    return puffs + cloud + inside
