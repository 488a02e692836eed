"""Words that stand on a page of another direction: names, what people typed, texts of another language.

Nothing is guessed of who wrote them: the signs themselves say the direction, as a browser's dir="auto" does.
"""

import unicodedata
from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import normalize_newlines
from django.utils.translation import get_language, get_language_bidi

#: Unicode's "first strong isolate" and its end: for where no markup can stand.
_OPEN, _CLOSE = "\u2068", "\u2069"
_COMMAS = {"ar": "، ", "ti": "፣ "}


class Said(str):
    """A text, and the language it is written in: "" where nobody knows."""

    __slots__ = ("language",)
    language: str

    def __new__(cls, text: str, language: str = "") -> "Said":
        said = super().__new__(cls, text)
        said.language = language
        return said


def is_against(text: str) -> bool:
    """Whether any of it runs against the direction of the page: a number in groups does so from right to left. A
    sentence whose names stand apart already does not: the rest of it is the page's own."""
    if _OPEN in text:
        return False
    against = {"L", "EN"} if get_language_bidi() else {"R", "AL"}
    return any(unicodedata.bidirectional(sign) in against for sign in text)


def apart(text: object) -> str:
    """A name or a word within a sentence, so that neither turns the other round. Plain signs: it may stand in an
    attribute, a button, a title. A text of the page's own direction comes back as it was."""
    said = str(text) if isinstance(text, Promise) or not isinstance(text, str) else text
    if not is_against(said):
        return said
    whole = f"{_OPEN}{said}{_CLOSE}"
    return mark_safe(whole) if isinstance(said, SafeString) else whole  # noqa: S308 (was safe, and only two signs more)


def spoken(text: object) -> str:
    """The same for the content of an element; with its language, where that is known and not the page's."""
    if isinstance(text, Said) and text.language not in ("", get_language()):
        return format_html(
            '<span lang="{}" dir="{}">{}</span>',
            text.language,
            "rtl" if text.language == "ar" else "ltr",
            str(text),
        )
    if isinstance(text, SafeString) and "<" in text:
        return text
    said = conditional_escape(str(text) if not isinstance(text, str) else text)
    return format_html("<bdi>{}</bdi>", said) if is_against(str(said)) else said


def typed(text: object) -> SafeString:
    """What somebody wrote, in paragraphs, each in the direction it was typed in."""
    paragraphs = [one for one in normalize_newlines(str(text)).split("\n\n") if one.strip()]
    lines = (str(conditional_escape(one.strip("\n"))).replace("\n", "<br>") for one in paragraphs)
    return mark_safe("".join(f'<p dir="auto">{one}</p>' for one in lines))  # noqa: S308 (each escaped above)


def joined(*parts: object) -> SafeString:
    """Several things said of one, on one line, each with its direction and language; what is empty is left out."""
    return format_html_join(" · ", "{}", ((spoken(part),) for part in parts if part))


def comma() -> str:
    """What the page's language writes between two words of a list."""
    return _COMMAS.get(get_language() or "", ", ")


def listed(words: Iterable[object]) -> str:
    """Words one after the other, as the page's language lists them."""
    return comma().join(apart(word) for word in words)
