"""Another urgency is another promise, and never a clock that begins anew."""

from datetime import timedelta

import pytest

from kernel import clock as kernel_clock
from services.contact import operations as contact
from services.meetings import operations
from services.promises.sweep import break_due
from tenants.setup import operations as setup
from tests.services.meetings.people import DAY, HOUR, promises, standing, taken

pytestmark = pytest.mark.django_db


def test_choosing_another_urgency_every_day_never_keeps_the_promise_from_breaking(alpha, clock) -> None:
    accepted, nurse = taken(alpha), alpha.actor("nurse")
    contact.reply(by=nurse, request_id=accepted.request_id, text="Hei")
    operations.set_urgency(by=nurse, request_id=accepted.request_id, urgency="days")
    given = standing(accepted).opened_at
    for day in range(30):
        clock.shift(DAY)
        break_due()
        if any(one.broken_at for one in promises(accepted)):
            break
        urgency = ("weeks", "days")[day % 2]
        operations.set_urgency(by=nurse, request_id=accepted.request_id, urgency=urgency)
    (broken,) = [one for one in promises(accepted) if one.broken_at]
    assert broken.opened_at == given
    assert standing(accepted).opened_at > given


def test_what_has_run_out_by_the_new_urgency_is_broken_at_once_and_promised_anew(alpha, clock) -> None:
    setup.set_meeting_guarantee(
        urgency="today", kind="counted_hours", amount=2, role_id=alpha.nurse_role, by=alpha.actor("admin")
    )
    accepted, nurse = taken(alpha), alpha.actor("nurse")
    operations.set_urgency(by=nurse, request_id=accepted.request_id, urgency="weeks")
    clock.shift(3 * HOUR)
    operations.set_urgency(by=nurse, request_id=accepted.request_id, urgency="today")
    (broken,) = [one for one in promises(accepted) if one.broken_at]
    assert broken.due_at - broken.opened_at == 2 * HOUR
    anew = standing(accepted)
    assert kernel_clock.now() - anew.opened_at < timedelta(minutes=1)
    assert promises(accepted)[0] == anew
