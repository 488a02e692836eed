"""An application's states and the ways between them. Pure.

    code_sent → verified → founding → rehearsing → submitted ⇄ question
                                                      ↓ approved | refused
Every open state may also end as expired (30 days) or withdrawn, and from `verified` on as refused or evicted; what
is being founded waits for its job. An approved one that turns out to be somebody else is evicted as well.
"""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

CODE_SENT, VERIFIED, FOUNDING, REHEARSING = "code_sent", "verified", "founding", "rehearsing"
SUBMITTED, QUESTION = "submitted", "question"
APPROVED, REFUSED, EXPIRED, WITHDRAWN = "approved", "refused", "expired", "withdrawn"
EVICTED = "evicted"

LABELS = {
    CODE_SENT: _("Waiting for the code"),
    VERIFIED: _("Being filled in"),
    FOUNDING: _("Being built"),
    REHEARSING: _("Rehearsing"),
    SUBMITTED: _("Waiting for approval"),
    QUESTION: _("We have asked something"),
    APPROVED: _("Approved"),
    REFUSED: _("Refused"),
    EXPIRED: _("Expired"),
    WITHDRAWN: _("Withdrawn"),
    EVICTED: _("Evicted"),
}
DECIDED = (APPROVED, REFUSED, EXPIRED, WITHDRAWN, EVICTED)
OPEN = (CODE_SENT, VERIFIED, FOUNDING, REHEARSING, SUBMITTED, QUESTION)
#: States in which a portal exists and the gates are worked on.
WITH_PORTAL = (REHEARSING, SUBMITTED, QUESTION)
#: Waiting for us: these never expire, however long we take.
WITH_US = (SUBMITTED,)

MOVES: dict[str, frozenset[str]] = {
    CODE_SENT: frozenset({VERIFIED, EXPIRED, WITHDRAWN}),
    VERIFIED: frozenset({FOUNDING, REFUSED, EVICTED, EXPIRED, WITHDRAWN}),
    FOUNDING: frozenset({REHEARSING, VERIFIED}),
    REHEARSING: frozenset({SUBMITTED, REFUSED, EVICTED, EXPIRED, WITHDRAWN}),
    SUBMITTED: frozenset({QUESTION, APPROVED, REFUSED, EVICTED, WITHDRAWN, REHEARSING}),
    QUESTION: frozenset({SUBMITTED, REFUSED, EVICTED, EXPIRED, WITHDRAWN}),
    APPROVED: frozenset({EVICTED}),
    **{state: frozenset() for state in DECIDED if state != APPROVED},
}

LIFE = timedelta(days=30)
UNVERIFIED_LIFE = timedelta(days=1)  # nobody has shown that the address is theirs
WARNING = timedelta(days=7)  # before the end: on day 23
CODE_LIFE = timedelta(minutes=10)
CODE_ATTEMPTS = 5
MAILS_A_DAY = 5  # to one address; codes and links are counted apart
INVITATIONS_A_DAY = 20  # of one application, to whomever
ASKS_AN_HOUR = 30  # for codes, from one client
SIGNING_LIFE = timedelta(days=14)
FOUNDINGS_A_DAY = 50


def may_move(old: str, new: str) -> bool:
    """Whether the machine has this way."""
    return new in MOVES.get(old, frozenset())


def before(new: str) -> tuple[str, ...]:
    """The states that `new` can follow."""
    return tuple(old for old in MOVES if may_move(old, new))
