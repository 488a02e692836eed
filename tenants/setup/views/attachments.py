"""/setup/files/: who may send pictures and files in a conversation, everywhere and at one school instead."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel.actor import actor_of
from tenants.setup import operations
from tenants.setup.forms import AttachmentsForm, attempt
from tenants.setup.queries import portal
from tenants.setup.views.common import administrators, done, open_schools, page
from tenants.setup.views.guarantees import place_of
from tenants.setup.words import FILES_MEAN, WHO_SENDS_FILES


@administrators
def attachments(request: HttpRequest) -> HttpResponse:
    """`?school=` chooses the school that is changed."""
    school_id, _role_id = place_of(request)
    schools = {school.pk: school.name for school in open_schools()}
    if school_id and school_id not in schools:
        raise Http404
    door = portal()
    form = AttachmentsForm(request.POST or None, initial={"who": door.attachments_at(school_id)})
    if request.method == "POST" and form.is_valid():
        by, who = actor_of(request), form.cleaned_data["who"]
        if attempt(form, lambda: operations.set_attachments(who=who, school_id=school_id, by=by)):
            return done(request, _("Saved. What was sent before stays where it is."), "files")
    return page(
        request,
        "files",
        "attachments",
        form=form,
        cards=[{"value": who, "hint": hint} for who, hint in FILES_MEAN.items()],
        form_title=schools[school_id] if school_id else _("All schools"),
        school_id=school_id or "",
        is_own=school_id in door.attachments,
        exceptions=[
            {"school": pk, "place": name, "says": WHO_SENDS_FILES[door.attachments[pk]]}
            for pk, name in schools.items()
            if pk in door.attachments
        ],
        choose_schools=[("", _("All schools")), *((str(pk), name) for pk, name in schools.items())],
    )


@administrators
@require_POST
def reset(request: HttpRequest) -> HttpResponse:
    """Let what holds everywhere hold at this school again."""
    school_id, _role_id = place_of(request)
    if school_id is not None:
        operations.reset_attachments(school_id=school_id, by=actor_of(request))
    return done(request, _("Here the same holds as everywhere again."), "files")
