"""A flood of knocks: everyone is accepted and promised, and the real one is found in time."""

import json
import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import altcha
import pytest
import time_machine
from django.test import Client, override_settings
from hypothesis import given
from hypothesis import strategies as st

from kernel import clock as kernel_clock
from kernel.actor import MACHINE
from kernel.audit.models import Entry
from kernel.errors import NotFound
from kernel.outbox.models import Message
from kernel.tenancy import inside
from services.contact import bucket, operations, work
from services.contact.models import ContactRequest, KnockBucket, SpentChallenge
from services.contact.queries import listed
from services.desk import queries as desk
from services.promises.models import Promise
from services.promises.operations import break_promise
from tests.cast import World
from tests.services.contact.people import knock

pytestmark = pytest.mark.django_db
ROOM = 5
#: Room for five at once, and one more every six minutes.
narrow = override_settings(KNOCKS_AT_ONCE=ROOM, KNOCKS_AN_HOUR=10)
NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


def solved(challenge: str) -> str:
    """What the browser makes of it (contact/work.js)."""
    asked = altcha.Challenge.from_dict(json.loads(challenge))
    answer = altcha.solve_challenge(asked)
    assert answer is not None
    return altcha.Payload(asked, answer).to_base64()


def held(accepted: operations.Accepted) -> str:
    return str(ContactRequest.objects.get(pk=accepted.request_id).held)


def shelf(world: World, name: Any) -> list[uuid.UUID]:
    return [row.request.pk for row in listed(world.actor("nurse"), name)]


# --- the bucket -----------------------------------------------------------------------------------------


@given(st.floats(0, 30), st.integers(-600, 6000))
def test_a_bucket_holds_its_room_and_never_less_than_nothing(tokens: float, minutes: int) -> None:
    now = NOON + timedelta(minutes=minutes)
    full = bucket.filled(tokens, NOON, now, room=30, an_hour=30)
    assert min(tokens, 30) <= full <= 30
    fine, left = bucket.take_one(full)
    assert fine == (full >= 1)
    assert left >= 0


def test_so_many_at_once_and_so_many_an_hour() -> None:
    tokens, since, let_through = 5.0, NOON, 0
    for minute in range(60):
        now = NOON + timedelta(minutes=minute)
        for _knock in range(20):
            fine, tokens = bucket.take_one(bucket.filled(tokens, since, now, room=5, an_hour=10))
            let_through, since = let_through + fine, now
    assert let_through == 5 + 9


# --- the flood ------------------------------------------------------------------------------------------


@narrow
def test_one_real_knock_in_a_flood_without_proof_stands_with_those_that_wait(alpha: World) -> None:
    junk = [knock(alpha, message=f"junk {n}") for n in range(60)]
    real = knock(alpha, message="Jeg trenger noen.", work=solved(work.challenge()))
    junk += [knock(alpha, message=f"junk {n}") for n in range(60)]
    waiting = shelf(alpha, "waiting")
    assert real.request_id in waiting
    assert len(waiting) == ROOM + 1
    assert len(shelf(alpha, "flood")) == 120 - ROOM
    counts = desk.counts(alpha.actor("nurse"))
    assert (counts.waiting, counts.flood) == (ROOM + 1, 120 - ROOM)
    assert len({one.receipt for one in (*junk, real)}) == 121, "everyone has a receipt"
    assert Promise.objects.count() == 121, "and a promise"
    assert {one.due_at for one in junk} == {real.due_at}, "the same one"


@narrow
def test_a_real_knock_that_is_held_is_found_let_out_and_never_late_for_it(alpha: World) -> None:
    for n in range(50):
        knock(alpha, message=f"junk {n}")
    real = knock(alpha, message="Jeg har ikke skript på telefonen.")
    before = Promise.objects.get(subject_id=real.request_id)
    assert held(real) == "held"
    assert real.request_id in shelf(alpha, "flood")
    assert real.request_id not in shelf(alpha, "waiting")
    for _press in range(2):
        operations.let_out(by=alpha.actor("nurse"), request_id=real.request_id)
    assert real.request_id in shelf(alpha, "waiting")
    assert Promise.objects.get(subject_id=real.request_id).due_at == before.due_at
    assert Entry.objects.filter(verb="contact.let_out").count() == 1


@narrow
def test_who_takes_it_has_let_it_out(alpha: World) -> None:
    for _n in range(ROOM):
        knock(alpha)
    real = knock(alpha)
    operations.take(by=alpha.actor("nurse"), request_id=real.request_id)
    assert held(real) == "let_out"
    operations.release(by=alpha.actor("nurse"), request_id=real.request_id)
    assert real.request_id in shelf(alpha, "waiting")


@narrow
def test_another_door_neither_sees_nor_lets_out_a_flood(alpha: World) -> None:
    for _n in range(ROOM + 1):
        last = knock(alpha)
    assert listed(alpha.actor("counsellor"), "flood") == []
    with pytest.raises(NotFound):
        operations.let_out(by=alpha.actor("counsellor"), request_id=last.request_id)


@narrow
def test_a_flood_is_told_of_once_an_hour_and_not_knock_by_knock(alpha: World) -> None:
    for _n in range(60):
        knock(alpha)
    told = Message.objects.filter(cause__startswith="knock:")
    people = told.values("recipient").distinct().count()
    assert people
    assert told.count() == (ROOM + 1) * people


@narrow
def test_a_flood_that_breaks_is_given_to_nobody_and_told_of_together(
    alpha: World, clock: time_machine.Traveller
) -> None:
    for _n in range(40):
        last = knock(alpha)
    clock.move_to(last.due_at + timedelta(minutes=1))
    for promise in Promise.objects.all():
        break_promise(by=MACHINE, promise_id=promise.pk, now=kernel_clock.now())
    assert Promise.objects.filter(broken_at__isnull=False).count() == 40, "each is broken, and says so"
    assert not ContactRequest.objects.filter(held="held", taken_by__isnull=False).exists()
    for cause in ("promise-broken:", "still-waiting:"):
        told = Message.objects.filter(cause__startswith=f"{cause}flood:")
        assert 0 < told.count() == told.values("recipient").distinct().count()


@narrow
def test_schools_have_buckets_of_their_own_and_time_fills_them(
    alpha: World, clock: time_machine.Traveller
) -> None:
    for _n in range(ROOM + 3):
        last = knock(alpha)
    assert held(last) == "held"
    clock.shift(timedelta(minutes=12))
    assert [held(knock(alpha)) for _n in range(3)] == ["", "", "held"]
    assert KnockBucket.objects.filter(proved=False).count() == 1


@narrow
def test_the_same_knock_sent_again_is_counted_once(alpha: World) -> None:
    key = uuid.uuid4().hex
    receipts = {knock(alpha, idempotency_key=key).receipt for _press in range(ROOM * 3)}
    assert len(receipts) == 1
    assert held(knock(alpha)) == ""


# --- the proof ------------------------------------------------------------------------------------------


@narrow
def test_a_solution_shown_again_proves_nothing_and_turns_nobody_away(alpha: World) -> None:
    answer = solved(work.challenge())
    for _n in range(ROOM):
        knock(alpha)  # the bucket of those without proof is empty
    assert held(knock(alpha, work=answer)) == ""
    replays = [knock(alpha, work=answer) for _n in range(20)]
    assert {held(one) for one in replays} == {"held"}
    assert all(one.receipt and one.due_at for one in replays)
    assert SpentChallenge.objects.count() == 1


def _tampered(answer: str) -> str:
    return answer[:40] + ("A" if answer[40] != "A" else "B") + answer[41:]


@narrow
@pytest.mark.parametrize(
    "broken",
    [lambda a: "", lambda a: "nonsense", lambda a: "e30=", lambda a: "W10=", lambda a: a * 9, lambda a: "å" * 50,
     _tampered, lambda a: "eyJjaGFsbGVuZ2UiOjEsInNvbHV0aW9uIjoyfQ=="],
)  # fmt: skip
def test_what_is_no_proof_is_a_knock_without_one(alpha: World, broken: Callable[[str], str]) -> None:
    accepted = knock(alpha, work=broken(solved(work.challenge())))
    assert held(accepted) == ""
    assert KnockBucket.objects.get().proved is False


def test_a_challenge_of_another_municipality_and_one_that_has_passed_prove_nothing(
    alpha: World, clock: time_machine.Traveller
) -> None:
    with inside(alpha.beta):
        theirs = solved(work.challenge())
    ours = solved(work.challenge())
    assert work.proof_of(theirs) is None
    assert work.proof_of(ours) is not None
    clock.shift(work.LASTS + timedelta(minutes=1))
    assert work.proof_of(ours) is None


def test_spent_challenges_are_forgotten_when_their_time_has_passed(
    alpha: World, clock: time_machine.Traveller
) -> None:
    knock(alpha, work=solved(work.challenge()))
    assert operations.forget_challenges(by=MACHINE) == 0
    clock.shift(work.LASTS + timedelta(minutes=1))
    assert operations.forget_challenges(by=MACHINE) == 1
    assert not SpentChallenge.objects.exists()


def test_nothing_of_a_challenge_leads_to_a_knock_or_is_finer_than_a_minute(alpha: World) -> None:
    knock(alpha, work=solved(work.challenge()))
    spent, row = SpentChallenge.objects.get(), KnockBucket.objects.get()
    assert {one.name for one in SpentChallenge._meta.get_fields()} == {"id", "digest", "until"}
    assert (spent.until.second, row.at.second, row.at.microsecond) == (0, 0, 0)


def test_the_last_page_asks_and_what_it_is_answered_counts(alpha: World, at: Callable[..., Client]) -> None:
    phone = at(alpha.alpha, headers={"accept-language": "en"})
    said = {"school": alpha.school, "role": alpha.nurse_role, "channel": "conversation", "step": "name"}
    page = phone.post("/knock/", said).content.decode()
    asked = re.search(r'name="work" data-challenge="([^"]+)"', page)
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert asked
    assert key
    form = {**said, "step": "check", "key": key[1], "work": solved(unescape(asked[1]))}
    assert phone.post("/knock/", form).status_code == 200
    assert KnockBucket.objects.get().proved is True
    with override_settings(PROOF_OF_WORK=0):
        assert "data-challenge" not in phone.post("/knock/", said).content.decode()


@narrow
def test_by_api_nobody_is_turned_away_either(alpha: World, at: Callable[..., Client]) -> None:
    body = {"school": str(alpha.school), "role": str(alpha.nurse_role), "channel": {"kind": "conversation"}}
    answers = [
        at(alpha.alpha).post(
            "/api/v1/contact-requests", body, content_type="application/json",
            headers={"idempotency-key": uuid.uuid4().hex},
        ).status_code
        for _n in range(ROOM * 2)
    ]  # fmt: skip
    assert set(answers) == {201}
    assert ContactRequest.objects.filter(held="held").count() == ROOM
