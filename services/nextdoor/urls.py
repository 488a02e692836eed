"""/setup/next-doors/: in which order the doors of a school are offered after a broken promise."""

from django.urls import path

from services.nextdoor import views

app_name = "nextdoor"
urlpatterns = [
    path("", views.for_all, name="set_up"),
    path("<uuid:school_id>/", views.of_school, name="of_school"),
]
