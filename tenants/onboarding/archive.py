"""What was decided about the archive before the door opens goes along into the municipality, to whoever asks there."""

from collections.abc import Callable
from datetime import date

from kernel.actor import MACHINE
from tenants.onboarding.models import Application, Gate

#: Called inside the municipality as `keeper(by=MACHINE, choice=…, decided_on=…)`.
type Keeper = Callable[..., object]
_keepers: list[Keeper] = []


def register(keeper: Keeper) -> None:
    """A room upstairs that must know the decision."""
    if keeper not in _keepers:
        _keepers.append(keeper)


def decision_of(application: Application) -> tuple[str, date] | None:
    """The choice and the day; None when the gate has not been passed."""
    gate = application.gates.filter(kind=Gate.Kind.ARCHIVE).first()
    return (gate.choice, gate.decided_on) if gate and gate.decided_on else None


def bring_along(decision: tuple[str, date] | None) -> None:
    """Hand it over, inside the municipality that opens."""
    if decision is not None:
        for keeper in _keepers:
            keeper(by=MACHINE, choice=decision[0], decided_on=decision[1])
