"""A PDF under way: millimetres of an A4 page whatever the paper, text that a screen reader can read in order, and
the platform's own figures drawn as lines and areas.
"""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import segno
from PIL import Image

from kernel.ui.theme import scene_colours
from tenants.setup.posters.typeface import FAMILY, STYLES, font_file

A4 = (210.0, 297.0)
#: How much larger than A4 the paper is, each way.
SIZES = {"a4": 1.0, "a3": 420 / 297}
#: The colours by day, as static/ui/src/tokens.css has them (tests/tenants/setup/test_posters.py compares).
TOKENS = {
    "paper": "#fbf8f2", "card": "#ffffff", "sunk": "#f4efe5", "ink": "#20242b", "muted": "#565c66", "line": "#e3dbcc",
    "light": "#ffe3a3", "promise": "#fff1cc", "promise-edge": "#f0d48f", "spill": "#efe4c8", "spill-2": "#fbe8b8",
    "coral": "#c9654b", "leaf": "#4e7d5b", "wood": "#a98763", "wood-dark": "#86694b", "sun": "#dfa63c",
    "sky": "#7fa3c7", "plum": "#7b5a86", "cream": "#f6ead2", "shade": "#2f3a4a",
    "glass": "#cfe4f1", "halo": "#fff6df", "fold": "#20140c29",
}  # fmt: skip
_VAR = re.compile(r"var\(--([a-z0-9-]+)\)")
#: Points in a millimetre.
_POINTS = 72 / 25.4


class Sheet:
    """One PDF. Lengths are millimetres of an A4 page, sizes of letters are points of it."""

    def __init__(self, *, title: str, language: str, brand: str, size: str = "a4") -> None:
        # Imported by who prints first: half a second and 20 MB, which no other request should pay.
        from fpdf import FPDF, ViewerPreferences

        self.k = SIZES[size]
        self.colours = TOKENS | scene_colours(brand, "light")
        self.pdf = FPDF(unit="mm", format=(A4[0] * self.k, A4[1] * self.k))
        self.pdf.set_margin(0)
        self.pdf.set_auto_page_break(False)
        for style in STYLES:
            self.pdf.add_font(FAMILY, style, font_file(style))
        self.pdf.set_title(title)
        self.pdf.set_lang(language)
        self.pdf.set_creator("Lavterskel")
        self.pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.pdf.add_page()

    def output(self) -> bytes:
        return bytes(self.pdf.output())

    # --- areas ---------------------------------------------------------------------------------------------

    @contextmanager
    def decoration(self) -> Iterator[None]:
        """What is only to be seen: a screen reader passes it by."""
        self.pdf._out("/Artifact BMC")
        yield
        self.pdf._out("EMC")

    @contextmanager
    def element(self, kind: str, *, alt: str = "") -> Iterator[None]:
        """A part of the document's structure: "H1", "P", "Figure" (with what it shows)."""
        mcid = self.pdf.struct_builder.next_mcid_for_page(self.pdf.page)
        self.pdf._add_marked_content(struct_type=f"/{kind}", mcid=mcid, alt_text=alt or None)
        self.pdf._out(f"/{kind} <</MCID {mcid}>> BDC")
        yield
        self.pdf._out("EMC")

    def area(
        self, x: float, y: float, w: float, h: float, colour: str, *, radius: float = 0, edge: str = ""
    ) -> None:
        self._fill(colour)
        style = "F"
        if edge:
            self.pdf.set_draw_color(self.colours.get(edge, edge))
            self.pdf.set_line_width(0.35 * self.k)
            style = "DF"
        k = self.k
        corners: dict[str, Any] = {"round_corners": True, "corner_radius": radius * k} if radius else {}
        self.pdf.rect(x * k, y * k, w * k, h * k, style=style, **corners)

    def shape(self, points: list[tuple[float, float]], colour: str) -> None:
        self._fill(colour)
        self.pdf.polygon([(x * self.k, y * self.k) for x, y in points], style="F")

    def line(
        self, x1: float, y1: float, x2: float, y2: float, colour: str = "line", width: float = 0.2
    ) -> None:
        self.pdf.set_draw_color(self.colours.get(colour, colour))
        self.pdf.set_line_width(width * self.k)
        self.pdf.line(x1 * self.k, y1 * self.k, x2 * self.k, y2 * self.k)

    def _fill(self, colour: str) -> None:
        self.pdf.set_fill_color(self.colours.get(colour, colour))

    def figure(self, drawing: str, x: float, y: float, scale: float) -> None:
        """A figure of kernel/ui, its own zero at (x, y), `scale` millimetres a unit."""
        from fpdf.svg import SVGObject

        painted = _VAR.sub(lambda found: self.colours[found.group(1)], drawing)
        mm = scale * self.k
        place = f"translate({x * self.k} {y * self.k}) scale({mm} {mm})"
        svg = SVGObject(f'<svg xmlns="http://www.w3.org/2000/svg"><g transform="{place}">{painted}</g></svg>')
        with self.pdf.drawing_context() as canvas:
            canvas.add_item(svg.base_group)

    def logo(self, png: bytes, x: float, y: float, most_w: float, most_h: float) -> float:
        """The logo within a box, at its left edge. Gives its width."""
        with Image.open(io.BytesIO(png)) as picture:
            ratio = picture.width / picture.height
        w = min(most_w, most_h * ratio)
        k = self.k
        self.pdf.image(io.BytesIO(png), x * k, (y + (most_h - w / ratio) / 2) * k, w=w * k, h=w / ratio * k)
        return w

    def qr(self, text: str, x: float, y: float, side: float) -> None:
        """The address as a QR code in a white square of this side, four modules of it quiet on every edge.

        Error level Q: up to a quarter of its words may be unreadable, as long as its three corners are there.
        """
        matrix = [list(row) for row in segno.make(text, error="q", micro=False, boost_error=False).matrix]
        module = side / (len(matrix) + 8)
        self.area(x, y, side, side, "#ffffff", radius=module * 1.5)
        self._fill("#000000")
        k = self.k
        for row, bits in enumerate(matrix):
            for start, end in _runs(bits):  # one bar a run: no hairlines between modules
                left, top = x + (4 + start) * module, y + (4 + row) * module
                self.pdf.rect(left * k, top * k, (end - start) * module * k, (module + 0.01) * k, style="F")

    # --- letters -------------------------------------------------------------------------------------------

    def text(
        self,
        text: str,
        x: float,
        y: float,
        w: float,
        size: float,
        *,
        bold: bool = False,
        colour: str = "ink",
        leading: float = 1.2,
        align: str = "L",
        most_lines: int = 0,
    ) -> float:
        """Lines of text in a column, its top at y. Smaller where it would need more than `most_lines`, or has a word
        wider than the column. Gives where it ends.
        """
        lines, size = self._fitted(text, w, size, bold, most_lines)
        self.pdf.set_text_color(self.colours.get(colour, colour))
        self.pdf.set_font(FAMILY, "B" if bold else "", size * self.k)
        height = size / _POINTS * leading
        for number, line in enumerate(lines):
            self.pdf.set_xy(x * self.k, (y + number * height) * self.k)
            self.pdf.cell(w * self.k, height * self.k, line, align=align)
        return y + len(lines) * height

    def height(
        self,
        text: str,
        w: float,
        size: float,
        *,
        bold: bool = False,
        leading: float = 1.2,
        most_lines: int = 0,
    ) -> float:
        """How high `text` would be."""
        lines, size = self._fitted(text, w, size, bold, most_lines)
        return len(lines) * size / _POINTS * leading

    def address_lines(self, address: str, w: float, size: float) -> list[str]:
        """In one line where it fits in letters of this size; otherwise the host, and below it what follows."""
        host, _stroke, path = address.partition("/")
        if not path or self.width(address, size, bold=True) <= w:
            return [address]
        return [host, f"/{path}"]

    def _fitted(
        self, text: str, w: float, size: float, bold: bool, most_lines: int
    ) -> tuple[list[str], float]:
        while True:
            lines = self._lines(text, w, size, bold)
            fits = all(self.width(line, size, bold) <= w for line in lines)
            if size < 3 or (fits and (not most_lines or len(lines) <= most_lines)):
                return lines, size
            size *= 0.95

    def _lines(self, text: str, w: float, size: float, bold: bool) -> list[str]:
        lines = [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            if self.width(longer, size, bold) <= w or not lines[-1]:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def width(self, text: str, size: float, bold: bool = False) -> float:
        self.pdf.set_font(FAMILY, "B" if bold else "", size)
        return float(self.pdf.get_string_width(text))


def _runs(bits: list[int]) -> Iterator[tuple[int, int]]:
    """(first, after the last) of each run of dark modules."""
    start = None
    for place, bit in enumerate([*bits, 0]):
        if bit and start is None:
            start = place
        elif not bit and start is not None:
            yield start, place
            start = None
