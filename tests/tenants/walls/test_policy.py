"""The table against the policy, cell by cell; and against every mutant of the policy: each must be found out."""

import ast
import pickle
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest

from tenants.walls import circle_of, policy, same_circle, sharing_of
from tests.tenants.walls.table import (
    ACTS,
    AT_THE_DOOR,
    KINDS,
    LETTING_IN,
    MAY_ACT,
    MAY_ANSWER,
    MAY_ASK,
    MAY_CONFIRM,
    MAY_GIVE,
    MAY_NOTE,
    RIGHTS,
    TABLE,
    WITHOUT_AGREEMENT,
)

ROLE, OTHER_ROLE, SCHOOL, OTHER_SCHOOL, ME, SOMEBODY, CASE, OTHER_CASE, REQUEST, OTHER_REQUEST = (
    UUID(int=number) for number in range(1, 11)
)
HELD = ("nobody", "me", "colleague", "rest")
_NURSE, _AWAY, _COUNSELLOR = {(ROLE, SCHOOL)}, {(ROLE, OTHER_SCHOOL)}, {(OTHER_ROLE, SCHOOL)}
_EVERYTHING: dict[str, Any] = {
    "doors": _NURSE, "leads": {None, SCHOOL}, "is_administrator": True, "is_operator": True,
    "grants": {CASE}, "opened": {CASE}, "extracted": {CASE}, "offered": {CASE}, "decides": {CASE},
    "raised": {CASE},
}  # fmt: skip

FACTS: dict[str, dict[str, Any]] = {
    "nobody": {"kind": "nobody"},
    "machine": {"kind": "machine"},
    "outsider": {"kind": "person"},
    "operator": {"kind": "person", "is_operator": True},
    "student": {"kind": "student", "case": REQUEST},
    "another_student": {"kind": "student", "case": OTHER_REQUEST},
    "friend": {"kind": "friend", "case": REQUEST},
    "friend_of_another_student": {"kind": "friend", **_EVERYTHING, "case": OTHER_REQUEST},
    "student_who_has_not_knocked": {"kind": "student"},
    "nurse": {"kind": "person", "doors": _NURSE},
    "nurse_elsewhere": {"kind": "person", "doors": _AWAY},
    "counsellor": {"kind": "person", "doors": _COUNSELLOR},
    "lead": {"kind": "person", "leads": {None}},
    "lead_of_this_school": {"kind": "person", "leads": {SCHOOL}},
    "lead_of_another_school": {"kind": "person", "leads": {OTHER_SCHOOL}},
    "administrator": {"kind": "person", "is_administrator": True},
    "nurse_with_grant": {"kind": "person", "doors": _NURSE, "grants": {CASE}},
    "deputy": {"kind": "person", "doors": _NURSE, "decides": {CASE}},
    "deputy_elsewhere": {"kind": "person", "doors": _AWAY, "decides": {CASE}},
    "deputy_of_another_case": {"kind": "person", "doors": _NURSE, "decides": {OTHER_CASE}},
    "raiser": {"kind": "person", "doors": _NURSE, "raised": {CASE}},
    "raiser_elsewhere": {"kind": "person", "doors": _COUNSELLOR, "raised": {CASE}},
    "raiser_who_left": {"kind": "person", "raised": {CASE}},
    "raiser_of_another_case": {"kind": "person", "doors": _COUNSELLOR, "raised": {OTHER_CASE}},
    "counsellor_with_grant": {"kind": "person", "doors": _COUNSELLOR, "grants": {CASE}},
    "counsellor_with_grant_to_another_case": {
        "kind": "person", "doors": _COUNSELLOR, "grants": {OTHER_CASE}, "opened": {OTHER_CASE},
        "extracted": {OTHER_CASE},
    },
    "counsellor_with_opening": {"kind": "person", "doors": _COUNSELLOR, "opened": {CASE}},
    "counsellor_with_extraction": {
        "kind": "person", "doors": _COUNSELLOR, "opened": {CASE}, "extracted": {CASE},
    },
    "counsellor_offered": {"kind": "person", "doors": _COUNSELLOR, "offered": {CASE}, "recused": {OTHER_CASE}},
    "nurse_offered": {"kind": "person", "doors": _NURSE, "offered": {CASE}},
    "receiver_who_accepted": {"kind": "person", "doors": _NURSE},
    "counsellor_who_declined": {"kind": "person", "doors": _COUNSELLOR, "offered": {OTHER_CASE}},
    "nurse_recused": {"kind": "person", "doors": _NURSE, "recused": {CASE}},
    "nurse_kept_out": {"kind": "person", "doors": _NURSE, "recused": {CASE}},
    "nurse_at_the_students_school": {"kind": "person", "doors": _NURSE | _AWAY, "recused": {CASE}},
    "nurse_refused": {"kind": "person", "doors": _NURSE, "refused": {CASE}},
    "raiser_refused": {"kind": "person", "doors": _NURSE, "raised": {CASE}, "refused": {CASE}},
    "recused_with_everything": {"kind": "person", **_EVERYTHING, "recused": {CASE}},
    "left_with_offer": {"kind": "person", "offered": {CASE}},
    "left_with_grant_and_opening": {
        "kind": "person", "grants": {CASE}, "opened": {CASE}, "extracted": {CASE},
    },
    "administrator_with_grant_and_opening": {
        "kind": "person", "is_administrator": True, "grants": {CASE}, "opened": {CASE}, "extracted": {CASE},
    },
    "machine_with_everything": {"kind": "machine", **_EVERYTHING, "case": REQUEST},
    "nobody_with_everything": {"kind": "nobody", **_EVERYTHING, "case": REQUEST},
    "student_of_another_case_with_everything": {"kind": "student", **_EVERYTHING, "case": OTHER_REQUEST},
}  # fmt: skip


@cache
def reader(p: ModuleType, who: str) -> Any:
    facts = {key: frozenset(value) if isinstance(value, set) else value for key, value in FACTS[who].items()}
    return p.Reader(id=None if FACTS[who]["kind"] != "person" else ME, **facts)


@cache
def thing(p: ModuleType, kind: str, held: str) -> Any:
    return p.Thing(kind, role=ROLE, school=SCHOOL, held=held, case=CASE, request=REQUEST)


# --- the table's own completeness -------------------------------------------------------------------------


def test_no_cell_is_unspecified() -> None:
    cells = 0
    for lines in TABLE.values():
        for of_held in lines:
            assert set(of_held) == set(KINDS)
            for letters in of_held.values():
                assert len(letters) == len(ACTS)
                assert set(letters) <= {".", *RIGHTS}
                cells += len(letters)
    assert cells == len(TABLE) * len(HELD) * len(KINDS) * len(ACTS) == 19712
    assert set(FACTS) == set(TABLE) == set(MAY_ACT) == set(MAY_GIVE)


def test_every_right_and_every_basis_of_the_policy_is_somewhere_in_the_table() -> None:
    letters = {
        letter for lines in TABLE.values() for held in lines for line in held.values() for letter in line
    }
    assert letters - {"."} == set(RIGHTS)
    assert set(RIGHTS.values()) == set(policy._RIGHTS)
    assert {name for names in policy._MAY.values() for name in names} <= set(policy._RIGHTS)


# --- the policy against the table -------------------------------------------------------------------------

type Fault = str


def faults(p: ModuleType) -> Iterator[Fault]:
    """Every difference between the table and `p`; a crash is one too."""
    for check in (_decides, _rows, _acts, _lets_in, _hands_over, _two_persons):
        try:
            yield from check(p)
        except Exception as crash:  # a mutant that crashes is found out
            yield f"{check.__name__}: {crash!r}"


def _decides(p: ModuleType) -> Iterator[Fault]:
    for who, lines in TABLE.items():
        for held, of_held in zip(HELD, lines, strict=True):
            for kind, letters in of_held.items():
                for act, letter in zip(ACTS, letters, strict=True):
                    said = p.decide(reader(p, who), thing(p, kind, held), act)
                    wanted = RIGHTS.get(letter, _no(who, held))
                    if (bool(said), said.allowed, said.why) != (letter != ".", letter != ".", wanted):
                        yield f"{who} {held} {kind} {act}: {said}"
                    if bool(said.source) != (letter != "."):
                        yield f"{who} {held} {kind} {act}: no source"


def _no(who: str, held: str) -> str:
    if "recused" in who or who in ("nurse_kept_out", "nurse_at_the_students_school"):
        return "recused"
    at_the_door = who in AT_THE_DOOR and held == "colleague"
    return "a_colleague_has_it" if at_the_door else "no_right"


def _rows(p: ModuleType) -> Iterator[Fault]:
    """Lists by the table: the row of every case the reader may see, and no other."""
    for who, lines in TABLE.items():
        rows = p.rows_of(reader(p, who))
        at_door = (ROLE, SCHOOL) in rows.doors and CASE not in rows.refused
        listed = at_door or CASE in rows.cases | rows.offered or rows.request == REQUEST
        there = listed and CASE not in rows.without
        if there != (lines[0]["row"][0] != "."):
            yield f"{who}: lists {rows}"
        if (FACTS[who]["kind"] == "student") != (
            rows.request is not None
        ) and who != "student_who_has_not_knocked":
            yield f"{who}: {rows}"
    both = p.Reader(
        kind="person", doors=frozenset(_NURSE), grants=frozenset({CASE}), opened=frozenset({OTHER_CASE})
    )
    if p.rows_of(both) != p.Rows(frozenset(_NURSE), frozenset({CASE, OTHER_CASE}), None):
        yield "a helper's grants and openings stand beside their doors"
    aside = p.Reader(kind="person", doors=frozenset(_NURSE), offered=frozenset({CASE, OTHER_CASE}),
                     grants=frozenset({CASE}), opened=frozenset({CASE}), recused=frozenset({CASE}))  # fmt: skip
    if p.rows_of(aside) != p.Rows(
        frozenset(_NURSE), frozenset(), None, frozenset({OTHER_CASE}), without=frozenset({CASE})
    ):
        yield "what one stepped aside from is in no list, by whatever one was given"


def _acts(p: ModuleType) -> Iterator[Fault]:
    for who in TABLE:
        for number, held in enumerate(HELD):
            of = thing(p, "conversation", held)
            acts, gives, notes, answers = (
                ask(reader(p, who), of) for ask in (p.may_act, p.may_give, p.may_note, p.may_answer)
            )
            for said, wanted, right in (
                (acts, MAY_ACT, "door"), (gives, MAY_GIVE, "holder"), (notes, MAY_NOTE, "holder"),
                (answers, MAY_ANSWER, "offered"),
            ):  # fmt: skip
                allowed = wanted[who][number]
                if (bool(said), said.why) != (allowed, right if allowed else "no_right"):
                    yield f"{who} {held}: {said}"


def _lets_in(p: ModuleType) -> Iterator[Fault]:
    for country, giver, colleague, bases in LETTING_IN:
        one, other = (
            (country, profession, "compulsory", employer) for profession, employer in (giver, colleague)
        )
        same = same_circle(circle_of(*one), circle_of(*other))
        why = {
            "agreement": "agreement",
            "need": "same_circle",
            "reason": "same_circle" if same else "law_opens",
        }
        for basis in ("need", "agreement", "reason"):
            law = sharing_of(*one).by_reason
            said = p.let_in(same_circle=same, reason_is_enough=law, basis=basis)
            allowed = basis in bases.split()
            if (bool(said), said.why) != (allowed, why[basis] if allowed else "another_circle"):
                yield f"{country} {giver} → {colleague} {basis}: {said}"
            said = p.let_in(same_circle=same, reason_is_enough=law, basis=basis, refused=True)
            if (bool(said), said.why) != (
                basis == "agreement",
                basis if basis == "agreement" else "the_student_said_no",
            ):
                yield f"{country} {giver} → {colleague} {basis}, told no: {said}"


def _hands_over(p: ModuleType) -> Iterator[Fault]:
    for country, giver, receiver, follows in WITHOUT_AGREEMENT:
        one, other = (
            (country, profession, "compulsory", employer) for profession, employer in (giver, receiver)
        )
        same = same_circle(circle_of(*one), circle_of(*other))
        for shares in ("nothing", "summary", "onward", "everything"):
            for agreed in (True, False):
                said = p.may_hand_over(
                    same_circle=same,
                    reason_is_enough=sharing_of(*one).by_reason,
                    agreed=agreed,
                    shares=shares,
                )
                allowed = agreed or shares in follows.split()
                why = "agreement" if agreed else "same_circle" if same else "law_opens"
                if not allowed:
                    why = "everything_needs_agreement" if shares == "everything" else "another_circle"
                if (bool(said), said.why) != (allowed, why):
                    yield f"{country} {giver} → {receiver} {shares} agreed={agreed}: {said}"


def _two_persons(p: ModuleType) -> Iterator[Fault]:
    for who in TABLE:
        one = reader(p, who)
        if (bool(p.may_ask(one)), p.may_ask(one).why) != (who in MAY_ASK, "works_here"):
            yield f"{who} asks: {p.may_ask(one)}"
        is_person = FACTS[who]["kind"] == "person"
        for asked_by, to_read in ((SOMEBODY, SOMEBODY), (ME, SOMEBODY), (SOMEBODY, ME)):
            said = p.may_confirm(one, asked_by=asked_by, reader=to_read, school=SCHOOL)
            another = is_person and ME not in (asked_by, to_read)
            allowed = another and who in MAY_CONFIRM
            why = "in_charge" if allowed else "not_in_charge" if another else "not_another_person"
            if (bool(said), said.why) != (allowed, why):
                yield f"{who} confirms what {asked_by} asked for {to_read}: {said}"


def test_the_policy_is_the_table() -> None:
    assert list(faults(policy)) == []


def test_what_nobody_wrote_down_is_no() -> None:
    for who in TABLE:
        assert not policy.decide(reader(policy, who), thing(policy, "diary", "nobody"), "detail")  # type: ignore[arg-type]
        assert not policy.decide(reader(policy, who), thing(policy, "row", "nobody"), "burn")  # type: ignore[arg-type]


# --- mutants ------------------------------------------------------------------------------------------------

SOURCE = Path(policy.__file__).read_text()
_FLIPPED: dict[type, type] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}  # fmt: skip

type Mutate = Callable[[Any], Any]


def _mutations(node: ast.AST) -> Iterator[tuple[str, Mutate]]:
    """What can go wrong at this node: (what, how to make it so)."""
    if isinstance(node, ast.Compare):
        yield "flips the comparison", _flip
    if isinstance(node, ast.BoolOp):
        yield "and for or", _other_operator
        for number in range(len(node.values)):
            yield f"drops condition {number}", _drop(number)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        yield "leaves out the left side", lambda it: it.right
        yield "leaves out the right side", lambda it: it.left
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "drops a not", lambda it: it.operand
    if isinstance(node, ast.IfExp):
        yield "takes the other branch", lambda it: ast.IfExp(it.test, it.orelse, it.body)
        yield "always", lambda it: it.body
        yield "never", lambda it: it.orelse
    if isinstance(node, ast.If):
        yield "negates the condition", _with_test(lambda test: ast.UnaryOp(ast.Not(), test))
        yield "goes in always", _with_test(lambda _test: ast.Constant(True))
        yield "goes in never", _with_test(lambda _test: ast.Constant(False))
    if isinstance(node, ast.Return) and node.value is not None:
        if isinstance(node.value, ast.Call) and getattr(node.value.func, "id", "") == "Decision":
            for what, allowed in (("allows", True), ("refuses", False)):
                if getattr(node.value.args[0], "value", None) is not allowed:  # else it would be no mutant
                    yield what, _answer(allowed)
        else:
            yield "returns yes", lambda it: ast.Return(ast.Constant(True))
            yield "returns no", lambda it: ast.Return(ast.Constant(False))
            yield "returns the opposite", lambda it: ast.Return(ast.UnaryOp(ast.Not(), it.value))
    if isinstance(node, ast.Tuple) and len(node.elts) > 1 and all(_is_word(one) for one in node.elts):
        for number in range(len(node.elts)):
            yield f"forgets {ast.unparse(node.elts[number])}", _without(number)
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "turns a constant", lambda it: ast.Constant(not it.value)


def _is_word(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _flip(node: ast.Compare) -> ast.Compare:
    return ast.Compare(node.left, [_FLIPPED[type(one)]() for one in node.ops], node.comparators)


def _other_operator(node: ast.BoolOp) -> ast.BoolOp:
    return ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)


def _drop(number: int) -> Mutate:
    def without(node: ast.BoolOp) -> ast.expr:
        rest = [value for place, value in enumerate(node.values) if place != number]
        return rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)

    return without


def _without(number: int) -> Mutate:
    return lambda it: ast.Tuple([one for place, one in enumerate(it.elts) if place != number], it.ctx)


def _with_test(change: Callable[[ast.expr], ast.expr]) -> Mutate:
    return lambda it: ast.If(change(it.test), it.body, it.orelse)


def _answer(allowed: bool) -> Mutate:
    return lambda it: ast.Return(
        ast.Call(it.value.func, [ast.Constant(allowed), *it.value.args[1:]], it.value.keywords)
    )


class _Replace(ast.NodeTransformer):
    """Put the mutation at the node of this number, counted in the order of ast.walk."""

    def __init__(self, target: ast.AST, mutate: Mutate) -> None:
        self.target, self.mutate = target, mutate

    def visit(self, node: ast.AST) -> Any:
        return self.mutate(node) if node is self.target else self.generic_visit(node)


def _scenes(tree: ast.Module) -> list[int]:
    """Numbers of the nodes that run: functions and the tables of rights; not types, defaults and docstrings."""
    wanted = []
    nodes = list(ast.walk(tree))
    inside = {
        id(part)
        for top in tree.body
        if isinstance(top, (ast.FunctionDef, ast.Assign, ast.AnnAssign))
        for part in ast.walk(top)
    }
    annotations = {
        id(part)
        for node in nodes
        for note in (getattr(node, "annotation", None), getattr(node, "returns", None))
        if note is not None
        for part in ast.walk(note)
    }
    for number, node in enumerate(nodes):
        if id(node) in inside and id(node) not in annotations:
            wanted.append(number)
    return wanted


def mutants() -> Iterator[tuple[str, str]]:
    """(what was changed and where, the changed source) of every mutant of the policy."""
    tree = ast.parse(SOURCE)
    whole = pickle.dumps(tree)  # a copy of it costs a fifth of a deepcopy
    nodes = list(ast.walk(tree))
    for number in _scenes(tree):
        for what, mutate in _mutations(nodes[number]):
            changed = pickle.loads(whole)
            target = list(ast.walk(changed))[number]
            _Replace(target, mutate).visit(changed)
            source = ast.unparse(ast.fix_missing_locations(changed))
            yield f"line {getattr(nodes[number], 'lineno', 0)}: {what}", source
        yield from _without_key(whole, nodes, number)


def _without_key(whole: bytes, nodes: list[ast.AST], number: int) -> Iterator[tuple[str, str]]:
    """A row of the table of rights is forgotten."""
    node = nodes[number]
    if not isinstance(node, ast.Dict) or not any(isinstance(key, ast.Tuple) for key in node.keys):
        return
    for place, key in enumerate(node.keys):
        changed = pickle.loads(whole)
        target: Any = list(ast.walk(changed))[number]
        del target.keys[place], target.values[place]
        yield f"forgets {ast.unparse(key)}" if key else "", ast.unparse(changed)


def _module(source: str) -> ModuleType:
    made = ModuleType("tenants.walls.policy_mutant")
    sys.modules[made.__name__] = made  # dataclasses look their module up
    exec(compile(source, "policy_mutant", "exec"), made.__dict__)
    return made


def survives(source: str) -> bool:
    try:
        return next(faults(_module(source)), None) is None
    except Exception:
        return False


def test_every_mutant_of_the_policy_is_found_out() -> None:
    tried, alive = 0, []
    for what, source in mutants():
        tried += 1
        if survives(source):
            alive.append(what)
    print(f"\nT11: {tried} mutants of the policy, {len(alive)} alive")
    assert alive == []
    assert tried >= 120


def test_the_harness_lets_what_is_no_mutant_live() -> None:
    assert survives(ast.unparse(ast.parse(SOURCE)))


if __name__ == "__main__":
    pytest.main([__file__, "-q"])
