"""Buskerud for a week, fast: requests, absence, a handover said no to and one accepted, a broken promise, a worry, a
meeting, a leaver. Everything is done by pages, and after each day every wall is tried by everybody.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client, override_settings

from config.demo import furnishing
from config.demo.places import BUSKERUD
from kernel.people import queries as people
from kernel.tenancy import inside
from kernel.tenancy.testing import drop_for_tests, forget_jobs
from services.promises.models import Promise
from tenants.setup.models import HelperRole, Post, School
from tests.journeys.week import OSLO, SEEN, Knock, Week
from tests.kernel.tenancy.ground import committed

__all__ = ["committed"]

CAST = tuple(person.who for person in BUSKERUD.people)
FIRST = datetime(2026, 11, 30, 7, 30, tzinfo=OSLO)


@pytest.fixture
def week(built_world: Any, committed: None, at: Callable[..., Client], tmp_path: Any) -> Iterator[Week]:
    """Monday morning, half past seven, in a Buskerud that was set up two months ago."""
    with time_machine.travel(datetime(2026, 10, 1, 9, 0, tzinfo=OSLO), tick=False):
        ref = furnishing.found(BUSKERUD)
    kept_here = override_settings(
        DATA_DIR=tmp_path, MAILERS={"default": {"BACKEND": "kernel.outbox.demo.Backend"}}
    )
    try:
        forget_jobs()
        with kept_here, time_machine.travel(FIRST, tick=False) as traveller, inside(ref):
            yield Week(ref, traveller, at)
    finally:
        drop_for_tests(ref)
        forget_jobs()


def is_read_by(week: Week, **who_reads: set[str]) -> None:
    """Each knock by those and nobody else."""
    for knock in week.knocks:
        name = next(name for name in who_reads if knock.words.startswith(WORDS[name]))
        assert week.readers(knock, CAST) == who_reads[name], name


def walls_hold(week: Week, **who_reads: set[str]) -> None:
    """Each knock is read by those and nobody else, and no list, count or mail speaks of any."""
    is_read_by(week, **who_reads)
    assert week.whispers(CAST) == []
    no_mail_tells(week)


def no_mail_tells(week: Week) -> None:
    """Neither a word, a code nor a school stands in any."""
    for mail in week.mails():
        text = mail["subject"] + mail["text"]
        assert not [one for one in week.knocks if one.words in text or one.code in text]
        assert not [name for name, _form in BUSKERUD.schools if name in text], text


#: What the students wrote: the words that stand nowhere but in their own conversation.
WORDS = {
    "amir": "Jeg sover tre timer om natta og orker ikke mer",
    "bea": "Noen i klassen sender bilder av meg videre",
    "cato": "Kan jeg få snakke med noen om pappa",
    "dina": "Stefaren min slår når han har drukket",
    "eli": "Jeg vil bytte linje men tør ikke si det hjemme",
}


@pytest.mark.timeout(600)
def test_a_week_in_buskerud(week: Week) -> None:
    amir, bea, cato = monday(week)
    dina = tuesday(week, amir, cato)
    eli = wednesday(week, bea, cato, dina)
    thursday(week, amir, dina, eli)
    friday(week, amir, bea, cato, dina, eli)
    assert week.passes > 100, "the clock ran, and the sweep with it"


def monday(week: Week) -> tuple[Knock, Knock, Knock]:
    """Three knock. The nurse answers one, offers it to the psychologist, who says no, then to the counsellor."""
    week.until(30, "09:10")
    amir = week.knock("Rosthaug vgs", "nurse", WORDS["amir"])
    week.until(30, "09:25")
    bea = week.knock("Drammen vgs", "counsellor", WORDS["bea"])
    is_read_by(week, amir={"nurse"}, bea={"counsellor"})
    week.until(30, "10:00")
    ingrid = week.at_the_desk("nurse", amir)
    ingrid.press("/take/")
    assert WORDS["amir"] in ingrid.words()
    ingrid.press("/reply/", text="Hei! Så bra at du skrev. Har det vært slik lenge?")
    week.a_moment()
    phone = week.student(amir)
    assert "Så bra at du skrev" in phone.words()
    assert "Ingrid" in phone.words()
    week.until(30, "10:30")
    phone = week.student(amir)
    phone.press("/conversation/", act="message", text=f"{WORDS['amir']}. I tre uker nå")
    week.until(30, "11:00")
    ingrid = week.at_the_desk("nurse", amir)
    assert "I tre uker nå" in ingrid.words()
    hands_over(week, "nurse", amir, "psychologist", "psychologist", "summary", "Sover svært lite, tre uker.")
    walls_hold(week, amir={"nurse"}, bea={"counsellor"})
    week.until(30, "13:00")
    aksel = week.at_the_desk("psychologist", amir)
    assert "Sover svært lite, tre uker." in aksel.words()
    assert WORDS["amir"] not in aksel.words()
    aksel.press("/hand-over/decline/", why="Fullt denne uka")
    ingrid = week.at_the_desk("nurse", amir)
    assert "Fullt denne uka" in ingrid.words()
    hands_over(week, "nurse", amir, "counsellor", "counsellor", "onward", "")
    week.until(30, "14:00")
    cato = week.knock("Rosthaug vgs", "nurse", WORDS["cato"])
    ingrid = week.helper("nurse")
    ingrid.open("/away/")
    asked = ingrid.press("/away/", first_day="2026-12-01", last_day="2026-12-03")
    assert amir.row.case_number in asked
    ingrid.press("/away/", confirmed="1")
    assert "Noted." in ingrid.words()
    walls_hold(week, amir={"nurse"}, bea={"counsellor"}, cato={"nurse"})
    return amir, bea, cato


def hands_over(week: Week, who: str, knock: Knock, to: str, role: str, shares: str, summary: str) -> None:
    """Offer it, as the student agreed in a talk."""
    account = people.by_email(f"{to}@buskerud.example")
    assert account is not None
    where = f"{account.pk}:{HelperRole.objects.get(key=role).pk}:{School.objects.get(name='Rosthaug vgs').pk}"
    person = week.at_the_desk(who, knock)
    person.open(f"{knock.at_the_desk}hand-over/")
    person.press(
        "/hand-over/", to=where, reason="Trenger samtaler jevnlig", shares=shares, agreement="in_talk",
        summary=summary, walk_along="1",
    )  # fmt: skip
    assert "Offered to" in person.words()
    assert "Trenger samtaler jevnlig" not in week.student(knock).words()


def tuesday(week: Week, amir: Knock, cato: Knock) -> Knock:
    """The counsellor accepts. Cato's nurse is away: those asked are reminded, nobody is there, and it breaks."""
    week.until(1, "09:00")
    marius = week.at_the_desk("counsellor", amir)
    marius.press("/hand-over/accept/")
    assert "It is yours now" in marius.words()
    assert WORDS["amir"] not in marius.words()
    marius.press("/reply/", text="Hei, jeg er Marius. Ingrid har fortalt litt. Skal vi ta en prat?")
    week.a_moment()
    phone = week.student(amir)
    assert "Marius" in phone.words()
    assert "Skal vi ta en prat" in phone.words()
    due = Promise.objects.get(subject_id=cato.id, kind="first_contact").due_at
    assert due < datetime(2026, 12, 2, tzinfo=OSLO)
    week.until(1, "11:40")
    dina = week.knock("Drammen vgs", "counsellor", WORDS["dina"])
    week.until(1, "12:30")
    marius = week.at_the_desk("counsellor", dina)
    marius.press("/take/")
    marius.press("/reply/", text="Takk for at du sier det. Du har gjort rett. Er du trygg i kveld?")
    week.until(1, "23:59")
    assert Promise.objects.get(subject_id=cato.id, kind="first_contact").broken_at is not None
    assert "late" in week.student(cato).words().lower() or "sorry" in week.student(cato).words().lower()
    tone = week.helper("lead")
    tone.open("/insights/")
    assert "Nobody is there 7 hr over School nurse Rosthaug vgs" in tone.words()
    is_read_by(week, amir=set(), bea={"counsellor"}, cato={"nurse"}, dina={"counsellor"})
    no_mail_tells(week)
    return dina


def wednesday(week: Week, bea: Knock, cato: Knock, dina: Knock) -> Knock:
    """The administrator gives Siv the post while Ingrid is away, the lead says so, Siv answers. Marius is worried."""
    week.until(2, "08:15")
    gives_post(week, "nurse2", "nurse", "Rosthaug vgs", starts_on="2026-12-02", ends_on="2026-12-18")
    tone = week.helper("lead")
    tone.open("/insights/")
    broken = Promise.objects.get(subject_id=cato.id, kind="first_contact")
    tone.press(f"/insights/broken/{broken.pk}/", said="staffed")
    week.until(2, "08:40")
    nurse = week.at_the_desk("nurse2", cato)
    nurse.press("/take/")
    nurse.press("/reply/", text="Hei, jeg er Siv. Unnskyld at du måtte vente. Jeg er her nå.")
    week.a_moment()
    assert "Unnskyld at du måtte vente" in week.student(cato).words()
    week.until(2, "09:30")
    marius = week.at_the_desk("counsellor", dina)
    marius.open(f"/worry/about/{dina.id}/")
    marius.press(f"/worry/about/{dina.id}/", urgency="now")
    told(marius, "child_welfare")
    week.until(2, "10:30")
    marius = week.at_the_desk("counsellor", bea)
    marius.press("/take/")
    marius.press("/reply/", text="Hei. Det du forteller er ikke greit, og du er ikke alene om det.")
    week.until(2, "11:00")
    eli = week.knock("Drammen vgs", "counsellor", WORDS["eli"])
    is_read_by(week, amir=set(), bea={"counsellor"}, cato={"nurse2"}, dina={"counsellor"}, eli={"counsellor"})
    no_mail_tells(week)
    return eli


def gives_post(week: Week, who: str, role: str, school: str, **days: str) -> None:
    """The administrator gives somebody a post at a school."""
    account = people.by_email(f"{who}@buskerud.example")
    assert account is not None
    page = f"/setup/people/{account.pk}/"
    there = {"role": HelperRole.objects.get(key=role), "school": School.objects.get(name=school)}
    geir = week.helper("admin")
    geir.open(page)
    said = {"role": there["role"].pk, "school": there["school"].pk, **days}
    geir.press(page, act="post", **{f"post-{name}": value for name, value in said.items()})
    assert Post.objects.filter(account=account, **there).exists(), geir.words()


def told(person: Any, recipient: str) -> None:
    """Called them; the student was told first."""
    path = re.search(rf"/worry/[0-9a-f-]+/told/{recipient}/", person.page)
    assert path is not None, person.words()
    person.open(path[0])
    person.press(
        path[0], who="Barneverntjenesten", words="Ringte kl. 9.40, de tar kontakt i dag", student_first="yes",
        told="told", because="Vi er bekymret for deg, og de kan hjelpe.",
    )  # fmt: skip


def thursday(week: Week, amir: Knock, dina: Knock, eli: Knock) -> None:
    """Marius agrees a time with Eli, and says that he leaves: nothing of his may be left without anybody."""
    week.until(3, "09:00")
    marius = week.at_the_desk("counsellor", eli)
    marius.press("/take/")
    marius.press("/reply/", text="Hei! La oss møtes og se på det sammen.")
    week.a_moment()
    marius = week.at_the_desk("counsellor", eli)
    marius.press(
        "/meeting/", act="propose", urgency="days",
        day_0="2026-12-04", at_0="10:00", minutes="30", way="room", place="Rom 114",
    )  # fmt: skip
    week.until(3, "12:00")
    phone = week.student(eli)
    assert "Rom 114" in phone.words()
    time = re.search(
        r'name="time"[^>]*value="([0-9a-f-]{36})"|value="([0-9a-f-]{36})"[^>]*name="time"', phone.page
    )
    assert time is not None
    phone.press("/conversation/meeting/", act="pick", time=time[1] or time[2])
    week.until(3, "13:00")
    worry = re.search(r"/worry/[0-9a-f]{8}-[0-9a-f-]+/", week.at_the_desk("counsellor", dina).page)
    assert worry is not None
    person = week.helper("counsellor")
    person.open(f"{worry[0]}close/")
    person.press(f"{worry[0]}close/", outcome="taken_over", came_of_it="Barnevernet har tatt det videre")
    assert week.whispers(CAST) == []


def friday(week: Week, amir: Knock, bea: Knock, cato: Knock, dina: Knock, eli: Knock) -> None:
    """They meet. Then Marius' account is closed: refused until each of his has somebody; the promises stand."""
    week.until(4, "11:00")
    marius = week.at_the_desk("counsellor", eli)
    marius.press("/meeting/", act="held")
    marius_id = people.by_email("counsellor@buskerud.example")
    kari = people.by_email("counsellor2@buskerud.example")
    assert marius_id is not None
    assert kari is not None
    for school in ("Rosthaug vgs", "Drammen vgs"):
        gives_post(week, "counsellor2", "counsellor", school, starts_on="2026-12-04")
    geir = week.helper("admin")
    geir.open(f"/setup/people/{marius_id.pk}/close/")
    for one in (amir, bea, dina, eli):
        assert one.row.case_number in geir.words()
        assert one.words not in geir.words()
    takers = {f"taker_{one.id}": str(kari.pk) for one in (amir, bea, dina)}
    geir.press(f"/setup/people/{marius_id.pk}/close/", status=409, **takers, **{f"taker_{eli.id}": ""})
    geir.press(f"/setup/people/{marius_id.pk}/close/", **takers, **{f"taker_{eli.id}": str(kari.pk)})
    week.until(4, "12:00")
    for one in (amir, bea, dina, eli):
        assert one.row.taken_by_id == kari.pk
    reads = {"counsellor2"}
    walls_hold(week, amir=set(), bea=reads, cato={"nurse2"}, dina=reads, eli=reads)
    kari_there = week.at_the_desk("counsellor2", bea)
    kari_there.press("/reply/", text="Hei, jeg er Kari og følger opp etter Marius.")
    week.a_moment()
    assert "Kari" in week.student(bea).words()
    assert SEEN.total_seconds() > 12
