"""Who is told what by message:

that somebody waits and until when. Never who, why, where or a word of content.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from kernel import clock, worded
from kernel.people.models import Account
from kernel.tenancy import require_current
from services.contact import wishes
from services.contact.handover_queries import apart_from, here_today, kept_out
from services.contact.holding import holder_of, is_held
from services.contact.models import ContactRequest, ConversationMessage, Handover
from services.promises.models import Promise
from services.promises.notices import tell, those_in_charge
from tenants.presence.presence import open_days
from tenants.presence.queries import accounts, responsible_now, roster_now
from tenants.setup.actors import today
from tenants.setup.models import HelperRole
from tenants.setup.queries import portal


def those_responsible(request: ContactRequest, due: datetime | None) -> list[Account]:
    """Who may answer: whoever is there in the role at the school today, invented people included; nobody
    there: who is there first, while the promise runs. Whoever is away is left in peace, and whoever has stepped
    aside, or was told no by the student, hears nothing.
    """
    return _those_responsible(request, due, kept_out(request.pk))


def _those_responsible(
    request: ContactRequest, due: datetime | None, aside: frozenset[UUID]
) -> list[Account]:
    until = local_day(due)
    there = responsible_now(request.role_id, request.school_id, until=until)
    people = [person for person in there if person.pk not in aside]
    return people if people or not there else _who_comes_next(request, until, aside)


def local_day(due: datetime | None) -> date | None:
    """The municipality's own date of it."""
    return day_of(due) if due else None


def day_of(at: datetime) -> date:
    return at.astimezone(ZoneInfo(require_current().timezone)).date()


def _who_comes_next(request: ContactRequest, until: date | None, aside: frozenset[UUID]) -> list[Account]:
    """All who are there today are kept out of it: whoever is first there without them, while the promise runs."""
    roster, tomorrow = roster_now(), today() + timedelta(days=1)
    if until is None or until < tomorrow:
        return []
    for day in open_days(tomorrow, until, portal().is_open):
        there = roster.present(request.role_id, request.school_id, day)
        if found := accounts(one for one in there if one not in aside):
            return found
    return []


def somebody_knocked(request: ContactRequest, promise: Promise, *, cause: str = "") -> None:
    """Tell the holders;

    nobody there: the leads; none of them either: the administrators, with the count alone. `cause` when the
    promise is not the reason: a student who asks again while the first promise stands is told about again.
    """
    aside = kept_out(request.pk)
    people = _those_responsible(request, promise.due_at, aside)
    _tell_or_those_in_charge(
        request,
        wishes.first_of(request, people, aside, local_day(promise.due_at)),
        cause=cause or f"knock:{together(request) or promise.pk}",
        template="contact/knock",
        due=promise.due_at,
    )


def together(request: ContactRequest) -> str:
    """What comes in a flood is told of together, once an hour at each door: so many messages would bury the rest. ""
    for all else.
    """
    if request.held != ContactRequest.Held.HELD:
        return ""
    return f"flood:{request.role_id}:{request.school_id}:{clock.now():%Y%m%d%H}"


def student_wrote(request: ContactRequest, message: ConversationMessage, promise: Promise | None) -> None:
    """Tell the one who has the request; nobody has it (any more): everybody who may; nobody there: those in
    charge, with the count alone.
    """
    holder = holder_of(request)
    _tell_or_those_in_charge(
        request,
        [holder] if holder else those_responsible(request, promise.due_at if promise else None),
        cause=f"message:{message.pk}",
        template="contact/message",
        due=promise.due_at if promise else None,
    )


def student_said_who(request: ContactRequest, promise: Promise | None) -> None:
    """The student has said who they are: whoever answers hears that they have written, and no more."""
    holder = holder_of(request)
    _tell_or_those_in_charge(
        request,
        [holder] if holder else those_responsible(request, promise.due_at if promise else None),
        cause=f"name:{request.pk}:{clock.this_minute():%Y%m%d%H%M}",
        template="contact/message",
        due=promise.due_at if promise else None,
    )


def handed_to(person: Account, request: ContactRequest, promise: Promise | None, *, cause: str) -> None:
    """Tell the one who has the request from now on: its number and its clock."""
    tell(
        [person],
        cause=cause,
        template="contact/handed",
        due=promise.due_at if promise and promise.answered_at is None else None,
        role=_role(request),
        number=request.case_number,
    )


def yours_now(person: Account, request: ContactRequest, promise: Promise) -> None:
    """The promise broke, and this one takes over."""
    tell(
        [person],
        cause=f"still-waiting:{promise.pk}",
        template="contact/yours_now",
        due=promise.due_at,
        role=_role(request),
        number=request.case_number,
    )


def went_on(account_id: UUID | None, request: ContactRequest, promise: Promise) -> None:
    """The promise broke, and it is not theirs any more: nothing goes from anybody in silence."""
    tell(
        accounts([account_id] if account_id and account_id not in kept_out(request.pk) else []),
        cause=f"went-on:{promise.pk}",
        template="contact/went_on",
        due=promise.due_at,
        role=_role(request),
        number=request.case_number,
    )


def still_to_record(person: Account, role_id: UUID, count: int, *, cause: str) -> None:
    """Something of theirs is not yet recorded where the law wants it: the count alone."""
    tell(
        [person],
        cause=cause,
        template="contact/still_to_record",
        due=None,
        role=HelperRole.objects.get(pk=role_id),
        waiting=count,
    )


def nobody_records(role_id: UUID, school_id: UUID, count: int, *, cause: str, apart: frozenset[UUID]) -> None:
    """A record is due of a door where nobody answers any more: those in charge learn the role and the count."""
    tell(
        those_in_charge(school_id, apart=apart),
        cause=cause,
        template="contact/nobody_records",
        due=None,
        role=HelperRole.objects.get(pk=role_id),
        waiting=count,
    )


def who_hears_of_nobody(request: ContactRequest, absent: UUID) -> list[Account]:
    """An absence leaves it with nobody: those in charge, and the absent one only where nobody else is."""
    others = those_in_charge(request.school_id, apart=kept_out(request.pk) | {absent})
    return others or _in_charge(request, request.school_id)


def nobody_will_be_there(people: list[Account], request: ContactRequest, due: datetime, since: date) -> None:
    """Before its promise runs out, from a day on: they learn the role and the clock, once of each such gap."""
    tell(
        people,
        cause=f"nobody-then:{request.pk}:{due.isoformat()}:{since}",
        template="contact/nobody_then",
        due=due,
        role=_role(request),
    )


def _tell_or_those_in_charge(
    request: ContactRequest, people: list[Account], *, cause: str, template: str, due: datetime | None
) -> None:
    if not people:
        people, template = _in_charge(request, request.school_id), "contact/nobody_there"
    role, where = (
        _role(request),
        {"school": request.school.name} if template == "contact/nobody_there" else {},
    )
    # Each their own: what is kept from them is in none.
    for person, n in zip(people, _waiting_at(request, people), strict=True):
        tell([person], cause=cause, template=template, due=due, role=role, waiting=n, **where)


def _in_charge(request: ContactRequest, school_id: UUID) -> list[Account]:
    """Those in charge of a school, without whoever the student said no to, unless nobody else is left: never silent."""
    found = those_in_charge(school_id, apart=kept_out(request.pk))
    return found or those_in_charge(school_id, apart=apart_from(request.pk))


def still_waiting(request: ContactRequest, promise: Promise) -> None:
    """The promise broke: everybody who may answer is told that the student still waits."""
    tell(
        those_responsible(request, None),
        cause=f"still-waiting:{together(request) or promise.pk}",
        template="contact/still_waiting",
        due=promise.due_at,
        role=_role(request),
    )


def offered(request: ContactRequest, handover: Handover, asked: Iterable[UUID]) -> None:
    """Ask whoever could take it over and is here: its number and until when."""
    tell(
        accounts(here_today(asked)),
        cause=f"offered:{handover.pk}",
        template="contact/offered",
        due=handover.promise.due_at,
        role=HelperRole.objects.get(pk=handover.to_role_id),
        number=request.case_number,
    )


def taken_over(request: ContactRequest, handover: Handover, giver: Account | None) -> None:
    """Tell the one who had it: they need do nothing more, unless the first talk is to be together."""
    tell(
        [giver] if giver else [],
        cause=f"taken-over:{handover.pk}",
        template="contact/taken_over",
        due=handover.promise.due_at if handover.walk_along else None,
        role=HelperRole.objects.get(pk=handover.to_role_id),
        number=request.case_number,
    )


def handover_is_back(request: ContactRequest, handover: Handover, promise: Promise | None = None) -> None:
    """Nobody took it over, or the student said no: tell whoever answers now. Never silent."""
    holder = holder_of(request)
    due = promise.due_at if promise else None
    tell(
        [holder] if holder else those_responsible(request, due),
        cause=f"handover-back:{handover.pk}",
        template="contact/handover_back",
        due=due,
        role=_role(request),
        number=request.case_number,
    )


def leads_hear_of_no(request: ContactRequest, handover: Handover) -> None:
    """Nobody of those who were asked takes it: the lead learns the role and the clock, no more."""
    tell(
        _in_charge(request, handover.to_school_id),
        cause=f"handover-declined:{handover.pk}",
        template="contact/handover_declined",
        due=handover.promise.due_at,
        role=HelperRole.objects.get(pk=handover.to_role_id),
    )


def no_more_yours(request: ContactRequest, handover: Handover, people: Iterable[UUID]) -> None:
    """It is neither offered to these any more nor theirs."""
    tell(
        accounts(people),
        cause=f"handover-gone:{handover.pk}",
        template="contact/handover_gone",
        due=None,
        role=HelperRole.objects.get(pk=handover.to_role_id),
        number=request.case_number,
    )


def _role(request: ContactRequest) -> HelperRole:
    return HelperRole.objects.get(pk=request.role_id)


def _waiting_at(request: ContactRequest, people: list[Account]) -> list[int]:
    """How many wait at the same door, for each of these: nobody has them, or nobody any more; and they are there for
    this person.
    """
    at_door = ContactRequest.objects.filter(school_id=request.school_id, role_id=request.role_id)
    waiting = set(at_door.filter(~is_held(), closed_at__isnull=True).values_list("pk", flat=True))
    door = (request.role_id, request.school_id)
    hidden = (worded.ask(wishes.hidden_at, person.pk, *door, kept=(today(),)) for person in people)
    return [len(waiting.difference(pk for (pk,) in theirs)) for theirs in hidden]
