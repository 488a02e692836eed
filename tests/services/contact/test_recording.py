"""The record that the law wants elsewhere: owed at closing, settled by the one who owes it; retention waits for it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from kernel.actor import MACHINE
from kernel.audit.models import Entry, ReadEntry
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.outbox.models import Message
from services.contact import operations as contact
from services.contact.followers import retention_starts_at
from services.contact.models import ContactRequest, RecordDue
from services.contact.operations import Settling
from services.promises.models import Promise
from tenants.presence import operations as presence
from tenants.setup.models import Lead
from tests.cast import World
from tests.services.contact.people import NUMBER, SECRET, knock, reach_and_close, visitor
from tests.services.desk.conftest import alpha, api, clock, nora, signed_in  # noqa: F401
from tests.services.desk.test_case import act, words

pytestmark = pytest.mark.django_db
JOURNAL = "Kanarijournalen"


def closed(world: World, who: str = "nurse", said: Settling | None = None, **knocked) -> contact.Accepted:
    accepted = knock(world, **knocked)
    contact.take(by=world.actor(who), request_id=accepted.request_id)
    reach_and_close(by=world.actor(who), request_id=accepted.request_id, outcome="helped", said=said)
    return accepted


def starts(accepted: contact.Accepted):
    return retention_starts_at(ContactRequest.objects.get(pk=accepted.request_id))


def test_a_nurse_owes_the_journal_and_a_counsellor_owes_nothing(alpha: World) -> None:  # noqa: F811
    accepted = closed(alpha)
    due = RecordDue.objects.get()
    assert (due.system, due.employer, due.holder_id) == (
        "patient_journal", "municipality", alpha.people["nurse"],
    )  # fmt: skip
    other = closed(alpha, "counsellor", role_id=alpha.counsellor_role)
    assert RecordDue.objects.count() == 1
    assert starts(accepted) is None
    assert starts(other) == ContactRequest.objects.get(pk=other.request_id).closed_at


def test_retention_starts_when_it_is_recorded_or_said_not_to_be_due(alpha: World, clock) -> None:  # noqa: F811
    one, two = closed(alpha), closed(alpha)
    clock.shift(timedelta(days=3))
    by = alpha.actor("nurse")
    contact.settle_record(by=by, request_id=one.request_id, said=Settling(JOURNAL, date(2026, 9, 16)))
    contact.settle_record(by=by, request_id=two.request_id, said=Settling(because="Bare en hilsen"))
    for accepted in (one, two):
        assert starts(accepted) == RecordDue.objects.get(request_id=accepted.request_id).settled_at
    assert {due.settled for due in RecordDue.objects.all()} == {"recorded", "not_due"}


def test_open_again_nothing_runs_and_the_next_closing_owes_one_more(alpha: World, clock) -> None:  # noqa: F811
    accepted = closed(alpha, said=Settling(JOURNAL))
    clock.shift(timedelta(minutes=5))
    contact.student_writes(
        by=visitor(accepted), request_id=accepted.request_id, text="Mer", still_need_help=True
    )
    assert starts(accepted) is None
    contact.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    reach_and_close(by=alpha.actor("nurse"), request_id=accepted.request_id, outcome="helped")
    assert [due.settled for due in RecordDue.objects.order_by("since")] == ["recorded", ""]
    assert starts(accepted) is None


def test_what_a_student_withdraws_after_help_is_owed_and_before_it_is_not(alpha: World) -> None:  # noqa: F811
    helped, unseen = knock(alpha), knock(alpha)
    contact.reply(by=alpha.actor("nurse"), request_id=helped.request_id, text="Hei")
    contact.take(by=alpha.actor("nurse"), request_id=unseen.request_id)
    for accepted in (helped, unseen):
        contact.withdraw(by=visitor(accepted), request_id=accepted.request_id)
    assert [due.request_id for due in RecordDue.objects.all()] == [helped.request_id]
    assert starts(unseen) is not None


def test_what_is_owed_goes_to_whoever_closes_after_the_student_asked_again(alpha: World) -> None:  # noqa: F811
    accepted = closed(alpha)
    contact.student_writes(by=visitor(accepted), request_id=accepted.request_id, still_need_help=True)
    signe = alpha.actor("second_nurse")
    contact.take(by=signe, request_id=accepted.request_id)
    reach_and_close(by=signe, request_id=accepted.request_id, outcome="helped")
    assert RecordDue.objects.get().holder_id == alpha.people["second_nurse"]
    contact.settle_record(by=signe, request_id=accepted.request_id, said=Settling(JOURNAL))
    assert starts(accepted) is not None


def test_what_was_recorded_stays_when_the_closing_is_undone(alpha: World, clock) -> None:  # noqa: F811
    accepted, by = closed(alpha), alpha.actor("nurse")
    clock.shift(timedelta(seconds=20))
    contact.settle_record(by=by, request_id=accepted.request_id, said=Settling(JOURNAL))
    contact.undo_close(by=by, request_id=accepted.request_id)
    assert RecordDue.objects.get().settled == "recorded"
    assert starts(accepted) is None
    reach_and_close(by=by, request_id=accepted.request_id, outcome="helped")
    assert RecordDue.objects.filter(settled="").count() == 1


def test_nobody_steps_aside_from_a_record_they_owe(alpha: World) -> None:  # noqa: F811
    accepted, by = closed(alpha), alpha.actor("nurse")
    with pytest.raises(Conflict):
        contact.recuse(by=by, request_id=accepted.request_id)
    contact.settle_record(by=by, request_id=accepted.request_id, said=Settling(because="Bare en hilsen"))
    contact.recuse(by=by, request_id=accepted.request_id)


def test_only_the_one_who_has_it_copies_and_settles(alpha: World) -> None:  # noqa: F811
    accepted = closed(alpha)
    for who in ("second_nurse", "counsellor", "lead", "admin"):
        for ask in (
            lambda by: contact.copy_for_record(by=by, request_id=accepted.request_id),
            lambda by: contact.settle_record(by=by, request_id=accepted.request_id, said=Settling("X")),
        ):
            with pytest.raises((NotAllowed, NotFound)):
                ask(alpha.actor(who))
    for not_a_helper in (visitor(accepted), MACHINE):
        with pytest.raises((NotAllowed, NotFound)):
            contact.copy_for_record(by=not_a_helper, request_id=accepted.request_id)
    assert not ReadEntry.objects.exclude(actor_id=alpha.people["nurse"]).exists()


def test_a_copy_is_a_read_that_the_student_sees_with_its_reason(alpha: World, at, nora: Client) -> None:  # noqa: F811
    accepted = closed(alpha, name="Mona", channel_kind="phone", channel_value=NUMBER)
    page = words(act(nora, accepted, "record/copy"))
    text = act(nora, accepted, "record/copy", **{"as": "text"})
    document = act(nora, accepted, "record/copy", **{"as": "json"})
    for shown in (page, text.content.decode(), str(document.json())):
        assert all(word in shown for word in (SECRET, NUMBER, "Mona", accepted.case_number))
    assert "attachment" in text["Content-Disposition"]
    assert text["Cache-Control"] == document["Cache-Control"] == "no-store"
    assert accepted.case_number not in text["Content-Disposition"]
    assert [read.why for read in ReadEntry.objects.order_by("at", "pk")].count("for the record") == 3
    browser = at(alpha.alpha, headers={"accept-language": "en"})
    seen = browser.post("/receipt/", {"receipt": accepted.receipt}, follow=True).content.decode()
    assert "to write it in the record that the law wants" in seen
    assert SECRET not in str(list(Entry.objects.values()))


def test_the_page_of_closing_says_what_the_law_wants_and_where(alpha: World, nora, signed_in) -> None:  # noqa: F811
    accepted, other = knock(alpha), knock(alpha, role_id=alpha.counsellor_role)
    act(nora, accepted, "take")
    act(nora, accepted, "read")
    shown = words(nora.get(f"/desk/{accepted.request_id}/close/"))
    assert "The law wants a record in the patient journal." in shown
    assert "helsepersonelloven § 39 og § 40" in shown
    said = signed_in("counsellor", "en").get(f"/desk/{other.request_id}/close/").content.decode()
    assert "The law wants" not in said
    answer = act(nora, accepted, "close", outcome="not_reached")
    assert answer["Location"] == f"/desk/{accepted.request_id}/record/"


def test_it_stands_on_a_shelf_until_it_is_settled_and_the_words_are_sealed(alpha: World, nora) -> None:  # noqa: F811
    accepted = closed(alpha)
    shelf = words(nora.get("/desk/unrecorded/"))
    assert f"row-{accepted.request_id}" in shelf
    assert "To record" in words(nora.get("/desk/"))
    refused = words(nora.post(f"/desk/{accepted.request_id}/record/", {"act": "recorded"}), 422)
    assert "Write in which system it was recorded." in refused
    refused = words(nora.post(f"/desk/{accepted.request_id}/record/", {"act": "not_due"}), 422)
    assert "Write why no record is due." in refused
    future = {"act": "recorded", "recorded_in": JOURNAL, "recorded_on": "2026-09-16"}
    refused = words(nora.post(f"/desk/{accepted.request_id}/record/", future), 422)
    assert f'value="{JOURNAL}"' in refused
    answer = nora.post(f"/desk/{accepted.request_id}/record/", future | {"recorded_on": "2026-09-15"})
    assert answer.status_code == 302
    assert f"row-{accepted.request_id}" not in words(nora.get("/desk/unrecorded/"))
    assert JOURNAL not in words(nora.get(f"/desk/{accepted.request_id}/"))
    assert f"Recorded in {JOURNAL}" in words(act(nora, accepted, "read"))
    assert JOURNAL.encode() not in bytes(RecordDue.objects.values_list("detail", flat=True).get())


def test_the_holder_is_reminded_after_a_day_then_weekly_and_not_while_away(alpha: World, clock) -> None:  # noqa: F811
    closed(alpha), closed(alpha)
    Message.objects.all().delete()

    def told() -> int:
        contact.remind_of_records(by=MACHINE)
        return Message.objects.filter(template="contact/still_to_record").count()

    assert told() == 0
    clock.shift(timedelta(days=1))
    assert told() == 1
    assert told() == 1
    clock.shift(timedelta(days=6, hours=23))
    assert told() == 1
    clock.shift(timedelta(hours=12))  # night
    assert told() == 1
    presence.begin_absence(
        account_id=alpha.people["nurse"], first_day=date(2026, 9, 23), last_day=date(2026, 9, 24), by=MACHINE
    )
    clock.shift(timedelta(hours=14))
    assert told() == 1
    clock.shift(timedelta(days=2))  # a Saturday
    assert told() == 1
    clock.shift(timedelta(days=2))
    assert told() == 2
    assert SECRET not in str(list(Message.objects.values()))


def test_leads_see_how_many_and_nothing_else(alpha: World, signed_in) -> None:  # noqa: F811
    accepted = closed(alpha)
    shown = signed_in("lead", "en").get("/insights/").content.decode()
    assert "Closed, and still to be recorded elsewhere" in shown
    assert accepted.case_number not in shown
    Lead.objects.update(school_id=alpha.other_school)
    assert "still to be recorded elsewhere" not in signed_in("lead", "en").get("/insights/").content.decode()


def test_the_api_closes_with_and_without_saying_where_it_was_recorded(alpha: World, api) -> None:  # noqa: F811
    call, one, two = api("nurse"), knock(alpha), knock(alpha)
    for accepted in (one, two):
        contact.read_conversation(by=alpha.actor("nurse"), request_id=accepted.request_id)
    plain = call("post", f"requests/{one.request_id}/close", {"outcome": "not_reached"})
    assert plain.status_code == 200
    assert plain.json()["record"] == {
        "system": "patient_journal", "law": "helsepersonelloven § 39 og § 40", "settled": None, "recorded_on": None,
    }  # fmt: skip
    said = {"outcome": "withdrawn", "recorded_in": JOURNAL, "recorded_on": "2026-09-15"}
    whole = call("post", f"requests/{two.request_id}/close", said)
    assert (whole.json()["record"]["settled"], whole.json()["record"]["recorded_on"]) == (
        "recorded", "2026-09-15",
    )  # fmt: skip
    assert [one["id"] for one in call("get", "requests?state=unrecorded").json()["results"]] == [
        str(one.request_id)
    ]
    wrong = call("post", f"requests/{one.request_id}/record", {"recorded_in": "a", "no_record_because": "b"})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "no_record_because"
    later = call("post", f"requests/{one.request_id}/record", {"no_record_because": "Bare en hilsen"})
    assert later.json()["record"]["settled"] == "not_due"
    third = knock(alpha)
    call("post", f"requests/{third.request_id}/take")
    assert call("post", f"requests/{third.request_id}/record", {"recorded_in": "a"}).status_code == 409


def test_by_program_too_what_is_at_another_door_by_now_is_recorded_and_nothing_of_it_is_shown(
    alpha: World,  # noqa: F811
    api: Callable[..., Callable[..., Any]],  # noqa: F811
) -> None:
    from tests.services.contact.test_records_left import handed_on_and_closed

    one = handed_on_and_closed(alpha)
    call, where = api("nurse"), f"requests/{one.request_id}/record"
    assert call("get", f"requests/{one.request_id}").status_code == 404
    wrong = call("post", where, {})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "recorded_in")
    said = call("post", where, {"recorded_in": "Journalen"})
    assert (said.status_code, said.content) == (204, b"")
    due = RecordDue.objects.get()
    assert (due.settled, due.settled_by_id) == ("recorded", alpha.people["nurse"])
    assert api("other_nurse")("post", where, {"recorded_in": "Journalen"}).status_code == 404


def test_the_table_keeps_one_due_at_a_time_and_settled_whole(alpha: World) -> None:  # noqa: F811
    closed(alpha)
    due = RecordDue.objects.get()
    for change in ({"settled": "recorded"}, {"recorded_on": date(2026, 9, 15)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RecordDue.objects.update(**change)
    again = RecordDue(
        request_id=due.request_id,
        holder_id=due.holder_id,
        role_id=due.role_id,
        school_id=due.school_id,
        system="case_file",
        employer="county",
        since=due.since,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save(force_insert=True)


# --- closing by a slip --------------------------------------------------------------------------------------


def test_closing_is_undone_as_if_it_had_not_been(alpha: World, clock, nora: Client) -> None:  # noqa: F811
    accepted = knock(alpha, channel_kind="phone", channel_value=NUMBER)
    clock.shift(timedelta(minutes=5))
    contact.record_contact(
        by=alpha.actor("nurse"), request_id=accepted.request_id, kind="phone", outcome="attempted"
    )
    contact.read_conversation(by=alpha.actor("nurse"), request_id=accepted.request_id)
    before = list(Promise.objects.order_by("pk").values())
    row = ContactRequest.objects.filter(pk=accepted.request_id)
    was = row.values().get()
    shown = nora.post(f"/desk/{accepted.request_id}/close/", {"outcome": "not_reached"}, follow=True)
    assert f'action="/desk/{accepted.request_id}/undo-close/"' in shown.content.decode()
    assert list(Promise.objects.order_by("pk").values()) != before
    clock.shift(timedelta(minutes=1))
    answer = act(nora, accepted, "undo-close")
    assert answer.status_code == 302
    assert row.values().get() == was
    assert list(Promise.objects.order_by("pk").values()) == before
    assert not RecordDue.objects.exists()


def test_closing_is_not_undone_too_late_nor_by_another(
    alpha: World,  # noqa: F811
    clock: time_machine.Traveller,  # noqa: F811
) -> None:
    accepted = closed(alpha)
    with pytest.raises(Conflict):
        contact.undo_close(by=alpha.actor("second_nurse"), request_id=accepted.request_id)
    clock.shift(timedelta(minutes=1, seconds=1))
    with pytest.raises(Conflict):
        contact.undo_close(by=alpha.actor("nurse"), request_id=accepted.request_id)
    with pytest.raises(Invalid):
        contact.settle_record(by=alpha.actor("nurse"), request_id=accepted.request_id, said=Settling())
