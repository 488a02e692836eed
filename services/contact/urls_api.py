"""The student's doors under /api/v1/."""

from django.urls import path

from services.contact import api
from services.contact.rehearsal_gate import KnocksOnAnOpenDoor

app_name = "contact_api"
urlpatterns = [
    path("door", api.Door.as_view(), name="door"),
    path("contact-requests", KnocksOnAnOpenDoor.as_view(), name="contact_requests"),
    path("receipts/open", api.OpenReceipt.as_view(), name="open_receipt"),
    path("receipts/files", api.ReceiptFile.as_view(), name="receipt_file"),
    path("receipts/messages", api.ReceiptMessages.as_view(), name="receipt_messages"),
    path("receipts/handover/refuse", api.RefuseHandover.as_view(), name="refuse_handover"),
]
