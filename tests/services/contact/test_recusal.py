"""Stepping aside: it is gone for the one who says so, free for the others, and nobody learns why or that."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from kernel.actor import MACHINE
from kernel.audit.models import ReadEntry
from kernel.errors import Conflict, NotAllowed, NotFound
from kernel.outbox.models import Message
from kernel.outbox.operations import send_all_due
from services.contact import handover_queries, operations, queries
from services.contact.models import Recusal
from services.contact.reads import reads_by_day
from services.desk import queries as desk
from services.desk.operations import search
from services.promises.queries import promises_of
from services.promises.sweep import break_due, remind_due
from tenants.setup import operations as setup
from tenants.setup.models import Post
from tenants.walls import operations as walls
from tests.cast import World
from tests.services.contact.people import SECRET, knock, read_and_close, visitor
from tests.services.contact.test_handover import accept, holder, offer, row, state, taken, told
from tests.services.desk.conftest import api, signed_in  # noqa: F401


def steps_aside(world: World, accepted: operations.Accepted, who: str = "nurse") -> Recusal:
    return operations.recuse(by=world.actor(who), request_id=accepted.request_id)


def test_it_is_free_again_and_not_there_for_the_one_who_stepped_aside(alpha: World) -> None:
    accepted = taken(alpha)
    steps_aside(alpha, accepted)
    nora, signe = alpha.actor("nurse"), alpha.actor("second_nurse")
    assert holder(accepted) is None
    assert [one.request.pk for one in queries.listed(signe, "waiting")] == [accepted.request_id]
    for shelf in ("waiting", "mine", "handed", "closed", "shared"):
        assert not queries.listed(nora, shelf)
    assert queries.taken_by_others(nora) == []
    counted = desk.counts(nora)
    assert (counted.waiting, counted.mine, counted.shared, counted.handed) == (0, 0, 0, 0)
    assert desk.earliest_due(nora) is None
    for words in (SECRET, accepted.case_number):
        assert not search(by=nora, words=words).ids
    for act in (operations.take, operations.release, operations.read_conversation, operations.read_chain):
        with pytest.raises(NotFound):
            act(by=nora, request_id=accepted.request_id)
    with pytest.raises(NotFound):
        operations.reply(by=nora, request_id=accepted.request_id, text="Hei")
    operations.take(by=signe, request_id=accepted.request_id)
    assert holder(accepted) == "Signe"


def test_an_answered_one_gets_a_clock_so_that_nobody_forgets_it(alpha: World) -> None:
    accepted = taken(alpha)
    assert not [one for one in promises_of(accepted.request_id) if one.answered_at is None]
    steps_aside(alpha, accepted)
    (waits,) = [one for one in promises_of(accepted.request_id) if one.answered_at is None]
    assert waits.role_id == alpha.nurse_role
    operations.reply(by=alpha.actor("second_nurse"), request_id=accepted.request_id, text="Hei, jeg er Signe")
    assert not [one for one in promises_of(accepted.request_id) if one.answered_at is None]


def test_mails_reminders_and_what_breaks_leave_them_out(alpha: World, clock: time_machine.Traveller) -> None:
    accepted = knock(alpha)
    operations.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    Message.objects.all().delete()
    steps_aside(alpha, accepted)
    assert told("contact/knock") == ["Signe"]
    operations.student_writes(by=visitor(accepted), request_id=accepted.request_id, text="Er du der?")
    assert told("contact/message") == ["Signe"]
    promise = promises_of(accepted.request_id)[0]
    assert promise.remind_at is not None
    clock.move_to(promise.remind_at)
    remind_due()
    assert told("promises/reminder") == ["Signe"]
    clock.move_to(promise.due_at + timedelta(minutes=1))
    break_due()
    assert holder(accepted) == "Signe"
    assert "Nora" not in {
        message.account.get_short_name() for message in Message.objects.all() if message.account
    }


def test_nobody_else_is_there_and_those_in_charge_are_told(alpha: World) -> None:
    Post.objects.filter(account_id=alpha.people["second_nurse"]).update(ends_on="2026-09-14")
    accepted = taken(alpha)
    steps_aside(alpha, accepted)
    assert told("contact/nobody_there") == ["Lena"]
    send_all_due()
    (letter,) = [
        one.body for one in mail.outbox if "nobody is there" in one.body or "ingen er der" in one.body
    ]
    assert f"Helsesykepleier, {row(accepted).school.name}." in letter
    assert "/insights/" in letter
    assert any(one.answered_at is None for one in promises_of(accepted.request_id)), "a clock the lead sees"


def test_the_page_says_before_that_nobody_else_answers_and_the_lead_sees_it_as_nobodys(
    alpha: World,
    signed_in: Callable[..., Client],  # noqa: F811
) -> None:
    accepted, warns = taken(alpha), "Nobody else answers here"
    nora = signed_in("nurse", "en")
    assert warns not in nora.get(f"/desk/{accepted.request_id}/").content.decode(), "Signe does"
    Post.objects.filter(account_id=alpha.people["second_nurse"]).update(ends_on="2026-09-14")
    assert warns in nora.get(f"/desk/{accepted.request_id}/").content.decode()
    lead, left = signed_in("lead", "en"), "everybody who could answer has stepped aside"
    assert left not in lead.get("/insights/").content.decode()
    assert nora.post(f"/desk/{accepted.request_id}/step-aside/").status_code == 302
    page = lead.get("/insights/").content.decode()
    assert left in page
    assert "Nora Alfa" not in page, "she cannot answer it"
    operations.undo_recusal(by=alpha.actor("nurse"), request_id=accepted.request_id)
    assert left not in lead.get("/insights/").content.decode()


def test_a_substitute_gets_it_where_nobody_else_is_there(alpha: World) -> None:
    from tenants.presence import operations as presence

    Post.objects.filter(account_id=alpha.people["second_nurse"]).update(ends_on="2026-09-14")
    own = Post.objects.get(account_id=alpha.people["nurse"])
    presence.name_substitutes(post_id=own.pk, account_ids=[alpha.people["other_nurse"]], by=MACHINE)
    accepted = taken(alpha)
    steps_aside(alpha, accepted)
    assert holder(accepted) == "Olga"
    assert told("contact/handed") == ["Olga"]


def test_it_is_undone_for_ten_seconds(alpha: World, clock: time_machine.Traveller) -> None:
    accepted, nora = taken(alpha), alpha.actor("nurse")
    steps_aside(alpha, accepted)
    assert steps_aside(alpha, accepted).pk == Recusal.objects.get().pk, "pressed twice: once"
    clock.shift(timedelta(seconds=10))
    assert operations.undo_recusal(by=nora, request_id=accepted.request_id)
    assert holder(accepted) == "Nora"
    assert not [one for one in promises_of(accepted.request_id) if not (one.answered_at or one.ended_at)]
    steps_aside(alpha, accepted)
    clock.shift(timedelta(seconds=10, milliseconds=1))
    with pytest.raises(Conflict):
        operations.undo_recusal(by=nora, request_id=accepted.request_id)
    for who in ("second_nurse", "counsellor", "admin"):
        with pytest.raises(NotFound):
            operations.undo_recusal(by=alpha.actor(who), request_id=accepted.request_id)


def test_undone_too_late_to_have_it_but_not_to_see_it(alpha: World) -> None:
    accepted = taken(alpha)
    steps_aside(alpha, accepted)
    operations.take(by=alpha.actor("second_nurse"), request_id=accepted.request_id)
    assert not operations.undo_recusal(by=alpha.actor("nurse"), request_id=accepted.request_id)
    assert holder(accepted) == "Signe"
    assert queries.visible_to(alpha.actor("nurse")).filter(pk=accepted.request_id).exists()


def test_what_is_free_or_a_colleagues_can_be_stepped_aside_from_too(alpha: World) -> None:
    accepted = taken(alpha)
    steps_aside(alpha, accepted, "second_nurse")
    assert holder(accepted) == "Nora"
    with pytest.raises(Conflict):
        operations.hand_on(by=MACHINE, item_id=accepted.request_id, to=alpha.people["second_nurse"])


def test_whoever_is_asked_steps_aside_and_it_is_back_like_a_no(alpha: World) -> None:
    accepted = taken(alpha)
    handover = offer(alpha, accepted)
    steps_aside(alpha, accepted, "counsellor")
    assert (state(handover), holder(accepted)) == ("declined", "Nora")
    found = handover_queries.choices(alpha.actor("nurse"), row(accepted))
    assert "Carl Alfa" not in [one.name for one in found.people]
    with pytest.raises(NotFound):
        operations.accept_handover(by=alpha.actor("counsellor"), handover_id=handover.pk)


def test_the_offer_stands_when_the_one_who_made_it_steps_aside(alpha: World) -> None:
    accepted = taken(alpha)
    handover = offer(alpha, accepted)
    steps_aside(alpha, accepted)
    assert (state(handover), holder(accepted)) == ("offered", None)
    with pytest.raises(NotFound):
        operations.withdraw_handover(by=alpha.actor("nurse"), handover_id=handover.pk)
    assert not handover_queries.offered_by(alpha.actor("nurse"))
    accept(alpha, handover)
    operations.refuse_handover(by=visitor(accepted), request_id=accepted.request_id)
    assert holder(accepted) is None, "back at the door, not with the one who stepped aside"
    assert told("contact/handover_back") == ["Signe"]


def test_no_grant_lets_them_in_again(alpha: World) -> None:
    accepted = taken(alpha)
    steps_aside(alpha, accepted, "second_nurse")
    walls.give_grant(
        by=alpha.actor("nurse"), case_key_id=row(accepted).case_key_id, account_id=alpha.people["second_nurse"],
        basis="agreement", reason="Eleven sa ja", last_day=row(accepted).opened_at.date(),
    )  # fmt: skip
    with pytest.raises(NotFound):
        operations.read_conversation(by=alpha.actor("second_nurse"), request_id=accepted.request_id)


def test_the_student_sees_nothing_of_it(alpha: World) -> None:
    accepted = taken(alpha)
    before = reads_by_day(row(accepted))
    steps_aside(alpha, accepted)
    opened = operations.read_conversation(by=visitor(accepted), request_id=accepted.request_id)
    assert [line.text for line in opened.lines] == [SECRET, "Hei, jeg er her"]
    assert reads_by_day(row(accepted)) == before


def test_only_who_could_have_it_steps_aside(alpha: World) -> None:
    accepted = taken(alpha)
    for who in ("counsellor", "lead", "admin", "outsider"):
        with pytest.raises(NotFound):
            steps_aside(alpha, accepted, who)
    with pytest.raises(NotAllowed):
        operations.recuse(by=visitor(accepted), request_id=accepted.request_id)


def test_who_leaves_having_stepped_aside_leaves_nothing_behind(alpha: World) -> None:
    accepted = taken(alpha)
    steps_aside(alpha, accepted)
    setup.close_person(account_id=alpha.people["nurse"], by=MACHINE)
    assert queries.listed(alpha.actor("second_nurse"), "waiting")


# --- and after it is closed ---------------------------------------------------------------------------------------

AFTERWARDS = "Etterpå, Kanarifuglen"


def is_parted(world: World, how: str) -> tuple[operations.Accepted, str]:
    """Somebody has nothing to do with it any more; then others wrote on, and closed it."""
    accepted = taken(world)
    if how == "stepped aside":
        steps_aside(world, accepted)
        gone, has_it = "nurse", "second_nurse"
    else:
        accept(world, offer(world, accepted, to="second_nurse"), "second_nurse")
        operations.reply(by=world.actor("second_nurse"), request_id=accepted.request_id, text="Signe her")
        operations.refuse_handover(by=visitor(accepted), request_id=accepted.request_id)
        gone, has_it = "second_nurse", "nurse"
    by = world.actor(has_it)
    operations.reply(by=by, request_id=accepted.request_id, text=AFTERWARDS)
    read_and_close(by=by, request_id=accepted.request_id, outcome="helped")
    return accepted, gone


@pytest.mark.parametrize("how", ["stepped aside", "said no to"])
@pytest.mark.parametrize("then", ["closed", "the other stepped aside too", "the other left", "thanked"])
def test_after_it_is_closed_whoever_is_parted_from_it_reads_none_of_it(
    alpha: World,
    signed_in: Callable[..., Client],  # noqa: F811
    api: Callable,  # noqa: F811
    how: str,
    then: str,
) -> None:
    accepted, who = is_parted(alpha, how)
    other = "nurse" if who == "second_nurse" else "second_nurse"
    if then == "the other stepped aside too":
        for due in row(accepted).records_due.filter(settled=""):
            said = operations.Settling(because="Ingen journal")
            operations.settle_record(by=alpha.actor(other), request_id=due.request_id, said=said)
        steps_aside(alpha, accepted, other)
    elif then == "the other left":
        Post.objects.filter(account_id=alpha.people[other]).update(ends_on="2026-09-14")
    elif then == "thanked":
        operations.student_writes(by=visitor(accepted), request_id=accepted.request_id, text=AFTERWARDS)
    by, at, call = alpha.actor(who), f"/desk/{accepted.request_id}/", api(who)
    shelves = ("waiting", "mine", "handed", "closed", "shared", "unrecorded", "danger", "flood")
    assert [len(queries.on_shelf(by, shelf)) for shelf in shelves] == [0] * len(shelves)
    counted = desk.counts(by)
    assert (counted.waiting, counted.mine, counted.shared, counted.handed) == (0, 0, 0, 0)
    assert not search(by=by, words=AFTERWARDS).ids
    assert not search(by=by, words=accepted.case_number).ids
    for act in (operations.read_conversation, operations.read_chain, operations.copy_for_record):
        with pytest.raises(NotFound):
            act(by=by, request_id=accepted.request_id)
    browser = signed_in(who, "en")
    assert [browser.get(f"{at}{page}").status_code for page in ("", "close/", "record/", "hand-over/")] == [
        404
    ] * 4
    listed = [
        browser.get(f"/desk/{shelf}").content.decode() for shelf in ("", "closed/", "mine/", "unrecorded/")
    ]
    assert not [page for page in listed if accepted.case_number in page or AFTERWARDS in page]
    one = f"requests/{accepted.request_id}"
    for path in (one, f"{one}/notes", f"{one}/handovers", f"{one}/meeting", f"{one}/files/1"):
        assert call("get", path).status_code == 404, path
    for shelf in ("waiting", "mine", "closed", "unrecorded"):
        assert call("get", f"requests?state={shelf}").json()["results"] == []
    assert call("post", "search", {"search": accepted.case_number}).json()["results"] == []
    assert not ReadEntry.objects.filter(actor_id=by.id, at__gt=row(accepted).closed_at).exists()
