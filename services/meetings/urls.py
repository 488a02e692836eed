"""The one page of its own: what a calendar program asks. Pages for people are the desk's and the student's."""

from django.urls import path

from services.meetings import views

app_name = "meetings"
urlpatterns = [path("calendar/<slug:token>.ics", views.feed, name="feed")]
