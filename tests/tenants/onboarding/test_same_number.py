"""Two who say that they are the same municipality: both rehearse, one gets the door, and a wrong one leaves."""

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from kernel import jobs
from kernel.actor import MACHINE
from kernel.audit.models import Entry
from kernel.errors import Conflict, Invalid, NotAllowed
from kernel.people import operations as people
from kernel.people.models import Account
from kernel.tenancy import inside, municipalities, municipality_by_id, operator
from tenants.municipalities.operations import check_address
from tenants.onboarding import gates, operations, papers, queries, states
from tenants.onboarding.models import Application, PublishedSchool
from tests.tenants.onboarding.support import OPERATOR, Applicant
from tests.tenants.onboarding.test_attacks import at_once
from tests.tenants.onboarding.test_pages import operators

__all__ = ["operators"]
CODE = "3434"
REASON = "The number belongs to another body."


def opened(ref) -> None:
    """Sweep the file that approval leaves."""
    with inside(ref):
        default_storage.delete(papers.KEPT_AS)


@pytest.fixture
def squatter(committed, box, slug):
    """Somebody who rehearses with the official number of Lom, and an organisation number of their own."""
    one = Applicant(box, email="post@lorem.example", name="Lom", number="974 760 673", code=CODE)
    one.verify()
    one.ref = one.found(f"{slug}-squat")
    return one


@pytest.fixture
def rightful(squatter, box, slug):
    one = Applicant(box, code=CODE)
    one.verify()
    one.ref = one.found(slug)
    return one


def decided(one: Applicant, pk) -> Application:
    with inside(operator()):
        return Application.objects.get(pk=pk)


def test_a_stranger_who_rehearses_first_with_an_official_number_stops_nobody(squatter, rightful):
    assert rightful.application.state == states.REHEARSING
    assert squatter.application.register_code == rightful.application.register_code == CODE
    rightful.submit(rightful.ref)
    operations.approve(application_id=rightful.application.pk, by=OPERATOR)
    assert municipality_by_id(rightful.ref.id).state == "live"
    opened(rightful.ref)


def test_the_second_approval_is_refused_by_the_name_of_the_first(squatter, rightful, operators):
    for one in (rightful, squatter):
        one.submit(one.ref)
    operations.approve(application_id=rightful.application.pk, by=OPERATOR)
    opened(rightful.ref)
    pk = squatter.application.pk
    with pytest.raises(Conflict) as refused:
        operations.approve(application_id=pk, by=OPERATOR)
    assert refused.value.detail == "Lom kommune has the door of this number already."
    answer = operators.post(f"/operator/applications/{pk}/approve/")
    assert answer.status_code == 409
    assert "Lom kommune has the door of this number already." in answer.content.decode()
    assert "Lom kommune has the door" in operators.get(f"/operator/applications/{pk}/").content.decode()
    assert "Lom kommune has the door" in squatter.client.get("/start/gates/").content.decode()
    assert municipality_by_id(squatter.ref.id).state == "rehearsal"


def test_the_state_change_itself_refuses_when_nobody_saw_the_other_come(squatter, rightful, monkeypatch):
    """What two approvals at once meet: the rule of the table, told as words and never as a failure."""
    for one in (rightful, squatter):
        one.submit(one.ref)
    operations.approve(application_id=rightful.application.pk, by=OPERATOR)
    opened(rightful.ref)
    monkeypatch.setattr(queries, "standing", lambda application: "")
    monkeypatch.setattr(gates, "standing", lambda application: "")
    with pytest.raises(Conflict) as refused:
        operations.approve(application_id=squatter.application.pk, by=OPERATOR)
    assert refused.value.detail == "Lom kommune has the door of this number already."
    with inside(squatter.ref):
        assert Account.objects.filter(is_invented=True).exists()  # the stage stands as it stood
    assert squatter.application.state == states.SUBMITTED
    opened(squatter.ref)


def test_two_approvals_at_once_have_one_winner(squatter, rightful):
    for one in (rightful, squatter):
        one.submit(one.ref)
    ids = [one.application.pk for one in (rightful, squatter)]
    outcomes = at_once(*[lambda pk=pk: operations.approve(application_id=pk, by=OPERATOR) for pk in ids])
    refused = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert len(refused) == 1
    assert "has the door of this number already" in str(refused[0].detail)
    assert sorted(municipality_by_id(one.ref.id).state for one in (rightful, squatter)) == [
        "live",
        "rehearsal",
    ]
    with inside(operator()):
        assert Application.objects.filter(pk__in=ids, state=states.APPROVED).count() == 1
    for one in (rightful, squatter):
        opened(one.ref)


def test_two_approvals_of_one_organisation_at_once_have_one_winner(committed, box, slug):
    both = []
    for number, email in enumerate(("kari@lom.kommune.no", "kari@skjaak.kommune.no")):
        one = Applicant(box, email=email)
        one.verify()
        one.ref = one.found(f"{slug}-{number}")
        one.submit(one.ref)
        both.append(one)
    ids = [one.application.pk for one in both]
    outcomes = at_once(*[lambda pk=pk: operations.approve(application_id=pk, by=OPERATOR) for pk in ids])
    refused = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert [str(one.detail) for one in refused] == ["Lom kommune has the door of this number already."]
    assert sorted(municipality_by_id(one.ref.id).state for one in both) == ["live", "rehearsal"]
    for one in both:
        opened(one.ref)


def test_the_operator_sees_who_else_asks_for_the_number(squatter, rightful, operators):
    one, other = rightful.application, squatter.application
    listed = operators.get("/operator/").content.decode()
    assert listed.count("1 other asks for the same number") == 2
    page = operators.get(f"/operator/applications/{one.pk}/").content.decode()
    assert "Others who ask for the same number" in page
    assert f"/operator/applications/{other.pk}/" in page
    assert "lorem.example: does not resemble the name" in page
    assert squatter.email not in page  # the other's address is on the other's own page
    [rival] = queries.rivals_of(OPERATOR, one)
    assert (rival.name, rival.state, rival.opened_at) == ("Lom", states.REHEARSING, other.opened_at)
    rightful.submit(rightful.ref)
    assert (
        "Others ask for the same number"
        in operators.get(f"/operator/applications/{one.pk}/approve/").content.decode()
    )


def test_the_same_organisation_number_is_the_same_number_too(applicant, box, operators):
    applicant.verify()
    for email in ("per@lom.kommune.no", "ukjent@lom.kommune.no"):
        Applicant(box, email=email).ask_for_code()
    jobs.drain()
    assert queries.contested(OPERATOR) == {}  # nobody there has shown that the mail is theirs
    Applicant(box, email="eva@lom.kommune.no").verify()
    assert set(queries.contested(OPERATOR).values()) == {1}
    assert len(queries.contested(OPERATOR)) == 2


@pytest.mark.parametrize("at", [states.VERIFIED, states.REHEARSING])
def test_one_who_fills_in_or_rehearses_can_be_refused_and_is_told(applicant, slug, at):
    applicant.verify()
    if at == states.REHEARSING:
        applicant.found(slug)
    pk = applicant.application.pk
    assert applicant.application.state == at
    operations.refuse(application_id=pk, reason=REASON, by=OPERATOR)
    jobs.drain()
    told = applicant.box.to(applicant.email)[-1]
    assert REASON in told
    assert "Lom kommune" in told or "958 935 420" in told
    assert decided(applicant, pk).state == states.REFUSED
    assert check_address(slug) == []


def test_a_code_that_was_never_typed_can_not_be_refused_so_no_stranger_gets_our_words(applicant):
    applicant.ask_for_code()
    for verb in (operations.refuse, operations.evict):
        with pytest.raises(Conflict):
            verb(application_id=applicant.application.pk, reason=REASON, by=OPERATOR)


def test_an_evicted_rehearsal_is_told_why_and_its_address_is_free_again(squatter, rightful, operators):
    pk, where = squatter.application.pk, squatter.ref
    path = f"/operator/applications/{pk}/evict/"
    assert "Its address and number are free again" in operators.get(path).content.decode()
    short = operators.post(path, {"text": "No"})
    assert short.status_code == 422
    assert "No</textarea>" in short.content.decode()
    assert operators.post(path, {"text": REASON}).status_code == 302
    jobs.drain()
    assert REASON in squatter.box.to(squatter.email)[-1]
    now = decided(squatter, pk)
    assert (now.state, now.email, now.contact_name, now.municipality_id) == (states.EVICTED, "", "", None)
    assert where.id not in {ref.id for ref in municipalities()}
    assert check_address(where.slug) == []
    assert REASON in squatter.client.get("/start/outcome/").content.decode()
    with inside(operator()):
        [entry] = Entry.objects.filter(object_id=str(pk), verb="onboarding.evicted")
        assert entry.actor_id is not None
        assert REASON not in str(entry.details)
    assert rightful.application.state == states.REHEARSING
    assert operators.post(path, {"text": REASON}).headers["Location"] == f"/operator/applications/{pk}/"


def test_an_evicted_open_door_ends_at_once_and_its_number_is_free_but_not_its_address(
    squatter, rightful, operators
):
    for one in (squatter, rightful):
        one.submit(one.ref)
    pk, door = squatter.application.pk, squatter.ref
    operations.approve(application_id=pk, by=OPERATOR)
    opened(door)
    path = f"/operator/applications/{pk}/evict/"
    assert "This cannot be undone" in operators.get(path).content.decode()
    slip = operators.post(path, {"text": REASON, "address": "another"})
    assert slip.status_code == 422
    assert REASON in slip.content.decode()
    assert municipality_by_id(door.id).state == "live"
    assert operators.post(path, {"text": REASON, "address": door.slug}).status_code == 302
    jobs.drain()
    assert municipality_by_id(door.id).state == "ended"
    assert Client(SERVER_NAME=f"{door.slug}.localhost").get("/").status_code == 404
    assert not PublishedSchool.objects.filter(municipality_id=door.id).exists()
    for address in (squatter.email, "per@vagaa.kommune.no"):  # the administrators, whoever they are
        assert REASON in squatter.box.to(address)[-1]
    assert [str(one.message) for one in check_address(door.slug)] == [
        "This address is taken. Choose another."
    ]
    operations.approve(application_id=rightful.application.pk, by=OPERATOR)
    assert municipality_by_id(rightful.ref.id).state == "live"
    opened(rightful.ref)


def test_nobody_but_the_operator_evicts_and_never_without_a_reason(rightful):
    pk = rightful.application.pk
    for by in (rightful.actor, MACHINE):
        with pytest.raises(NotAllowed):
            operations.evict(application_id=pk, reason=REASON, by=by)
    with pytest.raises(Invalid):
        operations.evict(application_id=pk, reason="  No!  ", by=OPERATOR)
    with inside(operator()):
        helper = people.invite(by=MACHINE, email="helper@lavterskel.example", name="No Operator")
    assert not helper.is_operator
    assert rightful.application.state == states.REHEARSING


def test_a_portal_that_is_being_built_is_not_evicted_under_its_builder(applicant, slug):
    applicant.verify()
    applicant.fill_in(slug=slug)
    applicant.post("/start/check/", {"sure": "1"})
    for verb in (operations.refuse, operations.evict):
        with pytest.raises(Conflict):
            verb(application_id=applicant.application.pk, reason=REASON, by=OPERATOR)
