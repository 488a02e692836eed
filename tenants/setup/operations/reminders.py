"""At which shares of a promise those responsible are reminded, and for how long the clock of a meeting may stand."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.errors import Invalid, NotFound
from tenants.setup.models import WorkingCalendar
from tenants.setup.operations.change import Change, change

STEPS = 3


def checked_shares(shares: Sequence[int]) -> list[int]:
    """Three whole numbers of per cent, each later than the one before. Raises Invalid (reminders)."""
    wanted = list(shares)
    if len(wanted) != STEPS or not all(1 <= share <= 99 for share in wanted):
        raise Invalid(reminders=_("Choose three numbers between 1 and 99 per cent."))
    if not wanted[0] < wanted[1] < wanted[2]:
        raise Invalid(reminders=_("Each reminder comes later than the one before. Put them in order."))
    return wanted


def change_reminders(*, shares: Sequence[int], by: Actor) -> None:
    """First whoever is responsible, then the others of the role, then the lead too. Promises that run go by it
    from their next reminder on."""
    with change(by, "change_reminders") as this:
        wanted = checked_shares(shares)
        _keep(this, reminders=wanted, said={"shares": ",".join(map(str, wanted))})


#: Minutes before an agreed meeting at which both may be reminded: from a quarter of an hour to three days.
MEETING_REMINDER = range(15, 3 * 24 * 60 + 1)


def change_meeting_reminder(*, minutes: int, by: Actor) -> None:
    """How long before an agreed meeting both are reminded. Meetings agreed already stay as they were."""
    with change(by, "change_meeting_reminder") as this:
        if minutes not in MEETING_REMINDER:
            raise Invalid(reminder=_("Choose between 15 minutes and 3 days."))
        _keep(this, meeting_reminder=minutes, said={"meeting": minutes})


#: Working days for which the clock of a meeting may stand while the student chooses.
LONGEST_PAUSE = range(1, 31)


def change_longest_pause(*, days: int, by: Actor) -> None:
    """For how many working days at most the clock of a meeting stands. A pause that runs stays as it was."""
    with change(by, "change_longest_pause") as this:
        if days not in LONGEST_PAUSE:
            raise Invalid(longest_pause=_("Choose between 1 and 30 working days."))
        _keep(this, longest_pause=days, said={"longest_pause": days})


def _keep(this: Change, *, said: dict[str, str | int], **value: object) -> None:
    """One figure of the calendar, if it is another than before; `said` is what the history tells of it."""
    row = WorkingCalendar.objects.first()
    if row is None:
        raise NotFound(_("There is no calendar yet."))
    ((name, wanted),) = value.items()
    if getattr(row, name) == wanted:
        return
    setattr(row, name, wanted)
    row.save(update_fields=[name])
    this.record("reminders", row.pk, **said)
