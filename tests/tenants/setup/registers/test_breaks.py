"""School breaks from files: days become spans, both ends inclusive, in the municipality's own days."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kernel.tenancy import inside
from tenants.setup.models import SchoolBreak
from tenants.setup.registers.breaks import Found, day_of, read
from tenants.setup.registers.sheets import Unreadable
from tests.cast import World

REAL = Path(__file__).parents[5] / "shared" / "data" / "breaks"
PUBLIC = {date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1), date(2027, 5, 17)}


def found(text: str | bytes, zone: str = "Europe/Oslo") -> Found:
    data = text if isinstance(text, bytes) else text.encode()
    return read(data, zone=zone, holidays=PUBLIC, unnamed="Skolefri")


def spans(text: str | bytes, zone: str = "Europe/Oslo") -> list[str]:
    return [f"{one.first_day}..{one.last_day} {one.name}" for one in found(text, zone).breaks]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-10-05", date(2026, 10, 5)), ("5.10.2026", date(2026, 10, 5)), ("05/10/2026", date(2026, 10, 5)),
        ("20261005", date(2026, 10, 5)), ("2026-10-05T00:00:00", date(2026, 10, 5)), 
        ("05.10.2026 00:00", date(2026, 10, 5)),
        ("31.02.2026", None), ("høst", None), ("", None), ("10/2026", None),
    ],
)  # fmt: skip
def test_a_day_is_read_as_nordic_people_write_it(typed: str, day: date | None) -> None:
    assert day_of(typed) == day


def test_a_range_is_taken_as_it_is() -> None:
    table = "navn;fra;til\nHøstferie;5.10.2026;9.10.2026\nBaklengs;9.10.2026;5.10.2026\nUten dag;;\n"
    assert spans(table) == ["2026-10-05..2026-10-09 Høstferie"]
    assert [where for where, _why in found(table).skipped] == ["row 3", "row 4"]
    assert spans("2026-10-05,2026-10-09,Høstferie\n") == ["2026-10-05..2026-10-09 Høstferie"], (
        "without a header"
    )


def test_a_row_a_day_becomes_one_break_over_its_weekend_and_not_over_a_school_day() -> None:
    days = ["2026-12-21", "2026-12-22", "2026-12-23", "2026-12-24", "2026-12-25", "2026-12-28", "2026-12-30"]
    table = "dato,navn\n" + "".join(f"{day},Juleferie\n" for day in days)
    assert spans(table) == ["2026-12-21..2026-12-28 Juleferie", "2026-12-30..2026-12-30 Juleferie"]
    assert spans("2026-10-05\n2026-10-06\n") == ["2026-10-05..2026-10-06 Skolefri"]


def test_two_names_are_two_breaks_and_the_first_day_of_school_is_none() -> None:
    table = (
        "dato;kommentar\n2026-10-05;Høstferie\n2026-10-06;Høstferie\n2026-10-07;Planleggingsdag\n"
        "2026-08-17;Første skoledag\n2026-10-10;Lørdag\n"
    )
    assert spans(table) == ["2026-10-05..2026-10-06 Høstferie", "2026-10-07..2026-10-07 Planleggingsdag"]


def test_where_each_school_has_a_row_most_of_them_decide_and_pupils_count() -> None:
    rows = ["dato,skole,elevdag,laererdag,sfodag,kommentar"]
    for day, note in (
        ("2026-10-05", "Høstferie"),
        ("2026-10-06", "Høstferie"),
        ("2026-10-09", ""),
        ("2026-10-12", ""),
    ):
        for number in range(5):
            here = "Nei" if note or (day == "2026-10-09" and number < 2) else "Ja"
            rows.append(f"{day},Skole {number},{here},Ja,Ja,{note}")
    rows += [f"2026-12-25,Skole {number},Nei,Nei,Nei,1. juledag" for number in range(5)]
    assert spans("\ufeff" + "\r\n".join(rows)) == ["2026-10-05..2026-10-06 Høstferie"]


def calendar(*events: str) -> str:
    inner = "".join(f"BEGIN:VEVENT\r\nUID:{n}@x\r\n{one}\r\nEND:VEVENT\r\n" for n, one in enumerate(events))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\n{inner}END:VCALENDAR\r\n"


@pytest.mark.parametrize(
    ("lines", "span"),
    [
        (("DTSTART;VALUE=DATE:20261005", "DTEND;VALUE=DATE:20261010"), "2026-10-05..2026-10-09"),
        (("DTSTART;VALUE=DATE:20261005",), "2026-10-05..2026-10-05"),
        (("DTSTART;VALUE=DATE:20261005", "DTEND;VALUE=DATE:20261005"), "2026-10-05..2026-10-05"),
        (("DTSTART;VALUE=DATE:20261005", "DURATION:P5D"), "2026-10-05..2026-10-09"),
        (("DTSTART:20261004T220000Z", "DTEND:20261009T220000Z"), "2026-10-05..2026-10-09"),
        (("DTSTART:20261005T000000", "DTEND:20261010T000000"), "2026-10-05..2026-10-09"),
        # across the end of summer time: midnight in Oslo on either side
        (("DTSTART:20261023T220000Z", "DTEND:20261026T230000Z"), "2026-10-24..2026-10-26"),
    ],
)  # fmt: skip
def test_an_all_day_event_is_the_days_it_covers_here(lines: tuple[str, ...], span: str) -> None:
    text = calendar("\r\n".join((*lines, "SUMMARY:Høstferie")))
    assert spans(text) == [f"{span} Høstferie"]


def test_a_zone_of_its_own_is_brought_home() -> None:
    lines = "DTSTART;TZID=Europe/Helsinki:20261012T000000\r\nDTEND;TZID=Europe/Helsinki:20261017T000000\r\nSUMMARY:Loma"
    assert spans(calendar(lines), "Europe/Helsinki") == ["2026-10-12..2026-10-16 Loma"]
    assert spans(calendar(lines)) == [], "midnight in Helsinki is no midnight in Oslo"


def test_what_is_no_break_is_said_with_why() -> None:
    text = calendar(
        "DTSTART:20261005T160000Z\r\nDTEND:20261005T180000Z\r\nSUMMARY:Foreldremøte",
        "DTSTART;VALUE=DATE:20261005\r\nSUMMARY:Avlyst\r\nSTATUS:CANCELLED",
        "DTSTART;VALUE=DATE:20261005\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:Hvert år",
        "DTSTART;VALUE=DATE:20260817\r\nSUMMARY:Første skoledag",
        "DTSTART;VALUE=DATE:20270517\r\nSUMMARY:Grunnlovsdag",
    )
    assert found(text).breaks == []
    assert [why for _where, why in found(text).skipped] == [
        "it is no whole day", "it is cancelled", "it repeats; write each time by itself",
        "“Første skoledag” is no break",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "navn;hva\nHøstferie;x\n", "BEGIN:VCALENDAR\r\nX"])
def test_what_cannot_be_read_is_said(text: str) -> None:
    with pytest.raises(Unreadable):
        found(text)


@pytest.mark.skipif(not REAL.is_dir(), reason="the folder of real calendars is not here")
def test_a_municipality_s_own_calendar_of_43_schools() -> None:
    said = spans((REAL / "no_stavanger_skolerute_2016-17.csv").read_bytes())
    for one in ("2016-10-10..2016-10-14 Høstferie", "2017-02-27..2017-03-03 Vinterferie"):
        assert one in said
    assert any(one.startswith("2016-12-22..2017-01-02 Juleferie") for one in said)


@pytest.mark.django_db
def test_the_command_prints_each_and_a_second_time_changes_nothing(world: World, tmp_path: Path) -> None:
    file = tmp_path / "breaks.csv"
    file.write_text("navn;fra;til\nHøstferie;2027-10-04;2027-10-08\nFor lang;2027-01-01;2027-12-31\n")
    for _time in range(2):
        out, err = StringIO(), StringIO()
        call_command("import_breaks", "--municipality", "alfa", str(file), stdout=out, stderr=err)
        assert out.getvalue() == "2027-10-04..2027-10-08 Høstferie\n"
        assert "2027-01-01..2027-12-31 For lang" in err.getvalue()
    with inside(world.alpha):
        assert SchoolBreak.objects.filter(name="Høstferie", first_day=date(2027, 10, 4)).count() == 1
    with pytest.raises(CommandError, match="nowhere"):
        call_command("import_breaks", "--municipality", "nowhere", str(file))
