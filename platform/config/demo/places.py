"""What the demo's municipalities are like: schools, people, posts, promises.

The set-ups follow the public descriptions of two services: Elevhälsa online in Norrtälje (SE) and
Elevtjenesten in Buskerud (NO). No person here exists.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

ALL_DAY = {str(day): [["00:00", "24:00"]] for day in range(1, 6)}
OFFICE_HOURS = {str(day): [["08:00", "16:00"]] for day in range(1, 6)}


@dataclass(frozen=True, slots=True)
class Person:
    """One of the cast. `posts`: (role key, school, employer's name) …; `leads` everything or nothing; `speaks`: the
    languages they answer students in; `weekdays`: school → the days they are there, of whoever is not there on all."""

    who: str
    name: str
    posts: tuple[tuple[str, str, str], ...] = ()
    leads: bool = False
    is_administrator: bool = False
    speaks: tuple[str, ...] = ()
    weekdays: tuple[tuple[str, tuple[int, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Promise:
    """A response guarantee: for all, or for a role."""

    kind: str
    amount: int
    role: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality of the demo. `breaks`: name, first and last day as (month, day). `numbers`: whom one calls when
    worried: kind, school ("" = all), name, phone. `simple_doors`: schools with the door for the youngest."""

    slug: str
    name: str
    country: str
    kind: str
    code: str
    brand: str
    languages: tuple[str, ...]
    schools: tuple[tuple[str, str], ...]
    people: tuple[Person, ...]
    promises: tuple[Promise, ...]
    open_hours: Mapping[str, list[list[str]]]
    school_breaks_counted: bool
    breaks: tuple[tuple[str, tuple[int, int], tuple[int, int]], ...]
    employers: tuple[tuple[str, str], ...] = ()
    roles_without: tuple[str, ...] = field(default=())
    numbers: tuple[tuple[str, str, str, str], ...] = ()
    outside: tuple[tuple[str, str], ...] = ()
    simple_doors: tuple[str, ...] = ()
    has_eid: bool = False


def _posts(role: str, schools: tuple[str, ...], employer: str = "") -> tuple[tuple[str, str, str], ...]:
    return tuple((role, school, employer) for school in schools)


_NORRTALJE = ("Rodengymnasiet", "Grindskolan", "Lommarskolan", "Roslagsskolan")
NORRTALJE = Place(
    slug="norrtalje",
    name="Norrtälje kommun",
    country="SE",
    kind="municipality",
    code="0188",
    brand="#00665e",
    simple_doors=("Grindskolan",),
    has_eid=True,
    languages=("sv", "en", "fi", "ar", "so", "uk", "ti"),
    schools=(
        ("Rodengymnasiet", "upper_secondary"),
        ("Grindskolan", "compulsory"),
        ("Lommarskolan", "compulsory"),
        ("Roslagsskolan", "compulsory"),
    ),
    people=(
        Person("nurse", "Sara Lindqvist", _posts("nurse", _NORRTALJE)),
        Person("counsellor", "Johan Ekberg", _posts("counsellor", _NORRTALJE)),
        Person("nurse2", "Elin Nyman", _posts("nurse", ("Rodengymnasiet", "Grindskolan"))),
        Person("lead", "Maria Sundström", leads=True),
        Person("admin", "Per Åkesson", is_administrator=True),
    ),
    promises=(Promise("counted_hours", 24),),
    open_hours=ALL_DAY,
    school_breaks_counted=True,
    breaks=(
        ("Höstlov", (10, 26), (10, 30)),
        ("Jullov", (12, 21), (1, 8)),
        ("Sportlov", (3, 1), (3, 5)),
        ("Sommarlov", (6, 15), (8, 16)),
    ),
    roles_without=("psychologist",),
    numbers=(
        ("principal", "Rodengymnasiet", "Eva Holm", "070-174 06 41"),
        ("principal", "Grindskolan", "Anders Lund", "070-174 06 45"),
        ("principal", "Lommarskolan", "Lena Berg", "070-174 06 46"),
        ("principal", "Roslagsskolan", "Omar Haddad", "070-174 06 47"),
        ("child_welfare", "", "Socialtjänstens mottagning", "070-174 06 42"),
        ("child_welfare_night", "", "Socialjouren", "070-174 06 43"),
        ("police", "", "Polisen i Norrtälje", "070-174 06 44"),
    ),
)

_PILOT = ("Rosthaug vgs", "Drammen vgs")
_EAST = ("Lier vgs", "Røyken vgs", "St. Hallvard vgs", "Åssiden vgs", "Eiker vgs")
_HALLINGDAL = ("Gol vgs", "Ål vgs")
_WEST = ("Kongsberg vgs", "Numedal vgs", "Hønefoss vgs", "Ringerike vgs", *_HALLINGDAL)
_COUNTY, _MODUM, _DRAMMEN = "Buskerud fylkeskommune", "Modum kommune", "Drammen kommune"
BUSKERUD = Place(
    slug="buskerud",
    name="Buskerud fylkeskommune",
    country="NO",
    kind="county",
    code="33",
    brand="#1d4f91",
    languages=("nb", "nn", "en", "se", "ar", "uk", "pl", "so", "ti"),
    schools=tuple((name, "upper_secondary") for name in (*_PILOT, *_EAST, *_WEST)),
    people=(
        Person(
            "nurse",
            "Ingrid Moen",
            (("nurse", "Rosthaug vgs", _MODUM), ("nurse", "Drammen vgs", _DRAMMEN)),
        ),
        Person("counsellor", "Marius Haugen", _posts("counsellor", _PILOT, _COUNTY)),
        Person("psychologist", "Aksel Berg", _posts("psychologist", (*_PILOT, *_EAST, *_WEST), _COUNTY)),
        Person("ppt", "Hanne Lie", _posts("ppt", (*_PILOT, *_EAST, *_WEST), _COUNTY)),
        Person(
            "nurse2",
            "Siv Dahl",
            _posts("nurse", ("Drammen vgs", *_EAST), _DRAMMEN),
            speaks=("nb", "en", "ar"),
        ),
        Person("nurse3", "Ola Tveiten", _posts("nurse", _WEST[:4])),
        Person(  # part of the week at each: the days between are a gap that set-up shows, and how to close it
            "nurse4",
            "Gunn Haugo",
            _posts("nurse", _HALLINGDAL),
            weekdays=(("Gol vgs", (1, 2)), ("Ål vgs", (3, 4))),
        ),
        Person("counsellor2", "Kari Nesset", _posts("counsellor", _EAST, _COUNTY)),
        Person("counsellor3", "Jonas Lunde", _posts("counsellor", _WEST, _COUNTY)),
        Person("lead", "Tone Bakke", leads=True),
        Person("admin", "Geir Solli", is_administrator=True),
    ),
    promises=(
        Promise("working_days", 2),
        Promise("working_days", 1, role="nurse"),
        Promise("working_days", 5, role="ppt"),
    ),
    open_hours=OFFICE_HOURS,
    school_breaks_counted=False,
    breaks=(
        ("Høstferie", (9, 28), (10, 2)),
        ("Juleferie", (12, 21), (1, 1)),
        ("Vinterferie", (2, 22), (2, 26)),
        ("Sommerferie", (6, 19), (8, 16)),
    ),
    employers=((_COUNTY, "county"), (_MODUM, "municipality"), (_DRAMMEN, "municipality")),
    outside=(("nurse", "Lier vgs"), ("nurse", "Hønefoss vgs")),
    numbers=(
        ("principal", "Rosthaug vgs", "Unni Aas", "400 00 101"),
        ("principal", "Drammen vgs", "Pål Rød", "400 00 102"),
        ("principal", "Lier vgs", "Guro Strand", "400 00 103"),
        ("principal", "Røyken vgs", "Even Dahl", "400 00 104"),
        ("principal", "St. Hallvard vgs", "Mina Farah", "400 00 105"),
        ("principal", "Åssiden vgs", "Leif Myhre", "400 00 106"),
        ("principal", "Eiker vgs", "Anne Kolstad", "400 00 107"),
        ("principal", "Kongsberg vgs", "Sverre Bø", "400 00 108"),
        ("principal", "Numedal vgs", "Tuva Lien", "400 00 109"),
        ("principal", "Hønefoss vgs", "Ida Vestby", "400 00 115"),
        ("principal", "Ringerike vgs", "Jon Hovde", "400 00 116"),
        ("principal", "Gol vgs", "Berit Skogen", "400 00 117"),
        ("principal", "Ål vgs", "Nils Bakke", "400 00 118"),
        ("child_welfare", "Rosthaug vgs", "Barneverntjenesten i Modum", "400 00 111"),
        ("child_welfare", "Drammen vgs", "Barneverntjenesten i Drammen", "400 00 112"),
        ("child_welfare_night", "", "Barnevernvakten i Buskerud", "400 00 113"),
        ("police", "", "Sør-Øst politidistrikt", "400 00 114"),
    ),
)
PLACES = (NORRTALJE, BUSKERUD)
