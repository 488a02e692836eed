"""Addresses of the front door. `/operator/`, `/sign-in/`, `/account/` and `/demo/` run inside the operator;
everything else in public, without session or user."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

handler400 = "kernel.web.bad_request"
handler403 = "kernel.web.forbidden"
handler404 = "kernel.web.not_found"
handler500 = "kernel.web.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("tenants.onboarding.urls")),
    path("", include("kernel.people.urls")),
    path("", include("kernel.ui.urls")),
]
if settings.DEMO or settings.TESTING:
    urlpatterns.append(path("", include("config.demo.urls")))
