"""/openings/: a case opened by two persons. An address holds an opening's id and nothing else."""

from django.urls import path

from tenants.walls import views

app_name = "walls"
urlpatterns = [
    path("", views.openings, name="openings"),
    path("new/", views.ask, name="ask"),
    path("<uuid:opening_id>/", views.opening, name="opening"),
    path("<uuid:opening_id>/confirm/", views.confirm, name="confirm"),
    path("<uuid:opening_id>/end/", views.end, name="end"),
]
