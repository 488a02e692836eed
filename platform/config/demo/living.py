"""Playing the stories: each knock and each answer at its own time, through the operations of contact."""

import heapq
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from config.demo.stories import Offer, Overdue, Proposes, Step, Story
from kernel import clock
from kernel.actor import MACHINE, Actor, actor_for, student
from kernel.outbox import operations as outbox
from kernel.people import queries as people
from kernel.tenancy import MunicipalityRef, inside
from services.contact import operations as contact
from services.contact.models import ContactRequest, Handover
from services.meetings import operations as meetings
from services.meetings.rules import Proposed
from services.promises.models import Promise
from services.promises.operations import break_promise
from services.promises.queries import next_reply, promises_of
from services.worry import operations as worries
from services.worry.models import Step as Worried
from services.worry.models import Worry
from services.worry.rules import Said
from tenants.setup.models import HelperRole, School

#: How long words lie that nobody answers, until somebody reads them; what is answered sooner than any promise breaks.
READ_WITHIN, SOON = timedelta(hours=3), timedelta(hours=12)
#: Of the demo's idempotency keys: the same story in the same municipality knocks once.
_NAMESPACE = UUID("6f1d8a52-52f7-4d0c-8d5a-2d9c6a1b7e10")


def play(ref: MunicipalityRef, stories: tuple[Story, ...]) -> int:
    """Live the stories up to now, in the order things happened, once. Gives how many knocked."""
    with inside(ref):
        if ContactRequest.objects.exists():
            return 0
        now = clock.now()
        numbers = count()
        waiting: list[tuple[datetime, int, Iterator[datetime]]] = []
        for number, story in enumerate(stories):
            running = _live(ref, story, number, now)
            heapq.heappush(waiting, (next(running), next(numbers), running))
        while waiting:
            instant, _number, running = heapq.heappop(waiting)
            if instant >= now:
                continue
            with clock.pretend(instant):
                again = next(running, None)
                outbox.send_all_due()
            if again is not None:
                heapq.heappush(waiting, (again, next(numbers), running))
        return ContactRequest.objects.count()


def _live(ref: MunicipalityRef, story: Story, number: int, now: datetime) -> Iterator[datetime]:
    """Yields when the next thing of this story happens; does it when asked for the one after."""
    knocked_at = when(story, ZoneInfo(ref.timezone), now)
    yield knocked_at
    key = str(uuid5(_NAMESPACE, f"{ref.slug}/{number}"))
    accepted = contact.knock(
        by=student(None), idempotency_key=key,
        school_id=School.objects.get(name=story.school).pk, role_id=HelperRole.objects.get(key=story.role).pk,
        channel_kind=story.channel, channel_value=story.reach_at, message=story.message, name=story.name,
        preferred_times=story.times, language=story.language,
    )  # fmt: skip
    for step, follows in zip(story.steps, (*story.steps[1:], None), strict=False):
        if isinstance(step, Overdue):
            yield accepted.due_at + timedelta(minutes=1)
            _break(accepted.request_id)
        elif isinstance(step, Proposes):
            yield knocked_at + step.after
            _propose(ref, step, accepted.request_id, accepted.receipt, now)
        else:
            yield (accepted.due_at if step.from_due else knocked_at) + step.after
            if isinstance(step, Offer):
                _hand_over(ref, step, accepted.request_id)
            else:
                _do(ref, step, accepted.request_id, accepted.receipt)
                if step.who == "student" and not _is_answered_soon(step, follows):
                    yield clock.now() + READ_WITHIN
                    _rest(accepted.request_id)


def _is_answered_soon(step: Step, follows: Step | Offer | Proposes | Overdue | None) -> bool:
    """Whether somebody answers what the student says here before a promise of an answer could break."""
    return follows is not None and not isinstance(follows, Overdue) and follows.after - step.after < SOON


def _rest(request_id: UUID) -> None:
    """Whoever has it has read what was written last: it needs no answer."""
    request = ContactRequest.objects.get(pk=request_id)
    if request.is_open and request.taken_by is not None and next_reply(promises_of(request_id)) is not None:
        by = actor_for(request.taken_by)
        contact.read_conversation(by=by, request_id=request_id)
        contact.needs_no_answer(by=by, request_id=request_id)


def when(story: Story, zone: ZoneInfo, now: datetime) -> datetime:
    """The instant of the knock: some minutes ago, or a local clock time some weekdays ago."""
    if story.minutes_ago:
        return clock.minute(now - timedelta(minutes=story.minutes_ago))
    day, left = now.astimezone(zone).date(), story.weekdays_ago
    while left or day.weekday() >= 5:
        day -= timedelta(days=1)
        if day.weekday() < 5 and left:
            left -= 1
    return datetime.combine(day, time.fromisoformat(story.at), zone).astimezone(UTC)


def _do(ref: MunicipalityRef, step: Step, request_id: UUID, receipt: str) -> None:
    if step.who == "student":
        by = contact.open_by_receipt(receipt)
        if step.does == "withdraw":
            contact.withdraw(by=by, request_id=request_id)
            return
        contact.student_writes(by=by, request_id=request_id, text=step.says)
        return
    by = _actor(ref, step.who)
    act: dict[str, Any] = {"by": by, "request_id": request_id}
    if step.does == "take":
        contact.take(**act)
    elif step.does == "read":
        contact.read_conversation(**act)
    elif step.does == "reply":
        contact.reply(**act, text=step.says)
    elif step.does in ("accept", "decline"):
        offered = Handover.objects.get(request_id=request_id, state="offered").pk
        if step.does == "accept":
            contact.accept_handover(by=by, handover_id=offered)
        else:
            contact.decline_handover(by=by, handover_id=offered, why=step.says)
    elif step.does == "close":
        contact.read_conversation(**act)
        contact.close(**act, outcome=step.says)
    elif step.does == "worry":
        worries.raise_worry(**act, urgency=step.says)
    elif step.does in Worried.Recipient.values:
        worry = Worry.objects.get(request_id=request_id, closed_at__isnull=True)
        words, _bar, because = step.says.partition("|")
        said = Said(
            recipient=step.does, words=words, student_first=True, told=Worried.Told.TOLD, because=because
        )
        worries.record_step(by=by, worry_id=worry.pk, said=said)
    else:
        contact.record_contact(**act, kind=step.does, outcome=step.says)


def _actor(ref: MunicipalityRef, who: str) -> Actor:
    return actor_for(people.by_email(f"{who}@{ref.slug}.example"))


def _hand_over(ref: MunicipalityRef, step: Offer, request_id: UUID) -> None:
    """Read what the student wrote, then offer it."""
    by = _actor(ref, step.who)
    contact.read_conversation(by=by, request_id=request_id)
    contact.offer_handover(
        by=by,
        request_id=request_id,
        to=contact.Receiver(account_id=_actor(ref, step.to).id),
        reason=step.reason,
        shares=step.shares,
        agreement=step.agreement,
        summary=step.summary,
        walk_along=step.walk_along,
    )


def _propose(ref: MunicipalityRef, step: Proposes, request_id: UUID, receipt: str, now: datetime) -> None:
    """Times on weekdays after the day the demo is looked at, which the municipality may have closed."""
    zone = ZoneInfo(ref.timezone)
    rows = meetings.propose(
        by=actor_for(people.by_email(f"{step.who}@{ref.slug}.example")),
        request_id=request_id,
        urgency=step.urgency,
        times=[Proposed(_ahead(days, at, zone, now), 30, step.way, step.place) for days, at in step.times],
        outside_hours=True,
    )
    if step.chosen:
        by = contact.open_by_receipt(receipt)
        meetings.pick(by=by, request_id=request_id, time_id=rows[0].pk)


def _ahead(weekdays: int, at: str, zone: ZoneInfo, now: datetime) -> datetime:
    day = now.astimezone(zone).date()
    while weekdays:
        day += timedelta(days=1)
        weekdays -= day.weekday() < 5
    return datetime.combine(day, time.fromisoformat(at), zone).astimezone(UTC)


def _break(request_id: UUID) -> None:
    promise = Promise.objects.get(subject_id=request_id, kind=Promise.Kind.FIRST_CONTACT)
    break_promise(by=MACHINE, promise_id=promise.pk, now=clock.now())
