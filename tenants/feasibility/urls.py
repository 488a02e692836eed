"""/setup/feasibility/: for administrators."""

from django.urls import path

from tenants.feasibility import views

app_name = "feasibility"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("choose/", views.choose, name="choose"),
    path("<uuid:school_id>/<uuid:role_id>/", views.door, name="door"),
]
