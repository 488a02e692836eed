"""What an e-mail's domain hints about whose it is: shown to the operator, never proof. Pure."""

import re
import unicodedata

from tenants.municipalities.address import suggest

_LETTERS = str.maketrans(
    {"å": "a", "ä": "a", "æ": "ae", "ø": "o", "ö": "o", "ð": "d", "þ": "th", "ŋ": "n", "đ": "d"}
)
#: Mail that anybody can have. A reason for a friendly word, never for a refusal.
FREE_MAIL = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "hotmail.no",
        "hotmail.se",
        "hotmail.dk",
        "live.com",
        "live.no",
        "live.se",
        "live.dk",
        "msn.com",
        "yahoo.com",
        "yahoo.no",
        "yahoo.se",
        "yahoo.dk",
        "icloud.com",
        "me.com",
        "mac.com",
        "proton.me",
        "protonmail.com",
        "online.no",
        "telia.com",
        "bredband.net",
        "jubii.dk",
        "mail.dk",
        "luukku.com",
        "suomi24.fi",
        "simnet.is",
        "mail.com",
        "gmx.com",
        "gmx.net",
        "tutanota.com",
        "zoho.com",
    ]
)


def plain(text: str) -> str:
    """Lower case, Nordic letters written out, no accents; other signs become one space."""
    lowered = unicodedata.normalize("NFC", text).lower().translate(_LETTERS)
    bare = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", bare))


def domain(email: str) -> str:
    """What stands after the @, lower case."""
    return email.rpartition("@")[2].strip().lower()


def is_free_mail(email: str) -> bool:
    """Whether anybody can have an address at this domain."""
    return domain(email) in FREE_MAIL


def domain_resembles(email: str, name: str) -> bool:
    """Whether the domain looks like the municipality's name (`post@lom.kommune.no`, Lom).

    A hint, never proof.
    """
    labels = [plain(label).replace(" ", "") for label in _as_unicode(domain(email)).split(".")]
    stem = suggest(name).replace("-", "")
    if len(stem) < 2:
        return False
    return any(label == stem or (len(stem) > 3 and stem in label) for label in labels[:-1])


def _as_unicode(host: str) -> str:
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host
