"""Who may read what, and why: the one policy. Pure, default deny.

Everything here is a value: no database, no clock, no request. `facts` makes the values; queries and permissions ask
here and nowhere else. The hand-written truth table in tests/tenants/walls/table.py is the other half: each cell of
it is tried here and on the real pages, and every mutant of this file must fail it.

Need to know is a matter of the case, not of the role: a request that nobody has may be read by those at its door,
who must decide; once somebody has it, or it is over and nothing in it waits, a colleague sees its row and its clock,
and its words only with a grant.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

type Act = Literal["list", "detail", "search", "count", "export", "notification", "statistics", "audit"]
type What = Literal[
    "conversation",  # the words, the name, how to reach the student
    "row",  # a line of a list: door, state, clock, who has it
    "handover",  # why a request was offered to somebody, and the summary written for them
    "note",  # a helper's note beside the conversation: the reader's own, or of the reader's secrecy circle
    "note_of_another_circle",  # the same, written under another duty of secrecy: whoever has the case next may not
    "attempt",  # that somebody reached or tried to reach the student
    "read_log",  # who has read, when and why
    "audit",  # who wrote what, by ids
    "notification",  # a message that something waits: the role and the clock
    "statistics",  # figures of many, small ones withheld
    "extraction",  # one case taken out for an authority, a court or the student
    "worry",  # what an adult wrote down about a worry and whom they told
    "worry_row",  # that there is a worry, its state and its clock
    "worry_told",  # what the student is told about it
]
#: "rest": nobody's, and nothing in it waits for anybody.
type Held = Literal["nobody", "rest", "me", "colleague"]
type Door = tuple[UUID, UUID]
type Basis = Literal["need", "agreement", "reason"]
#: What follows of what was written before, when a request is handed over.
type Shares = Literal["nothing", "summary", "onward", "everything"]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who wants to read.

    doors       (role, school) of every post held today        leads    schools led; None in it: all of them
    grants      cases somebody let this person read, now        opened   cases two persons opened for them, now
    extracted   those of `opened` that are to be taken out      case     a student's own request, or the one that
                a student has asked this friend into
    offered     cases that this person may take over, now       recused  cases this person has stepped aside from
    refused     cases whose student said no to this person: its door is none of theirs
    decides     cases with a worry that this person is the deputy of
    raised      cases with an open worry that this person raised, and has told nobody about yet
    is_operator is a fact that opens nothing; it stands here so that the table can say so.
    """

    kind: Literal["person", "student", "friend", "machine", "nobody"]
    id: UUID | None = None
    doors: frozenset[Door] = frozenset()
    leads: frozenset[UUID | None] = frozenset()
    is_administrator: bool = False
    is_operator: bool = False
    grants: frozenset[UUID] = frozenset()
    opened: frozenset[UUID] = frozenset()
    extracted: frozenset[UUID] = frozenset()
    offered: frozenset[UUID] = frozenset()
    recused: frozenset[UUID] = frozenset()
    refused: frozenset[UUID] = frozenset()
    decides: frozenset[UUID] = frozenset()
    raised: frozenset[UUID] = frozenset()
    case: UUID | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """What is to be read. `case` is its case key, `request` the student's request it belongs to."""

    kind: What
    role: UUID
    school: UUID
    held: Held = "nobody"
    case: UUID | None = None
    request: UUID | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Allowed or not, why in a code, and where that stands. True when allowed."""

    allowed: bool
    why: str
    source: str = ""

    def __bool__(self) -> bool:
        return self.allowed


# --- what gives a right: each says no more than one sentence ----------------------------------------------


def _own(reader: Reader, thing: Thing) -> bool:
    """The student of this request."""
    return reader.kind == "student" and reader.case == thing.request


def _friend(reader: Reader, thing: Thing) -> bool:
    """Whom the student of this request has asked in."""
    return reader.kind == "friend" and reader.case == thing.request


def _recused(reader: Reader, thing: Thing) -> bool:
    """Whoever has stepped aside from this case, whatever else they are: it is not there for them."""
    return thing.case in reader.recused


def _at_door(reader: Reader, thing: Thing) -> bool:
    """A person with a post in that role at that school, to whom its student has not said no."""
    holds = reader.kind == "person" and (thing.role, thing.school) in reader.doors
    return holds and thing.case not in reader.refused


def _unheld(reader: Reader, thing: Thing) -> bool:
    """At the door of what nobody has (any more), waiting or over."""
    return _at_door(reader, thing) and thing.held in ("nobody", "rest")


def _free(reader: Reader, thing: Thing) -> bool:
    """At the door of what nobody has (any more), while something in it waits: somebody must be able to decide."""
    return _at_door(reader, thing) and thing.held == "nobody"


def _holder(reader: Reader, thing: Thing) -> bool:
    """The one who has it, and still answers at its door."""
    return _at_door(reader, thing) and thing.held == "me"


def _helper_with(cases: frozenset[UUID], reader: Reader, thing: Thing) -> bool:
    """A person who still holds some post, and whose `cases` have this one among them."""
    return reader.kind == "person" and bool(reader.doors) and thing.case in cases


def _granted(reader: Reader, thing: Thing) -> bool:
    return _helper_with(reader.grants, reader, thing)


def _opened(reader: Reader, thing: Thing) -> bool:
    return _helper_with(reader.opened, reader, thing)


def _extracted(reader: Reader, thing: Thing) -> bool:
    return _helper_with(reader.extracted, reader, thing)


def _offered(reader: Reader, thing: Thing) -> bool:
    """Somebody it is offered to, who has not answered: enough to decide, nothing the student wrote."""
    return _helper_with(reader.offered, reader, thing)


def _deputy(reader: Reader, thing: Thing) -> bool:
    """Who must decide about a worry because the one who had it did not, and answers at its door."""
    return _at_door(reader, thing) and thing.case in reader.decides


def _raiser(reader: Reader, thing: Thing) -> bool:
    """Who raised a worry and has told nobody: the duty is each person's own, wherever the case has gone since."""
    return _helper_with(reader.raised, reader, thing)


def _leads(reader: Reader, thing: Thing) -> bool:
    return reader.kind == "person" and (None in reader.leads or thing.school in reader.leads)


def _administers(reader: Reader, thing: Thing) -> bool:
    return reader.kind == "person" and reader.is_administrator


type _Right = Callable[[Reader, Thing], bool]
#: Name of each right and where it stands. The order is the order in which a read is explained.
_RIGHTS: dict[str, tuple[_Right, str]] = {
    "own": (_own, "GDPR art. 15"),
    "friend": (_friend, "asked in by the student, for as long as the student wants"),
    "holder": (_holder, "the one who answers the student"),
    "free": (_free, "somebody at the door must decide and take"),
    "unheld": (_unheld, "somebody at the door must see that it is there, and its clock"),
    "door": (_at_door, "colleagues see the clock and who has it"),
    "grant": (_granted, "let in by the one who has it; tenants.walls.data"),
    "two_persons": (_opened, "opened by two persons, for a time; the legal basis stands in the opening"),
    "extraction": (_extracted, "taken out by two persons; the legal basis stands in the opening"),
    "offered": (_offered, "somebody it is offered to must decide; what the student agreed to share"),
    "deputy": (_deputy, "who decides about a worry instead of the one who did not"),
    "raiser": (_raiser, "who raised a worry keeps a duty of their own; barnevernsloven § 13-2 and its like"),
    "lead": (_leads, "the lead answers for the promise: clock and role"),
    "administrator": (_administers, "the municipality answers for the promise: clock and role"),
}

_WORDS = ("own", "holder", "free", "grant", "two_persons")
_NOTES = ("holder", "free", "grant", "two_persons")
_LINE = ("own", "door", "grant", "two_persons", "offered")
_OWN_CASELOAD = ("holder",)
_TAKEN_OUT = ("own", "holder", "extraction")
_CLOCK = ("holder", "unheld", "offered", "lead", "administrator")
_WHY_HANDED_OVER = ("holder", "two_persons", "offered")
_FIGURES = ("lead", "administrator")
_DECIDE = ("holder", "deputy")
_WORRY_LINE = ("holder", "unheld", "deputy", "raiser")

#: The whole of what anybody may do. What is not here, nobody may.
_MAY: dict[tuple[What, Act], tuple[str, ...]] = {
    ("conversation", "detail"): (*_WORDS, "friend"),
    ("conversation", "search"): _OWN_CASELOAD,
    ("conversation", "export"): _TAKEN_OUT,
    ("row", "list"): _LINE,
    ("row", "detail"): _LINE,
    ("row", "search"): _LINE,
    ("row", "count"): _LINE,
    ("handover", "detail"): _WHY_HANDED_OVER,
    ("handover", "export"): ("extraction",),
    ("note", "detail"): _NOTES,
    ("note", "search"): _OWN_CASELOAD,
    ("note", "export"): ("holder", "extraction"),
    ("note_of_another_circle", "detail"): ("two_persons",),
    ("note_of_another_circle", "export"): ("extraction",),
    ("attempt", "detail"): _WORDS,
    ("attempt", "export"): _TAKEN_OUT,
    ("read_log", "detail"): ("own", "extraction"),
    ("read_log", "export"): ("own", "extraction"),
    ("notification", "notification"): _CLOCK,
    ("statistics", "statistics"): _FIGURES,
    ("extraction", "detail"): ("extraction",),
    ("extraction", "export"): ("extraction",),
    ("worry", "detail"): _DECIDE,
    ("worry", "export"): ("holder", "deputy", "extraction"),
    ("worry_row", "list"): _WORRY_LINE,
    ("worry_row", "detail"): _WORRY_LINE,
    ("worry_row", "count"): _WORRY_LINE,
    ("worry_row", "notification"): ("holder", "unheld", "deputy", "lead", "administrator"),
    ("worry_told", "detail"): ("own", "holder", "deputy"),
}


def decide(reader: Reader, thing: Thing, act: Act) -> Decision:
    """May `reader` do `act` to `thing`? The first right that holds says why; none: no. Nothing holds against having
    stepped aside.
    """
    if _recused(reader, thing):
        return Decision(False, "recused")
    for name in _MAY.get((thing.kind, act), ()):
        right, source = _RIGHTS[name]
        if right(reader, thing):
            return Decision(True, name, source)
    has_it = _at_door(reader, thing) and thing.held == "colleague"
    return Decision(False, "a_colleague_has_it" if has_it else "no_right")


@dataclass(frozen=True, slots=True)
class Rows:
    """What a list may hold, for a query: everything at these doors, these cases, those offered, this student's
    request; never the cases in `without`, and by a door none in `refused`.
    """

    doors: frozenset[Door]
    cases: frozenset[UUID]
    request: UUID | None
    offered: frozenset[UUID] = frozenset()
    without: frozenset[UUID] = frozenset()
    refused: frozenset[UUID] = frozenset()


def rows_of(reader: Reader) -> Rows:
    """The same as `decide(reader, row, "list")`, said of all rows at once."""
    doors = reader.doors if reader.kind == "person" else frozenset()
    cases = (reader.grants | reader.opened) - reader.recused if doors else frozenset()
    offered = reader.offered - reader.recused if doors else frozenset()
    request = reader.case if reader.kind == "student" else None
    return Rows(doors, cases, request, offered, without=reader.recused, refused=reader.refused)


def may_act(reader: Reader, thing: Thing) -> Decision:
    """Who may take, answer, write down a contact, close: those at the door. Being let in gives no right to act."""
    allowed = _at_door(reader, thing) and not _recused(reader, thing)
    return Decision(allowed, "door" if allowed else "no_right")


def may_note(writer: Reader, thing: Thing) -> Decision:
    """Who may keep notes beside a conversation: the one who has it."""
    allowed = _holder(writer, thing) and not _recused(writer, thing)
    return Decision(allowed, "holder" if allowed else "no_right")


def may_answer(reader: Reader, thing: Thing) -> Decision:
    """Who may say yes or no to taking a case over: whoever it is offered to."""
    allowed = _offered(reader, thing) and not _recused(reader, thing)
    return Decision(allowed, "offered" if allowed else "no_right")


# --- letting somebody in ------------------------------------------------------------------------------------


def may_give(reader: Reader, thing: Thing) -> Decision:
    """Who may let a colleague read, or hand it over: the one who has the case, and nobody for them."""
    allowed = _holder(reader, thing) and not _recused(reader, thing)
    return Decision(allowed, "holder" if allowed else "no_right")


def let_in(*, same_circle: bool, reason_is_enough: bool, basis: Basis, refused: bool = False) -> Decision:
    """May the one who has a case let a colleague read it on this basis?

    need       we work with this together: inside one secrecy circle
    agreement  the student agrees, and that is written down: always
    reason     a written reason: inside the circle, or where the law itself opens (tenants.walls.data)

    Whom the student said no to (`refused`): by their agreement alone.
    """
    if basis == "agreement":
        return Decision(True, "agreement")
    if refused:
        return Decision(False, "the_student_said_no")
    if same_circle:
        return Decision(True, "same_circle")
    if basis == "reason" and reason_is_enough:
        return Decision(True, "law_opens")
    return Decision(False, "another_circle")


def may_hand_over(*, same_circle: bool, reason_is_enough: bool, agreed: bool, shares: Shares) -> Decision:
    """May the one who has a case offer it to somebody who would then be told this much of what was written?

    The student agrees: always. Else inside the circle, or where the law opens by a written reason; and never
    everything.
    """
    if agreed:
        return Decision(True, "agreement")
    if shares == "everything":
        return Decision(False, "everything_needs_agreement")
    return let_in(same_circle=same_circle, reason_is_enough=reason_is_enough, basis="reason")


def may_ask(asker: Reader) -> Decision:
    """Who may ask that a case be opened: whoever works here, as helper, lead or administrator."""
    works_here = bool(asker.doors or asker.leads) or asker.is_administrator
    return Decision(asker.kind == "person" and works_here, "works_here")


def may_confirm(confirmer: Reader, *, asked_by: UUID, reader: UUID, school: UUID) -> Decision:
    """Who may be the second person: a lead of that school or an administrator, who neither asked nor will read."""
    if confirmer.kind != "person" or confirmer.id in (asked_by, reader):
        return Decision(False, "not_another_person")
    in_charge = confirmer.is_administrator or None in confirmer.leads or school in confirmer.leads
    return Decision(in_charge, "in_charge" if in_charge else "not_in_charge")
