"""How a municipality is doing, as counts for the operator.

Slices upstairs register what they can count without content.
"""

from collections.abc import Callable
from dataclasses import dataclass

from kernel.errors import Text
from kernel.tenancy import MunicipalityRef


@dataclass(frozen=True, slots=True)
class Count:
    """One number of a municipality, with its words. `is_bad` is shown so that it is noticed."""

    label: Text
    value: int
    is_bad: bool = False


type Counter = Callable[[MunicipalityRef], list[Count]]
_counters: list[Counter] = []


def register_health(counter: Counter) -> Counter:
    """Add counts for the operator's list. Never content, never a person; it must not raise."""
    if counter not in _counters:
        _counters.append(counter)
    return counter


def of(ref: MunicipalityRef) -> list[Count]:
    """All counts of one municipality, in the order of registration."""
    return [count for counter in _counters for count in counter(ref)]
