"""How often somebody may do something, counted in the municipality's own table, shared by all processes.

For what is not sign-in; allauth counts that in the same table. Keys are kept as keyed hashes: no address, no id.
"""

from django.core.cache import cache
from django.db import connection, transaction

from kernel import clock
from kernel.crypto.keys import keyed_hash


def allowed(action: str, who: str, *, most: int, seconds: int, count: int = 1) -> bool:
    """Count `count` times `action` by `who` and say whether all of them are among the `most` allowed in any `seconds`.

    What is refused is not counted, nor a part of it. Of two at once the second waits for the first and counts it.
    Call it outside of a transaction that may be undone.
    """
    name = _name(action, who)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [cache.make_key(name)])
        now = clock.now().timestamp()
        history = [at for at in cache.get(name, []) if at > now - seconds]
        fine = len(history) + count <= most
        if fine:
            cache.set(name, [now] * count + history, seconds)
    return fine


def forget(action: str, who: str) -> None:
    """Begin to count anew."""
    cache.delete(_name(action, who))


def _name(action: str, who: str) -> str:
    return f"limit:{action}:{keyed_hash('address', f'{action}:{who}'.encode()).hex()}"
