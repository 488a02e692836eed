"""A worry lived by pages in each country, from the knock to what the student reads; and every wall on the way (T11).

Each country is a municipality of its own, committed; its nurse, another nurse, a counsellor, a lead and an
administrator. Whatever is worth hiding has a word of its own, and everybody's pages are searched for it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.test import Client

from kernel.actor import MACHINE, Actor, actor_for, student
from kernel.api.tokens import issue
from kernel.audit.models import Entry, ReadEntry
from kernel.outbox.models import Message
from kernel.people.models import Account
from kernel.tenancy import MunicipalityRef, inside
from kernel.tenancy.testing import drop_for_tests, forget_jobs, found_for_tests
from services.contact import operations as contact
from services.contact.operations import Accepted
from services.insights import queries as insights
from services.promises.sweep import break_due
from services.worry import operations, queries
from services.worry.models import Worry
from tenants.setup import operations as setup
from tenants.setup.models import HelperRole, Post
from tenants.walls.policy import decide
from tests.signing_in import sign_in
from tests.tenants.walls.table import ACTS, TABLE

TUESDAY = datetime(2026, 9, 15, 8, 0, 30, tzinfo=UTC)
#: Country → language, what stands on the nurse's first screen of the law, a ground for not telling.
LAW = {
    "NO": ("nb", ("helsepersonelloven § 33", "helsepersonelloven § 31", "§ 196"), "no-harm"),
    "SE": ("sv", ("socialtjänstlagen (2025:400) 19 kap. 1 §", "6 kap. 10 §", "23 kap. 6 §"), "se-harm"),
    "DK": ("da", ("barnets lov § 133", "§ 141", "§ 250"), "dk-harm"),
    "FI": ("fi", ("lastensuojelulaki (417/2007) 25 § 1 mom.", "25 § 3 mom.", "15 luku 10 §"), "fi-harm"),
}
WORDS, WHO, BECAUSE, WHY_NOT, CAME = (
    f"Kanari{part}" for part in ("ord", "mottak", "fordi", "hvorfor", "slutt")
)
SEALED = (WORDS, WHO, WHY_NOT, CAME)


@dataclass
class Place:
    """One country's municipality, inside it."""

    ref: MunicipalityRef
    language: str
    school: UUID
    nurse_role: UUID
    people: dict[str, UUID] = field(default_factory=dict)

    def actor(self, who: str) -> Actor:
        return actor_for(Account.objects.get(pk=self.people[who]))

    def browser(self, who: str) -> Client:
        client = Client(SERVER_NAME=f"{self.ref.slug}.localhost", headers={"accept-language": self.language})
        account = Account.objects.get(pk=self.people[who])
        sign_in(client, account)
        return client

    def program(self, who: str) -> Client:
        token = issue(
            by=MACHINE, account=Account.objects.get(pk=self.people[who]), scopes=["desk:read", "desk:write"]
        )
        return Client(SERVER_NAME=f"{self.ref.slug}.localhost", headers={"authorization": f"Bearer {token}"})

    def student_page(self, accepted: Accepted) -> str:
        client = Client(SERVER_NAME=f"{self.ref.slug}.localhost", headers={"accept-language": self.language})
        client.post("/receipt/", {"receipt": accepted.receipt})
        return client.get("/conversation/").content.decode()

    def knock(self) -> Accepted:
        return contact.knock(
            by=student(None), idempotency_key=uuid4().hex, school_id=self.school, role_id=self.nurse_role,
            channel_kind="conversation", message="Hei", language=self.language,
        )  # fmt: skip


@pytest.fixture(scope="module", params=sorted(LAW))
def ground(request: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[Place]:
    """Founded and furnished on Monday, committed: its keys are settled by Tuesday."""
    country = request.param
    language = LAW[country][0]
    with django_db_blocker.unblock():
        with time_machine.travel(TUESDAY - timedelta(days=1), tick=False):
            ref = found_for_tests(f"uro{country.lower()}", country=country)
        try:
            with time_machine.travel(TUESDAY - timedelta(days=1), tick=False), inside(ref):
                made = _furnished(ref, country, language)
            yield made
        finally:
            forget_jobs()
            drop_for_tests(ref)


@pytest.fixture
def place(ground: Place, db: None) -> Iterator[Place]:
    """Inside it on Tuesday. What a test writes is rolled back."""
    with time_machine.travel(TUESDAY, tick=False), inside(ground.ref):
        yield ground


def _furnished(ref: MunicipalityRef, country: str, language: str) -> Place:
    setup.furnish(
        country=country, kind="municipality", languages=[language], default_language=language, by=MACHINE
    )
    school = setup.add_school(name="Solhaug", form="compulsory", by=MACHINE)
    roles = dict(HelperRole.objects.values_list("key", "pk"))
    place = Place(ref, language, school, roles["nurse"])
    other = next(key for key in sorted(roles) if key != "nurse")
    for who, role in (
        ("nurse", "nurse"),
        ("second", "nurse"),
        ("counsellor", other),
        ("lead", ""),
        ("admin", ""),
    ):
        place.people[who] = setup.invite_person(
            email=f"{who}@{ref.slug}.example", name=f"{who.title()} Prove", language=language,
            is_administrator=who == "admin", by=MACHINE,
        )  # fmt: skip
        if role:
            setup.give_post(account_id=place.people[who], role_id=roles[role], school_id=school, by=MACHINE)
    setup.appoint_lead(account_id=place.people["lead"], school_id=None, by=MACHINE)
    Post.objects.update(starts_on=date(2020, 1, 1))
    return place


def text(answer: Any) -> str:
    return answer.content.decode() + str(answer.headers)


def shown(said: str) -> list[str]:
    return [word for word in SEALED if word in said]


def test_a_worry_is_lived_by_pages_from_the_knock_to_what_the_student_reads(place: Place) -> None:
    _language, sources, ground = LAW[place.ref.country]
    accepted, nora = place.knock(), place.browser("nurse")
    desk = text(nora.get(f"/desk/{accepted.request_id}/"))
    assert f"/worry/about/{accepted.request_id}/" in desk
    first = text(nora.get(f"/worry/about/{accepted.request_id}/"))
    assert all(source in first for source in sources)
    assert re.search(r'href="tel:11[23]"', first)
    assert nora.post(f"/worry/about/{accepted.request_id}/", {"urgency": "soon"}).status_code == 302
    worry = Worry.objects.get()
    # Talk it over first, then tell: one step is told to the student, one is held back on this country's ground.
    nora.post(f"/worry/{worry.pk}/told/nobody/", {"who": WHO, "words": WORDS})
    step = {"who": WHO, "words": WORDS, "student_first": "yes", "told": "told", "because": BECAUSE}
    assert nora.post(f"/worry/{worry.pk}/told/child_welfare/", step).status_code == 302
    held = {
        "words": WORDS,
        "student_first": "no",
        "why_not_first": WHY_NOT,
        "told": "held_back",
        "ground": ground,
    }
    wrong = {**held, "ground": "xx-harm"}
    assert nora.post(f"/worry/{worry.pk}/told/police/", wrong).status_code == 422
    assert nora.post(f"/worry/{worry.pk}/told/police/", held).status_code == 302
    page = place.student_page(accepted)
    assert BECAUSE in page
    assert not shown(page)
    assert page.count(BECAUSE) == 1
    assert "held_back" not in page
    told = operations.read_told(by=student(accepted.request_id), request=worry.request)
    assert [step.recipient for step, _because in told] == ["child_welfare"]  # the police is held back, whole
    assert ReadEntry.objects.filter(what="worry_told", actor_kind="student").exists()
    closed = nora.post(f"/worry/{worry.pk}/close/", {"outcome": "taken_over", "came_of_it": CAME})
    assert closed.status_code == 302
    assert CAME in text(nora.get(f"/worry/{worry.pk}/"))


#: Reader → (the table's reader, its column: 0 nobody has it, 1 has it, 2 a colleague has it).
READERS = {
    "nurse": ("nurse", 1), "second": ("nurse", 2), "counsellor": ("counsellor", 2), "lead": ("lead", 2),
    "admin": ("administrator", 2),
}  # fmt: skip


def told_worry(place: Place) -> tuple[Accepted, Worry, UUID]:
    """Taken by the nurse, who has told somebody and talks it over; one step's id."""
    accepted, nora = place.knock(), place.browser("nurse")
    nora.post(f"/worry/about/{accepted.request_id}/", {"urgency": "soon"})
    worry = Worry.objects.get()
    step = {"who": WHO, "words": WORDS, "student_first": "no", "why_not_first": WHY_NOT, "told": "told",
            "because": BECAUSE}  # fmt: skip
    nora.post(f"/worry/{worry.pk}/told/principal/", step)
    nora.post(f"/worry/{worry.pk}/told/nobody/", {"who": WHO, "words": WORDS})
    return accepted, worry, worry.steps.order_by("number").values_list("pk", flat=True)[0]


@pytest.mark.parametrize("who", READERS)
def test_every_wall_holds_as_the_table_says(place: Place, who: str) -> None:
    accepted, worry, step = told_worry(place)
    name, column = READERS[who]
    lines = TABLE[name][column]
    client, program, actor = place.browser(who), place.program(who), place.actor(who)

    def may(kind: str, act: str) -> bool:
        return lines[kind][ACTS.index(act)] != "."

    # The policy's own answer about the very rows.
    for kind in ("worry", "worry_row", "worry_told"):
        for act in ACTS:
            assert bool(queries.may(actor, worry, kind, act)) is may(kind, act), (kind, act)  # type: ignore[arg-type]
    # Page, list, count.
    reads = ReadEntry.objects.filter(what="worry").count()
    page = client.get(f"/worry/{worry.pk}/")
    assert bool(shown(text(page))) is may("worry", "detail")
    assert (ReadEntry.objects.filter(what="worry").count() - reads == 1) is may("worry", "detail")
    listed = text(client.get("/worry/"))
    assert (accepted.case_number in listed) is may("worry_row", "list")
    assert not shown(listed)
    assert queries.visible_to(actor).exists() is may("worry_row", "list")
    assert queries.open_count(actor) == may("worry_row", "count")
    case = text(client.get(f"/desk/{accepted.request_id}/"))
    assert (f"/worry/{worry.pk}/" in case) is may("worry_row", "detail")
    assert not shown(case)
    # Export, search, statistics, the API.
    assert bool(shown(text(client.post(f"/worry/{worry.pk}/print/{step}/")))) is may("worry", "export")
    for word in SEALED:
        found = client.post("/desk/search/", {"search": word})
        assert accepted.case_number not in text(found)
    for address in ("/insights/", "/log-review/", "/setup/", "/openings/", "/worry/setup/"):
        assert not shown(text(client.get(address)))
    start, end = TUESDAY - timedelta(days=2), TUESDAY + timedelta(days=2)
    assert insights._decided(insights.visible_to(actor), start, end).filter(kind="worry").exists() is False
    one = program.get(f"/api/v1/desk/worries/{worry.pk}")
    assert bool(shown(text(one))) is may("worry", "detail")
    rows = program.get("/api/v1/desk/worries")
    assert (str(worry.pk) in text(rows)) is may("worry_row", "list")
    assert not shown(text(rows))
    # Acts are not theirs either.
    for path in (f"correct/{step}/", "told/police/", "close/", "reopen/", f"print/{step}/"):
        answer = client.post(f"/worry/{worry.pk}/{path}", {})
        assert answer.status_code in ((302, 422, 200) if may("worry", "detail") else (403, 404)), path


def test_what_broke_goes_to_a_deputy_and_the_lead_hears_only_of_the_clock(place: Place) -> None:
    accepted, worry, _step = told_worry(place)
    before = set(Message.objects.values_list("pk", flat=True))
    promise = queries.clock_of(worry)
    assert promise is not None
    with time_machine.travel(promise.due_at + timedelta(seconds=20), tick=False):
        break_due()
        sent = Message.objects.exclude(pk__in=before)
        told = {(message.account_id, message.template) for message in sent}
        assert (place.people["second"], "worry/decide") in told
        assert (place.people["lead"], "promises/broken_worry") in told
        assert place.people["counsellor"] not in {account for account, _template in told}
        assert not shown(str(list(sent.values())))
        signe = place.browser("second")
        assert set(shown(text(signe.get(f"/worry/{worry.pk}/")))) == {WORDS, WHO, WHY_NOT}
        for who in ("counsellor", "lead", "admin"):
            assert not shown(text(place.browser(who).get(f"/worry/{worry.pk}/")))
        reader = queries.reader_with(place.actor("second"), Worry.objects.get())
        assert decide(replace(reader, decides=frozenset()), _thing(worry, place), "detail").allowed is False
    assert not shown(str(list(Entry.objects.values())))
    assert accepted.case_number


def _thing(worry: Worry, place: Place) -> Any:
    from services.contact.queries import case_of
    from tenants.walls.facts import thing_of

    case = case_of(worry.request, place.people["nurse"])
    return thing_of(case, place.actor("second"), "worry")
