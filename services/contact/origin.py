"""Student's forms have no session and no CSRF cookie. What guards them instead:

- A POST must come from our own pages. `Sec-Fetch-Site` says so where the browser sends it; `Origin` where it
  names a host. Our pages carry `Referrer-Policy: no-referrer`, so browsers send `Origin: null` with a form:
  that alone proves nothing and refuses nothing.
- A knock has no authority to borrow: whoever could forge one could as well knock themselves. With neither
  header it is accepted (old browsers, scripts).
- What acts with the visit cookie must also carry `proof` (visit.py), which another site cannot read, and the
  cookie is SameSite=Strict.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from kernel.errors import NotAllowed

type View = Callable[..., HttpResponseBase]

_SAFE = ("GET", "HEAD", "OPTIONS")
_OURS = ("same-origin", "none")


def own_pages_only(view: View) -> View:
    """Refuse a POST that another site's page sent (403). In place of Django's CSRF cookie."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in _SAFE and not came_from_us(request):
            raise NotAllowed(_("This came from another site. Open our page and try again."))
        return view(request, *args, **kwargs)

    return csrf_exempt(guarded)


def came_from_us(request: HttpRequest) -> bool:
    """False when a header says that another origin sent this; True when ours did, or nobody says."""
    site = request.headers.get("Sec-Fetch-Site", "")
    if site:
        return site in _OURS
    origin = request.headers.get("Origin", "")
    return origin in ("", "null") or urlsplit(origin).netloc == request.get_host()
