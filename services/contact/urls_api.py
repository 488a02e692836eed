"""The student's doors under /api/v1/."""

from django.urls import path

from services.contact import api

app_name = "contact_api"
urlpatterns = [
    path("door", api.Door.as_view(), name="door"),
    path("contact-requests", api.ContactRequests.as_view(), name="contact_requests"),
    path("receipts/open", api.OpenReceipt.as_view(), name="open_receipt"),
    path("receipts/messages", api.ReceiptMessages.as_view(), name="receipt_messages"),
]
