"""The student's doors under /api/v1/receipts/next-door."""

from django.urls import path

from services.nextdoor import api

app_name = "nextdoor_api"
urlpatterns = [
    path("receipts/next-door", api.Offered.as_view(), name="offered"),
    path("receipts/next-door/ask", api.Ask.as_view(), name="ask"),
    path("receipts/next-door/wait", api.Wait.as_view(), name="wait"),
]
