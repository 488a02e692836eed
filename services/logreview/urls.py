"""/log-review/: whether the log is reviewed, and the reviewer's page."""

from django.urls import path

from services.logreview import views

app_name = "logreview"
urlpatterns = [
    path("", views.home, name="home"),
    path("<uuid:employer_id>/", views.review, name="review"),
    path("<uuid:employer_id>/reviewer/", views.reviewer, name="reviewer"),
]
