"""Addresses for messages, which are made where no request tells the host."""

from django.conf import settings

from kernel.tenancy import MunicipalityRef, require_current


def address(path: str = "/", municipality: MunicipalityRef | None = None) -> str:
    """The full address of `path` at the municipality's own host (the operator's is the front door)."""
    ref = municipality or require_current()
    host = settings.FRONT_HOST if ref.kind == "operator" else f"{ref.slug}.{settings.FRONT_HOST}"
    port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""
    return f"{'https' if settings.HTTPS else 'http'}://{host}{port}{path}"
