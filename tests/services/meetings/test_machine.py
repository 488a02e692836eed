"""Whatever helper, student, clock and machine do in whatever order, the meeting stays one that can be believed."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel import clock as kernel_clock
from kernel.errors import DomainError
from kernel.guarantee import WorkingCalendar, due_at, guarantee_from_json
from services.contact import operations as contact
from services.contact.models import ContactRequest
from services.meetings import operations
from services.meetings.jobs import let_absences_count
from services.meetings.models import Meeting, MeetingTime
from services.promises.models import Promise
from services.promises.sweep import break_due, remind_due
from tests.services.contact.people import TUESDAY, reach_and_close, visitor
from tests.services.meetings.people import HOUR, room, taken

pytestmark = pytest.mark.django_db
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "urgency", "propose", "propose", "pick", "pick", "none", "cancel", "stop", "back", "held",
                "no_show", "wait", "wait", "sweep", "hand_on", "close", "reopen", "withdraw", "away",
            ]
        ),
        st.integers(0, 7),
    ),
    min_size=4,
    max_size=14,
)  # fmt: skip
URGENCIES = ["today", "days", "weeks"]


class Play:
    """Two requests at one door, one nurse at a time; each step may be refused, in words, and then changes nothing."""

    def __init__(self, world, traveller) -> None:
        self.world, self.traveller = world, traveller
        self.cases = [taken(world), taken(world)]

    def holder(self, request_id):
        row = ContactRequest.objects.get(pk=request_id)
        names = {self.world.people[who]: who for who in ("nurse", "second_nurse")}
        return self.world.actor(names.get(row.taken_by_id, "nurse"))

    def times(self, request_id):
        return list(MeetingTime.objects.filter(meeting__request_id=request_id).order_by("starts_at", "pk"))

    def do(self, what: str, n: int) -> None:
        case = self.cases[n % 2]
        helper = {"by": self.holder(case.request_id), "request_id": case.request_id}
        pupil = {"by": visitor(case), "request_id": case.request_id}
        times = self.times(case.request_id)
        one = times[n % len(times)].pk if times else None
        start = kernel_clock.now().replace(minute=0, second=0, microsecond=0) + (n + 1) * 2 * HOUR
        acts: dict[str, Callable[[], object]] = {
            "urgency": lambda: operations.set_urgency(**helper, urgency=URGENCIES[n % 3]),
            "propose": lambda: operations.propose(
                **helper, urgency=URGENCIES[n % 3], times=[room(start), room(start + HOUR)], outside_hours=True
            ),
            "pick": lambda: one and operations.pick(**pupil, time_id=one),
            "none": lambda: operations.none_fit(**pupil),
            "cancel": lambda: operations.cancel(**pupil, again=True),
            "stop": lambda: operations.cancel(**pupil, again=False),
            "back": lambda: one and operations.take_back(**helper, time_id=one, reason="Jeg kan ikke"),
            "held": lambda: operations.record_held(**helper),
            "no_show": lambda: operations.record_no_show(**helper),
            "wait": lambda: self.traveller.shift((n + 1) ** 2 * timedelta(minutes=17)),
            "sweep": lambda: (remind_due(), break_due()),
            "hand_on": lambda: contact.hand_on(
                by=self.world.actor("admin"), item_id=case.request_id,
                to=self.world.people["nurse" if n % 3 else "second_nurse"],
            ),
            "close": lambda: reach_and_close(**helper),
            "reopen": lambda: contact.student_writes(**pupil, text="Mer", still_need_help=True),
            "withdraw": lambda: contact.withdraw(**pupil),
            "away": let_absences_count,
        }  # fmt: skip
        with suppress(DomainError), transaction.atomic():
            acts[what]()


def believe() -> None:
    """What is true whatever happened."""
    now = kernel_clock.now()
    for meeting in Meeting.objects.select_related("request"):
        times = list(MeetingTime.objects.filter(meeting=meeting))
        live = [one for one in times if one.state in ("offered", "agreed")]
        promises = list(Promise.objects.filter(subject_id=meeting.pk).select_related("calendar_version"))
        stands = [one for one in promises if one.state_at(now) == "waiting"]
        unswept = [one for one in promises if not (one.kept_at or one.broken_at or one.ended_at)]
        assert len(unswept) <= 1
        if meeting.is_open:
            assert meeting.request.is_open
            assert unswept, "an open meeting is always promised"
            agreed = [one for one in live if one.state == "agreed"]
            assert len(agreed) <= 1
            if agreed and stands:
                assert stands[0].due_at == agreed[0].ends_at + HOUR
        else:
            assert live == []
            assert unswept == [], "nobody waits for a meeting that is over"
        for promise in promises:
            if promise.guarantee is not None:
                calendar = WorkingCalendar.from_json(promise.calendar_version.data)
                pauses = [(one.starts_at, one.ends_at) for one in promise.pauses.all()]
                wanted = due_at(calendar, guarantee_from_json(promise.guarantee), promise.opened_at, pauses)
                assert promise.due_at == wanted
    agreed_now = MeetingTime.objects.filter(state="agreed").order_by("account_id", "starts_at")
    rows = [(one.account_id, one.starts_at, one.ends_at) for one in agreed_now]
    for (who, _start, end), (next_who, start, _end) in pairwise(rows):
        assert who != next_who or end <= start, "a helper is booked twice"


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_no_order_of_acts_breaks_what_a_meeting_is(alpha, steps) -> None:
    with time_machine.travel(TUESDAY, tick=False) as traveller, transaction.atomic():
        play = Play(alpha, traveller)
        for what, n in steps:
            play.do(what, n)
            believe()
        transaction.set_rollback(True)
