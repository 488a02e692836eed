"""/setup/: what is ready and what is left, and messages that do not get through."""

from django.http import HttpRequest, HttpResponse

from kernel.outbox.links import address
from kernel.outbox.queries import failing
from kernel.tenancy import operator, require_current
from tenants.onboarding import papers
from tenants.setup.checklist import checklist, unstaffed
from tenants.setup.views.common import administrators, miniature, page


@administrators
def home(request: HttpRequest) -> HttpResponse:
    """The checklist with its progress, and the student's first screen as it is now."""
    items = checklist()
    ready = sum(item.ready for item in items)
    following = next((item for item in items if not item.ready), None)
    return page(
        request,
        "home",
        "home",
        items=items,
        steps=[
            {
                "text": item.text,
                "note": item.note,
                "href": item.href,
                "state": "done" if item.ready else "now" if item is following else "later",
            }
            for item in items
        ],
        ready=ready,
        following=following,
        unstaffed=[(school, ", ".join(roles)) for school, roles in unstaffed()],
        troubled=len(failing()),
        agreement=papers.kept_agreement() is not None,
        gates_url=address("/start/gates/", operator()) if require_current().state == "rehearsal" else "",
        **miniature(),
    )


@administrators
def mail(request: HttpRequest) -> HttpResponse:
    """Messages that failed or keep failing. Addresses and states; what they say is not here."""
    return page(request, "mail", "mail", troubled=failing())
