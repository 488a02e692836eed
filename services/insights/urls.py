"""/insights/: the lead's pages."""

from django.urls import path

from services.insights import coming, views

app_name = "insights"
urlpatterns = [
    path("", views.home, name="home"),
    path("feasibility/", coming.overview, name="coming"),
    path("feasibility/<uuid:school_id>/<uuid:role_id>/", coming.door, name="coming_door"),
    path("broken/<uuid:promise_id>/", views.explain, name="explain"),
    path("broken/<uuid:promise_id>/undo/", views.undo_explain, name="undo_explain"),
]
