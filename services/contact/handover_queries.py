"""Questions about handovers: who is offered what, who had a request, and from which message on it is open to whom.

`open_messages` is the one answer to "which words": everything that opens content asks it, or (for many requests at
once) `beginnings` and `is_closed`. What was written beside the conversation asks `closed_spans`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, UUIDField, Value
from django.db.models.functions import Coalesce

from kernel import clock, worded
from kernel.actor import Actor
from services.contact import machine
from services.contact.models import (
    TO_US,
    ContactRequest,
    ConversationMessage,
    Handover,
    HandoverDecline,
    NextDoor,
    Recusal,
)
from services.contact.wishes import outsiders, staff_at_home
from services.promises.models import Promise
from tenants.presence.presence import Roster
from tenants.presence.queries import roster_now
from tenants.setup.actors import held_on, today
from tenants.setup.models import Post
from tenants.setup.queries import portal
from tenants.walls.circles import Sharing
from tenants.walls.facts import Seat, rights, seats

type Door = tuple[UUID, UUID]

#: How long what somebody offered stays on their own list.
REMEMBERED = timedelta(days=30)
#: Rights by which the whole conversation opens, whatever was agreed when it was handed over: one's own, and the law's.
WHOLE = ("own", "two_persons")
#: The student said no, and not that everything written since may be read.
APART = (Handover.Returned.NOTHING, Handover.Returned.UNREAD)


# --- which words ----------------------------------------------------------------------------------------


def open_messages(right: str, request: ContactRequest) -> QuerySet[ConversationMessage]:
    """The messages of `request` that are open to who reads by this right (tenants.walls.policy).

    The student's own and what two persons opened are whole. Whoever has it, stands at its door or was let in reads
    what the student agreed to when it was handed over, and no word from before; and nothing that was written to or by
    an adult to whom the student said no, unless the student opened it then.
    """
    everything = ConversationMessage.objects.filter(request=request)
    if right in WHOLE:
        return everything
    return everything.filter(number__gt=beginnings([request.pk])[request.pk], is_apart=False)


def is_closed(message: ConversationMessage, begins: int) -> bool:
    """The same of one message of a request whose beginning is known, by a holder's right."""
    return message.number <= begins or message.is_apart


def beginnings(request_ids: Iterable[UUID]) -> dict[UUID, int]:
    """After which message each request is open, by a holder's right: one query. Neither handed over nor sent on to the
    next door by its student: 0. Nobody ever opens more than whoever had it before could read, so the latest counts.
    """
    ids = list(request_ids)
    found = dict.fromkeys(ids, 0)
    handed = Handover.objects.filter(request_id__in=ids, state__in=machine.IN_FORCE)
    sent = NextDoor.objects.filter(request_id__in=ids, to_role__isnull=False)
    begins = ("request_id", "open_after")
    for request_id, open_after in handed.values_list(*begins).union(sent.values_list(*begins), all=True):
        found[request_id] = max(found[request_id], open_after or 0)
    return found


#: A student's act is known to the minute: what came back in a minute was somebody else's until its end.
TO_THE_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Spans:
    """When what others wrote beside the conversation (notes, what was said of a record, the steps of a worry) is closed
    to whoever has it.
    """

    until: datetime | None = None
    between: tuple[tuple[datetime, datetime], ...] = ()

    def hold(self, at: datetime) -> bool:
        """Whether what was written then is closed."""
        before = self.until is not None and at <= self.until
        return before or any(since < at < until for since, until in self.between)


def closed_spans(request_id: UUID, *, with_next_doors: bool = True) -> Spans:
    """Less than everything followed when it was handed over: what is older is closed, whether or not a message stood
    there yet; everything opens no more than the giver could read. The student said no to somebody and did not open what
    was written with them: what they wrote while they had it is closed. The student sent it on to the next door: what
    adults wrote beside it until then is closed, whatever of the conversation follows (not asked for what the student
    said: `with_next_doors` False).
    """
    until, between = None, []
    rows = Handover.objects.filter(request_id=request_id, accepted_at__isnull=False).order_by("number")
    for state, shares, begun, ended, returned in rows.values_list(
        "state", "shares", "accepted_at", "ended_at", "returned"
    ):
        if state in machine.IN_FORCE:
            until = until if shares == Handover.Shares.EVERYTHING else begun
        elif returned in APART and begun is not None and ended is not None:
            between.append((begun, ended + TO_THE_MINUTE))
    sent = next_doors(request_id) if with_next_doors else []
    if sent and (until is None or until < sent[-1].at + TO_THE_MINUTE):
        until = sent[-1].at + TO_THE_MINUTE
    return Spans(until, tuple(between))


def sent_onward_alone(request_id: UUID) -> bool:
    """Whether the student sent it on to the next door with nothing of what was said before. A later door opens no more
    than that one could."""
    return any(one.shares == NextDoor.Shares.ONWARD for one in next_doors(request_id))


def last_number(request: ContactRequest) -> int:
    """The number of the last message; 0 when there is none."""
    newest = request.messages.order_by("-number").values_list("number", flat=True).first()
    return newest or 0


def unread() -> QuerySet[ConversationMessage]:
    """What students wrote, nobody who answers has opened, and whoever has the request may open (`open_messages`): what
    they keep apart, or did not send along to the next door, waits for nobody.
    """
    closed = {"request_id": OuterRef("request_id"), "open_after__gte": OuterRef("number")}
    return ConversationMessage.objects.filter(
        ~Exists(Handover.objects.filter(state__in=machine.IN_FORCE, **closed)),
        ~Exists(NextDoor.objects.filter(to_role__isnull=False, **closed)),
        sender__in=TO_US,
        seen_at__isnull=True,
        is_apart=False,
    )


def is_unread(request: ContactRequest) -> bool:
    """Whether something the student wrote still waits to be opened by whoever has it."""
    return unread().filter(request=request).exists()


def written_since(handover: Handover) -> QuerySet[ConversationMessage]:
    """What was written to and by the one who took it over, since they did."""
    after = handover.accepted_after if handover.accepted_after is not None else handover.numbered
    return ConversationMessage.objects.filter(
        request_id=handover.request_id, number__gt=after, is_apart=False
    )


def unread_since(handover: Handover) -> QuerySet[ConversationMessage]:
    """Of what was written since, what the student wrote and the one who took it over has not opened."""
    return written_since(handover).filter(sender__in=TO_US, seen_at__isnull=True)


# --- who is tied to which case ----------------------------------------------------------------------------


def ties(account_id: UUID, doors: frozenset[Door]) -> list[QuerySet[Any, Any]]:
    """What the walls must know beside doors and grants: what is offered to somebody, what they stepped aside from or
    were kept out of, and whose student said no to them.
    """
    offered = Handover.objects.filter(offered_to(account_id, doors))
    recused = Recusal.objects.filter(account_id=account_id, undone_at__isnull=True)
    return [
        offered.values_list("request__case_key_id", Value("offered", CharField())),
        recused.values_list("request__case_key_id", Value("recused", CharField())),
        refusals_of(account_id).values_list("request__case_key_id", Value("refused", CharField())),
        outsiders(account_id),
    ]


def offered_to(account_id: UUID, doors: frozenset[Door]) -> Q:
    """The offers that wait for this person's answer: to them, or to a role of theirs; not declined by them. A role's
    is none of theirs where the student said no to them.
    """
    at = Q(pk__isnull=True)
    for role_id, school_id in doors:
        at |= Q(to_role_id=role_id, to_school_id=school_id)
    declined = HandoverDecline.objects.filter(handover_id=OuterRef("pk"), account_id=account_id)
    refused = refusals_of(account_id).filter(request_id=OuterRef("request_id"))
    mine = Q(to_account_id=account_id) | Q(~Exists(refused), to_account__isnull=True)
    return at & mine & Q(~Exists(declined), state="offered") & ~Q(from_account_id=account_id)


def apart_from(request_id: UUID) -> frozenset[UUID]:
    """Who has stepped aside from a request, or was kept out of it by its student: nothing about it reaches them."""
    return frozenset(account_id for (account_id,) in worded.ask(_apart_from, request_id, kept=(today(),)))


def _apart_from(request_id: UUID, _day: date) -> QuerySet[Recusal, Any]:
    rows = Recusal.objects.filter(request_id=request_id, undone_at__isnull=True).values_list("account_id")
    return rows.union(*staff_at_home(request_id))


def said_no_to(request_id: UUID) -> frozenset[UUID]:
    """The adults to whom the student said no, before or after they had taken the request over, and whom they have not
    chosen since."""
    rows = worded.ask(_said_no_to, request_id)
    return frozenset(who for took, asked in rows if (who := took or asked) is not None)


def _said_no_to(request_id: UUID) -> QuerySet[Handover, Any]:
    return said_no().filter(request_id=request_id).values_list("accepted_by_id", "to_account_id")


def refusals_of(account_id: UUID) -> QuerySet[Handover]:
    """The handovers of whose request the student has said no to this person (`said_no_to`)."""
    asked = Q(accepted_by_id=account_id) | Q(accepted_by__isnull=True, to_account_id=account_id)
    return said_no().filter(asked)


def kept_out(request_id: UUID) -> frozenset[UUID]:
    """Whose a request cannot be, and who is not told of it: whoever stepped aside, and whoever the student said no
    to."""
    return apart_from(request_id) | said_no_to(request_id)


def said_no_by_name(request_id: UUID) -> frozenset[UUID]:
    """Whom the student themselves keeps out, and knows of: said no to in a handover, or when they knocked. Never who
    stepped aside by their own word."""
    theirs = Recusal.objects.filter(request_id=request_id, by_student=True, undone_at__isnull=True)
    return said_no_to(request_id) | frozenset(theirs.values_list("account_id", flat=True))


def said_no() -> QuerySet[Handover]:
    """The handovers whose receiver (`said_no_to_id`: who took it over, else the one who was asked by name; nobody of a
    role that only was asked) the student said no to, and has not chosen since: neither agreed
    to have them again, nor said no to somebody else where the page said that this one answers then. Students' acts are
    known to the minute; of two in one the no to the later handover was first.
    """
    others = Handover.objects.filter(request_id=OuterRef("request_id"))
    again = Q(to_account_id=OuterRef("said_no_to_id")) | Q(accepted_by_id=OuterRef("said_no_to_id"))
    agreed = others.filter(again, number__gt=OuterRef("number"), state__in=("offered", *machine.IN_FORCE))
    later = Q(ended_at__gt=OuterRef("ended_at")) | Q(
        ended_at=OuterRef("ended_at"), number__lt=OuterRef("number")
    )
    returned = others.filter(later, from_account_id=OuterRef("said_no_to_id"), state="refused")
    whom = Coalesce("accepted_by_id", "to_account_id", output_field=UUIDField())
    return Handover.objects.annotate(said_no_to_id=whom).filter(
        ~Exists(agreed.exclude(agreement=Handover.Agreement.NONE)),
        ~Exists(returned.filter(accepted_at__isnull=False)),
        state="refused",
        said_no_to_id__isnull=False,
    )


# --- who can be offered it ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """A person at one of their posts, or (account_id None) everybody of a role at a school.

    `same_circle`: one duty of secrecy with the one who offers.
    """

    account_id: UUID | None
    name: str
    role_id: UUID
    role_names: dict[str, str]
    school_id: UUID
    school_name: str
    same_circle: bool
    profession: str = ""
    is_here: bool = True  # at the door it would be given on from
    back_on: date | None = None  # away: the first day they are back

    @property
    def door(self) -> Door:
        return self.role_id, self.school_id


@dataclass(frozen=True, slots=True)
class Choices:
    """People and roles, the same circle first, then the same school, then by name; and how the offerer's law opens.

    `away`: who could be asked, were they there; nobody finds them here.
    """

    people: tuple[Choice, ...]
    roles: tuple[Choice, ...]
    sharing: Sharing | None
    away: tuple[Choice, ...] = ()

    def find(self, account_id: UUID | None, role_id: UUID | None, school_id: UUID | None) -> Choice | None:
        """The choice that is meant; of a person's several posts the one that stands nearest."""
        pool = self.roles if account_id is None else self.people
        fits = (
            one
            for one in pool
            if one.account_id == account_id
            and role_id in (None, one.role_id)
            and school_id in (None, one.school_id)
        )
        return next(fits, None)


def choices(actor: Actor, request: ContactRequest) -> Choices:
    """Whom `actor` could offer the request to today. Gone or aside: not there. Away: apart, with a day."""
    everybody, aside, roster, day = seats(), apart_from(request.pk), roster_now(), today()
    is_open = portal().is_open
    own_door = (request.role_id, request.school_id)
    at_own = [seat for seat in everybody if (seat.role_id, seat.school_id) == own_door]
    own = next((seat for seat in at_own if seat.account_id == actor.id), at_own[0] if at_own else None)
    if own is None:
        return Choices((), (), None)
    others = [seat for seat in everybody if seat.account_id != actor.id and seat.account_id not in aside]
    here = [seat for seat in others if not roster.is_away(seat.account_id, day)]
    people = [_person(seat, own) for seat in here]
    away = [
        replace(_person(seat, own), back_on=back)
        for seat in others
        if roster.is_away(seat.account_id, day)
        and (back := roster.back_on(seat.account_id, seat.role_id, seat.school_id, day, is_open=is_open))
    ]
    roles = _roles(here, own)
    return Choices(_sorted(people, own), _sorted(roles, own), own.sharing, _sorted(away, own))


def _person(seat: Seat, own: Seat) -> Choice:
    return Choice(
        seat.account_id, seat.name, seat.role_id, seat.role_names, seat.school_id, seat.school_name,
        own.shares_with(seat), seat.profession, seat.school_id == own.school_id,
    )  # fmt: skip


def _roles(here: list[Seat], own: Seat) -> list[Choice]:
    """Doors with somebody behind them; in the circle when everybody there is. Not one's own: let go of it instead."""
    doors: dict[Door, list[Seat]] = {}
    for seat in here:
        if (seat.role_id, seat.school_id) != (own.role_id, own.school_id):
            doors.setdefault((seat.role_id, seat.school_id), []).append(seat)
    return [
        Choice(
            None, "", role_id, found[0].role_names, school_id, found[0].school_name,
            all(own.shares_with(seat) for seat in found), found[0].profession, school_id == own.school_id,
        )
        for (role_id, school_id), found in doors.items()
    ]  # fmt: skip


def _sorted(found: list[Choice], own: Seat) -> tuple[Choice, ...]:
    def far(one: Choice) -> tuple[bool, bool, str, str]:
        return not one.same_circle, one.school_id != own.school_id, one.name, one.school_name

    return tuple(sorted(found, key=far))


def who_may_answer(handover: Handover) -> list[UUID]:
    """Who could still say yes: the person, or everybody who holds a post at that door today or stands in there, who
    has neither declined nor stepped aside. Of a role nobody to whom the student said no."""
    door = (handover.to_role_id, handover.to_school_id)
    day, roster = today(), roster_now()
    posts = Post.objects.filter(held_on(day), role_id=door[0], school_id=door[1], account__is_active=True)
    there = {*posts.values_list("account_id", flat=True), *roster.present(*door, day)}
    no = set(handover.declines.values_list("account_id", flat=True)) | apart_from(handover.request_id)
    if handover.to_account_id is not None:
        there &= {handover.to_account_id}
    else:
        no |= said_no_to(handover.request_id)
    return sorted(there - no - {handover.from_account_id})


def here_today(account_ids: Iterable[UUID], roster: Roster | None = None) -> list[UUID]:
    """Those of them who are not away; all of them when all are."""
    known = roster or roster_now()
    ids = list(account_ids)
    return [one for one in ids if not known.is_away(one, today())] or ids


# --- what stands ------------------------------------------------------------------------------------------


def live_handover(request_id: UUID) -> Handover | None:
    """The one that is offered, or accepted and waiting for the first contact."""
    return next((one for one in chain(request_id) if one.state in machine.LIVE), None)


def standing_handover(request_id: UUID) -> Handover | None:
    """The one that the student's no is about."""
    return standing_among(request_id, chain(request_id))


def standing_among(request_id: UUID, known: Sequence[Handover]) -> Handover | None:
    """The same, of its whole chain. None of those from before the student sent it on to the next door."""
    sent = next_doors(request_id) if known else []
    over = sent[-1].handovers if sent else 0
    return machine.standing([one for one in known if one.number > over])


def next_doors(request_id: UUID) -> list[NextDoor]:
    """Where the student sent a request after a promise broke, the latest last. Two are never of one minute: the
    promise of the first has to break between them."""
    rows = NextDoor.objects.filter(request_id=request_id, to_role__isnull=False)
    sent = rows.select_related("from_role", "to_role").order_by("at")
    return list(rights.ask(("next doors", request_id), lambda: tuple(sent)))


def promise_of_offer(request_id: UUID) -> Promise | None:
    """What was promised with the offer that waits for an answer."""
    offered = Handover.objects.filter(request_id=request_id, state="offered").values("promise_id")
    return Promise.objects.filter(pk__in=offered, ended_at__isnull=True).first()


def handover_in_force(request_id: UUID) -> Handover | None:
    """The one by which somebody has it (or had it last): what was offered since and came to nothing changes nothing."""
    return next((one for one in reversed(chain(request_id)) if one.state in machine.IN_FORCE), None)


def newest_handover(request_id: UUID) -> Handover | None:
    return next(reversed(chain(request_id)), None)


def offer_to(actor: Actor, request_id: UUID) -> Handover | None:
    """The offer of this request that waits for the actor's own answer."""
    if actor.kind != "person" or actor.id is None:
        return None
    return _told().filter(offered_to(actor.id, actor.posts), request_id=request_id).first()


def clocks_of_offers(actor: Actor, request_ids: Iterable[UUID]) -> dict[UUID, Promise]:
    """By request, the promise of the offer that waits for the actor's answer. One query."""
    if actor.kind != "person" or actor.id is None:
        return {}
    rows = Handover.objects.filter(offered_to(actor.id, actor.posts), request_id__in=list(request_ids))
    return {one.request_id: one.promise for one in rows.select_related("promise").defer("reason", "summary")}


def _told() -> QuerySet[Handover]:
    """With everything that is said of one, and nothing sealed."""
    names = (
        "from_account",
        "from_role",
        "from_school",
        "to_account",
        "to_role",
        "to_school",
        "accepted_by",
        "promise",
    )
    return Handover.objects.select_related(*names).defer("reason", "summary")


def chain(request_id: UUID) -> list[Handover]:
    """Every handover of a request, oldest first. The caller has shown that the reader may ask; reasons stay sealed."""
    return list(rights.ask(("chain", request_id), lambda: _chain(request_id)))


def _chain(request_id: UUID) -> Sequence[Handover]:
    """Most requests are never handed over: that is asked first, as the rest is eight tables."""
    if not Handover.objects.filter(request_id=request_id).exists():
        return ()
    return tuple(_told().filter(request_id=request_id).order_by("number"))


@dataclass(frozen=True, slots=True)
class Offered:
    """What somebody offered, for their own list: which number, to whom, and what became of it. Opens nothing."""

    handover: Handover
    number: str
    due_at: datetime


def offered_by(actor: Actor) -> Sequence[Offered]:
    """What the actor offered in the last 30 days, newest first; also what is at another's door by now."""
    if actor.kind != "person" or actor.id is None:
        return []
    since = clock.now() - REMEMBERED
    rows = _told().filter(from_account_id=actor.id, offered_at__gte=since).select_related("request")
    rows = rows.exclude(request__recusals__in=_asides(actor.id)).order_by("-offered_at", "-pk")
    return [Offered(one, one.request.case_number, one.promise.due_at) for one in rows[:50]]


def given_away(actor: Actor, request_id: UUID) -> Handover | None:
    """The actor's own handover of a request that somebody took over, of the last 30 days: who has it since then. None
    for everybody else, and for whoever stepped aside.
    """
    if actor.kind != "person" or actor.id is None:
        return None
    since = clock.now() - REMEMBERED
    rows = _told().filter(request_id=request_id, from_account_id=actor.id, state__in=machine.IN_FORCE)
    rows = rows.filter(offered_at__gte=since).exclude(request__recusals__in=_asides(actor.id))
    newest = rows.select_related("request").order_by("-number").first()
    sent = next_doors(request_id) if newest else []
    return None if newest is None or (sent and newest.number <= sent[-1].handovers) else newest


def _asides(account_id: UUID) -> QuerySet[Recusal]:
    return Recusal.objects.filter(account_id=account_id, undone_at__isnull=True)
