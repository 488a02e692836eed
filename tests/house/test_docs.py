"""What the documents say of themselves."""

import re
from collections import Counter
from pathlib import Path

from config import env

DECISIONS = sorted((env.CLONE / "docs/decisions").glob("*.md"))


def test_a_decision_has_a_number_of_its_own_and_says_it() -> None:
    numbers = Counter(path.name[:4] for path in DECISIONS)
    assert [number for number, count in numbers.items() if count > 1] == []
    for path in DECISIONS:
        assert path.read_text(encoding="utf-8").startswith(f"# {int(path.name[:4])}. "), path.name


def test_a_decision_that_is_named_exists() -> None:
    known = {path.name[:4] for path in DECISIONS}
    for source in _sources():
        for number in re.findall(r"docs/decisions/(\d{4})", source.read_text(encoding="utf-8")):
            assert number in known, f"{source.relative_to(env.CLONE)} names decision {number}"


def test_a_file_that_a_document_names_exists() -> None:
    named = re.compile(
        r"`((?:platform|services|tenants|tests|docs|deploy)/[\w./-]+\.(?:py|html|js|md|sh|json))`"
    )
    for document in _documents():
        for path in named.findall(document.read_text(encoding="utf-8")):
            if re.search(r"/[A-Z]+/", path):  # one of several: LANGUAGE
                continue
            assert (env.CLONE / path).is_file(), f"{document.relative_to(env.CLONE)} names {path}"


def test_the_way_of_a_knock_names_what_is_in_each_file() -> None:
    rows = [
        [cell.strip() for cell in line.split("|")[2:4]]
        for line in (env.CLONE / "docs/how/one-knock.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and "`" in line
    ]
    assert len(rows) > 15
    for file, wanted in rows:
        path = file.strip("`")
        text = (env.CLONE / path).read_text(encoding="utf-8")
        for name in re.findall(r"`(\w+)`", wanted):
            assert re.search(rf"(?m)(def {name}\(|class {name}\b|const {name} = |^{name} = )", text), (
                f"{path} has no {name}"
            )


def _sources() -> list[Path]:
    rooms = ("platform", "tenants", "services", "billing", "tests", "docs")
    return [path for room in rooms for kind in ("py", "md") for path in (env.CLONE / room).rglob(f"*.{kind}")]


def _documents() -> list[Path]:
    whole = ("docs", "deploy", "platform", "services", "tenants", "tests")
    return [*env.CLONE.glob("*.md"), *(path for room in whole for path in (env.CLONE / room).rglob("*.md"))]
