"""Letting a colleague in, by the pages: who may, on what ground, until when; what the student sees of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from kernel.audit.models import Entry, ReadEntry
from kernel.outbox.models import Message
from services.contact import operations, queries
from services.contact.models import ContactRequest
from services.contact.operations import Accepted
from tenants.walls.models import Grant, Opening
from tests.cast import World
from tests.services.contact.people import SECRET, knock, visitor
from tests.services.contact.test_handover import accept, offer
from tests.services.contact.test_walls import dump

WHY = "Vi ser på dette sammen"


def share(client: Client, accepted: Accepted, whom: object, **typed: str) -> HttpResponse:
    said = {"account": str(whom), "basis": "need", "reason": WHY, "last_day": "2026-09-20", **typed}
    return client.post(f"/desk/{accepted.request_id}/share/", said)


@pytest.fixture
def taken(alpha: World) -> Accepted:
    """Nora has it."""
    accepted = knock(alpha)
    operations.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    return accepted


def test_a_colleague_of_the_same_circle_reads_until_the_day_and_no_longer(
    alpha: World, nora: Client, signed_in: Callable, taken: Accepted, clock: time_machine.Traveller
) -> None:
    before = set(Message.objects.values_list("pk", flat=True))
    assert share(nora, taken, alpha.people["second_nurse"]).status_code == 302
    told = Message.objects.exclude(pk__in=before).get()
    assert (told.account_id, told.template) == (alpha.people["second_nurse"], "walls/let_in")
    signe = signed_in("second_nurse", "en")
    assert f"row-{taken.request_id}" in signe.get("/desk/shared/").content.decode()
    assert SECRET not in signe.get(f"/desk/{taken.request_id}/").content.decode()
    assert SECRET in signe.post(f"/desk/{taken.request_id}/read/").content.decode()
    assert ReadEntry.objects.get().why == "let in by the one who has it"
    assert signe.post(f"/desk/{taken.request_id}/reply/", {"text": "Hei"}).status_code == 409
    clock.shift(timedelta(days=6))
    assert signed_in("second_nurse", "en").post(f"/desk/{taken.request_id}/read/").status_code == 403


def test_another_circle_needs_the_students_yes_or_the_laws_reason(
    alpha: World, nora: Client, signed_in: Callable, taken: Accepted
) -> None:
    counsellor = alpha.people["counsellor"]
    refused = share(nora, taken, counsellor)
    assert refused.status_code == 422
    assert "Another duty of secrecy applies to your colleague." in refused.content.decode()
    assert WHY in refused.content.decode()
    assert not Grant.objects.exists()
    assert share(nora, taken, counsellor, basis="agreement").status_code == 302
    carl = signed_in("counsellor", "en")
    assert SECRET in carl.post(f"/desk/{taken.request_id}/read/").content.decode()
    assert carl.post(f"/desk/{taken.request_id}/take/").status_code == 403
    assert carl.post(f"/desk/{taken.request_id}/reply/", {"text": "Hei"}).status_code == 403
    read = queries.reads_by_adults(ContactRequest.objects.get(pk=taken.request_id))[0]
    assert read.role_id == alpha.counsellor_role


@pytest.mark.parametrize("basis", ["need", "reason"])
def test_whom_the_student_said_no_to_is_let_in_by_their_yes_alone(
    alpha: World, nora: Client, signed_in: Callable, basis: str
) -> None:
    accepted, signe = knock(alpha), alpha.people["second_nurse"]
    operations.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    operations.read_conversation(by=alpha.actor("nurse"), request_id=accepted.request_id)
    accept(alpha, offer(alpha, accepted, to="second_nurse"), "second_nurse")
    operations.refuse_handover(by=visitor(accepted), request_id=accepted.request_id)
    refused = share(nora, accepted, signe, basis=basis)
    assert refused.status_code == 422
    assert "The student said no to this person. Ask the student first." in refused.content.decode()
    assert not Grant.objects.exists()
    assert share(nora, accepted, signe, basis="agreement").status_code == 302
    assert (
        SECRET in signed_in("second_nurse", "en").post(f"/desk/{accepted.request_id}/read/").content.decode()
    )


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("account", {"account": ""}),
        ("account", {"account": "me"}),
        ("account", {"account": "outsider"}),
        ("basis", {"basis": "because"}),
        ("reason", {"reason": " "}),
        ("last_day", {"last_day": "2026-09-14"}),
        ("last_day", {"last_day": "2026-10-15"}),
        ("last_day", {"last_day": "soon"}),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    alpha: World, nora: Client, taken: Accepted, field: str, typed: dict[str, str]
) -> None:
    people = {"me": alpha.people["nurse"], "outsider": alpha.people["outsider"]}
    typed = {name: str(people.get(value, value)) for name, value in typed.items()}
    answer = share(nora, taken, alpha.people["second_nurse"], **typed)
    assert answer.status_code == 422
    assert list(answer.context["errors"]) == [field]
    assert not Grant.objects.exists()


def test_only_the_one_who_has_it_lets_in(alpha: World, signed_in: Callable, taken: Accepted) -> None:
    for who, status in (("second_nurse", 403), ("counsellor", 404), ("admin", 403), ("lead", 403)):
        assert share(signed_in(who), taken, alpha.people["other_nurse"]).status_code == status
    free = knock(alpha)
    assert share(signed_in("nurse"), free, alpha.people["other_nurse"]).status_code == 403
    assert not Grant.objects.exists()


def test_taking_back_ends_it_at_once_and_giving_anew_replaces(
    alpha: World, nora: Client, signed_in: Callable, taken: Accepted
) -> None:
    signe = alpha.people["second_nurse"]
    for _ in range(2):
        share(nora, taken, signe)
    assert Grant.objects.filter(withdrawn_at__isnull=True).count() == 1
    page = nora.get(f"/desk/{taken.request_id}/share/").content.decode()
    assert "Signe" in page
    standing = Grant.objects.get(withdrawn_at__isnull=True)
    stranger = signed_in("second_nurse").post(f"/desk/{taken.request_id}/unshare/", {"grant": standing.pk})
    assert stranger.status_code == 403
    nora.post(f"/desk/{taken.request_id}/unshare/", {"grant": standing.pk})
    assert not Grant.objects.filter(withdrawn_at__isnull=True).exists()
    assert signed_in("second_nurse").post(f"/desk/{taken.request_id}/read/").status_code == 403
    verbs = Entry.objects.filter(verb__startswith="walls.").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["walls.give_grant"] * 2 + ["walls.withdraw_grant"]


# --- by two persons -----------------------------------------------------------------------------------------


def ask(client: Client, accepted: Accepted, whom: object, **typed: str) -> HttpResponse:
    said = {"number": accepted.case_number, "basis": "danger", "reason": "Ingen får tak i henne", "hours": "2",
            "reader": str(whom), "scope": "conversation", **typed}  # fmt: skip
    return client.post("/openings/new/", said)


def test_one_asks_another_confirms_and_only_the_named_one_reads(
    alpha: World, signed_in: Callable, at: Callable, taken: Accepted
) -> None:
    signe, lead, admin = (signed_in(who, "en") for who in ("second_nurse", "lead", "admin"))
    assert ask(signe, taken, alpha.people["second_nurse"]).status_code == 302
    opening = Opening.objects.get()
    where = f"/openings/{opening.pk}/"
    assert signe.post(f"/desk/{taken.request_id}/read/").status_code == 403
    assert signe.post(f"{where}confirm/").status_code == 403
    assert "Ingen får tak i henne" in lead.get(where).content.decode()
    assert SECRET not in lead.get(where).content.decode()
    assert lead.post(f"{where}confirm/").status_code == 302
    assert admin.post(f"{where}confirm/").status_code == 409
    for who in (lead, admin):
        assert who.post(f"/desk/{taken.request_id}/read/").status_code == 403
        assert SECRET not in who.get(where).content.decode()
    assert SECRET in signe.post(f"/desk/{taken.request_id}/read/").content.decode()
    reads = ReadEntry.objects.filter(what="conversation")
    assert [read.why for read in reads] == ["by two persons: danger"]
    assert signe.post(f"/desk/{taken.request_id}/take-out/").status_code == 403
    seen = seen_by_the_student(alpha, at, taken)
    assert "Two adults opened this for a helper." in seen
    assert "Two adults decided that it was needed." in seen


def seen_by_the_student(world: World, at: Callable, accepted: Accepted) -> str:
    client = at(world.alpha, headers={"accept-language": "en"})
    return client.post("/receipt/", {"receipt": accepted.receipt}, follow=True).content.decode()


def test_what_the_law_keeps_from_the_student_is_not_shown_and_needs_its_law(
    alpha: World, signed_in: Callable, at: Callable, taken: Accepted
) -> None:
    from services.worry import operations as worries

    worry = worries.raise_worry(by=alpha.actor("nurse"), request_id=taken.request_id, urgency="soon")
    worries.close(by=alpha.actor("nurse"), worry_id=worry.pk, outcome="safe", came_of_it="Trygg hos mormor")
    lead, admin = signed_in("lead", "en"), signed_in("admin", "en")
    refused = ask(admin, taken, alpha.people["counsellor"], basis="court", is_untold="on")
    assert refused.status_code == 422
    assert "Name the law that keeps this from the student." in refused.content.decode()
    ask(
        admin,
        taken,
        alpha.people["counsellor"],
        basis="court",
        is_untold="on",
        untold_reason="Straffeprosessloven",
    )
    lead.post(f"/openings/{Opening.objects.get().pk}/confirm/")
    taken_out = signed_in("counsellor", "en").post(f"/desk/{taken.request_id}/take-out/").content.decode()
    assert SECRET in taken_out
    assert "Trygg hos mormor" in taken_out
    assert "What came of it" in taken_out
    assert "A court or the police has a decision" in taken_out
    assert ReadEntry.objects.get(what="extraction").why == queries.UNTOLD
    seen = seen_by_the_student(alpha, at, taken)
    assert "Two adults" not in seen
    assert "Nobody has read it yet." in seen


def test_nobody_is_both_persons_and_the_reader_is_neither(
    alpha: World, signed_in: Callable, taken: Accepted
) -> None:
    from kernel.actor import MACHINE
    from tenants.setup import operations as setup

    setup.appoint_lead(account_id=alpha.people["second_nurse"], by=MACHINE)
    admin = signed_in("admin", "en")
    ask(admin, taken, alpha.people["second_nurse"])
    where = f"/openings/{Opening.objects.get().pk}/"
    assert admin.post(f"{where}confirm/").status_code == 403
    assert signed_in("second_nurse", "en").post(f"{where}confirm/").status_code == 403
    assert Opening.objects.get().confirmed_at is None


def test_who_holds_no_post_is_named_for_nothing_and_numbers_are_looked_up_honestly(
    alpha: World, signed_in: Callable, taken: Accepted
) -> None:
    admin = signed_in("admin", "en")
    for typed in (
        {"reader": str(alpha.people["lead"])},
        {"number": "9-ZZZ"},
        {"hours": "25"},
        {"hours": "0"},
    ):
        answer = ask(admin, taken, alpha.people["nurse"], **typed)
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == list(typed)
    assert not Opening.objects.exists()


def test_what_is_asked_too_long_ago_or_refused_opens_no_more(
    alpha: World, signed_in: Callable, taken: Accepted, clock: time_machine.Traveller
) -> None:
    ask(signed_in("admin", "en"), taken, alpha.people["counsellor"])
    old = Opening.objects.get()
    clock.shift(timedelta(hours=73))
    assert signed_in("lead", "en").post(f"/openings/{old.pk}/confirm/").status_code == 409
    ask(signed_in("admin", "en"), taken, alpha.people["counsellor"])
    new = Opening.objects.exclude(pk=old.pk).get()
    assert signed_in("lead", "en").post(f"/openings/{new.pk}/end/").status_code == 302
    assert signed_in("lead", "en").post(f"/openings/{new.pk}/confirm/").status_code == 409


def test_reasons_stand_readable_nowhere(
    alpha: World, nora: Client, signed_in: Callable, taken: Accepted
) -> None:
    share(nora, taken, alpha.people["second_nurse"], reason="kanarifugl en")
    ask(signed_in("admin"), taken, alpha.people["counsellor"], reason="kanarifugl to", is_untold="on",
        untold_reason="kanarifugl tre")  # fmt: skip
    assert Grant.objects.exists()
    assert Opening.objects.exists()
    assert b"kanarifugl" not in dump(alpha.alpha.schema)


def test_the_student_is_told_who_was_let_in_by_whom(
    alpha: World, nora: Client, signed_in: Callable, at: Callable, taken: Accepted
) -> None:
    share(nora, taken, alpha.people["counsellor"], basis="agreement")
    operations.read_conversation(by=alpha.actor("counsellor"), request_id=taken.request_id)
    assert "The one who helps you let them in." in seen_by_the_student(alpha, at, taken)
    assert operations.read_conversation(by=visitor(taken), request_id=taken.request_id).lines


@pytest.mark.parametrize("where", ["share", "take-out", "record/copy"])
def test_letting_in_and_taking_out_ask_for_a_second_factor_of_these_minutes(
    alpha: World, nora: Client, taken: Accepted, clock: time_machine.Traveller, where: str
) -> None:
    clock.shift(timedelta(minutes=6))
    asked = nora.post(
        f"/desk/{taken.request_id}/{where}/",
        {"account": alpha.people["second_nurse"], "basis": "need", "reason": WHY, "last_day": "2026-09-20"},
    )
    assert asked.status_code == 302
    assert asked["Location"].startswith("/account/confirm/")
    assert not Grant.objects.exists()
    assert not ReadEntry.objects.exists()


@pytest.mark.parametrize("where", ["new/", "{}/confirm/"])
def test_asking_for_an_opening_and_agreeing_to_it_ask_for_a_second_factor_of_these_minutes(
    alpha: World, signed_in: Callable, clock: time_machine.Traveller, where: str
) -> None:
    lead = signed_in("lead", "en")
    clock.shift(timedelta(minutes=6))
    asked = lead.post(f"/openings/{where.format(alpha.school)}")
    assert asked.status_code == 302
    assert asked["Location"].startswith("/account/confirm/")
    assert not Opening.objects.exists()
