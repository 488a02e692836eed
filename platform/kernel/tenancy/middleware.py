"""From a Host header to a municipality. An unknown host is 404, never somebody's default."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponseRedirect
from django.utils.translation import gettext as _

from kernel.tenancy.directory import is_front_door, is_own_host, lookup, operator, whose_it_was
from kernel.tenancy.state import MunicipalityRef, front, inside
from kernel.web import refusal

type GetResponse = Callable[[HttpRequest], HttpResponse]

#: On the front door's host these begin inside the operator's own schema; all else there has no people.
OPERATORS_PATHS = ("/operator/", "/sign-in/", "/sign-out/", "/account/", "/demo/")
#: What a municipality's own host serves: the student's door and what its pages need. All else is led to ours, where
#: people sign in; a page that is missing here works there.
DOOR_PATHS = (
    "/s/", "/S/", "/who/", "/simple/", "/knock/", "/moved/", "/receipt/", "/conversation/", "/friend/", "/anonymous/",
    "/privacy/", "/accessibility/", "/exit/", "/language/", "/offline/", "/theme.", "/logo.", "/face.", "/app-icon.",
    "/icon.svg", "/robots.txt", "/sitemap.xml", "/manifest.webmanifest", "/sw.js", "/static/", "/api/",
)  # fmt: skip


#: Where a student's words are sent to: kept also when the host has ended, at MOVED (services/contact/views/moved.py).
WORDS_PATHS = ("/knock/", "/simple/", "/conversation/", "/friend/")
MOVED = "/moved/"
#: What a student opens: asked for at a host that has ended, MOVED says where the door is.
PAGE_PATHS = (
    "/s/", "/S/", "/who/", "/simple/", "/knock/", "/moved/", "/receipt/", "/conversation/", "/friend/", "/anonymous/",
    "/privacy/", "/accessibility/",
)  # fmt: skip
#: What that page itself needs: its look, its language, and the way to leave it fast.
FRAME_PATHS = ("/theme.", "/logo.", "/app-icon.", "/icon.svg", "/language/", "/exit/")

#: A day: a municipality that takes its address elsewhere is soon free of it.
OWN_HOST_HSTS_SECONDS = 24 * 3600


class HealthMiddleware:
    """`/healthz` answers on every host, before anybody asks whose it is. It says that the process serves.

    `/healthz/host?domain=…` says 200 of a host of a municipality's own, 404 of any other: whoever holds the
    certificates asks it before it gets one (deploy/README.md).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain")
        if request.path == "/healthz/host":
            return self._host(request.GET.get("domain", ""))
        return self.get_response(request)

    def _host(self, host: str) -> HttpResponse:
        try:
            found = lookup(host) if is_own_host(host) else None
        except DatabaseError:
            return HttpResponse("We cannot look just now.\n", "text/plain", status=503)
        served = found is not None and found.state != "ended"
        return HttpResponse("yes\n" if served else "no\n", "text/plain", status=200 if served else 404)


class MunicipalityMiddleware:
    """Sets `request.municipality` (None on the front door) and `request.urlconf`, and serves inside it.

    On the front door's public pages a staff cookie is put aside: there is no session and no person there.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            municipality = self._whose(request, request.get_host())
        except LookupError:
            return self._at_a_former_host(request) or _nothing()
        except DisallowedHost:
            return _nothing()
        except DatabaseError:
            return HttpResponse("We cannot look just now. Try again soon.\n", "text/plain", status=503)
        request.municipality = None if _is_operator(municipality) else municipality  # type: ignore[attr-defined]
        if municipality is None:
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
            with front():
                return self.get_response(request)
        if is_own_host(request.get_host()) and not _is_door(request.path):
            return _of_own_host(_to_our_host(request, municipality))
        with inside(municipality):
            if municipality.state == "suspended":
                return refusal(request, 503, _("This door is closed for a while."))
            response = self.get_response(request)
        return _of_own_host(response) if is_own_host(request.get_host()) else response

    def _at_a_former_host(self, request: HttpRequest) -> HttpResponse | None:
        """At a municipality's own host that has ended: whoever opens it, or sends words from a page that was left open
        there, meets a page that says where the door is. Nothing else is answered, and nobody is led on by themselves.
        """
        municipality = whose_it_was(request.get_host())
        path = request.path
        reads, writes = request.method in ("GET", "HEAD"), request.method == "POST"
        is_led = (reads and _is_page(path)) or (writes and path.startswith(WORDS_PATHS))
        if municipality is None or not (is_led or path.startswith(FRAME_PATHS)):
            return None
        request.municipality = municipality  # type: ignore[attr-defined]
        request.urlconf = settings.ROOT_URLCONF
        if is_led:
            request.sent_to = path  # type: ignore[attr-defined]
            request.path = request.path_info = MOVED
        with inside(municipality):
            return _of_own_host(self.get_response(request))

    def _whose(self, request: HttpRequest, host: str) -> MunicipalityRef | None:
        if is_front_door(host):
            request.urlconf = settings.PUBLIC_URLCONF
            return operator() if request.path.startswith(OPERATORS_PATHS) else None
        municipality = lookup(host)
        if municipality is None or municipality.state == "ended":
            raise LookupError(host)
        request.urlconf = settings.ROOT_URLCONF
        return municipality


def _nothing() -> HttpResponse:
    return HttpResponseNotFound("There is nothing here.\n", content_type="text/plain")


def _is_operator(municipality: MunicipalityRef | None) -> bool:
    return municipality is not None and municipality.kind == "operator"


def _is_door(path: str) -> bool:
    return path == "/" or path.startswith(DOOR_PATHS)


def _is_page(path: str) -> bool:
    return path == "/" or path.startswith(PAGE_PATHS)


def _of_own_host(response: HttpResponse) -> HttpResponse:
    """What is said of https for our domain and all below it is not ours to say for a municipality's."""
    if settings.SECURE_HSTS_SECONDS:
        response.headers["Strict-Transport-Security"] = f"max-age={OWN_HOST_HSTS_SECONDS}"
    return response


def _to_our_host(request: HttpRequest, municipality: MunicipalityRef) -> HttpResponse:
    """Where staff sign in. A form is not sent on: its words and its proof belong to the host it was shown at."""
    if request.method not in ("GET", "HEAD"):
        return _nothing()
    port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""
    scheme = "https" if settings.HTTPS else "http"
    return HttpResponseRedirect(
        f"{scheme}://{municipality.slug}.{settings.FRONT_HOST}{port}{request.get_full_path()}"
    )
