"""Who to be, and what would have been sent. In a demo everybody may be everybody: nothing here is real."""

from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from config.demo.cast import members
from kernel.outbox import demo as post_office
from kernel.people import queries, signing_in
from kernel.people.access import View
from kernel.tenancy import MunicipalityRef, current


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
    """Everybody one can be on this host."""
    return render(request, "demo/cast.html", {"members": members()})


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
