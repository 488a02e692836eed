"""The student's doors under /api/v1/receipts/feedback."""

from django.urls import path

from services.feedback import api

app_name = "feedback_api"
urlpatterns = [
    path("receipts/feedback", api.Standing.as_view(), name="standing"),
    path("receipts/feedback/answer", api.Answer.as_view(), name="answer"),
    path("receipts/feedback/share", api.Share.as_view(), name="share"),
]
