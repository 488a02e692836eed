"""/setup/schools/: where there is a door."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel.actor import actor_of
from kernel.outbox.links import door_address
from tenants.feasibility.asking import press
from tenants.feasibility.plan import with_school
from tenants.setup import operations
from tenants.setup.actors import held_on, today
from tenants.setup.checklist import who_counts
from tenants.setup.forms import SchoolForm, SchoolsDoorForm, attempt
from tenants.setup.models import Post, School, SchoolAddress
from tenants.setup.queries import portal
from tenants.setup.school_addresses import school_path
from tenants.setup.views.common import administrators, done, open_schools, page


def _rows() -> tuple[list[tuple[School, dict[str, object]]], tuple[str, ...]]:
    """Open schools: the roles students choose among, and whether anybody answers there yet.

    Beside them the roles that most schools share (none for a single school), said once.
    """
    language = get_language() or "en"
    doors = {door.id: door for door in portal().schools}
    held = set(
        Post.objects.filter(held_on(today()), **who_counts("account__")).values_list("school_id", flat=True)
    )
    names = {
        row.pk: tuple(role.name(language) for role in (doors[row.pk].roles if row.pk in doors else ()))
        for row in open_schools()
    }
    usual = max(names.values(), key=list(names.values()).count, default=())
    usual = usual if list(names.values()).count(usual) > 1 else ()
    rows = [
        (row, {"names": names[row.pk], "usual": names[row.pk] == usual, "staffed": row.pk in held})
        for row in open_schools()
    ]
    return rows, usual


@administrators
def schools(request: HttpRequest) -> HttpResponse:
    """Every school with the roles students may choose there; one more can be opened."""
    form = SchoolForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by = actor_of(request)
        if attempt(form, lambda: operations.add_school(**form.cleaned_data, by=by)):
            return done(request, _("%(name)s has a door now.") % form.cleaned_data, "schools")
    closed = School.objects.exclude(closed_on=None).order_by("name")
    rows, usual = _rows()
    return page(request, "schools", "schools", form=form, rows=rows, usual=usual, closed=list(closed))


@administrators
def school(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """One school: its name, its kind, and which door its students meet first."""
    row = get_object_or_404(School, pk=school_id)
    initial = {
        "name": row.name,
        "form": row.form,
        "simple_door": row.simple_door,
        "shows_faces": row.shows_faces,
    }
    form = SchoolsDoorForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        by = actor_of(request)
        if attempt(form, lambda: operations.rename_school(school_id=row.pk, **form.cleaned_data, by=by)):
            return done(request, _("Saved."), "schools")
    return page(request, "schools", "school", form=form, school=row)


@administrators
def close_school(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """Ask, then close. What is under way stays with its helpers."""
    row = get_object_or_404(School, pk=school_id)
    if request.method == "POST":
        operations.close_school(school_id=row.pk, by=actor_of(request))
        return done(
            request, _("%(name)s is closed. You can open it again below.") % {"name": row.name}, "schools"
        )
    slug = SchoolAddress.objects.filter(school=row, is_current=True).values_list("slug", flat=True).first()
    address = door_address(school_path(slug)) if slug else ""
    return page(request, "schools", "close-school", school=row, address=address)


@administrators
@require_POST
def reopen_school(request: HttpRequest, school_id: UUID) -> HttpResponse:
    by = actor_of(request)

    def act() -> HttpResponse:
        operations.reopen_school(school_id=school_id, by=by)
        return done(request, _("The school has a door again."), "schools")

    return press(request, "schools", reverse("setup:schools"), act, with_school(school_id))
