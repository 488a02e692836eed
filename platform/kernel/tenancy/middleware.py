"""From a Host header to a municipality. An unknown host is 404, never somebody's default."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils.translation import gettext as _

from kernel.tenancy.directory import is_front_door, lookup, operator
from kernel.tenancy.state import MunicipalityRef, front, inside
from kernel.web import refusal

type GetResponse = Callable[[HttpRequest], HttpResponse]

#: On the front door's host these begin inside the operator's own schema; all else there has no people.
OPERATORS_PATHS = ("/operator/", "/sign-in/", "/sign-out/", "/account/", "/demo/")


class HealthMiddleware:
    """`/healthz` answers on every host, before anybody asks whose it is. It says that the process serves."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain")
        return self.get_response(request)


class MunicipalityMiddleware:
    """Sets `request.municipality` (None on the front door) and `request.urlconf`, and serves inside it.

    On the front door's public pages a staff cookie is put aside: there is no session and no person there.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            municipality = self._whose(request, request.get_host())
        except (LookupError, DisallowedHost):
            return HttpResponseNotFound("There is nothing here.\n", content_type="text/plain")
        except DatabaseError:
            return HttpResponse("We cannot look just now. Try again soon.\n", "text/plain", status=503)
        request.municipality = None if _is_operator(municipality) else municipality  # type: ignore[attr-defined]
        if municipality is None:
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
            with front():
                return self.get_response(request)
        with inside(municipality):
            if municipality.state == "suspended":
                return refusal(request, 503, _("This door is closed for a while."))
            return self.get_response(request)

    def _whose(self, request: HttpRequest, host: str) -> MunicipalityRef | None:
        if is_front_door(host):
            request.urlconf = settings.PUBLIC_URLCONF
            return operator() if request.path.startswith(OPERATORS_PATHS) else None
        municipality = lookup(host)
        if municipality is None or municipality.state == "ended":
            raise LookupError(host)
        request.urlconf = settings.ROOT_URLCONF
        return municipality


def _is_operator(municipality: MunicipalityRef | None) -> bool:
    return municipality is not None and municipality.kind == "operator"
