"""The numbers to call at once."""

from datetime import UTC, datetime

import pytest

from kernel.ui.crisis import NUMBERS, numbers_for


@pytest.mark.parametrize(
    ("country", "numbers"),
    [
        ("NO", {"113", "116 117", "116 111", "116 123"}),
        ("SE", {"112", "116 111", "90101"}),
        ("DK", {"112", "116 111", "70 201 201"}),
        ("FI", {"112", "116 111"}),
        ("IS", {"112", "1717"}),
    ],
)
def test_each_country_has_its_numbers(country: str, numbers: set[str]) -> None:
    assert numbers <= {n.number for n in numbers_for(country)}


@pytest.mark.parametrize("country", NUMBERS)
def test_every_number_can_be_dialled_and_has_a_source(country: str) -> None:
    for n in numbers_for(country):
        assert n.tel.isdigit()
        assert n.source.startswith("https://")
        assert len(n.spans) == 7
    assert sum(n.danger for n in numbers_for(country)) == 1


@pytest.mark.parametrize("country", [*NUMBERS, "XX"])
def test_the_number_that_is_named_before_an_anonymous_send_stands_among_them(country: str) -> None:
    """ "If you are in danger now, call 112": whoever looks for it below finds it (contact/before-anonymous.html)."""
    assert "112" in {n.number for n in numbers_for(country)}


def test_an_unknown_country_gets_europes_number() -> None:
    assert [n.number for n in numbers_for("XX")] == ["112"]


def test_open_now_comes_from_hours_in_the_countrys_zone() -> None:
    helpline = next(n for n in numbers_for("FI") if n.number == "116 111")
    monday_1330_in_helsinki = datetime(2026, 4, 6, 10, 30, tzinfo=UTC)
    monday_1430_in_helsinki = datetime(2026, 4, 6, 11, 30, tzinfo=UTC)
    saturday_1430_in_helsinki = datetime(2026, 4, 4, 11, 30, tzinfo=UTC)
    assert not helpline.open_now(monday_1330_in_helsinki, "FI")
    assert helpline.open_now(monday_1430_in_helsinki, "FI")
    assert not helpline.open_now(saturday_1430_in_helsinki, "FI")
    assert next(n for n in numbers_for("NO") if n.danger).open_now(monday_1330_in_helsinki, "NO")
