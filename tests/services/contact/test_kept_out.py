"""Who must not get it never learns that it exists: in no list, count, message, handover, page or answer of the API."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from kernel import clock as kernel_clock
from kernel.actor import MACHINE, Actor
from kernel.errors import Conflict, Invalid, NotFound
from kernel.outbox.models import Message
from kernel.outbox.operations import _open
from services.contact import handover_queries, operations, queries
from services.contact.held import unclaimed_at_doors_of
from services.contact.models import ContactRequest
from services.contact.operations import Accepted
from services.contact.whom import outside_doors
from services.contact.wishes import hidden_from
from services.desk.queries import counts
from services.insights import queries as insights
from services.insights.queries import Listed
from services.promises.models import STANDING, Promise
from services.promises.operations import explain
from services.promises.sweep import break_due
from tenants.presence import operations as presence
from tenants.setup import operations as setup
from tenants.setup.actors import today
from tenants.setup.models import Lead, Post
from tenants.setup.queries import portal
from tests.cast import World
from tests.services.contact.people import SECRET, knock, read_and_close, visitor
from tests.services.contact.test_pages import asks, hidden

SIGNE = "second_nurse"


def broken(actor: Actor, now: datetime) -> Listed:
    """What a lead reads of what is broken and still waits."""
    return insights.broken(actor, now, insights.left_alone(actor, now))


def without_signe(world: World, **said: Any) -> Accepted:
    return knock(world, not_them=[world.people[SIGNE]], **said)


def told(world: World) -> set[str]:
    by_id = {pk: name for name, pk in world.people.items()}
    return {by_id[pk] for pk in Message.objects.values_list("account_id", flat=True)}


# --- lists, counts, acts --------------------------------------------------------------------------------------


def test_it_is_in_no_list_and_no_count_of_theirs(alpha: World) -> None:
    accepted, signe = without_signe(alpha), alpha.actor(SIGNE)
    assert not queries.visible_to(signe).exists()
    assert queries.one(signe, accepted.request_id) is None
    assert counts(signe).waiting == 0
    assert counts(alpha.actor("nurse")).waiting == 1
    for shelf in ("waiting", "mine", "handed", "closed", "shared", "danger", "flood"):
        assert queries.listed(signe, shelf) == []
    operations.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    assert queries.taken_by_others(signe) == []


@pytest.mark.parametrize(
    "act", [operations.take, operations.read_conversation, operations.recuse, operations.undo_recusal]
)
def test_no_act_of_theirs_finds_it(alpha: World, act: Any) -> None:
    accepted = without_signe(alpha)
    with pytest.raises(NotFound):
        act(by=alpha.actor(SIGNE), request_id=accepted.request_id)


def test_neither_a_grant_nor_an_opening_by_two_persons_lets_them_in(alpha: World) -> None:
    from tenants.walls.facts import reader_of
    from tenants.walls.policy import decide

    accepted = without_signe(alpha)
    request = ContactRequest.objects.get(pk=accepted.request_id)
    reader = reader_of(alpha.actor(SIGNE))
    assert request.case_key_id in reader.recused
    from tenants.walls.facts import thing_of

    thing = thing_of(queries.case_of(request, None), alpha.actor(SIGNE))
    assert decide(reader, thing, "detail").why == "recused"


# --- messages ---------------------------------------------------------------------------------------------------


def test_no_message_reaches_them_and_none_counts_it_for_them(alpha: World) -> None:
    without_signe(alpha)
    assert told(alpha) == {"nurse"}
    Message.objects.all().delete()
    knock(alpha)
    waiting = {row.account_id: _open(row).context["waiting"] for row in Message.objects.all()}
    assert waiting == {alpha.people["nurse"]: 2, alpha.people[SIGNE]: 1}


def test_a_promise_that_breaks_never_becomes_theirs(alpha: World, clock: time_machine.Traveller) -> None:
    accepted = without_signe(alpha)
    operations.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    Message.objects.all().delete()
    due = max(one.due_at for one in Promise.objects.filter(STANDING, subject_id=accepted.request_id))
    clock.move_to(due + timedelta(minutes=2))
    break_due()
    assert ContactRequest.objects.get().taken_by_id != alpha.people[SIGNE]
    assert SIGNE not in told(alpha)


def test_a_lead_who_is_kept_out_hears_nothing_of_it_either(
    alpha: World, clock: time_machine.Traveller
) -> None:
    setup.appoint_lead(account_id=alpha.people[SIGNE], school_id=alpha.school, by=MACHINE)
    accepted = without_signe(alpha)
    Message.objects.all().delete()
    due = max(one.due_at for one in Promise.objects.filter(STANDING, subject_id=accepted.request_id))
    clock.move_to(due + timedelta(minutes=2))
    break_due()
    assert SIGNE not in told(alpha)
    assert "lead" in told(alpha)


# --- handovers, substitutes -----------------------------------------------------------------------------------


def test_they_are_no_receiver_of_a_handover_nor_is_it_given_on_to_them(alpha: World) -> None:
    accepted = without_signe(alpha)
    operations.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    request = ContactRequest.objects.get()
    choices = handover_queries.choices(alpha.actor("nurse"), request)
    assert alpha.people[SIGNE] not in {one.account_id for one in (*choices.people, *choices.away)}
    with pytest.raises(Conflict):
        operations.hand_on(by=alpha.actor("admin"), item_id=request.pk, to=alpha.people[SIGNE])


def test_they_stand_in_for_nobody_there(alpha: World) -> None:
    post = Post.objects.get(account_id=alpha.people["nurse"])
    presence.name_substitutes(post_id=post.pk, account_ids=[alpha.people["other_nurse"]], by=MACHINE)
    presence.begin_absence(
        account_id=alpha.people["nurse"], first_day=today(), last_day=today() + timedelta(days=9), by=MACHINE
    )  # fmt: skip
    accepted = knock(alpha, not_them=[alpha.people["other_nurse"]])
    assert told(alpha) == {SIGNE}
    assert not queries.visible_to(alpha.actor("other_nurse")).filter(pk=accepted.request_id).exists()


# --- nobody is left ---------------------------------------------------------------------------------------------


def test_nothing_is_promised_on_them_alone_and_the_refusal_names_what_to_do(alpha: World) -> None:
    both = [alpha.people["nurse"], alpha.people[SIGNE]]
    with pytest.raises(Invalid) as refused:
        knock(alpha, not_them=both)
    assert [error.field for error in refused.value.errors] == ["role"]
    assert not Promise.objects.exists()
    assert knock(alpha, not_them=both, role_id=alpha.counsellor_role).case_number


def test_the_page_says_so_and_offers_the_others_with_every_word_kept(alpha: World, at: Any) -> None:
    phone: Client = at(alpha.alpha, headers={"accept-language": "en"})
    both = [str(alpha.people["nurse"]), str(alpha.people[SIGNE])]
    said = {"school": str(alpha.school), "message": SECRET, "step": "not", "not_them": both}
    page = phone.post("/knock/", said).content.decode()
    assert asks(page) == "who"
    assert "Nobody else here is: School nurse" in page
    assert f'value="{alpha.counsellor_role}"' in page
    assert f'value="{alpha.nurse_role}"' not in page
    assert hidden(page)["message"] == SECRET
    form = {**hidden(page), "step": "who", "role": str(alpha.counsellor_role)}
    page = phone.post("/knock/", form).content.decode()
    assert asks(page) == "how"
    assert hidden(page)["not_them"].split() == both


def test_a_topic_passes_over_a_role_that_stands_on_them(alpha: World, at: Any) -> None:
    phone: Client = at(alpha.alpha, headers={"accept-language": "en"})
    both = f"{alpha.people['nurse']} {alpha.people[SIGNE]}"
    page = phone.post(
        "/knock/", {"school": str(alpha.school), "step": "topic", "topic": "sleep", "not_them": both}
    )
    assert hidden(page.content.decode())["role"] == str(alpha.counsellor_role)


def test_only_adults_of_the_list_can_be_kept_out(alpha: World) -> None:
    with pytest.raises(Invalid) as refused:
        knock(alpha, not_them=[alpha.people["lead"]])
    assert [error.field for error in refused.value.errors] == ["not_them"]


def test_where_names_are_not_shown_nobody_is_offered_to_be_kept_out(alpha: World, at: Any) -> None:
    setup.change_look(show_names=False, by=MACHINE)
    phone: Client = at(alpha.alpha, headers={"accept-language": "en"})
    page = phone.post("/knock/", {"school": str(alpha.school), "step": "school"}).content.decode()
    assert "Somebody must not get it" not in page
    assert "Signe" not in page
    assert portal().school(alpha.school).roles[0].adults == ()


# --- whoever changes while the student writes ---------------------------------------------------------------------


def checked(world: World, phone: Client) -> dict[str, str]:
    """What stands on the check page of a knock that Signe must not get."""
    said = {
        "school": str(world.school),
        "step": "not",
        "not_them": str(world.people[SIGNE]),
        "message": SECRET,
    }
    page = phone.post("/knock/", said).content.decode()
    page = phone.post(
        "/knock/", {**hidden(page), "step": "who", "role": str(world.nurse_role)}
    ).content.decode()
    page = phone.post("/knock/", {**hidden(page), "channel": "conversation"}).content.decode()
    page = phone.post("/knock/", {**hidden(page), "go": "check"}).content.decode()
    assert ("Must not get it" in page, "Signe" in page, asks(page)) == (True, True, "check")
    return hidden(page)


def test_whom_the_page_names_no_longer_is_kept_out_all_the_same(alpha: World, at: Any) -> None:
    phone: Client = at(alpha.alpha, headers={"accept-language": "en"})
    form = checked(alpha, phone)
    setup.change_look(show_names=False, by=MACHINE)
    page = phone.post("/knock/", {**form, "go": "check"}).content.decode()
    assert ("An adult whose name we do not show" in page, "Signe" in page) == (True, False)
    page = phone.post("/knock/", {**form, "go": "not"}).content.decode()
    assert f'value="{alpha.people[SIGNE]}"' in page
    assert phone.post("/knock/", form).status_code == 200
    assert not queries.visible_to(alpha.actor(SIGNE)).exists()
    assert queries.visible_to(alpha.actor("nurse")).count() == 1


def test_whoever_leaves_meanwhile_is_no_reason_to_refuse_it_nor_to_call_it_another(
    alpha: World, at: Any
) -> None:
    phone: Client = at(alpha.alpha, headers={"accept-language": "en"})
    form, later = checked(alpha, phone), checked(alpha, phone)
    receipt = phone.post("/knock/", form)
    setup.end_post(post_id=Post.objects.get(account_id=alpha.people[SIGNE]).pk, by=MACHINE)
    again = phone.post("/knock/", form)
    assert (receipt.status_code, again.status_code, ContactRequest.objects.count()) == (200, 200, 1)
    assert [phone.post("/knock/", later).status_code for _twice in range(2)] == [200, 200]
    assert ContactRequest.objects.count() == 2


# --- somebody outside the school ----------------------------------------------------------------------------------


def outside(world: World, **said: Any) -> Accepted:
    return knock(world, school_id=world.other_school, home_school_id=world.school, **said)


def opened_to_others(world: World) -> None:
    setup.set_outside_doors(doors=[(world.other_school, world.nurse_role)], by=MACHINE)


def test_a_door_that_is_not_opened_to_others_takes_no_knock_from_outside(alpha: World) -> None:
    with pytest.raises(Invalid):
        outside(alpha)
    opened_to_others(alpha)
    accepted = outside(alpha)
    request = ContactRequest.objects.get(pk=accepted.request_id)
    assert (request.school_id, request.wish.home_school_id) == (alpha.other_school, alpha.school)
    assert told(alpha) == {"other_nurse"}
    assert queries.visible_to(alpha.actor("other_nurse")).exists()


@pytest.mark.parametrize("who", ["nurse", SIGNE, "counsellor"])
def test_nobody_at_the_students_own_school_sees_it_also_not_who_works_at_both(alpha: World, who: str) -> None:
    opened_to_others(alpha)
    setup.give_post(
        account_id=alpha.people[who], role_id=alpha.nurse_role, school_id=alpha.other_school,
        starts_on=today(), by=MACHINE,
    )  # fmt: skip
    accepted = outside(alpha)
    somebody = alpha.actor(who)
    assert somebody.holds(alpha.nurse_role, alpha.other_school)
    assert not queries.visible_to(somebody).exists()
    assert counts(somebody).waiting == 0
    assert who not in told(alpha)
    with pytest.raises(NotFound):
        operations.take(by=somebody, request_id=accepted.request_id)
    operations.take(by=alpha.actor("other_nurse"), request_id=accepted.request_id)
    choices = handover_queries.choices(alpha.actor("other_nurse"), ContactRequest.objects.get())
    assert not {alpha.people["nurse"], alpha.people["counsellor"]} & {
        one.account_id for one in choices.people
    }
    assert not [one for one in choices.roles if one.school_id == alpha.school]


def test_nor_does_a_lead_of_the_students_own_school_whose_only_post_is_outside_it(alpha: World) -> None:
    opened_to_others(alpha)
    lead = alpha.people["lead"]
    setup.appoint_lead(account_id=lead, school_id=alpha.school, by=MACHINE)
    setup.give_post(
        account_id=lead, role_id=alpha.nurse_role, school_id=alpha.other_school,
        starts_on=today(), by=MACHINE,
    )  # fmt: skip
    accepted = outside(alpha)
    somebody = alpha.actor("lead")
    assert somebody.holds(alpha.nurse_role, alpha.other_school)
    assert not queries.visible_to(somebody).exists()
    assert counts(somebody).waiting == 0
    for act in (operations.read_conversation, operations.take):
        with pytest.raises(NotFound):
            act(by=somebody, request_id=accepted.request_id)


def test_nothing_outside_is_promised_on_a_lead_of_the_students_own_school(alpha: World) -> None:
    opened_to_others(alpha)
    setup.appoint_lead(account_id=alpha.people["other_nurse"], school_id=alpha.school, by=MACHINE)
    assert not outside_doors(portal(), portal().school(alpha.school), frozenset())
    with pytest.raises(Invalid):
        outside(alpha)


def test_who_comes_to_work_at_the_school_afterwards_keeps_only_whom_they_talk_with(alpha: World) -> None:
    opened_to_others(alpha)
    mine, free = outside(alpha), outside(alpha)
    operations.take(by=alpha.actor("other_nurse"), request_id=mine.request_id)
    setup.give_post(
        account_id=alpha.people["other_nurse"], role_id=alpha.counsellor_role, school_id=alpha.school,
        starts_on=today(), by=MACHINE,
    )  # fmt: skip
    seen = set(queries.visible_to(alpha.actor("other_nurse")).values_list("pk", flat=True))
    assert seen == {mine.request_id}
    assert free.request_id not in seen


def test_nor_does_whoever_stands_in_there(alpha: World) -> None:
    opened_to_others(alpha)
    waiting, mine = outside(alpha), outside(alpha)
    olga = alpha.people["other_nurse"]
    operations.take(by=alpha.actor("other_nurse"), request_id=mine.request_id)
    post = Post.objects.get(account_id=alpha.people["nurse"])
    presence.name_substitutes(post_id=post.pk, account_ids=[olga], by=MACHINE)
    presence.begin_absence(
        account_id=alpha.people["nurse"], first_day=today(), last_day=today() + timedelta(days=9), by=MACHINE
    )  # fmt: skip
    assert alpha.actor("other_nurse").holds(alpha.nurse_role, alpha.school)
    assert set(queries.visible_to(alpha.actor("other_nurse")).values_list("pk", flat=True)) == {
        mine.request_id
    }
    assert ContactRequest.objects.filter(hidden_from(olga)).get().pk == waiting.request_id
    assert olga in handover_queries.apart_from(waiting.request_id)
    assert olga not in handover_queries.apart_from(mine.request_id)
    with pytest.raises(NotFound):
        operations.take(by=alpha.actor("other_nurse"), request_id=waiting.request_id)
    with pytest.raises(Invalid):
        outside(alpha)


def test_the_page_offers_outside_only_where_somebody_is_left_there(alpha: World, at: Any) -> None:
    phone: Client = at(alpha.alpha, headers={"accept-language": "en"})
    who = {"school": str(alpha.school), "step": "school"}
    assert "Somebody outside my school" not in phone.post("/knock/", who).content.decode()
    opened_to_others(alpha)
    page = phone.post("/knock/", who).content.decode()
    assert "Somebody outside my school" in page
    page = phone.post("/knock/", {**hidden(page), "go": "outside"}).content.decode()
    assert "Nobody who works at Solhaug skole Alfa sees that you have knocked." in page
    token = f"{alpha.nurse_role}@{alpha.other_school}"
    assert f'value="{token}"' in page
    page = phone.post("/knock/", {**hidden(page), "role": token}).content.decode()
    assert asks(page) == "how"
    page = phone.post("/knock/", {**hidden(page), "channel": "conversation"}).content.decode()
    page = phone.post("/knock/", {**hidden(page), "go": "check"}).content.decode()
    assert "School nurse, Fjellvang skole Alfa" in page
    assert phone.post("/knock/", hidden(page)).status_code == 200
    assert ContactRequest.objects.get().wish.home_school_id == alpha.school
    setup.give_post(
        account_id=alpha.people["other_nurse"], role_id=alpha.nurse_role, school_id=alpha.school,
        starts_on=today(), by=MACHINE,
    )  # fmt: skip
    assert "Somebody outside my school" not in phone.post("/knock/", who).content.decode()


def test_the_student_reads_their_own_whatever_was_kept_from_whom(alpha: World) -> None:
    accepted = without_signe(alpha)
    assert (
        operations.read_conversation(by=visitor(accepted), request_id=accepted.request_id).lines[0].text
        == SECRET
    )


def test_a_lead_who_answers_as_well_reads_no_line_of_it_on_their_own_page(
    alpha: World, clock: time_machine.Traveller
) -> None:
    setup.appoint_lead(account_id=alpha.people[SIGNE], school_id=alpha.school, by=MACHINE)
    accepted = without_signe(alpha)
    due = max(one.due_at for one in Promise.objects.filter(STANDING, subject_id=accepted.request_id))
    clock.move_to(due + timedelta(minutes=2))
    now = due + timedelta(minutes=2)
    assert broken(alpha.actor("lead"), now).count == 1
    assert broken(alpha.actor(SIGNE), now).count == 0
    break_due()
    (told,) = insights.to_explain(alpha.actor("lead"))
    assert not insights.to_explain(alpha.actor(SIGNE))
    with pytest.raises(NotFound):
        explain(by=alpha.actor(SIGNE), promise_id=told.id, said="staffed")
    assert Promise.objects.get(pk=told.id).explained == ""
    explain(by=alpha.actor("lead"), promise_id=told.id, said="staffed")


def test_a_lead_of_both_schools_reads_no_line_of_what_went_outside_one_of_them(
    alpha: World, clock: time_machine.Traveller
) -> None:
    for school in (alpha.school, alpha.other_school):
        setup.appoint_lead(account_id=alpha.people["outsider"], school_id=school, by=MACHINE)
    setup.appoint_lead(account_id=alpha.people["counsellor"], school_id=alpha.other_school, by=MACHINE)
    Post.objects.filter(account_id=alpha.people["counsellor"]).update(school_id=alpha.other_school)
    opened_to_others(alpha)
    accepted = outside(alpha)
    due = max(one.due_at for one in Promise.objects.filter(STANDING, subject_id=accepted.request_id))
    now = due + timedelta(minutes=2)
    clock.move_to(now)
    assert broken(alpha.actor("counsellor"), now).count == 1
    assert broken(alpha.actor("outsider"), now).count == 0


# --- every kind of promise, every figure, every page beside the desk -------------------------------------------------


def test_a_lead_who_is_kept_out_reads_of_no_meeting_worry_or_handover_of_it(
    alpha: World, clock: time_machine.Traveller
) -> None:
    from services.meetings import operations as meetings
    from services.worry.operations import raise_worry
    from tests.services.contact.test_handover import offer
    from tests.services.meetings.people import WEDNESDAY, room

    setup.appoint_lead(account_id=alpha.people[SIGNE], school_id=alpha.school, by=MACHINE)
    nurse, signe, lead = alpha.actor("nurse"), alpha.actor(SIGNE), alpha.actor("lead")
    met, worried, passed_on = (without_signe(alpha) for _n in range(3))
    for one in (met, worried, passed_on):
        operations.read_conversation(by=nurse, request_id=one.request_id)
        operations.reply(by=nurse, request_id=one.request_id, text="Hei")
    meetings.propose(by=nurse, request_id=met.request_id, urgency="days", times=[room(WEDNESDAY)])
    raise_worry(by=nurse, request_id=worried.request_id, urgency="now")
    offer(alpha, passed_on)
    now = kernel_clock.now()
    assert [len(insights.paused(one, now)) for one in (lead, signe)] == [1, 0]
    clock.shift(timedelta(days=20))
    now = kernel_clock.now()
    assert {row.kind for row in broken(lead, now).rows} == {"meeting", "worry", "handover"}
    assert broken(signe, now).count == 0
    break_due()
    assert {row.kind for row in insights.to_explain(lead)} >= {"worry", "handover"}
    assert not insights.to_explain(signe)
    assert insights.score(lead, now).any_due
    assert not insights.score(signe, now).any_due


def test_two_who_lead_one_school_see_the_same_figures_and_the_one_kept_out_nothing_else_of_it(
    alpha: World, clock: time_machine.Traveller
) -> None:
    from services.insights import course
    from services.insights.operations import keep_quarter

    setup.appoint_lead(account_id=alpha.people[SIGNE], school_id=alpha.school, by=MACHINE)
    nurse, signe, lead = alpha.actor("nurse"), alpha.actor(SIGNE), alpha.actor("lead")
    for _n in range(6):
        one = without_signe(alpha)
        operations.reply(by=nurse, request_id=one.request_id, text="Hei")
        read_and_close(by=nurse, request_id=one.request_id, outcome="helped")
    assert [row.count for row in insights.unrecorded(lead)] == [6]
    assert insights.unrecorded(signe) == []
    clock.shift(timedelta(days=40))
    now = kernel_clock.now()
    keep_quarter(by=MACHINE)
    quarter = course.last_quarter(now, "Europe/Oslo")[0].date()
    kept = [course.courses(one, quarter) for one in (lead, signe)]
    assert kept[0] == kept[1]
    assert [row.shown.whole for row in kept[1]] == [6]
    start = now - timedelta(days=60)
    setup.dismiss_lead(lead_id=Lead.objects.get(account_id=alpha.people["lead"]).pk, by=MACHINE)
    setup.appoint_lead(account_id=alpha.people["lead"], school_id=alpha.school, by=MACHINE)
    seen = [insights.figures(alpha.actor(who), start, now) for who in ("lead", SIGNE)]
    assert seen[0] == seen[1]
    assert [row.tally.promised for row in seen[1].rows] == [6]


def _works_at_both(world: World) -> Accepted:
    opened_to_others(world)
    setup.give_post(
        account_id=world.people["nurse"], role_id=world.nurse_role, school_id=world.other_school,
        starts_on=today(), by=MACHINE,
    )  # fmt: skip
    return outside(world)


def test_who_says_that_they_are_away_reads_of_nothing_that_went_outside_their_school(alpha: World) -> None:
    _works_at_both(alpha)
    assert unclaimed_at_doors_of(alpha.people["nurse"], alpha.people["nurse"]) == []


def test_nor_does_whoever_says_it_for_another_and_is_kept_out_themselves(alpha: World) -> None:
    _works_at_both(alpha)
    without_signe(alpha)
    nurse, olga, signe = (alpha.people[one] for one in ("nurse", "other_nurse", SIGNE))
    assert [one.count for one in unclaimed_at_doors_of(olga, olga)] == [1]
    assert unclaimed_at_doors_of(olga, nurse) == []
    assert [one.count for one in unclaimed_at_doors_of(nurse, nurse)] == [1]
    assert unclaimed_at_doors_of(nurse, signe) == []


def test_a_record_left_behind_outside_the_school_is_not_theirs_to_write(alpha: World) -> None:
    accepted, olga = _works_at_both(alpha), alpha.actor("other_nurse")
    operations.reply(by=olga, request_id=accepted.request_id, text="Hei")
    read_and_close(by=olga, request_id=accepted.request_id, outcome="helped")
    assert queries.unrecorded(olga) == 1
    Post.objects.filter(account_id=olga.id).update(ends_on=today() - timedelta(days=1))
    assert queries.unrecorded(alpha.actor("nurse")) == 0
    assert not queries.records_of(alpha.actor("nurse")).exists()
    assert queries.recorded_from_afar(alpha.actor("nurse")) == []
