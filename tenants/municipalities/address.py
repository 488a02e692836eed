"""The rules of a municipality's address (slug). Pure."""

import re
import unicodedata

#: Names that would mislead, or that we or mail and web servers use ourselves.
_KEPT = """
about abuse account accounts admin administrator api app apps assets auth autoconfig autodiscover backup
billing blog cdn code confirm contact county dashboard demo desk dev dns docs door download email exit faq
feedback files find front ftp get go government health healthz help helsenorge host hostmaster http https id
imap info insights internal kommune kommuner kundeservice lavterskel legal live local localhost log login logo
logout mail manage media mx myndighet national news no-reply noreply ns ns1 ns2 operator ops owner panel
password pay payment police policy politi polis pop pop3 postmaster privacy public receipt regjeringen
register rehearsal root sales school schools secure security setup shop sign sign-in sign-out sign-up signin
signup skola skole smtp sql ssh ssl staff staging start static stats status stortinget sudo
support sweeper sysadmin system template tenant test theme token tpl usenet user users vilkar vpn web
webmail webmaster wiki worker www www1 www2 xn
"""
RESERVED = frozenset(_KEPT.split())
_FORM = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]\Z")
_LETTERS = str.maketrans(
    {"æ": "ae", "ø": "o", "å": "a", "ä": "a", "ö": "o", "ð": "d", "þ": "th", "đ": "d", "ŋ": "n"}
)


def suggest(name: str) -> str:
    """An address made of a name: "Norrtälje kommun" → "norrtalje". May still be reserved or taken."""
    word = name.lower().translate(_LETTERS)
    word = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()
    word = re.sub(
        r"\b(?:kommune|kommun|kaupunki|kunta|fylkeskommune|fylke|region|county|municipality)\b", " ", word
    )
    return re.sub(r"[^a-z0-9]+", "-", word).strip("-")[:40].rstrip("-")


def is_well_formed(slug: str) -> bool:
    """3–40 of a–z, 0–9 and hyphen; begins with a letter, ends without hyphen, no punycode."""
    return bool(_FORM.match(slug)) and "--" not in slug


def is_reserved(slug: str) -> bool:
    """Whether we keep this address for ourselves."""
    return slug in RESERVED
