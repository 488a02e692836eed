"""/setup/reminders/: who is reminded when, with clock times computed from what the form says right now."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel import clock
from kernel.actor import actor_of
from kernel.errors import Invalid
from kernel.guarantee import due_at
from kernel.guarantee.reminders import schedule
from kernel.tenancy import require_current
from tenants.setup import operations
from tenants.setup.forms import RemindersForm, attempt
from tenants.setup.operations.reminders import checked_shares
from tenants.setup.portal import narrowest
from tenants.setup.queries import current_calendar, guarantees, reminder_shares
from tenants.setup.views.common import administrators, done, page

#: The example's student asks on the next weekday at this hour.
ASKED = time(9)


def _example(form: RemindersForm) -> dict[str, Any]:
    """When each would hear of a promise given next morning; or what stands in the way."""
    try:
        shares = checked_shares([int(str(form[name].value())) for name in RemindersForm.NAMES])
    except ValueError:
        return {"refusals": [_("Choose three numbers between 1 and 99 per cent.")]}
    except Invalid as refusal:
        return {"refusals": [error.message for error in refusal.errors]}
    calendar, _version = current_calendar()
    guarantee = narrowest(guarantees(), None, None)
    zone = ZoneInfo(require_current().timezone)
    tomorrow = clock.now().astimezone(zone).date() + timedelta(days=1)
    days = (tomorrow + timedelta(days=n) for n in range(60))
    day = next((one for one in days if calendar.is_counted(one)), tomorrow)
    asked = datetime.combine(day, ASKED, zone)
    due = due_at(calendar, guarantee, asked) if guarantee else None
    if due is None:
        return {"refusals": [_("Your calendar opens too seldom to keep this. Open more hours first.")]}
    who = (
        _("Whoever has it, or is there today"),
        _("Everybody of the role who is there"),
        _("The lead, too"),
    )
    moments = schedule(calendar, asked, due, shares)
    return {
        "asked": asked,
        "due": due,
        "steps": [
            {"share": share, "who": one, "at": at}
            for share, one, at in zip(shares, who, moments, strict=True)
        ],
    }


@administrators
def reminders(request: HttpRequest) -> HttpResponse:
    """Three shares of the promise; beside them what they mean by the clock."""
    form = RemindersForm(request.POST or None, initial=RemindersForm.shown(reminder_shares()))
    if request.method == "POST" and "show" not in request.POST and form.is_valid():
        by = actor_of(request)
        if attempt(form, lambda: operations.change_reminders(shares=form.shares(), by=by)):
            return done(
                request, _("Saved. Promises that run go by it from their next reminder on."), "reminders"
            )
    return page(request, "reminders", "reminders", form=form, **_example(form))


@administrators
@require_POST
def example(request: HttpRequest) -> HttpResponse:
    """The worked example alone, while the administrator types (htmx)."""
    return render(request, "setup/reminders.html#meaning", _example(RemindersForm(request.POST)))
