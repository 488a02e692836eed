"""Who gets which answer at which address: the table that tests/house/test_access.py tries cell by cell.

A new address fails there until it has a row here. A row: pattern, names, and for GET and POST (the API: PATCH
too) the status for each role. "*" is whoever is not named; forms are sent empty, so 422 means "was let in".
"""

from typing import Final

from tests.access.account import ACCOUNT, PROVIDERS, PROVIDERS_FRONT, on_the_front_door, sign_in_pages
from tests.access.answers import (
    FRONT_ROLES,
    KNOWN,
    ROLES,
    Answers,
    Row,
    all_get,
    api_desk,
    api_setup,
    open_to_all,
)
from tests.access.api import API, SETUP_API, WORRY_API
from tests.access.desk import DESK, INSIGHTS, LOG_REVIEW, OPENINGS, PRESENCE, WORRY
from tests.access.front import SIGN_UP
from tests.access.setup import REHEARSAL, RETENTION, SETUP, WAYS_IN
from tests.access.student import STUDENT

__all__ = (
    "ANY_VERB",
    "FRONT",
    "FRONT_ROLES",
    "MUNICIPALITY",
    "ROLES",
    "Answers",
    "Row",
    "api_desk",
    "api_setup",
)


MUNICIPALITY: Final = (
    *STUDENT, *sign_in_pages(("half", *KNOWN)), *ACCOUNT, *PROVIDERS, *DESK, *OPENINGS, *INSIGHTS,
    *LOG_REVIEW,
    *RETENTION, *WORRY, *WORRY_API,
    *SETUP, *WAYS_IN, *PRESENCE, *REHEARSAL, *API, *SETUP_API,
)  # fmt: skip

FRONT: Final = (
    *SIGN_UP,
    *sign_in_pages(("operator", "operator_half", "operator_idle")),
    *map(on_the_front_door, ACCOUNT),
    *PROVIDERS_FRONT,
    *(row for row in STUDENT if row.names[0] in ("ui:theme", "ui:icon", "ui:robots", "ui:gallery")),
    open_to_all("language/", "ui:language", 405, 302),
    Row("exit/", ("ui:exit",), all_get(302), all_get(204)),
    *(row for row in STUDENT if row.names[0].startswith("demo:")),
)

#: Addresses where any verb is as good as POST: they only read, lead away, or say that there is nothing.
ANY_VERB: Final = (
    "api", "api:root", "api:docs", "api:openapi", "api:no_such_door", "setup_files:theme", "setup_files:logo",
)  # fmt: skip
