"""One file of the open conversation, for its student."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from services.contact import operations, visit
from services.contact.files_on_pages import given
from services.contact.views.conversation import to


@require_safe
def file(request: HttpRequest, number: int) -> HttpResponse:
    """The file of that number; without the visit, the page that asks for the code. The read log has it."""
    by = visit.visitor(request)
    if by is None or by.case_id is None:
        return to(f"{reverse('contact:receipt')}?expired")
    return given(operations.read_attachment(by=by, request_id=by.case_id, number=number))
