"""One file of a request, for whoever may read the message it goes with."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kernel.actor import actor_of
from services.contact.files_on_pages import given
from services.contact.operations import read_attachment
from services.desk.views.frame import at_the_desk


@at_the_desk
@require_safe
def file(request: HttpRequest, request_id: UUID, number: int) -> HttpResponse:
    """The file of that number. The read log has it before a byte leaves."""
    return given(read_attachment(by=actor_of(request), request_id=request_id, number=number))
