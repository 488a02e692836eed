"""/setup/replies/: what the helpers of each role have ready to send."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel.actor import actor_of
from tenants.setup import operations
from tenants.setup.forms import CannedReplyForm, attempt
from tenants.setup.models import CannedReply
from tenants.setup.portal import text_in
from tenants.setup.queries import canned_replies, portal
from tenants.setup.views.common import administrators, done, open_roles, page, role_name


@administrators
def replies(request: HttpRequest) -> HttpResponse:
    """Every reply under its role."""
    language, groups = get_language() or "en", dict[UUID, dict[str, Any]]()
    for row in canned_replies():
        group = groups.setdefault(row.role_id, {"role": role_name(row.role), "rows": []})
        shown = {"id": row.pk, "title": text_in(row.titles, language), "text": _filled(row, language)}
        group["rows"].append(shown)
    return page(request, "replies", "replies", groups=list(groups.values()))


def _filled(row: CannedReply, language: str) -> str:
    """As a helper gets it: the role's name; the school's, where there is but one, else what stands for it."""
    schools, text = portal().schools, text_in(row.texts, language)
    school = schools[0].name if len(schools) == 1 else _("[the name of the school]")
    return text.replace("{role}", role_name(row.role)).replace("{school}", school)


def _form(request: HttpRequest, row: CannedReply | None) -> CannedReplyForm:
    initial: dict[str, str] = {}
    if row is not None:
        initial = {"role": str(row.role_id)}
        for kind, texts in (("titles", row.titles), ("texts", row.texts)):
            initial |= {f"{kind}_{code}": text for code, text in texts.items()}
    roles = [
        (str(role.pk), role_name(role)) for role in open_roles() if row is None or role.pk == row.role_id
    ]
    return CannedReplyForm(
        request.POST or None, initial=initial, languages=portal().language_codes, roles=roles
    )


@administrators
def new_reply(request: HttpRequest) -> HttpResponse:
    """One more for a role."""
    form = _form(request, None)
    if request.method == "POST" and form.is_valid():
        by, role_id = actor_of(request), UUID(form.cleaned_data["role"])

        def add() -> object:
            titles, texts = form.words("titles"), form.words("texts")
            return operations.add_canned_reply(role_id=role_id, titles=titles, texts=texts, by=by)

        if attempt(form, add):
            return done(request, _("The reply is ready at the desk."), "replies")
    return page(request, "replies", "reply", form=form, reply=None)


@administrators
def reply(request: HttpRequest, reply_id: UUID) -> HttpResponse:
    """One reply: its title and text per language."""
    row = get_object_or_404(CannedReply.objects.select_related("role"), pk=reply_id)
    form = _form(request, row)
    if request.method == "POST" and form.is_valid():
        by = actor_of(request)

        def change() -> None:
            titles, texts = form.words("titles", row.titles), form.words("texts", row.texts)
            operations.change_canned_reply(reply_id=row.pk, titles=titles, texts=texts, by=by)

        if attempt(form, change):
            return done(request, _("Saved."), "replies")
    title = text_in(row.titles, get_language() or "en")
    return page(request, "replies", "reply", form=form, reply=row, title=title)


@administrators
@require_POST
def remove_reply(request: HttpRequest, reply_id: UUID) -> HttpResponse:
    operations.remove_canned_reply(reply_id=reply_id, by=actor_of(request))
    return done(request, _("The reply is gone from the desk."), "replies")
