"""Who to be, and what would have been sent. In a demo everybody may be everybody: nothing here is real."""

from datetime import datetime, timedelta
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from config.demo import fast_forward
from config.demo.cast import members
from kernel import clock
from kernel.outbox import demo as post_office
from kernel.people import queries, signing_in
from kernel.people.access import View
from kernel.tenancy import MunicipalityRef, current
from kernel.ui.when import say_from, say_when


def is_of_the_demo(here: MunicipalityRef) -> bool:
    """Whether this municipality was founded by the demo, or is the operator."""
    return here.is_demo or here.kind == "operator"


def demo_only(view: View) -> View:
    """404 without DEMO, on a municipality that is not the demo's, and outside of every municipality."""

    @wraps(view)
    def gate(request: HttpRequest) -> HttpResponse:
        here = current()
        if not settings.DEMO or here is None or not is_of_the_demo(here):
            raise Http404
        return view(request)

    return gate


@require_GET
@never_cache
@demo_only
def cast(request: HttpRequest) -> HttpResponse:
    """Everybody one can be on this host, and the demo's time."""
    return render(request, "demo/cast.html", {"members": members(), **_time()})


def _time() -> dict[str, object]:
    """What time it is in the demo, weekday and all, and where it can go: (key, what the button says)."""
    here = current()
    if here is None or here.kind == "operator":
        return {}
    now, zone, language = clock.now(), here.timezone, get_language() or "en"
    words = {
        "quarter": _("A quarter of an hour on"),
        "hour": _("An hour on"),
        "morning": _("To when the door opens next"),
        "promise": _("To the minute after the next promise runs out"),
    }
    long_ago = now - timedelta(
        days=3
    )  # neither "today" nor "tomorrow": the reader's calendar says another day
    ways = [
        (leap.key, f"{words[leap.key]}: {_said(leap, long_ago, zone, language)}")
        for leap in fast_forward.leaps()
    ]
    return {"now": say_when(now, long_ago, zone, language), "leaps": ways}


def _said(leap: fast_forward.Leap, now: datetime, zone: str, language: str) -> str:
    """A door opens on the day that begins at midnight; all else happens at a clock time."""
    says = say_from if leap.key == "morning" else say_when
    return says(leap.to, now, zone, language)


@require_POST
@demo_only
def move_on(request: HttpRequest) -> HttpResponse:
    """The demo's time, moved on for everybody in it; a way that is gone meanwhile moves nothing."""
    fast_forward.leap(request.POST.get("to", ""))
    return redirect("demo:cast")


@require_POST
@demo_only
def sign_in(request: HttpRequest) -> HttpResponse:
    """Be this person, with every second factor shown, and go to where their work begins."""
    account = queries.by_email(request.POST.get("email", ""))
    if account is None or not account.is_active or not account.is_invented:
        raise Http404
    signing_in.sign_in_now(request, account, kind="demo")
    return redirect("people:first_page")


@require_GET
@never_cache
@demo_only
def mail(request: HttpRequest) -> HttpResponse:
    """The mails that would have been sent from here."""
    return render(request, "demo/mail.html", {"mails": post_office.kept()})
