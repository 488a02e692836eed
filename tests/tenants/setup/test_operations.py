"""The verbs of set-up: what they refuse, what they leave behind, what they never touch."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.conf import settings

from kernel.audit.models import Entry
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.guarantee import CountedHours, WorkingCalendar, WorkingDays, due_at
from kernel.people.models import Account
from tenants.setup import operations as setup
from tenants.setup.actors import today
from tenants.setup.models import CalendarVersion, ClosedDay, HelperRole, Lead, Post, School, SetupVersion
from tenants.setup.queries import current_calendar, guarantee_for, holders_of, leads_of, portal

EVERY_DAY = {str(day): [["00:00", "24:00"]] for day in range(1, 8)}


def fields(refusal: pytest.ExceptionInfo) -> list[str]:
    assert all(str(error.message) for error in refusal.value.errors)
    return [error.field for error in refusal.value.errors]


# --- who may
# -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["nurse", "lead", "outsider"])
def test_only_administrators_change_the_set_up(world, alpha, who) -> None:
    by = world.actor(who)
    for verb, arguments in (
        ("add_school", {"name": "Ny skole", "form": "compulsory"}),
        ("change_hours", {"open_hours": EVERY_DAY}),
        ("set_guarantee", {"kind": "counted_hours", "amount": 5}),
        ("invite_person", {"email": "x@alfa.example", "name": "Xx"}),
        ("appoint_administrator", {"account_id": by.id}),
        ("change_look", {"brand": "#112233"}),
    ):
        with pytest.raises(NotAllowed):
            getattr(setup, verb)(**arguments, by=by)


def test_a_change_is_audited_by_name_and_bumps_the_version(admin) -> None:
    before = SetupVersion.objects.get().stamp
    school = setup.add_school(name="Nymark skole", form="compulsory", by=admin)
    entry = Entry.objects.get(object_id=str(school))
    assert (entry.verb, entry.actor_id) == ("setup.add_school", admin.id)
    assert "Nymark" not in str(entry.details)
    assert SetupVersion.objects.get().stamp != before


def test_a_change_that_changes_nothing_leaves_no_trace(world, admin) -> None:
    before, entries = SetupVersion.objects.get().stamp, Entry.objects.count()
    school = School.objects.get(pk=world.school)
    setup.rename_school(school_id=school.pk, name=school.name, form=school.form, by=admin)
    setup.reopen_school(school_id=school.pk, by=admin)
    assert SetupVersion.objects.get().stamp == before
    assert Entry.objects.count() == entries


# --- schools, employers, roles
# -------------------------------------------------------------------------------


def test_two_open_schools_never_share_a_name(world, admin) -> None:
    name = School.objects.get(pk=world.school).name
    with pytest.raises(Invalid) as refused:
        setup.add_school(name=f"  {name.upper()} ", form="compulsory", by=admin)
    assert fields(refused) == ["name"]


def test_a_closed_school_lends_its_name_and_cannot_come_back_while_it_is_lent(world, admin) -> None:
    name = School.objects.get(pk=world.school).name
    setup.close_school(school_id=world.school, by=admin)
    setup.close_school(school_id=world.school, by=admin)
    assert portal().school(world.school) is None
    setup.add_school(name=name, form="compulsory", by=admin)
    with pytest.raises(Conflict):
        setup.reopen_school(school_id=world.school, by=admin)


def test_closing_a_school_leaves_posts_so_that_open_requests_keep_their_helpers(world, admin) -> None:
    setup.close_school(school_id=world.school, by=admin)
    assert holders_of(role_id=world.nurse_role, school_id=world.school)
    assert world.actor("nurse").holds(world.nurse_role, world.school)


@pytest.mark.parametrize("name", ["", " ", "x", "y" * 121])
def test_a_school_needs_a_name(admin, name) -> None:
    with pytest.raises(Invalid) as refused:
        setup.add_school(name=name, form="compulsory", by=admin)
    assert fields(refused) == ["name"]


def test_an_unknown_school_or_role_is_not_found(admin) -> None:
    with pytest.raises(NotFound):
        setup.rename_school(school_id=uuid4(), name="Ny skole", by=admin)
    with pytest.raises(NotFound):
        setup.close_role(role_id=uuid4(), by=admin)


def test_an_employer_somebody_works_for_cannot_be_removed(world, admin) -> None:
    employer = setup.add_employer(name="Modum kommune", kind="municipality", by=admin)
    with pytest.raises(Invalid) as refused:
        setup.add_employer(name="modum KOMMUNE", kind="county", by=admin)
    assert fields(refused) == ["name"]
    setup.change_role(role_id=world.nurse_role, employer_id=employer, by=admin)
    with pytest.raises(Conflict):
        setup.remove_employer(employer_id=employer, by=admin)
    setup.change_role(role_id=world.nurse_role, employer_id=None, by=admin)
    setup.remove_employer(employer_id=employer, by=admin)
    setup.remove_employer(employer_id=employer, by=admin)


def test_a_role_has_the_municipality_s_own_names(admin) -> None:
    role = setup.add_role(names={"nb": "  Ungdoms­los ", "en": ""}, keeps={"nb": "Alt."}, by=admin)
    row = HelperRole.objects.get(pk=role)
    assert list(row.names) == ["nb"]
    with pytest.raises(Invalid) as refused:
        setup.add_role(names={"xx": "Los"}, by=admin)
    assert fields(refused) == ["names.xx"]
    with pytest.raises(Invalid) as refused:
        setup.add_role(names={"nb": " "}, by=admin)
    assert fields(refused) == ["names"]


def test_the_last_role_cannot_be_closed(world, admin) -> None:
    setup.close_role(role_id=world.counsellor_role, by=admin)
    with pytest.raises(Conflict):
        setup.close_role(role_id=world.nurse_role, by=admin)


# --- people
# --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("email", ["", "kari", "kari@", "kari@@alfa.example", "kari alfa@x.no"])
def test_a_malformed_address_is_refused_by_name(admin, email) -> None:
    with pytest.raises(Invalid) as refused:
        setup.invite_person(email=email, name="Kari", by=admin)
    assert fields(refused) == ["email"]


def test_the_same_address_again_is_the_same_person(world, admin) -> None:
    nurse = world.account("nurse")
    assert setup.invite_person(email=nurse.email.upper(), name="Nora", by=admin) == nurse.pk


def test_a_post_is_held_from_its_first_day_to_its_last(world, admin) -> None:
    ulf, role, school = world.people["outsider"], world.counsellor_role, world.school
    start = today() + timedelta(days=3)
    post = setup.give_post(
        account_id=ulf, role_id=role, school_id=school, starts_on=start, ends_on=start + timedelta(days=1),
        by=admin,
    )  # fmt: skip
    assert not world.actor("outsider").posts
    for day, holds in ((-1, False), (0, True), (1, True), (2, False)):
        there = holders_of(role, school, on=start + timedelta(days=day))
        assert (ulf in [account.pk for account in there]) is holds
    again = setup.give_post(account_id=ulf, role_id=role, school_id=school, starts_on=start, by=admin)
    assert again == post


def test_a_post_that_ends_before_it_starts_is_refused(world, admin) -> None:
    with pytest.raises(Invalid) as refused:
        setup.give_post(
            account_id=world.people["outsider"], role_id=world.nurse_role, school_id=world.school,
            starts_on=today(), ends_on=today() - timedelta(days=1), by=admin,
        )  # fmt: skip
    assert fields(refused) == ["ends_on"]


def test_an_ended_post_opens_nothing_any_more(world, admin) -> None:
    post = Post.objects.get(account_id=world.people["nurse"])
    setup.end_post(post_id=post.pk, by=admin)
    setup.end_post(post_id=post.pk, by=admin)
    assert not world.actor("nurse").posts
    assert world.people["nurse"] not in [one.pk for one in holders_of(world.nurse_role, world.school)]


def test_leads_of_a_school_come_before_leads_of_all(world, admin) -> None:
    setup.appoint_lead(account_id=world.people["outsider"], school_id=world.school, by=admin)
    assert [one.pk for one in leads_of(world.school)] == [world.people["outsider"], world.people["lead"]]
    assert [one.pk for one in leads_of(world.other_school)] == [world.people["lead"]]
    assert world.actor("outsider").leads_school(world.school)
    assert not world.actor("outsider").leads_school(world.other_school)


def test_the_last_administrator_cannot_be_dismissed_or_closed(world, admin) -> None:
    with pytest.raises(Conflict):
        setup.dismiss_administrator(account_id=admin.id, by=admin)
    with pytest.raises(Conflict):
        setup.close_person(account_id=admin.id, by=admin)
    assert Account.objects.get(pk=admin.id).is_active
    setup.appoint_administrator(account_id=world.people["lead"], by=admin)
    setup.dismiss_administrator(account_id=admin.id, by=admin)
    assert not world.actor("admin").is_administrator


def test_closing_a_person_ends_posts_leads_and_account_together(world, admin) -> None:
    nurse = world.people["nurse"]
    setup.appoint_lead(account_id=nurse, by=admin)
    setup.close_person(account_id=nurse, by=admin)
    assert not holders_of(world.nurse_role, world.school) or nurse not in [
        one.pk for one in holders_of(world.nurse_role, world.school)
    ]
    assert not Lead.objects.filter(account_id=nurse).exists()
    assert not Account.objects.get(pk=nurse).is_active


# --- the calendar
# --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("week", "wrong"),
    [
        ({}, ["open_hours"]),
        ({"1": []}, ["open_hours"]),
        ({"1": [["08:00", "12:00"], ["11:00", "16:00"]]}, ["open_hours.1"]),
        ({"2": [["16:00", "08:00"]]}, ["open_hours.2"]),
        ({"3": [["08:00", "08:00"]]}, ["open_hours.3"]),
        ({"4": [["08:00", "25:00"]]}, ["open_hours.4"]),
        ({"5": [["08:00", ""]], "6": [["x", "y"]]}, ["open_hours.5", "open_hours.6"]),
        ({"8": [["08:00", "16:00"]]}, ["open_hours.8"]),
    ],
)
def test_a_week_that_cannot_be_is_refused_day_by_day(admin, week, wrong) -> None:
    with pytest.raises(Invalid) as refused:
        setup.change_hours(open_hours=week, by=admin)
    assert fields(refused) == wrong
    if wrong == ["open_hours"]:
        assert "never open" in str(refused.value.errors[0].message)


def test_several_intervals_a_day_and_midnight_are_legal(admin) -> None:
    setup.change_hours(open_hours={"1": [["13", "24.00"], ["8:00", "12:00"]]}, by=admin)
    calendar, _version = current_calendar()
    assert calendar.open_hours[1] == ((480, 720), (780, 1440))


def test_a_calendar_edit_makes_a_new_version_and_leaves_the_old_one_standing(admin) -> None:
    before, version = current_calendar()
    setup.change_hours(open_hours={"1": [["08:00", "16:00"]]}, by=admin)
    after, new_version = current_calendar()
    assert new_version != version
    assert WorkingCalendar.from_json(CalendarVersion.objects.get(pk=version).data) == before != after


def test_the_same_week_again_makes_no_new_version(admin) -> None:
    calendar, version = current_calendar()
    setup.change_hours(open_hours=calendar.to_json()["open_hours"], by=admin)
    assert current_calendar()[1] == version


def test_a_calendar_too_seldom_open_for_the_promise_is_refused(admin) -> None:
    setup.set_guarantee(kind="counted_hours", amount=240, by=admin)
    with pytest.raises(Invalid) as refused:
        setup.change_hours(open_hours={"1": [["08:00", "09:00"]]}, by=admin)
    assert fields(refused) == ["open_hours"]


def holiday(day: date) -> ClosedDay:
    return ClosedDay.objects.get(day=day, kind=ClosedDay.Kind.PUBLIC_HOLIDAY)


def test_a_public_holiday_is_the_municipality_s_to_decide(admin) -> None:
    year = today().year + 1
    may_first = date(year, 5, 1)
    day = holiday(may_first)
    assert not current_calendar()[0].is_counted(may_first)
    setup.change_holiday(closed_day_id=day.pk, state="open", by=admin)
    assert current_calendar()[0].is_counted(may_first) is (may_first.isoweekday() < 6)
    setup.change_holiday(closed_day_id=day.pk, state="half", closes_at="11.30", by=admin)
    special = current_calendar()[0].special_hours
    assert special.get(may_first, ((0, 690),)) == ((0, 690),)
    assert holiday(may_first).decided_by == admin.id
    with pytest.raises(Invalid) as refused:
        setup.change_holiday(closed_day_id=day.pk, state="half", closes_at="25:00", by=admin)
    assert fields(refused) == ["closes_at"]


def test_importing_a_year_again_keeps_what_was_decided(admin) -> None:
    year = today().year + 1
    day = holiday(date(year, 12, 25))
    setup.change_holiday(closed_day_id=day.pk, state="open", by=admin)
    assert setup.import_holidays(year=year, by=admin) == 0
    assert holiday(date(year, 12, 25)).state == "open"
    assert setup.import_holidays(year=today().year + 4, by=admin) > 10
    with pytest.raises(Invalid):
        setup.import_holidays(year=1999, by=admin)


def test_breaks_and_closed_days_close_and_open_again(admin) -> None:
    ordinary, _version = current_calendar()
    mondays = (today() + timedelta(days=7 * n - today().weekday()) for n in range(1, 20))
    monday = next(day for day in mondays if not any(map(ordinary.why_closed, (day, day + timedelta(days=7)))))
    one = setup.add_break(name="Høstferie", first_day=monday, last_day=monday + timedelta(days=4), by=admin)
    assert (
        setup.add_break(name="Høstferie", first_day=monday, last_day=monday + timedelta(days=4), by=admin)
        == one
    )
    day = setup.add_closed_day(day=monday + timedelta(days=7), name="Planleggingsdag", by=admin)
    calendar, _version = current_calendar()
    assert calendar.why_closed(monday) == "school_break"
    assert calendar.why_closed(monday + timedelta(days=7)) == "extra_closed_day"
    setup.change_hours(school_breaks_counted=True, by=admin)
    assert current_calendar()[0].why_closed(monday) is None
    setup.remove_break(break_id=one, by=admin)
    setup.remove_break(break_id=one, by=admin)
    setup.remove_closed_day(closed_day_id=day, by=admin)
    assert not current_calendar()[0].breaks
    assert not current_calendar()[0].extra_closed_days


@pytest.mark.parametrize(
    ("days", "field"), [((3, 1), "last_day"), ((0, 400), "last_day"), ((0, 40000), "last_day")]
)
def test_a_break_that_cannot_be_is_refused(admin, days, field) -> None:
    first, last = (today() + timedelta(days=n) for n in days)
    with pytest.raises(Invalid) as refused:
        setup.add_break(name="Ferie", first_day=first, last_day=last, by=admin)
    assert fields(refused) == [field]


# --- the promise
# ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "amount", "field"),
    [
        ("counted_hours", 0, "amount"),
        ("counted_hours", 10_000, "amount"),
        ("counted_hours", -1, "amount"),
        ("working_days", 0, "amount"),
        ("working_days", 31, "amount"),
        ("weeks", 1, "kind"),
    ],
)
def test_a_promise_nobody_can_mean_is_refused(admin, kind, amount, field) -> None:
    with pytest.raises(Invalid) as refused:
        setup.set_guarantee(kind=kind, amount=amount, by=admin)
    assert fields(refused) == [field]


def test_the_narrowest_promise_wins_and_can_be_taken_back(world, admin) -> None:
    def promised(school, role):
        return guarantee_for(school, role)[1]

    setup.set_guarantee(kind="counted_hours", amount=48, school_id=world.school, by=admin)
    assert promised(world.school, world.nurse_role) == CountedHours(48)
    setup.set_guarantee(kind="working_days", amount=2, role_id=world.nurse_role, by=admin)
    assert promised(world.school, world.nurse_role) == WorkingDays(2, "next_open_day")
    assert promised(world.school, world.counsellor_role) == CountedHours(48)
    assert promised(world.other_school, world.counsellor_role) == CountedHours(24)
    setup.set_guarantee(
        kind="counted_hours", amount=4, school_id=world.school, role_id=world.nurse_role, by=admin
    )
    assert promised(world.school, world.nurse_role) == CountedHours(4)
    assert promised(world.other_school, world.nurse_role) == WorkingDays(2, "next_open_day")
    setup.reset_guarantee(school_id=world.school, role_id=world.nurse_role, by=admin)
    assert promised(world.school, world.nurse_role) == WorkingDays(2, "next_open_day")
    with pytest.raises(Conflict):
        setup.reset_guarantee(by=admin)


# --- languages and wording
# -----------------------------------------------------------------------------------


def test_the_default_language_is_one_of_those_offered(admin) -> None:
    setup.change_languages(languages=["nn", "nb", "nn"], default_language="nn", by=admin)
    assert portal().language_codes == ("nn", "nb")
    assert portal().default_language == "nn"
    for languages, default, wrong in (
        ([], "nb", ["languages", "default_language"]),
        (["nb"], "sv", ["default_language"]),
        (["nb", "xx"], "nb", ["languages"]),
    ):
        with pytest.raises(Invalid) as refused:
            setup.change_languages(languages=languages, default_language=default, by=admin)
        assert fields(refused) == wrong


def test_own_words_stand_until_they_are_emptied(admin) -> None:
    setup.change_wording(key="greeting", language="nb", text=" Bank på, du! ", by=admin)
    assert portal().sentence("greeting", "nb") == "Bank på, du!"
    assert portal().sentence("greeting", "en") == ""
    setup.change_wording(key="greeting", language="nb", text="", by=admin)
    assert portal().sentence("greeting", "nb") == ""
    with pytest.raises(Invalid) as refused:
        setup.change_wording(key="password", language="xx", text="y" * 500, by=admin)
    assert fields(refused) == ["key", "language", "text"]


# --- furnishing
# ----------------------------------------------------------------------------------------------


def test_a_furnished_municipality_promises_24_hours_on_weekdays(admin, world) -> None:
    calendar, guarantee, _version = guarantee_for(world.school, world.nurse_role)
    asked = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)  # Wednesday before Easter, 14:00 in Norway
    if not calendar.why_closed(date(2026, 4, 2)):
        setup.import_holidays(year=2026, by=admin)
        calendar, guarantee, _version = guarantee_for(world.school, world.nurse_role)
    assert due_at(calendar, guarantee, asked) == datetime(2026, 4, 7, 12, 0, tzinfo=UTC)


def test_nobody_furnishes_twice(admin) -> None:
    with pytest.raises(Conflict):
        setup.furnish(country="NO", kind="county", languages=["nb"], default_language="nb", by=admin)


def test_every_role_we_furnish_speaks_all_six_languages() -> None:
    from tenants.setup.countries import COUNTRIES
    from tenants.setup.role_texts import role_texts

    spoken = {code for code, _name in settings.LANGUAGES}
    for country, start in COUNTRIES.items():
        for key in {key for keys in start.roles.values() for key in keys}:
            texts = role_texts(country, key)
            for kind in ("names", "describes", "keeps"):
                assert set(texts[kind]) == spoken, (country, key, kind)
                for text in texts[kind].values():
                    assert all(len(sentence.split()) <= 12 for sentence in text.split("."))
