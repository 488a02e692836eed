"""Builds what the browser gets: `python -m kernel.ui.assets` (called by `make setup`; needs `npm ci`, not
Django).

Concatenates the Designsystemet components we use under `@layer`, then our own sheets tokens -> base ->
elements -> layout, squeezes comments and white space, and copies htmx. Writes static/ui/dist (git-ignored)
with a stamp of the lock file and all sources: a second run that finds the same stamp does nothing.
Third-party code is never committed.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
from pathlib import Path

from kernel.ui.theme import DEFAULT_BRAND, theme_css

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
SOURCES = HERE / "static" / "ui" / "src"
DIST = HERE / "static" / "ui" / "dist"
COMPONENTS = Path("node_modules/@digdir/designsystemet-css/dist/src")

LAYERS = "@layer ds.theme,ds.base,ds.page,ds.components,lv.elements,lv.layout;"
STUDENT_COMPONENTS = ("button", "input", "validation-message", "error-summary", "details")
STAFF_COMPONENTS = (*STUDENT_COMPONENTS, "tag", "table")
STUDENT_SHEETS = ("tokens", "base", "elements", "scenes", "student")
STAFF_SHEETS = ("tokens", "base", "elements", "scenes", "staff")


class MissingPackages(RuntimeError):
    """node_modules is not there, or lacks something; the message names the remedy."""


def build(root: Path = ROOT, dist: Path = DIST) -> bool:
    """Write all assets; False when the stamp says that nothing has changed."""
    stamp = _stamp(root)
    mark = dist / ".stamp"
    if mark.exists() and mark.read_text() == stamp:
        return False
    dist.mkdir(parents=True, exist_ok=True)
    (dist / "student.css").write_text(sheet(root, STUDENT_COMPONENTS, STUDENT_SHEETS))
    (dist / "staff.css").write_text(sheet(root, STAFF_COMPONENTS, STAFF_SHEETS))
    for script in ("student.js", "staff.js", "offline.js"):
        (dist / script).write_text(squeeze_script((SOURCES / script).read_text()))
    shutil.copyfile(_package(root, "node_modules/htmx.org/dist/htmx.min.js"), dist / "htmx.min.js")
    mark.write_text(stamp)
    return True


def sheet(root: Path, components: tuple[str, ...], ours: tuple[str, ...]) -> str:
    """One style sheet: layers first, then the default theme, Designsystemet's components, and ours."""
    parts = [LAYERS, f"@layer ds.theme{{{theme_css(DEFAULT_BRAND)}}}"]
    for name in ("base", *components):
        css = _package(root, str(COMPONENTS / f"{name}.css")).read_text()
        parts.append(f"@layer {'ds.base' if name == 'base' else 'ds.components'}{{{css}}}")
    parts += [(SOURCES / f"{name}.css").read_text() for name in ours]
    return "".join(squeeze(part) for part in parts)


def squeeze(css: str) -> str:
    """Comments and needless white space away; strings and `calc()` stay as they are."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r"\s*([{};])\s*", r"\1", css)
    css = re.sub(r"(?<=[a-z-]):\s+(?=[^{}]*[;}])", ":", css)
    return css.replace(";}", "}").strip()


def squeeze_script(script: str) -> str:
    """Whole-line comments and indentation away; the rest is as written, so what runs is what was read."""
    lines = (line.strip() for line in script.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"


def _package(root: Path, path: str) -> Path:
    found = root / path
    if not found.exists():
        raise MissingPackages(f"{path} is missing: run `make setup`, or `npm ci --ignore-scripts` in {root}")
    return found


def _stamp(root: Path) -> str:
    digest = hashlib.sha256()
    lock = root / "package-lock.json"
    files = [lock, Path(__file__), HERE / "theme.py", HERE / "colour.py", *sorted(SOURCES.glob("*"))]
    for file in files:
        if file.exists():
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def main() -> int:
    """Exit code 0, or 1 with one line that names what is missing."""
    try:
        built = build()
    except MissingPackages as problem:
        print(problem, file=sys.stderr)
        return 1
    print("assets: built" if built else "assets: up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
