"""Between a student's wish and its end: what must be over first, for whom and by when. In a student's sentences.

No day is named where nobody knows one. What an adult may keep from the student (a worry, an opening they are not told
of) is said by the last sentence alone.
"""

from collections.abc import Callable
from datetime import date, datetime

from django.utils.translation import gettext as _

from kernel import clock
from services.contact.following import holds_on
from services.contact.models import ContactRequest
from services.contact.standing import Standing
from services.promises.models import STANDING, Promise
from services.retention.queries import standing_hold
from services.retention.words import SOMETHING, WAITS_FOR

#: Over as soon as the conversation is, or said by what is open of it.
_WHILE_OPEN = frozenset({"promise", "handover", "meeting"})


def waits_for(
    request: ContactRequest,
    standing: Standing,
    *,
    says: Callable[[datetime], str],
    says_day: Callable[[date], str],
) -> list[str]:
    """Why it cannot go yet, each once; empty: nothing stands in the way. `standing`: where the conversation stands."""
    found = _open(request, standing, says)
    for hold in holds_on(request):
        if not (request.is_open and hold.code in _WHILE_OPEN):
            found.append(_sentence(hold.code, request, says, says_day))
    return list(dict.fromkeys(found))


def _open(request: ContactRequest, standing: Standing, says: Callable[[datetime], str]) -> list[str]:
    if not request.is_open:
        return []
    if standing.word in ("waiting", "tried") and standing.due is not None:
        first = _("An adult answers you first, by %(when)s.") % {"when": says(standing.due)}
    elif standing.word == "broken":
        first = _("An adult should have answered you, and still must.")
    else:
        first = _("The conversation is still open.")
    return [f"{first} {_('Take the knock back if you want no answer.')}"]


def _sentence(
    code: str, request: ContactRequest, says: Callable[[datetime], str], says_day: Callable[[date], str]
) -> str:
    if code == "legal" and (hold := standing_hold(request.pk)) is not None:
        return _("The law keeps it, until %(day)s at the latest.") % {"day": says_day(hold.last_day)}
    if code == "promise":
        runs = Promise.objects.filter(STANDING, subject_id=request.pk, due_at__gt=clock.now())
        promise = runs.order_by("due_at").first()
        if promise is not None:
            return _("You hear from an adult first, by %(when)s.") % {"when": says(promise.due_at)}
    return str(WAITS_FOR.get(code, SOMETHING))
