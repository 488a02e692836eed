"""The desk's doors under /api/v1/desk/."""

from django.urls import path

from services.desk import api

app_name = "desk_api"
_ONE = "requests/<uuid:request_id>"
urlpatterns = [
    path("requests", api.Requests.as_view(), name="requests"),
    path(_ONE, api.OneRequest.as_view(), name="request"),
    path(f"{_ONE}/take", api.Take.as_view(), name="take"),
    path(f"{_ONE}/messages", api.Messages.as_view(), name="messages"),
    path(f"{_ONE}/contact", api.Contact.as_view(), name="contact"),
    path(f"{_ONE}/close", api.Close.as_view(), name="close"),
    path(f"{_ONE}/record", api.Record.as_view(), name="record"),
]
