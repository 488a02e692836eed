"""Who takes a request over that nobody answers, by the roster: somebody of its role and circle, and never nobody."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count

from kernel.actor import MACHINE
from kernel.errors import Invalid
from kernel.people.models import Account
from kernel.tenancy import require_current
from services.contact.handover_queries import kept_out
from services.contact.models import ContactAttempt, ContactRequest
from services.contact.whom import last_day
from services.promises.models import Promise
from services.promises.queries import present, promises_of
from tenants.presence.presence import Roster
from tenants.presence.queries import accounts, roster_now
from tenants.setup import operations as setup
from tenants.setup.actors import today
from tenants.setup.leaving import TIME_TO_FINISH as TIME_TO_FINISH
from tenants.setup.queries import portal


def leaves_nobody(request: ContactRequest, account_id: UUID) -> bool:
    """Whether nobody is left to answer it should this person step aside: nobody else is at its door before its promise
    runs out (or one given today would), nor stands in for anybody there. Asks, and gives nothing."""
    aside = kept_out(request.pk) | {account_id}
    return _has_nobody(request, roster_now(), aside, _waits(request))


def left_without_anybody(request: ContactRequest) -> bool:
    """Whether it waits, and everybody who could answer it has stepped aside, is kept out or was told no: for its
    student's page. A door where nobody is for other reasons says so itself."""
    if request.taken_by_id is not None or not request.is_open:
        return False
    aside = kept_out(request.pk)
    waits = _waits(request) if aside else None
    return waits is not None and _has_nobody(request, portal().roster, aside, waits)


def _waits(request: ContactRequest) -> Promise | None:
    """The promise that its student waits for."""
    promise = present(promises_of(request.pk))
    return promise if promise and promise.answered_at is None and promise.ended_at is None else None


def _has_nobody(
    request: ContactRequest, everybody: Roster, aside: frozenset[UUID], waits: Promise | None
) -> bool:
    house, day = portal(), today()
    door = (request.role_id, request.school_id)
    zone = ZoneInfo(require_current().timezone)
    last = waits.due_at.astimezone(zone).date() if waits else last_day(house, door[1], door[0])
    if somebody_until(everybody, door, last, aside):
        return False
    deputies = (everybody.deputy(post, day) for post in everybody.holders(*door, day))
    return all(who is None or who in aside for who in deputies)


def somebody_until(everybody: Roster, door: tuple[UUID, UUID], last: date, aside: frozenset[UUID]) -> bool:
    """Whether anybody but these is at the (role, school) today or on a day until `last`; closed days count as none."""
    day, is_open = today(), portal().is_open
    return bool(everybody.first_day_with_somebody(*door, day, max(last, day), is_open=is_open, apart=aside))


def who_takes_over(request: ContactRequest) -> Account | None:
    """Not the one who let it break: their substitute who stands in at the door; else whoever of the door is there
    with the fewest open requests; else the first substitute of anybody at the door, who gets a post there for
    long enough to finish it. Nobody who has stepped aside, to whom the student said no, or who let it break before.
    None: nobody is there.
    """
    everybody, day = roster_now(), today()
    before, aside = request.taken_by_id, kept_out(request.pk) | let_it_break(request)
    door = (request.role_id, request.school_id)
    posts = everybody.holders(*door, day)
    pool = [who for who in everybody.present(*door, day) if who != before and who not in aside]
    own = [
        who for post in posts if post.account_id == before and (who := everybody.deputy(post, day)) in pool
    ]
    here = accounts([*own, *_least_burdened_first(pool)])
    if here:
        return here[0]
    deputies = (everybody.deputy(post, day) for post in posts)
    substitutes = accounts(who for who in deputies if who and who != before and who not in aside)
    return next((who for who in substitutes if gets_a_post(who, request, day + TIME_TO_FINISH)), None)


def let_it_break(request: ContactRequest) -> frozenset[UUID]:
    """From whom it went by itself since its student was last reached or asked again: it does not come back to them by
    itself. Each promise that broke says it: the request knows only who has it now.
    """
    known = promises_of(request.pk)
    reached = Promise.Outcome.REACHED
    attempts = request.attempts.filter(outcome=ContactAttempt.Outcome.REACHED)
    moments = [
        *(one.answered_at for one in known if one.outcome == reached and one.answered_at),
        *attempts.values_list("recorded_at", flat=True),
        *([request.closed_before] if request.closed_before else []),
    ]
    since = max(moments, default=request.opened_at)
    return frozenset(
        one.went_from_id for one in known if one.went_from_id and one.broken_at and one.broken_at > since
    )


def gets_a_post(who: Account, request: ContactRequest, last_day: date) -> bool:
    """At its door, until that day. False where set-up refuses it: a closed school or role, a neighbour's role without
    an agreement."""
    try:
        setup.give_post(
            account_id=who.pk, role_id=request.role_id, school_id=request.school_id, ends_on=last_day, by=MACHINE
        )  # fmt: skip
    except Invalid:
        return False
    return True


def _least_burdened_first(pool: list[UUID]) -> list[UUID]:
    rows = ContactRequest.objects.filter(taken_by_id__in=pool, closed_at__isnull=True)
    counted = dict(rows.values_list("taken_by_id").annotate(n=Count("pk")))
    return sorted(pool, key=lambda who: counted.get(who, 0))
