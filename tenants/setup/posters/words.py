"""What stands on a poster and a card, in the language of the sheet: nothing that is not true of this school."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from kernel.guarantee import CountedHours, Guarantee, WorkingCalendar
from kernel.outbox.links import door_address
from kernel.tenancy import MunicipalityRef
from kernel.ui.crisis import numbers_for
from tenants.setup.portal import Portal, RoleAtSchool, SchoolDoor
from tenants.setup.posters.typeface import printable, unprintable
from tenants.setup.school_addresses import school_path
from tenants.setup.wording import OURS
from tenants.setup.words import in_words


@dataclass(frozen=True, slots=True)
class Words:
    """`url` is in the QR code, `address` beside it as people type it. `caution`: why it must not hang yet.

    `second`: the question once more, in another language ("" for none).
    """

    language: str
    municipality: str
    school: str
    role: str
    question: str
    lead: str
    promise: str
    hours: str
    anonymous: str
    scan: str
    url: str
    address: str
    danger: str
    caution: str
    title: str
    second: str = ""


def words_of(
    door: Portal,
    school: SchoolDoor,
    place: MunicipalityRef,
    *,
    language: str,
    role: RoleAtSchool | None = None,
    second: str = "",
) -> Words:
    """The words for one school, or for one role at it, in one of the municipality's languages; the question in a
    second one, too.
    """
    with translation.override(language):
        url = door_address(school_path(school.slug, role.key if role else ""))
        promised = _promised(door, school, role, language)
        name = role.name(language) if role else ""
        question = _own(door, "greeting", language)
        return Words(
            language=language,
            municipality=printable(place.name),
            school=printable(school.name),
            role=printable(name),
            question=question,
            lead=_own(door, "lead", language),
            promise=_promise(promised),
            hours=_hours(door.calendar, promised),
            anonymous=_("You don't have to say who you are."),
            scan=_("Scan it, or type the address:"),
            url=url,
            address=url.split("://", 1)[1].rstrip("/"),
            danger=_danger(place.country),
            caution=_caution(place),
            title=f"{question} {school.name}",
            second=_second(door, second),
        )


def _second(door: Portal, language: str) -> str:
    if not language:
        return ""
    with translation.override(language):
        return _own(door, "greeting", language)


def _own(door: Portal, key: str, language: str) -> str:
    """The municipality's own sentence, unless our typeface lacks a sign of it."""
    own = door.sentence(key, language)
    return own if own and not unprintable(own) else str(OURS[key])


@dataclass(frozen=True, slots=True)
class _Promise:
    """What is promised by whom: "" when by everybody at the school, who then promise the same."""

    guarantee: Guarantee
    role: str
    others: bool


def _promised(door: Portal, school: SchoolDoor, role: RoleAtSchool | None, language: str) -> _Promise | None:
    """What holds whoever is chosen; where roles promise differently, the quickest by its name."""
    roles = (role,) if role else (*school.roles, *school.unstaffed)
    found = [(one, guarantee) for one in roles if (guarantee := door.guarantee(school.id, one.id))]
    if not found:
        return None
    quickest, guarantee = min(found, key=lambda pair: _hours_of(pair[1]))
    is_shared = len({one for _role, one in found}) == 1
    return _Promise(guarantee, "" if is_shared and not role else quickest.name(language), not is_shared)


def _hours_of(guarantee: Guarantee) -> float:
    """Roughly, to choose whom the poster names: a working day is eight open hours."""
    return float(guarantee.hours) if isinstance(guarantee, CountedHours) else guarantee.days * 8.0


def _promise(promised: _Promise | None) -> str:
    if promised is None:
        return _("You see by when you hear from us before you write a word.")
    within = in_words(promised.guarantee)
    if promised.role:
        return _("%(role)s answers %(within)s.") % {"role": promised.role, "within": within}
    return _("You hear from us %(within)s.") % {"within": within}


def _hours(calendar: WorkingCalendar | None, promised: _Promise | None) -> str:
    """What the promise counts: the open hours of a week, and the days that are none. That others promise else."""
    if calendar is None or promised is None:
        return ""
    said = [_("You see when the others answer before you write.")] if promised.others else []
    if week := _week(calendar):
        said.append(_("Open hours: %(hours)s.") % {"hours": week})
    if getattr(promised.guarantee, "received_when_closed", "") == "next_open_day":
        said.append(_("A knock while we are closed counts from when we open."))
    if not calendar.school_breaks_counted:
        said.append(_("Holidays and school breaks do not count."))
    elif not calendar.public_holidays_counted:
        said.append(_("Holidays do not count."))
    return " ".join(said)


def _week(calendar: WorkingCalendar) -> str:
    """ "Monday–Thursday 08:00–16:00, Friday 08:00–14:00": neighbours with the same hours together."""
    groups: list[tuple[int, int, str]] = []
    for weekday in range(1, 8):
        spans = calendar.open_hours.get(weekday, ())
        said = ", ".join(f"{_clock(start)}–{_clock(end)}" for start, end in spans)
        if not said:
            continue
        if groups and groups[-1][1] == weekday - 1 and groups[-1][2] == said:
            groups[-1] = (groups[-1][0], weekday, said)
        else:
            groups.append((weekday, weekday, said))
    return ", ".join(f"{_days(first, last)} {said}" for first, last, said in groups)


def _days(first: int, last: int) -> str:
    names = [str(WEEKDAYS[first - 1])] + ([str(WEEKDAYS[last - 1])] if last != first else [])
    return "–".join(names)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _danger(country: str) -> str:
    """Whom to call when it cannot wait for a promise: "If life is in danger: 113"."""
    return next((f"{one.what}: {one.number}" for one in numbers_for(country) if one.danger), "")


def _caution(place: MunicipalityRef) -> str:
    if settings.DEMO:
        return _("This is a demo. Nothing here is real.")
    if place.state != "live":
        return _("A rehearsal: do not hang this up. The door is not open yet.")
    return ""
