"""School registers, each format to the same plain rows.

Sources: the national school register of Udir (NSR, file and API v4), Skolverket's planned-educations v4 and
school-units v2, STIL's institution register, Finland's institutions as KOSKI lists them, and plain CSV with any of
their columns.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tenants.setup.registers.sheets import Row, Unreadable, rows_of, text_of

COMPULSORY, UPPER, VOCATIONAL, ADULT, OTHER = "compulsory", "upper_secondary", "vocational", "adult", "other"
KINDS = (COMPULSORY, UPPER, VOCATIONAL, ADULT, OTHER)


@dataclass(frozen=True, slots=True)
class Listed:
    """One unit of a register. `where`: "row 12" or a number of its own. `kinds`: what it teaches, empty for an office
    or a company. `municipality`, `county`: official numbers, "" where the register says nothing. `is_open`: not closed,
    paused or planned.
    """

    where: str
    code: str
    name: str
    kinds: tuple[str, ...]
    municipality: str = ""
    county: str = ""
    is_open: bool = True


def read(data: bytes, format_name: str) -> list[Listed]:
    """Every unit in the file, in its order. Raises Unreadable."""
    return list(FORMATS[format_name](data))


def _json(data: bytes) -> Any | None:
    """The file as JSON, None where it is a table."""
    text = text_of(data).lstrip("\ufeff \r\n\t")
    if not text.startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except ValueError as error:
        raise Unreadable(f"The file begins like JSON and is none: {error}.") from None


def _says_yes(value: object) -> bool:
    return str(value).strip().lower() in ("1", "true", "ja", "yes", "j", "x", "kyllä")


# --- Norway ------------------------------------------------------------------------------------------------


def _nsr(data: bytes) -> Iterator[Listed]:
    found = _json(data)
    rows = (
        (Row(number, {name.lower(): "" if value is None else str(value) for name, value in unit.items()})
         for number, unit in enumerate(_units(found, "EnhetListe", "Enheter"), 1))
        if found is not None else rows_of(data)
    )  # fmt: skip
    for row in rows:
        code = row.get("organisasjonsnummer", "orgnr")
        kinds: tuple[str, ...] = (COMPULSORY,) if _says_yes(row.get("er_grunnskole")) else ()
        if _says_yes(row.get("er_videregaende", "ErVideregaendeSkole", "ErVideregaaendeSkole")):
            kinds += (UPPER,)
        yield Listed(
            where=f"row {row.number}" if found is None else f"unit {row.number}",
            code=code,
            name=row.get("navn", "fulltnavn"),
            kinds=kinds,
            municipality=row.get("kommunenummer", "kommunenr"),
            county=row.get("fylkesnummer", "fylkesnr") or row.get("kommunenummer", "kommunenr")[:2],
            is_open=not row.has("er_aktiv") or _says_yes(row.get("er_aktiv")),
        )


def _units(found: Any, *names: str) -> Iterable[Mapping[str, Any]]:
    """The units of one answer of an API, of several put in a list, or of a bare list."""
    if isinstance(found, Mapping):
        for name in names:
            if isinstance(inner := found.get(name), list):
                return [unit for unit in inner if isinstance(unit, Mapping)]
        raise Unreadable(f"The JSON has none of {', '.join(names)}.")
    units: list[Mapping[str, Any]] = []
    for one in found:
        is_page = isinstance(one, Mapping) and any(name in one for name in names)
        units += _units(one, *names) if is_page else [one] if isinstance(one, Mapping) else []
    return units


# --- Sweden ------------------------------------------------------------------------------------------------

#: Skolverket's forms of schooling. Preschool class is no school of its own.
_SWEDISH = {
    "gr": COMPULSORY, "gran": COMPULSORY, "grs": COMPULSORY, "sp": COMPULSORY, "spec": COMPULSORY, "sam": COMPULSORY,
    "gy": UPPER, "gyan": UPPER, "gys": UPPER, "vux": ADULT, "vuxgr": ADULT, "vuxgy": ADULT, "sfi": ADULT, "kv": ADULT,
}  # fmt: skip


def _skolverket(data: bytes) -> Iterator[Listed]:
    found = _json(data)
    if found is not None:
        if isinstance(found, Mapping) and isinstance(inner := found.get("data"), Mapping):
            found = inner
        elif isinstance(found, Mapping) and isinstance(inner := found.get("body"), Mapping):
            found = inner.get("_embedded", inner)
        for number, unit in enumerate(
            _units(found, "units", "attributes", "listedSchoolUnits", "schoolUnits"), 1
        ):
            forms = unit.get("typeOfSchooling") or unit.get("schoolTypes") or []
            codes = [one.get("code", "") if isinstance(one, Mapping) else str(one) for one in forms]
            yield _swedish(
                f"unit {number}",
                unit.get("schoolUnitCode") or unit.get("code"),
                unit.get("name") or unit.get("displayName"),
                codes,
                unit.get("geographicalAreaCode") or unit.get("municipalityCode"),
                unit.get("status"),
                is_silent=not ({"typeOfSchooling", "schoolTypes"} & set(unit)),
            )
        return
    for row in rows_of(data):
        said = row.get("typeOfSchooling", "skolform")
        yield _swedish(
            f"row {row.number}",
            row.get("schoolUnitCode", "skolenhetskod", "code"),
            row.get("name", "skolenhetsnamn", "namn"),
            [part.partition(":")[0].strip() for part in said.replace("|", ",").replace(";", ",").split(",")],
            row.get("kommunkod", "geographicalAreaCode", "kommunnr"),
            row.get("status"),
            is_silent=not said,
        )


def _swedish(
    where: str, code: Any, name: Any, forms: Iterable[str], municipality: Any, status: Any, *, is_silent: bool
) -> Listed:
    """What says nothing of its form stands in a list of compulsory schools: that is what the file is of."""
    known = [_SWEDISH[form.lower()] for form in forms if form.lower() in _SWEDISH]
    number = str(municipality or "").strip()
    number = number.zfill(4) if number.isdecimal() else number
    return Listed(
        where=where,
        code=str(code or "").strip(),
        name=" ".join(str(name or "").split()),
        kinds=(COMPULSORY,) if is_silent else tuple(dict.fromkeys(known)),
        municipality=number,
        county=number[:2],
        is_open=str(status or "AKTIV").upper() == "AKTIV",
    )


# --- Denmark -----------------------------------------------------------------------------------------------

_DANISH = (
    ("gymnas", UPPER), ("hf-", UPPER), ("hhx", UPPER), ("htx", UPPER), ("stx", UPPER), ("studenter", UPPER),
    ("erhverv", VOCATIONAL), ("teknisk", VOCATIONAL), ("social- og sundhed", VOCATIONAL), ("landbrug", VOCATIONAL),
    ("voksen", ADULT), ("vuc", ADULT), ("folkeskole", COMPULSORY), ("grundskole", COMPULSORY), ("friskole", COMPULSORY),
    ("efterskole", COMPULSORY), ("specialskole", COMPULSORY), ("dagbehandling", COMPULSORY), ("skole", COMPULSORY),
)  # fmt: skip


def _stil(data: bytes) -> Iterator[Listed]:
    for row in rows_of(data):
        kind = row.get("INST_TYPE_NAVN", "INSTTYPE", "INST_TYPE", "INSTITUTIONSTYPE", "TYPE").lower()
        known = next((to for word, to in _DANISH if word in kind), None)
        closed = row.get("NEDLAGT", "LUKKET", "NEDLAGT_DATO", "LUKKEDATO", "SLUTDATO")
        number = row.get("KOMMUNE_NR", "KOMMUNENR", "KOMMUNEKODE", "BEL_KOMMUNE_NR")
        yield Listed(
            where=f"row {row.number}",
            code=row.get("INST_NR", "INSTNR", "INSTITUTIONSNUMMER"),
            name=row.get("INST_NAVN", "INSTNAVN", "INSTITUTIONSNAVN"),
            kinds=((known,) if known else ()) if kind else (COMPULSORY,),
            municipality=number.zfill(3) if number.isdecimal() else number,
            county=row.get("REGION_NR", "REGIONSKODE", "BEL_REGION"),
            is_open=not closed or closed.lower() in ("0", "nej", "false"),
        )


# --- plain CSV, Finland ------------------------------------------------------------------------------------

#: Tilastokeskus, types of educational institutions.
_FINNISH = {
    "11": (COMPULSORY,), "12": (COMPULSORY,), "15": (UPPER,), "19": (COMPULSORY, UPPER), "21": (VOCATIONAL,),
    "22": (VOCATIONAL,), "23": (VOCATIONAL,), "24": (VOCATIONAL,), "63": (ADULT,), "64": (ADULT,),
}  # fmt: skip
_WORDS = (
    (("videregå", "vidaregå", "gymnas", "upper", "lukio"), UPPER),
    (("vocational", "yrkes", "erhverv", "ammat"), VOCATIONAL),
    (("adult", "voksen", "vaksen", "vuxen", "aikuis"), ADULT),
    (("compulsory", "grunn", "grund", "folkeskole", "perus", "barne", "ungdoms"), COMPULSORY),
)


_NAMES = (
    "name",
    "navn",
    "namn",
    "nimi",
    "school",
    "skole",
    "skola",
    "skule",
    "skolenavn",
    "inst_navn",
    "skolenhetsnamn",
)


def _csv(data: bytes) -> Iterator[Listed]:
    for row in rows_of(data):
        if not row.has(*_NAMES):
            raise Unreadable(
                "The file has no column called name (or navn, namn, nimi, school, skole, skola)."
            )
        closed = row.get("closed", "lakkautettu", "nedlagt", "nedlagd", "lukket", "stengt")
        active = row.get("active", "aktiv", "er_aktiv", "open")
        number = row.get("municipality", "municipality_code", "kommunenummer", "kommunkod", "kommunekode", "kommune_nr",
                         "kuntakoodi")  # fmt: skip
        yield Listed(
            where=f"row {row.number}",
            code=row.get("register_code", "code", "kode", "kod", "number", "nummer", "organisasjonsnummer", "orgnr",
                         "schoolUnitCode", "inst_nr", "oppilaitosnumero", "id"),
            name=row.get(*_NAMES),
            kinds=_kinds(row),
            municipality=number,
            county=row.get("county", "fylkesnummer", "lan", "maakunta"),
            is_open=not _says_yes(closed) and (not active or _says_yes(active)),
        )  # fmt: skip


def _kinds(row: Row) -> tuple[str, ...]:
    """By a word of ours, a type of Finland's, or the columns of Norway's; a list that says nothing is of compulsory
    schools."""
    said = row.get("form", "kind", "kinds", "type", "slag", "skoleslag", "skolform").lower()
    if said in KINDS:
        return (said,)
    if said:
        return next(((kind,) for words, kind in _WORDS if any(word in said for word in words)), ())
    if row.has("oppilaitostyyppi"):
        return _FINNISH.get(row.get("oppilaitostyyppi"), ())
    if row.has("er_grunnskole"):
        compulsory = (COMPULSORY,) if _says_yes(row.get("er_grunnskole")) else ()
        return compulsory + ((UPPER,) if _says_yes(row.get("er_videregaende")) else ())
    return (COMPULSORY,)


FORMATS: dict[str, Callable[[bytes], Iterator[Listed]]] = {
    "nsr": _nsr, "skolverket": _skolverket, "stil": _stil, "csv": _csv,
}  # fmt: skip
