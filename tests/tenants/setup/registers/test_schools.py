"""Registers as they come: encodings, separators, formats; and what becomes of a municipality's schools."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kernel.actor import MACHINE
from kernel.errors import NotAllowed
from kernel.tenancy import inside, operator
from services.contact.models import ContactRequest
from tenants.municipalities.models import Municipality
from tenants.setup import operations as setup
from tenants.setup.models import School, SchoolAddress
from tenants.setup.registers.schools import Listed, read
from tenants.setup.registers.sheets import Unreadable, cells_of
from tests.cast import World
from tests.services.contact.people import knock

REAL = Path(__file__).parents[5] / "shared" / "data" / "schools"
NSR = """organisasjonsnummer,navn,kommunenummer,fylkesnummer,er_offentlig,er_grunnskole,er_videregaende,er_aktiv
974000001,Lia skole,3301,33,1,1,0,1
974000002,Åsen barneskole,3301,33,1,1,0,1
974000003,Åssiden videregående skole,3301,33,1,0,1,1
974000004,Begge deler,3301,33,0,1,1,1
974000005,Kartkontoret AS,3301,33,0,0,0,1
974000006,Nedlagt skole,3301,33,1,1,0,0
974000007,Nabo skole,3303,33,1,1,0,1
974000001,Lia skole igjen,3301,33,1,1,0,1
,Uten nummer,3301,33,1,1,0,1
974000009,Longyearbyen skole,2100,21,1,1,0,1
"""


# --- bytes to rows -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("between", [";", ",", "\t"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_letters_and_cells_survive_every_way_a_program_saves_them(
    encoding: str, between: str, ends: str
) -> None:
    lines = [between.join(("INST_NR", "INST_NAVN")), between.join(("1", f'"Blåbær, {between} skole"')), ""]
    data = ends.join(lines).encode(encoding)
    assert [cells for _n, cells in cells_of(data)] == [
        ["INST_NR", "INST_NAVN"],
        ["1", " ".join(f"Blåbær, {between} skole".split())],
    ]


def test_a_first_line_that_names_the_separator_is_obeyed() -> None:
    data = "sep=\t\r\nINST_NR\tINST_NAVN\r\n1\tSkole; den ene\r\n".encode("utf-16")
    assert cells_of(data) == [(2, ["INST_NR", "INST_NAVN"]), (3, ["1", "Skole; den ene"])]


def test_rows_are_numbered_as_an_editor_shows_them() -> None:
    data = b'name,code\n\n"two\nlines",1\nLia,2\n'
    assert [number for number, _cells in cells_of(data)] == [1, 3, 5]


# --- formats -----------------------------------------------------------------------------------------------


def units(text: str | bytes, name: str) -> list[Listed]:
    return read(text if isinstance(text, bytes) else text.encode(), name)


def test_nsr_as_a_file_and_as_pages_of_its_api_are_the_same() -> None:
    pages = [
        {"Sidenummer": 1, "AntallSider": 2, "EnhetListe": [{
            "Organisasjonsnummer": "974000004", "Navn": "Begge deler", "Fylkesnummer": "33", "Kommunenummer": "3301",
            "ErAktiv": True, "ErSkole": True, "ErGrunnskole": True, "ErVideregaendeSkole": True}]},
        {"Sidenummer": 2, "AntallSider": 2, "EnhetListe": [{
            "Organisasjonsnummer": "974000006", "Navn": "Nedlagt skole", "Fylkesnummer": "33",
            "Kommunenummer": "3301", "ErAktiv": False, "ErSkole": True, "ErGrunnskole": True,
            "ErVideregaaendeSkole": False}]},
    ]  # fmt: skip
    as_api = units(json.dumps(pages), "nsr")
    as_file = [one for one in units(NSR, "nsr") if one.code in ("974000004", "974000006")]
    said = [(one.code, one.name, one.kinds, one.municipality, one.county, one.is_open) for one in as_api]
    assert said == [(o.code, o.name, o.kinds, o.municipality, o.county, o.is_open) for o in as_file]
    assert units(json.dumps(pages[0]), "nsr") == as_api[:1]


def test_skolverket_s_forms_and_states() -> None:
    planned = {"units": [
        {"code": "10035236", "name": "Söderbymalmsskolan", "geographicalAreaCode": "0136",
         "typeOfSchooling": [{"code": "gr", "schoolYears": ["7"]}, {"code": "fsk"}]},
        {"code": "10035237", "name": "Gymnasiet", "geographicalAreaCode": "136", "typeOfSchooling": [{"code": "gy"}]},
        {"code": "10035238", "name": "Förskoleklassen", "geographicalAreaCode": "0136",
         "typeOfSchooling": [{"code": "fsk"}]}]}  # fmt: skip
    assert [(one.kinds, one.municipality) for one in units(json.dumps(planned), "skolverket")] == [
        (("compulsory",), "0136"), (("upper_secondary",), "0136"), ((), "0136"),
    ]  # fmt: skip
    v2 = {"meta": {}, "data": {"type": "schoolunits", "attributes": [
        {"schoolUnitCode": "1", "name": "Aktiv", "status": "AKTIV"},
        {"schoolUnitCode": "2", "name": "Upphörd", "status": "UPPHORT"},
        {"schoolUnitCode": "3", "name": "Vilande", "status": "VILANDE"},
        {"schoolUnitCode": "4", "name": "Planerad", "status": "PLANERAD"}]}}  # fmt: skip
    assert [one.is_open for one in units(json.dumps(v2), "skolverket")] == [True, False, False, False]


def test_stil_says_what_kind_in_words() -> None:
    table = "INST_NR;INST_NAVN;INST_TYPE_NAVN;KOMMUNE_NR\n101001;Legatskolen;Folkeskoler;101\n101002;HF;Gymnasier;101\n"
    found = units(table.encode("utf-16-le"), "stil")
    assert [(one.code, one.kinds, one.municipality) for one in found] == [
        ("101001", ("compulsory",), "101"), ("101002", ("upper_secondary",), "101"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "row", "kinds"),
    [
        ("navn;kode;skoleslag", "Lia;1;Grunnskole", ("compulsory",)),
        ("namn;kod;skolform", "Lia;1;Gymnasieskola", ("upper_secondary",)),
        ("nimi;oppilaitosnumero;oppilaitostyyppi", "Lia;1;19", ("compulsory", "upper_secondary")),
        ("name;id;kind", "Lia;1;vocational", ("vocational",)),
        ("Name;Code", "Lia;1", ("compulsory",)),
    ],
)
def test_plain_csv_is_read_by_what_its_columns_are_called(
    header: str, row: str, kinds: tuple[str, ...]
) -> None:
    (one,) = units(f"{header}\n{row}\n", "csv")
    assert (one.name, one.code, one.kinds) == ("Lia", "1", kinds)


@pytest.mark.parametrize(
    ("text", "name"), [("", "csv"), ("a;b\n1;2\n", "csv"), ("{", "nsr"), ('{"x": 1}', "nsr")]
)
def test_what_cannot_be_read_is_said_with_the_remedy(text: str, name: str) -> None:
    with pytest.raises(Unreadable):
        units(text, name)


@pytest.mark.skipif(not REAL.is_dir(), reason="the folder of real registers is not here")
@pytest.mark.parametrize(
    ("file", "name", "count", "compulsory"),
    [
        ("no_nsr_alle_skoler_2026-07.csv", "nsr", 5683, 2743),
        ("se_grundskolor_skolverket_planned-educations-v4_2026-04.csv", "skolverket", 2281, 2281),
        ("se_school-units_raw_sample_2026-04.json", "skolverket", 432, 432),
        ("dk_folkeskoler_2021-09.csv", "stil", 1330, 1330),
        ("fi_oppilaitokset_koski_sample.csv", "csv", 287, 200),
    ],
)
def test_the_registers_are_read_whole(file: str, name: str, count: int, compulsory: int) -> None:
    found = read((REAL / file).read_bytes(), name)
    assert len(found) == count
    assert sum("compulsory" in one.kinds for one in found) == compulsory
    assert all(one.name and one.code for one in found)


# --- into a municipality -----------------------------------------------------------------------------------


@pytest.fixture
def alpha(world: World) -> Iterator[World]:
    with inside(operator()):
        Municipality.objects.filter(pk=world.alpha.id).update(code="3301")
    with inside(world.alpha):
        yield world


def take(tmp_path: Path, text: str, *more: str, name: str = "nsr") -> list[str]:
    file = tmp_path / "schools.csv"
    file.write_text(text)
    out = StringIO()
    call_command("import_schools", "--municipality", "alfa", "--format", name, *more, str(file), stdout=out)
    return out.getvalue().splitlines()


@pytest.mark.django_db
def test_a_municipality_takes_its_compulsory_schools_and_hears_why_not_the_others(
    alpha: World, tmp_path: Path
) -> None:
    before = School.objects.count()
    *skipped, last = take(tmp_path, NSR)
    assert last == "created 3, changed 0, closed 0, skipped 7"
    assert School.objects.count() == before + 3
    assert sorted(skipped) == [
        "skipped row 10 Uten nummer: it has no number in the register",
        "skipped row 11 Longyearbyen skole: it is of 2100",
        "skipped row 4 Åssiden videregående skole: it is upper_secondary, which was not asked for",
        "skipped row 6 Kartkontoret AS: it is no school",
        "skipped row 7 Nedlagt skole: it is closed",
        "skipped row 8 Nabo skole: it is of 3303",
        "skipped row 9 Lia skole igjen: its number stands at row 2 already",
    ]
    assert School.objects.get(register_code="974000002").simple_door, (
        "its name says that it is for the youngest"
    )
    assert SchoolAddress.objects.filter(slug="lia").exists()
    assert take(tmp_path, NSR)[-1] == "created 0, changed 0, closed 0, skipped 7", "again: nothing"


@pytest.mark.django_db
def test_a_dry_run_says_the_same_and_keeps_nothing(alpha: World, tmp_path: Path) -> None:
    before = set(School.objects.values_list("name", flat=True))
    assert take(tmp_path, NSR, "--dry-run")[-1] == "created 3, changed 0, closed 0, skipped 7"
    assert set(School.objects.values_list("name", flat=True)) == before


@pytest.mark.django_db
def test_kinds_are_chosen_and_a_school_of_two_is_what_was_asked_for(alpha: World, tmp_path: Path) -> None:
    assert take(tmp_path, NSR, "--kinds", "upper_secondary")[-1].startswith("created 2,")
    assert School.objects.get(register_code="974000004").form == "upper_secondary"
    with pytest.raises(CommandError, match="kindergarten: choose of compulsory"):
        take(tmp_path, NSR, "--kinds", "kindergarten")


@pytest.mark.django_db
def test_renamed_closed_and_opened_again(alpha: World, tmp_path: Path) -> None:
    take(tmp_path, NSR)
    other = NSR.replace("974000001,Lia skole,3301,33,1,1,0,1", "974000001,Nye Lia skole,3301,33,1,1,0,1")
    other = other.replace("Åsen barneskole,3301,33,1,1,0,1", "Åsen barneskole,3301,33,1,1,0,0")
    assert take(tmp_path, other)[-1].startswith("created 0, changed 1, closed 1,")
    assert SchoolAddress.objects.get(slug="lia").school.name == "Nye Lia skole", (
        "what hangs on walls leads there"
    )
    assert School.objects.get(register_code="974000002").closed_on is not None
    assert take(tmp_path, NSR)[-1].startswith("created 0, changed 2, closed 0,")
    assert School.objects.get(register_code="974000002").closed_on is None


@pytest.mark.django_db
def test_a_school_typed_by_hand_gets_its_number_and_a_name_twice_its_number_behind(
    alpha: World, tmp_path: Path
) -> None:
    typed = setup.add_school(name="lia SKOLE", form="compulsory", by=MACHINE)
    twice = NSR.replace("974000002,Åsen barneskole", "974000002,Lia skole")
    assert take(tmp_path, twice)[-1].startswith("created 2, changed 1,")
    assert School.objects.get(pk=typed).register_code == "974000001"
    assert School.objects.filter(name="Lia skole (974000002)").exists()
    assert take(tmp_path, twice)[-1].startswith("created 0, changed 0,")


@pytest.mark.django_db
def test_schools_the_file_does_not_name_and_their_cases_stay(alpha: World, tmp_path: Path) -> None:
    accepted = knock(alpha)
    here = School.objects.get(pk=alpha.school)
    listed = f"name,code,closed\n{here.name},974000011,1\n"
    take(tmp_path, "name,code\nAnnen skole,974000012\n", name="csv")
    assert School.objects.get(pk=alpha.school).closed_on is None
    assert take(tmp_path, listed, name="csv")[-1] == "created 0, changed 0, closed 1, skipped 0"
    assert ContactRequest.objects.get(pk=accepted.request_id).is_open


@pytest.mark.django_db
def test_a_file_that_names_no_municipality_is_taken_whole_only_when_told(
    alpha: World, tmp_path: Path
) -> None:
    table = "INST_NR,INST_NAVN\n1,Den ene\n2,Den anden\n"
    first, _second, last = take(tmp_path, table, name="stil")
    assert "--whole-file" in first
    assert last == "created 0, changed 0, closed 0, skipped 2"
    assert take(tmp_path, table, "--whole-file", name="stil") == ["created 2, changed 0, closed 0, skipped 0"]


@pytest.mark.django_db
def test_only_administrators_and_the_machine_take_in_schools(alpha: World) -> None:
    for who in ("nurse", "lead", "outsider"):
        with pytest.raises(NotAllowed):
            setup.take_in_schools(
                by=alpha.actor(who), listed=[], belongs=lambda _one: "", kinds=["compulsory"]
            )


@pytest.mark.django_db
def test_what_is_no_file_or_no_municipality_is_said_in_a_line(alpha: World, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_schools", "--municipality", "alfa", "--format", "nsr", str(tmp_path / "x.csv"))
    with pytest.raises(CommandError, match="nowhere"):
        call_command(
            "import_schools", "--municipality", "nowhere", "--format", "nsr", str(tmp_path / "x.csv")
        )
