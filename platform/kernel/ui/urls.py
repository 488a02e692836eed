"""Addresses of the design system, on the front door and on every municipality's host."""

from django.urls import path

from kernel.robots import robots_txt
from kernel.ui import views

app_name = "ui"
urlpatterns = [
    path("theme.<slug:digest>.css", views.theme, name="theme"),
    path("icon.svg", views.icon, name="icon"),
    path("language/", views.language, name="language"),
    path("exit/", views.leave, name="exit"),
    path("robots.txt", robots_txt, name="robots"),
    path("ui/", views.gallery, name="gallery"),
]
