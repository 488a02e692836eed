"""With whom the student of a request has agreed on a time that is ahead, said by a room above. Until then the request
does not go from them by itself: a promise that broke is no reason to call off what the student has chosen.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from services.contact.models import ContactRequest

type Agreed = Callable[[ContactRequest, datetime], UUID | None]

_agreed: list[Agreed] = []


def register(agreed: Agreed) -> None:
    """Called once, when a room is loaded (apps.py); again with the same function changes nothing."""
    if agreed not in _agreed:
        _agreed.append(agreed)


def agreed_with(request: ContactRequest, now: datetime) -> UUID | None:
    """Whose time it is; None: nothing is agreed."""
    return next((who for agreed in _agreed if (who := agreed(request, now))), None)
