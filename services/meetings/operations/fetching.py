"""The first line of an operation: fetch the contact request and lock it; then its meeting."""

from uuid import UUID

from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.errors import Conflict, NotFound
from kernel.permissions import allowed
from services.contact.models import ContactRequest
from services.contact.queries import visible_to
from services.meetings.models import Meeting, MeetingTime


def locked(by: Actor, request_id: UUID, verb: str) -> ContactRequest:
    """The request, locked until the transaction ends. What `by` cannot see does not exist: NotFound.

    Raises Conflict for a helper at its door who does not have it, NotAllowed for anybody else, and Conflict when it
    is closed.
    """
    request = visible_to(by).select_for_update(of=("self",)).filter(pk=request_id).first()
    if request is None:
        raise NotFound()
    if not allowed(by, f"meetings.{verb}", request):
        if by.kind == "person" and by.holds(request.role_id, request.school_id):
            raise Conflict(_("Take this first. Then you can agree on a meeting."), code="not-taken")
        raise NotFound()
    if not request.is_open:
        if by.kind == "student":
            raise Conflict(_("This conversation is closed. Say below if you still need help."), code="closed")
        raise Conflict(_("This is closed. The student can open it again."), code="closed")
    return request


def open_meeting(request: ContactRequest) -> Meeting | None:
    """The open meeting of the locked request."""
    meeting = Meeting.objects.select_for_update().filter(request=request, state=Meeting.State.OPEN).first()
    if meeting is not None:
        meeting.request = request
    return meeting


def the_meeting(request: ContactRequest) -> Meeting:
    """The same. Raises Conflict when there is none."""
    meeting = open_meeting(request)
    if meeting is None:
        raise Conflict(_("There is no meeting to decide on any more."), code="no-meeting")
    return meeting


def time_of(request: ContactRequest, time_id: UUID) -> MeetingTime:
    """One time of the request's, locked with its meeting's row in hand. Raises NotFound for any other."""
    found = (
        MeetingTime.objects.select_for_update(of=("self",))
        .select_related("meeting")
        .filter(pk=time_id, meeting__request=request)
        .first()
    )
    if found is None:
        raise NotFound(_("This time is not there any more."))
    found.meeting.request = request
    return found


def account_of(by: Actor) -> UUID:
    """A helper's own account."""
    if by.id is None:
        raise ValueError("a helper has an account")
    return by.id


def agreed_of(meeting: Meeting) -> MeetingTime | None:
    return (
        MeetingTime.objects.select_for_update()
        .filter(meeting=meeting, state=MeetingTime.State.AGREED)
        .first()
    )


def offered_of(meeting: Meeting) -> list[MeetingTime]:
    """Times still open for choice by the clock, in order."""
    rows = MeetingTime.objects.select_for_update().filter(
        meeting=meeting, state=MeetingTime.State.OFFERED, starts_at__gt=clock.now()
    )
    return list(rows.order_by("starts_at", "pk"))
