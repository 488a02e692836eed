"""/setup/roles/ and /setup/employers/: who answers, and for whom they work."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel.actor import actor_of
from tenants.feasibility.asking import press
from tenants.feasibility.plan import with_role
from tenants.setup import operations
from tenants.setup.forms import EmployerForm, RoleForm, attempt, chosen_id
from tenants.setup.models import Employer, HelperRole
from tenants.setup.portal import text_in
from tenants.setup.queries import portal
from tenants.setup.views.common import administrators, done, employer_choices, open_roles, page, role_name


def _shown(role: HelperRole) -> dict[str, object]:
    language = get_language() or "en"
    return {
        "id": role.pk,
        "name": role_name(role),
        "describes": text_in(role.describes, language),
        "keeps": text_in(role.keeps, language),
    }


@administrators
def roles(request: HttpRequest) -> HttpResponse:
    """The roles in the order students meet them, and the employers."""
    form = EmployerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by = actor_of(request)
        if attempt(form, lambda: operations.add_employer(**form.cleaned_data, by=by)):
            return done(request, _("%(name)s is in the list.") % form.cleaned_data, "roles")
    closed = HelperRole.objects.exclude(closed_on=None).order_by("order")
    return page(
        request,
        "roles",
        "roles",
        form=form,
        roles=[_shown(role) for role in open_roles()],
        closed=[(role, role_name(role)) for role in closed],
        employers=list(Employer.objects.order_by("name")),
    )


def _form(request: HttpRequest, role: HelperRole | None) -> RoleForm:
    initial: dict[str, str] = {}
    if role is not None:
        initial = {"profession": role.profession, "employer": str(role.employer_id or "")}
        for kind, texts in (("names", role.names), ("describes", role.describes), ("keeps", role.keeps)):
            initial |= {f"{kind}_{code}": text for code, text in texts.items()}
    return RoleForm(
        request.POST or None,
        initial=initial,
        languages=portal().language_codes,
        employers=employer_choices(),
    )


@administrators
def new_role(request: HttpRequest) -> HttpResponse:
    """A role of the municipality's own."""
    form = _form(request, None)
    if request.method == "POST" and form.is_valid():
        by = actor_of(request)
        if attempt(
            form,
            lambda: operations.add_role(
                names=form.texts("names"),
                describes=form.texts("describes"),
                keeps=form.texts("keeps"),
                profession=form.cleaned_data["profession"],
                employer_id=chosen_id(form.cleaned_data["employer"]),
                by=by,
            ),
        ):
            return done(request, _("The role is there. Give somebody a post in it."), "people")
    return page(request, "roles", "role", form=form, role=None)


@administrators
def role(request: HttpRequest, role_id: UUID) -> HttpResponse:
    """One role: its names and texts per language, profession, employer."""
    row = get_object_or_404(HelperRole, pk=role_id)
    form = _form(request, row)
    if request.method == "POST" and form.is_valid():
        by = actor_of(request)
        if attempt(
            form,
            lambda: operations.change_role(
                role_id=row.pk,
                names=form.texts("names", row.names),
                describes=form.texts("describes", row.describes),
                keeps=form.texts("keeps", row.keeps),
                profession=form.cleaned_data["profession"],
                employer_id=chosen_id(form.cleaned_data["employer"]),
                by=by,
            ),
        ):
            return done(request, _("Saved."), "roles")
    return page(request, "roles", "role", form=form, role=row, name=role_name(row))


@administrators
def close_role(request: HttpRequest, role_id: UUID) -> HttpResponse:
    row = get_object_or_404(HelperRole, pk=role_id)
    if request.method == "POST":
        operations.close_role(role_id=row.pk, by=actor_of(request))
        return done(request, _("Students no longer see this role. You can bring it back below."), "roles")
    return page(request, "roles", "close-role", role=row, name=role_name(row))


@administrators
@require_POST
def reopen_role(request: HttpRequest, role_id: UUID) -> HttpResponse:
    by = actor_of(request)

    def act() -> HttpResponse:
        operations.reopen_role(role_id=role_id, by=by)
        return done(request, _("Students see this role again."), "roles")

    return press(request, "roles", reverse("setup:roles"), act, with_role(role_id))


@administrators
def employer(request: HttpRequest, employer_id: UUID) -> HttpResponse:
    """One employer: name and kind."""
    row = get_object_or_404(Employer, pk=employer_id)
    form = EmployerForm(request.POST or None, initial={"name": row.name, "kind": row.kind})
    if request.method == "POST" and form.is_valid():
        by = actor_of(request)
        if attempt(form, lambda: operations.rename_employer(employer_id=row.pk, **form.cleaned_data, by=by)):
            return done(request, _("Saved."), "roles")
    return page(request, "roles", "employer", form=form, employer=row)


@administrators
@require_POST
def remove_employer(request: HttpRequest, employer_id: UUID) -> HttpResponse:
    operations.remove_employer(employer_id=employer_id, by=actor_of(request))
    return done(request, _("The employer is gone from the list."), "roles")
