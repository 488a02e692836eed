"""What is a student's own: their conversations, telling who they are in one of them, and leaving."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel.actor import student
from kernel.errors import Conflict, NotAllowed, NotFound
from kernel.tenancy import signing
from kernel.ui import bidi
from services.contact import visit
from services.contact.views.conversation import stay, to
from services.contact.views.pages import page, speaking
from services.eid import operations, queries, visiting
from services.eid.visiting import Visit, provider_name

_PURPOSE = "eid-open"


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The student's conversations, while their visit lasts; else the page that asks for it."""
    found = visiting.visitor(request)
    if found is None:
        return to(f"{reverse('contact:receipt')}?expired")
    response = listed(request, found)
    visiting.start(response, found)
    return response


def listed(request: HttpRequest, found: Visit) -> HttpResponse:
    """Each with what opens it here, and nowhere else."""
    own = queries.own(found.who, speaking())
    context = {
        "name": found.name,
        "provider": provider_name(found.provider),
        "own": [
            {
                "role_at": bidi.listed([one.role, one.request.school.name]),
                "request": one.request,
                "has_news": one.has_news,
                "opens": signing.dumps(str(one.request.pk), purpose=_PURPOSE),
            }
            for one in own
        ],
    }
    return page(request, "eid/mine.html", context)


@require_POST
def open_one(request: HttpRequest) -> HttpResponse:
    """Open one of them in this browser."""
    found = visiting.visitor(request)
    if found is None:
        return to(f"{reverse('contact:receipt')}?expired")
    try:
        said = signing.loads(request.POST.get("opens", ""), purpose=_PURPOSE)
        by = operations.enter(by=student(None), who=found.who, request_id=UUID(said))
    except (signing.BadSignature, NotFound):
        return to(reverse("eid:mine"))
    if by.case_id is None:
        return to(reverse("eid:mine"))
    response = to(reverse("contact:conversation"))
    visit.start(response, by.case_id)
    visiting.start(response, found)
    return response


def asked(request: HttpRequest, found: Visit, case_id: UUID, proof: str) -> HttpResponse:
    """What the adult will see, before it is told."""
    context = {
        "name": found.name,
        "provider": provider_name(found.provider),
        "mark": found.mark,
        "proof": proof,
    }
    return page(request, "eid/tell.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest) -> HttpResponse:
    """Tell it, in the conversation they set out from."""
    by = visit.visitor(request)
    if by is None or by.case_id is None:
        return to(f"{reverse('contact:receipt')}?expired")
    if request.method != "POST":
        return to(reverse("contact:conversation"))
    if not visit.is_proven(request, by.case_id):
        raise NotAllowed(_("This page was open for a long time. Open it again with your code."))
    found = visiting.visitor(request)
    if found is None or visiting.confirmed(request, request.POST.get("eid", "")) is None:
        return page(request, "eid/not-told.html", {"why": _("It took too long.")}, status=409)
    try:
        operations.tell(
            by=by,
            request_id=by.case_id,
            name=found.name,
            who=found.who,
            provider_id=found.provider,
            trip_id=found.trip,
        )
    except NotFound:
        return to(f"{reverse('contact:receipt')}?expired")
    except Conflict as refused:
        return page(request, "eid/not-told.html", {"why": refused.detail}, status=409)
    response = stay(request, by.case_id, at="eid")
    visiting.start(response, found)
    return response


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out: nothing of it is left in this browser."""
    response = HttpResponseRedirect(f"{reverse('contact:receipt')}?left")
    response.status_code = 303
    visit.leave(response)
    return response
