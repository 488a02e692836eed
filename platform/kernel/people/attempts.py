"""How often a code may be asked for and a second factor tried: what stops guessing, and stops nobody's own work.

The numbers and what they are worth: docs/how/sign-in.md.
"""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from kernel.actor import MACHINE
from kernel.people import known, limits, operations
from kernel.people.models import Account

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
#: Codes to one account: asked for from one address (a pseudonym), from a browser known to it, by all strangers.
CODES_HERE = ((3, _MINUTE), (6, _HOUR))
CODES_KNOWN = ((3, _MINUTE), (20, _HOUR))
CODES_STRANGERS = ((20, _HOUR),)
#: Second factors that were wrong, for one account: in one known browser, and by all strangers.
FACTORS = ((10, 5 * _MINUTE), (100, _DAY))

type Rates = tuple[tuple[int, int], ...]


def may_ask_for_code(request: HttpRequest, email: str, account: Account | None) -> bool:
    """Count this wish for a code. `account` is None for an address we do not know: the same work.

    What the limit of one address refuses does not count for the account: one stranger uses up nobody's codes.
    """
    if mark := known.mark_of(request, account):
        return _within("code-known", f"{email} {mark}", CODES_KNOWN)
    here = f"{get_adapter().get_client_ip(request)} {email}"
    if not _within("code-here", here, CODES_HERE):
        return False
    if _within("code", email, CODES_STRANGERS):
        return True
    operations.warn_of_strangers(by=MACHINE, account=account, what="many-codes")
    return False


def may_try_factor(request: HttpRequest, account: Account) -> bool:
    """Count one try of a second factor, before it is looked at."""
    mark = known.mark_of(request, account)
    if _within(*_factor(account, mark), FACTORS):
        return True
    if not mark:
        operations.warn_of_strangers(by=MACHINE, account=account, what="many-factors")
    return False


def factor_was_right(request: HttpRequest, account: Account) -> None:
    """The owner is here: what was counted in this browser (or for strangers, if it is new) is forgotten."""
    action, who = _factor(account, known.mark_of(request, account))
    for _most, seconds in FACTORS:
        limits.forget(f"{action}-{seconds}", who)


def _factor(account: Account, mark: str) -> tuple[str, str]:
    return ("factor-known", f"{account.pk} {mark}") if mark else ("factor", str(account.pk))


def _within(action: str, who: str, rates: Rates) -> bool:
    return all(
        limits.allowed(f"{action}-{seconds}", who, most=most, seconds=seconds) for most, seconds in rates
    )
