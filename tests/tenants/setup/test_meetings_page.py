"""How soon one meets is set by place and urgency, in numbers an administrator sees the meaning of."""

import re

import pytest
from django.test import Client

from kernel.actor import MACHINE
from kernel.errors import Invalid
from kernel.guarantee import CountedHours, WorkingDays
from tenants.setup import operations as setup
from tenants.setup.queries import longest_pause, meeting_reminder, meetings_within
from tests.cast import World

FORM = {
    "today_amount": "4", "today_kind": "counted_hours", "days_amount": "2", "days_kind": "working_days",
    "weeks_amount": "15", "weeks_kind": "working_days", "reminder": "60", "longest_pause": "7",
}  # fmt: skip


def test_what_is_saved_for_everybody_holds_everywhere_and_nothing_said_is_the_usual(
    world, browser: Client
) -> None:
    assert meetings_within(world.school, world.nurse_role)["days"] == WorkingDays(3, "next_open_day")
    assert browser.post("/setup/meetings/", FORM).status_code == 302
    within = meetings_within(world.school, world.nurse_role)
    assert within["today"] == CountedHours(4)
    assert within["weeks"] == WorkingDays(15, "next_open_day")
    assert meeting_reminder().total_seconds() == 3600
    assert longest_pause() == WorkingDays(7, "next_open_day")


def test_the_narrowest_place_wins_for_each_urgency_by_itself(world: World, alpha) -> None:
    for school, role, urgency, amount in (
        (None, None, "today", 4),
        (None, None, "days", 9), (world.school, None, "days", 8), (None, world.nurse_role, "days", 7),
        (world.school, world.nurse_role, "days", 6), (world.school, None, "today", 5),
    ):  # fmt: skip
        setup.set_meeting_guarantee(
            urgency=urgency, kind="counted_hours", amount=amount, school_id=school, role_id=role, by=MACHINE
        )
    within = meetings_within(world.school, world.nurse_role)
    assert (within["days"], within["today"]) == (CountedHours(6), CountedHours(5))
    assert meetings_within(world.other_school, world.nurse_role)["days"] == CountedHours(7)
    assert meetings_within(world.school, world.counsellor_role)["days"] == CountedHours(8)
    assert meetings_within(world.other_school, world.counsellor_role)["days"] == CountedHours(9)
    setup.reset_meeting_guarantees(school_id=world.school, role_id=world.nurse_role, by=MACHINE)
    assert meetings_within(world.school, world.nurse_role)["days"] == CountedHours(7)


def test_a_number_nobody_can_mean_is_refused_beside_its_field_and_nothing_is_saved(
    world, browser: Client
) -> None:
    answer = browser.post("/setup/meetings/", FORM | {"weeks_amount": "31"})
    assert answer.status_code == 422
    assert 'id="id_weeks_amount' in answer.content.decode()
    assert browser.post("/setup/meetings/", FORM | {"reminder": "5"}).status_code == 422
    assert browser.post("/setup/meetings/", FORM | {"longest_pause": "31"}).status_code == 422
    assert meetings_within(None, None)["today"] == CountedHours(8)
    with pytest.raises(Invalid):
        setup.set_meeting_guarantee(urgency="soon", kind="counted_hours", amount=4, by=MACHINE)


def test_the_page_says_by_when_one_meets_at_one_place_and_its_promise_can_be_taken_away(
    world, browser: Client
) -> None:
    place = f"/setup/meetings/?school={world.school}&role={world.nurse_role}"
    without = {name: value for name, value in FORM.items() if name not in ("reminder", "longest_pause")}
    assert browser.post(place, without).status_code == 302
    html = browser.get(place).content.decode()
    assert "<time" in html
    assert "Solhaug" in browser.get("/setup/meetings/").content.decode()
    reset = f"/setup/meetings/reset/?school={world.school}&role={world.nurse_role}"
    assert browser.post(reset).status_code == 302
    assert meetings_within(world.school, world.nurse_role)["today"] == CountedHours(8)
    assert browser.get("/setup/meetings/?school=nonsense").status_code == 404


@pytest.mark.parametrize(
    ("changed", "row"),
    [
        ({"today_amount": "0"}, "It cannot wait"),
        ({"days_amount": "x"}, "It can wait some days"),
        ({"weeks_amount": "1"}, "It can wait some weeks"),  # sooner than some days
        ({"today_amount": "200"}, "It can wait some days"),  # 200 open hours are more than two working days
        ({"days_kind": "counted_hours", "days_amount": "3"}, "It can wait some days"),
    ],
)
def test_what_is_wrong_names_its_row_keeps_what_was_typed_and_saves_nothing(
    world, browser: Client, changed: dict[str, str], row: str
) -> None:
    before = meetings_within(None, None)
    answer = browser.post("/setup/meetings/", FORM | changed, headers={"accept-language": "en"})
    assert answer.status_code == 422
    html = answer.content.decode()
    summary = html.split('class="ds-error-summary"')[1].split("</ul>")[0]
    assert f"{row} · " in summary
    for name, typed in (FORM | changed).items():
        if name.endswith("_amount"):
            assert re.search(rf'name="{name}"[^>]*value="{typed}"|value="{typed}"[^>]*name="{name}"', html), (
                name
            )
    assert meetings_within(None, None) == before


def test_one_alone_is_held_to_the_same_order_as_all_at_once_and_names_its_field(world: World, alpha) -> None:
    """Beside what is promised there already: it cannot wait (8 hours), some days (3 days), some weeks (15 days)."""
    place = {"school_id": world.school, "role_id": world.nurse_role, "by": MACHINE}

    def refused(urgency: str, kind: str, amount: int) -> list[tuple[str, str]]:
        before = meetings_within(world.school, world.nurse_role)
        said = []
        with pytest.raises(Invalid) as alone:
            setup.set_meeting_guarantee(urgency=urgency, kind=kind, amount=amount, **place)
        with pytest.raises(Invalid) as together:
            setup.set_meeting_guarantees(within={urgency: (kind, amount)}, **place)
        for one, other in zip(alone.value.errors, together.value.errors, strict=True):
            assert (f"{urgency}.{one.field}", one.message) == (other.field, other.message)
            said.append((one.field, str(one.message)[:17]))
        assert meetings_within(world.school, world.nurse_role) == before
        return said

    assert refused("days", "counted_hours", 3) == [("amount", "This comes before")]
    assert refused("today", "counted_hours", 200) == [("amount", "This comes after ")]
    assert refused("weeks", "working_days", 2) == [("amount", "This comes before")]
    assert refused("weeks", "working_days", 31)[0][0] == "amount"
    setup.set_meeting_guarantee(urgency="today", kind="counted_hours", amount=2, **place)
    setup.set_meeting_guarantee(urgency="days", kind="counted_hours", amount=3, **place)


def test_hours_and_days_that_may_be_in_order_are_not_refused(world, browser: Client) -> None:
    hours = FORM | {"today_amount": "16", "days_amount": "2"}  # two open days of eight hours, and two days
    assert browser.post("/setup/meetings/", hours).status_code == 302


def test_reminders_out_of_order_are_said_beside_the_one_that_is_wrong(world, browser: Client) -> None:
    answer = browser.post("/setup/reminders/", {"first": "50", "second": "40", "third": "120"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert 'href="#id_second"' in html
    assert 'href="#id_third"' in html
    assert 'href="#id_first"' not in html
