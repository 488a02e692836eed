"""Today's meetings as the lists of the desk show them: when, how, the number; nothing sealed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from services.meetings.models import MeetingTime, Way
from services.meetings.words import WAYS


def today_rows(times: Sequence[MeetingTime], now: datetime, *, shared: bool = False) -> list[dict[str, Any]]:
    """In the order of the times. How one meets is not for a shared screen."""
    return [
        {
            "at": one.starts_at,
            "way": _("Meeting") if shared else str(WAYS[Way(one.way)]),
            "number": one.meeting.request.case_number,
            "href": reverse("desk:request", args=[one.meeting.request_id]) + "#meeting",
            "is_over": one.ends_at <= now,
        }
        for one in times
    ]
