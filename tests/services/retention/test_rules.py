"""Rules are the administrator's: within the law, told before, taken back in time; holds are seen by who reviews."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from kernel.actor import MACHINE
from kernel.audit.models import Entry
from kernel.errors import Conflict, Invalid, NotAllowed
from kernel.outbox.models import Message
from services.logreview import operations as logreview
from services.retention import operations, queries
from services.retention.models import LegalHold, RetentionRule
from tenants.setup import operations as setup
from tests.cast import World
from tests.services.contact.people import SECRET
from tests.services.retention.people import ended, row

Browser = Callable[[str], Client]


def decide(world: World, outcome: str = "helped", months: int | None = 12, method: str = "delete") -> Any:
    return operations.decide_rule(by=world.actor("admin"), outcome=outcome, months=months, method=method)


def counts(outcome: str = "helped") -> queries.Standing:
    return next(one for one in queries.standing() if one.row.outcome == outcome)


def test_a_change_waits_a_week_and_then_counts(decided: World, clock: Any) -> None:
    decide(decided)
    assert (counts().term.months, counts().waiting_term.months) == (6, 12)
    clock.shift(timedelta(days=7))
    assert (counts().term.months, counts().waits) == (12, None)


def test_leads_and_administrators_are_told_once_and_nobody_else(decided: World) -> None:
    rule = decide(decided)
    told = set(Message.objects.filter(cause=f"retention-rule:{rule.pk}").values_list("account_id", flat=True))
    assert told == {decided.account("admin").pk, decided.account("lead").pk}


def test_a_change_is_taken_back_while_it_waits_and_not_after(decided: World, clock: Any) -> None:
    admin, first = decided.actor("admin"), decide(decided)
    operations.take_back_rule(by=admin, rule_id=first.pk)
    operations.take_back_rule(by=admin, rule_id=first.pk)
    assert counts().waits is None
    second = decide(decided)
    clock.shift(timedelta(days=7))
    with pytest.raises(Conflict):
        operations.take_back_rule(by=admin, rule_id=second.pk)
    assert counts().term.months == 12


def test_a_second_thought_replaces_what_waits(decided: World) -> None:
    decide(decided, months=12)
    decide(decided, months=9)
    assert counts().waiting_term.months == 9
    assert RetentionRule.objects.filter(taken_back_at__isnull=True).count() == 1
    assert decide(decided, months=None) is None
    assert counts().waits is None


def test_a_rule_goes_back_to_the_laws_and_follows_it(decided: World, clock: Any) -> None:
    decide(decided)
    clock.shift(timedelta(days=8))
    decide(decided, months=None)
    clock.shift(timedelta(days=8))
    assert counts().is_the_laws
    assert counts().term.months == 6


@pytest.mark.parametrize(
    ("outcome", "months", "method", "field"),
    [("helped", 2, "delete", "months"), ("helped", 121, "delete", "months"), ("withdrawn", 25, "delete", "months"),
     ("helped", 6, "burn", "method"), ("lost", 6, "delete", "outcome")],
)  # fmt: skip
def test_a_rule_outside_of_the_law_is_refused(
    decided: World, outcome: str, months: int, method: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        decide(decided, outcome, months, method)
    assert [error.field for error in refused.value.errors] == [field]


@pytest.mark.parametrize("who", ["nurse", "lead", "outsider"])
def test_nobody_but_an_administrator_decides_or_holds(decided: World, who: str) -> None:
    accepted = ended(decided)
    with pytest.raises(NotAllowed):
        operations.decide_rule(by=decided.actor(who), outcome="helped", months=12, method="keep")
    with pytest.raises(NotAllowed):
        operations.place_hold(
            by=decided.actor(who), number=accepted.case_number, basis="court", reason="Brev fra retten",
            last_day=date(2027, 1, 1),
        )  # fmt: skip


def test_the_table_itself_refuses_a_rule_that_begins_at_once(decided: World) -> None:
    rule = decide(decided)
    with pytest.raises(IntegrityError, match="a_rule_waits_a_week"), transaction.atomic():
        RetentionRule.objects.filter(pk=rule.pk).update(starts_at=rule.decided_at)


# --- holds ------------------------------------------------------------------------------------------------------


def hold(world: World, number: str, **said: Any) -> LegalHold:
    given = {"basis": "complaint", "reason": "Klage av 3. september", "last_day": date(2027, 3, 1)}
    return operations.place_hold(by=world.actor("admin"), number=number, **{**given, **said})


def test_a_hold_is_placed_once_ended_and_placed_again(decided: World) -> None:
    accepted = ended(decided)
    placed = hold(decided, accepted.case_number)
    with pytest.raises(Invalid):
        hold(decided, accepted.case_number)
    operations.end_hold(by=decided.actor("admin"), hold_id=placed.pk)
    operations.end_hold(by=decided.actor("admin"), hold_id=placed.pk)
    hold(decided, accepted.case_number)
    assert Entry.objects.filter(verb="retention.end_hold").count() == 1
    said = str(list(Entry.objects.filter(object_kind="legal_hold").values()))
    assert "Klage" not in said
    assert accepted.case_number not in said


@pytest.mark.parametrize(
    ("said", "field"),
    [({"number": "0000"}, "number"), ({"basis": "whim"}, "basis"), ({"reason": "nei"}, "reason"),
     ({"last_day": date(2026, 9, 15)}, "last_day"), ({"last_day": date(2028, 9, 16)}, "last_day"),
     ({"last_day": None}, "last_day")],
)  # fmt: skip
def test_a_hold_names_a_case_a_reason_and_an_end(decided: World, said: dict[str, Any], field: str) -> None:
    number = said.pop("number", None) or ended(decided).case_number
    with pytest.raises(Invalid) as refused:
        hold(decided, number, **said)
    assert [error.field for error in refused.value.errors] == [field]


def test_an_expired_hold_gives_way_to_a_new_one(decided: World, clock: Any) -> None:
    accepted = ended(decided)
    hold(decided, accepted.case_number, last_day=date(2026, 9, 20))
    clock.shift(timedelta(days=10))
    hold(decided, accepted.case_number)
    assert queries.standing_hold(row(accepted).pk).last_day == date(2027, 3, 1)


def test_whoever_reviews_a_log_sees_the_holds_and_the_rest_of_the_staff_does_not(
    decided: World, signed_in: Browser
) -> None:
    accepted = ended(decided)
    hold(decided, accepted.case_number)
    assert signed_in("outsider").get("/log-review/holds/").status_code == 403
    employer = setup.add_employer(name="Helse", kind="municipality", by=MACHINE)
    logreview.name_reviewer(
        by=decided.actor("admin"), employer_id=employer, account_id=decided.account("outsider").pk
    )
    page = signed_in("outsider").get("/log-review/holds/")
    assert page.status_code == 200
    assert accepted.case_number in page.text
    assert "Klage" not in page.text


# --- the pages --------------------------------------------------------------------------------------------------


def test_the_page_says_by_an_example_what_the_rule_means(
    decided: World, signed_in: Browser, clock: Any
) -> None:
    clock.move_to("2026-11-26 10:00:00+00:00")
    page = signed_in("admin").get("/setup/retention/").text
    assert "Closed today: its words go on Wednesday 26 May 2027. A count for the statistics stays." in page
    assert "arkivlova" in page
    assert "not yet by a lawyer" in page


def test_what_is_typed_is_shown_by_its_example_before_it_is_saved(decided: World, signed_in: Browser) -> None:
    admin = signed_in("admin")
    said = {"outcome": "helped", "months": "12", "method": "delete"}
    assert (
        "all of it is deleted on Wednesday 15 September 2027"
        in admin.post("/setup/retention/example/", said).text
    )
    shown = admin.post("/setup/retention/", {**said, "show": "1"})
    assert "all of it is deleted on Wednesday 15 September 2027" in shown.text
    assert not RetentionRule.objects.exists()


def test_a_rule_is_saved_on_the_page_waits_there_and_is_taken_back(
    decided: World, signed_in: Browser
) -> None:
    admin = signed_in("admin")
    answer = admin.post(
        "/setup/retention/", {"outcome": "helped", "months": "12", "method": "keep"}, follow=True
    )
    assert "A change waits" in answer.text
    rule = RetentionRule.objects.get()
    answer = admin.post(f"/setup/retention/{rule.pk}/take-back/", follow=True)
    assert "Taken back" in answer.text
    assert "A change waits" not in answer.text


def test_a_refused_rule_keeps_what_was_typed(decided: World, signed_in: Browser) -> None:
    answer = signed_in("admin").post(
        "/setup/retention/", {"outcome": "helped", "months": "2", "method": "delete"}
    )
    assert answer.status_code == 422
    assert 'value="2"' in answer.text
    assert "Choose between 3 and 120 months." in answer.text


def test_without_a_decision_about_the_archive_the_page_says_that_nothing_goes(
    alpha: World, signed_in: Browser
) -> None:
    admin = signed_in("admin")
    assert "Nothing goes yet" in admin.get("/setup/retention/").text
    admin.post("/setup/retention/archive/", {"choice": "delete", "decided_on": "2026-09-01"})
    assert "Nothing goes yet" not in admin.get("/setup/retention/").text
    assert (
        admin.post("/setup/retention/archive/", {"choice": "delete", "decided_on": "2026-09-16"}).status_code
        == 422
    )


def test_the_preview_counts_doors_and_withholds_the_small_ones(
    decided: World, signed_in: Browser, clock: Any
) -> None:
    for _number in range(5):
        ended(decided)
    for _number in range(4):
        ended(decided, outcome="referred", school_id=decided.school)
    clock.shift(timedelta(days=120))
    assert queries.preview(decided.actor("admin")) == []
    clock.shift(timedelta(days=40))
    assert [door.count for door in queries.preview(decided.actor("admin"))] == [9]


def test_small_doors_are_said_together_or_not_at_all() -> None:
    from collections import Counter
    from uuid import uuid4

    doors = [(uuid4(), uuid4()) for _number in range(4)]
    assert [one.count for one in queries.withheld(Counter({doors[0]: 7, doors[1]: 1}))] == [7, None]
    assert [one.count for one in queries.withheld(Counter({doors[0]: 4, doors[1]: 1}))] == [None]
    small = Counter({doors[0]: 4, doors[1]: 1, doors[2]: 2})
    assert [one.count for one in queries.withheld(small)] == [7]
    assert queries.withheld(Counter()) == []


def test_a_hold_is_placed_and_ended_on_the_page_without_a_word_of_the_case(
    decided: World, signed_in: Browser
) -> None:
    accepted, admin = ended(decided), signed_in("admin")
    said = {
        "number": accepted.case_number, "basis": "court", "reason": "Tingretten, brev 3. september",
        "last_day": "2027-01-01",
    }  # fmt: skip
    assert admin.post("/setup/retention/holds/", {**said, "reason": ""}).status_code == 422
    page = admin.post("/setup/retention/holds/", said, follow=True).text
    assert accepted.case_number in page
    assert "Tingretten" not in page
    assert SECRET not in page
    placed = LegalHold.objects.defer("reason").get()
    assert "Ended by" in admin.post(f"/setup/retention/holds/{placed.pk}/end/", follow=True).text
