"""The student's addresses. Nothing but `/` is linked from elsewhere."""

from django.urls import URLPattern

app_name = "contact"
urlpatterns: list[URLPattern] = []
