"""Who is reminded of a meeting and how that went is said as it is: also that nobody can be."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kernel.outbox.models import Message
from services.promises.sweep import remind_due
from tests.cast import World
from tests.services.contact.people import NUMBER
from tests.services.meetings.people import HOUR, MINUTE, WEDNESDAY, agreed
from tests.services.meetings.test_pages import case_page, student_page, words
from tests.services.meetings.test_pages import phone as phone
from tests.services.meetings.test_pages import signed_in as signed_in

pytestmark = pytest.mark.django_db
MAIL = {"channel_kind": "email", "channel_value": "ida@example.org"}


def both(phone: Client, nurse: Client, accepted: Any) -> tuple[str, str]:
    return words(student_page(phone, accepted)), words(case_page(nurse, accepted))


@pytest.mark.parametrize(
    ("said", "to_the_student", "to_the_helper"),
    [
        (MAIL, "We remind you by e-mail.", "The student is reminded by e-mail."),
        ({"channel_kind": "sms", "channel_value": NUMBER}, "We cannot send text messages yet. Write the time down.",
         "No reminder can be sent to the student: no SMS provider is connected."),
        ({}, "We send no reminder. Write the time down.", "they did not choose e-mail."),
    ],
)  # fmt: skip
def test_both_read_whether_the_student_is_reminded(
    alpha: World, clock: Any, phone: Client, signed_in: Callable[[str], Client],
    said: dict[str, str], to_the_student: str, to_the_helper: str,
) -> None:  # fmt: skip
    accepted = agreed(alpha, **said)
    theirs, ours = both(phone, signed_in("nurse"), accepted)
    assert to_the_student in theirs
    assert to_the_helper in ours
    clock.move_to(WEDNESDAY - HOUR)
    remind_due()
    assert Message.objects.filter(template="meetings/soon_student").exists() == (said == MAIL)


def test_what_did_not_get_through_or_came_too_late_is_said(
    alpha: World, clock: Any, phone: Client, signed_in: Callable[[str], Client]
) -> None:
    accepted = agreed(alpha, **MAIL)
    clock.move_to(WEDNESDAY - HOUR)
    remind_due()
    message = Message.objects.filter(template="meetings/soon_student")
    message.update(state="failed")
    theirs, ours = both(phone, signed_in("nurse"), accepted)
    assert "Our e-mail did not reach you. Write the time down." in theirs
    assert "the e-mail did not get through." in ours
    message.update(state="sent", sent_at=WEDNESDAY, sealed=None)
    assert "We have reminded you by e-mail." in both(phone, signed_in("nurse"), accepted)[0]
    clock.move_to(WEDNESDAY + 10 * MINUTE)
    assert "reminded" not in both(phone, signed_in("nurse"), accepted)[1]
    late = agreed(alpha, WEDNESDAY + HOUR, **MAIL)
    theirs, ours = both(phone, signed_in("nurse"), late)
    assert "We send no reminder. Write the time down." in theirs
    assert "it was agreed too late for one." in ours
