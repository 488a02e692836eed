"""Out to the provider. What was typed is sealed first; whatever goes wrong, it stands in the page that comes back."""

from dataclasses import asdict
from uuid import UUID, uuid4

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel.actor import student
from kernel.errors import Conflict, NotAllowed, NotFound
from kernel.people.identity import queries, students
from kernel.people.identity.provider import callback_address
from kernel.people.identity.tokens import Refused
from kernel.people.models import IdentityProvider
from services.contact import visit
from services.contact.journey import Answers
from services.contact.origin import own_pages_only
from services.contact.views.conversation import to
from services.contact.views.pages import page, speaking
from services.eid import operations, trips
from services.eid.views import without


@own_pages_only
@require_http_methods(["GET", "HEAD", "POST"])
def set_out(request: HttpRequest) -> HttpResponse:
    """A page that leads to the provider at once. `aim`: knock, see or tell. GET: back to where one set out."""
    if request.method != "POST":
        return _returned(request)
    aim = request.POST.get("aim", "knock")
    case_id = None
    if aim == "tell":
        by = visit.visitor(request)
        if by is None or by.case_id is None:
            return to(f"{reverse('contact:receipt')}?expired")
        if not visit.is_proven(request, by.case_id):
            raise NotAllowed(_("This page was open for a long time. Open it again with your code."))
        case_id = by.case_id
    answers = Answers.of(request.POST)
    try:
        row = _provider(request.POST.get("provider", ""))
        return _out(request, row, aim, answers, case_id)
    except Refused as refusal:
        return without.eid(request, aim, answers, refusal.why)
    except (OperationalError, InterfaceError):
        return without.eid(request, aim, answers, "unreachable")
    except Conflict as refusal:
        return without.eid(request, aim, answers, refusal.code)


def _provider(said: str) -> IdentityProvider:
    """Raises Refused for what is no provider here; whether it is on, and for students, is asked when it is used."""
    try:
        return queries.provider(UUID(said))
    except (ValueError, NotFound):
        raise Refused("off") from None


def _out(
    request: HttpRequest, row: IdentityProvider, aim: str, answers: Answers, case_id: UUID | None
) -> HttpResponse:
    ticket_id = uuid4()
    began = students.beginning(ticket_id.hex)
    language = answers.language or speaking()
    url = students.address_there(row, began, redirect=callback_address(request, row), language=language)
    said = {name: value for name, value in asdict(answers).items() if value and name != "eid"}
    ticket = operations.set_out(
        by=student(case_id),
        ticket_id=ticket_id,
        began=began,
        provider_id=row.pk,
        aim=aim if aim in ("see", "tell") else "knock",
        said=said if aim not in ("see", "tell") else {},
        case_id=case_id,
    )
    response = page(request, "eid/leaving.html", {"provider": row.name, "url": url})
    trips.hand(request, response, ticket)
    return response


def _returned(request: HttpRequest) -> HttpResponse:
    """The browser's own Back leads here from the provider: to what waits, or to the door."""
    mine = trips.tickets(request)
    where = f"{reverse('eid:arrived')}?t={mine[-1].name}" if mine else reverse("contact:first")
    response = HttpResponseRedirect(where)
    response.status_code = 303
    return response
