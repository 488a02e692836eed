"""A form that is sent twice is done once, also without JavaScript: each form carries a mark of its own.

For whoever acts on a request: its student, and helpers at the desk.
"""

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.core.cache import cache
from django.db import connection, transaction
from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.crypto.keys import keyed_hash
from kernel.errors import Conflict

#: Seconds a mark is remembered: longer than any form stays open (a visit ends after 20 minutes idle, a staff
#: session after 8 hours).
REMEMBERED = 9 * 3600


def mark() -> str:
    """A new mark for a form."""
    return secrets.token_urlsafe(16)


@transaction.atomic
def once(
    act: Callable[[], object],
    *,
    mark: str,
    verb: str,
    by: Actor,
    request_id: UUID,
    said: tuple[str, ...],
    of_program: bool = False,
) -> bool:
    """Do `act` unless `by` has done it to this request from the form with this mark. True when done now.

    `said` is what the form says: other words under the same mark (the back button, a second thought) are
    another act. The mark is remembered in the transaction of the act: what fails may be sent again. No mark:
    always done. `of_program`: the mark is an Idempotency-Key, and belongs to what was said with it first;
    raises Conflict for anything else. When `act` returns the id of what it made, undoing it (`undone`) lets the form
    be sent again.
    """
    key = _key(mark, verb, str(by.id), str(request_id), *said)
    if mark and of_program:
        whose = _key("of-program", mark, verb, str(by.id), str(request_id))
        if not cache.add(whose, key, REMEMBERED) and cache.get(whose) != key:
            raise _said_something_else()
    if mark and not cache.add(key, 1, REMEMBERED):
        return False
    made = act()
    if mark and isinstance(made, UUID):
        cache.set(key, str(made), REMEMBERED)
        cache.set(_made(made), (key, mark), REMEMBERED)
    return True


def was_done(
    *, mark: str, verb: str, by: Actor, request_id: UUID, said: tuple[str, ...], of_program: bool = False
) -> bool:
    """Whether `once` has done exactly this, so that nothing has to be made ready for it. Raises Conflict as it does."""
    key = _key(mark, verb, str(by.id), str(request_id), *said)
    if mark and of_program:
        whose = cache.get(_key("of-program", mark, verb, str(by.id), str(request_id)))
        if whose not in (None, key):
            raise _said_something_else()
    return bool(mark) and cache.get(key) is not None


@contextmanager
def one_after_another(*, mark: str, verb: str, by: Actor, request_id: UUID) -> Iterator[None]:
    """Whatever is sent under this mark meanwhile waits. For what has to be made ready outside of any transaction."""
    name = [cache.make_key(_key("waits", mark, verb, str(by.id), str(request_id)))]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", name)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", name)


def made_by(*, mark: str, verb: str, by: Actor, request_id: UUID, said: tuple[str, ...]) -> UUID | None:
    """The id that the act of this mark returned, as long as it is remembered."""
    made = cache.get(_key(mark, verb, str(by.id), str(request_id), *said))
    return UUID(made) if isinstance(made, str) else None


def _said_something_else() -> Conflict:
    return Conflict(_("Something else was sent with this before. Start again."), code="key-used")


def undone(made: UUID) -> str:
    """What was made is not there any more: its form may do it again. Returns that form's mark, "" for none."""
    key, mark = cache.get(_made(made)) or ("", "")
    cache.delete_many([key, _made(made)] if key else [])
    return mark


def _made(made: UUID) -> str:
    return f"once-made:{made}"


def _key(*parts: str) -> str:
    """One key for all of it, under the municipality's key: a text can be recognised, never read back."""
    return f"once:{keyed_hash('idempotency', b'once\x00' + json.dumps(parts).encode()).hex()}"
