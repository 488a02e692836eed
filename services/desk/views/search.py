"""Looking for words in the conversations one has taken. The words travel by POST and are never in an address."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.actor import actor_of
from kernel.errors import Invalid
from kernel.screen import is_shared
from kernel.tenancy import require_current
from services.desk import board, operations, queries
from services.desk.views.frame import at_the_desk, page, speaking


@at_the_desk
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """The field; after a search the rows it found, as they stand in any list: without a word of content."""
    if request.method != "POST":
        return page(request, "search.html", None, {"typed": ""})
    typed, actor = request.POST.get("search", ""), actor_of(request)
    try:
        found = operations.search(by=actor, words=typed)
    except Invalid as wrong:
        errors = [("id_search", one.message) for one in wrong.errors]
        return page(request, "search.html", None, {"typed": typed, "errors": errors}, status=422)
    rows = queries.found(actor, found.ids)
    context = {
        "typed": typed,
        "headline": _("Nothing found") if not rows else _("Found: %(count)s") % {"count": len(rows)},
        "groups": board.groups(
            rows,
            clock.now(),
            require_current().timezone,
            speaking(),
            shared=is_shared(request),
            doors=actor.posts,
        ),
        "found": found,
    }
    return page(request, "search.html", None, context)
