"""What there is to review, and whether it was. A month can be reviewed once it is over."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from kernel.actor import Actor
from kernel.audit.models import Entry, Link, ReadEntry
from kernel.crypto import keys
from kernel.people.models import Account
from kernel.permissions import allowed
from kernel.tenancy import require_current
from services.contact.models import ContactRequest
from services.contact.operations.reading import WHY
from services.logreview.models import LogReview
from services.logreview.outliers import Outlier, Read, numbers, outliers, sample
from tenants.setup.actors import held_on, today
from tenants.setup.models import Employer, Post

BEFORE_TAKING = WHY["free"]


def zone() -> ZoneInfo:
    return ZoneInfo(require_current().timezone)


def last_month() -> date:
    """The first day of the newest month that is over, where the municipality is."""
    return (today().replace(day=1) - timedelta(days=1)).replace(day=1)


def _bounds(month: date) -> tuple[datetime, datetime]:
    """The month as instants, half-open."""
    after = (month + timedelta(days=32)).replace(day=1)
    begin, end = (datetime(day.year, day.month, 1, tzinfo=zone()) for day in (month, after))
    return begin, end


def _of(employer_id: UUID | None) -> Q:
    """Posts of an employer: the post's own, else that of its role. None: those of which no employer is known."""
    if employer_id is None:
        return Q(employer=None, role__employer=None)
    return Q(employer_id=employer_id) | Q(employer=None, role__employer_id=employer_id)


#: What somebody typed themselves and has not sent is nobody's secret from them.
OWN_DRAFT = "draft"
#: How long after a conversation was opened its pictures may still be on their way to the page.
A_PAGE = timedelta(minutes=10)


def reads_of(employer_id: UUID, month: date) -> list[Read]:
    """The reads of content by people who held a post of this employer at some time in the month, in that role."""
    begin, end = _bounds(month)
    last_day = (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    held = Post.objects.filter(_of(employer_id), starts_on__lte=last_day)
    posts = set(
        held.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=month)).values_list("account_id", "role_id")
    )
    rows = ReadEntry.objects.filter(
        at__gte=begin, at__lt=end, actor_kind="person", actor_id__in={account for account, _role in posts}
    ).exclude(what=OWN_DRAFT)
    people = {account for account, _role in posts}
    found = [
        Read(pk, person, role, case, at, why)
        for pk, person, role, case, at, why in _without_pictures_of_a_page(rows)
        if person is not None and ((person, role) in posts or (role is None and person in people))
    ]
    taken = _taken({read.case for read in found if read.why == BEFORE_TAKING}, people)
    return [
        replace(read, untaken=read.why == BEFORE_TAKING and (read.person, read.case) not in taken)
        for read in found
    ]


def _without_pictures_of_a_page(rows: QuerySet[ReadEntry]) -> Iterator[tuple[Any, ...]]:
    """A page fetches each picture that it shows, and each is in the log: opened with the conversation, all of it is one
    read. Files that were fetched alone stay.
    """
    opened: dict[tuple[Any, ...], datetime] = {}
    fields = ("id", "actor_id", "role_id", "case_key_id", "at", "why", "what")
    for *row, what in rows.order_by("at", "id").values_list(*fields):
        who, at = (row[1], row[3], row[5]), row[4]
        if what == "attachment" and who in opened and at - opened[who] <= A_PAGE:
            continue
        if what != "attachment":
            opened[who] = at
        yield tuple(row)


def _taken(cases: set[UUID], people: set[UUID]) -> set[tuple[UUID, UUID]]:
    """(person, case) of whoever has taken one of these at any time."""
    requests = dict(ContactRequest.objects.filter(case_key_id__in=cases).values_list("pk", "case_key_id"))
    entries = Entry.objects.filter(
        verb="contact.take", actor_id__in=people, object_id__in=[str(pk) for pk in requests]
    )
    rows = entries.values_list("actor_id", "object_id")
    return {(person, requests[UUID(pk)]) for person, pk in rows if person is not None}


def lot_of(employer_id: UUID, month: date) -> Callable[[bytes], bytes]:
    """The lots of a month: from the municipality's `audit` key, so that nobody can draw others, nor foresee them."""

    def draw(what: bytes) -> bytes:
        return keys.keyed_hash(keys.AUDIT, f"lot\x00{employer_id}\x00{month}\x00".encode() + what)

    return draw


@dataclass(frozen=True, slots=True)
class Month:
    """What the reviewer of one employer sees of a month. `number` gives people their number in it."""

    employer: Employer
    month: date
    reads: int
    people: int
    sample: list[Read]
    outliers: list[Outlier]
    number: dict[UUID, int]
    signed: LogReview | None


def standing(actor: Actor, employer_id: UUID) -> LogReview | None:
    """The row that makes `actor` this employer's reviewer; None for everybody else."""
    row = LogReview.objects.filter(employer_id=employer_id, month=None).select_related("employer").first()
    return row if row is not None and allowed(actor, "logreview.review", row) else None


def month_of(actor: Actor, employer_id: UUID, month: date) -> Month | None:
    """The month for its reviewer; None for everybody else, and for a month that is not over."""
    row = standing(actor, employer_id)
    if row is None or month > last_month():
        return None
    reads, draw = reads_of(employer_id, month), lot_of(employer_id, month)
    number = numbers(reads, draw)
    return Month(
        employer=row.employer,
        month=month,
        reads=len(reads),
        people=len(number),
        sample=sample(reads, draw),
        outliers=outliers(reads, number, zone()),
        number=number,
        signed=LogReview.objects.filter(employer_id=employer_id, month=month).first(),
    )


def log_numbers(ids: list[int]) -> dict[int, int]:
    """Numbers in the log's chain by id of the read: by them whoever may look can find the row."""
    return dict(Link.objects.filter(kind=Link.Kind.READ, row_id__in=ids).values_list("row_id", "number"))


@dataclass(frozen=True, slots=True)
class State:
    """Whether the log of one employer is reviewed, and by whom."""

    employer: Employer
    reviewer: Account | None
    signed: LogReview | None
    is_mine: bool


def states(actor: Actor, month: date) -> list[State]:
    """Every employer for leads and administrators; for a reviewer those they review."""
    rows = LogReview.objects.filter(Q(month=None) | Q(month=month)).select_related("reviewer")
    of_employer: dict[UUID, LogReview] = {}
    signed: dict[UUID, LogReview] = {}
    for one in rows:
        (of_employer if one.month is None else signed)[one.employer_id] = one
    sees_all = allowed(actor, "logreview.see_states")
    found = []
    for employer in Employer.objects.order_by("name"):
        row = of_employer.get(employer.pk)
        mine = row is not None and allowed(actor, "logreview.review", row)
        if sees_all or mine:
            found.append(State(employer, row.reviewer if row else None, signed.get(employer.pk), mine))
    return found


def without_employer() -> int:
    """People who hold a post today of which no employer is known: nobody reviews what they read."""
    posts = Post.objects.filter(held_on(today()), _of(None))
    return posts.values("account_id").distinct().count()


def possible_reviewers(employer_id: UUID) -> list[Account]:
    """Active people who hold no post of this employer: nobody reviews their own reads."""
    own = Post.objects.filter(held_on(today()), _of(employer_id)).values("account_id")
    return list(Account.objects.filter(is_active=True).exclude(pk__in=own).order_by("name"))
