"""A change that would leave a gap is shown before it is saved, or refused, as the municipality chooses."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.urls import reverse

from kernel.actor import MACHINE
from kernel.audit.models import Entry
from kernel.errors import Invalid, NotAllowed
from tenants.feasibility.guard import LeavesGaps
from tenants.presence import operations as presence
from tenants.presence.models import Absence, Substitute
from tenants.presence.presence import mask_of
from tenants.setup import operations as setup
from tenants.setup.actors import today
from tenants.setup.models import HelperRole, Post, ResponseGuarantee, School
from tenants.setup.queries import blocks_gaps, guarantees


@pytest.fixture
def blocks(admin):
    setup.change_on_gaps(on_gaps="block", by=admin)


@pytest.fixture
def olga(world, alpha) -> Post:
    """The only nurse at Fjellvang, there on every day."""
    return Post.objects.get(account=world.people["other_nurse"])


def relax(world) -> None:
    """Five working days are promised at Fjellvang."""
    setup.set_guarantee(kind="working_days", amount=5, school_id=world.other_school, by=MACHINE)


# --- the choice ------------------------------------------------------------------------------------------


def test_it_warns_until_an_administrator_chooses_otherwise_and_can_be_taken_back(world, browser) -> None:
    assert not blocks_gaps()
    assert browser.post(reverse("feasibility:choose"), {"on_gaps": "block"}).status_code == 302
    assert blocks_gaps()
    html = browser.get(reverse("feasibility:overview")).content.decode()
    assert "Adam Alfa, today at 10:00: Refuse it" in re.sub(r"<[^>]+>", "", html)
    assert (
        'name="on_gaps" value="warn"' in html[html.index("Take it back") - 400 : html.index("Take it back")]
    )
    browser.post(reverse("feasibility:choose"), {"on_gaps": "warn"})
    assert not blocks_gaps()
    assert [
        one.details["now"] for one in Entry.objects.filter(verb="setup.change_on_gaps").order_by("at", "pk")
    ] == [
        "block",
        "warn",
    ]


def test_only_administrators_choose_and_only_what_there_is(world, admin) -> None:
    with pytest.raises(NotAllowed):
        setup.change_on_gaps(on_gaps="block", by=world.actor("lead"))
    with pytest.raises(Invalid):
        setup.change_on_gaps(on_gaps="shrug", by=admin)


# --- refused -----------------------------------------------------------------------------------------------


def test_nothing_that_leaves_a_gap_is_saved_where_it_is_blocked(world, admin, olga, blocks) -> None:
    nurse, there = world.nurse_role, world.other_school
    with pytest.raises(LeavesGaps) as refusal:
        presence.change_weekdays(post_id=olga.pk, weekdays=[1, 2, 3], by=admin)
    said = str(refusal.value.errors[0].message)
    assert "Fjellvang skole Alfa" in said
    assert "Olga" not in said
    with pytest.raises(LeavesGaps):
        setup.end_post(post_id=olga.pk, by=admin)
    with pytest.raises(LeavesGaps):
        setup.end_post(post_id=olga.pk, last_day=today() + timedelta(days=10), by=admin)
    with pytest.raises(LeavesGaps):
        setup.give_post(
            account_id=world.people["outsider"],
            role_id=world.counsellor_role,
            school_id=there,
            starts_on=today() + timedelta(days=8),
            by=admin,
        )
    assert Post.objects.get(pk=olga.pk).weekdays == 127
    assert Post.objects.get(pk=olga.pk).ends_on is None
    assert Post.objects.filter(role=nurse, school=there).count() == 1


def test_a_shorter_promise_is_refused_whoever_it_is_for(world, admin, olga, blocks) -> None:
    relax(world)
    presence.change_weekdays(post_id=olga.pk, weekdays=[1], by=admin)
    for place in (
        {"school_id": world.other_school},
        {"school_id": world.other_school, "role_id": world.nurse_role},
    ):
        with pytest.raises(LeavesGaps):
            setup.set_guarantee(kind="counted_hours", amount=24, **place, by=admin)
    with pytest.raises(LeavesGaps):
        setup.reset_guarantee(school_id=world.other_school, by=admin)
    assert guarantees()[world.other_school, None].days == 5
    setup.set_guarantee(kind="working_days", amount=4, school_id=world.other_school, by=admin)  # leaves none


def test_a_substitute_is_not_taken_away_from_who_is_away(world, admin, olga, blocks) -> None:
    signe = world.people["second_nurse"]
    presence.name_substitutes(post_id=olga.pk, account_ids=[signe], by=admin)
    presence.begin_absence(
        account_id=olga.account_id, first_day=today(), last_day=today() + timedelta(days=9), by=admin
    )
    with pytest.raises(LeavesGaps):
        presence.name_substitutes(post_id=olga.pk, account_ids=[], by=admin)
    assert Substitute.objects.filter(post=olga).exists()


def test_a_role_and_a_school_open_again_only_without_a_gap(world, admin, olga, blocks) -> None:
    school, role = world.other_school, world.nurse_role
    School.objects.filter(pk=school).update(opened_on=date(2020, 1, 1))
    setup.close_school(school_id=school, by=admin)
    setup.close_role(role_id=role, by=admin)
    Post.objects.filter(pk=olga.pk).update(weekdays=mask_of([1]))
    setup.reopen_school(school_id=school, by=admin)
    with pytest.raises(LeavesGaps):
        setup.reopen_role(role_id=role, by=admin)
    assert HelperRole.objects.get(pk=role).closed_on is not None
    setup.close_school(school_id=school, by=admin)
    setup.reopen_role(role_id=role, by=admin)
    with pytest.raises(LeavesGaps):
        setup.reopen_school(school_id=school, by=admin)
    assert School.objects.get(pk=school).closed_on is not None


def test_nobody_is_kept_from_being_away_from_leaving_or_by_the_machine(world, admin, olga, blocks) -> None:
    presence.begin_absence(account_id=olga.account_id, first_day=today(), last_day=today(), by=admin)
    assert Absence.objects.exists()
    presence.change_weekdays(post_id=olga.pk, weekdays=[1], by=MACHINE)
    setup.close_person(account_id=olga.account_id, by=admin)
    assert not world.account("other_nurse").is_active


def test_a_gap_that_is_there_already_is_no_reason_to_refuse(world, admin, olga, blocks) -> None:
    presence.change_weekdays(post_id=olga.pk, weekdays=[1], by=MACHINE)
    presence.change_weekdays(post_id=olga.pk, weekdays=[1, 2], by=admin)
    setup.set_guarantee(kind="working_days", amount=2, by=admin)


def test_the_pages_say_a_refusal_in_words(world, browser, olga, blocks) -> None:
    post = browser.post(reverse("presence:post", args=[olga.pk]), {"act": "weekdays", "weekdays": ["1", "2"]})
    assert post.status_code == 422
    assert "you have chosen to refuse that" in post.content.decode()
    end = browser.post(reverse("setup:end_post", args=[olga.pk]), {"confirmed": "1"})
    assert end.status_code == 409
    assert "you have chosen to refuse that" in end.content.decode()
    relax(world)
    presence.change_weekdays(post_id=olga.pk, weekdays=[1], by=MACHINE)
    reset = browser.post(f"{reverse('setup:reset_guarantee')}?school={world.other_school}")
    assert reset.status_code == 409
    assert "nobody is there" in reset.content.decode()
    assert (world.other_school, None) in guarantees()


# --- shown first -------------------------------------------------------------------------------------------


def mark_in(html: str) -> str:
    start = html.index('name="gaps_seen" value="') + len('name="gaps_seen" value="')
    return html[start : html.index('"', start)]


def test_weekdays_that_leave_a_gap_are_shown_first_and_saved_when_it_has_been_seen(
    world, browser, olga
) -> None:
    address, typed = (
        reverse("presence:post", args=[olga.pk]),
        {"act": "weekdays", "weekdays": ["1", "2", "3"]},
    )
    html = unescape(browser.post(address, typed).content.decode())
    assert "This leaves a gap" in html
    assert (
        "School nurse, Fjellvang skole Alfa. Thursday 17 September to Friday 18 September: nobody is there."
        in html
    )
    assert Post.objects.get(pk=olga.pk).weekdays == 127
    other = browser.post(address, {**typed, "weekdays": ["1"], "gaps_seen": mark_in(html)})
    assert "This leaves a gap" in other.content.decode()  # another gap than the one that was seen
    assert browser.post(address, {**typed, "gaps_seen": mark_in(html)}).status_code == 302
    assert Post.objects.get(pk=olga.pk).weekdays == mask_of([1, 2, 3])


def test_what_leaves_none_is_saved_at_once(world, browser, olga) -> None:
    relax(world)
    address = reverse("presence:post", args=[olga.pk])
    assert browser.post(address, {"act": "weekdays", "weekdays": ["1", "3"]}).status_code == 302


def test_a_shorter_promise_is_shown_first(world, browser, olga) -> None:
    relax(world)
    presence.change_weekdays(post_id=olga.pk, weekdays=[1], by=MACHINE)
    address = f"{reverse('setup:guarantees')}?school={world.other_school}"
    typed = {"kind": "counted_hours", "amount": "24", "received_when_closed": "next_open_day"}
    html = browser.post(address, typed).content.decode()
    assert guarantees()[world.other_school, None].days == 5
    assert browser.post(address, {**typed, "gaps_seen": mark_in(html)}).status_code == 302
    assert guarantees()[world.other_school, None].hours == 24


def test_the_general_promise_asks_before_it_holds_again(world, browser, olga) -> None:
    relax(world)
    presence.change_weekdays(post_id=olga.pk, weekdays=[1], by=MACHINE)
    address = f"{reverse('setup:reset_guarantee')}?school={world.other_school}"
    html = browser.post(address).content.decode()
    assert "Do it all the same" in html
    assert ResponseGuarantee.objects.filter(school=world.other_school).exists()
    assert browser.post(address, {"gaps_seen": mark_in(html)}).status_code == 302
    assert not ResponseGuarantee.objects.filter(school=world.other_school).exists()


def test_ending_a_post_and_closing_an_account_say_what_they_leave(world, browser, olga) -> None:
    for name, key in (("setup:end_post", olga.pk), ("setup:close_person", olga.account_id)):
        html = browser.get(reverse(name, args=[key])).content.decode()
        assert "This leaves a gap" in html
    address = reverse("setup:end_post", args=[olga.pk])
    assert "This leaves a gap" in browser.post(address, {"confirmed": "1"}).content.decode()
    assert Post.objects.get(pk=olga.pk).ends_on is None
    mark = mark_in(browser.get(address).content.decode())
    assert browser.post(address, {"confirmed": "1", "gaps_seen": mark}).status_code == 302
    assert Post.objects.get(pk=olga.pk).ends_on is not None


def test_a_post_that_opens_a_door_later_is_shown_first(world, browser, olga) -> None:
    address = reverse("setup:person", args=[world.people["outsider"]])
    typed = {
        "act": "post",
        "post-role": str(world.counsellor_role),
        "post-school": str(world.other_school),
        "post-starts_on": (today() + timedelta(days=8)).isoformat(),
    }
    html = browser.post(address, typed).content.decode()
    assert "This leaves a gap" in html
    assert not Post.objects.filter(account=world.people["outsider"]).exists()
    assert browser.post(address, {**typed, "gaps_seen": mark_in(html)}).status_code == 302
    assert Post.objects.filter(account=world.people["outsider"]).exists()
