"""Before the door opens: gates, the signatory's link, the operator's decision, and what is forgotten."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.test import Client

from kernel import clock, jobs
from kernel.actor import MACHINE, Actor
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.people import operations as people
from kernel.people.models import Account
from kernel.tenancy import inside, municipalities, municipality_by_id, operator
from tenants.onboarding import gates, operations, papers, rehearsal, states
from tenants.onboarding.models import Application, PublishedSchool, Signature
from tenants.onboarding.permissions import applicant as actor_of_applicant
from tenants.setup import operations as setup
from tenants.setup.models import Post, School
from tenants.setup.queries import portal
from tests.tenants.onboarding.support import OPERATOR, Applicant, signs_in


@pytest.fixture
def rehearsing(applicant, slug):
    """An applicant with a portal; `.ref` is it."""
    applicant.verify()
    applicant.ref = applicant.found(slug)
    return applicant


@pytest.fixture
def submitted(rehearsing):
    rehearsing.submit(rehearsing.ref)
    return rehearsing


def passed(application: Application) -> set[str]:
    return {gate.kind for gate in gates.of(application) if gate.passed}


def test_no_gate_is_passed_by_itself_and_invented_people_keep_no_promise(rehearsing):
    assert passed(rehearsing.application) == set()
    page = rehearsing.client.get("/start/gates/").content.decode()
    assert "Nobody real is" in page
    assert 'action="/start/submit/"' in page
    assert "Ask us to open the door" not in page


def test_asking_before_everything_is_in_order_is_refused_by_name(rehearsing):
    answer = rehearsing.post("/start/submit/")
    assert answer.status_code == 409
    with pytest.raises(Conflict) as refused:
        operations.submit(application_id=rehearsing.application.pk, by=rehearsing.actor)
    assert "agreement" in str(refused.value.detail)


def test_every_gate_passed_leads_to_submission(submitted):
    assert passed(submitted.application) == {
        "agreement",
        "dpia",
        "archive",
        "deputy",
        "promise",
        "organisation",
    }
    assert submitted.application.state == states.SUBMITTED


def test_the_promise_fails_again_when_the_only_nurse_leaves(rehearsing):
    rehearsing.pass_gates(rehearsing.ref)
    assert "promise" in passed(rehearsing.application)
    with inside(rehearsing.ref):
        post = Post.objects.filter(account__is_invented=False).first()
        setup.end_post(post_id=post.pk, by=MACHINE)
    assert "promise" not in passed(rehearsing.application)


def test_the_applicant_cannot_sign_for_the_municipality(rehearsing):
    page = rehearsing.post(
        "/start/gates/agreement/",
        {"name": "Kari", "role": "IT", "authority": "Me", "email": rehearsing.email.upper()},
    )
    assert page.status_code == 422
    assert "Somebody else must sign" in page.content.decode()
    assert not Signature.objects.filter(application=rehearsing.application).exists()


def test_the_deputy_is_somebody_else_and_becomes_an_administrator(rehearsing):
    answer = rehearsing.post("/start/gates/deputy/", {"name": "Kari", "email": rehearsing.email})
    assert answer.status_code == 422
    rehearsing.post("/start/gates/deputy/", {"name": "Per Vara", "email": "per@vagaa.kommune.no"})
    with inside(rehearsing.ref):
        assert Account.objects.get(email="per@vagaa.kommune.no").is_administrator


def test_a_deputy_counts_once_they_have_signed_in_from_their_mailbox(rehearsing):
    rehearsing.post("/start/gates/deputy/", {"name": "Per Vara", "email": "per@vagaa.kommune.no"})
    assert "deputy" not in passed(rehearsing.application)
    assert "They have not signed in yet." in rehearsing.client.get("/start/gates/").content.decode()
    signs_in(rehearsing.ref, "per@vagaa.kommune.no", rehearsing.box)
    assert "deputy" in passed(rehearsing.application)
    with inside(rehearsing.ref):
        account = Account.objects.get(email="per@vagaa.kommune.no")
        people.change_email(by=MACHINE, account_id=account.pk, email="other@vagaa.kommune.no")
    assert "deputy" not in passed(rehearsing.application)


@pytest.mark.parametrize(
    "alias",
    ['"{name}"@{host}', "{name}@\uff4com{rest}", "{name}+deputy@{host}.", "\u212aari@{host}"],
)
def test_no_other_spelling_of_ones_own_address_is_a_second_person(rehearsing, alias):
    name, _at, host = rehearsing.email.partition("@")
    typed = alias.format(name=name, host=host, rest=host.removeprefix("lom"))
    for path, form in (
        ("/start/gates/deputy/", {"name": "Per Vara", "email": typed}),
        ("/start/gates/agreement/", {"name": "Ola", "role": "KD", "authority": "Me", "email": typed}),
    ):
        assert rehearsing.post(path, form).status_code == 422, typed
    with inside(rehearsing.ref):
        assert Account.objects.filter(is_invented=False).count() == 1


def test_another_name_of_the_applicants_mailbox_is_still_the_applicant(rehearsing):
    alias = rehearsing.email.replace("@", "+sign@").upper()
    page = rehearsing.post(
        "/start/gates/agreement/", {"name": "Ola", "role": "KD", "authority": "Me", "email": alias}
    )
    assert page.status_code == 422
    assert rehearsing.post("/start/gates/deputy/", {"name": "Per", "email": alias}).status_code == 422
    assert not Signature.objects.filter(application=rehearsing.application).exists()


def test_nobody_invented_is_a_deputy(rehearsing):
    with inside(rehearsing.ref):
        lead = Account.objects.get(email__startswith="lead@")
    page = rehearsing.post("/start/gates/deputy/", {"name": "Per Vara", "email": lead.email})
    assert page.status_code == 422
    assert "This must be a real person." in page.content.decode()
    with inside(rehearsing.ref):
        assert not Account.objects.get(pk=lead.pk).is_administrator


@pytest.mark.parametrize("change", [{"is_administrator": False}, {"is_invented": True}, {"email": "kari+x@"}])
def test_no_door_opens_when_the_deputy_is_gone(submitted, change):
    if "email" in change:
        change = {"email": submitted.email.replace("@", "+x@")}
    with inside(submitted.ref):
        Account.objects.filter(email="per@vagaa.kommune.no").update(**change)
    assert "deputy" not in passed(submitted.application)
    with pytest.raises(Conflict) as refused:
        operations.approve(application_id=submitted.application.pk, by=OPERATOR)
    assert "deputy" in str(refused.value.detail)


def test_the_link_shows_name_role_and_authority_and_the_text_that_is_signed(rehearsing):
    link = rehearsing.sign_agreement()
    signature = Signature.objects.get(application=rehearsing.application)
    assert signature.text_version == papers.VERSION
    assert "Ola Berg" in signature.text
    assert "Kommunedirektør" in signature.text
    import hashlib

    assert hashlib.sha256(signature.text.encode()).hexdigest() == signature.text_hash
    assert link.split("/")[2] not in str(Signature.objects.values_list("token_hash", "text"))


def test_a_used_link_shows_thanks_and_signs_nothing_again(rehearsing):
    link = rehearsing.sign_agreement()
    before = Signature.objects.get(application=rehearsing.application).signed_at
    again = Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE="en")
    page = again.get(link)
    assert "The agreement is signed" in page.content.decode()
    again.post(link, {"read": "1", "text": "0" * 64})
    signature = Signature.objects.get(application=rehearsing.application)
    assert signature.signed_at == before
    from tenants.onboarding.permissions import signatory

    with pytest.raises(Conflict):
        operations.sign(
            signature_id=signature.pk,
            text_hash=signature.text_hash,
            language="en",
            by=signatory(signature.pk),
        )


def send_link(rehearsing: Applicant, to: str = "ordforer@lom.kommune.no") -> str:
    rehearsing.post(
        "/start/gates/agreement/", {"name": "Ola", "role": "Director", "authority": "Law", "email": to}
    )
    jobs.drain()
    return rehearsing.box.link()


@pytest.mark.parametrize("token", ["x", "A" * 32, "../../operator"])
def test_an_unknown_link_says_so_with_404(committed, token):
    assert Client(SERVER_NAME="localhost").get(f"/sign/{token}/").status_code == 404


def test_a_new_link_kills_the_old_one(rehearsing):
    old = send_link(rehearsing)
    new = send_link(rehearsing, "other@lom.kommune.no")
    reader = Client(SERVER_NAME="localhost")
    assert reader.get(old).status_code == 404
    assert reader.get(new).status_code == 200


def test_a_link_is_too_old_after_fourteen_days(rehearsing):
    link = send_link(rehearsing)
    with time_machine.travel(clock.now() + states.SIGNING_LIFE, tick=False):
        assert Client(SERVER_NAME="localhost").get(link).status_code == 404


def test_signing_needs_the_tick_and_the_very_text_that_was_shown(rehearsing):
    link = send_link(rehearsing)
    reader = Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE="en")
    text = re.search(r'name="text" value="([0-9a-f]{64})"', reader.get(link).content.decode()).group(1)
    assert reader.post(link, {"text": text}).status_code == 422
    assert reader.post(link, {"text": "0" * 64, "read": "1"}).status_code == 409
    assert Signature.objects.get(application=rehearsing.application).signed_at is None


def test_an_applicant_touches_only_their_own_application(rehearsing, box):
    stranger = Applicant(box, email="per@skjaak.kommune.no", name="Skjåk kommune")
    stranger.verify()
    theirs, mine = stranger.actor, rehearsing.application.pk
    for verb in (
        lambda: operations.submit(application_id=mine, by=theirs),
        lambda: operations.withdraw(application_id=mine, by=theirs),
        lambda: operations.invite_deputy(application_id=mine, name="X Y", email="x@y.no", by=theirs),
        lambda: operations.name_yourself(application_id=mine, name="Mine now", by=theirs),
        lambda: operations.approve(application_id=mine, by=theirs),
        lambda: operations.match_organisation(application_id=mine, matches=True, by=theirs),
        lambda: operations.approve(application_id=mine, by=rehearsing.actor),
        lambda: operations.approve(application_id=mine, by=Actor(kind="person", is_administrator=True)),
    ):
        with pytest.raises(NotAllowed):
            verb()


def test_papers_are_filled_in_from_the_set_up_in_five_languages(rehearsing):
    application = rehearsing.application
    for language in ("nb", "nn", "sv", "da", "fi", "en"):
        for kind in papers.PAPERS:
            paper = papers.paper(kind, application, language)
            assert "Lom kommune" in paper.html
            assert "958 935 420" in paper.html
            assert "{{" not in paper.html
    assert "Loar skule" in papers.paper("dpia", application, "sv").html
    answer = rehearsing.client.get("/start/papers/dpia/?download=1")
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_name_with_markup_stays_text_in_the_papers(rehearsing):
    application = rehearsing.application
    application.name = "<script>alert(1)</script>"
    assert "<script>" not in papers.paper("agreement", application, "en").html


def test_approval_opens_the_door_clears_the_stage_and_forgets_every_person(submitted):
    pk = submitted.application.pk
    operations.approve(application_id=pk, by=OPERATOR)
    jobs.drain()
    ref = municipality_by_id(submitted.ref.id)
    assert ref.state == "live"
    with inside(ref):
        assert not Account.objects.filter(is_invented=True).exists()
        assert Post.objects.count() > 0
        assert b"Ola Berg" in papers.kept_agreement()
        default_storage.delete(papers.KEPT_AS)
    application = Application.objects.get(pk=pk)
    assert (application.state, application.email, application.contact_name) == (states.APPROVED, "", "")
    signature = application.signatures.get()
    assert (signature.name, signature.email, signature.text) == ("", "", "")
    assert signature.text_hash
    assert any("approved" in text for text in submitted.box.to(submitted.email))
    assert PublishedSchool.objects.filter(municipality_id=ref.id).count() == 1


def test_no_invented_adult_stands_on_the_door_once_it_is_open(submitted):
    door = Client(SERVER_NAME=f"{submitted.ref.slug}.localhost", HTTP_ACCEPT_LANGUAGE="en")
    with inside(submitted.ref):
        names = [account.name for account in Account.objects.filter(is_invented=True)]
    # The process remembers the door as it was in the rehearsal.
    with inside(submitted.ref):
        assert any(role.people for school in portal().schools for role in school.roles)
    operations.approve(application_id=submitted.application.pk, by=OPERATOR)
    with inside(submitted.ref):
        default_storage.delete(papers.KEPT_AS)
    shown = [door.get(address).content.decode() for address in ("/", "/who/", "/api/v1/door")]
    for name in names:
        assert not any(name in page for page in shown), name


def test_approval_waits_for_the_organisation_number(submitted):
    operations.match_organisation(application_id=submitted.application.pk, matches=False, by=OPERATOR)
    with pytest.raises(Conflict):
        operations.approve(application_id=submitted.application.pk, by=OPERATOR)
    assert municipality_by_id(submitted.ref.id).state == "rehearsal"


def test_what_slices_registered_is_swept_before_the_door_opens(submitted, monkeypatch):
    swept = []
    monkeypatch.setattr(rehearsal, "_cleaners", [lambda *, by: swept.append(School.objects.count())])
    operations.approve(application_id=submitted.application.pk, by=OPERATOR)
    assert swept == [1]


def test_what_was_knocked_in_the_rehearsal_is_gone_when_the_door_opens(submitted):
    from kernel.actor import actor_for, student
    from services.contact import operations as contact
    from services.contact.models import ContactRequest, ConversationMessage
    from services.promises.models import Promise

    with inside(submitted.ref):
        post = Post.objects.filter(account__is_invented=True).select_related("account").first()
        contact.knock(
            by=student(None), idempotency_key="rehearsal-knock-0001", school_id=post.school_id,
            role_id=post.role_id, channel_kind="conversation", message="Only a try", language="nb",
        )  # fmt: skip
        contact.take(request_id=ContactRequest.objects.get().pk, by=actor_for(post.account))
    operations.approve(application_id=submitted.application.pk, by=OPERATOR)
    with inside(submitted.ref):
        for model in (ContactRequest, ConversationMessage, Promise):
            assert not model.objects.exists(), model
        assert not Account.objects.filter(is_invented=True).exists()
        default_storage.delete(papers.KEPT_AS)


def test_nothing_is_cleared_unless_the_door_opens_in_the_same_moment(submitted, monkeypatch):
    """A second press that finds the door open must have cleared nothing: clearing and opening stand or fall as one."""
    from tenants.onboarding.operations import deciding

    def fails(**_arguments):
        raise RuntimeError("the process died here")

    monkeypatch.setattr(deciding, "change_state", fails)
    with pytest.raises(RuntimeError):
        operations.approve(application_id=submitted.application.pk, by=OPERATOR)
    with inside(submitted.ref):
        assert Account.objects.filter(is_invented=True).exists()
        default_storage.delete(papers.KEPT_AS)
    assert municipality_by_id(submitted.ref.id).state == "rehearsal"


def test_a_question_goes_to_the_applicant_and_the_answer_comes_back(submitted):
    pk = submitted.application.pk
    operations.ask(application_id=pk, question="Who is your archivist, and since when?", by=OPERATOR)
    jobs.drain()
    assert "/start/gates/" in submitted.box.text()
    assert "archivist" not in submitted.box.text()
    assert "archivist" in submitted.client.get("/start/gates/").content.decode()
    assert submitted.post("/start/answer/", {"answer": ""}).status_code == 422
    assert submitted.post("/start/answer/", {"answer": "We have none yet."}).status_code == 302
    application = Application.objects.get(pk=pk)
    assert (application.state, application.answer) == (states.SUBMITTED, "We have none yet.")


def test_refused_is_told_why_forgotten_and_may_apply_again(submitted, slug):
    pk, old = submitted.application.pk, submitted.ref.id
    with pytest.raises(Invalid):
        operations.refuse(application_id=pk, reason="No", by=OPERATOR)
    operations.refuse(application_id=pk, reason="The number belongs to another body.", by=OPERATOR)
    jobs.drain()
    assert "another body" in submitted.box.to(submitted.email)[-1]
    application = Application.objects.get(pk=pk)
    assert (application.state, application.email, application.municipality_id) == (states.REFUSED, "", None)
    assert old not in {ref.id for ref in municipalities()}
    assert "another body" in submitted.client.get("/start/outcome/").content.decode()
    again = Applicant(submitted.box)
    again.verify()
    assert again.found(slug).id != old


def test_withdrawing_takes_the_portal_and_the_person_away(rehearsing):
    assert rehearsing.client.get("/start/withdraw/").status_code == 200
    pk = rehearsing.application.pk
    assert rehearsing.post("/start/withdraw/").status_code == 302
    jobs.drain()
    application = Application.objects.get(pk=pk)
    assert (application.state, application.email) == (states.WITHDRAWN, "")
    assert rehearsing.ref.id not in {ref.id for ref in municipalities()}


def test_warned_on_day_23_and_expired_on_day_30_once_each(rehearsing):
    pk, opened = rehearsing.application.pk, rehearsing.application.opened_at
    for day, outcome in ((22, (0, 0)), (23, (1, 0)), (24, (0, 0)), (30, (0, 1)), (31, (0, 0))):
        with time_machine.travel(opened + timedelta(days=day, minutes=1), tick=False):
            assert operations.expire_old(by=MACHINE) == outcome, day
    with time_machine.travel(opened + timedelta(days=31), tick=False):
        jobs.drain()
    assert sum("in a week" in text for text in rehearsing.box.to(rehearsing.email)) == 1
    application = Application.objects.get(pk=pk)
    assert (application.state, application.email) == (states.EXPIRED, "")
    assert rehearsing.ref.id not in {ref.id for ref in municipalities()}


def test_what_waits_for_us_never_expires(submitted):
    with time_machine.travel(submitted.application.opened_at + timedelta(days=400), tick=False):
        assert operations.expire_old(by=MACHINE) == (0, 0)


def test_a_closed_school_is_no_longer_found(submitted):
    operations.approve(application_id=submitted.application.pk, by=OPERATOR)
    rows = PublishedSchool.objects.filter(municipality_id=submitted.ref.id)
    with inside(submitted.ref):
        first = School.objects.get().pk
        setup.add_school(name="Vårdalen skule", form="compulsory", by=MACHINE)
        setup.close_school(school_id=first, by=MACHINE)
        default_storage.delete(papers.KEPT_AS)
    operations.publish_all(by=MACHINE)
    assert list(rows.values_list("name", flat=True)) == ["Vårdalen skule"]


def test_a_live_municipality_is_never_taken_down(submitted):
    operations.approve(application_id=submitted.application.pk, by=OPERATOR)
    operations.dissolve_rehearsal(municipality_id=submitted.ref.id, by=MACHINE)
    assert municipality_by_id(submitted.ref.id).state == "live"
    with inside(submitted.ref):
        default_storage.delete(papers.KEPT_AS)


def test_the_table_itself_refuses_a_person_in_a_decided_application(rehearsing):
    with inside(operator()), pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=rehearsing.application.pk).update(
            state=states.EXPIRED, decided_at=datetime(2027, 1, 1, tzinfo=UTC)
        )


def test_a_decision_in_the_future_is_no_decision(rehearsing):
    with pytest.raises(Invalid):
        operations.pass_dpia(
            application_id=rehearsing.application.pk,
            advice="supports",
            decided_on=date(2999, 1, 1),
            by=rehearsing.actor,
        )


def test_somebody_elses_application_is_not_found_by_a_made_up_id(committed):
    from uuid import uuid4

    nowhere = uuid4()
    with pytest.raises(NotFound):
        operations.submit(application_id=nowhere, by=actor_of_applicant(nowhere))
