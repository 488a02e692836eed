"""Questions about grants and openings: who was let into what. Reasons stay sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from kernel import clock
from kernel.actor import Actor
from kernel.permissions import allowed
from tenants.walls.cases import Case
from tenants.walls.facts import Seat, reader_of, seats, standing_grants, standing_openings, thing_of
from tenants.walls.models import ASKED_FOR, Grant, Opening
from tenants.walls.policy import Rows, rows_of


def rows_for(actor: Actor) -> Rows:
    """What a list of cases may hold for this actor. One query for a helper."""
    return rows_of(reader_of(actor))


def grants_of(actor: Actor, case: Case) -> list[Grant]:
    """Who may read the case now by a grant, for the one who has it; nobody else is told."""
    if not allowed(actor, "walls.give_grant", case):
        return []
    rows = standing_grants().filter(case_key_id=case.key).select_related("account").defer("reason")
    return list(rows.order_by("ends_at", "pk"))


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who could be let in: the post of theirs that stands nearest to the case."""

    seat: Seat
    same_circle: bool


def colleagues(actor: Actor, case: Case) -> tuple[Seat | None, list[Colleague]]:
    """The actor's own seat at the case's door, and everybody else who holds a post: the same circle first, then
    the same school, then by name. One query."""
    everybody = seats()
    door = (case.role, case.school)
    own = next(
        (one for one in everybody if one.account_id == actor.id and (one.role_id, one.school_id) == door),
        None,
    )
    if own is None:
        return None, []
    found: dict[UUID, tuple[tuple[bool, bool], Colleague]] = {}
    for seat in everybody:
        if seat.account_id == actor.id:
            continue
        far = (not own.shares_with(seat), seat.school_id != case.school)
        if seat.account_id not in found or far < found[seat.account_id][0]:
            found[seat.account_id] = (far, Colleague(seat, same_circle=not far[0]))
    ordered = sorted(found.values(), key=lambda one: (one[0], one[1].seat.name))
    return own, [colleague for _far, colleague in ordered]


def openings_for(actor: Actor) -> QuerySet[Opening]:
    """Openings the actor takes part in: asked for, to read, or to decide about; the newest first."""
    if actor.kind != "person":
        return Opening.objects.none()
    part = Q(asked_by_id=actor.id) | Q(reader_id=actor.id)
    if actor.is_administrator or None in actor.leads:
        part |= Q(pk__isnull=False)
    elif actor.leads:
        part |= Q(school_id__in=[school for school in actor.leads if school])
    rows = Opening.objects.filter(part).defer("reason", "untold_reason")
    return rows.select_related("role", "school", "reader", "asked_by", "confirmed_by").order_by(
        "-asked_at", "pk"
    )


def one_opening(actor: Actor, opening_id: UUID) -> Opening | None:
    return openings_for(actor).filter(pk=opening_id).first()


def waiting_for_a_second_person(actor: Actor) -> int:
    """How many openings this person can decide about now."""
    if not (actor.is_administrator or actor.leads):
        return 0
    asked = openings_for(actor).filter(
        ended_at__isnull=True, confirmed_at__isnull=True, asked_at__gt=clock.now() - ASKED_FOR
    )
    return asked.exclude(asked_by_id=actor.id).exclude(reader_id=actor.id).count()


def standing_opening(actor: Actor, case_key_id: UUID) -> Opening | None:
    """The opening under which this person may read the case now; the one that takes it out before the other."""
    mine = standing_openings().filter(case_key_id=case_key_id, reader_id=actor.id)
    rows = list(mine.select_related("asked_by", "confirmed_by", "role", "school"))
    return max(rows, key=lambda one: (one.is_extraction, one.ends_at), default=None)


def openings_told(case_key_id: UUID) -> Sequence[Opening]:
    """Openings of a case that its student is shown: confirmed, and not kept from them. Newest first."""
    rows = Opening.objects.filter(case_key_id=case_key_id, is_told=True, confirmed_at__isnull=False)
    return list(rows.defer("reason", "untold_reason").order_by("-confirmed_at", "pk"))


__all__ = [
    "colleagues",
    "grants_of",
    "one_opening",
    "openings_for",
    "openings_told",
    "rows_for",
    "standing_opening",
    "thing_of",
    "waiting_for_a_second_person",
]
