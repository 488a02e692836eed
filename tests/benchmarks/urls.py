"""One view with one query, on whichever connection the handler was made for."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from kernel.crypto.models import CaseKey
from tests.kernel.tenancy.ground import SAME_ID

ALIAS = {"alias": "default"}


def page(request: HttpRequest) -> HttpResponse:
    row = CaseKey._base_manager.using(ALIAS["alias"]).get(pk=SAME_ID)
    return HttpResponse(row.made_at.isoformat())


urlpatterns = [path("", page)]
