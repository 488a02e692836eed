"""The day before an agreed meeting: the helper hears of it while they are at work, the student in the afternoon."""

from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.permissions import require
from services.contact.models import ContactRequest
from services.meetings import notices
from services.meetings.models import SUBJECT, Meeting, MeetingTime


@transaction.atomic
def remind_the_day_before(*, by: Actor, time_id: UUID, helper: bool, student: bool) -> bool:
    """Tell these of an agreed time. False when it is off by now, or somebody is at the request: asked again next time.

    Each is told once; no message says where, with whom or about what.
    """
    require(by, "meetings.remind")
    found = MeetingTime.objects.filter(pk=time_id).values("meeting__request_id")
    requests = ContactRequest.objects.select_for_update(skip_locked=True, of=("self",))
    request = requests.select_related("case_key").filter(pk__in=found, closed_at__isnull=True).first()
    if request is None:
        return False
    agreed = MeetingTime.objects.filter(
        pk=time_id, state=MeetingTime.State.AGREED, meeting__state=Meeting.State.OPEN
    )
    time = agreed.select_related("account", "meeting").first()
    if time is None:
        return False
    notices.tomorrow(request, time, helper=helper, student=student)
    record(by=by, verb="meetings.remind", kind=SUBJECT, object_id=time.meeting_id)
    return True
