"""Cards the size of a bank card, ten on an A4 sheet with marks to cut along."""

from kernel.ui import figures as f
from tenants.setup.portal import LookOfDoor
from tenants.setup.posters.sheet import A4, Sheet
from tenants.setup.posters.words import Words

WIDE, HIGH = 85.0, 54.0
COLUMNS, ROWS = 2, 5
_LEFT, _TOP = (A4[0] - COLUMNS * WIDE) / 2, (A4[1] - ROWS * HIGH) / 2
#: How long a mark is, and how far from the card it begins.
_MARK, _GAP = 5.0, 1.5


def cards(words: Words, look: LookOfDoor) -> bytes:
    """Ten cards. A screen reader reads the first one; the others are the same."""
    sheet = Sheet(title=words.title, language=words.language, brand=look.brand)
    for row in range(ROWS):
        for column in range(COLUMNS):
            _card(sheet, words, _LEFT + column * WIDE, _TOP + row * HIGH, is_read=row == column == 0)
    with sheet.decoration():
        _marks(sheet)
    return sheet.output()


def _card(sheet: Sheet, words: Words, x: float, y: float, *, is_read: bool) -> None:
    part = sheet.element if is_read else lambda *_kind, **_alt: sheet.decoration()
    floor = y + 40
    with sheet.decoration():
        sheet.area(x, y, WIDE, HIGH, "paper")
        sheet.area(x, floor, WIDE, HIGH - 40, "wall")
        sheet.shape([(x + 10, floor), (x + 20, floor), (x + 50, y + HIGH), (x + 12, y + HIGH)], "light")
        sheet.figure(f.doorway() + f.leaf_ajar(), x + 14, floor, 0.106)
    inner = x + 26.5
    with part("H1"):
        lines = 1 if words.second else 2
        end = sheet.text(words.question, inner, y + 4, 55, 14.5, bold=True, leading=1.05, most_lines=lines)
    if words.second:
        with part("P"):
            end = sheet.text(words.second, inner, end + 0.5, 55, 10, bold=True, colour="muted", most_lines=1)
    with part("P"):
        end = sheet.text(words.promise, inner, end + 1.8, 28, 8.2, leading=1.2, most_lines=4)
    with part("P"):
        sheet.text(words.anonymous, inner, end + 1, 28, 8.2, leading=1.2, most_lines=3)
    with part("Figure", alt=f"QR: {words.url}"):
        sheet.qr(words.url, x + 55.5, y + 15.5, 25)
    end = y + 42.2
    for line in sheet.address_lines(words.address, 61, 7.5):
        with part("P"):
            end = sheet.text(line, x + 20, end, 61, 9, bold=True, leading=1.15, align="R", most_lines=1)
    with part("P"):
        below = words.caution or " · ".join(part for part in (words.school, words.role) if part)
        sheet.text(below, x + 20, end, 61, 7, align="R", most_lines=1)


def _marks(sheet: Sheet) -> None:
    """Outside of the cards alone, so that none has a line on it when the cut is a little off."""
    right, bottom = _LEFT + COLUMNS * WIDE, _TOP + ROWS * HIGH
    for column in range(COLUMNS + 1):
        x = _LEFT + column * WIDE
        sheet.line(x, _TOP - _GAP - _MARK, x, _TOP - _GAP, "muted")
        sheet.line(x, bottom + _GAP, x, bottom + _GAP + _MARK, "muted")
    for row in range(ROWS + 1):
        y = _TOP + row * HIGH
        sheet.line(_LEFT - _GAP - _MARK, y, _LEFT - _GAP, y, "muted")
        sheet.line(right + _GAP, y, right + _GAP + _MARK, y, "muted")
