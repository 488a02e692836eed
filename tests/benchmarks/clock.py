"""Two ways against each other, round by round (A, B, A, B …), so that a busy machine slows both alike."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 7


@dataclass(frozen=True)
class Duel:
    """Seconds a unit of each way in each round."""

    ours: list[float]
    baseline: list[float]

    @property
    def ratio(self) -> float:
        """How many times faster we are: the median of the rounds' own ratios."""
        return statistics.median(b / a for a, b in zip(self.ours, self.baseline, strict=True))

    def line(self, name: str, goal: float, unit: str) -> str:
        ratios = sorted(b / a for a, b in zip(self.ours, self.baseline, strict=True))
        verdict = "" if self.ratio >= goal else "  MISSED"
        return (
            f"{name}: ours {seconds(statistics.median(self.ours))} … baseline "
            f"{seconds(statistics.median(self.baseline))} a {unit} … ratio {self.ratio:.3g} "
            f"(spread {ratios[0]:.3g}–{ratios[-1]:.3g}, goal ≥ {goal:g}){verdict}"
        )


def seconds(value: float) -> str:
    """A time in the unit a reader wants."""
    if value >= 1:
        return f"{value:.2f} s"
    return f"{value * 1e3:.2f} ms" if value >= 1e-3 else f"{value * 1e6:.0f} µs"


def timed(work: Callable[[], int]) -> float:
    """Seconds a unit; `work` gives how many units it did."""
    began = time.perf_counter()
    units = work()
    return (time.perf_counter() - began) / units


def duel(ours: Callable[[], int], baseline: Callable[[], int], rounds: int = ROUNDS) -> Duel:
    """Interleaved rounds."""
    found: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        pairs = ((found[0], ours), (found[1], baseline))
        for kept, work in pairs if number % 2 == 0 else reversed(pairs):
            kept.append(timed(work))
    return Duel(*found)


def small_duel(ours: Callable[[], None], baseline: Callable[[], None], times: int) -> Duel:
    """For what takes a millisecond: in a round the two take turns at every call, and the median call counts.

    A machine that is busy with something else stops us in the middle of some calls, never of most.
    """
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        calls: tuple[list[float], list[float]] = ([], [])
        for _ in range(times):
            for kept, work in zip(calls, (ours, baseline), strict=True):
                began = time.perf_counter()
                work()
                kept.append(time.perf_counter() - began)
        for kept, taken in zip(found, calls, strict=True):
            kept.append(statistics.median(taken))
    return Duel(*found)
