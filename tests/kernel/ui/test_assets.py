"""What the browser gets: small, complete, built once."""

from __future__ import annotations

import re
from pathlib import Path

import brotli
import pytest

from kernel.ui import assets

BUILT = pytest.mark.skipif(
    not (assets.ROOT / assets.COMPONENTS).exists(), reason="node_modules is not there: run `make setup`"
)


@BUILT
def test_a_second_build_finds_that_nothing_has_changed(tmp_path: Path) -> None:
    assert assets.build(dist=tmp_path)
    assert not assets.build(dist=tmp_path)
    assert {"student.css", "staff.css", "student.js", "staff.js", "htmx.min.js"} <= {
        f.name for f in tmp_path.iterdir()
    }


@BUILT
@pytest.mark.parametrize("name", ["student", "staff"])
def test_every_custom_property_that_is_used_is_defined(tmp_path: Path, name: str) -> None:
    assets.build(dist=tmp_path)
    css = (tmp_path / f"{name}.css").read_text()
    defined = set(re.findall(r"(--[\w-]+)\s*:", css))
    used = set(re.findall(r"var\((--[\w-]+)\)", css))
    # What belongs to parts of Designsystemet that we do not use.
    unused = {p for p in used if p.startswith(("--ds-heading-", "--_", "--ds-body-l", "--ds-body-x"))}
    assert used - defined - unused <= {
        "--ds-color-info-text-subtle",
        "--ds-color-success-text-subtle",
        "--ds-color-warning-text-subtle",
    }


@BUILT
def test_the_students_sheet_and_script_are_small_over_the_wire(tmp_path: Path) -> None:
    assets.build(dist=tmp_path)
    assert len(brotli.compress((tmp_path / "student.css").read_bytes())) <= 12_200
    assert len((tmp_path / "student.js").read_bytes()) <= 2_000


def test_missing_packages_name_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(assets.MissingPackages, match="npm ci"):
        assets.build(root=tmp_path, dist=tmp_path / "dist")


def test_squeezing_keeps_what_means_something() -> None:
    css = "/* a */ .a:not(.b) > c { width: calc(1rem + 2px); margin: -1px }\n"
    css += "@media (min-width: 40rem) { a { b: c; } }"
    assert assets.squeeze(css) == (
        ".a:not(.b) > c{width:calc(1rem + 2px);margin:-1px}@media (min-width: 40rem){a{b:c}}"
    )
