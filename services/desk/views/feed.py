"""The address for one's own calendar: made, shown once, replaced, revoked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel.actor import actor_of
from kernel.outbox.links import address
from services.desk.views.frame import at_the_desk, page
from services.meetings import operations
from services.meetings.feed import busy_in_words
from services.meetings.queries import feed_made_at


@at_the_desk
@require_http_methods(["GET", "HEAD", "POST"])
def feed(request: HttpRequest) -> HttpResponse:
    """Whether there is an address, and since when. Making one shows it this once: it is kept nowhere."""
    by = actor_of(request)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    if act == "revoke":
        operations.revoke_feed(by=by)
        messages.success(request, _("The address is gone. No calendar gets anything by it any more."))
        return HttpResponseRedirect(reverse("desk:calendar"))
    link = ""
    if act == "make":
        link = address(reverse("meetings:feed", args=[operations.make_feed(by=by)]))
    shown = {"link": link, "made_at": feed_made_at(by), "busy": busy_in_words(by.id)}
    response = page(request, "calendar.html", None, shown)
    response["Cache-Control"] = "no-store"
    return response
