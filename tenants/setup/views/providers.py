"""/setup/sign-in/: identity providers. List, add, test, switch on and off."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel import permissions
from kernel.actor import actor_of
from kernel.people.identity import client_keys, flow, operations, queries, report
from kernel.people.identity.assurance import Level, proof_required
from kernel.people.identity.provider import callback_address
from kernel.people.identity.words import REASONS
from kernel.people.models import IdentityProvider
from kernel.people.views.identity import leave
from tenants.setup.forms import attempt
from tenants.setup.models import HelperRole, School
from tenants.setup.provider_form import ProviderForm
from tenants.setup.views.common import administrators, done, open_roles, open_schools, page, role_name

VERB = "people.change_identity_provider"


def changing(view: Any) -> Any:
    """Administrators who have shown themselves within the last five minutes."""
    return administrators(proof_required(VERB)(view))


@administrators
def providers(request: HttpRequest) -> HttpResponse:
    """The list, and whether somebody could get in if every provider failed."""
    rows = queries.providers()
    lonely = not operations.somebody_gets_in_without()
    staff = [row for row in rows if not queries.is_for_students(row)]
    students = [row for row in rows if queries.is_for_students(row)]
    return page(request, "providers", "providers", staff=staff, students=students, lonely=lonely)


def _form(request: HttpRequest, row: IdentityProvider | None, *, for_students: bool) -> ProviderForm:
    return ProviderForm(
        request.POST or None,
        row=row,
        for_students=for_students,
        roles=[(str(role.pk), role_name(role)) for role in open_roles()],
        schools=[(str(school.pk), school.name) for school in open_schools()],
    )


@changing
def new_provider(request: HttpRequest) -> HttpResponse:
    """Write one down. It is off until a test sign-in went through."""
    for_students = request.GET.get("for") == IdentityProvider.Purpose.STUDENTS
    form = _form(request, None, for_students=for_students)
    if request.method == "POST" and form.is_valid():
        made: list[UUID] = []
        by = actor_of(request)
        if attempt(form, lambda: made.append(operations.save_provider(by=by, **form.values()))):
            return done(request, _("Written down. Now do a test sign-in."), "provider", made[0])
    return page(request, "providers", "provider", form=form, provider=None, for_students=for_students)


@changing
def provider(request: HttpRequest, provider_id: UUID) -> HttpResponse:
    """One provider: what to tell it about us, what it is told about, the last test, on or off."""
    row = queries.provider(provider_id)
    form = _form(request, row, for_students=queries.is_for_students(row))
    if request.method == "POST" and form.is_valid():
        by = actor_of(request)
        if attempt(form, lambda: operations.save_provider(by=by, provider_id=row.pk, **form.values())):
            return done(request, _("Saved."), "provider", row.pk)
        row = queries.provider(provider_id)
    return page(
        request,
        "providers",
        "provider",
        form=form,
        provider=row,
        for_students=queries.is_for_students(row),
        callback=callback_address(request, row),
        public_key=_public_key(row),
        test=_shown(request, row, form),
    )


def _public_key(row: IdentityProvider) -> dict[str, Any] | None:
    if row.method != IdentityProvider.Method.KEY:
        return None
    return client_keys.public(client_keys.load(queries.client(row).secret))


def _shown(request: HttpRequest, row: IdentityProvider, form: ProviderForm) -> dict[str, Any] | None:
    """The newest test sign-in in plain words: what came, what would be kept, or what to mend where."""
    found = report.last(request, row)
    if found is None:
        return None
    if "why" in found:
        reason = REASONS[found["why"]]
        label = form.fields[reason.field].label if reason.field else ""
        return {"failed": reason.text, "field": label}
    kept = {"iss", "sub", "acr", "amr", "auth_time", *found["claims"]}
    if queries.is_for_students(row):
        kept = {"iss", "sub", "name", "given_name", "family_name"}
    return {
        "kept": [name for name in found["names"] if name in kept],
        "dropped": [name for name in found["names"] if name not in kept],
        "acr": found["acr"],
        "amr": " ".join(found["amr"]),
        "two_factors": queries.says_two_factors(row, found["acr"], found["amr"]),
        "was_strong": found["level"] == Level.TWO_FACTORS,
        "posts": _posts(row, found["claims"]),
        "called": found.get("called", ""),
    }


def _posts(row: IdentityProvider, claims: dict[str, list[str]]) -> list[str]:
    """The posts that whoever did the test would get: "School nurse, Solhaug"."""
    named = [one for one in row.claim_posts if one["value"] in claims.get(one["claim"], ())]
    roles = {str(role.pk): role_name(role) for role in HelperRole.objects.filter(closed_on=None)}
    schools = {str(school.pk): school.name for school in School.objects.filter(closed_on=None)}
    return [f"{roles.get(one['role'], '–')}, {schools.get(one['school'], '–')}" for one in named]


@administrators
@require_POST
@proof_required("people.test_identity_provider")
def test(request: HttpRequest, provider_id: UUID) -> HttpResponse:
    """The whole dance, with a provider that may still be off. Nobody is signed in by it."""
    permissions.require(actor_of(request), VERB)
    row = queries.provider(provider_id)
    return leave(request, row, flow.TEST, account=str(request.user.pk), again=True)


@administrators
@require_POST
@proof_required(VERB)
def switch(request: HttpRequest, provider_id: UUID) -> HttpResponse:
    """On, or off (sessions that came by it end at once)."""
    on = bool(request.POST.get("on"))
    operations.switch_provider(by=actor_of(request), provider_id=provider_id, on=on)
    return done(request, _("It can be used now.") if on else _("Switched off."), "provider", provider_id)
