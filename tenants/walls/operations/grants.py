"""Let a colleague read one case, until a day; take it back."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.crypto.models import CaseKey
from kernel.errors import FieldError, Invalid, NotFound
from kernel.permissions import require
from kernel.tenancy import require_current
from tenants.setup.actors import today
from tenants.walls import cases, facts, notices, policy
from tenants.walls.cases import Case
from tenants.walls.facts import Seat, seats
from tenants.walls.models import LONGEST_GRANT, Grant

LONGEST_REASON = 1000


@transaction.atomic
def give_grant(
    *, by: Actor, case_key_id: UUID, account_id: UUID | None, basis: str, reason: str, last_day: date | None
) -> Grant:
    """Let a colleague read the case from now through a local day (30 days at most), with a reason.

    `basis` need (one secrecy circle), agreement (the student agrees; the reason says how), reason (where the law
    opens); whom the student said no to: agreement alone. Giving anew replaces the older grant. Raises NotFound (not
    at the case's door), NotAllowed (somebody else has it), Invalid (account, basis, reason, last_day).
    """
    case = _case_at_door(by, case_key_id)
    require(by, "walls.give_grant", case)
    now = clock.now()
    ends_at = _checked(by, case, account_id, basis, reason, last_day, now)
    if account_id is None or by.id is None:
        raise ValueError("both have accounts")
    standing = Grant.objects.filter(case_key_id=case.key, account_id=account_id, withdrawn_at__isnull=True)
    standing.update(withdrawn_at=now)
    grant = Grant.objects.create(
        case_key=CaseKey.objects.get(pk=case.key),
        account_id=account_id,
        given_by_id=by.id,
        basis=basis,
        reason=reason.strip(),
        given_at=now,
        ends_at=ends_at,
    )
    record(
        by=by,
        verb="walls.give_grant",
        kind=case.kind,
        object_id=case.object_id,
        grant=str(grant.pk),
        to=str(account_id),
        basis=basis,
        ends_at=ends_at.isoformat(),
    )
    notices.let_in(grant)
    return grant


@transaction.atomic
def withdraw_grant(*, by: Actor, grant_id: UUID) -> None:
    """The colleague reads no more, at once. Withdrawn already: nothing happens. Raises NotFound, NotAllowed."""
    grant = Grant.objects.filter(pk=grant_id).first()
    if grant is None:
        raise NotFound()
    case = cases.find("key", grant.case_key_id, lock=True)
    if grant.given_by_id != by.id:
        case = _case_at_door(by, grant.case_key_id)
    require(by, "walls.withdraw_grant", case, grant)
    grant = Grant.objects.select_for_update().get(pk=grant_id)
    if grant.withdrawn_at is None:
        grant.withdrawn_at = clock.now()
        grant.save(update_fields=["withdrawn_at"])
        record(
            by=by,
            verb="walls.withdraw_grant",
            kind=case.kind,
            object_id=case.object_id,
            grant=str(grant.pk),
            to=str(grant.account_id),
        )


@transaction.atomic
def end_grants(*, by: Actor, case_key_id: UUID) -> int:
    """The case is somebody else's from now on: whom the former one let in reads no more. Returns how many.

    The caller has locked the case and asked who may.
    """
    standing = Grant.objects.select_for_update().filter(case_key_id=case_key_id, withdrawn_at__isnull=True)
    ended = 0
    for grant in standing:
        case = cases.find("key", case_key_id)
        grant.withdrawn_at = clock.now()
        grant.save(update_fields=["withdrawn_at"])
        record(
            by=by,
            verb="walls.end_grant",
            kind=case.kind,
            object_id=case.object_id,
            grant=str(grant.pk),
            to=str(grant.account_id),
        )
        ended += 1
    return ended


def _case_at_door(by: Actor, case_key_id: UUID) -> Case:
    """The case, locked. What `by` does not answer for does not exist: NotFound."""
    case = cases.find("key", case_key_id, lock=True)
    if not policy.may_act(facts.reader_of(by), facts.thing_of(case, by)):
        raise NotFound()
    return case


def _checked(
    by: Actor,
    case: Case,
    account_id: UUID | None,
    basis: str,
    reason: str,
    last_day: date | None,
    now: datetime,
) -> datetime:
    """When the grant ends. Raises Invalid with every wrong field."""
    errors = []
    theirs = [seat for seat in seats(account_id=account_id) if seat.account_id != by.id]
    if not theirs:
        errors.append(FieldError("account", _("Choose a colleague from the list.")))
    if basis not in Grant.Basis.values:
        errors.append(FieldError("basis", _("Choose why you may share this.")))
    elif theirs:
        refused = _is_refused(case, theirs)
        if not _may_let_in(by, case, theirs, basis, refused):
            errors.append(FieldError("basis", _not_on_this_basis(by, case, basis, refused)))
    if not 3 <= len(reason.strip()) <= LONGEST_REASON:
        errors.append(FieldError("reason", _("Write why, in 3 to 1,000 characters.")))
    longest = today() + LONGEST_GRANT - timedelta(days=1)
    if last_day is None or not today() <= last_day <= longest:
        errors.append(FieldError("last_day", _("Choose a day from today, at most 30 days on.")))
    if errors or last_day is None:
        raise Invalid(errors)
    midnight = datetime.combine(last_day + timedelta(days=1), time(), ZoneInfo(require_current().timezone))
    return min(midnight, now + LONGEST_GRANT)


def _own_seat(by: Actor, case: Case) -> Seat:
    """The giver's own post at the case's door."""
    return seats(account_id=by.id, role_id=case.role, school_id=case.school)[0]


def _is_refused(case: Case, theirs: list[Seat]) -> bool:
    """Whether the student of the case has said no to whoever sits in these seats."""
    doors = frozenset((seat.role_id, seat.school_id) for seat in theirs)
    return facts.is_refused(theirs[0].account_id, doors, case)


def _may_let_in(by: Actor, case: Case, theirs: list[Seat], basis: str, refused: bool) -> bool:
    own = _own_seat(by, case)
    return any(
        policy.let_in(
            same_circle=own.shares_with(seat),
            reason_is_enough=own.sharing.by_reason,
            basis=basis,  # type: ignore[arg-type]  # checked against the choices by the caller
            refused=refused,
        )
        for seat in theirs
    )


def _not_on_this_basis(by: Actor, case: Case, basis: str, refused: bool) -> str:
    """What is wrong with this basis, and what would be right."""
    if refused:
        return _("The student said no to this person. Ask the student first.")
    if basis == Grant.Basis.NEED and _own_seat(by, case).sharing.by_reason:
        return _(
            "Another duty of secrecy applies to your colleague. Ask the student, or give the law's reason."
        )
    return _("Another duty of secrecy applies to your colleague. Ask the student first.")
