"""What a student wished when they knocked: for whom it is first, who must not get it, in which language, what it is
about. Kept in the transaction of the knock; opened only with a reading of the conversation.

Who must not get it stands among those who stepped aside (`Recusal.by_student`): the walls, every list, count, message
and handover know these already. Whoever works at the student's own school is no more part of a knock outside it, by
their posts of today, those they may stand in for, or by leading it (`outsiders`), unless the student is talking with
them already.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value

from kernel.audit.operations import Reading
from kernel.crypto.fields import Sealed
from kernel.people.models import Account
from services.contact.machine import IN_FORCE
from services.contact.models import ContactRequest, Handover, NextDoor, Recusal, Wish
from services.contact.rules import Knock
from tenants.presence.queries import accounts, deputies_at, roster_now, stood_in_at
from tenants.setup.actors import held_on, today
from tenants.setup.models import Lead, Post
from tenants.setup.queries import portal
from tenants.setup.topics import GRAVE


@dataclass(frozen=True, slots=True)
class Wished:
    """A wish, opened. "" and None: not said."""

    person: str = ""
    topic: str = ""
    spoken: str = ""
    interpreter: bool = False
    say_instead: str = ""
    home_school: str = ""

    def __repr__(self) -> str:
        return "<Wished>"


def keep(request: ContactRequest, said: Knock) -> None:
    """Beside the new request: what was wished, and who is kept out of it."""
    if any((said.person_id, said.topic, said.spoken, said.say_instead, said.home_school_id)):
        Wish.objects.create(
            request=request,
            person_id=said.person_id,
            home_school_id=said.home_school_id,
            topic=said.topic or None,
            spoken=said.spoken or None,
            interpreter=said.interpreter,
            say_instead=said.say_instead or None,
            is_grave=said.topic in GRAVE,
        )
    for account_id in said.not_them:
        Recusal.objects.create(
            request=request, account_id=account_id, had_it=False, by_student=True, at=request.opened_at
        )


def opened(request: ContactRequest, proof: Reading) -> Wished:
    """What was wished, for whoever the reading lets read the conversation."""
    row: Wish | None = getattr(request, "wish", None)
    if row is None:
        return Wished()
    return Wished(
        person=row.person.name if row.person else "",
        topic=_open(row.topic, proof),
        spoken=_open(row.spoken, proof),
        interpreter=row.interpreter,
        say_instead=_open(row.say_instead, proof),
        home_school=row.home_school.name if row.home_school else "",
    )


def _open(sealed: Sealed | None, proof: Reading) -> str:
    return sealed.open(proof) if sealed else ""


# --- for whom it is first ---------------------------------------------------------------------------------------


def person_of(request_id: UUID) -> UUID | None:
    """For whom it is first, as the student asked; none of the words."""
    return Wish.objects.filter(request_id=request_id).values_list("person_id", flat=True).first()


@dataclass(frozen=True, slots=True)
class InTheOpen:
    """What everybody at the door sees of a wish: the short name of the one it is for first ("": nobody), and whether
    somebody may be in danger by what the student chose that it is about."""

    person: str = ""
    is_grave: bool = False


def in_the_open(request_ids: Iterable[UUID]) -> dict[UUID, InTheOpen]:
    """By request, for a list at their door. One query where nothing is said, else two.

    For whom it is first: not where the student has sent it on to the next. That somebody may be in danger: not where
    what it is about is closed to whoever answers there, because the student sent it on, or a helper handed it over,
    with less than everything.
    """
    says = Q(person__isnull=False) | Q(is_grave=True)
    saying = list(
        Wish.objects.filter(says, request_id__in=list(request_ids)).values_list("request_id", flat=True)
    )
    if not saying:
        return {}
    sent = NextDoor.objects.filter(request_id=OuterRef("request_id"), to_role__isnull=False)
    given = Handover.objects.filter(request_id=OuterRef("request_id"), state__in=IN_FORCE)
    rows = Wish.objects.filter(request_id__in=saying).select_related("person")
    rows = rows.annotate(
        is_sent=Exists(sent),
        is_closed=Exists(sent.exclude(shares=NextDoor.Shares.EVERYTHING))
        | Exists(given.exclude(shares=Handover.Shares.EVERYTHING)),
    )
    return {
        row.request_id: InTheOpen(
            row.person.get_short_name() if row.person and not row.is_sent else "",
            row.is_grave and not row.is_closed,
        )
        for row in rows
    }


def first_of(
    request: ContactRequest, people: list[Account], aside: frozenset[UUID], until: date | None
) -> list[Account]:
    """Whom to tell of a new knock, among those who may answer: the one the student wants, when they are there before
    the promise runs out; else who stands in for them; else all.
    """
    wanted = person_of(request.pk)
    if wanted is None or wanted in aside:
        return people
    roster, day, door = roster_now(), today(), (request.role_id, request.school_id)
    back = roster.back_on(wanted, *door, day, is_open=portal().is_open)
    if back is not None and back <= (until or day):
        return accounts([wanted]) or people
    posts = [post for post in roster.holders(*door, day) if post.account_id == wanted]
    deputy = next((who for post in posts if (who := roster.deputy(post, day))), None)
    return (accounts([deputy]) if deputy and deputy not in aside else []) or people


# --- nobody of the student's own school -------------------------------------------------------------------------


def outsiders(account_id: UUID) -> QuerySet[Any, Any]:
    """The cases that went outside a school where this person has a post today, may stand in for who has one, or which
    they lead by name: none of theirs. Rows for the walls.
    """
    return _from_home(account_id).values_list("request__case_key_id", Value("recused", CharField()))


def _from_home(account_id: UUID) -> QuerySet[Wish]:
    """The wishes for somebody outside a school of this person's, but of whom they talk with already."""
    posts = Post.objects.filter(held_on(today()), account_id=account_id).values("school_id")
    led = Lead.objects.filter(account_id=account_id, school__isnull=False).values("school_id")
    at_home = Q(home_school_id__in=posts) | Q(home_school_id__in=stood_in_at(account_id))
    return Wish.objects.filter(at_home | Q(home_school_id__in=led)).exclude(request__taken_by_id=account_id)


def hidden_from(account_id: UUID) -> Q:
    """The condition that a request is not there for this person, by the student's own word."""
    asides = Recusal.objects.filter(account_id=account_id, undone_at__isnull=True).values("request_id")
    return Q(pk__in=asides) | Q(pk__in=_from_home(account_id).values("request_id"))


def hidden_at(account_id: UUID, role_id: UUID, school_id: UUID, _day: date) -> QuerySet[Any, Any]:
    """The ids of those at one door that are open, worded on a day (kernel.worded)."""
    at_door = ContactRequest.objects.filter(hidden_from(account_id), role_id=role_id, school_id=school_id)
    return at_door.filter(closed_at__isnull=True).values_list("pk")


def hidden_ids(account_id: UUID) -> QuerySet[Any, Any]:
    """The ids of those requests."""
    return ContactRequest.objects.filter(hidden_from(account_id)).values("pk")


def from_outside(request_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those whose student wanted somebody outside their own school."""
    rows = Wish.objects.filter(request_id__in=request_ids, home_school__isnull=False)
    return frozenset(rows.values_list("request_id", flat=True))


def staff_at_home(request_id: UUID) -> tuple[QuerySet[Any, Any], ...]:
    """Who works at the school that a student wanted nobody of, who may stand in there, and who leads it: ids of
    accounts.
    """
    home = Wish.objects.filter(request_id=request_id, home_school__isnull=False).values("home_school_id")
    taken = ContactRequest.objects.filter(pk=request_id, taken_by__isnull=False).values("taken_by_id")
    posts = Post.objects.filter(held_on(today()), school_id__in=home).exclude(account_id__in=taken)
    leads = Lead.objects.filter(school_id__in=home).exclude(account_id__in=taken)
    deputies = deputies_at(home).exclude(account_id__in=taken)
    return (
        posts.values_list("account_id"),
        deputies.values_list("account_id"),
        leads.values_list("account_id"),
    )
