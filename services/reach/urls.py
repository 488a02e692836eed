"""The page of a friend. A code or an id is never part of an address."""

from django.urls import path

from services.contact.rehearsal_gate import open_or_rehearsing
from services.reach import views

app_name = "reach"
urlpatterns = [
    path("friend/", open_or_rehearsing(views.friend), name="friend"),
]
