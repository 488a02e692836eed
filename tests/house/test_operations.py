"""Operations are the only code that writes, each asks who is acting, and each leaves a row in the audit."""

import ast
from pathlib import Path

import pytest

CLONE = Path(__file__).resolve().parents[2]
FOLDERS = ("platform/kernel", "tenants", "services", "billing")
FILES = sorted(
    path
    for folder in FOLDERS
    for path in (CLONE / folder).rglob("*.py")
    if path.stem == "operations" or (path.parent.name == "operations" and path.stem != "__init__")
)
WRITES = {
    "save",
    "create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}


def _functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]


def _calls(node: ast.AST) -> set[str]:
    names = set()
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            function = call.func
            names.add(function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", ""))
    return names


def _reaches(name: str, wanted: str, all_calls: dict[str, set[str]], seen: set[str]) -> bool:
    if name in seen:
        return False
    seen.add(name)
    calls = all_calls.get(name, set())
    return wanted in calls or any(_reaches(call, wanted, all_calls, seen) for call in calls)


ALL_CALLS: dict[str, set[str]] = {}
for _path in FILES:
    for _function in _functions(_path):
        ALL_CALLS.setdefault(_function.name, set()).update(_calls(_function))

VERBS = [
    pytest.param(function, id=f"{path.relative_to(CLONE)}:{function.name}")
    for path in FILES
    for function in _functions(path)
    if not function.name.startswith("_")
    and "by" in [argument.arg for argument in function.args.kwonlyargs]
    and "audit" not in path.parts
    and not any(getattr(decorator, "id", "") == "contextmanager" for decorator in function.decorator_list)
    and path.name != "rows.py"
]


def test_there_are_verbs_to_look_at() -> None:
    assert len(VERBS) > 20


@pytest.mark.parametrize("function", VERBS)
def test_every_operation_leaves_a_row_in_the_audit(function: ast.FunctionDef) -> None:
    written = _reaches(function.name, "record", ALL_CALLS, set())
    # The read log is an audit too.
    read = any(_reaches(function.name, log, ALL_CALLS, set()) for log in ("reading", "readings"))
    assert written or read


@pytest.mark.parametrize("function", VERBS)
def test_every_operation_takes_keywords_only_and_has_no_back_door(function: ast.FunctionDef) -> None:
    names = [argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)]
    assert not function.args.args, "keyword-only arguments"
    assert not {"force", "user", "skip_checks", "as_superuser"} & set(names)
    position = [argument.arg for argument in function.args.kwonlyargs].index("by")
    assert function.args.kw_defaults[position] is None, "`by` has no default: somebody always acts"


def test_views_and_queries_never_write() -> None:
    offenders = []
    for folder in FOLDERS:
        for path in (CLONE / folder).rglob("*.py"):
            if path.stem not in ("views", "queries", "api", "forms") and path.parent.name not in (
                "views",
                "queries",
            ):
                continue
            for call in ast.walk(ast.parse(path.read_text())):
                if (
                    isinstance(call, ast.Call)
                    and isinstance(call.func, ast.Attribute)
                    and call.func.attr in WRITES
                    and ".objects" in ast.unparse(call.func)
                ):
                    offenders.append(f"{path.relative_to(CLONE)}:{call.lineno}")
    assert not offenders
