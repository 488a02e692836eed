"""T1 (docs/how/security.md): every address, by every verb, with everything one can carry from the other side.

The measure is what nobody gets: whoever comes with another municipality's cookie, token, link, receipt or host
gets the same answer as somebody with empty hands, and no word of either municipality that an empty-handed
reader would not see. Whoever belongs here gets what the table says, whatever they claim about the host.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256

from django.http import HttpResponse

from tests import access
from tests.access import Row
from tests.isolation.caller import Hand, address, call, hand_of, ids_for, leaked
from tests.isolation.stage import Side, Stage, theme_stamp

PAGES_VERBS = ("GET", "POST")
ALL_VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
LANGUAGES = ("", "nb", "en", "sv")
#: Whoever belongs on the host, in the words of tests/access.
AT_HOME = ("nurse", "admin", "token_desk")
#: Staff whose cookie is carried to the other host.
CARRIED = ("nurse", "lead", "admin", "half")


@dataclass
class Tally:
    """How many attempts, and what was wrong with them."""

    attempts: int = 0
    leaks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Attempt:
    """One request that tries to cross. `as_role`: the role whose answer it must get."""

    name: str
    as_role: str
    hand: Hand
    path: str = ""
    host: str = ""


type Carry = Callable[[Side, Side, Row], Iterator[Attempt]]


def _sessions(here: Side, there: Side, row: Row) -> Iterator[Attempt]:
    for who in CARRIED:
        yield Attempt(f"{who}'s cookie from there", "nobody", Hand(cookies={"session": there.sessions[who]}))


def _tokens(here: Side, there: Side, row: Row) -> Iterator[Attempt]:
    for who in ("token_desk", "token_setup", "token_idle"):
        yield Attempt(f"{who} from there", "nobody_with_token", Hand(token=there.tokens[who]))


def _visits(here: Side, there: Side, row: Row) -> Iterator[Attempt]:
    """The visit of the same conversation's id, sealed there; and here, with there's proof of it."""
    form = {"text": "Hei", "proof": there.proof}
    yield Attempt("visit from there", "nobody", Hand(cookies={"visit": there.visit}, form=form))
    mixed = {"text": "Hei", "proof": here.proof}
    yield Attempt(
        "visit from there, proof from here", "nobody", Hand(cookies={"visit": there.visit}, form=mixed)
    )
    friend = {"visit": there.friend_visit}
    yield Attempt("friend's visit from there", "nobody", Hand(cookies=friend, form=form))
    yield Attempt("proof from there", "student", Hand(cookies={"visit": here.visit}, form=form))


def _eids(here: Side, there: Side, row: Row) -> Iterator[Attempt]:
    """The eID visit and the trip of the same conversation's id, sealed there; what opens it there, with ours."""
    form = {
        "opens": there.eid_opens,
        "eid": "a-mark",
        "aim": "see",
        "t": there.eid_trip,
        "proof": there.proof,
    }
    yield Attempt("eID visit from there", "nobody", Hand(cookies={"eid": there.eid}, form=form))
    yield Attempt("trip from there", "nobody", Hand(cookies={"eid_way": there.eid_way}, form=form))
    both = {"eid": there.eid, "eid_way": there.eid_way, "visit": there.visit}
    yield Attempt("eID visit, trip and visit from there", "nobody", Hand(cookies=both, form=form))
    yield Attempt("eID visit as visit", "nobody", Hand(cookies={"visit": here.eid, "eid": here.visit}))


def _receipts(here: Side, there: Side, row: Row) -> Iterator[Attempt]:
    wrong = "0" * len(there.receipt)
    yield Attempt("receipt from there", f"receipt:{wrong}", Hand(form={"receipt": there.receipt}))
    yield Attempt("friend's code from there", f"receipt:{wrong}", Hand(form={"receipt": there.friend}))


def _other_cookies(here: Side, there: Side, row: Row) -> Iterator[Attempt]:
    """The applicant's cookie, and any cookie of there under the name of another."""
    yield Attempt("application from there", "nobody", Hand(cookies={"application": there.application}))
    yield Attempt("known browser from there", "nobody", Hand(cookies={"known": there.known}))
    yield Attempt("known browser as session", "nobody", Hand(cookies={"session": there.known}))
    yield Attempt("visit as session", "nobody", Hand(cookies={"session": there.visit}))
    yield Attempt("session as visit", "nobody", Hand(cookies={"visit": there.sessions["nurse"]}))
    yield Attempt("application as visit", "nobody", Hand(cookies={"visit": there.application}))


def _handed(here: Side, there: Side, row: Row) -> Iterator[Attempt]:
    """What signs somebody in or links two doors: begun there, brought here."""
    form = {"invitation": there.invitation, "token": there.door, "from": str(there.ref.id), "state": there.state,
            "code": "any"}  # fmt: skip
    for who in ("nobody", "nurse"):
        yield Attempt(f"invitation, state and door from there as {who}", who, Hand(form=form))


def _hosts(here: Side, there: Side, row: Row) -> Iterator[Attempt]:
    """At home, saying that it is the other's host in every way a proxy might; and the host spelt otherwise."""
    claims = {"X-Forwarded-Host": there.host, "Forwarded": f"host={there.host}", "X-Original-Host": there.host,
              "X-Host": there.host, "Origin": "null", "Referer": f"http://{there.host}/"}  # fmt: skip
    for who in AT_HOME:
        yield Attempt(f"{who} who claims the other host", who, Hand(headers=claims))
    for spelt in (f"{here.host.upper()}.", f"{here.host}:8000"):
        yield Attempt(f"admin's cookie from there at {spelt}", "nobody",
                      Hand(cookies={"session": there.sessions["admin"]}), host=spelt)  # fmt: skip


def _everything(here: Side, there: Side, row: Row) -> Iterator[Attempt]:
    """All that can be carried from there, at once; and no longer known here by any of it."""
    cookies = {"session": there.sessions["admin"], "visit": there.visit, "application": there.application,
               "known": there.known, "eid": there.eid, "eid_way": there.eid_way}  # fmt: skip
    form = {"receipt": there.receipt, "proof": there.proof, "school": there.ids["school_id"]}
    yield Attempt("all cookies from there", "nobody", Hand(cookies=cookies))
    yield Attempt("all cookies and a form from there", "nobody", Hand(cookies=cookies, form=form))


CARRIES: tuple[Carry, ...] = (
    _everything, _sessions, _tokens, _visits, _eids, _receipts, _other_cookies, _handed, _hosts,
)  # fmt: skip


def run(
    stage: Stage,
    here: Side | None = None,
    *,
    verbs: tuple[str, ...] = PAGES_VERBS,
    languages: tuple[str, ...] = ("",),
    rows: tuple[Row, ...] = access.MUNICIPALITY,
    turn: int | None = None,
) -> Tally:
    """Every attempt at `here`'s host (alfa's, unless said otherwise).

    With a `turn`, 0 or 1, a slice: every second address and verb, and at each all that can be carried at once and, in
    turn with its neighbours, every third thing by itself. The two turns together meet each address by each verb.
    """
    tally, here = Tally(), here or stage.alpha
    for number, row in enumerate(rows):
        for place, verb in enumerate(verbs):
            if turn is not None and (number + place) % 2 != turn:
                continue
            first, *others = CARRIES
            carries = CARRIES if turn is None else (first, *others[number // 2 % 3 :: 3])
            for language in languages:
                _try_row(stage, here, row, verb, language, carries, tally)
    _media(stage, here, tally)
    return tally


def _try_row(
    stage: Stage, here: Side, row: Row, verb: str, language: str, carries: tuple[Carry, ...], tally: Tally
) -> None:
    there, path = stage.other(here), address(row.route, ids_for(row.names[0], here))
    measures: dict[tuple[str, ...], HttpResponse] = {}
    for carry in carries:
        for attempt in carry(here, there, row):
            hand = attempt.hand
            if attempt.as_role in AT_HOME and not hand.cookies:
                own = hand_of(attempt.as_role, here, stage)
                hand = replace(hand, cookies=own.cookies, token=own.token)
            if language:
                hand = replace(hand, headers={**hand.headers, "Accept-Language": language})
            key = (attempt.as_role, *hand.form)
            if key not in measures:
                measures[key] = _measure(stage, here, verb, path, attempt, language)
            answer = call(attempt.host or here.host, verb, path, hand)
            tally.attempts += 1
            if said := _wrong(answer, measures[key], here, there, hand):
                tally.leaks.append(f"{verb} {here.host}{path}, {attempt.name}: {said}")


def _measure(stage: Stage, here: Side, verb: str, path: str, attempt: Attempt, language: str) -> HttpResponse:
    """The answer that the attempt must get: empty hands, a wrong receipt or token, or one's own right."""
    role, _colon, about = attempt.as_role.partition(":")
    hands = {
        "nobody": Hand(),
        "nobody_with_token": Hand(token="lav_wrong"),
        "receipt": Hand(form={"receipt": about}),
    }
    hand = hands[role] if role in hands else hand_of(role, here, stage)
    if role != "receipt":
        wrong = {
            "receipt": "0" * 32,
            "proof": "wrong",
            "invitation": "wrong",
            "token": "wrong",
            "state": "wrong",
        }
        hand = replace(hand, form={name: wrong.get(name, said) for name, said in attempt.hand.form.items()})
    return call(
        here.host, verb, path, replace(hand, headers={"Accept-Language": language} if language else {})
    )


def _wrong(answer: HttpResponse, measure: HttpResponse, here: Side, there: Side, hand: Hand) -> str:
    """What is wrong with the answer, "" when nothing is."""
    if answer.status_code >= 500:
        return f"crashed ({answer.status_code})"
    if answer.status_code != measure.status_code:
        return f"{answer.status_code} instead of {measure.status_code}"
    if words := leaked(answer, there, hand):
        return f"shows {words} of the other municipality"
    if fresh := [word for word in leaked(answer, here) if word not in leaked(measure, here)]:
        return f"shows {fresh} of this one"
    return ""


def _media(stage: Stage, here: Side, tally: Tally) -> None:
    """The other's theme and logo by their own addresses: the address opens nothing of theirs."""
    there = stage.other(here)
    stamp, face = (sha256(one).hexdigest()[:16] for one in (there.logo, there.face))
    for path in (
        f"/theme.{theme_stamp(there)}.css", f"/logo.{stamp}.png", f"/face.{face}.webp",
        f"/files/{there.ref.schema}/logo.png",
        f"/media/{there.ref.schema}/logo.png", f"/../{there.ref.schema}/logo.png",
        f"/static/../{there.ref.schema}/x",
        f"/calendar/{there.feed}.ics",
        f"/sign/{there.link}/", f"/start/gates/?application={there.application_id}",
    ):  # fmt: skip
        for who in ("nobody", "admin"):
            answer = call(here.host, "GET", path, hand_of(who, here, stage))
            words = leaked(answer, there)
            tally.attempts += 1
            if answer.status_code >= 500 or words:
                tally.leaks.append(f"GET {here.host}{path} as {who}: {answer.status_code} {words}")
