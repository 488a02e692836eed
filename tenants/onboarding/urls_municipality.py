"""Addresses on a municipality's own host: the rehearsal, and the signed agreement for its administrators."""

from django.urls import path

from tenants.onboarding.views import rehearsal

app_name = "onboarding_portal"
urlpatterns = [
    path("rehearsal/", rehearsal.people, name="rehearsal"),
    path("rehearsal/be/<uuid:account_id>/", rehearsal.be, name="be"),
    path("rehearsal/back/", rehearsal.back, name="back"),
    path("setup/agreement/", rehearsal.kept_agreement, name="agreement"),
]
