"""Answer a message of danger with a reviewed text: look at it, press. The first tap is the link that leads here."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel.actor import actor_of
from kernel.errors import Conflict, NotAllowed, NotFound
from kernel.permissions import allowed
from kernel.tenancy import require_current
from kernel.ui.context import own_name
from services.contact.models import ContactRequest
from services.contact.once import mark, once
from services.contact.queries import visible_to as cases_of
from services.worry import operations, queries
from services.worry.safety import as_message
from services.worry.views.frame import page, with_a_post
from services.worry.views.lines import read_by
from services.worry.words import ABOUT
from tenants.setup.queries import portal


@with_a_post
@require_http_methods(["GET", "HEAD", "POST"])
def safety(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The reviewed text in the student's language with the crisis numbers; a press sends it as one's answer."""
    by = actor_of(request)
    about = cases_of(by).filter(pk=request_id).defer("channel_value", "preferred_times").first()
    if about is None:
        raise NotFound()
    if not allowed(by, "worry.send_safety_text", about):
        raise NotAllowed(_("Only somebody who answers at this door can send it."))
    if request.method != "POST":
        return _show(request, about, request.GET.get("language", ""), request.GET.get("about", ""))
    language, version = request.POST.get("language", ""), request.POST.get("version", "")
    who = request.POST.get("about", "self")

    def send() -> object:
        return operations.send_safety_text(
            by=by, request_id=request_id, language=language, version=version, about=who
        )

    try:
        once(
            send, mark=request.POST.get("once", "")[:100], verb="safety", by=by, request_id=request_id,
            said=(who, language, version),
        )  # fmt: skip
    except Conflict as lost:
        return _show(request, about, language, who, notice=str(lost.detail), status=409)
    messages.success(request, _("The safety text is sent. Look for an answer."))
    return HttpResponseRedirect(reverse("desk:request", args=[request_id]))


def _show(
    request: HttpRequest, about: ContactRequest, wanted: str, who: str, *, notice: str = "", status: int = 200
) -> HttpResponse:
    who = who if who in ABOUT else "self"
    there = queries.safety_languages(who)
    default = portal().default_language
    language = next((one for one in (wanted, about.language, default) if one in there), there[0])
    text = queries.safety_text(language, who)
    if text is None:
        raise NotFound()
    return page(
        request,
        "safety.html",
        status=status,
        about=about,
        number=_("Number %(number)s") % {"number": about.case_number},
        text=text,
        read_by=read_by(text),
        language_name=own_name(text.language),
        message=as_message(text.text, require_current().country),
        abouts=[(key, said) for key, said in ABOUT.items()],
        others=[{"code": one, "name": own_name(one)} for one in there if one != language],
        wanted=own_name(about.language) if about.language != language and not wanted else "",
        notice=notice,
        once=mark(),
    )
