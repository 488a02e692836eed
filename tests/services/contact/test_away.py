"""While somebody is away others answer, by themselves and only while it lasts; who leaves leaves nothing behind."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.db import transaction

from kernel.actor import MACHINE
from kernel.audit.models import Entry
from kernel.errors import Conflict, NotFound
from kernel.outbox.models import Message
from services.contact import operations
from services.contact.holding import holder_of
from services.contact.models import ContactRequest, Recusal
from services.contact.queries import listed
from services.desk import queries as shelves
from services.promises import operations as promises
from services.promises.models import Promise
from services.promises.sweep import break_due
from tenants.presence import operations as presence
from tenants.presence.models import Absence
from tenants.setup import operations as setup
from tenants.setup.actors import today
from tenants.setup.models import Post
from tests.cast import World
from tests.services.contact.people import knock, reach_and_close, visitor


def leave(world: World, who: str, days: int = 4, first: int = 0):
    return presence.begin_absence(
        account_id=world.people[who],
        first_day=today() + timedelta(days=first),
        last_day=today() + timedelta(days=days),
        by=world.actor(who),
    ).absence_id


def substitute(world: World, who: str, *others: str) -> None:
    presence.name_substitutes(
        post_id=Post.objects.get(account_id=world.people[who]).pk,
        account_ids=[world.people[one] for one in others],
        by=MACHINE,
    )


def told(template: str) -> set[str]:
    return {
        message.account.get_short_name()
        for message in Message.objects.filter(template=template).select_related("account")
    }


def ids(world: World, who: str, shelf: str) -> list:
    return [row.request.pk for row in listed(world.actor(who), shelf)]


def test_what_the_absent_has_is_read_and_answered_by_who_stands_in_and_by_nobody_after(
    alpha: World, clock
) -> None:
    substitute(alpha, "nurse", "other_nurse")
    asked = knock(alpha).request_id
    operations.take(by=alpha.actor("nurse"), request_id=asked)
    with pytest.raises(NotFound):
        operations.read_conversation(by=alpha.actor("other_nurse"), request_id=asked)
    leave(alpha, "nurse", days=1)
    stand_in = alpha.actor("other_nurse")
    assert ids(alpha, "other_nurse", "waiting") == [asked]
    operations.read_conversation(by=stand_in, request_id=asked)
    operations.reply(by=stand_in, request_id=asked, text="Hei, jeg svarer for Nora.")
    assert ids(alpha, "other_nurse", "mine") == [asked]
    assert holder_of(ContactRequest.objects.get(pk=asked)).pk == alpha.people["other_nurse"]
    clock.shift(timedelta(days=2))
    with pytest.raises(NotFound):
        operations.read_conversation(by=alpha.actor("other_nurse"), request_id=asked)
    assert ids(alpha, "nurse", "waiting") == [asked]


def test_what_nobody_took_meanwhile_is_the_holders_again(alpha: World, clock) -> None:
    asked = knock(alpha).request_id
    operations.take(by=alpha.actor("nurse"), request_id=asked)
    leave(alpha, "nurse", days=0)
    assert ids(alpha, "second_nurse", "waiting") == [asked]
    clock.shift(timedelta(days=1))
    assert ids(alpha, "second_nurse", "waiting") == []
    assert ids(alpha, "nurse", "mine") == [asked]


def test_no_other_role_gains_anything_by_an_absence(alpha: World, clock) -> None:
    asked = knock(alpha).request_id
    leave(alpha, "nurse")
    leave(alpha, "second_nurse")
    for who in ("counsellor", "lead", "admin", "outsider", "other_nurse"):
        with pytest.raises(NotFound):
            operations.read_conversation(by=alpha.actor(who), request_id=asked)


def test_a_knock_is_told_to_who_is_there_and_never_to_the_absent(alpha: World, clock) -> None:
    leave(alpha, "nurse")
    knock(alpha)
    assert told("contact/knock") == {"Signe"}
    leave(alpha, "second_nurse")
    knock(alpha)
    assert told("contact/knock") == {"Signe"}
    assert told("contact/nobody_there") == {"Lena"}


def test_who_is_back_before_the_promise_runs_out_is_told_rather_than_the_lead(alpha: World, clock) -> None:
    """Tuesday 10:00, 24 counted hours: due on Wednesday. Both are away on Tuesday alone."""
    leave(alpha, "nurse", days=0)
    leave(alpha, "second_nurse", days=0)
    knock(alpha)
    assert told("contact/knock") == {"Nora", "Signe"}
    assert told("contact/nobody_there") == set()


@pytest.mark.parametrize("why", ["nothing is planned", "an absence", "the post ends"])
def test_who_is_not_back_by_then_has_it_no_more_whatever_keeps_them(alpha: World, clock, why: str) -> None:
    """Nora works Mondays; what she promised is due on Monday afternoon, and it is Friday."""
    accepted = knock(alpha)
    operations.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    monday = datetime(2026, 9, 21, 12, 0, tzinfo=UTC)
    Promise.objects.filter(subject_id=accepted.request_id).update(due_at=monday)
    post = Post.objects.get(account_id=alpha.people["nurse"])
    presence.change_weekdays(post_id=post.pk, weekdays=[1], by=MACHINE)
    if why == "an absence":
        leave(alpha, "nurse", first=6, days=10)
    elif why == "the post ends":
        setup.end_post(post_id=post.pk, last_day=monday.date() - timedelta(days=1), by=alpha.actor("admin"))
    clock.shift(timedelta(days=3))
    row = ContactRequest.objects.get(pk=accepted.request_id)
    if why == "nothing is planned":
        assert holder_of(row) is not None
        return
    assert holder_of(row) is None
    operations.take(by=alpha.actor("second_nurse"), request_id=accepted.request_id)


@pytest.mark.parametrize(("weekdays", "free"), [([1, 3], False), ([1, 4], True)])
def test_on_a_day_off_a_request_stays_unless_its_promise_runs_out_before(
    alpha: World, clock, weekdays: list[int], free: bool
) -> None:
    """It is Tuesday and due on Wednesday 10:00: who works on Wednesday keeps it, who is back on Thursday not."""
    asked = knock(alpha).request_id
    operations.take(by=alpha.actor("nurse"), request_id=asked)
    post = Post.objects.get(account_id=alpha.people["nurse"])
    presence.change_weekdays(post_id=post.pk, weekdays=weekdays, by=MACHINE)
    assert (ids(alpha, "second_nurse", "waiting") == [asked]) is free


def test_a_students_words_to_somebody_absent_reach_who_is_there(alpha: World, clock) -> None:
    asked = knock(alpha)
    operations.take(by=alpha.actor("nurse"), request_id=asked.request_id)
    leave(alpha, "nurse")
    operations.student_writes(by=visitor(asked), request_id=asked.request_id, text="Er du der?")
    assert told("contact/message") == {"Signe"}


# --- leaving ----------------------------------------------------------------------------------------------


def two_requests(alpha: World) -> list:
    asked = [knock(alpha).request_id for _ in range(2)]
    for one in asked:
        operations.take(by=alpha.actor("nurse"), request_id=one)
    return asked


def test_nobody_leaves_while_an_open_request_has_no_new_holder(alpha: World, clock) -> None:
    first, second = two_requests(alpha)
    admin, nurse = alpha.actor("admin"), alpha.people["nurse"]
    for takers in ({}, {first: alpha.people["second_nurse"]}):
        with pytest.raises(Conflict) as refused, transaction.atomic():
            setup.close_person(account_id=nurse, takers=takers, by=admin)
        assert refused.value.code == setup.HOLDS_REQUESTS
        assert str(2 - len(takers)) in str(refused.value.detail)
    with pytest.raises(Conflict), transaction.atomic():
        setup.end_post(post_id=Post.objects.get(account_id=nurse).pk, by=admin)
    assert alpha.account("nurse").is_active
    assert set(ContactRequest.objects.values_list("taken_by", flat=True)) == {nurse}
    setup.close_person(account_id=nurse, takers={first: alpha.people["second_nurse"], second: None}, by=admin)
    assert holder_of(ContactRequest.objects.get(pk=first)).get_short_name() == "Signe"
    assert ContactRequest.objects.get(pk=second).state == "waiting"
    assert told("contact/handed") == {"Signe"}
    assert Entry.objects.filter(verb="contact.hand_on").count() == 2


def test_what_is_closed_meanwhile_is_nobodys_burden_and_what_arrives_is_asked_for(
    alpha: World, clock
) -> None:
    first, second = two_requests(alpha)
    chosen = {first: alpha.people["second_nurse"]}
    reach_and_close(by=alpha.actor("nurse"), request_id=second, outcome="helped")
    third = knock(alpha).request_id
    operations.take(by=alpha.actor("nurse"), request_id=third)
    with pytest.raises(Conflict), transaction.atomic():
        setup.close_person(account_id=alpha.people["nurse"], takers=chosen, by=alpha.actor("admin"))
    setup.close_person(
        account_id=alpha.people["nurse"], takers={**chosen, third: None}, by=alpha.actor("admin")
    )
    assert not alpha.account("nurse").is_active


def test_a_substitute_from_elsewhere_gets_the_post_with_the_request(alpha: World, clock) -> None:
    (first, second), other = two_requests(alpha), alpha.people["other_nurse"]
    substitute(alpha, "nurse", "other_nurse")
    setup.close_person(
        account_id=alpha.people["nurse"], takers={first: other, second: other}, by=alpha.actor("admin")
    )
    assert Post.objects.filter(account_id=other, school_id=alpha.school).count() == 1
    assert ids(alpha, "other_nurse", "mine") == [first, second] or ids(alpha, "other_nurse", "mine") == [
        second,
        first,
    ]


def test_the_last_at_a_door_cannot_leave_what_waits_to_nobody(alpha: World, clock) -> None:
    asked = two_requests(alpha)
    second = Post.objects.get(account_id=alpha.people["second_nurse"])
    setup.end_post(post_id=second.pk, by=MACHINE)
    with pytest.raises(Conflict) as refused:
        setup.close_person(
            account_id=alpha.people["nurse"], takers=dict.fromkeys(asked), by=alpha.actor("admin")
        )
    assert "post" in str(refused.value.detail)


def test_the_guided_page_names_number_and_clock_and_no_word_of_what_was_written(
    alpha: World, clock, at
) -> None:
    from services.contact.queries import visible_to
    from tests.isolation.stage import session_of
    from tests.services.contact.people import SECRET

    first, second = two_requests(alpha)
    numbers = list(visible_to(alpha.actor("nurse")).values_list("case_number", flat=True))
    browser = at(alpha.alpha)
    from django.conf import settings

    browser.cookies[settings.SESSION_COOKIE_NAME] = session_of(alpha.account("admin"), "alfa.localhost")
    where = f"/setup/people/{alpha.people['nurse']}/close/"
    page = browser.get(where).content.decode()
    assert all(number in page for number in numbers)
    assert SECRET not in page
    sent = {"confirmed": "1", f"taker_{first}": "pool"}
    answer = browser.post(where, sent)
    assert answer.status_code == 409
    assert alpha.account("nurse").is_active
    answer = browser.post(where, {**sent, f"taker_{second}": str(alpha.people["second_nurse"])})
    assert answer.status_code == 302
    assert not alpha.account("nurse").is_active


def as_herself(alpha: World, at, who: str = "nurse"):
    from django.conf import settings

    from tests.isolation.stage import session_of

    browser = at(alpha.alpha, headers={"accept-language": "en"})
    browser.cookies[settings.SESSION_COOKIE_NAME] = session_of(alpha.account(who), "alfa.localhost")
    return browser


def asks(browser, first: int = 0, last: int = 3, **more: str) -> str:
    days = {"first_day": today() + timedelta(days=first), "last_day": today() + timedelta(days=last)}
    answer = browser.post("/away/", {**{key: day.isoformat() for key, day in days.items()}, **more})
    return (
        " ".join(unescape(answer.content.decode()).split())
        if answer.status_code == 200
        else str(answer.status_code)
    )


def test_before_an_absence_is_noted_one_reads_what_waits_and_what_becomes_of_each(
    alpha: World, clock, at
) -> None:
    from tests.services.contact.people import SECRET

    mine, free = knock(alpha), knock(alpha)
    knock(alpha, role_id=alpha.counsellor_role)  # at a door of somebody else
    aside = knock(alpha)
    operations.recuse(by=alpha.actor("nurse"), request_id=aside.request_id)
    operations.take(by=alpha.actor("nurse"), request_id=mine.request_id)
    page = as_herself(alpha, at)
    said = asks(page)
    assert not Absence.objects.exists()
    assert f"Number {mine.case_number}" in said
    assert "What nobody has taken yet" in said
    assert "1 waits" in said
    assert free.case_number not in said  # a count and a clock
    assert said.count("Whoever is there answers: Signe Alfa") == 2
    assert said.count("<time") >= 2
    assert SECRET not in said
    post = Post.objects.get(account_id=alpha.people["nurse"])
    presence.name_substitutes(post_id=post.pk, account_ids=[alpha.people["other_nurse"]], by=MACHINE)
    assert "Olga Alfa answers as the substitute" in asks(page)
    assert asks(page, confirmed="1") == "302"
    assert Absence.objects.filter(account_id=alpha.people["nurse"]).exists()


def test_where_nobody_will_be_there_it_says_until_when_and_that_the_lead_is_told(
    alpha: World, clock, at
) -> None:
    knock(alpha)
    presence.begin_absence(
        account_id=alpha.people["second_nurse"],
        first_day=today(),
        last_day=today() + timedelta(days=1),
        by=MACHINE,
    )
    page = as_herself(alpha, at)
    assert "Nobody is there before" in asks(page)
    alone = asks(page, last=1)
    assert "Nobody is there until then. Those in charge are told the clock and the role." in alone
    assert "Ask an administrator for a substitute:" in alone
    assert alpha.account("admin").name in alone
    theirs = as_herself(alpha, at, "admin").post(
        f"/setup/people/{alpha.people['nurse']}/away/",
        {"first_day": today().isoformat(), "last_day": (today() + timedelta(days=1)).isoformat()},
    )
    assert "Name a substitute first:" in theirs.content.decode()
    assert (
        f"/setup/posts/{Post.objects.filter(account_id=alpha.people['nurse'])[0].pk}/"
        in theirs.content.decode()
    )
    assert "Whoever is there answers: Signe Alfa" in asks(page, first=2, last=5)


@pytest.mark.parametrize("who", ["nurse", "admin"])
def test_days_that_cannot_be_are_refused_at_the_field_before_anything_is_worked_out(
    alpha: World, clock, at, who: str
) -> None:
    mine = knock(alpha)
    operations.take(by=alpha.actor("nurse"), request_id=mine.request_id)
    where = "/away/" if who == "nurse" else f"/setup/people/{alpha.people['nurse']}/away/"
    typed = {"first_day": "9999-12-30", "last_day": "9999-12-31"}
    answer = as_herself(alpha, at, who).post(where, typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "That is more than two years away. Choose an earlier day." in page
    assert all(f'value="{day}"' in page for day in typed.values())


def test_what_is_said_after_confirming_comforts_nobody_falsely(alpha: World, clock, at) -> None:
    knock(alpha)
    page = as_herself(alpha, at)
    assert asks(page, last=0, confirmed="1") == "302"
    assert "Noted. Whoever is there answers in the meantime." in page.get("/away/").content.decode()
    leave(alpha, "second_nurse", days=3, first=1)
    assert "Nobody is there until then." in asks(page, first=3, last=3)
    assert asks(page, first=3, last=3, confirmed="1") == "302"  # the promise has run out by then
    said = unescape(page.get("/away/").content.decode())
    assert "Noted. Nobody is there for what waits: Solhaug skole Alfa · " in said
    assert "are told" not in said
    assert asks(page, first=1, last=1, confirmed="1") == "302"
    said = unescape(page.get("/away/").content.decode())
    assert "Whoever is there answers in the meantime" not in said
    assert "Noted. Nobody is there for what waits: Solhaug skole Alfa · " in said
    assert "Those in charge are told the clock and the role." in said


IF_NOBODY_CAN = "If nobody can, those in charge are told the clock and the role."


def test_it_says_told_only_of_what_those_in_charge_are_told_of(alpha: World, clock, at) -> None:
    """Signe is away already, and the holder is there on Mondays alone: their absence on Tuesday changes nothing."""
    asked = knock(alpha)
    operations.take(by=alpha.actor("nurse"), request_id=asked.request_id)
    presence.change_weekdays(
        post_id=Post.objects.get(account_id=alpha.people["nurse"]).pk, weekdays=[1], by=MACHINE
    )
    leave(alpha, "second_nurse")
    before = Message.objects.filter(template="contact/nobody_then").count()
    page = as_herself(alpha, at)
    said = asks(page, last=1)
    assert "Nobody is there until then." in said
    assert "are told" not in said
    assert asks(page, last=1, confirmed="1") == "302"
    said = unescape(page.get("/away/").content.decode())
    assert "Noted. Nobody is there for what waits: Solhaug skole Alfa · " in said
    assert "are told" not in said
    assert Message.objects.filter(template="contact/nobody_then").count() == before


def test_where_one_who_is_there_cannot_have_it_nobody_is_named_and_nobody_is_missing(
    alpha: World, clock, at
) -> None:
    asked = knock(alpha)
    operations.take(by=alpha.actor("nurse"), request_id=asked.request_id)
    page = as_herself(alpha, at)
    assert "Whoever is there answers: Signe Alfa" in asks(page)
    operations.recuse(by=alpha.actor("second_nurse"), request_id=asked.request_id)
    said = asks(page)
    assert "Signe" not in said
    assert "Nobody is there" not in said
    assert f"Whoever is there answers. {IF_NOBODY_CAN}" in said
    assert asks(page, confirmed="1") == "302"
    noted = unescape(page.get("/away/").content.decode())
    assert f"Noted. Whoever is there answers in the meantime. {IF_NOBODY_CAN}" in noted
    assert told("contact/nobody_then") == {"Lena"}


@pytest.mark.parametrize("refused", ["admin", "second_nurse"])
def test_who_notes_it_for_somebody_else_reads_the_same_whomever_the_student_said_no_to(
    alpha: World, clock, at, refused: str
) -> None:
    """The administrator answers at the door too."""
    door = {"role_id": alpha.nurse_role, "school_id": alpha.school}
    setup.give_post(account_id=alpha.people["admin"], **door, by=MACHINE)
    asked = knock(alpha)
    operations.take(by=alpha.actor("nurse"), request_id=asked.request_id)
    page, where = as_herself(alpha, at, "admin"), f"/setup/people/{alpha.people['nurse']}/away/"
    days = {"first_day": today().isoformat(), "last_day": (today() + timedelta(days=3)).isoformat()}

    def read() -> str:
        said = page.post(where, days).content.decode()
        return said[said.index("What they have") : said.index("Confirm the absence")]

    before = read()
    assert IF_NOBODY_CAN in before
    Recusal.objects.create(
        request_id=asked.request_id, account_id=alpha.people[refused], had_it=False, by_student=True,
        at=asked.due_at,
    )  # fmt: skip
    assert read() == before


def test_where_nothing_waits_and_nobody_is_there_it_says_so_too(alpha: World, clock, at) -> None:
    leave(alpha, "second_nurse", days=3, first=2)
    page = as_herself(alpha, at)
    assert asks(page, first=1, last=1) == "302"
    assert "Noted. Whoever is there answers in the meantime." in page.get("/away/").content.decode()
    assert asks(page, first=2, last=3) == "302"
    said = unescape(page.get("/away/").content.decode())
    assert "Noted. On some of these days nobody is there: Solhaug skole Alfa · " in said
    leave(alpha, "second_nurse", days=5, first=4)
    assert asks(page, first=4, last=5) == "302"  # a weekend: nobody is to be there
    said = unescape(page.get("/away/").content.decode())
    assert "On some of these days nobody is there" not in said


def test_an_absence_of_one_day_names_the_day_once(alpha: World, clock, at) -> None:
    knock(alpha)
    page, admin = as_herself(alpha, at), as_herself(alpha, at, "admin")
    person = f"/setup/people/{alpha.people['nurse']}/"
    hint = "Both days are included: from Monday 3 up to and including Friday 7."
    assert "up to and including" not in asks(page, first=3, last=3)
    assert "up to and including" in asks(page, first=3, last=4)
    leave(alpha, "nurse", days=3, first=3)
    own = page.get("/away/").content.decode()
    assert "Only " in own
    assert "up to and including" not in own.replace(hint, "")
    assert "up to and including" not in admin.get(person).content.decode()
    leave(alpha, "nurse", days=5, first=4)
    assert "up to and including" in page.get("/away/").content.decode().replace(hint, "")
    assert "up to and including" in admin.get(person).content.decode()


def test_a_flood_is_not_counted_and_with_nothing_that_waits_nothing_is_asked(alpha: World, clock, at) -> None:
    flood = knock(alpha)
    ContactRequest.objects.filter(pk=flood.request_id).update(held=ContactRequest.Held.HELD)
    assert asks(as_herself(alpha, at)) == "302"


def test_the_api_says_how_many_wait(alpha: World, clock, at) -> None:
    from kernel.api.tokens import issue

    two_requests(alpha)
    token = issue(account=alpha.account("admin"), scopes=("setup:read", "setup:write"), by=MACHINE)
    answer = at(alpha.alpha).post(
        f"/api/v1/setup/people/{alpha.people['nurse']}/close", HTTP_AUTHORIZATION=f"Bearer {token}"
    )
    assert answer.status_code == 409
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.json()["type"].endswith("holds-open-requests")
    assert "2" in answer.json()["detail"]


def test_the_student_sees_who_has_it_now(alpha: World, clock, at) -> None:
    asked = knock(alpha)
    operations.take(by=alpha.actor("nurse"), request_id=asked.request_id)
    setup.close_person(
        account_id=alpha.people["nurse"],
        takers={asked.request_id: alpha.people["second_nurse"]},
        by=alpha.actor("admin"),
    )
    page = at(alpha.alpha).post("/receipt/", {"receipt": asked.receipt}, follow=True).content.decode()
    assert "Signe" in page
    assert "Nora" not in page


def test_what_a_colleague_read_is_still_news_for_the_one_who_was_away(alpha, clock) -> None:
    accepted = knock(alpha)
    operations.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Hei")
    leave(alpha, "nurse", days=0)
    operations.student_writes(by=visitor(accepted), request_id=accepted.request_id, text="Verre nå")
    operations.read_conversation(by=alpha.actor("second_nurse"), request_id=accepted.request_id)
    clock.shift(timedelta(days=1))
    assert shelves.counts(alpha.actor("nurse")).news == 1
    operations.read_conversation(by=alpha.actor("nurse"), request_id=accepted.request_id)
    assert shelves.counts(alpha.actor("nurse")).news == 0


def test_who_closes_an_account_reads_first_what_broke_and_still_waits(alpha: World, clock, at) -> None:
    late, soon = two_requests(alpha)
    for one in (soon, late):
        operations.read_conversation(by=alpha.actor("nurse"), request_id=one)
    operations.reply(by=alpha.actor("nurse"), request_id=soon, text="Hei!")
    leave(alpha, "second_nurse")
    broke = Promise.objects.get(subject_id=late)
    clock.move_to(broke.due_at + timedelta(hours=1))
    assert break_due().marked == 1
    operations.take(by=alpha.actor("nurse"), request_id=late)
    fresh = knock(alpha).request_id
    operations.take(by=alpha.actor("nurse"), request_id=fresh)
    promises.explain(by=alpha.actor("lead"), promise_id=broke.pk, said="answered")
    page = as_herself(alpha, at, "admin").get(f"/setup/people/{alpha.people['nurse']}/close/")
    said = unescape(page.content.decode())
    assert said.count("Broken and still unanswered: the answer was promised by") == 1
    assert said.count("Answered; the conversation goes on.") == 1
    order = sorted((late, soon, fresh), key=lambda one: said.index(f'name="taker_{one}"'))
    assert order == [late, fresh, soon]


def test_where_nobody_is_there_the_places_are_named_and_no_other(alpha: World, clock, at) -> None:
    setup.give_post(
        account_id=alpha.people["nurse"], role_id=alpha.counsellor_role, school_id=alpha.school, by=MACHINE
    )
    knock(alpha)
    knock(alpha, role_id=alpha.counsellor_role)
    leave(alpha, "second_nurse")
    said = asks(as_herself(alpha, at))
    named = said.partition("Nobody is there for what waits here: ")[2].partition(". Ask an administrator")[0]
    assert named.startswith("Solhaug")
    assert named.count(" · ") == 1
    assert "Whoever is there answers: Carl Alfa" in said


def test_the_end_says_how_many_cases_were_chosen_for_whom_and_which_post_came_with_it(
    alpha: World, clock, at
) -> None:
    first, second = two_requests(alpha)
    third = knock(alpha).request_id
    operations.take(by=alpha.actor("nurse"), request_id=third)
    other = alpha.people["other_nurse"]
    sent = {f"taker_{one}": str(other) for one in (first, second)} | {f"taker_{third}": "pool"}
    last = today() + timedelta(days=10)
    where = f"/setup/people/{alpha.people['nurse']}/close/"
    browser = as_herself(alpha, at, "admin")
    answer = browser.post(where, {"confirmed": "1", "until": last.isoformat(), **sent}, follow=True)
    said = " ".join(unescape(answer.content.decode()).split())
    assert "Nora Alfa can no longer sign in. Chosen for what they had: " in said
    assert "Olga Alfa (2 cases)" in said
    assert "Whoever of the role comes first (1 case)" in said
    post = Post.objects.get(account_id=other, school_id=alpha.school)
    assert post.ends_on == last
    assert re.search(
        r"Olga Alfa has a post, Solhaug skole Alfa · School nurse, up to and including [^.]+\.", said
    )
    assert said.count("Olga Alfa has a post") == 1
