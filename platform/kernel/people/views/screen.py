"""Marking this browser as a shared screen; and whether somebody is still signed in at it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kernel import screen as shared_screen
from kernel.people.access import staff_required


@never_cache
@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def screen(request: HttpRequest) -> HttpResponse:
    """What it means, and one button."""
    if request.method != "POST":
        minutes = settings.SHARED_SCREEN_IDLE_SECONDS // 60
        return render(request, "people/screen.html", {"minutes": minutes})
    answer = redirect("people:screen")
    shared_screen.mark(answer, shared=request.POST.get("shared") == "1")
    return answer


@never_cache
@staff_required
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Asked by a page on which somebody types or moves, and by a covered one: 204, with a fresh mark for its forms."""
    return HttpResponse(status=204, headers={"X-Mark": get_token(request)})
