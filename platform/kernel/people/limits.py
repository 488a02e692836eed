"""How often somebody may do something, counted in the municipality's own table, shared by all processes.

For what is not sign-in; allauth counts that in the same table. Keys are kept as keyed hashes: no address, no id.
"""

from allauth.core.internal import ratelimit
from django.core.cache import cache

from kernel import clock
from kernel.crypto.keys import keyed_hash


def allowed(action: str, who: str, *, most: int, seconds: int) -> bool:
    """Count one `action` by `who` and say whether it is among the `most` allowed in any `seconds`.

    What is refused is not counted. Call it outside of a transaction that may be undone.
    """
    name = _name(action, who)
    with ratelimit.cache_lock(name) as locked:
        if not locked:
            return False
        rate = ratelimit.Rate(most, seconds, "key")
        fine, history = ratelimit.apply_rate(cache.get(name, []), clock.now().timestamp(), rate)
        if fine:
            cache.set(name, history, seconds)
    return bool(fine)


def forget(action: str, who: str) -> None:
    """Begin to count anew."""
    cache.delete(_name(action, who))


def _name(action: str, who: str) -> str:
    return f"limit:{action}:{keyed_hash('address', f'{action}:{who}'.encode()).hex()}"
