"""From bytes to rows: the encodings, separators and first lines that exports really have."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

#: Signs between cells, the likeliest first.
_BETWEEN = ";\t,|"


class Unreadable(Exception):
    """The file cannot be read as what it is said to be. The text says why, and the remedy."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row under its header. Names of columns are compared without case, blanks, signs and accents on vowels."""

    number: int
    cells: Mapping[str, str]

    def get(self, *names: str) -> str:
        """The first of these columns that is there and says something, tidied; ""."""
        for name in names:
            if found := self.cells.get(plain(name), ""):
                return found
        return ""

    def has(self, *names: str) -> bool:
        return any(plain(name) in self.cells for name in names)


_LETTERS = str.maketrans({"å": "a", "ä": "a", "æ": "a", "ö": "o", "ø": "o", "é": "e", "ü": "u"})


def plain(name: str) -> str:
    """How a column is called, whoever wrote it: "Kommune_nr." → "kommunenr"."""
    return "".join(sign for sign in name.lower().translate(_LETTERS) if sign.isalnum())


def text_of(data: bytes) -> str:
    """UTF-8 and UTF-16 with or without a byte order mark, else Windows-1252 (which Latin-1's letters are a part of)."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    head = data[:2000]
    if head.count(0) > len(head) // 4:
        return data.decode("utf-16-le" if head[1:2] == b"\0" else "utf-16-be")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def cells_of(data: bytes) -> list[tuple[int, list[str]]]:
    """Every row that says anything, with its number as an editor shows it. `sep=…` as a first line is obeyed."""
    text = text_of(data).lstrip("\ufeff")
    first = text.split("\n", 1)[0].strip("\r")
    between, skipped = "", 0
    if first.strip('"').lower().startswith("sep="):
        between, skipped = first.strip('"')[4:5], 1
        text = text.split("\n", 1)[1] if "\n" in text else ""
    between = between or _between(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=between)
    found, before = [], 0
    try:
        for cells in reader:
            number, before = before + 1 + skipped, reader.line_num
            if any(cell.strip() for cell in cells):
                found.append((number, [" ".join(cell.split()) for cell in cells]))
    except csv.Error as error:
        raise Unreadable(f"row {reader.line_num + skipped}: {error}. Save it again as CSV.") from None
    return found


def _between(text: str) -> str:
    """The sign that stands oftenest between the cells of the first row that has any, outside of quotes."""
    for line in text.splitlines()[:20]:
        bare = "".join(line.split('"')[::2])
        counts = {sign: bare.count(sign) for sign in _BETWEEN}
        best = max(_BETWEEN, key=lambda sign: counts[sign])
        if counts[best]:
            return best
    return ","


def rows_of(data: bytes) -> Iterator[Row]:
    """Rows under the header, which is the first one. Raises Unreadable for a file without one."""
    table = cells_of(data)
    if not table:
        raise Unreadable("The file is empty.")
    header = [plain(cell) for cell in table[0][1]]
    for number, cells in table[1:]:
        yield Row(number, dict(zip(header, cells, strict=False)))
