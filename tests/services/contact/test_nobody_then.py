"""An absence that leaves a promise with nobody: those in charge hear at once, role and clock, and of nothing else."""

from datetime import timedelta

from kernel.outbox import rendering
from kernel.outbox.models import Message
from kernel.outbox.operations import _open
from services.contact import operations
from services.promises.models import Promise
from tenants.presence import operations as presence
from tenants.setup import operations as setup
from tenants.setup.actors import today
from tests.cast import World
from tests.services.contact.people import SECRET, knock, reach_and_close
from tests.services.contact.test_away import leave, substitute, told

TEMPLATE = "contact/nobody_then"


def test_whoever_is_in_charge_hears_when_the_last_adult_of_a_door_is_noted_as_away(
    alpha: World, clock
) -> None:
    """Tuesday 10:00, 24 counted hours: due on Wednesday."""
    knock(alpha)
    leave(alpha, "nurse")
    assert told(TEMPLATE) == set()
    leave(alpha, "second_nurse")
    assert told(TEMPLATE) == {"Lena"}


def test_it_says_role_and_clock_and_neither_name_nor_reason_nor_content(alpha: World, clock) -> None:
    asked = knock(alpha)
    leave(alpha, "nurse")
    leave(alpha, "second_nurse")
    row = Message.objects.get(template=TEMPLATE)
    context = _open(row).context
    assert set(context) == {"due", "role"}
    text = " ".join(rendering.render(TEMPLATE, "en", context))
    assert str(context["role"]) in text
    assert str(context["due"]) in text
    for word in (SECRET, asked.case_number, "Nora", "Signe", "away", "absen"):
        assert word not in text


def test_each_gap_of_each_request_is_told_of_once_however_often_it_is_noted(alpha: World, clock) -> None:
    """Due on Wednesday. An absence taken away and noted anew, or two that make one gap, say nothing new."""

    def told_of() -> int:
        return Message.objects.filter(template=TEMPLATE).count()

    first, _second = knock(alpha), knock(alpha)
    leave(alpha, "second_nurse")
    row = leave(alpha, "nurse", first=1)
    assert told_of() == 2
    assert leave(alpha, "nurse", first=1) == row
    presence.end_absence(absence_id=row, by=alpha.actor("nurse"))
    assert told_of() == 2
    row = leave(alpha, "nurse", first=1, days=9)
    leave(alpha, "other_nurse", first=1)
    assert told_of() == 2
    clock.shift(timedelta(hours=20))  # early on Wednesday
    presence.end_absence(absence_id=row, by=alpha.actor("nurse"))
    row = leave(alpha, "nurse")
    assert told_of() == 2
    presence.end_absence(absence_id=row, by=alpha.actor("nurse"))
    promise = Promise.objects.get(subject_id=first.request_id)
    Promise.objects.filter(pk=promise.pk).update(due_at=promise.due_at + timedelta(hours=1))
    row = leave(alpha, "nurse")
    assert told_of() == 3, "another due time"


def test_two_absences_one_after_the_other_make_one_gap(alpha: World, clock) -> None:
    """Due on Thursday. Nobody is there on Wednesday, and by the second absence not on Thursday either."""
    asked = knock(alpha)
    Promise.objects.filter(subject_id=asked.request_id).update(due_at=asked.due_at + timedelta(days=1))
    leave(alpha, "second_nurse", first=1)
    rows = [leave(alpha, "nurse", first=1, days=1), leave(alpha, "nurse", first=2, days=2)]
    for row in rows:
        presence.end_absence(absence_id=row, by=alpha.actor("nurse"))
    leave(alpha, "nurse", first=1, days=2)
    assert Message.objects.filter(template=TEMPLATE).count() == 1


def test_another_gap_before_the_same_due_time_is_told_of_again(alpha: World, clock) -> None:
    knock(alpha)
    leave(alpha, "second_nurse")
    row = leave(alpha, "nurse", first=1)
    presence.end_absence(absence_id=row, by=alpha.actor("nurse"))
    leave(alpha, "nurse")  # from today on
    assert Message.objects.filter(template=TEMPLATE).count() == 2


def test_it_is_told_ahead_of_the_day_as_well(alpha: World, clock) -> None:
    knock(alpha)
    leave(alpha, "nurse", first=1)
    leave(alpha, "second_nurse", first=1)
    assert told(TEMPLATE) == {"Lena"}


def test_nothing_is_told_where_somebody_is_there_in_time_or_nothing_waits_so_long(
    alpha: World, clock
) -> None:
    knock(alpha)
    leave(alpha, "nurse", days=0)
    leave(alpha, "second_nurse", days=0)  # both back on Wednesday
    leave(alpha, "nurse", first=2)
    leave(alpha, "second_nurse", first=2)  # the promise has run out by then
    assert told(TEMPLATE) == set()


def test_a_substitute_who_is_there_is_somebody_and_is_missed_when_they_go_too(alpha: World, clock) -> None:
    substitute(alpha, "nurse", "other_nurse")
    knock(alpha)
    leave(alpha, "second_nurse")
    leave(alpha, "nurse")
    assert told(TEMPLATE) == set()
    leave(alpha, "other_nurse")
    assert told(TEMPLATE) == {"Lena"}


def test_what_is_answered_closed_or_at_another_door_is_not_told_of(alpha: World, clock) -> None:
    answered, closed = knock(alpha), knock(alpha)
    knock(alpha, role_id=alpha.counsellor_role)
    operations.reply(by=alpha.actor("nurse"), request_id=answered.request_id, text="Hei")
    reach_and_close(by=alpha.actor("nurse"), request_id=closed.request_id, outcome="referred")
    leave(alpha, "second_nurse")
    leave(alpha, "nurse")
    assert told(TEMPLATE) == set()


def test_one_who_stepped_aside_is_nobody(alpha: World, clock) -> None:
    asked = knock(alpha)
    operations.recuse(by=alpha.actor("second_nurse"), request_id=asked.request_id)
    leave(alpha, "nurse")
    assert told(TEMPLATE) == {"Lena"}


def test_a_lead_who_is_the_one_away_hears_it_only_when_nobody_else_is_in_charge(alpha: World, clock) -> None:
    from kernel.actor import MACHINE

    given = {"role_id": alpha.counsellor_role, "school_id": alpha.other_school}
    setup.give_post(account_id=alpha.people["lead"], **given, by=MACHINE)
    knock(alpha, **given)
    presence.begin_absence(
        account_id=alpha.people["lead"],
        first_day=today() + timedelta(days=1),
        last_day=today() + timedelta(days=4),
        by=MACHINE,
    )
    assert told(TEMPLATE) == {"Adam"}
