"""The operator's pages, and stepping into invented people: by page, with a second factor shown."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from kernel.actor import MACHINE
from kernel.audit.models import Entry
from kernel.people import operations as people
from kernel.people.models import Account
from kernel.tenancy import MunicipalityRef, inside, operator
from tenants.municipalities.operations import change_state
from tenants.onboarding import operations, states
from tenants.onboarding.models import Application
from tests.signing_in import sign_in


def browser_of(ref: MunicipalityRef, account: Account) -> Client:
    host = "localhost" if ref.kind == "operator" else f"{ref.slug}.localhost"
    with inside(ref):
        client = Client(SERVER_NAME=host, HTTP_ACCEPT_LANGUAGE="en")
        sign_in(client, account)
    return client


@pytest.fixture
def operators(committed) -> Client:
    with inside(operator()):
        account = people.make_operator(by=MACHINE, email="olga@lavterskel.example", name="Olga Operator")
    return browser_of(operator(), account)


@pytest.fixture
def portal(applicant, slug):
    applicant.verify()
    return applicant.found(slug)


def administrator(ref: MunicipalityRef) -> Client:
    with inside(ref):
        account = Account.objects.get(is_administrator=True, is_invented=False)
    return browser_of(ref, account)


def test_the_operator_sees_hints_matches_the_number_and_approves_by_page(operators, applicant, portal):
    applicant.submit(portal)
    pk = applicant.application.pk
    operators.post(f"/operator/applications/{pk}/organisation/", {"number_matches": "0"})
    assert "Lom kommune" in operators.get("/operator/").content.decode()
    page = operators.get(f"/operator/applications/{pk}/").content.decode()
    assert "resembles the name" in page
    assert "You can approve when every gate" in page
    operators.post(f"/operator/applications/{pk}/organisation/", {"number_matches": "1"})
    assert "Open the door of" in operators.get(f"/operator/applications/{pk}/approve/").content.decode()
    assert operators.post(f"/operator/applications/{pk}/approve/").status_code == 302
    assert Application.objects.get(pk=pk).state == states.APPROVED
    assert operators.post(f"/operator/applications/{pk}/approve/").status_code == 409
    for path in ("/operator/decided/", "/operator/municipalities/", "/operator/trouble/"):
        assert operators.get(path).status_code == 200, path
    assert applicant.email not in operators.get("/operator/decided/").content.decode()


def test_a_refusal_in_three_words_keeps_them_and_says_what_to_do(operators, applicant, portal):
    applicant.submit(portal)
    page = operators.post(f"/operator/applications/{applicant.application.pk}/refuse/", {"text": "No way"})
    assert page.status_code == 422
    assert "No way" in page.content.decode()


@pytest.mark.parametrize("page", ["", "decided/", "municipalities/", "trouble/"])
def test_nobody_but_an_operator_reads_the_operators_pages(committed, page):
    path = f"/operator/{page}"
    assert Client(SERVER_NAME="localhost").get(path).status_code == 302
    with inside(operator()):
        account = people.invite(by=MACHINE, email="helper@lavterskel.example", name="No Operator")
    assert browser_of(operator(), account).get(path).status_code == 403


def test_an_administrator_steps_into_an_invented_person_and_back(portal):
    browser = administrator(portal)
    assert "Lise Hansen" in browser.get("/rehearsal/").content.decode()
    with inside(portal):
        lise = Account.objects.get(name="Lise Hansen")
    assert browser.post(f"/rehearsal/be/{lise.pk}/").status_code == 302
    assert "You are Lise Hansen just now" in browser.get("/rehearsal/").content.decode()
    assert browser.post("/rehearsal/back/").status_code == 302
    assert "Step" not in browser.get("/rehearsal/").headers.get("Location", "")
    assert "You are Lise" not in browser.get("/rehearsal/").content.decode()
    with inside(portal):
        assert Entry.objects.filter(verb="onboarding.step_into", object_id=str(lise.pk)).count() == 1


def test_the_way_back_to_oneself_stands_on_every_page_and_on_errors(portal):
    browser = administrator(portal)
    with inside(portal):
        lise = Account.objects.get(name="Lise Hansen")
    assert "/rehearsal/back/" not in browser.get("/setup/").content.decode()
    browser.post(f"/rehearsal/be/{lise.pk}/")
    for address, status in (("/setup/", 403), ("/desk/", 200), ("/nowhere/", 404)):
        answer = browser.get(address)
        assert answer.status_code == status, address
        assert 'action="/rehearsal/back/"' in answer.content.decode(), address
        assert "Be yourself again" in answer.content.decode(), address
    assert "Be yourself again" in browser.get("/").content.decode()
    browser.post("/rehearsal/back/")
    assert "Be yourself again" not in browser.get("/setup/").content.decode()


def test_the_checklist_counts_nobody_invented_while_the_municipality_rehearses(portal):
    page = administrator(portal).get("/setup/").content.decode()
    assert "Nobody real answers yet at:" in page
    assert "Somebody answers at every school" not in page
    assert "Nobody is told when a promise breaks." in page


def test_nobody_steps_into_a_real_person(applicant, portal):
    applicant.post("/start/gates/deputy/", {"name": "Per Vara", "email": "per@vagaa.kommune.no"})
    with inside(portal):
        first, deputy = Account.objects.filter(is_invented=False).order_by("created_at")
    assert browser_of(portal, first).post(f"/rehearsal/be/{deputy.pk}/").status_code == 404


def test_an_invented_person_who_signed_in_otherwise_is_nobodys_mask(portal):
    with inside(portal):
        lise = Account.objects.get(name="Lise Hansen")
        amir = Account.objects.get(name="Amir Nilsen")
    browser = browser_of(portal, lise)
    assert browser.get("/rehearsal/").status_code == 403
    assert browser.post(f"/rehearsal/be/{amir.pk}/").status_code == 403


def test_a_mask_falls_when_its_administrator_loses_the_right(portal):
    browser = administrator(portal)
    with inside(portal):
        lise = Account.objects.get(name="Lise Hansen")
    browser.post(f"/rehearsal/be/{lise.pk}/")
    with inside(portal):
        Account.objects.filter(is_administrator=True).update(is_administrator=False)
    assert browser.get("/rehearsal/").status_code == 403
    assert browser.post("/rehearsal/back/").status_code == 403


def test_there_is_no_rehearsal_in_a_live_municipality(portal):
    browser = administrator(portal)
    change_state(municipality_id=portal.id, to="live", by=MACHINE)
    assert browser.get("/rehearsal/").status_code == 404


def test_an_address_nobody_verified_is_forgotten_after_a_day(applicant):
    applicant.ask_for_code()
    pk, opened = applicant.application.pk, applicant.application.opened_at
    with time_machine.travel(opened + timedelta(hours=25), tick=False):
        operations.expire_old(by=MACHINE)
    application = Application.objects.get(pk=pk)
    assert (application.state, application.email, application.contact_name) == (states.EXPIRED, "", "")
    assert applicant.box.mails == []


@pytest.mark.parametrize("language", ["nb", "nn", "sv", "da", "fi", "en"])
def test_every_page_is_whole_in_every_language(applicant, portal, language):
    applicant.client.cookies["lang"] = language
    for path in ("/", "/schools/?q=x", "/privacy/", "/accessibility/", "/start/gates/",
                 "/start/gates/agreement/", "/start/gates/dpia/", "/start/withdraw/"):  # fmt: skip
        page = applicant.client.get(path)
        assert page.status_code == 200, path
        assert f'lang="{language}"' in page.content.decode()
        if language not in ("en",):
            assert "Find my school" not in page.content.decode()
