"""On a rehearsing municipality's own host: the administrator steps into invented people and back.

And the kept papers.
"""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kernel.actor import actor_of
from kernel.errors import NotAllowed
from kernel.people.access import staff_required
from kernel.people.models import Account
from kernel.people.signing_in import sign_in_now
from kernel.permissions import require
from kernel.tenancy import require_current
from tenants.onboarding import papers, rehearsal
from tenants.setup.actors import actor_of_account
from tenants.setup.models import Post
from tenants.setup.portal import text_in

#: Session key: whose session it really is, while they are somebody invented.
REALLY = "rehearsal_administrator"


@require_safe
@staff_required
def people(request: HttpRequest) -> HttpResponse:
    """Whom you may be. While you are somebody, the same page leads back."""
    administrator = _really(request)
    by = actor_of_account(administrator) if administrator else actor_of(request)
    rows = [{"account": one, "posts": _posts(one, request)} for one in rehearsal.invented_people(by)]
    context = {"rows": rows, "is_somebody": administrator is not None, "me": request.user}
    return render(request, "onboarding/rehearsal.html", context)


def _posts(account: Account, request: HttpRequest) -> str:
    language = getattr(request, "LANGUAGE_CODE", "en")
    held = Post.objects.filter(account=account).select_related("role", "school")
    return ", ".join(f"{text_in(post.role.names, language)}, {post.school.name}" for post in held)


@require_POST
@staff_required
def be(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Become an invented person (never a real one, never outside a rehearsal)."""
    administrator = _really(request)
    by = actor_of_account(administrator) if administrator else actor_of(request)
    person = rehearsal.step_into(account_id=account_id, by=by)
    really = administrator.pk if administrator else by.id
    sign_in_now(request, person, kind="rehearsal")
    request.session[REALLY] = str(really)
    return redirect("people:first_page")


@require_POST
@staff_required
def back(request: HttpRequest) -> HttpResponse:
    """Be yourself again."""
    administrator = _really(request)
    if administrator is None:
        return redirect("onboarding_portal:rehearsal")
    sign_in_now(request, administrator, kind="rehearsal")
    return redirect("onboarding_portal:rehearsal")


def _really(request: HttpRequest) -> Account | None:
    """The administrator behind an invented person, None for everybody else.

    Looked up anew each time: rights may be gone.
    """
    known = request.session.get(REALLY)
    if not known or require_current().state != "rehearsal" or not getattr(request.user, "is_invented", False):
        return None
    account = Account.objects.filter(
        pk=known, is_active=True, is_administrator=True, is_invented=False
    ).first()
    if account is None:
        raise NotAllowed
    return account


@require_safe
@staff_required
def kept_agreement(request: HttpRequest) -> HttpResponse:
    """The signed data-processing agreement, for administrators."""
    require(actor_of(request), "setup.read")
    page = papers.kept_agreement()
    if page is None:
        raise Http404
    return HttpResponse(page, content_type="text/html; charset=utf-8")
