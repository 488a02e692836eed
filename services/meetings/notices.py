"""Who is told what about a meeting by message: a clock time and a number. Never who, why or where."""

from kernel import clock
from kernel.actor import MACHINE
from kernel.audit.operations import reading
from kernel.outbox.operations import queue
from kernel.people.models import Account
from kernel.tenancy import require_current
from kernel.ui.when import say_when
from services.contact.handover_queries import apart_from, said_no_to
from services.contact.holding import holder_of
from services.contact.models import Channel, ContactRequest
from services.contact.notices import those_responsible
from services.meetings.models import Meeting, MeetingTime
from services.meetings.reminding import cause_of, cause_of_tomorrow
from services.promises.models import Promise
from services.promises.notices import tell, those_in_charge
from tenants.setup.models import HelperRole


def _tell(
    request: ContactRequest, people: list[Account], *, cause: str, template: str, **about: object
) -> None:
    role = HelperRole.objects.get(pk=request.role_id)
    time = about.get("time")
    due = time.starts_at if isinstance(time, MeetingTime) else None
    promise = about.get("promise")
    if isinstance(promise, Promise):
        due = promise.due_at
    tell(people, cause=cause, template=template, due=due, role=role, number=request.case_number)


def _whoever_has_it(request: ContactRequest) -> list[Account]:
    """The holder; nobody has it: those responsible today; none of them: those in charge. Nobody who stepped aside.

    The student has just said no to the holder: it is on its way back, and nobody is told here. Whoever has it then
    hears of it by that (contact/handover_back), and finds the meeting with its clock.
    """
    holder = holder_of(request)
    if holder is not None and holder.pk in said_no_to(request.pk):
        return []
    found = [holder] if holder else those_responsible(request, None)
    return found or those_in_charge(request.school_id, apart=apart_from(request.pk))


def chosen(request: ContactRequest, time: MeetingTime) -> None:
    """The student chose this time."""
    _tell(request, [time.account], cause=f"meeting-chosen:{time.pk}", template="meetings/chosen", time=time)


def none_fit(request: ContactRequest, meeting: Meeting) -> None:
    """None of the times fitted, and the student wrote nothing."""
    cause = f"meeting-none-fit:{meeting.pk}:{clock.this_minute().isoformat()}"
    _tell(request, _whoever_has_it(request), cause=cause, template="meetings/none_fit")


def cancelled(request: ContactRequest, meeting: Meeting, time: MeetingTime | None) -> None:
    """The student cancelled, or said no to the one whose time it is."""
    people = [time.account] if time else _whoever_has_it(request)
    cause = f"meeting-cancelled:{time.pk if time else meeting.pk}"
    _tell(request, people, cause=cause, template="meetings/cancelled", time=time)


def withdrawn(request: ContactRequest, meeting: Meeting) -> None:
    """The student took the knock back: whoever had an agreed time ahead is told that it is off."""
    rows = MeetingTime.objects.filter(
        meeting=meeting, state=MeetingTime.State.AGREED, starts_at__gt=clock.now()
    )
    for time in rows.select_related("account"):
        cancelled(request, meeting, time)


def fell_through(request: ContactRequest, meeting: Meeting, time: MeetingTime, promise: Promise) -> None:
    """The agreed time cannot be: whoever answers now proposes another, by then."""
    people = _whoever_has_it(request)
    _tell(request, people, cause=f"meeting-off:{time.pk}", template="meetings/fell_through", promise=promise)


def late(request: ContactRequest, meeting: Meeting, promise: Promise) -> None:
    """The promise of the meeting broke, and it is promised anew by then."""
    _tell(
        request,
        _whoever_has_it(request),
        cause=f"meeting-late:{promise.pk}",
        template="meetings/late",
        promise=promise,
    )


def soon(request: ContactRequest, time: MeetingTime) -> None:
    """An agreed time is near."""
    _tell(request, [time.account], cause=cause_of(time), template="meetings/soon", time=time)
    if request.channel_kind == Channel.EMAIL and request.channel_value:
        _remind_the_student(request, time, cause_of(time))


def tomorrow(request: ContactRequest, time: MeetingTime, *, helper: bool, student: bool) -> None:
    """An agreed time is on the next day: the same words, said the day before."""
    cause = cause_of_tomorrow(time)
    if helper:
        _tell(request, [time.account], cause=cause, template="meetings/soon", time=time)
    if student and request.channel_kind == Channel.EMAIL and request.channel_value:
        _remind_the_student(request, time, cause)


def _remind_the_student(request: ContactRequest, time: MeetingTime, cause: str) -> None:
    """By the mail address the student chose: a clock time, and no word of with whom, where or about what."""
    proof = reading(by=MACHINE, case_key_id=request.case_key_id, what="address", why="to remind of a meeting")
    zone = require_current().timezone
    queue(
        cause=cause,
        to=request.channel_value.open(proof),
        template="meetings/soon_student",
        language=request.language,
        context={"due": say_when(time.starts_at, clock.now(), zone, request.language)},
        discreet=True,
    )
