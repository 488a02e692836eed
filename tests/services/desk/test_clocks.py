"""The desk shows the clock that the student was promised: never a later one while an earlier waits, and red once it is
past."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client

from kernel import clock as kernel_clock
from kernel.tenancy import require_current
from services.contact import operations
from services.contact.models import Handover
from services.contact.operations import Accepted
from services.contact.queries import listed
from services.desk import board, queries
from services.promises.models import Promise
from services.promises.queries import promises_of
from services.promises.sweep import break_due
from tests.cast import World
from tests.services.contact.people import knock, visitor
from tests.services.contact.test_handover import accept, offer, taken

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
type Traveller = time_machine.Traveller


def shown(world: World, accepted: Accepted, who: str = "nurse") -> tuple[datetime | None, str]:
    """When it is due in the list, and under which title it stands; the same in the database's order."""
    (line,) = [row for row in listed(world.actor(who), "mine") if row.request.pk == accepted.request_id]
    groups = board.groups([line], kernel_clock.now(), require_current().timezone, "en")
    (row,) = [one for group in groups for one in group.lines]
    in_order = queries.shelf(world.actor(who), "mine").get(pk=accepted.request_id).stands_by
    assert in_order == row.due
    return row.due, groups[0].when


def declined(world: World, handover: Handover) -> None:
    operations.decline_handover(by=world.actor("counsellor"), handover_id=handover.pk)


def withdrawn(world: World, handover: Handover) -> None:
    operations.withdraw_handover(by=world.actor("nurse"), handover_id=handover.pk)


def refused(world: World, handover: Handover) -> None:
    from kernel.actor import student

    operations.refuse_handover(by=student(handover.request_id), request_id=handover.request_id)


@pytest.mark.parametrize("ends", [declined, withdrawn, refused])
def test_an_offer_that_came_to_nothing_never_puts_off_what_the_student_was_promised(
    alpha: World, clock: Traveller, ends: Callable[[World, Handover], None]
) -> None:
    accepted = taken(alpha)
    handover = offer(alpha, accepted)
    promised = handover.promise.due_at
    clock.shift(timedelta(hours=3))
    ends(alpha, handover)
    assert shown(alpha, accepted) == (promised, "tomorrow")
    clock.move_to(promised + MINUTE)
    assert shown(alpha, accepted) == (promised, "broken")
    break_due()
    assert not Promise.objects.filter(due_at__gt=promised).exists()


def test_what_nobody_answered_in_time_is_red_although_a_clock_runs_on(alpha: World, clock: Traveller) -> None:
    accepted = taken(alpha)
    promised = offer(alpha, accepted).promise.due_at
    clock.move_to(promised + MINUTE)
    break_due()
    (runs,) = [one for one in promises_of(accepted.request_id) if (one.answered_at or one.broken_at) is None]
    assert runs.due_at > promised
    assert shown(alpha, accepted) == (promised, "broken")
    clock.shift(MINUTE)
    operations.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Jeg er her")
    assert all(one.answered_at for one in promises_of(accepted.request_id))
    assert shown(alpha, accepted) == (None, "answered")


def test_a_first_contact_that_broke_stays_red_beside_a_later_clock(alpha: World, clock: Traveller) -> None:
    accepted = knock(alpha)
    operations.take(by=alpha.actor("second_nurse"), request_id=accepted.request_id)
    clock.move_to(accepted.due_at + MINUTE)
    break_due()  # Nora has it now
    operations.read_conversation(by=alpha.actor("nurse"), request_id=accepted.request_id)
    handover = offer(alpha, accepted)
    clock.move_to(handover.promise.due_at + MINUTE)
    break_due()
    assert shown(alpha, accepted) == (accepted.due_at, "broken")


def test_what_the_student_was_promised_anew_lets_an_older_promise_be(alpha: World, clock: Traveller) -> None:
    accepted = knock(alpha)
    operations.take(by=alpha.actor("second_nurse"), request_id=accepted.request_id)
    clock.move_to(accepted.due_at + MINUTE)
    break_due()
    operations.read_conversation(by=alpha.actor("nurse"), request_id=accepted.request_id)
    handover = accept(alpha, offer(alpha, accepted))
    assert shown(alpha, accepted, "counsellor") == (handover.promise.due_at, "tomorrow")


def test_who_asks_again_waits_for_the_new_answer(alpha: World, clock: Traveller) -> None:
    accepted = knock(alpha)
    operations.take(by=alpha.actor("second_nurse"), request_id=accepted.request_id)
    clock.move_to(accepted.due_at + MINUTE)
    break_due()
    nurse = alpha.actor("nurse")
    operations.read_conversation(by=nurse, request_id=accepted.request_id)
    operations.close(by=nurse, request_id=accepted.request_id, outcome="not_reached")
    clock.shift(MINUTE)
    operations.student_writes(
        by=visitor(accepted), request_id=accepted.request_id, text="Er du der?", still_need_help=True
    )
    operations.take(by=nurse, request_id=accepted.request_id)
    due, when = shown(alpha, accepted)
    assert (due or accepted.due_at) > accepted.due_at
    assert when == "tomorrow"


def test_the_lead_reads_one_row_of_it_the_earliest(
    alpha: World, clock: Traveller, signed_in: Callable[..., Client]
) -> None:
    from services.insights import queries as insights

    accepted = taken(alpha)
    promised = offer(alpha, accepted).promise.due_at
    clock.move_to(promised + MINUTE)
    break_due()
    lead, now = alpha.actor("lead"), kernel_clock.now()
    found = insights.broken(lead, now, insights.left_alone(lead, now))
    assert [row.due_at for row in found.rows] == [promised]
    operations.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Jeg er her")
    assert insights.broken(lead, now, insights.left_alone(lead, now)).rows == ()


# --- one box ---------------------------------------------------------------------------------------------------


def boxes(client: Client, accepted: Accepted) -> list[str]:
    """The words of each promise box on the page of a request, outside of folds."""
    page = client.get(f"/desk/{accepted.request_id}/").content.decode()
    found = re.split(r'<div class="promise"', page)[1:]
    return [
        " ".join(re.sub(r"<[^>]+>", " ", unescape(one.split("</div></div>")[0])).split()) for one in found
    ]


def offered(world: World, clock: Traveller) -> Accepted:
    """Not answered yet, taken, and offered to Carl an hour later: two clocks run."""
    accepted, nurse = knock(world), world.actor("nurse")
    operations.take(by=nurse, request_id=accepted.request_id)
    operations.read_conversation(by=nurse, request_id=accepted.request_id)
    clock.shift(timedelta(hours=1))
    offer(world, accepted)
    return accepted


def test_one_box_says_the_earliest_and_what_to_do_and_the_rest_below_it(
    alpha: World, clock: Traveller, signed_in: Callable[..., Client]
) -> None:
    accepted = offered(alpha, clock)
    (box,) = boxes(signed_in("nurse", "en"), accepted)
    assert re.search(r"Make contact by .*Write to the student here.*By .* somebody is to have said yes", box)
    page = unescape(signed_in("nurse", "en").get(f"/desk/{accepted.request_id}/").content.decode())
    assert page.count("somebody is to have said yes and reached the student") == 1
    assert "You answer until then" not in page


def test_who_is_asked_reads_one_box_too_where_they_answer(
    alpha: World, clock: Traveller, signed_in: Callable[..., Client]
) -> None:
    accepted = offered(alpha, clock)
    (box,) = boxes(signed_in("counsellor", "en"), accepted)
    assert re.search(r"Say yes or no by .*With a yes you reach .*The student was also told: by ", box)
    assert "Make contact by" not in box


def test_an_answered_request_that_is_offered_says_until_when_somebody_is_to_say_yes(
    alpha: World, clock: Traveller, signed_in: Callable[..., Client]
) -> None:
    accepted = taken(alpha)
    offer(alpha, accepted)
    (box,) = boxes(signed_in("nurse", "en"), accepted)
    order = r"somebody is to have said yes.*You answer the student until somebody says yes\..*was kept"
    assert re.search(order, box)


def test_what_broke_stands_first_and_the_later_time_below(
    alpha: World, clock: Traveller, signed_in: Callable[..., Client]
) -> None:
    accepted = taken(alpha)
    promised = offer(alpha, accepted).promise.due_at
    clock.move_to(promised + MINUTE)
    break_due()
    client = signed_in("nurse", "en")
    (box,) = boxes(client, accepted)
    assert re.search(r"The promise broke .*The student has been told\..*The student was also told: by ", box)
    assert (
        'class="promise" data-state="broken"' in client.get(f"/desk/{accepted.request_id}/").content.decode()
    )
