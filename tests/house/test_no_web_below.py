"""Operations, models, queries and rules know nothing of the web: they serve pages, API and jobs alike."""

import ast
from pathlib import Path

import pytest

from config import env

# kernel/api and kernel/ui are the web themselves.
BELOW = {"operations", "models", "queries", "permissions", "jobs"}
WEB = ("django.http", "django.shortcuts", "django.views", "django.urls", "rest_framework")
FILES = [
    path
    for room in ("platform/kernel", "tenants", "services", "billing")
    for path in (env.CLONE / room).rglob("*.py")
    if BELOW & {path.stem, path.parent.name} and not {"migrations", "api", "ui"} & set(path.parts)
]


def imported(path: Path) -> set[str]:
    """The modules that a file imports anywhere in it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(env.CLONE)))
def test_what_stands_below_the_web_does_not_import_it(path: Path) -> None:
    web = {
        name for name in imported(path) if any(name == part or name.startswith(f"{part}.") for part in WEB)
    }
    assert not web


def test_the_walk_finds_the_files_it_is_about() -> None:
    assert {"operations", "models", "queries"} <= {path.stem for path in FILES} | {
        path.parent.name for path in FILES
    }
