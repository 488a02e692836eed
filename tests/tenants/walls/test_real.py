"""T11 on the real thing: every reader of the table that can sign in or hold a code, at every page and door of the API,
in the messages and in the figures. Whatever the table says no to, is not there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from kernel import clock
from kernel.actor import MACHINE, NOBODY
from kernel.audit.models import ReadEntry
from kernel.errors import NotAllowed, NotFound
from kernel.outbox.models import Message
from kernel.permissions import allowed
from services.contact import operations as contact
from services.contact import queries, visit
from services.contact.holding import holder_of
from services.contact.models import ContactRequest
from services.desk.queries import counts
from services.insights.queries import visible_to as figures_of
from tenants.setup import operations as setup
from tenants.setup.models import Lead, Post
from tenants.walls import facts, operations
from tenants.walls.models import Grant, Opening
from tests.cast import World
from tests.isolation.caller import MUNICIPALITY, routes
from tests.services.contact.people import NUMBER, SECRET, TUESDAY, knock, visitor
from tests.services.desk.conftest import alpha, api, signed_in  # noqa: F401  the desk's browsers and programs
from tests.tenants.walls.table import ACTS, MAY_ACT, MAY_GIVE, TABLE

HELD = ("nobody", "me", "colleague")
NAME = "Mona Kanarifugl"
WORDS = (SECRET, NUMBER, NAME)
#: Readers of the table that live: the cast's person, and what is arranged for them.
PEOPLE = {
    "outsider": "outsider",
    "nurse": "nurse",
    "nurse_elsewhere": "other_nurse",
    "counsellor": "counsellor",
    "lead": "lead",
    "lead_of_this_school": "lead",
    "lead_of_another_school": "lead",
    "administrator": "admin",
    "nurse_with_grant": "nurse",
    "counsellor_with_grant": "counsellor",
    "counsellor_with_grant_to_another_case": "counsellor",
    "counsellor_with_opening": "counsellor",
    "counsellor_with_extraction": "counsellor",
    "left_with_grant_and_opening": "counsellor",
    "counsellor_offered": "counsellor",
    "counsellor_who_declined": "counsellor",
    "receiver_who_accepted": "counsellor",
    "nurse_recused": "nurse",
    "nurse_kept_out": "nurse",
    "nurse_at_the_students_school": "nurse",
    "left_with_offer": "counsellor",
}
#: Who has the request in the column "held by this reader" when the reader cannot be its holder, and in "colleague's".
SOMEBODY = "second_nurse"
CELLS = [
    pytest.param(who, number, id=f"{who}-{held}")
    for who in PEOPLE
    for number, held in enumerate(HELD)
    if (who != "receiver_who_accepted" and (held != "me" or who in ("nurse", "nurse_with_grant")))
    or (who, held) == ("receiver_who_accepted", "me")
]


@dataclass(frozen=True)
class Scene:
    """One cell's world: the request, its number, who looks."""

    accepted: contact.Accepted
    who: str
    person: str
    held: str

    @property
    def is_a_colleagues(self) -> bool:
        """At one's own door, and a colleague has it: seen by its address, on no shelf of one's own."""
        return (self.who, self.held) == ("nurse", "colleague")

    def line(self, kind: str) -> str:
        return TABLE[self.who][HELD.index(self.held)][kind]

    def may(self, kind: str, act: str) -> bool:
        return self.line(kind)[ACTS.index(act)] != "."


def key_of(accepted: contact.Accepted) -> UUID:
    return ContactRequest.objects.get(pk=accepted.request_id).case_key_id


def grant(world: World, accepted: contact.Accepted, *, by: str, to: str) -> None:
    operations.give_grant(
        by=world.actor(by), case_key_id=key_of(accepted), account_id=world.people[to], basis="agreement",
        reason="Eleven sa ja i går", last_day=clock.now().date() + timedelta(days=3),
    )  # fmt: skip


def opened(world: World, accepted: contact.Accepted, *, to: str, basis: str) -> None:
    asked = operations.ask_opening(
        by=world.actor("lead"), number=accepted.case_number, basis=basis, scope="with_log",
        reason="Vedtak 12/26", reader_id=world.people[to], hours=2,
    )  # fmt: skip
    operations.confirm_opening(by=world.actor("admin"), opening_id=asked.pk)


def arrange(world: World, who: str, held: str) -> Scene:
    """The request in the state of the column, and the reader with what the table gives them."""
    person = PEOPLE[who]
    accepted = knock(world, channel_kind="phone", channel_value=NUMBER, name=NAME, **kept_from(world, who))
    holder = {"me": person, "colleague": SOMEBODY}.get(held)
    let_in_by = holder if holder and holder != person else SOMEBODY
    if who.startswith("lead_of"):
        Lead.objects.update(school_id=world.school if who == "lead_of_this_school" else world.other_school)
    if "grant" in who and held != "me":
        given = knock(world) if "another_case" in who else accepted
        contact.take(by=world.actor(let_in_by), request_id=given.request_id)
        grant(world, given, by=let_in_by, to=person)
        contact.release(by=world.actor(let_in_by), request_id=given.request_id)
    if "opening" in who:
        opened(world, accepted, to=person, basis="danger")
    if "extraction" in who:
        opened(world, accepted, to=person, basis="court")
    if person == "counsellor" and ("offer" in who or who.endswith(("declined", "accepted"))):
        hand_over(world, who, held, accepted)
    elif holder:
        contact.take(by=world.actor(holder), request_id=accepted.request_id)
    if who.endswith("recused"):
        contact.recuse(by=world.actor(person), request_id=accepted.request_id)
    if who.startswith("left"):
        Post.objects.filter(account_id=world.people[person]).update(ends_on=date(2026, 9, 14))
    return Scene(accepted, who, person, held)


def kept_from(world: World, who: str) -> dict[str, object]:
    """What the student says at the door so that this reader never learns of it."""
    if who == "nurse_kept_out":
        return {"not_them": [world.people["nurse"]]}
    if who == "nurse_at_the_students_school":
        setup.set_outside_doors(doors=[(world.school, world.nurse_role)], by=MACHINE)
        setup.give_post(
            account_id=world.people["nurse"],
            role_id=world.nurse_role,
            school_id=world.other_school,
            by=MACHINE,
        )
        return {"home_school_id": world.other_school}
    return {}


def hand_over(world: World, who: str, held: str, accepted: contact.Accepted) -> None:
    """Signe has it and offers it to Carl, who has not answered, declined or accepted; and lets go of it."""
    signe, carl = world.actor(SOMEBODY), world.actor("counsellor")
    contact.take(by=signe, request_id=accepted.request_id)
    contact.read_conversation(by=signe, request_id=accepted.request_id)
    offered = contact.offer_handover(
        by=signe, request_id=accepted.request_id, to=contact.Receiver(account_id=carl.id), reason="Grunn",
        shares="everything", agreement="in_talk",
    )  # fmt: skip
    if who.endswith("declined"):
        contact.decline_handover(by=carl, handover_id=offered.pk)
    if who.endswith("accepted"):
        contact.accept_handover(by=carl, handover_id=offered.pk)
    elif held == "nobody":
        contact.release(by=signe, request_id=accepted.request_id)


def text(answer: HttpResponse) -> str:
    return answer.content.decode() + str(answer.headers)


def shows_words(said: str) -> bool:
    found = [word in said for word in WORDS]
    assert all(found) or not any(found), "part of the words"
    return all(found)


@pytest.mark.parametrize(("who", "number"), CELLS)
def test_pages_show_what_the_table_says(
    alpha: World,  # noqa: F811
    signed_in: Callable[..., Client],  # noqa: F811
    who: str,
    number: int,
) -> None:
    scene = arrange(alpha, who, HELD[number])
    client, pk = signed_in(scene.person, "en"), scene.accepted.request_id
    lists = "".join(
        text(client.get(f"/desk/{shelf}")) for shelf in ("", "mine/", "handed/", "closed/", "shared/")
    )
    assert (f"row-{pk}" in lists) is (scene.may("row", "list") and not scene.is_a_colleagues)
    assert not shows_words(lists)
    page = client.get(f"/desk/{pk}/")
    assert (page.status_code == 200) is scene.may("row", "detail")
    reads = ReadEntry.objects.filter(what="conversation").count()
    read = client.post(f"/desk/{pk}/read/")
    assert shows_words(text(read)) is scene.may("conversation", "detail")
    assert ReadEntry.objects.filter(what="conversation").count() - reads == scene.may(
        "conversation", "detail"
    )
    taken_out = client.post(f"/desk/{pk}/take-out/")
    assert shows_words(text(taken_out)) is scene.may("extraction", "export")
    assert "Who has read it" not in text(taken_out) or scene.may("read_log", "export")


@pytest.mark.parametrize(("who", "number"), CELLS)
def test_the_api_says_what_the_table_says(
    alpha: World,  # noqa: F811
    api: Callable[..., Callable[..., Any]],  # noqa: F811
    who: str,
    number: int,
) -> None:
    scene = arrange(alpha, who, HELD[number])
    call, pk = api(scene.person), scene.accepted.request_id
    lists = "".join(
        text(call("get", f"requests?state={state}"))
        for state in ("waiting", "mine", "handed", "closed", "shared")
    )
    assert (str(pk) in lists) is (scene.may("row", "list") and not scene.is_a_colleagues)
    assert not shows_words(lists)
    one = call("get", f"requests/{pk}")
    assert shows_words(text(one)) is scene.may("conversation", "detail")
    if not scene.may("conversation", "detail"):
        assert one.status_code == (
            403 if scene.may("row", "detail") or not _has_a_post(alpha, scene) else 404
        )


def _has_a_post(world: World, scene: Scene) -> bool:
    return world.actor(scene.person).is_helper


@pytest.mark.parametrize(("who", "number"), CELLS)
def test_queries_counts_and_acts_are_the_tables(alpha: World, who: str, number: int) -> None:  # noqa: F811
    scene = arrange(alpha, who, HELD[number])
    actor, pk = alpha.actor(scene.person), scene.accepted.request_id
    assert queries.visible_to(actor).filter(pk=pk).exists() is scene.may("row", "list")
    counted = counts(actor)
    others = 1 if "another_case" in who else 0
    on_a_shelf = scene.may("row", "count") and not scene.is_a_colleagues
    assert counted.waiting + counted.mine + counted.handed + counted.shared - others == on_a_shelf
    request = ContactRequest.objects.get(pk=pk)
    holder = holder_of(request)
    case = queries.case_of(request, holder.pk if holder else None)
    assert allowed(actor, "contact.take", request) is MAY_ACT[who][number]
    assert allowed(actor, "walls.give_grant", case) is MAY_GIVE[who][number]


def test_the_student_reads_their_own_and_no_other(alpha: World, at: Callable[..., Client]) -> None:  # noqa: F811
    accepted, other = knock(alpha, name=NAME), knock(alpha)
    for who, status in (
        (visitor(accepted), True),
        (visitor(other), False),
        (MACHINE, False),
        (NOBODY, False),
    ):
        assert queries.visible_to(who).filter(pk=accepted.request_id).exists() is status
    client = at(alpha.alpha, headers={"accept-language": "en"})
    opened_by = client.post(
        "/api/v1/receipts/open", {"receipt": accepted.receipt}, content_type="application/json"
    )
    assert SECRET in opened_by.content.decode()
    assert visit  # the student's page stands on the same operation


@pytest.mark.parametrize("held", ["nobody", "me"])
def test_a_message_reaches_whom_the_table_names(alpha: World, held: str) -> None:  # noqa: F811
    """When a student writes: the one who has it; nobody has: those at the door. Never a word of it."""
    accepted = knock(alpha)
    if held == "me":
        contact.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    before = set(Message.objects.values_list("pk", flat=True))
    contact.student_writes(by=visitor(accepted), request_id=accepted.request_id, text=f"Mer: {SECRET}")
    told = {message.account_id for message in Message.objects.exclude(pk__in=before)}
    there = ["nurse", "second_nurse"] if held == "nobody" else ["nurse"]
    assert told == {alpha.people[who] for who in there}
    assert all(TABLE["nurse"][HELD.index(held)]["notification"][5] in "UH" for _ in there)
    assert SECRET not in str(list(Message.objects.values()))


@pytest.mark.parametrize("who", PEOPLE)
def test_figures_are_for_whom_the_table_names(
    alpha: World,  # noqa: F811
    signed_in: Callable[..., Client],  # noqa: F811
    who: str,
) -> None:
    scene = arrange(alpha, who, "nobody")
    there = figures_of(alpha.actor(scene.person)).filter(school_id=alpha.school).exists()
    assert there is scene.may("statistics", "statistics")
    answer = signed_in(scene.person, "en").get("/insights/")
    assert not shows_words(text(answer))
    assert scene.accepted.case_number not in text(answer)


def test_no_page_shows_the_audit_and_one_searches_words(alpha: World) -> None:  # noqa: F811
    """The table says no to the audit for everybody, and yes to searching one's own caseload, which
    tests/services/desk/test_search.py tries on its page and its API."""
    found = [route for route, _name in routes(MUNICIPALITY) if "audit" in route or "search" in route]
    assert sorted(found) == ["api/v1/desk/search", "desk/search/"]


# --- the operations -----------------------------------------------------------------------------------------


@pytest.fixture
def clock_at(alpha: World) -> Iterator[time_machine.Traveller]:  # noqa: F811
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


def reader(world: World, who: str) -> facts.Reader:
    return facts.reader_of(world.actor(who))


def test_a_grant_ends_by_itself(alpha: World, clock_at: time_machine.Traveller) -> None:  # noqa: F811
    scene = arrange(alpha, "counsellor_with_grant", "colleague")
    assert key_of(scene.accepted) in reader(alpha, "counsellor").grants
    clock_at.shift(timedelta(days=4))
    assert not reader(alpha, "counsellor").grants
    assert not queries.visible_to(alpha.actor("counsellor")).exists()


def test_an_opening_ends_by_itself_and_at_once_when_it_is_ended(
    alpha: World,  # noqa: F811
    clock_at: time_machine.Traveller,
) -> None:
    scene = arrange(alpha, "counsellor_with_opening", "colleague")
    assert reader(alpha, "counsellor").opened == {key_of(scene.accepted)}
    clock_at.shift(timedelta(hours=2))
    assert not reader(alpha, "counsellor").opened
    arrange(alpha, "counsellor_with_extraction", "colleague")
    assert reader(alpha, "counsellor").extracted
    standing = Opening.objects.get(basis="court")
    operations.end_opening(by=alpha.actor("counsellor"), opening_id=standing.pk)
    assert not reader(alpha, "counsellor").extracted


def test_the_employer_decides_the_circle(alpha: World) -> None:  # noqa: F811
    """A nurse of the municipality lets a nurse in who is employed by the county: one circle. A counsellor: another."""
    county = setup.add_employer(name="Fylket", kind="county", by=MACHINE)
    Post.objects.filter(account_id=alpha.people["other_nurse"]).update(employer_id=county)
    (nurse,), (there,) = (facts.seats(account_id=alpha.people[who]) for who in ("nurse", "other_nurse"))
    (counsellor,) = facts.seats(account_id=alpha.people["counsellor"])
    assert (nurse.employer, there.employer) == ("municipality", "county")
    assert nurse.shares_with(there)
    assert not nurse.shares_with(counsellor)


def test_only_the_one_who_has_it_gives_by_the_operation_too(alpha: World) -> None:  # noqa: F811
    accepted = knock(alpha)
    with pytest.raises(NotAllowed):
        grant(alpha, accepted, by="nurse", to="other_nurse")
    contact.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    for who, refusal in (("second_nurse", NotAllowed), ("counsellor", NotFound), ("admin", NotFound)):
        with pytest.raises(refusal):
            grant(alpha, accepted, by=who, to="other_nurse")
    assert not Grant.objects.exists()
