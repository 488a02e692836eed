"""Nobody vouched: back to where the student set out, with everything that was typed, and on without."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from services.contact.journey import Answers
from services.contact.views.knock import resume
from services.contact.views.pages import page
from services.contact.views.receipt import ask_code
from services.eid.words import why

#: Somebody is asked in vain: not the student's mistake.
_AWAY = ("unreachable", "configuration", "keys", "too-much", "redirect", "full")


def eid(
    request: HttpRequest, aim: str, answers: Answers, code: str, *, is_back: bool = False
) -> HttpResponse:
    """`code`: why, as words.why knows it. `is_back`: the student has been there; no form of ours was refused."""
    status = 200 if is_back else 503 if code in _AWAY else 422
    said = str(why(code))
    if aim == "tell":
        return page(request, "eid/not-told.html", {"why": said}, status=status)
    if aim == "see":
        return ask_code(request, notice=said, status=status)
    return resume(
        request, answers, notice=f"{said} {_('All you have written is still here.')}", status=status
    )
