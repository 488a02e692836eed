"""What follows for a meeting when its promise breaks, when it is near, and when its request ends or passes on."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from kernel.actor import MACHINE, Actor
from services.contact import turning_points
from services.contact.handover_queries import apart_from
from services.contact.holding import holder_of
from services.contact.models import ContactRequest
from services.contact.wishes import hidden_ids
from services.meetings import notices, operations, promising
from services.meetings.models import Meeting, MeetingTime
from services.meetings.queries import latest
from services.promises.models import Promise
from services.promises.subjects import About


def lock(meeting_id: UUID) -> bool:
    """Lock the request before the promise, as every act on a meeting does; False when somebody is at it now."""
    request_id = Meeting.objects.filter(pk=meeting_id).values_list("request_id", flat=True).first()
    if request_id is None:
        return False
    return ContactRequest.objects.select_for_update(skip_locked=True).filter(pk=request_id).exists()


def describe(meeting_id: UUID) -> About:
    """What a reminder may say: the request's number, who has it, and whether it is our turn. To nobody who stepped
    aside."""
    meeting = Meeting.objects.select_related("request__taken_by").get(pk=meeting_id)
    holder, apart = holder_of(meeting.request), apart_from(meeting.request_id)
    return About(meeting.request.case_number, holder.pk if holder else None, meeting.is_open, apart=apart)


def hidden_from(account_id: UUID) -> QuerySet[Any, Any]:
    """Those of requests that are not there for this person."""
    return Meeting.objects.filter(request__in=hidden_ids(account_id)).values("pk")


def on_broken(promise: Promise) -> None:
    """In the transaction that marks it: promised anew at once, unless the meeting is over. Whoever has the request is
    told; the leads were."""
    meeting = Meeting.objects.select_related("request").filter(pk=promise.subject_id).first()
    if meeting is None or not meeting.is_open or not meeting.request.is_open:
        return
    again = promising.give_after_breaking(MACHINE, meeting)
    notices.late(meeting.request, meeting, again)
    turning_points.tell_news(meeting.request)


def remind(promise: Promise) -> None:
    """An agreed time is near: the helper is told, and the student where they wanted to be reached by mail."""
    meeting = Meeting.objects.select_related("request__case_key").filter(pk=promise.subject_id).first()
    time = MeetingTime.objects.filter(meeting=meeting, state=MeetingTime.State.AGREED).first()
    if meeting is None or time is None or not meeting.request.is_open:
        return
    time.meeting = meeting
    notices.soon(meeting.request, time)


def ended(by: Actor, request: ContactRequest) -> None:
    """The request is closed or withdrawn."""
    meeting = latest(request.pk)
    if meeting is not None and meeting.is_open:
        if by.kind == "student":
            notices.withdrawn(request, meeting)
        operations.let_go_of(by=by, request=request)


def undone(by: Actor, request: ContactRequest, closed_at: datetime) -> None:
    """The closing was a slip: what ended with it stands again."""
    operations.take_up_again(by=by, request=request, closed_at=closed_at)


def passed_on(request: ContactRequest) -> None:
    """Somebody else has the request now: times with whoever had it before cannot be."""
    others = MeetingTime.objects.filter(
        meeting__request=request,
        state__in=(MeetingTime.State.OFFERED, MeetingTime.State.AGREED),
    )
    if request.taken_by_id is not None:
        others = others.exclude(account_id=request.taken_by_id)
    for account_id in set(others.values_list("account_id", flat=True)):
        operations.fall_through(by=MACHINE, request=request, account_id=account_id)


def moves(request: ContactRequest, role_id: UUID, school_id: UUID) -> None:
    """The request goes to another door: the clock of its meeting goes along."""
    operations.go_along(by=MACHINE, request=request, role_id=role_id, school_id=school_id)


def handed_over(request: ContactRequest, taker_id: UUID, keep_meeting: bool | None) -> None:
    """Somebody took the request over: they come to what is agreed, where they said so and can."""
    operations.come_instead(by=MACHINE, request=request, account_id=taker_id, keep=keep_meeting)
