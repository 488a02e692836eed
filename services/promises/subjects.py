"""What a promise can be about.

The slice that owns a subject says here what follows when its promise breaks.
"""

from collections.abc import Callable

from services.promises.models import Promise

type OnBroken = Callable[[Promise], None]

_on_broken: dict[str, OnBroken] = {}


def register(subject_kind: str, on_broken: OnBroken) -> None:
    """`on_broken` runs in the transaction that marks the promise broken;

    what it raises undoes the marking.
    """
    known = _on_broken.setdefault(subject_kind, on_broken)
    if known is not on_broken:
        raise ValueError(f"{subject_kind} is registered already")


def broken(promise: Promise) -> None:
    """Tell the owner of the subject. Raises KeyError for a subject nobody owns."""
    _on_broken[promise.subject_kind](promise)
