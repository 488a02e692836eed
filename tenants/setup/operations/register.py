"""Bring a municipality's schools in line with a register. One transaction; a second time nothing changes."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from kernel import events
from kernel.actor import Actor
from kernel.errors import Invalid
from tenants.setup.actors import today
from tenants.setup.models import School
from tenants.setup.operations.change import Change, change
from tenants.setup.operations.schools import checked_name, give_address, is_for_the_youngest
from tenants.setup.registers.schools import KINDS, Listed


@dataclass(slots=True)
class TakenIn:
    """What became of a register's units. `skipped`: (where, name, why), one each."""

    created: int = 0
    changed: int = 0
    closed: int = 0
    skipped: list[tuple[str, str, str]] = field(default_factory=list)

    def skip(self, unit: Listed, why: str) -> None:
        self.skipped.append((unit.where, unit.name, why))


class _NothingKept(Exception):
    """Undoes a dry run."""


def take_in_schools(
    *,
    by: Actor,
    listed: Sequence[Listed],
    belongs: Callable[[Listed], str],
    kinds: Collection[str],
    dry_run: bool = False,
) -> TakenIn:
    """Add, rename, open again and close schools as the register says. `belongs` says why a unit is none of this
    municipality's ("" for its own). A school is known by its register code; one that was typed by hand, by its name,
    and gets the code. Schools the file does not name stay as they are: a file may be a part of a register. Contact
    requests of a school that closes go on.

    Emits SchoolWentLive for each new one. Raises NotAllowed.
    """
    done = TakenIn()
    try:
        with change(by, "take_in_schools") as this:
            _take_in(this, done, _own(done, listed, belongs, kinds), kinds)
            if dry_run:
                raise _NothingKept
    except _NothingKept:
        pass
    return done


def _own(
    done: TakenIn, listed: Sequence[Listed], belongs: Callable[[Listed], str], kinds: Collection[str]
) -> list[Listed]:
    """The units that are this municipality's and of a kind that is wanted; why each other is not."""
    seen: dict[str, str] = {}
    found = []
    for unit in listed:
        why = belongs(unit)
        if not why and not unit.code:
            why = "it has no number in the register"
        if not why and not unit.name:
            why = "it has no name"
        if not why and not unit.kinds:
            why = "it is no school"
        if not why and not set(unit.kinds) & set(kinds):
            why = f"it is {' and '.join(unit.kinds)}, which was not asked for"
        if not why and unit.code in seen:
            why = f"its number stands at {seen[unit.code]} already"
        if why:
            done.skip(unit, why)
        else:
            seen[unit.code] = unit.where
            found.append(unit)
    return found


def _take_in(this: Change, done: TakenIn, units: list[Listed], kinds: Collection[str]) -> None:
    rows = list(School.objects.select_for_update())
    known = {row.register_code: row for row in rows if row.register_code}
    by_hand = {row.name.casefold(): row for row in rows if not row.register_code and row.closed_on is None}
    taken = {row.name.casefold(): row for row in rows if row.closed_on is None}
    closing = [unit for unit in units if not unit.is_open]
    for unit in [
        *closing,
        *(one for one in units if one.is_open),
    ]:  # a name is free again before it is given anew
        row = known.get(unit.code[:30]) or by_hand.pop(unit.name.casefold(), None)
        if not unit.is_open:
            _close(this, done, unit, row, taken)
            continue
        try:
            name = checked_name(_free(unit, row, taken))
        except Invalid as refusal:
            done.skip(unit, str(refusal.errors[0].message))
            continue
        form = next(kind for kind in KINDS if kind in unit.kinds and kind in kinds)
        if row is None:
            row = _create(this, name, form, unit.code[:30])
            done.created += 1
        elif (row.name, row.form, row.register_code, row.closed_on) == (name, form, unit.code[:30], None):
            continue
        else:
            taken.pop(row.name.casefold(), None)
            row.name, row.form, row.register_code, row.closed_on = name, form, unit.code[:30], None
            row.save()
            give_address(row)
            this.record("school", row.pk, form=form)
            done.changed += 1
        taken[name.casefold()] = row


def _free(unit: Listed, row: School | None, taken: dict[str, School]) -> str:
    """Its name, with its number behind it where another open school is called so."""
    other = taken.get(unit.name.casefold())
    is_free = other is None or (row is not None and other.pk == row.pk)
    return unit.name if is_free else f"{unit.name} ({unit.code})"


def _create(this: Change, name: str, form: str, code: str) -> School:
    row = School.objects.create(
        name=name,
        form=form,
        register_code=code,
        opened_on=today(),
        simple_door=is_for_the_youngest(name, form),
    )
    give_address(row)
    this.record("school", row.pk, form=form)
    events.emit(events.SchoolWentLive(school_id=str(row.pk)))
    return row


def _close(this: Change, done: TakenIn, unit: Listed, row: School | None, taken: dict[str, School]) -> None:
    if row is None or row.closed_on is not None:
        done.skip(unit, "it is closed")
        return
    taken.pop(row.name.casefold(), None)
    row.register_code, row.closed_on = unit.code[:30], today()
    row.save()
    this.record("school", row.pk)
    done.closed += 1
