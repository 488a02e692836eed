"""Tenancy: nothing crosses municipalities. Everybody stands on it.

Words: municipality (a tenant, with a schema and a database role of its own), inside (working in one), front
door (outside of all), operator (the platform's staff, one more municipality), founding (making one).
Doors: `with inside(municipality):`, `current()`, `lookup(host)`, `municipality(slug)`, `cache_key`,
`signing`, `storage`, `models.MunicipalModel`, `founding`. How it works: docs/how/tenancy.md.
"""

from kernel.tenancy.directory import (
    Directory,
    forget,
    is_front_door,
    is_own_host,
    lookup,
    municipalities,
    municipality,
    municipality_by_id,
    operator,
    register_directory,
    shown_host,
)
from kernel.tenancy.state import (
    MunicipalityRef,
    NoMunicipality,
    WrongMunicipality,
    as_role,
    current,
    current_schema,
    front,
    inside,
    require_current,
)

__all__ = [
    "Directory",
    "MunicipalityRef",
    "NoMunicipality",
    "WrongMunicipality",
    "as_role",
    "cache_key",
    "current",
    "current_schema",
    "forget",
    "front",
    "inside",
    "is_front_door",
    "is_own_host",
    "lookup",
    "municipalities",
    "municipality",
    "municipality_by_id",
    "operator",
    "register_directory",
    "require_current",
    "shown_host",
]


def cache_key(key: str, key_prefix: str, version: int) -> str:
    """CACHES' KEY_FUNCTION: the municipality is part of every key."""
    return f"{current_schema()}:{key_prefix}:{version}:{key}"
