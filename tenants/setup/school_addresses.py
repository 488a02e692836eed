"""How a school's readable address is made from its name. Pure."""

import re
import unicodedata
from collections.abc import Iterator

LONGEST = 60
_LETTERS = {
    ord(sign): plain
    for sign, plain in zip(
        "æøåäöðþđŋŧł", ("ae", "o", "a", "a", "o", "d", "th", "d", "n", "t", "l"), strict=True
    )
}
#: Words that nearly every school has: an address that is typed from a wall goes without them.
_COMMON = frozenset(
    """
    skole skolen skola skolan skolor skule skulen vgs videregaende vidaregaande ungdomsskole ungdomsskule
    ungdomsskolen barneskole grunnskole grunnskule grundskola folkeskole folkeskolen gymnasium gymnasiet
    gymnasieskola gymnasieskolan koulu peruskoulu ylakoulu lukio school og och ja i
    """.split()  # noqa: SIM905
)


def plain(text: str) -> str:
    """Small letters a–z, figures and hyphens: "Rådhusskolen, Ås" → "radhusskolen-as"."""
    ascii_only = (
        unicodedata.normalize("NFKD", text.lower().translate(_LETTERS)).encode("ascii", "ignore").decode()
    )
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")


def candidates(name: str, register_code: str = "") -> Iterator[str]:
    """Addresses for a school, the one wanted most first: the name without what all schools are called, the whole
    name, either with the register's number, then numbered without end.
    """
    whole = _cut(plain(name))
    short = _cut("-".join(word for word in whole.split("-") if word not in _COMMON))
    code = _cut(plain(register_code))
    first = [one for one in dict.fromkeys((short, whole)) if one and not one.isdigit()]
    base = (first or ["school"])[-1]
    yield from first
    if code:
        yield f"{base[: LONGEST - len(code) - 1].strip('-')}-{code}" if len(code) < LONGEST - 10 else code
    number = 2 if first else 1
    while True:
        yield f"{base[: LONGEST - 8].strip('-')}-{number}"
        number += 1


def school_path(slug: str, role_key: str = "") -> str:
    """Where a school's own first screen is, or one role's at it; the municipality's where there is no address."""
    if not slug:
        return "/"
    return f"/s/{slug}/{role_key}/" if role_key else f"/s/{slug}/"


def _cut(slug: str) -> str:
    return slug if len(slug) <= LONGEST else slug[:LONGEST].rpartition("-")[0] or slug[:LONGEST]
