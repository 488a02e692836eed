"""Who the municipalities are and at which host, remembered by this process.

The rows belong to tenants.municipalities, which hands over how to read them. The whole directory (about a
thousand small values) is kept as one snapshot. It is renewed when its version in the database has moved,
which is asked at most every `LOOK_AGAIN` seconds; with the database away the last snapshot serves on.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.db import DatabaseError

from kernel.tenancy.state import MunicipalityRef, front

LOOK_AGAIN = 2.0  # seconds


@dataclass(frozen=True, slots=True)
class Directory:
    """All municipalities at one version. `own_domains` maps a host of their own to an id, `shown` an id to the one of
    them that posters and links say; `former` a host that has ended to whose it was.
    """

    version: int
    municipalities: tuple[MunicipalityRef, ...]
    own_domains: dict[str, int]
    shown: dict[int, str] = field(default_factory=dict)
    former: dict[str, int] = field(default_factory=dict)
    by_id: dict[int, MunicipalityRef] = field(init=False)
    by_slug: dict[str, MunicipalityRef] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {one.id: one for one in self.municipalities})
        object.__setattr__(self, "by_slug", {one.slug: one for one in self.municipalities})


_load: Callable[[], Directory] | None = None
_version: Callable[[], int] | None = None
_known: Directory | None = None
_asked_at = 0.0
_lock = threading.Lock()


def register_directory(*, load: Callable[[], Directory], version: Callable[[], int]) -> None:
    """tenants.municipalities hands over how to read the directory and its version (as role front)."""
    global _load, _version
    _load, _version = load, version


def forget() -> None:
    """Look again at the next question. Called by whoever changed a municipality."""
    global _known
    _known = None


def directory() -> Directory:
    """The present directory. Raises DatabaseError only when there has never been one to remember."""
    known = _known
    if known is not None and time.monotonic() - _asked_at < LOOK_AGAIN:
        return known
    if not _lock.acquire(blocking=known is None) and known is not None:
        return known  # who has something to go by does not stand in line behind the one who asks
    try:
        return _renewed()
    finally:
        _lock.release()


def _renewed() -> Directory:
    """Under the lock: the first one in asks, the others find it answered."""
    global _known, _asked_at
    with front():
        if _load is None or _version is None:
            raise RuntimeError("tenants.municipalities has not registered the directory.")
        known = _known
        if known is None:
            known = _load()
        elif time.monotonic() - _asked_at >= LOOK_AGAIN:
            try:
                if _version() != known.version:
                    known = _load()
            except DatabaseError:
                pass  # away for now: what we know still stands
        _known, _asked_at = known, time.monotonic()
        return known


def lookup(host: str) -> MunicipalityRef | None:
    """The municipality at this host (with or without port), None for the front door and for strangers."""
    name = host_name(host)
    slug, dot, rest = name.partition(".")
    known = directory()
    if dot and rest == settings.FRONT_HOST:
        found = known.by_slug.get(slug)
    else:
        found = known.by_id.get(known.own_domains.get(name, 0))
    return None if found is None or found.kind == "operator" else found


def whose_it_was(host: str) -> MunicipalityRef | None:
    """Whose own host this was before it ended. None: it never was one, somebody has it again, or theirs has ended."""
    known = directory()
    found = known.by_id.get(known.former.get(host_name(host), 0))
    return found if found is not None and found.state not in ("ended", "suspended") else None


def is_own_host(host: str) -> bool:
    """Whether this is a municipality's own host, which leads students to its door."""
    return host_name(host) in directory().own_domains


def shown_host(ref: MunicipalityRef) -> str:
    """The host of a municipality's own that posters and links say; "" where it is ours."""
    return directory().shown.get(ref.id, "")


def host_name(host: str) -> str:
    """A Host header without port and closing dot, in lower case."""
    name = host.rsplit("]", 1)[0] + "]" if host.startswith("[") else host.partition(":")[0]
    return name.rstrip(".").lower()


def is_front_door(host: str) -> bool:
    """Whether this host is the platform's own front door."""
    return host_name(host) == settings.FRONT_HOST


def municipality(slug: str) -> MunicipalityRef:
    """The municipality of this slug. Raises LookupError."""
    try:
        return directory().by_slug[slug]
    except KeyError:
        raise LookupError(f"No municipality has the address {slug!r}.") from None


def municipality_by_id(municipality_id: int) -> MunicipalityRef:
    """The municipality of this id. Raises LookupError."""
    try:
        return directory().by_id[municipality_id]
    except KeyError:
        forget()  # it may have been founded this very second
    try:
        return directory().by_id[municipality_id]
    except KeyError:
        raise LookupError(f"No municipality has the id {municipality_id}.") from None


def municipalities(*, include_operator: bool = False) -> list[MunicipalityRef]:
    """All that are not ended, by slug."""
    return sorted(
        (
            one
            for one in directory().municipalities
            if one.state != "ended" and (include_operator or one.kind != "operator")
        ),
        key=lambda one: one.slug,
    )


def operator() -> MunicipalityRef:
    """The platform's own staff: one more municipality, never listed. LookupError before migrate_all."""
    return _only_operator(directory().municipalities)


def _only_operator(all_of_them: Iterable[MunicipalityRef]) -> MunicipalityRef:
    for one in all_of_them:
        if one.kind == "operator":
            return one
    raise LookupError("There is no operator yet: run manage.py migrate_all.")
