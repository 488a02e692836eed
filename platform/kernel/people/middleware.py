"""Who is signed in, asked only by pages that want to know: a student's page never touches the session."""

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY, get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from kernel.people import known, signing_in
from kernel.people.models import Account
from kernel.tenancy import current

type GetResponse = Callable[[HttpRequest], HttpResponse]

#: Sent by a page that refreshes itself: nobody pressed anything, so the idle clock runs on.
UNATTENDED = "X-Unattended"


class StaffSessionMiddleware:
    """`request.user` with the staff's two clocks: 30 minutes idle, 8 hours in all.

    On a page outside of every municipality there is no session and nobody is signed in. An account that
    signed in by mail alone carries `lacks_second_factor` and is no actor yet (kernel.actor).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if current() is None:
            request.user = AnonymousUser()
        else:
            request.user = SimpleLazyObject(lambda: _person(request))  # type: ignore[assignment]
        response = self.get_response(request)
        _remember_browser(request, response)
        return response


def _remember_browser(request: HttpRequest, response: HttpResponse) -> None:
    """Once a session, on the first page behind the second factor: this browser is known to this account."""
    account = getattr(request, "person_in_full", None)
    if account is None or known.GIVEN in request.session or not request.session.get(SESSION_KEY):
        return
    known.remember(request, response, account)
    request.session[known.GIVEN] = True


def _person(request: HttpRequest) -> Account | AnonymousUser:
    account = get_user(request)
    if not isinstance(account, Account):
        return AnonymousUser()
    if signing_in.is_over(request):
        request.session.flush()
        request.session_is_over = True  # type: ignore[attr-defined]
        return AnonymousUser()
    if UNATTENDED not in request.headers:
        signing_in.was_seen(request)
    account.lacks_second_factor = not signing_in.second_factor_proved(request, account)
    if not account.lacks_second_factor:
        request.person_in_full = account  # type: ignore[attr-defined]
    return account
