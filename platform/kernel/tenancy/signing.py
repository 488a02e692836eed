"""Signed values that are worth nothing in another municipality: the municipality is part of the salt."""

from datetime import timedelta
from typing import Any

from django.core import signing

from kernel.tenancy.state import current_schema

BadSignature = signing.BadSignature


def dumps(value: Any, *, purpose: str) -> str:
    """Sign a JSON value for one purpose in the municipality we are inside (or on the front door)."""
    return signing.dumps(value, salt=_salt(purpose), compress=True)


def loads(text: str, *, purpose: str, max_age: timedelta | None = None) -> Any:
    """The value back. Raises BadSignature when altered, too old, for another purpose or made elsewhere."""
    return signing.loads(text, salt=_salt(purpose), max_age=max_age)


def _salt(purpose: str) -> str:
    return f"{current_schema()}/{purpose}"
