"""Addresses for messages and posters, which are made where no request tells the host."""

from django.conf import settings

from kernel.tenancy import MunicipalityRef, require_current, shown_host


def address(path: str = "/", municipality: MunicipalityRef | None = None) -> str:
    """The full address of `path` at the municipality's host with us (the operator's is the front door)."""
    return _at(our_host(municipality or require_current()), path)


def door_address(path: str = "/", municipality: MunicipalityRef | None = None) -> str:
    """The same for what a student opens: at the municipality's own host where it shows one."""
    ref = municipality or require_current()
    own = shown_host(ref)
    return f"https://{own}{path}" if own else _at(our_host(ref), path)


def our_host(ref: MunicipalityRef) -> str:
    """SLUG.<our host>; the operator's is the front door."""
    return settings.FRONT_HOST if ref.kind == "operator" else f"{ref.slug}.{settings.FRONT_HOST}"


def _at(host: str, path: str) -> str:
    port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""
    return f"{'https' if settings.HTTPS else 'http'}://{host}{port}{path}"
