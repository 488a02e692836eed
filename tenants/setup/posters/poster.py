"""The poster: a door ajar in the municipality's colour, and the way in lying in its light."""

from dataclasses import dataclass
from typing import Any

from kernel.ui import figures as f
from kernel.ui.figures import at
from kernel.ui.scenes import NURSE
from tenants.setup.portal import LookOfDoor
from tenants.setup.posters.sheet import A4, Sheet
from tenants.setup.posters.words import Words

LEFT, WIDE = 15.0, 180.0
FLOOR = 196.0
#: Columns beside the door: of the lead, and within the box of the promise.
LEAD_WIDE, BOX_WIDE, PAD, GAP = 95.0, 82.0, 6.5, 2.5
#: Where the door stands, and millimetres a unit of the figure: about 105 mm high.
DOOR_X, DOOR_SCALE = 150.0, 0.37


def poster(words: Words, look: LookOfDoor, *, size: str = "a4") -> bytes:
    """A4 or A3, as PDF."""
    sheet = Sheet(title=words.title, language=words.language, brand=look.brand, size=size)
    box = _box(sheet, words)
    with sheet.decoration():
        _scene(sheet)
    _head(sheet, words, look, room_to=box.top - 6)
    _promise(sheet, box)
    _way_in(sheet, words)
    return sheet.output()


def _scene(sheet: Sheet) -> None:
    width, height = A4
    sheet.area(0, 0, width, height, "paper")
    sheet.area(0, FLOOR, width, height - FLOOR, "wall")
    x, s = DOOR_X, DOOR_SCALE
    sheet.shape([(x - 30 * s, FLOOR), (x + 74 * s, FLOOR), (232, height), (-40, height)], "light")
    sheet.shape([(x + 4 * s, FLOOR), (x + 66 * s, FLOOR), (205, height), (10, height)], "promise")
    sheet.figure(f.doorway(inside=at(40, -2, NURSE, scale=0.98)) + f.leaf_ajar(), x, FLOOR, s)
    sheet.figure(f.plant(), 197, FLOOR + 2, s)


def _head(sheet: Sheet, words: Words, look: LookOfDoor, *, room_to: float) -> None:
    left = LEFT
    if look.logo:
        with sheet.element("Figure", alt=words.municipality):
            left += sheet.logo(look.logo, LEFT, 12, 52, 15) + 5
    with sheet.element("P"):
        name = words.school if look.logo else f"{words.school} · {words.municipality}"
        sheet.text(name, left, 15.5, LEFT + WIDE - left, 14, bold=True, colour="muted", most_lines=1)
    with sheet.element("H1"):
        end = sheet.text(words.question, LEFT, 33, WIDE, 55, bold=True, leading=1.02, most_lines=2)
    if words.second:
        with sheet.element("P"):
            end = sheet.text(words.second, LEFT, end + 2, WIDE, 24, bold=True, colour="muted", most_lines=1)
    _lead(sheet, words.lead, end + 4, room_to)


def _lead(sheet: Sheet, lead: str, top: float, room_to: float) -> None:
    """As large as there is room for above the promise; a municipality's own that is too long stands on its page."""
    for size in (18, 16, 14, 12):
        if top + sheet.height(lead, LEAD_WIDE, size, leading=1.3) <= room_to:
            with sheet.element("P"):
                sheet.text(lead, LEFT, top, LEAD_WIDE, size, colour="muted", leading=1.3)
            return


@dataclass(frozen=True, slots=True)
class _Box:
    """The box of the promise: as high as its words, standing near the floor."""

    top: float
    high: float
    said: list[tuple[str, dict[str, Any]]]


def _box(sheet: Sheet, words: Words) -> _Box:
    said: list[tuple[str, dict[str, Any]]] = [
        (words.promise, {"size": 24, "bold": True, "leading": 1.1, "most_lines": 3}),
        (words.anonymous, {"size": 17, "leading": 1.2, "most_lines": 2}),
        (words.hours, {"size": 10.5, "leading": 1.3, "most_lines": 4}),
    ]
    said = [(text, how) for text, how in said if text]
    high = sum(sheet.height(text, BOX_WIDE, **how) for text, how in said) + GAP * (len(said) - 1) + 2 * PAD
    return _Box(FLOOR - 9 - high, high, said)


def _promise(sheet: Sheet, box: _Box) -> None:
    """Light yellow means promise."""
    with sheet.decoration():
        sheet.area(LEFT, box.top, BOX_WIDE + 2 * PAD, box.high, "promise", radius=4, edge="promise-edge")
    end = box.top + PAD - GAP
    for text, how in box.said:
        with sheet.element("P"):
            end = sheet.text(text, LEFT + PAD, end + GAP, BOX_WIDE, **how)


def _way_in(sheet: Sheet, words: Words) -> None:
    side = 68.0
    top = FLOOR + 14
    right = LEFT + side + 8
    width = LEFT + WIDE - right
    with sheet.element("Figure", alt=f"QR: {words.url}"):
        sheet.qr(words.url, LEFT, top, side)
    with sheet.element("P"):
        end = sheet.text(words.scan, right, top + 12, width, 16, leading=1.25)
    for line in sheet.address_lines(words.address, width, 20):
        with sheet.element("P"):
            end = sheet.text(line, right, end + 1, width, 28, bold=True, leading=1.1, most_lines=1)
    if words.danger:
        with sheet.element("P"):
            sheet.text(words.danger, right, end + 6, width, 14, leading=1.25)
    if words.caution:
        with sheet.element("P"):
            sheet.text(words.caution, LEFT, A4[1] - 11, WIDE, 12, bold=True, most_lines=1)
