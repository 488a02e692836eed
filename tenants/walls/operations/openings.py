"""Open one case for one named person by two persons' word, for hours; end it."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import reading, record
from kernel.crypto.models import CaseKey
from kernel.errors import Conflict, FieldError, Invalid, NotFound
from kernel.permissions import allowed, require
from tenants.walls import cases, notices
from tenants.walls.cases import Case
from tenants.walls.facts import seats
from tenants.walls.models import Opening
from tenants.walls.operations.grants import LONGEST_REASON

KIND = "opening"


@transaction.atomic
def ask_opening(
    *,
    by: Actor,
    number: str,
    basis: str,
    scope: str,
    reason: str,
    reader_id: UUID | None,
    hours: int | None,
    is_told: bool = True,
    untold_reason: str = "",
) -> Opening:
    """Ask that the case of this number be opened for one helper, for 1 to 24 hours once a second person agrees.

    `reason` names the decision, the letter or the danger. Not `is_told`: the student is not shown it, and
    `untold_reason` names the law that says so. Opens nothing. Raises NotAllowed, Invalid with every wrong field.
    """
    require(by, "walls.ask_opening")
    case = _case_by_number(number)
    errors = _faults(case, basis, scope, reason, reader_id, hours, is_told, untold_reason)
    if errors or case is None or hours is None or reader_id is None:
        raise Invalid(errors)
    if by.id is None:
        raise ValueError("whoever works here has an account")
    opening = Opening.objects.create(
        case_key=CaseKey.objects.get(pk=case.key),
        case_number=case.number,
        role_id=case.role,
        school_id=case.school,
        basis=basis,
        scope=scope,
        reason=reason.strip(),
        reader_id=reader_id,
        asked_by_id=by.id,
        asked_at=clock.now(),
        hours=hours,
        is_told=is_told,
        untold_reason=None if is_told else untold_reason.strip(),
    )
    _record(by, "ask_opening", opening, basis=basis, scope=scope, reader=str(reader_id), told=is_told)
    notices.second_person_wanted(opening)
    return opening


def _case_by_number(number: str) -> Case | None:
    try:
        return cases.find("number", number)
    except NotFound:
        return None


def _faults(
    case: Case | None,
    basis: str,
    scope: str,
    reason: str,
    reader_id: UUID | None,
    hours: int | None,
    is_told: bool,
    untold_reason: str,
) -> list[FieldError]:
    faults = []
    if case is None:
        faults.append(FieldError("number", _("There is no case with this number. Check every sign.")))
    if basis not in Opening.Basis.values:
        faults.append(FieldError("basis", _("Choose what makes this lawful.")))
    if scope not in Opening.Scope.values:
        faults.append(FieldError("scope", _("Choose how much is opened.")))
    if not 3 <= len(reason.strip()) <= LONGEST_REASON:
        faults.append(FieldError("reason", _("Write why, in 3 to 1,000 characters.")))
    if not seats(account_id=reader_id):
        faults.append(FieldError("reader", _("Choose a helper from the list.")))
    if hours is None or not 1 <= hours <= 24:
        faults.append(FieldError("hours", _("Choose from 1 to 24 hours.")))
    if not is_told and not 3 <= len(untold_reason.strip()) <= LONGEST_REASON:
        faults.append(FieldError("untold_reason", _("Name the law that keeps this from the student.")))
    return faults


@transaction.atomic
def confirm_opening(*, by: Actor, opening_id: UUID) -> Opening:
    """The second person agrees: from now on the reader may read, for the hours asked for.

    Opens nothing to `by`. Raises NotFound, NotAllowed (asked for it, will read it, or answers for no promise
    there), Conflict (decided, ended or asked too long ago).
    """
    opening = _locked(by, opening_id, "confirm_opening")
    now = clock.now()
    if not opening.waits_at(now):
        raise Conflict(_("This is decided already, or was asked for too long ago."), code="decided")
    opening.confirmed_by_id, opening.confirmed_at = by.id, now
    opening.ends_at = now + timedelta(hours=opening.hours)
    opening.save(update_fields=["confirmed_by", "confirmed_at", "ends_at"])
    _record(
        by, "confirm_opening", opening, reader=str(opening.reader_id), ends_at=opening.ends_at.isoformat()
    )
    return opening


@transaction.atomic
def end_opening(*, by: Actor, opening_id: UUID) -> None:
    """Refuse it, take it back, or close it before its time. Ended already: nothing happens."""
    opening = _locked(by, opening_id, "end_opening")
    if opening.ended_at is None:
        opening.ended_at = clock.now()
        opening.save(update_fields=["ended_at"])
        _record(by, "end_opening", opening)


@transaction.atomic
def read_reason(*, by: Actor, opening_id: UUID) -> tuple[str, str]:
    """Why it was asked for, and why the student is not told ("" when they are): words about a student, so the
    read is logged. Raises NotFound.
    """
    opening = _locked(by, opening_id, "see_opening")
    proof = reading(by=by, case_key_id=opening.case_key_id, what=KIND, why="to decide about an opening")
    untold = opening.untold_reason.open(proof) if opening.untold_reason else ""
    return opening.reason.open(proof), untold


def _locked(by: Actor, opening_id: UUID, verb: str) -> Opening:
    """The opening, locked. Whoever takes no part in it does not know that it exists: NotFound."""
    opening = Opening.objects.select_for_update().filter(pk=opening_id).first()
    if opening is None or not allowed(by, "walls.see_opening", opening):
        raise NotFound()
    require(by, f"walls.{verb}", opening)
    return opening


def _record(by: Actor, verb: str, opening: Opening, **details: str | bool) -> None:
    case = cases.find("key", opening.case_key_id)
    record(
        by=by,
        verb=f"walls.{verb}",
        kind=case.kind,
        object_id=case.object_id,
        opening=str(opening.pk),
        **details,
    )
