"""How much the desk asks of the database: as much for many requests as for few, and little for a conversation."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from services.contact import operations as contact
from tests.benchmarks.desk import copies
from tests.cast import World
from tests.services.contact.people import knock, visitor
from tests.services.desk.test_case import words

pytestmark = pytest.mark.django_db
SHELVES = ("", "mine/", "danger/", "closed/", "shared/", "unrecorded/")


def questions(client: Client, address: str) -> int:
    words(client.get(address))
    with CaptureQueriesContext(connection) as asked:
        words(client.get(address))
    return cost(asked)


def cost(asked: CaptureQueriesContext) -> int:
    """How many, but for what hangs on the time that has passed: whether set-up, a key or the list of municipalities
    has changed, and that somebody is still at work.
    """
    versions = ("setup_setupversion", "directoryversion", "crypto_municipalitykey", 'UPDATE "django_session"')
    return sum(not any(table in query["sql"] for table in versions) for query in asked.captured_queries)


def test_every_shelf_asks_as_much_with_500_open_requests_as_with_50(alpha: World, nora: Client) -> None:
    knock(alpha)
    copies(49)
    few = {shelf: questions(nora, f"/desk/{shelf}") for shelf in SHELVES}
    copies(450)
    assert {shelf: questions(nora, f"/desk/{shelf}") for shelf in SHELVES} == few


def test_a_conversation_of_200_messages_opens_with_at_most_20_questions(alpha: World, nora: Client) -> None:
    accepted = knock(alpha)
    by = alpha.actor("nurse")
    contact.reply(by=by, request_id=accepted.request_id, text="Hei")
    short = questions(nora, f"/desk/{accepted.request_id}/")
    for number in range(99):
        contact.student_writes(by=visitor(accepted), request_id=accepted.request_id, text=f"Ord {number}")
        contact.reply(by=by, request_id=accepted.request_id, text=f"Svar {number}")
    with CaptureQueriesContext(connection) as asked:
        opened = contact.read_conversation(by=by, request_id=accepted.request_id)
    assert len(opened.lines) == 200
    assert cost(asked) <= 20
    assert questions(nora, f"/desk/{accepted.request_id}/") == short


def test_what_somebody_is_let_into_is_asked_once_a_page(alpha: World, nora: Client) -> None:
    accepted = knock(alpha)
    contact.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    for address, of_the_case in (("/desk/", 0), (f"/desk/{accepted.request_id}/", 1)):
        with CaptureQueriesContext(connection) as asked:
            words(nora.get(address))
        grants = [query["sql"] for query in asked.captured_queries if "walls_grant" in query["sql"]]
        assert sum("UNION" in sql for sql in grants) == 1, address
        assert len(grants) == 1 + of_the_case, "and once who else reads this one"
