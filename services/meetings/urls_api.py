"""The doors of meetings under /api/v1/."""

from django.urls import path

from services.meetings import api

app_name = "meetings_api"
_ONE = "desk/requests/<uuid:request_id>/meeting"
urlpatterns = [
    path("receipts/meetings", api.ReceiptMeetings.as_view(), name="receipt_meetings"),
    path("receipts/meetings/pick", api.ReceiptPick.as_view(), name="receipt_pick"),
    path("receipts/meetings/decline", api.ReceiptDecline.as_view(), name="receipt_decline"),
    path("receipts/meetings/cancel", api.ReceiptCancel.as_view(), name="receipt_cancel"),
    path(_ONE, api.DeskMeeting.as_view(), name="meeting"),
    path(f"{_ONE}/times", api.DeskMeetingTimes.as_view(), name="times"),
    path(f"{_ONE}/times/<uuid:time_id>/take-back", api.DeskMeetingTakeBack.as_view(), name="take_back"),
    path(f"{_ONE}/record", api.DeskMeetingRecord.as_view(), name="record"),
]
