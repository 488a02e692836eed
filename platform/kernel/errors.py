"""What can go wrong in the domain, in words a person can act on.

Operations raise these; pages and API turn each into its own kind of answer (kernel/web.py, kernel/api).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, InternalError
from django.utils.functional import Promise as LazyText

type Text = str | LazyText


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one field, and the remedy in the same sentence."""

    field: str
    message: Text


class DomainError(Exception):
    """Base of all. `detail` is shown to the person; `code` is for machines; `status` is the HTTP answer."""

    status = 400
    code = "refused"

    def __init__(self, detail: Text = "", *, code: str | None = None) -> None:
        super().__init__(code or self.code)
        self.detail = detail
        if code:
            self.code = code


class NotAllowed(DomainError):
    """Known person, known thing, not theirs to do (403)."""

    status = 403
    code = "not-allowed"


class NotFound(DomainError):
    """Unknown, or somebody else's: the two are never told apart (404)."""

    status = 404
    code = "not-found"


class Conflict(DomainError):
    """Somebody was faster, or the thing has moved on (409)."""

    status = 409
    code = "conflict"


class Invalid(DomainError):
    """Fields that cannot be accepted as they are (422). Carries every error, never only the first."""

    status = 422
    code = "invalid"

    def __init__(self, errors: Sequence[FieldError] | None = None, /, **fields: Text) -> None:
        super().__init__(code="invalid")
        self.errors: tuple[FieldError, ...] = (
            *(errors or ()),
            *(FieldError(field, message) for field, message in fields.items()),
        )


class Unavailable(DomainError):
    """We cannot do it right now, and say so rather than pretend (503)."""

    status = 503
    code = "unavailable"


_CONSTRAINT = re.compile(r'constraint "([^"]+)"')
_SHARD_SUFFIX = re.compile(r"_\d+$")


def violated(error: IntegrityError | InternalError) -> str:
    """The name of the constraint that `error` violated, "" when it names none.

    A `_digits` suffix, as a sharded database adds, is stripped; the message is read when the driver
    gives no name (docs/how/tenancy.md).
    """
    diagnostic = getattr(error.__cause__, "diag", None)
    name = getattr(diagnostic, "constraint_name", None)
    if not name:
        match = _CONSTRAINT.search(str(error))
        name = match.group(1) if match else ""
    return _SHARD_SUFFIX.sub("", name)
