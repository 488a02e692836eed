"""Addresses of portals, shown on the front door's pages."""

from django.conf import settings


def portal_host(slug: str) -> str:
    """`lom.localhost:8000`: what students type."""
    port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""
    return f"{slug}.{settings.FRONT_HOST}{port}"


def portal_address(slug: str, path: str = "/") -> str:
    """The whole address of `path` in a municipality's portal."""
    return f"{'https' if settings.HTTPS else 'http'}://{portal_host(slug)}{path}"
