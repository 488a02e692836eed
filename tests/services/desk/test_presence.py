"""Two people on one request see each other: who looks, who writes, who took it; no content, and it expires."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from kernel.audit.models import Entry, ReadEntry
from services.contact import operations as contact
from services.desk import presence
from tests.cast import World
from tests.services.contact.people import SECRET, knock, visitor
from tests.services.desk.test_case import act, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def accepted(alpha: World) -> contact.Accepted:
    return knock(alpha)


def here(client: Client, accepted: contact.Accepted, **more: str) -> str:
    return words(act(client, accepted, "here", **more))


def test_each_sees_who_else_looks_and_never_oneself(accepted, signed_in) -> None:
    nora, signe = signed_in("nurse", "en"), signed_in("second_nurse", "en")
    assert "is looking" not in here(nora, accepted)
    said = here(signe, accepted)
    assert "Nora is looking at this." in said
    assert "Signe" not in said
    assert "Signe is looking at this." in here(nora, accepted)


def test_whoever_types_is_writing_for_a_while(accepted, signed_in, clock: time_machine.Traveller) -> None:
    nora, signe = signed_in("nurse", "en"), signed_in("second_nurse", "en")
    act(nora, accepted, "draft", quiet="1", draft="reply", text="Hei")
    assert "Nora is writing." in here(signe, accepted)
    clock.shift(timedelta(seconds=19))
    here(nora, accepted)
    assert "Nora is writing." in here(signe, accepted)
    clock.shift(timedelta(seconds=1))
    here(nora, accepted)
    assert "Nora is looking at this." in here(signe, accepted)


def test_whoever_has_gone_is_forgotten_by_itself(accepted, signed_in, clock: time_machine.Traveller) -> None:
    nora, signe = signed_in("nurse", "en"), signed_in("second_nurse", "en")
    here(nora, accepted)
    clock.shift(presence.LASTS + timedelta(seconds=1))
    assert "Nora" not in here(signe, accepted)


def test_the_second_one_is_told_who_took_it_and_keeps_what_was_typed(
    alpha, accepted, signed_in, clock
) -> None:
    nora, signe = signed_in("nurse", "en"), signed_in("second_nurse", "en")
    act(signe, accepted, "take")
    clock.shift(timedelta(seconds=20))
    said = here(nora, accepted, stage="free")
    assert "Signe took this 20 seconds ago." in said
    assert "What you have typed is kept." in said
    assert "Signe took" not in here(signe, accepted, stage="mine")


def test_a_change_is_announced_once_and_politely(accepted, signed_in) -> None:
    nora, signe = signed_in("nurse", "en"), signed_in("second_nurse", "en")
    here(nora, accepted)
    first = here(signe, accepted, stage="free", known="")
    assert 'data-announce="Nora is looking at this."' in first
    again = here(signe, accepted, stage="free", known="Nora is looking at this.")
    assert "data-announce" not in again
    assert "Nora is looking at this." in again


def test_it_holds_no_content_logs_no_read_and_leaves_nothing_behind(accepted, signed_in) -> None:
    nora = signed_in("nurse", "en")
    entries = Entry.objects.count()
    assert SECRET not in here(nora, accepted)
    assert not ReadEntry.objects.exists()
    assert Entry.objects.count() == entries


def test_somebody_at_another_door_is_not_there_and_sees_nobody(alpha, accepted, signed_in) -> None:
    here(signed_in("nurse", "en"), accepted)
    assert act(signed_in("counsellor", "en"), accepted, "here").status_code == 404
    for who in ("lead", "admin"):
        assert act(signed_in(who, "en"), accepted, "here").status_code == 403
    assert presence.others(alpha.actor("nurse"), contact_row(accepted)) == []


def test_what_another_door_writes_into_the_cache_names_nobody_here(alpha, accepted) -> None:
    cache.set(presence._key(accepted.request_id, alpha.people["counsellor"]), 0.0, 30)
    assert presence.others(alpha.actor("nurse"), contact_row(accepted)) == []


def contact_row(accepted: contact.Accepted):
    from services.contact.models import ContactRequest

    return ContactRequest.objects.get(pk=accepted.request_id)


def test_what_is_written_while_the_page_is_open_is_said_once_to_the_one_who_has_it(
    alpha, accepted, signed_in
) -> None:
    nora = signed_in("nurse", "en")
    act(nora, accepted, "take")
    page = nora.get(f"/desk/{accepted.request_id}/").content.decode()
    turn = re.search(r'name="turn" value="([^"]+)"', page)[1]
    assert "Something new" not in here(nora, accepted, stage="mine", turn=turn)
    contact.student_writes(by=visitor(accepted), request_id=accepted.request_id, text="Er du der?")
    reads = ReadEntry.objects.count()
    first = act(nora, accepted, "here", stage="mine", turn=turn).content.decode()
    assert "Something new was written here." in first
    assert "Er du der" not in first
    assert ReadEntry.objects.count() == reads
    assert "data-announce" in first
    known = re.search(r'name="known" value="([^"]*)"', first)[1]
    assert (
        "data-announce"
        not in act(nora, accepted, "here", stage="mine", turn=turn, known=known).content.decode()
    )


def test_what_has_gone_to_somebody_else_is_said_on_the_open_page_and_tells_nothing(
    accepted, signed_in
) -> None:
    carl = signed_in("counsellor", "en")
    assert act(carl, accepted, "here").status_code == 404
    said = words(act(carl, accepted, "here", stage="mine"))
    assert "This is with somebody else now." in said
    assert accepted.case_number not in said


def test_that_time_goes_by_is_no_news(accepted, signed_in, clock: time_machine.Traveller) -> None:
    nora, signe = signed_in("nurse", "en"), signed_in("second_nurse", "en")
    act(signe, accepted, "take")
    known, announced = "", 0
    for _poll in range(4):
        clock.shift(timedelta(seconds=35))
        html = act(nora, accepted, "here", stage="free", known=known).content.decode()
        known = re.search(r'name="known" value="([^"]*)"', html)[1]
        announced += "data-announce" in html
    assert announced == 1
