"""A record due is somebody's to settle at every moment: after a handover, after a leaving, and with nobody there."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from kernel.actor import MACHINE
from kernel.audit.models import Entry
from kernel.errors import NotAllowed, NotFound
from kernel.outbox.models import Message
from services.contact import operations, queries
from services.contact.followers import retention_starts_at
from services.contact.models import ContactRequest, RecordDue
from services.contact.operations import Accepted, Settling
from tenants.setup import operations as setup
from tenants.setup.models import HelperRole, Post
from tests.cast import LONG_AGO, World
from tests.services.contact.people import SECRET, knock, reach_and_close, visitor
from tests.services.contact.test_handover import accept, offer
from tests.services.contact.test_left_behind import LEAVING, Leaving, is_deactivated
from tests.services.desk.conftest import alpha, clock, signed_in  # noqa: F401
from tests.services.desk.test_case import words

pytestmark = pytest.mark.django_db
JOURNAL = "Kanarijournalen"


def helped(world: World, who: str = "nurse") -> Accepted:
    accepted = knock(world)
    operations.reply(by=world.actor(who), request_id=accepted.request_id, text="Hei")
    operations.read_conversation(by=world.actor(who), request_id=accepted.request_id)
    reach_and_close(by=world.actor(who), request_id=accepted.request_id, outcome="helped")
    return accepted


def handed_on_and_closed(world: World) -> Accepted:
    """The nurse owes the journal; asked again, she hands it to the counsellor, who owes nothing, and closes."""
    accepted = helped(world)
    operations.student_writes(by=visitor(accepted), request_id=accepted.request_id, still_need_help=True)
    operations.take(by=world.actor("nurse"), request_id=accepted.request_id)
    operations.read_conversation(by=world.actor("nurse"), request_id=accepted.request_id)
    accept(world, offer(world, accepted))
    operations.reply(by=world.actor("counsellor"), request_id=accepted.request_id, text="Hei igjen")
    reach_and_close(by=world.actor("counsellor"), request_id=accepted.request_id, outcome="helped")
    return accepted


def settle(world: World, who: str, accepted: Accepted) -> RecordDue:
    said = Settling(JOURNAL)
    return operations.settle_record(by=world.actor(who), request_id=accepted.request_id, said=said)


def starts(accepted: Accepted) -> object:
    return retention_starts_at(ContactRequest.objects.get(pk=accepted.request_id))


def told(template: str) -> list[str]:
    rows = Message.objects.filter(template=template).select_related("account")
    return sorted(row.account.get_short_name() for row in rows)


# --- after a handover ----------------------------------------------------------------------------------------


def test_the_new_holder_owes_the_record_of_their_own_role(alpha: World) -> None:  # noqa: F811
    accepted = knock(alpha, role_id=alpha.counsellor_role)
    operations.reply(by=alpha.actor("counsellor"), request_id=accepted.request_id, text="Hei")
    operations.read_conversation(by=alpha.actor("counsellor"), request_id=accepted.request_id)
    accept(alpha, offer(alpha, accepted, to="nurse", by="counsellor"), "nurse")
    operations.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Hei")
    reach_and_close(by=alpha.actor("nurse"), request_id=accepted.request_id, outcome="helped")
    due = RecordDue.objects.get()
    assert (due.system, due.holder_id) == ("patient_journal", alpha.people["nurse"])
    assert (due.role_id, due.school_id) == (alpha.nurse_role, alpha.school)


def test_what_a_door_owes_stays_its_own_when_another_door_closes(alpha: World) -> None:  # noqa: F811
    accepted = handed_on_and_closed(alpha)
    assert starts(accepted) is None
    assert queries.unrecorded(alpha.actor("nurse")) == 1
    assert queries.unrecorded(alpha.actor("counsellor")) == 0
    with pytest.raises((NotAllowed, NotFound)):
        settle(alpha, "second_nurse", accepted)
    settle(alpha, "nurse", accepted)
    assert starts(accepted) is not None


def test_two_doors_that_owe_settle_each_their_own(alpha: World) -> None:  # noqa: F811
    HelperRole.objects.filter(pk=alpha.counsellor_role).update(profession="psychologist")
    accepted = handed_on_and_closed(alpha)
    holders = RecordDue.objects.filter(settled="").values_list("holder_id", flat=True)
    assert set(holders) == {alpha.people["nurse"], alpha.people["counsellor"]}
    settle(alpha, "counsellor", accepted)
    assert starts(accepted) is None
    settle(alpha, "nurse", accepted)
    assert starts(accepted) is not None


def test_who_gave_it_on_records_on_a_page_without_a_word_of_it(
    alpha: World,  # noqa: F811
    signed_in: Callable[[str, str], Client],  # noqa: F811
) -> None:
    accepted, nora = handed_on_and_closed(alpha), signed_in("nurse", "en")
    where = f"/desk/{accepted.request_id}/record/"
    assert where in words(nora.get("/desk/unrecorded/"))
    page = words(nora.get(where))
    assert "Take a copy for it" not in page
    assert "Somebody else had it" in page
    assert SECRET not in page
    refused = words(nora.post(where, {"act": "recorded"}), 422)
    assert "Write in which system it was recorded." in refused
    assert nora.post(where + "copy/").status_code in (403, 404)
    answer = nora.post(where, {"act": "recorded", "recorded_in": JOURNAL})
    assert answer["Location"] == "/desk/unrecorded/"
    assert nora.get(where).status_code == 200  # said again, it is corrected
    assert where not in words(nora.get("/desk/unrecorded/"))
    stranger = signed_in("second_nurse", "en")
    assert stranger.get(where).status_code in (403, 404)


# --- after a leaving -----------------------------------------------------------------------------------------


@LEAVING
def test_what_somebody_who_left_owes_stands_with_whoever_answers_there(
    alpha: World,  # noqa: F811
    leaves: Leaving,
) -> None:
    accepted = helped(alpha)
    assert queries.unrecorded(alpha.actor("second_nurse")) == 0
    leaves(alpha)
    signe = alpha.actor("second_nurse")
    assert queries.unrecorded(signe) == 1
    assert [one.pk for one in queries.on_shelf(signe, "unrecorded")] == [accepted.request_id]
    for who in ("counsellor", "lead", "admin"):
        assert queries.unrecorded(alpha.actor(who)) == 0
        with pytest.raises((NotAllowed, NotFound)):
            settle(alpha, who, accepted)
    assert starts(accepted) is None
    due = settle(alpha, "second_nurse", accepted)
    assert due.holder_id == due.settled_by_id == alpha.people["second_nurse"]
    assert starts(accepted) is not None
    said = Entry.objects.filter(verb="contact.settle_record").latest("at").details
    assert said["instead_of"] == str(alpha.people["nurse"])


def test_a_colleague_reads_it_by_the_walls_alone_and_makes_no_copy(
    alpha: World,  # noqa: F811
    signed_in: Callable[[str, str], Client],  # noqa: F811
) -> None:
    accepted = helped(alpha)
    is_deactivated(alpha)
    signe, where = signed_in("second_nurse", "en"), f"/desk/{accepted.request_id}/record/"
    assert f"row-{accepted.request_id}" in words(signe.get("/desk/unrecorded/"))
    page = words(signe.get(where))
    assert SECRET not in page
    assert "Take a copy for it" not in page
    assert signe.post(where + "copy/", {"as": "text"}).status_code in (302, 403)
    assert signe.post(where, {"act": "recorded", "recorded_in": JOURNAL}).status_code == 302


def test_whoever_stepped_aside_settles_nothing(alpha: World) -> None:  # noqa: F811
    accepted = knock(alpha)
    operations.recuse(by=alpha.actor("second_nurse"), request_id=accepted.request_id)
    operations.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Hei")
    reach_and_close(by=alpha.actor("nurse"), request_id=accepted.request_id, outcome="helped")
    is_deactivated(alpha)
    assert queries.unrecorded(alpha.actor("second_nurse")) == 0
    with pytest.raises(NotFound):
        settle(alpha, "second_nurse", accepted)


def test_colleagues_are_reminded_of_what_somebody_left(alpha: World, clock) -> None:  # noqa: F811
    helped(alpha)
    is_deactivated(alpha)
    clock.shift(timedelta(days=1))
    assert operations.remind_of_records(by=MACHINE) == 1
    assert told("contact/still_to_record") == ["Signe"]
    assert operations.remind_of_records(by=MACHINE) == 0


def test_what_a_colleague_left_is_not_for_whom_the_student_said_no_to(alpha: World, clock) -> None:  # noqa: F811
    accepted, nora, signe = knock(alpha), alpha.actor("nurse"), alpha.actor("second_nurse")
    operations.reply(by=nora, request_id=accepted.request_id, text="Hei")
    operations.read_conversation(by=nora, request_id=accepted.request_id)
    accept(alpha, offer(alpha, accepted, to="second_nurse"), "second_nurse")
    operations.refuse_handover(by=visitor(accepted), request_id=accepted.request_id)
    reach_and_close(by=nora, request_id=accepted.request_id, outcome="helped")
    is_deactivated(alpha)
    assert (queries.unrecorded(signe), queries.recorded_from_afar(signe)) == (0, [])
    with pytest.raises(NotFound):
        settle(alpha, "second_nurse", accepted)
    clock.shift(timedelta(days=1))
    assert operations.remind_of_records(by=MACHINE) == 1
    assert (told("contact/nobody_records"), told("contact/still_to_record")) == (["Lena"], [])


# --- nobody there --------------------------------------------------------------------------------------------


def test_nobody_there_the_lead_is_told_and_sees_how_many_and_where(
    alpha: World,  # noqa: F811
    clock,  # noqa: F811
    signed_in: Callable[[str, str], Client],  # noqa: F811
) -> None:
    accepted = helped(alpha)
    Post.objects.filter(role_id=alpha.nurse_role, school_id=alpha.school).update(ends_on="2026-09-14")
    clock.shift(timedelta(days=1))
    assert operations.remind_of_records(by=MACHINE) == 1
    assert told("contact/nobody_records") == ["Lena"]
    assert told("contact/still_to_record") == []
    assert accepted.case_number not in str(
        list(Message.objects.filter(template="contact/nobody_records").values())
    )
    assert operations.remind_of_records(by=MACHINE) == 0
    page = words(signed_in("lead", "en").get("/insights/"))
    assert "Nobody answers there any more" in page
    assert accepted.case_number not in page
    setup.give_post(
        account_id=alpha.people["counsellor"],
        role_id=alpha.nurse_role,
        school_id=alpha.school,
        starts_on=LONG_AGO,
        by=MACHINE,
    )
    assert "Nobody answers there any more" not in words(signed_in("lead", "en").get("/insights/"))
    assert queries.unrecorded(alpha.actor("counsellor")) == 1
    settle(alpha, "counsellor", accepted)
    assert starts(accepted) is not None
