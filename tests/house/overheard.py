"""Which texts are looked up while a page is made."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import translation


@contextmanager
def overheard() -> Iterator[set[str]]:
    """Every text that is looked up meanwhile (the singular, of those with two forms)."""
    said: set[str] = set()
    trans: Any = translation._trans
    kept = {name: getattr(trans, name) for name in ("gettext", "ngettext", "pgettext", "npgettext")}

    def heard(name: str, place: int) -> Any:
        def look_up(*given: Any) -> str:
            said.add(str(given[place]))
            return str(kept[name](*given))

        return look_up

    for name in kept:
        setattr(trans, name, heard(name, int(name.startswith(("p", "np")))))
    try:
        yield said
    finally:
        for name, function in kept.items():
            setattr(trans, name, function)
