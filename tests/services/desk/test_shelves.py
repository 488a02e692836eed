"""The shelves: order, groups, words, what a list never shows, and what it costs."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from kernel import clock as kernel_clock
from kernel.audit.models import ReadEntry
from services.contact import operations
from services.contact.models import ContactRequest
from services.desk import queries
from services.desk.words import headline
from services.promises.models import Promise
from services.promises.sweep import break_due
from tests.cast import World
from tests.services.contact.people import NUMBER, SECRET, knock, reach_and_close

LANGUAGES = ("nb", "nn", "sv", "da", "fi", "en")


def page(client: Client, address: str = "/desk/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def place(html: str, *words: str) -> list[int]:
    return [html.index(word) for word in words]


def test_what_breaks_first_stands_first_under_its_own_title(
    alpha: World, signed_in: Callable, clock: time_machine.Traveller
) -> None:
    old = knock(alpha)
    clock.shift(timedelta(hours=20))
    young = knock(alpha, channel_kind="phone", channel_value=NUMBER)
    clock.shift(timedelta(hours=5))
    today = knock(alpha)
    Promise.objects.filter(subject_id=today.request_id).update(due_at=kernel_clock.now() + timedelta(hours=1))
    html = page(signed_in("nurse", "en"))
    marks = (">Broken<", f"row-{old.request_id}", ">Today<", f"row-{today.request_id}",
             ">Tomorrow<", f"row-{young.request_id}")  # fmt: skip
    assert place(html, *marks) == sorted(place(html, *marks))
    assert "Three are waiting for an answer" in html


def test_broken_is_said_by_the_clock_before_the_sweep_has_been_here(
    alpha: World, signed_in: Callable, clock: time_machine.Traveller
) -> None:
    knock(alpha)
    clock.shift(timedelta(days=3))
    nora = signed_in("nurse", "en")
    assert Promise.objects.get().broken_at is None
    assert ">Broken</h2>" in page(nora)
    break_due()
    assert ">Broken</h2>" in page(nora, "/desk/mine/")  # she has taken it over


def test_a_list_shows_neither_name_nor_number_nor_a_word_and_opens_nothing(
    alpha: World, nora: Client
) -> None:
    knock(alpha, channel_kind="phone", channel_value=NUMBER, name="Mona Hansen", preferred_times="etter tolv")
    for address in ("/desk/", "/desk/mine/", "/desk/closed/"):
        html = page(nora, address)
        for secret in (SECRET, NUMBER, "Mona", "etter tolv"):
            assert secret not in html
    assert "with a name" in page(nora)
    assert not ReadEntry.objects.exists()


def test_the_title_is_the_municipality_alone(alpha: World, nora: Client) -> None:
    accepted = knock(alpha)
    for address in ("/desk/", f"/desk/{accepted.request_id}/", f"/desk/{accepted.request_id}/close/"):
        assert "<title>Alfa kommune</title>" in page(nora, address)


def test_nobody_waiting_is_a_quiet_page(nora: Client) -> None:
    assert "Nobody is waiting" in page(nora)


def test_taken_moves_to_mine_and_closed_to_closed(alpha: World, nora: Client) -> None:
    accepted, nurse = knock(alpha), alpha.actor("nurse")
    row = f"row-{accepted.request_id}"
    assert row in page(nora)
    operations.take(by=nurse, request_id=accepted.request_id)
    assert row not in page(nora)
    assert row in page(nora, "/desk/mine/")
    reach_and_close(by=nurse, request_id=accepted.request_id, outcome="helped")
    assert row not in page(nora, "/desk/mine/")
    assert "The student got help" in page(nora, "/desk/closed/")


def test_new_words_of_the_student_stand_with_their_clock_above_the_answered(
    alpha: World, nora: Client, clock: time_machine.Traveller
) -> None:
    from kernel.actor import student

    nurse, first, second = alpha.actor("nurse"), knock(alpha), knock(alpha)
    for accepted in (first, second):
        operations.reply(by=nurse, request_id=accepted.request_id, text="Hei")
        operations.read_conversation(by=nurse, request_id=accepted.request_id)
    for words in ("Takk", "En ting til"):
        operations.student_writes(by=student(first.request_id), request_id=first.request_id, text=words)
    html = page(nora, "/desk/mine/")
    marks = (">Tomorrow<", f"row-{first.request_id}", ">Answered<", f"row-{second.request_id}")
    assert place(html, *marks) == sorted(place(html, *marks))
    assert "2 new messages" in html
    assert "One student has written to you" in html
    assert "2, 1 new" in page(nora)


def test_new_words_stand_by_their_clock_with_all_that_waits(
    alpha: World, signed_in: Callable, clock: time_machine.Traveller
) -> None:
    from kernel.actor import student

    nurse, broken = alpha.actor("nurse"), knock(alpha)
    clock.shift(timedelta(days=3))
    written, running = knock(alpha), knock(alpha, channel_kind="phone", channel_value=NUMBER)
    operations.reply(by=nurse, request_id=written.request_id, text="Hei")
    operations.read_conversation(by=nurse, request_id=written.request_id)
    for accepted in (broken, running):
        operations.take(by=nurse, request_id=accepted.request_id)
    clock.shift(timedelta(hours=1))
    operations.student_writes(by=student(written.request_id), request_id=written.request_id, text="Takk")
    html = page(signed_in("nurse", "en"), "/desk/mine/")
    marks = (f"row-{broken.request_id}", f"row-{running.request_id}", f"row-{written.request_id}")
    assert place(html, *marks) == sorted(place(html, *marks))


def test_among_equals_the_oldest_stands_first(
    alpha: World, nora: Client, clock: time_machine.Traveller
) -> None:
    asked = []
    for _number in range(3):
        asked.append(knock(alpha))
        clock.shift(timedelta(minutes=1))
    Promise.objects.update(due_at=kernel_clock.now() + timedelta(hours=5))
    html = page(nora)
    marks = [f"row-{accepted.request_id}" for accepted in asked]
    assert place(html, *marks) == sorted(place(html, *marks))


def test_a_row_says_only_what_tells_it_apart(alpha: World, signed_in: Callable) -> None:
    from kernel.actor import MACHINE
    from tenants.setup import operations as setup

    def note(accepted: operations.Accepted) -> str:
        html = page(nora)
        row = html[html.index(f'id="row-{accepted.request_id}"') :]
        return re.search(r'<p class="row-note">(.*?)</p>', row).group(1)  # type: ignore[union-attr]

    nora, here, foreign = signed_in("nurse", "en"), knock(alpha), knock(alpha, language="en")
    number = ContactRequest.objects.get(pk=here.request_id).case_number
    assert note(here) == f'<span class="row-number">{number}</span>'
    assert note(foreign).endswith(" · English")
    setup.give_post(
        account_id=alpha.people["nurse"], role_id=alpha.counsellor_role, school_id=alpha.other_school,
        by=MACHINE,
    )  # fmt: skip
    assert note(here).count(" · ") == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_and_plurals_are_right_in_every_language(language: str) -> None:
    with translation.override(language):
        said = [headline("waiting", count) for count in (0, 1, 4, 12, 13)]
        mine = [headline("mine", count) for count in (0, 1, 2)]
    one = {"nb": "Én venter på svar", "nn": "Éin ventar på svar", "sv": "En väntar på svar",
           "da": "Én venter på svar", "fi": "Yksi odottaa vastausta",
           "en": "One is waiting for an answer"}  # fmt: skip
    four = {"nb": "Fire venter på svar", "nn": "Fire ventar på svar", "sv": "Fyra väntar på svar",
            "da": "Fire venter på svar", "fi": "Neljä odottaa vastausta",
            "en": "Four are waiting for an answer"}  # fmt: skip
    assert (said[1], said[2]) == (one[language], four[language])
    assert said[4].startswith("13 ")
    assert len({*said, *mine}) == 8
    assert all(text[0].isupper() or text[0].isdigit() for text in (*said, *mine))
    assert all("%" not in text for text in (*said, *mine))


def test_the_share_of_promises_kept_is_said_from_five_on_and_never_rounded_up(
    alpha: World, clock: time_machine.Traveller
) -> None:
    nurse = alpha.actor("nurse")
    asked = [knock(alpha) for _number in range(4)]
    for accepted in asked:
        operations.reply(by=nurse, request_id=accepted.request_id, text="Hei")
    assert queries.kept_share(nurse, kernel_clock.now()) is None
    knock(alpha), knock(alpha)
    clock.shift(timedelta(days=3))
    assert queries.kept_share(nurse, kernel_clock.now()) == 66
    assert queries.kept_share(alpha.actor("counsellor"), kernel_clock.now()) is None
    clock.shift(timedelta(days=40))
    assert queries.kept_share(nurse, kernel_clock.now()) is None


def test_filters_are_there_when_there_is_something_to_choose(alpha: World, signed_in: Callable) -> None:
    from kernel.actor import MACHINE
    from tenants.setup import operations as setup

    nora = signed_in("nurse", "en")
    here = knock(alpha)
    assert '<select class="ds-input" id="id_school"' not in page(nora)
    setup.give_post(
        account_id=alpha.people["nurse"], role_id=alpha.counsellor_role, school_id=alpha.other_school,
        by=MACHINE,
    )  # fmt: skip
    html = page(nora)
    assert 'id="id_school"' in html
    assert 'id="id_role"' in html
    assert str(here.request_id) not in page(nora, f"/desk/?school={alpha.other_school}")
    assert str(here.request_id) in page(nora, f"/desk/?school={alpha.school}&role={alpha.nurse_role}")
    assert page(nora, "/desk/?school=nonsense&page=nonsense")


def many(alpha: World, count: int, first: int = 0) -> None:
    """Requests by the thousand: copies of one knock with a promise each, without its words."""
    pattern = ContactRequest.objects.get(pk=knock(alpha).request_id)
    promise = Promise.objects.get(subject_id=pattern.pk)
    copies, promises = [], []
    for number in range(first, first + count):
        pk = uuid.uuid4()
        copies.append(
            ContactRequest(
                pk=pk, case_number=f"x{number}", school_id=pattern.school_id, role_id=pattern.role_id,
                case_key_id=pattern.case_key_id, channel_kind="conversation", language="nb",
                opened_at=pattern.opened_at, receipt_hash=pk.bytes * 2,
            )
        )  # fmt: skip
        promises.append(
            Promise(
                kind="first_contact", subject_kind="contact_request", subject_id=pk,
                school_id=pattern.school_id, role_id=pattern.role_id, opened_at=promise.opened_at,
                calendar_version_id=promise.calendar_version_id,
                due_at=promise.due_at + timedelta(seconds=number),
            )
        )  # fmt: skip
    ContactRequest.objects.bulk_create(copies)
    Promise.objects.bulk_create(promises)


def cost(seen: CaptureQueriesContext) -> int:
    """How many queries, but for what hangs on the time that has passed (test_figures.cost)."""
    versions = ("setup_setupversion", "directoryversion", "crypto_municipalitykey", 'UPDATE "django_session"')
    return sum(not any(table in query["sql"] for table in versions) for query in seen.captured_queries)


def test_five_thousand_cost_as_many_queries_as_fifty(alpha: World, nora: Client) -> None:
    many(alpha, 50)
    page(nora)
    with CaptureQueriesContext(connection) as few:
        page(nora)
    many(alpha, 4949, first=50)
    with CaptureQueriesContext(connection) as lots:
        html = page(nora)
    assert cost(lots) == cost(few)
    assert html.count('class="row"') == 50
    assert "Page 1 of 101" in html


# --- a list that refreshes itself -------------------------------------------------------------------------


def test_a_refresh_is_the_list_alone_and_announces_only_what_changed(alpha: World, nora: Client) -> None:
    knock(alpha)
    known = page(nora).split('name="known" value="')[1].split('"')[0]
    refresh = {"HX-Request": "true", "X-Unattended": "1"}
    same = nora.get(f"/desk/?known={known}", headers=refresh).content.decode()
    assert "<html" not in same
    assert "data-announce" not in same
    knock(alpha)
    more = nora.get(f"/desk/?known={known}", headers=refresh)
    assert 'data-announce="Two are waiting for an answer"' in more.content.decode()
    assert "HX-Request" in more["Vary"]


def test_a_page_that_refreshes_itself_does_not_keep_its_reader_signed_in(
    alpha: World, nora: Client, clock: time_machine.Traveller
) -> None:
    refresh = {"HX-Request": "true", "X-Unattended": "1"}
    page(nora)
    for _third in range(3):
        clock.shift(timedelta(minutes=9))
        assert nora.get("/desk/", headers=refresh).status_code == 200
    clock.shift(timedelta(minutes=9))
    over = nora.get("/desk/", headers=refresh)
    assert over.status_code == 204
    assert over["HX-Redirect"].startswith("/sign-in/")


def test_on_a_shared_screen_a_row_says_number_role_school_and_clock_and_nothing_else(
    alpha: World, nora: Client
) -> None:
    accepted = knock(alpha, channel_kind="phone", channel_value=NUMBER, name="Mona Hansen", language="en")
    assert "Wants a call" in page(nora)
    nora.cookies[settings.SHARED_SCREEN_COOKIE_NAME] = "1"
    for address in ("/desk/", f"/desk/{accepted.request_id}/"):
        html = page(nora, address)
        row = re.search(rf'<li class="row[^>]*id="row-{accepted.request_id}".*?</li>', html, re.S)[0]
        said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row))
        assert accepted.case_number in said
        assert "School nurse · Solhaug" in said
        for word in ("call", "with a name", "English", "Mona", NUMBER):
            assert word not in said, (address, word)
    operations.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    found = nora.post("/desk/search/", {"search": accepted.case_number}).content.decode()
    assert accepted.case_number in found
    assert "Wants a call" not in found
    assert "<title>Alfa" in page(nora, f"/desk/{accepted.request_id}/"), "a tab says the municipality alone"
