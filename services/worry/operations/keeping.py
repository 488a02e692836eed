"""What an administrator keeps for the worried: how long there is to decide, whom one calls here, the safety text."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.errors import Conflict, FieldError, Invalid, NotFound
from kernel.guarantee import CountedHours, check_guarantee
from kernel.permissions import require
from services.contact.rules import tidy
from services.worry import safety
from services.worry.models import LocalNumber, SafetyText, WorryTimes
from tenants.setup.actors import today
from tenants.setup.models import School
from tenants.setup.operations.schools import checked_name
from tenants.setup.queries import current_calendar

SETTING = "worry_setting"
HOURS, MINUTES = (1, 40), (5, 240)


@transaction.atomic
def set_times(*, by: Actor, hours: int, minutes: int) -> None:
    """How long somebody has to decide: open hours of the calendar, and minutes of the clock when there is danger now.

    Those that run are not moved. Raises Invalid for what the calendar cannot keep.
    """
    require(by, "worry.set_up")
    errors = []
    for name, value, (low, high) in (("hours", hours, HOURS), ("minutes", minutes, MINUTES)):
        if not low <= value <= high:
            text = _("Choose a number from %(low)s to %(high)s.") % {"low": low, "high": high}
            errors.append(FieldError(name, text))
    if not errors and check_guarantee(CountedHours(hours), current_calendar()[0], clock.now()):
        errors.append(FieldError("hours", _("The working calendar has no open hours for this.")))
    if errors:
        raise Invalid(errors)
    WorryTimes.objects.update_or_create(only=True, defaults={"hours": hours, "minutes": minutes})
    record(by=by, verb="worry.set_times", kind=SETTING, object_id="times", hours=hours, minutes=minutes)


@transaction.atomic
def set_number(
    *, by: Actor, kind: str, name: str, phone: str = "", address: str = "", school_id: UUID | None = None
) -> LocalNumber:
    """Whom one calls here, for one school or for all: one of a kind each, a principal always of a school. The same
    again replaces it. Raises Invalid."""
    require(by, "worry.set_up")
    errors = []
    if kind not in LocalNumber.Kind.values:
        errors.append(FieldError("kind", _("Choose whose number it is.")))
    if school_id is None and kind == LocalNumber.Kind.PRINCIPAL:
        errors.append(FieldError("school", _("Choose the principal's school.")))
    elif school_id and not School.objects.filter(pk=school_id, closed_on=None).exists():
        errors.append(FieldError("school", _("Choose a school from the list.")))
    phone, address = " ".join(phone.split()), " ".join(address.split())
    if not phone and not address:
        errors.append(FieldError("phone", _("Give a phone number or an address.")))
    if phone and (len(phone) > 40 or not all(sign.isdigit() or sign in "+ -()" for sign in phone)):
        errors.append(FieldError("phone", _("Write the number with digits, spaces and +.")))
    if len(address) > 200:
        errors.append(FieldError("address", _("At most %(most)s characters.") % {"most": 200}))
    try:
        name = checked_name(name)
    except Invalid as refused:
        errors += refused.errors
    if errors:
        raise Invalid(errors)
    row, _made = LocalNumber.objects.update_or_create(
        kind=kind,
        school_id=school_id,  # type: ignore[misc]  # None means null here
        defaults={"name": name, "phone": phone, "address": address},
    )
    record(by=by, verb="worry.set_number", kind=SETTING, object_id=row.pk, number_kind=kind)
    return row


@transaction.atomic
def remove_number(*, by: Actor, number_id: UUID) -> None:
    """Gone already: nothing happens."""
    require(by, "worry.set_up")
    gone, _rows = LocalNumber.objects.filter(pk=number_id).delete()
    if gone:
        record(by=by, verb="worry.remove_number", kind=SETTING, object_id=number_id)


@transaction.atomic
def write_safety_text(*, by: Actor, language: str, text: str, about: str = "self") -> SafetyText:
    """Another version of the municipality's own text. It is sent by nobody before it is reviewed. Raises Invalid."""
    require(by, "worry.set_up")
    text = tidy(text)
    errors: list[FieldError] = []
    if not language or len(language) > 8 or not language.isascii():
        errors.append(FieldError("language", _("Choose a language.")))
    if about not in SafetyText.About.values:
        errors.append(FieldError("about", _("Choose who is in danger.")))
    if not 40 <= len(text) <= safety.LONGEST:
        errors.append(FieldError("text", _("Write 40 to %(most)s characters.") % {"most": safety.LONGEST}))
    if errors or by.id is None:
        raise Invalid(errors)
    versions = SafetyText.objects.select_for_update().filter(about=about, language=language)
    last = max((row.version for row in versions), default=0)
    row = SafetyText.objects.create(
        about=about,
        language=language,
        version=last + 1,
        text=text,
        written_by_id=by.id,
        written_at=clock.now(),
    )
    record(
        by=by,
        verb="worry.write_safety_text",
        kind=SETTING,
        object_id=row.pk,
        language=language,
        about=about,
    )
    return row


@transaction.atomic
def review_safety_text(*, by: Actor, text_id: UUID, reviewed_by: str, reviewed_on: date | None) -> SafetyText:
    """Somebody who knows danger has read it, by name and day; from now on it is sent. Raises NotFound, Invalid,
    Conflict for one that is reviewed already."""
    require(by, "worry.set_up")
    row = SafetyText.objects.select_for_update().filter(pk=text_id).first()
    if row is None:
        raise NotFound()
    if row.reviewed_on is not None:
        raise Conflict(_("This version is reviewed already."), code="reviewed")
    errors: list[FieldError] = []
    try:
        reviewed_by = checked_name(reviewed_by, "reviewed_by")
    except Invalid as refused:
        errors += refused.errors
    if reviewed_on is None or reviewed_on > today():
        errors.append(FieldError("reviewed_on", _("Give the day on which it was read, not a later one.")))
    if errors:
        raise Invalid(errors)
    row.reviewed_by, row.reviewed_on = reviewed_by, reviewed_on
    row.save(update_fields=["reviewed_by", "reviewed_on"])
    record(by=by, verb="worry.review_safety_text", kind=SETTING, object_id=row.pk, language=row.language)
    return row
