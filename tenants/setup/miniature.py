"""The student's first screen, small, beside what an administrator changes.

The door itself draws it: the room upstairs registers the template and the words it shows, so that the
miniature can never say something else than the door.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tenants.setup.portal import Portal

type Words = Callable[[Portal, str], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Miniature:
    """`template` draws the first screen from `words(portal, language)`; its partial "promise" the promise alone,
    from `due` and, for one role, `quickest`.
    """

    template: str
    words: Words


_registered: list[Miniature] = []


def register(template: str, words: Words) -> None:
    """Called once, by the app that owns the first screen, when it is ready."""
    _registered[:] = [Miniature(template, words)]


def context(portal: Portal, language: str) -> dict[str, Any]:
    """What setup/miniature.html needs."""
    one = _first_screen()
    return {"door_template": one.template, "small": True, **one.words(portal, language)}


def promise(due: datetime | None, role: str) -> dict[str, Any]:
    """What a student would be promised who knocks now, in the door's own words. `role` "" for everybody."""
    return {"promise_template": f"{_first_screen().template}#promise", "due": due, "quickest": role}


def _first_screen() -> Miniature:
    if not _registered:
        raise RuntimeError("nobody has registered the first screen")
    return _registered[0]
