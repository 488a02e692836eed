"""Whether the open conversation has anything new: asked now and then by the page itself."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from services.contact import visit
from services.contact.live import mark_of
from services.contact.models import ContactRequest
from services.contact.origin import own_pages_only


@own_pages_only
@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """304 while nothing is new, 204 with the new mark as ETag when something is, 404 without an open conversation.
    Never a body; and no visit is prolonged by a page that nobody looks at.
    """
    by = visit.visitor(request)
    found = ContactRequest.objects.filter(pk=by.case_id).first() if by and by.case_id else None
    if found is None:
        return _empty(404)
    etag = f'"{mark_of(found)}"'
    response = _empty(304 if request.headers.get("If-None-Match") == etag else 204)
    response["ETag"] = etag
    return response


def _empty(status: int) -> HttpResponse:
    response = HttpResponse(status=status)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
