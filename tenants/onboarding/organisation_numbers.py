"""Organisation numbers of public bodies: format and check digits, country by country. Pure.

Sources: NO Enhetsregisteret (9 digits, modulus 11), SE Skatteverket (10 digits, Luhn; public bodies begin
with 2), DK CVR (8 digits, modulus 11), FI YTJ (y-tunnus, 7 digits + check), IS Þjóðskrá (kennitala; legal
persons' first digit 4–7).
"""

from dataclasses import dataclass
from types import ModuleType
from typing import Any
from urllib.parse import quote

import stdnum.dk.cvr
import stdnum.fi.ytunnus
import stdnum.is_.kennitala
import stdnum.no.orgnr
import stdnum.se.orgnr
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError

from kernel.errors import FieldError, Invalid, Text


@dataclass(frozen=True, slots=True)
class Register:
    """How one country numbers its organisations, and where anybody can look one up."""

    module: ModuleType
    name: Text
    example: str
    address: str


REGISTERS: dict[str, Register] = {
    "NO": Register(
        stdnum.no.orgnr,
        _("Organisation number, 9 digits"),
        "923 609 016",
        "https://data.brreg.no/enhetsregisteret/oppslag/enheter/{}",
    ),
    "SE": Register(
        stdnum.se.orgnr,
        _("Organisation number, 10 digits"),
        "212000-1355",
        "https://www.allabolag.se/what/{}",
    ),
    "DK": Register(
        stdnum.dk.cvr, _("CVR number, 8 digits"), "64942212", "https://datacvr.virk.dk/enhed/virksomhed/{}"
    ),
    "FI": Register(
        stdnum.fi.ytunnus, _("Business ID (Y-tunnus)"), "0201256-6", "https://tietopalvelu.ytj.fi/yritys/{}"
    ),
    "IS": Register(
        stdnum.is_.kennitala,
        _("Kennitala, 10 digits"),
        "530269-7609",
        "https://www.skatturinn.is/fyrirtaekjaskra/leit/kennitala/{}",
    ),
}
COUNTRIES = tuple(REGISTERS)


def normalise(country: str, text: str) -> str:
    """The number as its register writes it without signs.

    Raises Invalid on `organisation_number`, with the remedy.
    """
    module: Any = REGISTERS[country].module
    try:
        number: str = module.validate(text.strip())
    except ValidationError:
        raise _wrong(
            _("The check digit does not fit. Look at the number once more, and type all of it.")
        ) from None
    if country == "SE" and not number.startswith("2"):
        raise _wrong(_("This is not the number of a public body. A Swedish municipality's begins with 2."))
    if country == "IS" and number[0] not in "4567":
        raise _wrong(_("This is a person's number. Type the municipality's own."))
    return number


def spelled(country: str, number: str) -> str:
    """The number as people of the country read it."""
    module: Any = REGISTERS[country].module
    formatted = getattr(module, "format", None)
    return str(formatted(number)) if formatted else number


def look_up_address(country: str, number: str) -> str:
    """Where the operator sees whose number it is, in the country's own public register."""
    return REGISTERS[country].address.format(quote(number))


def _wrong(message: Text) -> Invalid:
    return Invalid([FieldError("organisation_number", message)])
