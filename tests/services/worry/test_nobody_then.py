"""An absence that leaves an open worry with nobody: those in charge hear at once that it is one, role and clock."""

from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from kernel.outbox import rendering
from kernel.outbox.models import Message
from kernel.outbox.operations import _open
from services.contact import operations as contact
from services.contact.models import ContactRequest
from services.contact.operations import Accepted
from services.worry import operations
from tenants.presence import operations as presence
from tenants.setup import operations as setup
from tenants.setup.models import Post
from tests.cast import World
from tests.services.contact.people import SECRET
from tests.services.contact.test_away import as_herself, asks, leave, told
from tests.services.worry.said import WORDS, said
from tests.services.worry.test_deciding import raised

TEMPLATE = "worry/nobody_then"
TOLD = "Those in charge are told the clock and the role."


@pytest.fixture
def answered(alpha: World, case: Accepted) -> ContactRequest:
    """Nothing is promised of the case itself any more."""
    contact.reply(by=alpha.actor("nurse"), request_id=case.request_id, text="Hei")
    return ContactRequest.objects.get(pk=case.request_id)


def test_it_says_that_it_is_one_role_and_clock_once_a_gap_and_not_even_the_number(
    alpha: World, answered: ContactRequest
) -> None:
    raised(alpha, answered_as(answered))
    leave(alpha, "second_nurse")
    assert told(TEMPLATE) == set()
    row = leave(alpha, "nurse")
    assert told(TEMPLATE) == {"Lena"}
    context = _open(Message.objects.get(template=TEMPLATE)).context
    assert set(context) == {"due", "role"}
    text = " ".join(rendering.render(TEMPLATE, "en", context))
    assert "worried about a student" in text
    assert str(context["role"]) in text
    assert str(context["due"]) in text
    for word in (SECRET, WORDS, answered.case_number, "Nora", "Signe", "absen"):
        assert word not in text
    presence.end_absence(absence_id=row, by=alpha.actor("nurse"))
    leave(alpha, "nurse")
    assert Message.objects.filter(template=TEMPLATE).count() == 1
    assert told("contact/nobody_then") == set()


def answered_as(request: ContactRequest) -> Any:
    return type("Case", (), {"request_id": request.pk})()


def test_of_one_that_is_decided_nobody_is_told(alpha: World, answered: ContactRequest) -> None:
    worry = raised(alpha, answered_as(answered))
    operations.record_step(by=alpha.actor("nurse"), worry_id=worry.pk, said=said())
    for who in ("nurse", "second_nurse"):
        leave(alpha, who)
    assert told(TEMPLATE) == set()


def test_whose_it_is_reads_which_one_is_the_worry_and_an_administrator_does_not(
    alpha: World, answered: ContactRequest, at: type[Client], clock: time_machine.Traveller
) -> None:
    raised(alpha, answered_as(answered))
    setup.end_post(
        post_id=Post.objects.get(account_id=alpha.people["second_nurse"]).pk, by=alpha.actor("admin")
    )
    page = as_herself(alpha, at)
    own = asks(page)
    number = f"<strong>Number {answered.case_number}</strong>"
    assert own.count(number) == 2
    assert own.count(f"{number} <strong>(a worry)</strong>") == 1
    assert own.count(TOLD) == 1, "nothing is promised of the case"
    person = f"/setup/people/{alpha.people['nurse']}/"
    days = {"first_day": "2026-09-15", "last_day": "2026-09-18"}
    away = as_herself(alpha, at, "admin").post(f"{person}away/", days)
    for answer in (away, as_herself(alpha, at, "admin").get(f"{person}close/")):
        assert answered.case_number in answer.content.decode()
        assert "(a worry)" not in answer.content.decode()
    assert away.content.decode().count(number) == 1, "twice would tell that there is one"
    assert TOLD in away.content.decode()
    assert asks(page, confirmed="1") == "302"
    assert TOLD in unescape(page.get("/away/").content.decode())
    assert told(TEMPLATE) == {"Lena"}
