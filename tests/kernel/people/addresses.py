"""The addresses of sign-in, and three pages to stand for everybody else's."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from kernel.actor import actor_of
from kernel.people.access import staff_required

handler404 = "kernel.web.not_found"


@staff_required
def work(request: HttpRequest) -> HttpResponse:
    return HttpResponse("work")


def who_am_i(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    return HttpResponse(str(actor.id) if actor.id else actor.kind)


def student(request: HttpRequest) -> HttpResponse:
    return HttpResponse("door")


urlpatterns = [
    path("", include("kernel.people.urls")),
    path("", include("config.demo.urls")),
    path("work/", work),
    path("who-am-i/", who_am_i),
    path("student/", student),
]
