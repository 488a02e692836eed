"""What search engines may find: the first pages of an open door, and the pages of its schools. Nothing else ever.

A page is found only where its view says so (`findable`). Every other answer says `noindex`, also those a crawler
meets by a link on somebody's page. A demo and a rehearsal say it on every page, and ask not to be fetched at all.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

type View[R: HttpResponseBase] = Callable[..., R]

NOINDEX = "noindex, nofollow"
#: Doors for programs, and links that act: of no use to who reads, and not to be pressed by a crawler.
_LEAVE_ALONE = ("/api/", "/exit/", "/healthz", "/calendar/")
_MARK = "may_be_found"


def findable[R: HttpResponseBase](view: View[R]) -> View[R]:
    """A page that may stand in a search engine, where the door is open (`tell`)."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> R:
        response = view(request, *args, **kwargs)
        setattr(response, _MARK, response.status_code == 200)
        return response

    return shown


def keep_out(response: HttpResponseBase) -> None:
    """This one answer of a findable page is not to be found: an old address, a search."""
    response["X-Robots-Tag"] = NOINDEX


def tell(request: HttpRequest, response: HttpResponseBase) -> None:
    """Put the header on the answer. Asked of everything that leaves the house."""
    if not (getattr(response, _MARK, False) and is_open(request)) and not response.has_header("X-Robots-Tag"):
        response["X-Robots-Tag"] = NOINDEX


def is_open(request: HttpRequest) -> bool:
    """Whether anything on this host may be found: not in a demo, and not before a municipality's door is open."""
    municipality = getattr(request, "municipality", None)
    return not settings.DEMO and (municipality is None or municipality.state == "live")


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """For this host. What is not to be found is mostly not forbidden here: a crawler has to read the page's header to
    know it, and an address it may not fetch can be listed all the same."""
    lines = ["User-agent: *"]
    if is_open(request):
        lines += [f"Disallow: {path}" for path in _LEAVE_ALONE]
        if getattr(request, "municipality", None) is not None:
            lines += ["", f"Sitemap: {request.scheme}://{request.get_host()}/sitemap.xml"]
    else:
        lines += ["Disallow: /"]
    response = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    return response
