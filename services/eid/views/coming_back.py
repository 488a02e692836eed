"""Back from the provider: who it is is found out once, and kept for the browser that set out; then on from there."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from kernel.actor import student
from kernel.errors import NotFound
from kernel.people.identity import students
from kernel.people.identity.provider import callback_address
from kernel.people.identity.tokens import Refused
from kernel.people.models import IdentityProvider
from services.contact import visit
from services.contact.journey import Answers
from services.contact.views.knock import resume
from services.contact.views.pages import page
from services.eid import operations, queries, trips, visiting
from services.eid.views import own, without


def back(request: HttpRequest, row: IdentityProvider) -> HttpResponse | None:
    """The answer of a provider for students. None: an administrator's browser, and no trip of it: their test sign-in.

    A state this browser has no trip for, another provider's answer, another's state: nothing is touched, and what
    waits in this browser stays. An answer that comes twice leads to the same page, and its code is used once.
    """
    state = request.GET.get("state", "")
    ticket = trips.of_state(request, state)
    if ticket is None:
        return None if settings.SESSION_COOKIE_NAME in request.COOKIES else over(request)
    by = student(None)
    try:
        luggage = operations.come_back(by=by, ticket=ticket, provider_id=row.pk, state=state)
        if luggage is not None:
            _find_out(request, row, ticket, luggage)
    except NotFound:
        return over(request)
    response = HttpResponseRedirect(f"{reverse('eid:arrived')}?t={ticket.name}")
    response.status_code = 303
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _find_out(
    request: HttpRequest, row: IdentityProvider, ticket: trips.Ticket, luggage: trips.Luggage
) -> None:
    by, began = student(None), students.Beginning(luggage.state, luggage.nonce, luggage.verifier)
    try:
        shown = students.shown(
            row,
            began,
            code=_code(request),
            said_issuer=request.GET.get("iss"),
            redirect=callback_address(request, row),
        )
    except Refused as refusal:
        operations.arrive(by=by, ticket=ticket, shown=None, why=refusal.why)
    else:
        operations.arrive(by=by, ticket=ticket, shown=shown)


def _code(request: HttpRequest) -> str:
    """Raises Refused when the provider has sent them back without one."""
    error = request.GET.get("error", "")
    if error or not request.GET.get("code"):
        raise Refused("cancelled" if error in ("access_denied", "login_cancelled") else "said-no")
    return request.GET["code"]


def over(request: HttpRequest) -> HttpResponse:
    """Begun in another browser, or too long ago: the way on without, and the way to begin again."""
    return page(request, "eid/over.html", status=403)


@require_safe
def arrived(request: HttpRequest) -> HttpResponse:
    """On from where the student set out. The same page again as long as the trip waits."""
    ticket = trips.named(request, request.GET.get("t", ""))
    luggage = queries.luggage_of(ticket) if ticket is not None else None
    if ticket is None or luggage is None:
        return over(request)
    answers = Answers.of(luggage.said)
    with translation.override(answers.language or translation.get_language()):
        if not luggage.who:
            return without.eid(request, luggage.aim, answers, luggage.why or "late", is_back=True)
        return _known(request, ticket, luggage)


def _known(request: HttpRequest, ticket: trips.Ticket, luggage: trips.Luggage) -> HttpResponse:
    found = visiting.begun(ticket, luggage)
    if not visiting.provider_name(found.provider):
        return without.eid(request, luggage.aim, Answers.of(luggage.said), "off", is_back=True)
    visiting.arrives(request, found)
    if luggage.aim == "see":
        response = own.listed(request, found)
    elif luggage.aim == "tell":
        response = own.asked(request, found, UUID(luggage.case), visit.proof(UUID(luggage.case)))
    else:
        response = resume(request, Answers.of({**luggage.said, "eid": found.mark}))
    visiting.start(response, found)
    return response
