"""Source Sans Pro, from a package of its own (SIL Open Font License): every sheet carries the signs it uses.

It has the letters of every language we offer, Northern Sami and Cyrillic too. Arabic and Ge'ez it has not.
"""

from functools import cache
from importlib.resources import files
from pathlib import Path

FAMILY = "Source Sans Pro"
#: fpdf2's style letters: "B" is what headlines are set in.
STYLES = {"": "Regular", "B": "Bold"}


def font_file(style: str) -> Path:
    return Path(str(files("font_source_sans_pro") / "files" / f"SourceSansPro-{STYLES[style]}.ttf"))


@cache
def _signs() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(font_file("B"), lazy=True) as font:
        return frozenset(font.getBestCmap())


def printable(text: str) -> str:
    """The text without the signs our typeface has not."""
    lacking = unprintable(text)
    return " ".join("".join(sign for sign in text if sign not in lacking).split())


def unprintable(text: str) -> str:
    """The signs of the text that our typeface has not, each once; "" when it can be printed."""
    return "".join(dict.fromkeys(sign for sign in text if not sign.isspace() and ord(sign) not in _signs()))
