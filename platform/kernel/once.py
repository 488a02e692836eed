"""What a page asks several times is asked once: `once = Once(); with once(): … once.ask(key, question)`.

Outside of the `with` each question is asked anew. What was answered belongs to the municipality we are inside; whoever
changes what others ask calls `forget`.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from kernel.tenancy import current


class Once:
    """Answers that are kept for as long as a block runs."""

    def __init__(self, name: str) -> None:
        self._kept: ContextVar[dict[Hashable, Any] | None] = ContextVar(name, default=None)

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Within another such block the outer one's answers stand."""
        if self._kept.get() is not None:
            yield
            return
        token = self._kept.set({})
        try:
            yield
        finally:
            self._kept.reset(token)

    def ask[T](self, about: Hashable, question: Callable[[], T]) -> T:
        """The answer, as it was the first time in this block."""
        kept = self._kept.get()
        if kept is None:
            return question()
        key = (current(), about)
        if key not in kept:
            kept[key] = question()
        found: T = kept[key]
        return found

    def forget(self) -> None:
        """What was answered in this block no longer stands."""
        kept = self._kept.get()
        if kept is not None:
            kept.clear()


#: How a municipality is set up: one moment of it for a whole page.
setup = Once("setup")
