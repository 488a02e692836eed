"""Filling in: name and address, pilot school, languages, look.

Each answer is kept at once, so that one can come back.
"""

import re
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError
from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.errors import FieldError, Invalid, violated
from kernel.plain import hidden_signs
from kernel.tenancy import inside, operator
from tenants.municipalities import address
from tenants.municipalities.countries import EXAMPLES, is_code
from tenants.municipalities.operations import check_address
from tenants.onboarding import states
from tenants.onboarding.models import Application
from tenants.onboarding.operations.rows import audit, locked
from tenants.setup.logos import drawn_for
from tenants.setup.operations.look import checked_brand

_HELD = "an_open_application_holds_its_address_alone"


def name_yourself(*, application_id: UUID, name: str, register_code: str = "", by: Actor) -> None:
    """The municipality's name and, if known, its official number. Raises Invalid (name, register_code)."""
    full, code = " ".join(name.split()), register_code.strip()
    errors = [] if 2 <= len(full) <= 100 else [FieldError("name", _("Write the name, 2 to 100 letters."))]
    if code and not re.fullmatch(r"[0-9]{2,4}", code):
        errors.append(
            FieldError("register_code", _("The official number is 2 to 4 digits. Leave it empty if unsure."))
        )
    errors += hidden_signs(name=full)
    if errors:
        raise Invalid(errors)
    with locked(application_id, by=by, verb="fill_in", in_states=(states.VERIFIED,)) as application:
        if code and not is_code(application.country, application.kind, code):
            example = EXAMPLES[application.country, application.kind]
            raise Invalid(
                register_code=_("Official numbers look like %(example)s here.") % {"example": example}
            )
        application.name, application.register_code = full, code
        application.save(update_fields=["name", "register_code"])
        audit(application, by=by, verb="name_yourself")


def choose_address(*, application_id: UUID, slug: str, by: Actor) -> None:
    """The portal's address; held by this application from now on.

    Raises Invalid (slug): reserved, taken, or held.
    """
    wanted = slug.strip().lower()
    if errors := check_address(wanted):
        raise Invalid(errors)
    try:
        with locked(application_id, by=by, verb="fill_in", in_states=(states.VERIFIED,)) as application:
            application.slug = wanted
            application.save(update_fields=["slug"])
            audit(application, by=by, verb="choose_address")
    except IntegrityError as error:
        if violated(error) != _HELD:
            raise
        raise Invalid(slug=_("Somebody else is signing up with this address. Choose another.")) from error


def free_address(application: Application, name: str) -> str:
    """A free address made of the name, "" when none of the first ten tries is. Reads only."""
    stem = address.suggest(name)
    for candidate in (stem, *(f"{stem}-{number}" for number in range(2, 10))):
        with inside(operator()):
            asked = Application.objects.filter(slug=candidate, state__in=states.OPEN)
            held = asked.exclude(pk=application.pk).exists()
        if not held and not check_address(candidate):
            return candidate
    return ""


def name_pilot_school(*, application_id: UUID, name: str, by: Actor) -> None:
    """The school to begin with. Raises Invalid (pilot_school)."""
    school = " ".join(name.split())
    if not 2 <= len(school) <= 120:
        raise Invalid(pilot_school=_("Write the name of one school, 2 to 120 letters."))
    if errors := hidden_signs(pilot_school=school):
        raise Invalid(errors)
    with locked(application_id, by=by, verb="fill_in", in_states=(states.VERIFIED,)) as application:
        application.pilot_school = school
        application.save(update_fields=["pilot_school"])
        audit(application, by=by, verb="name_pilot_school")


def choose_languages(*, application_id: UUID, languages: list[str], default: str, by: Actor) -> None:
    """The languages students may choose, and the one they meet first.

    Raises Invalid (languages, default_language).
    """
    known = [code for code, _name in settings.LANGUAGES]
    chosen = [code for code in known if code in languages]
    if not chosen:
        raise Invalid(languages=_("Choose at least one language."))
    if default not in chosen:
        raise Invalid(default_language=_("The first language must be one of those you chose."))
    with locked(application_id, by=by, verb="fill_in", in_states=(states.VERIFIED,)) as application:
        application.languages, application.default_language = chosen, default
        application.save(update_fields=["languages", "default_language"])
        audit(application, by=by, verb="choose_languages")


def choose_look(
    *, application_id: UUID, brand: str, logo: bytes | None = None, remove_logo: bool = False, by: Actor
) -> None:
    """The colour of the door, and a logo (raster only; re-encoded here). Raises Invalid (brand, logo)."""
    errors: list[FieldError] = []
    colour, picture = "", None
    try:
        colour = checked_brand(brand)
    except Invalid as wrong:
        errors.extend(wrong.errors)
    try:
        with inside(operator()):
            picture = drawn_for(logo, by) if logo else None
    except Invalid as wrong:
        errors.extend(wrong.errors)
    if errors:
        raise Invalid(errors)
    with locked(application_id, by=by, verb="fill_in", in_states=(states.VERIFIED,)) as application:
        application.brand = colour
        if picture or remove_logo:
            application.logo = picture
        application.save(update_fields=["brand", "logo"])
        audit(application, by=by, verb="choose_look")
