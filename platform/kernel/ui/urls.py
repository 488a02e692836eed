"""Addresses of the design system, on the front door and on every municipality's host."""

from django.urls import path

from kernel.ui import views

app_name = "ui"
urlpatterns = [
    path("theme.<slug:digest>.css", views.theme, name="theme"),
    path("icon.svg", views.icon, name="icon"),
    path("language/", views.language, name="language"),
    path("exit/", views.leave, name="exit"),
    path("ui/", views.gallery, name="gallery"),
]
