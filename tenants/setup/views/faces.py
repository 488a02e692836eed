"""/my-picture/: a helper's own picture for students; and the pictures themselves, at an address for each."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.actor import actor_of
from kernel.people.access import staff_required
from kernel.permissions import require
from tenants.setup import operations
from tenants.setup.forms import FaceForm, attempt
from tenants.setup.logos import MOST_BYTES
from tenants.setup.models import Face, Post, School
from tenants.setup.queries import portal


@staff_required
def mine(request: HttpRequest) -> HttpResponse:
    """See, give and take back one's own."""
    person: Any = request.user
    by = actor_of(request)
    if request.method == "POST" and "take_back" in request.POST:
        operations.take_back_face(account_id=person.pk, by=by)
        messages.success(request, _("Your picture is gone."))
        return HttpResponseRedirect(reverse("setup_files:my_picture"))
    asked = request.method == "POST"
    if asked:
        require(by, "setup.show_face", by.id)
    form = FaceForm(request.POST, request.FILES) if asked else FaceForm()
    if asked and form.is_valid():
        upload, agrees = form.cleaned_data["picture"], form.cleaned_data["agrees"]
        content = upload.read(MOST_BYTES + 1) if upload else None
        if attempt(form, lambda: operations.show_face(picture=content, agrees=agrees, by=by)):
            messages.success(request, _("Saved. This is what students see."))
            return HttpResponseRedirect(reverse("setup_files:my_picture"))
    face = Face.objects.filter(account_id=person.pk).first()
    here = Post.objects.filter(account_id=person.pk).values("school_id")
    showing = School.objects.filter(shows_faces=True, closed_on=None, pk__in=here).values_list(
        "name", flat=True
    )
    context = {
        "form": form,
        "person": person,
        "photo": reverse("setup_files:face", args=[face.digest]) if face else "",
        "showing": ", ".join(showing.order_by("name")),
        "answers": bool(by.posts),
    }
    return render(request, "setup/my-picture.html", context, status=422 if form.errors else 200)


def face(request: HttpRequest, stamp: str) -> HttpResponse:
    """One picture: of somebody whom a school shows today, or one's own. 404 for any other."""
    row = Face.objects.filter(digest=stamp).first()
    if row is None or row.account_id not in portal().faces_shown | {request.user.pk}:
        raise Http404
    response = HttpResponse(bytes(row.picture), content_type="image/webp")
    # A day, and not for ever: what is taken back is soon gone from browsers as well.
    response["Cache-Control"] = "private, max-age=86400"
    response["X-Content-Type-Options"] = "nosniff"
    return response
