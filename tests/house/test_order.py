"""The order in which several processes share the suite."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.order import LONG, TESTS, long_first


def item(name: str, number: int) -> Any:
    return SimpleNamespace(path=TESTS / name, number=number)


def test_a_file_that_is_named_long_exists() -> None:
    assert [name for name in LONG if not (TESTS / name).is_file()] == []


def test_the_longest_file_is_begun_first_and_each_keeps_its_own_order() -> None:
    longest, second = sorted(LONG, key=lambda name: -LONG[name])[:2]
    items = [item(name, number) for name in ("house/test_order.py", second, longest) for number in range(3)]
    long_first(items)
    said = [(one.path.relative_to(TESTS), one.number) for one in items]
    assert said == [
        (Path(name), number) for name in (longest, second, "house/test_order.py") for number in range(3)
    ]


def test_a_run_of_several_processes_does_not_order_files_by_their_number_of_tests(request: Any) -> None:
    assert request.config.option.loadscopereorder is False
