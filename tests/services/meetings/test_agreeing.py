"""Helper and student agree on a time; the promise follows; nothing is agreed twice, too late or behind a back."""

import pytest
from django.db import IntegrityError, transaction

from kernel.audit.models import Entry, ReadEntry
from kernel.errors import Conflict, Invalid, NotFound, violated
from kernel.outbox import rendering
from kernel.outbox.models import Message
from services.contact import operations as contact
from services.contact.models import ContactRequest, ConversationMessage
from services.contact.operations import Accepted
from services.meetings import operations
from services.meetings.absence import cannot_be
from services.meetings.jobs import let_absences_count
from services.meetings.models import Meeting, MeetingTime
from services.meetings.queries import shown_to
from services.promises.models import Promise
from services.promises.queries import next_reply, promises_of
from services.promises.sweep import break_due, remind_due
from tenants.presence import operations as presence
from tenants.setup import operations as setup
from tests.services.contact.people import TUESDAY, knock, reach_and_close, read_and_close, visitor
from tests.services.meetings.people import (
    DAY,
    HOUR,
    LATER,
    LINK,
    MINUTE,
    PLACE,
    THURSDAY,
    WEDNESDAY,
    agreed,
    meeting_of,
    picked,
    promises,
    proposed,
    room,
    standing,
    states,
    taken,
    time_id,
)

pytestmark = pytest.mark.django_db


def contact_request(accepted: Accepted) -> ContactRequest:
    return ContactRequest.objects.select_related("case_key").get(pk=accepted.request_id)


def test_how_urgent_it_is_promises_the_meeting_by_the_places_own_guarantee(alpha, clock) -> None:
    setup.set_meeting_guarantee(
        urgency="today", kind="counted_hours", amount=2, role_id=alpha.nurse_role, by=alpha.actor("admin")
    )
    accepted = taken(alpha)
    nurse = alpha.actor("nurse")
    operations.set_urgency(by=nurse, request_id=accepted.request_id, urgency="today")
    promise = standing(accepted)
    assert (promise.kind, promise.subject_kind) == ("meeting", "meeting")
    assert promise.due_at == TUESDAY.replace(second=0) + 2 * HOUR
    operations.set_urgency(by=nurse, request_id=accepted.request_id, urgency="today")
    assert len(promises(accepted)) == 1
    operations.set_urgency(by=nurse, request_id=accepted.request_id, urgency="weeks")
    assert standing(accepted).due_at > promise.due_at
    assert promises(accepted)[1].ended_at is not None or promises(accepted)[0].ended_at is not None


def test_the_first_contact_keeps_its_own_clock_whatever_is_agreed(alpha, clock) -> None:
    accepted = agreed(alpha)
    first = Promise.objects.get(subject_id=accepted.request_id)
    assert first.answered_at is None
    assert first.due_at == accepted.due_at


def test_while_the_student_chooses_the_clock_stands_until_the_last_of_the_times(alpha, clock) -> None:
    accepted = taken(alpha)
    operations.set_urgency(by=alpha.actor("nurse"), request_id=accepted.request_id, urgency="today")
    before = standing(accepted).due_at
    proposed(alpha, accepted, room(TUESDAY.replace(second=0) + HOUR), room(LATER), urgency="today")
    pause = standing(accepted).pauses.get()
    assert (pause.starts_at, pause.ends_at) == (TUESDAY.replace(second=0), LATER)
    assert standing(accepted).due_at > before


def test_choosing_a_time_makes_it_the_promise_and_the_other_times_go(alpha, clock) -> None:
    accepted = taken(alpha)
    first, second = proposed(alpha, accepted)
    picked(accepted, first)
    assert states(accepted) == ["agreed", "declined"]
    promise = standing(accepted)
    assert promise.due_at == first.ends_at + HOUR
    assert promise.guarantee is None
    assert picked(accepted, first).state == "agreed"
    assert len(promises(accepted)) == 2
    with pytest.raises(Conflict, match="agreed"):
        picked(accepted, second)


@pytest.mark.parametrize("why", ["taken-back", "passed"])
def test_a_time_that_is_no_more_is_refused_in_words(alpha, clock, why: str) -> None:
    accepted = taken(alpha)
    first, _second = proposed(alpha, accepted)
    if why == "passed":
        clock.move_to(WEDNESDAY)
    else:
        operations.take_back(by=alpha.actor("nurse"), request_id=accepted.request_id, time_id=first.pk)
    with pytest.raises(Conflict) as refused:
        picked(accepted, first)
    assert refused.value.code == why
    assert str(refused.value.detail)


def test_a_helper_is_never_booked_twice(alpha, clock) -> None:
    mine, other = taken(alpha), taken(alpha)
    proposed(alpha, mine, room(WEDNESDAY))
    proposed(alpha, other, room(WEDNESDAY + 15 * MINUTE), room(LATER))
    picked(mine, MeetingTime.objects.get(meeting=meeting_of(mine)))
    overlapping, free = MeetingTime.objects.filter(meeting=meeting_of(other)).order_by("starts_at")
    with pytest.raises(Conflict) as refused:
        picked(other, overlapping)
    assert refused.value.code == "booked"
    assert states(other) == ["offered", "offered"]
    standing_now = shown_to(visitor(other), contact_request(other), TUESDAY)
    assert [one.time.pk for one in standing_now.offered] == [free.pk]
    with pytest.raises(Invalid):
        proposed(alpha, other, room(WEDNESDAY))
    picked(other, free)


def test_the_table_itself_refuses_two_agreed_times_of_one_helper_at_once_and_no_others(alpha, clock) -> None:
    accepted = agreed(alpha)
    other = taken(alpha)
    (free,) = proposed(alpha, other, room(WEDNESDAY + 30 * MINUTE))  # begins where the other ends
    picked(other, free)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        MeetingTime.objects.filter(pk=free.pk).update(starts_at=WEDNESDAY + 29 * MINUTE)
    assert violated(refused.value) == "a_helper_is_never_booked_twice"
    with transaction.atomic():
        MeetingTime.objects.filter(pk=free.pk).update(
            starts_at=WEDNESDAY, account_id=alpha.people["second_nurse"]
        )
    assert states(accepted) == ["agreed"]


def test_none_of_these_fit_gives_the_turn_back_and_the_words_go_into_the_conversation(alpha, clock) -> None:
    accepted = taken(alpha)
    proposed(alpha, accepted, urgency="today")
    paused = standing(accepted).due_at
    clock.shift(HOUR)
    words = {"by": visitor(accepted), "request_id": accepted.request_id}
    operations.none_fit(**words, text="Bare etter tre")
    assert states(accepted) == ["declined", "declined"]
    assert standing(accepted).due_at < paused
    assert ConversationMessage.objects.filter(request_id=accepted.request_id, sender="student").count() == 2
    operations.none_fit(**words)
    assert ConversationMessage.objects.filter(request_id=accepted.request_id, sender="student").count() == 2


def test_an_agreed_time_is_taken_back_only_with_a_reason_that_the_student_reads(alpha, clock) -> None:
    accepted = agreed(alpha)
    act = {"by": alpha.actor("nurse"), "request_id": accepted.request_id, "time_id": time_id(accepted)}
    with pytest.raises(Invalid):
        operations.take_back(**act)
    assert states(accepted) == ["agreed"]
    operations.take_back(**act, reason="Jeg er syk på onsdag.")
    assert states(accepted) == ["taken_back"]
    assert standing(accepted).guarantee is not None
    operations.take_back(**act, reason="Jeg er syk på onsdag.")
    opened = contact.read_conversation(by=visitor(accepted), request_id=accepted.request_id)
    assert [line.text for line in opened.lines if line.sender == "helper"] == ["Jeg er syk på onsdag."]


def test_moving_is_one_act_all_of_it_or_nothing(alpha, clock) -> None:
    accepted = agreed(alpha)
    act = {"by": alpha.actor("nurse"), "request_id": accepted.request_id, "time_id": time_id(accepted)}
    with pytest.raises(Invalid):
        operations.move(**act, reason="Møtet ble flyttet", times=[room(TUESDAY - DAY)])
    assert states(accepted) == ["agreed"]
    operations.move(**act, reason="Møtet ble flyttet", times=[room(LATER)])
    assert states(accepted) == ["taken_back", "offered"]


def test_the_student_cancels_without_a_reason_and_chooses_whether_to_meet_at_all(alpha, clock) -> None:
    accepted, other = agreed(alpha), agreed(alpha, LATER)
    operations.cancel(by=visitor(accepted), request_id=accepted.request_id, again=True)
    assert states(accepted) == ["cancelled"]
    assert standing(accepted).guarantee is not None
    operations.cancel(by=visitor(other), request_id=other.request_id, again=False)
    assert meeting_of(other).state == "ended"
    assert standing(other) is None
    assert operations.cancel(by=visitor(other), request_id=other.request_id, again=False) is None


def test_held_closes_the_promise_as_kept_also_when_it_is_written_down_late(alpha, clock) -> None:
    accepted, late = agreed(alpha), agreed(alpha, LATER)
    nurse = alpha.actor("nurse")
    with pytest.raises(Conflict):
        operations.record_held(by=nurse, request_id=accepted.request_id)
    clock.move_to(WEDNESDAY + 20 * MINUTE)
    operations.record_held(by=nurse, request_id=accepted.request_id)
    assert meeting_of(accepted).state == "held"
    assert [one.kept_at for one in promises(accepted) if one.kept_at] == [WEDNESDAY]
    operations.record_held(by=nurse, request_id=accepted.request_id)
    clock.move_to(LATER + 3 * HOUR)
    break_due()
    broken = next(one for one in promises(late) if one.broken_at)
    assert standing(late) is not None
    operations.record_held(by=nurse, request_id=late.request_id)
    broken.refresh_from_db()
    assert broken.corrected_at is not None
    assert standing(late) is None


def test_a_no_show_blames_nobody_keeps_the_promise_by_trying_and_promises_the_next(alpha, clock) -> None:
    accepted = agreed(alpha)
    clock.move_to(WEDNESDAY + 15 * MINUTE)
    operations.record_no_show(by=alpha.actor("nurse"), request_id=accepted.request_id)
    assert states(accepted) == ["no_show"]
    kept = next(one for one in promises(accepted) if one.kept_at)
    assert kept.outcome == "attempted"
    assert standing(accepted).due_at > WEDNESDAY
    with pytest.raises(Conflict):
        operations.record_no_show(by=alpha.actor("nurse"), request_id=accepted.request_id)


def answered_and_agreed(world, **said: str) -> Accepted:
    """Nora has answered as the student chose, and they meet in a room on Wednesday."""
    accepted, nurse = taken(world, **said), world.actor("nurse")
    contact.read_conversation(by=nurse, request_id=accepted.request_id)
    if said:
        kind = said["channel_kind"]
        contact.record_contact(by=nurse, request_id=accepted.request_id, kind=kind, outcome="reached")
    else:
        contact.reply(by=nurse, request_id=accepted.request_id, text="Hei, vi kan møtes")
    picked(accepted, proposed(world, accepted, room(WEDNESDAY))[0])
    return accepted


def asks(accepted: Accepted) -> Promise:
    contact.student_writes(by=visitor(accepted), request_id=accepted.request_id, text="Kan far være med?")
    waiting = next_reply(promises_of(accepted.request_id))
    assert waiting is not None
    return waiting


@pytest.mark.parametrize("said", [{}, {"channel_kind": "phone", "channel_value": "99887766"}])
def test_what_was_written_before_a_meeting_is_answered_by_it_in_whatever_way(alpha, clock, said) -> None:
    accepted, nurse = answered_and_agreed(alpha, **said), alpha.actor("nurse")
    clock.move_to(WEDNESDAY - HOUR)
    waiting = asks(accepted)
    contact.read_conversation(by=nurse, request_id=accepted.request_id)
    clock.move_to(WEDNESDAY + 3 * HOUR)
    operations.record_held(by=nurse, request_id=accepted.request_id)
    assert next_reply(promises_of(accepted.request_id)) is None
    assert Promise.objects.get(pk=waiting.pk).kept_at == WEDNESDAY


@pytest.mark.parametrize("said", [{}, {"channel_kind": "visit", "channel_value": "Mona, 9B"}])
def test_what_was_written_after_a_meeting_is_not_answered_by_it(alpha, clock, said) -> None:
    accepted, nurse = answered_and_agreed(alpha, **said), alpha.actor("nurse")
    clock.move_to(WEDNESDAY + 40 * MINUTE)
    waiting = asks(accepted)
    contact.read_conversation(by=nurse, request_id=accepted.request_id)
    clock.move_to(WEDNESDAY + 3 * HOUR)
    operations.record_held(by=nurse, request_id=accepted.request_id)
    assert next_reply(promises_of(accepted.request_id)) == waiting


def test_who_met_without_a_time_has_answered_what_was_written(alpha, clock) -> None:
    accepted, nurse = answered_and_agreed(alpha), alpha.actor("nurse")
    operations.take_back(
        by=nurse, request_id=accepted.request_id, time_id=time_id(accepted), reason="Kom heller nå"
    )
    clock.shift(HOUR)
    asks(accepted)
    contact.read_conversation(by=nurse, request_id=accepted.request_id)
    clock.shift(HOUR)
    operations.record_held(by=nurse, request_id=accepted.request_id)
    assert next_reply(promises_of(accepted.request_id)) is None


@pytest.mark.parametrize("said", [{}, {"channel_kind": "phone", "channel_value": "99887766"}])
def test_why_a_meeting_is_off_is_no_answer_to_what_the_student_wrote(alpha, clock, said) -> None:
    accepted, nurse = answered_and_agreed(alpha, **said), alpha.actor("nurse")
    clock.shift(5 * MINUTE)
    waiting = asks(accepted)
    clock.shift(5 * MINUTE)
    act = {"by": nurse, "request_id": accepted.request_id}
    operations.take_back(**act, time_id=time_id(accepted), reason="Jeg er syk i morgen")
    assert next_reply(promises_of(accepted.request_id)) == waiting
    opened = contact.read_conversation(by=visitor(accepted), request_id=accepted.request_id)
    assert opened.lines[-1].text == "Jeg er syk i morgen"
    contact.reply(**act, text="Ja, far kan være med")
    assert next_reply(promises_of(accepted.request_id)) is None


def test_a_meeting_the_way_the_student_chose_is_the_first_contact_too(alpha, clock) -> None:
    accepted = agreed(alpha, channel_kind="visit", channel_value="Mona, 9B")
    clock.move_to(WEDNESDAY + 30 * MINUTE)
    assert Promise.objects.get(subject_id=accepted.request_id).answered_at is None
    operations.record_held(by=alpha.actor("nurse"), request_id=accepted.request_id)
    assert Promise.objects.get(subject_id=accepted.request_id).outcome == "reached"


def test_nobody_wrote_down_what_came_of_it_broken_told_and_promised_anew(alpha, clock) -> None:
    accepted = agreed(alpha)
    Message.objects.all().delete()
    clock.move_to(WEDNESDAY + 2 * HOUR)
    assert break_due().marked >= 1
    assert any(one.broken_at for one in promises(accepted))
    assert standing(accepted).due_at > WEDNESDAY + 2 * HOUR
    told = set(Message.objects.values_list("template", flat=True))
    assert {"promises/broken", "meetings/late"} <= told


def test_nobody_proposed_anything_the_promise_of_the_meeting_breaks_like_any_other(alpha, clock) -> None:
    accepted = taken(alpha)
    operations.set_urgency(by=alpha.actor("nurse"), request_id=accepted.request_id, urgency="today")
    clock.move_to(standing(accepted).due_at + MINUTE)
    break_due()
    assert [one.broken_at is not None for one in promises(accepted)].count(True) == 1
    assert standing(accepted) is not None


@pytest.mark.parametrize("how", ["close", "withdraw"])
def test_a_request_that_ends_ends_its_meeting_and_nobody_waits_any_more(alpha, clock, how: str) -> None:
    accepted = agreed(alpha)
    if how == "close":
        reach_and_close(by=alpha.actor("nurse"), request_id=accepted.request_id, outcome="referred")
    else:
        contact.withdraw(by=visitor(accepted), request_id=accepted.request_id)
    assert meeting_of(accepted).state == "ended"
    assert states(accepted) == ["taken_back" if how == "close" else "cancelled"]
    assert standing(accepted) is None
    with pytest.raises(Conflict):
        operations.propose(
            by=alpha.actor("nurse"), request_id=accepted.request_id, urgency="days", times=[room(LATER)]
        )


def test_closing_after_the_time_without_writing_it_down_says_what_closing_said(alpha, clock) -> None:
    accepted, missed = agreed(alpha), agreed(alpha, LATER)
    clock.move_to(LATER + 10 * MINUTE)
    reach_and_close(by=alpha.actor("nurse"), request_id=accepted.request_id, outcome="helped")
    read_and_close(by=alpha.actor("nurse"), request_id=missed.request_id, outcome="not_reached")
    assert (states(accepted), states(missed)) == (["held"], ["no_show"])
    assert [one.outcome for one in promises(missed) if one.kept_at] == ["attempted"]


def test_somebody_else_has_the_request_and_the_old_helpers_times_fall_through(alpha, clock) -> None:
    accepted = agreed(alpha)
    contact.hand_on(by=alpha.actor("admin"), item_id=accepted.request_id, to=alpha.people["second_nurse"])
    assert states(accepted) == ["fell_through"]
    assert standing(accepted).guarantee is not None
    again = operations.propose(
        by=alpha.actor("second_nurse"), request_id=accepted.request_id, times=[room(LATER)]
    )
    assert again[-1].account_id == alpha.people["second_nurse"]


def test_a_slip_that_lets_go_and_takes_again_changes_nothing_about_the_meeting(alpha, clock) -> None:
    accepted = agreed(alpha)
    contact.release(by=alpha.actor("nurse"), request_id=accepted.request_id)
    contact.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    assert states(accepted) == ["agreed"]


def test_a_helper_who_is_away_then_is_told_of_and_the_meeting_promised_anew(alpha, clock) -> None:
    accepted, other = agreed(alpha), agreed(alpha, THURSDAY)
    assert cannot_be() == []
    presence.begin_absence(
        account_id=alpha.people["nurse"], first_day=WEDNESDAY.date(), last_day=WEDNESDAY.date(),
        by=alpha.actor("admin"),
    )  # fmt: skip
    with pytest.raises(Invalid):
        proposed(alpha, taken(alpha), room(LATER))
    let_absences_count()
    let_absences_count()
    assert (states(accepted), states(other)) == (["fell_through"], ["agreed"])
    assert Message.objects.filter(template="meetings/fell_through").exists()
    assert cannot_be() == []


def test_both_are_reminded_once_without_a_name_a_place_or_a_school(alpha, clock) -> None:
    agreed(alpha, channel_kind="email", channel_value="mona@sted.example.org", name="Mona")
    Message.objects.all().delete()
    clock.move_to(WEDNESDAY - 2 * HOUR - MINUTE)
    assert remind_due().marked == 0
    clock.move_to(WEDNESDAY - 2 * HOUR + MINUTE)
    assert [remind_due().marked for _ in range(2)] == [1, 0]
    rows = {row.template: row for row in Message.objects.all()}
    assert set(rows) == {"meetings/soon", "meetings/soon_student"}
    subject, text = rendering.render("meetings/soon_student", "nb", {"due": "i dag kl. 10.00"})
    for word in ("Mona", PLACE, "Solhaug", "Alfa", "helsesykepleier"):
        assert word not in subject + text
    read = ReadEntry.objects.get(what="address")
    assert (read.actor_kind, read.why) == ("machine", "to remind of a meeting")


def test_only_the_one_who_has_it_proposes_and_only_the_student_chooses(alpha, clock) -> None:
    accepted = taken(alpha)
    times = {"urgency": "days", "times": [room(WEDNESDAY)]}
    with pytest.raises(Conflict):
        operations.propose(by=alpha.actor("second_nurse"), request_id=accepted.request_id, **times)
    for who in ("counsellor", "lead", "admin", "outsider"):
        with pytest.raises(NotFound):
            operations.propose(by=alpha.actor(who), request_id=accepted.request_id, **times)
    (time,) = operations.propose(by=alpha.actor("nurse"), request_id=accepted.request_id, **times)
    with pytest.raises((NotFound, Conflict)):
        operations.pick(by=alpha.actor("nurse"), request_id=accepted.request_id, time_id=time.pk)
    other = knock(alpha)
    with pytest.raises(NotFound):
        operations.pick(by=visitor(other), request_id=accepted.request_id, time_id=time.pk)
    with pytest.raises(NotFound):
        operations.pick(by=visitor(other), request_id=other.request_id, time_id=time.pk)


def test_what_stands_proposed_is_not_proposed_twice_and_never_more_than_five(alpha, clock) -> None:
    accepted = taken(alpha)
    proposed(alpha, accepted)
    assert len(proposed(alpha, accepted)) == 2
    more = [room(WEDNESDAY + n * HOUR) for n in (1, 3, 4)]
    assert len(proposed(alpha, accepted, *more)) == 5
    with pytest.raises(Invalid):
        proposed(alpha, accepted, room(THURSDAY))


def test_times_that_all_come_after_the_promise_do_not_keep_it(alpha, clock) -> None:
    accepted = taken(alpha)
    with pytest.raises(Invalid) as refused:
        proposed(alpha, accepted, room(THURSDAY + 7 * DAY), urgency="today")
    assert refused.value.errors[0].field == "times"
    assert not Meeting.objects.exists()


def test_a_place_is_sealed_and_opened_only_with_a_row_in_the_read_log(alpha, clock) -> None:
    accepted = agreed(alpha)
    row = MeetingTime.objects.get()
    assert str(row.place) == "[sealed]"
    before = ReadEntry.objects.filter(what="meeting").count()
    for by in (visitor(accepted), alpha.actor("nurse")):
        assert shown_to(by, contact_request(accepted), TUESDAY).agreed.place == PLACE
    assert ReadEntry.objects.filter(what="meeting").count() == before + 2
    said = " ".join(str(one) for one in Entry.objects.values_list("details", flat=True))
    assert PLACE not in said


def test_a_video_call_needs_a_secure_link(alpha, clock) -> None:
    accepted = taken(alpha)
    for link in (
        "http://meet.example.org/x",
        "javascript:alert(1)",
        "meet.example.org",
        "https://a b.no",
        "",
    ):
        with pytest.raises(Invalid):
            proposed(alpha, accepted, room(WEDNESDAY, way="video", place=link))
    assert proposed(alpha, accepted, room(WEDNESDAY, way="video", place=LINK))[0].way == "video"


def test_a_closing_that_was_a_slip_is_undone_and_the_meeting_stands_as_it_did(alpha, clock) -> None:
    accepted, choosing = agreed(alpha), taken(alpha)
    proposed(alpha, choosing, room(LATER), room(THURSDAY))
    due = {one.request_id: standing(one).due_at for one in (accepted, choosing)}
    nurse = alpha.actor("nurse")
    for one in (accepted, choosing):
        reach_and_close(by=nurse, request_id=one.request_id, outcome="helped")
        contact.undo_close(by=nurse, request_id=one.request_id)
        assert meeting_of(one).state == "open"
        assert standing(one).due_at == due[one.request_id]
    assert (states(accepted), states(choosing)) == (["agreed"], ["offered", "offered"])


def test_what_breaks_stays_with_the_one_whose_time_the_student_has_chosen(alpha, clock, at) -> None:
    """What they have chosen is not called off; that the word was late stands, and the page has one time and not two."""
    setup.set_guarantee(kind="counted_hours", amount=2, by=alpha.actor("admin"))
    accepted = agreed(alpha, THURSDAY)
    clock.move_to(accepted.due_at + MINUTE)
    break_due()
    request = contact_request(accepted)
    assert (request.taken_by_id, states(accepted)) == (alpha.people["nurse"], ["agreed"])
    assert promises_of(request.pk)[0].broken_at is not None
    assert "contact/went_on" not in Message.objects.values_list("template", flat=True)
    browser = at(alpha.alpha, headers={"accept-language": "en"})
    page = browser.post("/receipt/", {"receipt": accepted.receipt}, follow=True).content.decode()
    assert "We are sorry" in page
    assert "We have no new time for you yet" not in page
