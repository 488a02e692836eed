"""The address a calendar program asks: no sign-in, a secret in its path, busy times and nothing else."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from kernel.people import limits
from services.meetings.feed import MOST, SECONDS, feed_of, owner_of


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The busy times of the account whose address this is; 304 when the program has them; 404 for anything else, 429
    when one address is asked too often."""
    owner = owner_of(token)
    if owner is None:
        raise Http404
    if not limits.allowed("calendar-feed", str(owner), most=MOST, seconds=SECONDS):
        response = HttpResponse(status=429)
        response["Retry-After"] = str(SECONDS)
        return response
    made = feed_of(owner)
    if made.etag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(made.body, content_type="text/calendar; charset=utf-8")
    response["ETag"] = made.etag
    response["Cache-Control"] = "private, no-cache"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
