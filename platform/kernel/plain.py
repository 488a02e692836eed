"""Names and sentences that others will read: no sign in them that is not seen, or that turns the writing around.
And how they are searched.
"""

import unicodedata

from django.utils.translation import gettext as _

from kernel.errors import FieldError

#: Joiners belong to the letters of many scripts (Persian, Hindi) and to emoji; a soft hyphen says where a long
#: word may break.
_JOINERS = frozenset("\u200c\u200d\u00ad")
#: Control, format (zero-width, bidi), surrogate, line and paragraph separator.
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))


def has_hidden_signs(text: str) -> bool:
    """Whether a one-line text holds signs that nobody sees. Joiners between letters are none."""
    return any(unicodedata.category(sign) in _HIDDEN and sign not in _JOINERS for sign in text)


def hidden_signs(**fields: str) -> list[FieldError]:
    """One error for each field whose one-line text holds signs that nobody sees."""
    words = _("This holds hidden signs, or signs that turn the writing around. Type it anew.")
    return [FieldError(field, words) for field, text in fields.items() if has_hidden_signs(text)]


def as_searched(text: str) -> str:
    """Without case and accents, as one searches."""
    letters = unicodedata.normalize("NFD", text)
    return "".join(one for one in letters if not unicodedata.combining(one)).casefold()
