"""The code by e-mail: nobody learns whom we know, nobody takes another's code away, and guessing leads nowhere."""

import re
import statistics
import time
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel import clock, jobs
from kernel.actor import MACHINE, NOBODY
from kernel.errors import NotAllowed
from kernel.people.models import Account
from kernel.tenancy import inside, operator
from tenants.onboarding import operations, states
from tenants.onboarding.models import Application, EmailCode, Signature
from tenants.setup import operations as setup
from tenants.setup.models import HelperRole, School
from tests.tenants.onboarding.support import Applicant, signs_in
from tests.tenants.onboarding.test_attacks import at_once

STRANGER = "nobody@skjaak.kommune.no"
WRONG = ("111 111", "222 222")


class Asker:
    """Somebody at the page that sends codes, for one address."""

    def __init__(self, email: str) -> None:
        self.email = email
        self.client = Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE="en")
        self.page = None

    def ask(self) -> tuple[int, str]:
        return self._seen(self.client.post("/start/continue/", {"email": self.email}))

    def again(self) -> tuple[int, str]:
        return self._posts(go="again")

    def types(self, code: str) -> tuple[int, str]:
        return self._posts(code=code)

    def _posts(self, **data: str) -> tuple[int, str]:
        pending = re.search(r'name="pending" value="([^"]+)"', self.page.content.decode()).group(1)
        answer = self.client.post("/start/code/", {"pending": pending, "email": self.email, **data})
        return self._seen(answer)

    def _seen(self, page) -> tuple[int, str]:
        """What whoever asks sees: the token and what they typed themselves aside."""
        self.page = page
        html = re.sub(r'(name="(?:pending|csrfmiddlewaretoken)") value="[^"]+"', r"\1", page.content.decode())
        headers = {k: v for k, v in page.headers.items() if k not in ("Content-Length", "Set-Cookie")}
        return page.status_code, f"{headers} {html.replace(self.email, 'ADDRESS')}"


@pytest.fixture
def known(applicant):
    applicant.verify()
    with inside(operator()):
        EmailCode.objects.all().delete()
        cache.clear()  # as for somebody who has not asked today
    return Asker(applicant.email)


def wrong_for(box) -> str:
    return WRONG[0] if box.mails and box.code() != WRONG[0] else WRONG[1]


def test_who_asks_gets_the_same_answer_for_an_address_we_know_and_one_we_do_not(known, box):
    stranger = Asker(STRANGER)
    for number in range(states.MAILS_A_DAY + 2):  # beyond the last mail as well
        assert known.ask() == stranger.ask(), number
        assert known.page.status_code == 200
    jobs.drain()
    assert known.again() == stranger.again()
    for number in range(states.CODE_ATTEMPTS + 2):
        assert known.types(wrong_for(box)) == stranger.types(wrong_for(box)), number
    assert known.page.status_code == 422
    assert "too many tries" in known.page.content.decode()
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        assert known.types(wrong_for(box)) == stranger.types(wrong_for(box))
    with time_machine.travel(clock.now() + timedelta(days=1, minutes=11), tick=False):
        assert known.ask() == stranger.ask()
        assert known.types(wrong_for(box)) == stranger.types(wrong_for(box))
        assert "This code is wrong." in known.page.content.decode()
    with time_machine.travel(clock.now() + timedelta(days=1, minutes=22), tick=False):
        assert known.types(wrong_for(box)) == stranger.types(wrong_for(box))
        assert "too old" in known.page.content.decode()


def test_nothing_is_sent_to_an_address_we_do_not_know(committed, box):
    stranger = Asker(STRANGER)
    stranger.ask()
    stranger.again()
    jobs.drain()
    assert box.mails == []
    assert not Application.objects.exists()


def statements(act) -> list[str]:
    """What is asked of the database, without the values."""
    with CaptureQueriesContext(connection) as caught:
        act()
    return [re.sub(r"'[^']*'(::\w+)?|\b\d+\b|IS NULL|= NULL", "?", one["sql"]) for one in caught]


def test_the_same_is_asked_of_the_database_for_both(known):
    stranger = Asker(STRANGER)
    Asker("eva@vang.kommune.no").ask()  # from now on this client is counted
    for act in ("ask", "ask", "again"):
        ours, theirs = statements(getattr(known, act)), statements(getattr(stranger, act))
        assert len(ours) == len(theirs) > 5
        assert [one.split()[0] for one in ours] == [one.split()[0] for one in theirs]
    ours, theirs = statements(lambda: known.types(WRONG[0])), statements(lambda: stranger.types(WRONG[0]))
    assert [one.split()[0] for one in ours] == [one.split()[0] for one in theirs]


def test_both_answers_take_as_long(known, monkeypatch):
    """Interleaved, so that a busy machine is busy for both; the middle of many."""
    for limit in ("ASKS_AN_HOUR", "MAILS_A_DAY"):
        monkeypatch.setattr(states, limit, 10_000)
    stranger, took = Asker(STRANGER), ([], [])
    for _ in range(25):
        for asker, times in ((known, took[0]), (stranger, took[1])):
            began = time.perf_counter()
            asker.ask()
            times.append(time.perf_counter() - began)
    ours, theirs = map(statistics.median, took)
    assert 0.5 < ours / theirs < 2, (ours, theirs)


def test_a_living_code_stays_alive_when_anybody_asks_again(applicant, box):
    page = applicant.ask_for_code()
    jobs.drain()
    first = box.code()
    for _ in range(2):
        Asker(applicant.email).ask()  # a stranger, from anywhere
        jobs.drain()
    assert [box.text(n).count(first) for n in range(3)] == [1, 1, 1]  # the same one, once more
    assert applicant.type_code(page, first).status_code == 302


def test_a_code_asked_for_again_has_its_ten_minutes_anew_and_says_so(applicant, box):
    page = applicant.ask_for_code()
    asked = clock.now()
    jobs.drain()
    first, token = box.code(), Asker(applicant.email)
    token.page = page
    with time_machine.travel(asked + timedelta(minutes=9), tick=False):
        status, seen = token.again()
        assert (status, "on its way once more" in seen) == (200, True)
    with time_machine.travel(asked + timedelta(minutes=15), tick=False):
        assert applicant.type_code(page, first).status_code == 302


def test_at_most_five_mails_a_day_go_to_one_address_whoever_asks_and_how(applicant, box):
    page = applicant.ask_for_code()
    jobs.drain()
    applicant.number = "974 760 673"
    applicant.ask_for_code()  # another sign-up of the same person
    jobs.drain()
    asker = Asker(applicant.email)
    asker.page = page
    for act in (asker.again, asker.again, asker.ask, asker.ask, asker.again):
        act()
        jobs.drain()
    assert len(box.mails) == states.MAILS_A_DAY
    with time_machine.travel(clock.now() + timedelta(days=1, minutes=1), tick=False):
        asker.ask()
        jobs.drain()
    assert len(box.mails) == states.MAILS_A_DAY + 1


def test_a_double_press_is_one_code(applicant):
    applicant.ask_for_code()
    with inside(operator()):
        EmailCode.objects.all().delete()
    ids = at_once(*[lambda: operations.resume(email=applicant.email, language="en", by=NOBODY)] * 4)
    assert len(set(ids)) == 1
    with inside(operator()):
        assert EmailCode.objects.count() == 1


def test_two_starts_at_once_are_one_sign_up(committed):
    answers = {
        "country": "NO", "kind": "municipality", "organisation_number": "958935420",
        "email": "kari@lom.kommune.no", "contact_name": "Kari Nordmann", "language": "nb",
    }  # fmt: skip
    at_once(*[lambda: operations.start(**answers, by=NOBODY)] * 4)
    with inside(operator()):
        assert Application.objects.count() == EmailCode.objects.count() == 1


def test_wrong_guesses_count_together_from_whichever_device(applicant, box):
    here = Asker(applicant.email)
    here.page = applicant.ask_for_code()
    there = Asker(applicant.email)
    there.ask()
    jobs.drain()
    right, wrong = box.code(), wrong_for(box)
    for number in range(states.CODE_ATTEMPTS):
        status, seen = (here, there)[number % 2].types(wrong)
        assert status == 422
    assert "too many tries" in seen  # the fifth says it at once
    for asker in (here, there):
        status, seen = asker.types(right)
        assert (status, "too many tries" in seen) == (422, True)
        assert re.search(r'value="again"[^>]*><span>Send a new code', seen)
        assert "Everything you have typed so far is kept." in seen
    assert applicant.application.state == states.CODE_SENT


def test_after_five_wrong_guesses_a_new_code_goes_on_with_everything_kept(applicant, box):
    asker = Asker(applicant.email)
    asker.page = applicant.ask_for_code()
    jobs.drain()
    old, before = box.code(), applicant.application.pk
    for _ in range(states.CODE_ATTEMPTS):
        asker.types(wrong_for(box))
    asker.again()
    jobs.drain()
    if box.code() != old:
        assert asker.types(old)[0] == 422
    assert asker.types(box.code())[0] == 302
    now = applicant.application
    assert (now.pk, now.state, now.contact_name) == (before, states.VERIFIED, "Kari Nordmann")


def test_a_sign_up_that_a_stranger_starts_with_my_address_does_not_stand_before_mine(applicant, box):
    applicant.verify()
    applicant.post("/start/name/", {"name": "Lom kommune"})
    Applicant(box, number="974 760 673").ask_for_code()  # somebody else, with my address
    me = Asker(applicant.email)
    me.ask()
    jobs.drain()
    assert me.types(box.to(applicant.email)[-1].split("\n\n")[-2])[0] == 302
    assert me.page.headers["Location"] == "/start/address/"


def test_what_a_stranger_typed_first_is_not_what_the_owner_goes_on_with(applicant, box):
    stranger = Applicant(box)
    stranger.answers = {"country": "NO", "kind": "county", "organisation_number": "958935420"}
    stranger.answer("email", email=applicant.email, contact_name="Somebody Else", anyway="1")
    applicant.verify()
    with inside(operator()):
        mine = Application.objects.get()
    assert (mine.contact_name, mine.kind, mine.state) == ("Kari Nordmann", "municipality", states.VERIFIED)
    stranger.answer("email", email=applicant.email, contact_name="Somebody Else", anyway="1")
    assert applicant.application.contact_name == "Kari Nordmann"


def test_what_was_typed_stays_in_the_field(applicant, box):
    page = applicant.ask_for_code()
    assert 'value="12 34"' in applicant.type_code(page, "12 34").content.decode()


def test_a_page_left_open_too_long_keeps_the_address(applicant):
    page = applicant.ask_for_code()
    with time_machine.travel(clock.now() + timedelta(hours=1, minutes=1), tick=False):
        answer = applicant.type_code(page, "123 456").content.decode()
    assert "The page was open too long" in answer
    assert f'value="{applicant.email}"' in answer


def test_other_digits_than_ours_are_no_digits(applicant, box):
    page = applicant.ask_for_code()
    jobs.drain()
    arabic = "".join(chr(0x660 + int(c)) if c.isdigit() else c for c in box.code())
    assert applicant.type_code(page, arabic).status_code == 422
    assert applicant.type_code(page, "\x00" * 5).status_code == 422


def test_one_client_asks_thirty_times_an_hour_and_is_told(committed, box):
    for number in range(states.ASKS_AN_HOUR):
        assert Asker(f"a{number}@skjaak.kommune.no").ask()[0] == 200
    asker = Asker("a99@skjaak.kommune.no")
    status, seen = asker.ask()
    assert (status, "Very many codes were asked for from here." in seen) == (422, True)
    assert 'value="ADDRESS"' in seen
    start = Applicant(box)
    assert start.ask_for_code().status_code == 422
    with inside(operator()):
        assert EmailCode.objects.count() == states.ASKS_AN_HOUR


def test_what_strangers_asked_for_is_forgotten_after_a_day(known):
    known.ask()
    Asker(STRANGER).ask()
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        assert operations.forget_strangers(by=MACHINE) == 1
    with inside(operator()):
        assert EmailCode.objects.exclude(application=None).count() == EmailCode.objects.count() == 1


def test_only_the_machine_sends_a_code(known):
    known.ask()
    with inside(operator()):
        code = EmailCode.objects.get()
    with pytest.raises(NotAllowed):
        operations.deliver_code(code_id=code.pk, language="en", by=NOBODY)


def test_a_code_is_sent_once_for_each_time_it_was_asked_for(known, box):
    known.ask()
    jobs.drain()
    sent = len(box.mails)
    with inside(operator()):
        code = EmailCode.objects.get()
    operations.deliver_code(code_id=code.pk, language="en", by=MACHINE)  # the job once more
    jobs.drain()
    assert len(box.mails) == sent


# --- one pending invitation, one pending link ----------------------------------------------------


@pytest.fixture
def rehearsing(applicant, slug):
    applicant.verify()
    applicant.ref = applicant.found(slug)
    return applicant


def invite(rehearsing: Applicant, email: str) -> str:
    """Invite a deputy; where the link in their mail leads, "" when none came."""
    answer = rehearsing.post("/start/gates/deputy/", {"name": "Per Vara", "email": email})
    assert answer.status_code == 302, answer.content.decode()
    jobs.drain()
    mails = [n for n, mail in enumerate(rehearsing.box.mails) if mail["To"] == email]
    return rehearsing.box.link(mails[-1]) if mails else ""


def account(rehearsing: Applicant, email: str) -> Account:
    with inside(rehearsing.ref):
        return Account.objects.get(email=email)


def test_a_new_deputy_replaces_one_who_has_not_come_and_the_old_link_says_so(rehearsing):
    old = invite(rehearsing, "per@vagaa.kommune.no")
    door = Client(SERVER_NAME=f"{rehearsing.ref.slug}.localhost", HTTP_ACCEPT_LANGUAGE="en")
    assert door.get(old).status_code == 200
    new = invite(rehearsing, "eva@vagaa.kommune.no")
    gone = door.get(old)
    assert gone.status_code == 410
    assert "somebody else was invited instead" in gone.content.decode()
    assert door.get(new).status_code == 200
    assert not account(rehearsing, "per@vagaa.kommune.no").is_active
    invite(rehearsing, "per@vagaa.kommune.no")  # and back again
    assert account(rehearsing, "per@vagaa.kommune.no").is_active
    assert not account(rehearsing, "eva@vagaa.kommune.no").is_active


def test_a_deputy_who_has_signed_in_stays(rehearsing):
    invite(rehearsing, "per@vagaa.kommune.no")
    signs_in(rehearsing.ref, "per@vagaa.kommune.no", rehearsing.box)
    invite(rehearsing, "eva@vagaa.kommune.no")
    assert account(rehearsing, "per@vagaa.kommune.no").is_administrator
    assert account(rehearsing, "per@vagaa.kommune.no").is_active


@pytest.mark.parametrize("post_first", [True, False])
def test_somebody_with_a_post_loses_the_deputys_right_and_keeps_the_post(rehearsing, post_first):
    email = "nurse@lom.kommune.no"

    def give_post() -> None:
        with inside(rehearsing.ref):
            nurse = setup.invite_person(email=email, name="Nina Nurse", by=MACHINE)
            role, school = HelperRole.objects.first(), School.objects.get()
            setup.give_post(account_id=nurse, role_id=role.pk, school_id=school.pk, by=MACHINE)

    if post_first:
        give_post()
    invite(rehearsing, email)
    if not post_first:
        give_post()
    assert account(rehearsing, email).is_administrator
    invite(rehearsing, "eva@vagaa.kommune.no")
    nurse = account(rehearsing, email)
    assert (nurse.is_active, nurse.is_administrator) == (True, False)


def test_two_deputies_invited_at_once_leave_one_pending(rehearsing):
    pk, by = rehearsing.application.pk, rehearsing.actor
    at_once(*[
        lambda n=n: operations.invite_deputy(
            application_id=pk, name="Per Vara", email=f"p{n}@vagaa.kommune.no", by=by
        )
        for n in range(3)
    ])  # fmt: skip
    with inside(rehearsing.ref):
        pending = Account.objects.filter(is_invented=False, is_administrator=True, is_active=True)
        assert pending.exclude(email=rehearsing.email).count() == 1


def link(rehearsing: Applicant, to: str) -> str:
    answer = rehearsing.post(
        "/start/gates/agreement/", {"name": "Ola", "role": "Director", "authority": "Law", "email": to}
    )
    assert answer.status_code == 302, answer.content.decode()
    jobs.drain()
    return rehearsing.box.link()


def test_a_replaced_link_and_an_old_one_each_say_what_they_are(rehearsing):
    reader = Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE="en")
    old, new = link(rehearsing, "a@lom.kommune.no"), link(rehearsing, "b@lom.kommune.no")
    for method in (reader.get, reader.post):
        answer = method(old)
        assert answer.status_code == 404
        assert "A newer link has replaced this one." in answer.content.decode()
    with time_machine.travel(clock.now() + states.SIGNING_LIFE, tick=False):
        assert "This link is too old." in reader.get(new).content.decode()
    assert "This link is not in use" in reader.get("/sign/unknown/").content.decode()
    with inside(operator()):
        assert Signature.objects.filter(revoked_at=None).count() == 1


def test_two_links_sent_at_once_leave_one_that_works(rehearsing):
    pk, by = rehearsing.application.pk, rehearsing.actor
    at_once(*[
        lambda n=n: operations.invite_signatory(
            application_id=pk, name="Ola", role="Director", authority="Law", language="en",
            email=f"s{n}@lom.kommune.no", by=by,
        )
        for n in range(3)
    ])  # fmt: skip
    with inside(operator()):
        assert Signature.objects.filter(revoked_at=None).count() == 1


def test_nobodys_mailbox_is_filled_with_links(rehearsing):
    for _ in range(states.MAILS_A_DAY):
        link(rehearsing, "a@lom.kommune.no")
    page = rehearsing.post(
        "/start/gates/agreement/",
        {"name": "Ola", "role": "Director", "authority": "Law", "email": "a@lom.kommune.no"},
    )
    assert page.status_code == 422
    assert "enough messages for today" in page.content.decode()
    assert 'value="Director"' in page.content.decode()
    for number in range(states.INVITATIONS_A_DAY - states.MAILS_A_DAY):
        link(rehearsing, f"a{number}@lom.kommune.no")
    answer = rehearsing.post("/start/gates/deputy/", {"name": "Per", "email": "per@vagaa.kommune.no"})
    assert answer.status_code == 422
