"""What is ready and what is left, from what is in the tables: never a box somebody ticks. Rooms above bring along what
is set up in them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kernel.people.models import Account
from kernel.tenancy import require_current
from tenants.setup.actors import held_on, today
from tenants.setup.models import CannedReply, ClosedDay, HelperRole, Lead, Look, Post, School, WorkingCalendar
from tenants.setup.queries import guarantees, meetings_within
from tenants.setup.queries.snapshot import portal
from tenants.setup.words import WHO_SENDS_FILES, in_words


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to have in place. `note` says how it stands now."""

    text: str
    note: str
    ready: bool
    href: str


_elsewhere: list[Callable[[], Item]] = []


def register(item: Callable[[], Item]) -> None:
    """A room above says how its own setting stands. Called once, when that room is loaded (apps.py)."""
    if item not in _elsewhere:
        _elsewhere.append(item)


def is_rehearsal() -> bool:
    return require_current().state == "rehearsal"


def who_counts(path: str = "") -> dict[str, bool]:
    """Filter for accounts that somebody can rely on: active, and while a municipality rehearses, real.

    The invented leave when the door opens; what stands only on them is not in place.
    """
    counts = {f"{path}is_active": True}
    return counts | {f"{path}is_invented": False} if is_rehearsal() else counts


def checklist() -> list[Item]:
    """In the order an administrator meets them."""
    return [
        _schools(),
        _roles(),
        _people(),
        _leads(),
        _calendar(),
        _promise(),
        _meetings(),
        _reminders(),
        _languages(),
        _look(),
        _replies(),
        _files(),
        _topics(),
        *(item() for item in _elsewhere),
        _deputy(),
    ]


def _schools() -> Item:
    n = School.objects.filter(closed_on=None).count()
    note = ngettext("%(n)d school has a door.", "%(n)d schools have a door.", n) % {"n": n}
    return Item(
        _("Open a school"), note if n else _("No school has a door yet."), n > 0, reverse("setup:schools")
    )


def _roles() -> Item:
    n = HelperRole.objects.filter(closed_on=None).count()
    note = ngettext("%(n)d role to choose from.", "%(n)d roles to choose from.", n) % {"n": n}
    return Item(_("Say who answers"), note, n > 0, reverse("setup:roles"))


def unstaffed() -> list[tuple[str, list[str]]]:
    """(school, its roles in the reader's language) where nobody is there before a promise runs out."""
    language = get_language() or "en"
    return [
        (school.name, [role.name(language) for role in school.unstaffed])
        for school in portal().schools
        if school.unstaffed
    ]


def _people() -> Item:
    """Ready when every open school has somebody today: somebody real, before the door opens."""
    held = Post.objects.filter(held_on(today()), **who_counts("account__")).values("school_id")
    open_now = School.objects.filter(closed_on=None)
    empty = list(open_now.exclude(pk__in=held).values_list("name", flat=True)[:4])
    schools = open_now.exists()
    if not schools:
        note = _("Open a school first.")
    elif empty and is_rehearsal():
        note = _("Nobody real answers yet at: %(schools)s") % {"schools": ", ".join(empty)}
    elif empty:
        note = _("Nobody answers yet at: %(schools)s") % {"schools": ", ".join(empty)}
    elif unstaffed():
        note = _("Some roles have nobody there in time.")
    else:
        note = _("Somebody answers at every school.")
    ready = schools and not empty and not unstaffed()
    return Item(_("Invite helpers and give them posts"), note, ready, reverse("setup:people"))


def _leads() -> Item:
    leads = Lead.objects.filter(**who_counts("account__"))
    everywhere = leads.filter(school=None).exists()
    led = leads.filter(school__isnull=False).values("school_id")
    without = School.objects.filter(closed_on=None).exclude(pk__in=led).exists()
    ready = everywhere or (School.objects.filter(closed_on=None).exists() and not without)
    note = (
        _("Somebody is told when a promise breaks.") if ready else _("Nobody is told when a promise breaks.")
    )
    return Item(_("Appoint a lead"), note, ready, reverse("setup:people"))


def _calendar() -> Item:
    """Ready while public holidays are listed for at least half a year more."""
    last = (
        ClosedDay.objects.filter(kind=ClosedDay.Kind.PUBLIC_HOLIDAY)
        .order_by("-day")
        .values_list("day", flat=True)
        .first()
    )
    ready = last is not None and last > today() + timedelta(days=180)
    note = (
        _("Public holidays are listed to the end of %(year)d.") % {"year": last.year}
        if last
        else _("No public holidays are listed.")
    )
    return Item(_("Check the calendar"), note, ready, reverse("setup:calendar"))


def _promise() -> Item:
    promised = guarantees().get((None, None))
    note = _("An adult answers %(when)s.") % {"when": in_words(promised)} if promised else ""
    return Item(_("Choose what you promise"), note, promised is not None, reverse("setup:guarantees"))


def _meetings() -> Item:
    """Usual values hold until the municipality says otherwise."""
    soonest = next(iter(meetings_within(None, None).values()))
    note = _("What cannot wait: you meet %(when)s.") % {"when": in_words(soonest)}
    return Item(_("Say how soon one meets"), note, True, reverse("setup:meetings"))


def _reminders() -> Item:
    shares = WorkingCalendar.objects.values_list("reminders", flat=True).first() or []
    said = ", ".join(f"{share} %" for share in shares)
    note = _("After %(shares)s of the time.") % {"shares": said}
    return Item(_("Say when we remind you"), note, bool(shares), reverse("setup:reminders"))


def _replies() -> Item:
    n = CannedReply.objects.count()
    note = ngettext("%(n)d ready reply.", "%(n)d ready replies.", n) % {"n": n}
    return Item(
        _("Write ready replies"), note if n else _("Helpers have none yet."), n > 0, reverse("setup:replies")
    )


def _files() -> Item:
    """Ready once somebody has chosen: until then words alone are sent."""
    chosen = portal().attachments
    everywhere = WHO_SENDS_FILES[portal().attachments_at(None)]
    if set(chosen) - {None}:
        note = _("%(who)s. Otherwise at some schools.") % {"who": everywhere}
    else:
        note = f"{everywhere}." if chosen else _("Words alone. So it is until you choose.")
    return Item(_("Choose who may send files"), note, bool(chosen), reverse("setup:files"))


def _topics() -> Item:
    """What ships holds until the municipality says otherwise; a topic whose roles are nowhere proposes anybody."""
    here = {role.id for school in portal().schools for role in school.roles}
    shown = [rule for rule in portal().topics if rule.is_shown]
    lost = [rule for rule in shown if rule.roles_at(None) and not here & set(rule.roles_at(None))]
    if here and lost:
        n = len(lost)
        note = ngettext(
            "%(n)d topic proposes nobody of yours.", "%(n)d topics propose nobody of yours.", n
        ) % {"n": n}
    else:
        n = len(shown)
        note = ngettext("%(n)d topic to choose from.", "%(n)d topics to choose from.", n) % {"n": n}
    return Item(_("Say who helps with what"), note, bool(shown) and not lost, reverse("setup:topics"))


def _languages() -> Item:
    languages = portal().languages
    unread = [one.code for one in languages if not one.reviewed]
    note = (
        _("Not reviewed yet: %(codes)s") % {"codes": ", ".join(unread)}
        if unread
        else ngettext("%(n)d language.", "%(n)d languages.", len(languages)) % {"n": len(languages)}
    )
    return Item(_("Choose languages"), note, bool(languages) and not unread, reverse("setup:languages"))


def _look() -> Item:
    has_logo = Look.objects.exclude(logo_hash="").exists()
    note = (
        _("Your colour and your logo are on the door.")
        if has_logo
        else _("Your logo is not on the door yet.")
    )
    return Item(_("Give the door your look"), note, has_logo, reverse("setup:look"))


def _deputy() -> Item:
    n = Account.objects.filter(is_administrator=True, **who_counts()).count()
    note = _("You have a deputy.") if n > 1 else _("You are alone. Who steps in when you are away?")
    return Item(_("Appoint a second administrator"), note, n > 1, reverse("setup:people"))
