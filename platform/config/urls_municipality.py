"""Addresses of a municipality's own host. The middleware has entered the municipality before any of them."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from kernel.api.views import to_the_docs

handler400 = "kernel.web.bad_request"
handler403 = "kernel.web.forbidden"
handler404 = "kernel.web.not_found"
handler500 = "kernel.web.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("services.retention.urls")),
    path("", include("services.contact.urls")),
    path("", include("kernel.people.urls")),
    path("", include("kernel.ui.urls")),
    path("", include("tenants.setup.urls_public_files")),
    path("desk/", include("services.desk.urls")),
    path("", include("services.meetings.urls")),
    path("", include("services.reach.urls")),
    path("eid/", include("services.eid.urls")),
    path("openings/", include("tenants.walls.urls")),
    path("worry/", include("services.worry.urls")),
    path("insights/", include("services.insights.urls")),
    path("log-review/", include("services.logreview.urls")),
    path("setup/next-doors/", include("services.nextdoor.urls")),
    path("setup/address/", include("tenants.own_address.urls")),
    path("setup/feasibility/", include("tenants.feasibility.urls")),
    path("setup/", include("tenants.setup.urls")),
    path("", include("tenants.presence.urls")),
    path("", include("tenants.onboarding.urls_municipality")),
    path("api/v1", to_the_docs, name="api"),
    path("api/v1/", include("config.urls_api")),
]
if settings.DEMO or settings.TESTING:
    urlpatterns.append(path("", include("config.demo.urls")))
