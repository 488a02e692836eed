"""A row, the roles that are tried, and the answers that many addresses share."""

from dataclasses import dataclass
from typing import Final

type Answers = dict[str, int]

#: Roles on a municipality's host. Foreign ones carry what the other municipality gave them.
KNOWN: Final = ("outsider", "nurse", "counsellor", "other_nurse", "lead", "admin")

HELPERS: Final = ("nurse", "counsellor", "other_nurse")  # only the nurse answers at the request's door

TOKENS: Final = ("token_desk", "token_desk_read", "token_setup", "token_setup_read", "token_idle")

FOREIGN: Final = ("foreign_nurse", "foreign_admin", "foreign_token_desk", "foreign_token_setup")

ROLES: Final = ("nobody", "student", "half", *KNOWN, "operator", *TOKENS, *FOREIGN)

#: Roles on the front door's host.
FRONT_ROLES: Final = (
    "nobody", "applicant", "operator", "operator_half", "operator_idle", "nurse", "admin", "token_setup",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    route: str
    names: tuple[str, ...]
    GET: Answers
    POST: Answers
    PATCH: Answers | None = None


def all_get(status: int, **others: int) -> Answers:
    """The same for everybody, but for those named."""
    return {"*": status, **others}


def known(status: int, **others: int) -> Answers:
    """Whoever is signed in with a second factor; the rest are led to sign-in."""
    return {"*": 302, **dict.fromkeys(KNOWN, status), **others}


def admins(status: int) -> Answers:
    """Administrators of this municipality; other staff 403."""
    return known(403, admin=status)


def desk(status: int, *, counsellor: int | None = None) -> Answers:
    """Holders of a post; other staff 403. `counsellor`: what holders at another door get, if not the same."""
    away = status if counsellor is None else counsellor
    return known(403, nurse=status, counsellor=away, other_nurse=away)


def door(status: int) -> Answers:
    """The holder of the role at the school; at another door it is not there."""
    return desk(status, counsellor=404)


def _api(status: int, people: tuple[str, ...], tokens: tuple[str, ...]) -> Answers:
    let_in = dict.fromkeys((*people, *tokens), status)
    return {"*": 401, **dict.fromkeys((*KNOWN, *TOKENS), 403), **let_in}


def api_desk(status: int, *, away: int | None = None, writes: bool = False) -> Answers:
    """Holders of a post, by session or by a token of the scope."""
    tokens = ("token_desk",) if writes else ("token_desk", "token_desk_read")
    found = _api(status, HELPERS, tokens)
    return found if away is None else found | {"counsellor": away, "other_nurse": away}


def api_setup(status: int, *, writes: bool = False) -> Answers:
    """Administrators, by session or by a token of the scope."""
    return _api(status, ("admin",), ("token_setup",) if writes else ("token_setup", "token_setup_read"))


def operators(status: int) -> Answers:
    """The operator; another account of the operator's own 403; the rest are led to sign-in."""
    return {"*": 302, "operator": status, "operator_idle": 403}


def applicants(status: int) -> Answers:
    """Whoever has shown the application's code; the rest are led to where a code is asked for (302)."""
    return {"*": 302, "applicant": status}


def at_work(status: int) -> Answers:
    """Helpers, leads and administrators; whoever does nothing here 403."""
    return known(status, outsider=403)


NO = all_get(405)


def open_to_all(route: str, name: str, get: int = 200, post: int = 405) -> Row:
    return Row(route, (name,), all_get(get), all_get(post))
