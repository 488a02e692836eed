"""Student's forms have no session and no CSRF cookie. What guards them instead:

- A POST must come from our own pages. `Sec-Fetch-Site` says so where the browser sends it; `Origin` where it
  names a host. Our pages carry `Referrer-Policy: no-referrer`, so browsers send `Origin: null` with a form:
  that alone proves nothing and refuses nothing.
- A knock has no authority to borrow: whoever could forge one could as well knock themselves. With neither
  header it is accepted (old browsers, scripts).
- What was typed at a host of the municipality's own that has ended comes from there with our seal for this address
  (views/moved.py).
- What acts with the visit cookie must also carry `proof` (visit.py), which another site cannot read, and the
  cookie is SameSite=Strict.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from kernel.errors import NotAllowed
from kernel.tenancy import signing

type View = Callable[..., HttpResponseBase]

_SAFE = ("GET", "HEAD", "OPTIONS")
_OURS = ("same-origin", "none")
#: The field with the seal, and what it is signed for.
MOVED = "moved"
#: For how long the page that says where the door is may be left open.
HALF_A_DAY = timedelta(hours=12)


def own_pages_only(view: View) -> View:
    """Refuse a POST that another site's page sent (403). In place of Django's CSRF cookie."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in _SAFE and not (came_from_us(request) or _is_led_here(request)):
            raise NotAllowed(_("This came from another site. Open our page and try again."))
        return view(request, *args, **kwargs)

    return csrf_exempt(guarded)


def _is_led_here(request: HttpRequest) -> bool:
    """Whether a page of this municipality's, at a host that has ended, sent it to this address."""
    try:
        return bool(
            signing.loads(request.POST.get(MOVED, ""), purpose=MOVED, max_age=HALF_A_DAY) == request.path
        )
    except signing.BadSignature:
        return False


def came_from_us(request: HttpRequest) -> bool:
    """False when a header says that another origin sent this; True when ours did, or nobody says."""
    site = request.headers.get("Sec-Fetch-Site", "")
    if site:
        return site in _OURS
    origin = request.headers.get("Origin", "")
    return origin in ("", "null") or urlsplit(origin).netloc == request.get_host()
