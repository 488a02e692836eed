"""Addresses of API v1. Each slice's doors stand in its own room."""

from django.urls import include, path

urlpatterns = [
    path("", include("services.contact.urls_api")),
    path("", include("services.meetings.urls_api")),
    path("", include("services.nextdoor.urls_api")),
    path("", include("services.feedback.urls_api")),
    path("desk/", include("services.desk.urls_api")),
    path("desk/", include("services.worry.urls_api")),
    path("setup/", include("tenants.setup.urls_api")),
    path("", include("kernel.api.urls")),
]
