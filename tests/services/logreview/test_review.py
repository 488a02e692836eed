"""A month's reads, looked through by one person at each employer who sees no content and cannot choose what to see."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from kernel.actor import MACHINE
from kernel.audit import linking, verifying
from kernel.audit.models import Entry
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.outbox.models import Message
from kernel.tenancy import inside
from services.contact import operations as contact
from services.contact.models import ContactRequest
from services.logreview import operations, queries
from services.logreview.models import LogReview
from services.logreview.outliers import Read, numbers, outliers, sample
from tenants.setup.models import HelperRole, Post
from tests.cast import World
from tests.services.contact.people import knock
from tests.services.logreview.conftest import SEPTEMBER

OSLO = ZoneInfo("Europe/Oslo")


@pytest.fixture
def reviewed(alpha: World, health: UUID) -> UUID:
    """Ulf, who holds no post, reviews the nurses' employer."""
    operations.name_reviewer(by=alpha.actor("admin"), employer_id=health, account_id=alpha.people["outsider"])
    return health


# --- what is worth a question (pure) -----------------------------------------------------------------


def a_read(
    person: UUID, *, case: UUID | None = None, hour: int = 10, why: str = "to answer", n: int = 0
) -> Read:
    at = datetime(2026, 9, 3, hour, tzinfo=OSLO) + timedelta(seconds=n)
    return Read(n, person, None, case or uuid4(), at, why)


def kinds(reads: list[Read]) -> list[tuple[str, int]]:
    by_lot = numbers(reads, lambda what: what)
    return [(one.kind, one.reads) for one in outliers(reads, by_lot, OSLO)]


def test_many_reads_are_more_than_forty_and_than_three_times_the_median() -> None:
    much, others = uuid4(), [uuid4() for _ in range(4)]
    assert kinds([a_read(much, n=n) for n in range(40)] + [a_read(o) for o in others]) == []
    assert kinds([a_read(much, n=n) for n in range(41)] + [a_read(o) for o in others]) == [("many", 41)]
    everybody = [a_read(one, n=n) for one in [much, *others] for n in range(60)]
    assert kinds(everybody) == []


def test_three_reads_without_taking_are_worth_a_question_and_two_are_not() -> None:
    somebody = uuid4()
    untaken = [replace(a_read(somebody), untaken=True) for _ in range(3)]
    assert kinds(untaken[:2]) == []
    assert kinds(untaken) == [("without_taking", 3)]


@pytest.mark.parametrize(("hour", "is_it"), [(21, False), (22, True), (0, True), (5, True), (6, False)])
def test_night_is_from_ten_to_six_where_the_municipality_is(hour: int, is_it: bool) -> None:
    assert (kinds([a_read(uuid4(), hour=hour)]) == [("at_night", 1)]) is is_it


def test_one_case_read_by_four_is_worth_a_question_but_not_when_they_searched() -> None:
    case = uuid4()
    assert kinds([a_read(uuid4(), case=case) for _ in range(3)]) == []
    assert kinds([a_read(uuid4(), case=case) for _ in range(4)]) == [("one_by_many", 4)]
    assert kinds([a_read(uuid4(), case=case, why="search") for _ in range(4)]) == []


# --- whose reads -------------------------------------------------------------------------------------


def test_the_reads_of_a_month_are_those_of_the_employers_people_in_their_role(alpha, reviewed, read) -> None:
    case = uuid4()
    read("nurse", case)
    read("second_nurse", case, day=30, hour=23, minute=59)
    read("counsellor", case)
    read("nurse", case, day=1, hour=0)
    found = queries.reads_of(reviewed, SEPTEMBER)
    assert [one.person for one in found] == [alpha.people[who] for who in ("nurse", "nurse", "second_nurse")]
    assert queries.reads_of(reviewed, date(2026, 8, 1)) == []
    assert queries.reads_of(reviewed, date(2026, 10, 1)) == []


def test_who_left_in_the_month_is_among_them(alpha: World, reviewed: UUID, read) -> None:
    read("nurse", uuid4())
    Post.objects.filter(account_id=alpha.people["nurse"]).update(ends_on=date(2026, 9, 10))
    assert len(queries.reads_of(reviewed, SEPTEMBER)) == 1
    Post.objects.filter(account_id=alpha.people["nurse"]).update(ends_on=date(2026, 8, 30))
    assert queries.reads_of(reviewed, SEPTEMBER) == []


def test_what_one_read_and_then_took_is_not_read_without_taking(alpha: World, reviewed: UUID, read) -> None:
    one, other = knock(alpha).request_id, knock(alpha).request_id
    contact.take(by=alpha.actor("nurse"), request_id=one)
    for pk in (one, other):
        read("nurse", ContactRequest.objects.get(pk=pk).case_key_id, why="before taking")
    assert [row.untaken for row in queries.reads_of(reviewed, SEPTEMBER)] == [False, True]


def test_who_has_no_employer_of_their_own_works_for_that_of_the_role(alpha: World, reviewed, read) -> None:
    read("nurse", uuid4())
    Post.objects.update(employer=None)
    assert queries.reads_of(reviewed, SEPTEMBER) == []
    HelperRole.objects.filter(pk=alpha.nurse_role).update(employer_id=reviewed)
    assert len(queries.reads_of(reviewed, SEPTEMBER)) == 1


# --- the lot -----------------------------------------------------------------------------------------


def test_the_sample_is_the_same_whoever_draws_and_another_elsewhere_and_in_another_month(
    alpha: World, reviewed: UUID, read
) -> None:
    for n in range(60):
        read("nurse", uuid4(), minute=n)
    reads = queries.reads_of(reviewed, SEPTEMBER)
    drawn = [sample(reads, queries.lot_of(reviewed, SEPTEMBER)) for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == 20
    assert drawn[0] != reads[:20]
    assert drawn[0] != sample(reads, queries.lot_of(reviewed, date(2026, 8, 1)))
    assert drawn[0] != sample(reads, queries.lot_of(uuid4(), SEPTEMBER))
    with inside(alpha.beta):
        assert drawn[0] != sample(reads, queries.lot_of(reviewed, SEPTEMBER))


def test_a_month_that_is_not_over_cannot_be_drawn(alpha: World, reviewed: UUID) -> None:
    assert queries.month_of(alpha.actor("outsider"), reviewed, date(2026, 10, 1)) is None


# --- who ---------------------------------------------------------------------------------------------


def test_only_an_administrator_names_the_reviewer(alpha: World, health: UUID) -> None:
    for who in ("lead", "nurse", "outsider"):
        with pytest.raises(NotAllowed):
            operations.name_reviewer(
                by=alpha.actor(who), employer_id=health, account_id=alpha.people["outsider"]
            )


def test_nobody_reviews_the_employer_they_work_for(alpha: World, health: UUID) -> None:
    with pytest.raises(Invalid):
        operations.name_reviewer(
            by=alpha.actor("admin"), employer_id=health, account_id=alpha.people["nurse"]
        )
    operations.name_reviewer(
        by=alpha.actor("admin"), employer_id=health, account_id=alpha.people["counsellor"]
    )
    Post.objects.filter(account_id=alpha.people["counsellor"]).update(employer_id=health)
    with pytest.raises(Conflict):
        operations.sign_off(
            by=alpha.actor("counsellor"), employer_id=health, month=SEPTEMBER, outcome="in_order"
        )


def test_only_the_reviewer_sees_the_month_and_signs_it(alpha: World, reviewed: UUID) -> None:
    for who in ("lead", "admin", "nurse", "counsellor"):
        assert queries.month_of(alpha.actor(who), reviewed, SEPTEMBER) is None
        with pytest.raises(NotFound):
            operations.sign_off(
                by=alpha.actor(who), employer_id=reviewed, month=SEPTEMBER, outcome="in_order"
            )


def test_a_month_is_signed_once_with_the_head_of_the_log(alpha: World, reviewed: UUID, read) -> None:
    read("nurse", uuid4())
    linking.link_new()
    ulf = alpha.actor("outsider")
    with pytest.raises(Invalid):
        operations.sign_off(by=ulf, employer_id=reviewed, month=SEPTEMBER, outcome="")
    signed = operations.sign_off(by=ulf, employer_id=reviewed, month=SEPTEMBER, outcome="in_order")
    assert signed.reads == 1
    assert verifying.stands(signed.log_head)
    assert Entry.objects.filter(verb="logreview.sign_off", actor_id=ulf.id).count() == 1
    with pytest.raises(Conflict):
        operations.sign_off(by=ulf, employer_id=reviewed, month=SEPTEMBER, outcome="followed_up")
    with pytest.raises(NotFound):
        operations.sign_off(by=ulf, employer_id=reviewed, month=date(2026, 10, 1), outcome="in_order")


def test_the_database_keeps_one_reviewer_an_employer_and_no_sign_off_without_a_word(
    alpha: World, reviewed: UUID
) -> None:
    who = {
        "employer_id": reviewed,
        "reviewer_id": alpha.people["lead"],
        "at": datetime(2026, 10, 1, tzinfo=UTC),
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        LogReview.objects.create(**who)
    with pytest.raises(IntegrityError), transaction.atomic():
        LogReview.objects.create(**who, month=SEPTEMBER, reads=1)


def test_a_reviewer_is_reminded_once_and_not_after_signing(alpha: World, reviewed: UUID) -> None:
    Message.objects.all().delete()
    assert operations.remind(by=MACHINE) == 1
    assert operations.remind(by=MACHINE) == 0
    operations.sign_off(
        by=alpha.actor("outsider"), employer_id=reviewed, month=SEPTEMBER, outcome="followed_up"
    )
    Message.objects.all().delete()
    assert operations.remind(by=MACHINE) == 0


# --- the pages ---------------------------------------------------------------------------------------


def test_the_reviewer_sees_roles_times_and_reasons_and_neither_names_nor_cases(
    alpha: World, reviewed: UUID, read, signed_in
) -> None:
    case = uuid4()
    for minute in range(4):
        read("nurse", case, hour=23, minute=minute, why="before taking")
    ulf = signed_in("outsider", "en")
    page = ulf.get(f"/log-review/{reviewed}/").content.decode()
    for said in (
        "Reads at night",
        "Reads without taking",
        "School nurse",
        "without taking",
        "September 2026",
    ):
        assert said in page, said
    for hidden in ("Nora", str(case), str(alpha.people["nurse"])):
        assert hidden not in page


def test_signing_off_is_seen_by_the_lead_as_done(alpha: World, reviewed: UUID, signed_in) -> None:
    lead, ulf = signed_in("lead", "en"), signed_in("outsider", "en")
    assert "Not done" in lead.get("/log-review/").content.decode()
    empty = ulf.post(f"/log-review/{reviewed}/", {})
    assert empty.status_code == 422
    assert "Choose what you found." in empty.content.decode()
    assert ulf.post(f"/log-review/{reviewed}/", {"outcome": "in_order"}).status_code == 302
    done = lead.get("/log-review/").content.decode()
    assert "Not done" not in done
    assert "Everything has its reason" in done
    assert lead.get(f"/log-review/{reviewed}/").status_code == 404
    assert "Sign off" not in ulf.get(f"/log-review/{reviewed}/").content.decode()


def test_an_administrator_names_somebody_and_a_wrong_choice_is_said_at_its_field(
    alpha: World, health: UUID, signed_in
) -> None:
    admin = signed_in("admin", "en")
    wrong = admin.post(f"/log-review/{health}/reviewer/", {"reviewer": str(alpha.people["nurse"])})
    assert wrong.status_code == 422
    assert "Choose somebody who does not work for this employer here." in wrong.content.decode()
    chosen = {"reviewer": str(alpha.people["outsider"])}
    assert admin.post(f"/log-review/{health}/reviewer/", chosen).status_code == 302
    assert "Ulf" in admin.get("/log-review/").content.decode()


def test_the_administrator_is_told_of_people_whose_reads_nobody_reviews(alpha, health, signed_in) -> None:
    said = "1 person holds a post without an employer"
    assert said in signed_in("admin", "en").get("/log-review/").content.decode()
    assert said not in signed_in("lead", "en").get("/log-review/").content.decode()


def test_who_neither_leads_nor_reviews_is_refused(alpha: World, reviewed: UUID, signed_in) -> None:
    assert signed_in("nurse").get("/log-review/").status_code == 403
    assert signed_in("outsider").get("/log-review/").status_code == 200
