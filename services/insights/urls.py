"""/insights/: the lead's page."""

from django.urls import path

from services.insights import views

app_name = "insights"
urlpatterns = [
    path("", views.home, name="home"),
    path("broken/<uuid:promise_id>/", views.explain, name="explain"),
]
