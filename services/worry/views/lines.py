"""Duties, numbers and clocks as the pages show them."""

from contextlib import suppress
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from kernel import clock
from kernel.errors import Unavailable
from kernel.tenancy import require_current
from kernel.ui.crisis import Number, numbers_for
from kernel.ui.when import say_date, say_when
from services.promises.models import Promise
from services.worry.law import Duty, To
from services.worry.models import LocalNumber, Step
from services.worry.office_hours import office_is_closed
from services.worry.safety import Text
from services.worry.views.frame import speaking
from services.worry.words import NUMBERS, RECIPIENTS
from tenants.setup.queries import current_calendar

#: Kinds of local numbers under whom they reach.
_REACH: dict[str, tuple[str, ...]] = {
    Step.Recipient.PRINCIPAL: (LocalNumber.Kind.PRINCIPAL,),
    Step.Recipient.CHILD_WELFARE: (LocalNumber.Kind.CHILD_WELFARE, LocalNumber.Kind.CHILD_WELFARE_NIGHT),
    Step.Recipient.POLICE: (LocalNumber.Kind.POLICE,),
}
#: In the order of how little can wait.
ORDER: tuple[To, ...] = ("emergency", "police", "child_welfare", "principal")


def danger_numbers() -> list[Number]:
    """Whom to call at once: what the operator keeps for the country."""
    return [one for one in numbers_for(require_current().country) if one.danger]


def dial(number: str) -> str:
    return "tel:" + "".join(sign for sign in number if sign.isdigit() or sign == "+")


def duty_line(duty: Duty) -> dict[str, Any]:
    source = duty.source
    return {
        "says": duty.says,
        "source": f"{source.law} {source.section}",
        "read_on": source.read_on,
        "under_18": duty.under_18,
        "sure": duty.is_sure,
        "reviewed": duty.is_reviewed,
    }


def recipients(duties: tuple[Duty, ...], numbers: list[LocalNumber]) -> list[dict[str, Any]]:
    """Each kind of recipient: which duties point there, and how it is reached here."""
    return [
        {
            "key": to,
            "name": RECIPIENTS[to],
            "duties": [duty_line(duty) for duty in duties if duty.to == to],
            "numbers": _numbers(to, numbers),
        }
        for to in ORDER
    ]


def _numbers(to: str, numbers: list[LocalNumber]) -> list[dict[str, Any]]:
    if to == Step.Recipient.EMERGENCY:
        return [
            {"name": one.shown, "phone": one.number, "dial": dial(one.number), "address": ""}
            for one in danger_numbers()
        ]
    return [
        {
            "name": row.name,
            "what": NUMBERS[row.kind] if row.kind == LocalNumber.Kind.CHILD_WELFARE_NIGHT else "",
            "phone": row.phone,
            "dial": dial(row.phone) if row.phone else "",
            "address": row.address,
        }
        for row in who_answers_first(numbers)
        if row.kind in _REACH[to]
    ]


def who_answers_first(numbers: list[LocalNumber]) -> list[LocalNumber]:
    """While child welfare's own office is closed, the one on call stands before everybody else."""
    here, closed_on = require_current(), frozenset[date]()
    with suppress(Unavailable):
        closed_on = current_calendar()[0].public_holidays
    if not office_is_closed(here.country, clock.now(), ZoneInfo(here.timezone), closed_on):
        return numbers
    return sorted(numbers, key=lambda row: row.kind != LocalNumber.Kind.CHILD_WELFARE_NIGHT)


def local_lines(numbers: list[LocalNumber]) -> list[dict[str, Any]]:
    """Every number that is kept here, whoever answers now first: in sight before any clock runs."""
    return [
        {
            "what": NUMBERS[row.kind],
            "name": row.name,
            "phone": row.phone,
            "dial": dial(row.phone) if row.phone else "",
            "address": row.address,
        }
        for row in who_answers_first(numbers)
    ]


def clock_line(promise: Promise | None, now: datetime) -> dict[str, Any] | None:
    """The promise box of a worry; None when nothing runs."""
    if promise is None or not runs(promise):
        return None
    when = said(promise.due_at)
    if promise.state_at(now) == "broken":
        return {
            "state": "broken",
            "text": _("The decision was due by %(when)s") % {"when": when},
            "note": _("It is still needed. Write down what you do."),
        }
    return {
        "state": "open",
        "text": _("Decide by %(when)s") % {"when": when},
        "note": _("After that a deputy decides, and the lead hears of the clock."),
    }


def runs(promise: Promise | None) -> bool:
    """Whether somebody still has to decide."""
    return promise is not None and promise.answered_at is None and promise.ended_at is None


def decided_line(promise: Promise | None) -> str:
    """How the clock ended and when; "" while it runs."""
    if promise is None or promise.answered_at is None:
        return ""
    return _("It was decided %(when)s.") % {"when": said(promise.answered_at)}


def said(at: datetime) -> str:
    return say_when(at, clock.now(), require_current().timezone, speaking())


def read_by(text: Text) -> str:
    """Who has read a safety text, and when: of ours, that nobody who knows danger has."""
    zone = require_current().timezone
    noon = datetime.combine(text.reviewed_on, time(12), ZoneInfo(zone))
    day = say_date(noon, clock.now(), zone, speaking())
    if text.is_ours:
        return _("Lavterskel wrote this text %(day)s; no clinician has read it yet.") % {"day": day}
    return _("Reviewed by %(by)s, %(day)s.") % {"by": text.reviewed_by, "day": day}
