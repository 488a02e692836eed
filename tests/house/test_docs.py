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


def _sources() -> list[Path]:
    rooms = ("platform", "tenants", "services", "billing", "tests", "docs")
    return [path for room in rooms for kind in ("py", "md") for path in (env.CLONE / room).rglob(f"*.{kind}")]
