"""Where an applicant's browser remembers which application is theirs: a signed, expiring cookie, set only
after the code.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kernel.tenancy import signing
from tenants.onboarding import queries, states
from tenants.onboarding.models import Application

NAME = f"{'__Host-' if settings.HTTPS else ''}application"
_PURPOSE, _PENDING = "application", "application-code"
LIFE, PENDING_LIFE = timedelta(days=7), timedelta(hours=1)


def remember(response: HttpResponse, application_id: UUID) -> None:
    """This browser has shown the code: it may go on with the application for a week."""
    response.set_cookie(
        NAME,
        signing.dumps(str(application_id), purpose=_PURPOSE),
        max_age=int(LIFE.total_seconds()),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponse) -> None:
    response.delete_cookie(NAME, samesite="Lax")


def application_of(request: HttpRequest) -> Application | None:
    """The application this browser has proved, decided ones included; None for every other cookie."""
    try:
        found = UUID(_open(request.COOKIES.get(NAME, ""), _PURPOSE, LIFE))
    except ValueError:
        return None
    return queries.application(found)


def pending(code_id: int) -> str:
    """A token for the page that asks for the code: it says which code, and proves nothing else."""
    return signing.dumps(str(code_id), purpose=_PENDING)


def pending_id(token: str) -> int | None:
    """Which code a page with this token asks for; None when altered or more than an hour old."""
    try:
        return int(_open(token, _PENDING, PENDING_LIFE))
    except ValueError:
        return None


def _open(token: str, purpose: str, life: timedelta) -> str:
    try:
        return str(signing.loads(token, purpose=purpose, max_age=life))
    except (signing.BadSignature, ValueError):
        return ""


def next_page(application: Application) -> str:
    """Name of the page where this application goes on."""
    if application.state == states.VERIFIED:
        for field, page in (
            ("name", "name"), ("slug", "address"), ("pilot_school", "school"),
            ("default_language", "languages"),
            ("brand", "look"),
        ):  # fmt: skip
            if not getattr(application, field):
                return f"onboarding:{page}"
        return "onboarding:check"
    if application.state == states.FOUNDING:
        return "onboarding:founding"
    if application.state in states.WITH_PORTAL:
        return "onboarding:gates"
    return "onboarding:outcome" if application.state in states.DECIDED else "onboarding:start"


type View = Callable[..., HttpResponse]


def applicants(*in_states: str) -> Callable[[View], View]:
    """A page of an applicant: `view(request, application, …)`. Others are led to where they can go on."""

    def wrap(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            application = application_of(request)
            if application is None:
                return redirect("onboarding:resume")
            if application.state not in in_states:
                return redirect(next_page(application))
            return view(request, application, *args, **kwargs)

        return page

    return wrap
