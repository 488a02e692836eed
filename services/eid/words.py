"""Why nobody vouched for a student, in a student's words. What exactly the provider did is a code in the audit."""

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

_STOPPED = _("You stopped on the way, or it is not for your age.")
_AWAY = _("It does not answer just now.")
_AGAIN = _("It did not work this time.")
_LATE = _("It took too long.")
_OFF = _("It cannot be used here now.")
_WHY: dict[str, LazyText] = {
    "cancelled": _STOPPED,
    "said-no": _STOPPED,
    "unreachable": _AWAY,
    "configuration": _AWAY,
    "keys": _AWAY,
    "too-much": _AWAY,
    "redirect": _AWAY,
    "full": _AWAY,
    "late": _LATE,
    "code": _LATE,
    "stale": _AGAIN,
    "off": _OFF,
    "not-for-this": _OFF,
}


def why(code: str) -> LazyText:
    return _WHY.get(code, _AGAIN)
