"""The desk shows what somebody left behind as what it is: waiting, and free to take."""

from collections.abc import Callable

from django.test import Client

from kernel.actor import MACHINE
from kernel.people import operations as accounts
from services.contact import operations
from services.desk import queries
from tests.cast import World
from tests.services.contact.people import knock


def test_what_somebody_left_behind_stands_under_waiting_and_can_be_taken(
    alpha: World, signed_in: Callable[..., Client]
) -> None:
    accepted, second = knock(alpha), alpha.actor("second_nurse")
    operations.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Hei")
    assert queries.counts(second) == queries.Counts(waiting=0, mine=0)
    accounts.deactivate(account_id=alpha.people["nurse"], by=MACHINE)
    assert queries.counts(second) == queries.Counts(waiting=1, mine=0)
    assert [one.pk for one in queries.shelf(second, "waiting")] == [accepted.request_id]
    signe = signed_in("second_nurse", "en")
    page = signe.get(f"/desk/{accepted.request_id}/").content.decode()
    assert f"/desk/{accepted.request_id}/take/" in page
    assert "Nora has this." not in page
    signe.post(f"/desk/{accepted.request_id}/take/")
    assert queries.counts(second) == queries.Counts(waiting=0, mine=1, news=1)
