"""/setup/meetings/: how soon helper and student meet, by how urgent it is; beside it what that means now."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel import clock
from kernel.actor import Actor, actor_of
from kernel.guarantee import due_at
from tenants.setup import operations
from tenants.setup.forms import MeetingsForm, attempt
from tenants.setup.queries import (
    current_calendar,
    longest_pause,
    meeting_guarantees,
    meeting_reminder,
    meetings_within,
)
from tenants.setup.views.common import administrators, done, open_roles, open_schools, page, role_name
from tenants.setup.views.guarantees import place_of, title_of
from tenants.setup.words import URGENCIES, in_words


@administrators
def meetings(request: HttpRequest) -> HttpResponse:
    """How soon, for each urgency. `?school=&role=` chooses the place that is changed."""
    school_id, role_id = place_of(request)
    schools: dict[UUID | None, str] = {school.pk: school.name for school in open_schools()}
    roles: dict[UUID | None, str] = {role.pk: role_name(role) for role in open_roles()}
    if (school_id and school_id not in schools) or (role_id and role_id not in roles):
        raise Http404
    said, everywhere = meeting_guarantees(), not (school_id or role_id)
    within = meetings_within(school_id, role_id, said)
    minutes = int(meeting_reminder().total_seconds() // 60)
    form = MeetingsForm(
        request.POST or None,
        everywhere=everywhere,
        initial=MeetingsForm.shown(within, minutes, longest_pause().days),
    )
    if request.method == "POST" and form.is_valid():
        by, typed = actor_of(request), form.cleaned_data
        if attempt(form, lambda: _save(by, typed, school_id, role_id)):
            return done(request, _("Saved. Promises already given stay as they were."), "meetings")
    calendar, _version = current_calendar()
    now = clock.now()
    return page(
        request,
        "meetings",
        "meetings",
        form=form,
        form_title=title_of(roles.get(role_id), schools.get(school_id)),
        school_id=school_id or "",
        role_id=role_id or "",
        is_own=(school_id, role_id) in said,
        means=[
            {"name": URGENCIES[urgency], "words": in_words(value), "due": due_at(calendar, value, now)}
            for urgency, value in within.items()
        ],
        exceptions=_exceptions(said, roles, schools),
        is_elsewhere=not everywhere,
        choose_schools=[("", _("All schools")), *((str(pk), name) for pk, name in schools.items())],
        choose_roles=[("", _("Everybody")), *((str(pk), name) for pk, name in roles.items())],
    )


@transaction.atomic
def _save(by: Actor, typed: dict[str, Any], school_id: UUID | None, role_id: UUID | None) -> None:
    """All of it or nothing; what is refused is said beside its own number."""
    within = {one: (typed[f"{one}_kind"], typed[f"{one}_amount"]) for one in URGENCIES}
    operations.set_meeting_guarantees(within=within, school_id=school_id, role_id=role_id, by=by)
    if "reminder" in typed:
        operations.change_meeting_reminder(minutes=typed["reminder"], by=by)
        operations.change_longest_pause(days=typed["longest_pause"], by=by)


def _exceptions(
    said: dict[Any, Any], roles: dict[UUID | None, str], schools: dict[UUID | None, str]
) -> list[dict[str, Any]]:
    """Where something else is promised than to everybody."""
    found = [
        {
            "school": school_id or "",
            "role": role_id or "",
            "place": title_of(roles.get(role_id), schools.get(school_id)),
        }
        for school_id, role_id in said
        if (school_id or role_id)
        and (school_id is None or school_id in schools)
        and (role_id is None or role_id in roles)
    ]
    return sorted(found, key=lambda one: str(one["place"]))


@administrators
@require_POST
def reset(request: HttpRequest) -> HttpResponse:
    """Promise there what is promised around it again."""
    school_id, role_id = place_of(request)
    operations.reset_meeting_guarantees(school_id=school_id, role_id=role_id, by=actor_of(request))
    return done(request, _("Here the general promise holds again."), "meetings")
