"""The first set-up of a new municipality: its country's calendar, roles, holidays and promise, its look
and languages."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.crypto.keys import make_keys
from kernel.errors import Conflict
from kernel.permissions import require
from kernel.ui.theme import DEFAULT_BRAND
from tenants.setup.actors import today
from tenants.setup.countries import roles_for, starting_point
from tenants.setup.models import (
    THE_SETUP,
    ClosedDay,
    HelperRole,
    Language,
    Look,
    ResponseGuarantee,
    SetupVersion,
)
from tenants.setup.operations import calendar
from tenants.setup.operations.languages import checked_languages
from tenants.setup.operations.look import checked_brand
from tenants.setup.role_texts import role_texts

YEARS_OF_HOLIDAYS = 3


def furnish(
    *,
    country: str,
    kind: str,
    languages: Sequence[str],
    default_language: str,
    brand: str = "",
    by: Actor,
) -> None:
    """Furnish the municipality we are inside, once, in one transaction, with its keys.

    `country` ISO 3166-1 ("NO"), `kind` municipality or county, `brand` hex ("" = the platform's own).
    Raises Invalid (languages, default_language, brand), Conflict when it is furnished already.
    """
    require(by, "setup.furnish")
    codes = checked_languages(languages, default_language)
    colour = checked_brand(brand or DEFAULT_BRAND)
    with transaction.atomic():
        if SetupVersion.objects.exists():
            raise Conflict(_("This municipality is set up already."))
        SetupVersion.objects.create(id=THE_SETUP, changed_at=clock.now())
        make_keys()
        Look.objects.create(id=THE_SETUP, brand=colour)
        Language.objects.bulk_create(
            Language(code=code, order=order, is_default=code == default_language)
            for order, code in enumerate(codes)
        )
        _furnish_roles(country, kind)
        _furnish_calendar(country, by)
        hours = starting_point(country).hours_promised
        ResponseGuarantee.objects.create(kind=ResponseGuarantee.Kind.COUNTED_HOURS, amount=hours)
        record(by=by, verb="setup.furnish", kind="setup", object_id=THE_SETUP, country=country, of=kind)


def _furnish_roles(country: str, kind: str) -> None:
    HelperRole.objects.bulk_create(
        HelperRole(key=key, order=order, **role_texts(country, key))
        for order, key in enumerate(roles_for(country, kind))
    )


def _furnish_calendar(country: str, by: Actor) -> None:
    """Holidays from last month's year on, so that a promise given at New Year never meets an empty list."""
    first = (today() - timedelta(days=31)).year
    years = range(first, today().year + YEARS_OF_HOLIDAYS)
    ClosedDay.objects.bulk_create(row for year in years for row in calendar.holiday_rows(country, year))
    calendar.create(open_hours=starting_point(country).open_hours, made_by=by.id)
