"""Handing over at the desk: its pages, its panels and its API, as the one who has it, who is asked, and the others."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from kernel.audit.models import Entry, ReadEntry
from services.contact import operations
from services.contact.models import Handover
from services.desk import operations as desk
from tenants.setup import operations as setup
from tenants.setup.models import HelperRole, Post
from tests.cast import World
from tests.services.contact.people import SECRET, visitor
from tests.services.contact.test_handover import SUMMARY, WHY, accept, holder, offer, state, taken

type Browser = Callable[..., Client]


def said(answer: HttpResponse) -> str:
    return answer.content.decode()


def form(world: World, **changed: str) -> dict[str, str]:
    to = f"{world.people['counsellor']}:{world.counsellor_role}:{world.school}"
    return {
        "to": to,
        "reason": WHY,
        "shares": "summary",
        "agreement": "in_talk",
        "summary": SUMMARY,
        **changed,
    }


def test_one_offers_another_accepts_and_both_see_it(alpha: World, signed_in: Browser) -> None:
    accepted, nora, carl = taken(alpha), signed_in("nurse", "en"), signed_in("counsellor", "en")
    page = f"/desk/{accepted.request_id}/"
    assert "Hand over …" in said(nora.get(page))
    assert "another duty of secrecy" in said(nora.get(f"{page}hand-over/"))
    sent = nora.post(f"{page}hand-over/", form(alpha, walk_along="1"))
    assert (sent.status_code, sent["Location"]) == (302, page)
    mine = said(nora.get(page))
    assert "Offered to Carl" in mine
    assert "Hand over …" not in mine
    listed = said(carl.get("/desk/handed/"))
    assert f"row-{accepted.request_id}" in listed
    assert "Answered" not in listed, "the clock of the offer is the one that counts here"
    assert WHY not in listed
    asked = said(carl.get(page))
    for words in (WHY, SUMMARY, "Nora asks you", "The first talk is together with Nora"):
        assert words in asked
    assert SECRET not in asked
    offered = Handover.objects.get()
    taken_over = carl.post(f"{page}hand-over/accept/", {"handover": offered.pk}, follow=True)
    assert taken_over.status_code == 200
    assert "It is yours now" in said(taken_over)
    assert "2 earlier messages stay closed" in said(taken_over)
    assert SECRET not in said(taken_over)
    assert SECRET not in said(nora.get(page))
    assert accepted.case_number in said(nora.get("/desk/handed/"))
    assert "taken over, not reached yet" in said(nora.get("/desk/handed/"))


def test_whoever_is_asked_is_not_told_that_it_has_changed_while_it_has_not(
    alpha: World, signed_in: Browser
) -> None:
    accepted, carl = taken(alpha), signed_in("counsellor", "en")
    offer(alpha, accepted)
    page = f"/desk/{accepted.request_id}/"
    stage = re.search(r'name="stage" value="(\w+)"', said(carl.get(page)))
    assert stage is not None
    asked = said(carl.post(f"{page}here/", {"stage": stage[1]}))
    assert "This has changed since you opened it." not in asked


def test_what_was_typed_is_never_lost_on_a_refusal(alpha: World, signed_in: Browser) -> None:
    accepted, nora = taken(alpha), signed_in("nurse", "en")
    page = f"/desk/{accepted.request_id}/hand-over/"
    wrong = nora.post(page, form(alpha, shares="everything", agreement="none"))
    assert wrong.status_code == 422
    assert WHY in said(wrong)
    assert SUMMARY in said(wrong)
    operations.student_writes(by=visitor(accepted), request_id=accepted.request_id, text="Er du der?")
    unread = nora.post(page, form(alpha))
    assert unread.status_code == 409
    assert "Read it first" in said(unread)
    assert WHY in said(unread)
    assert not Handover.objects.exists()


def test_saying_no_leads_back_to_the_list_and_the_why_to_the_one_who_asked(
    alpha: World, signed_in: Browser
) -> None:
    accepted, nora, carl = taken(alpha), signed_in("nurse", "en"), signed_in("counsellor", "en")
    page, offered = f"/desk/{accepted.request_id}/", offer(alpha, accepted)
    no = carl.post(f"{page}hand-over/decline/", {"handover": offered.pk, "why": "Fullt"}, follow=True)
    assert "You have said no" in said(no)
    assert carl.get(page).status_code == 404
    back = said(nora.get(page))
    assert "Nobody who was asked takes it over" in back
    assert "Fullt" in back
    assert "Hand over …" in back


def test_whoever_is_too_late_reads_why(alpha: World, signed_in: Browser) -> None:
    accepted, nora, carl = taken(alpha), signed_in("nurse", "en"), signed_in("counsellor", "en")
    page, offered = f"/desk/{accepted.request_id}/", offer(alpha, accepted)
    assert nora.post(f"{page}hand-over/take-back/", {"handover": offered.pk}).status_code == 302
    late = carl.post(f"{page}hand-over/accept/", {"handover": offered.pk}, follow=True)
    assert "offered no more" in said(late)
    again = offer(alpha, accepted)
    accept(alpha, again)
    lost = nora.post(f"{page}hand-over/take-back/", {"handover": again.pk}, follow=True)
    assert "Carl has taken this over" in said(lost)


def test_a_colleague_sees_who_has_it_and_no_reason(alpha: World, signed_in: Browser) -> None:
    accepted, signe = taken(alpha), signed_in("second_nurse", "en")
    offer(alpha, accepted)
    seen = said(signe.get(f"/desk/{accepted.request_id}/"))
    assert "Who has had this" in seen
    assert WHY not in seen
    assert "Take it over" not in seen
    assert signe.get(f"/desk/{accepted.request_id}/hand-over/").status_code == 403


def test_looking_at_an_offer_is_a_row_in_the_log_before_its_words(
    alpha: World, signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted, carl = taken(alpha), signed_in("counsellor", "en")
    offer(alpha, accepted)
    carl.get(f"/desk/{accepted.request_id}/")
    assert [(row.what, row.why) for row in ReadEntry.objects.filter(actor_id=alpha.people["counsellor"])] == [
        ("handover", "offered")
    ]


def test_one_press_steps_aside_and_another_undoes_it(
    alpha: World, signed_in: Browser, clock: time_machine.Traveller
) -> None:
    accepted, nora = taken(alpha), signed_in("nurse", "en")
    page = f"/desk/{accepted.request_id}/"
    gone = nora.post(f"{page}step-aside/", follow=True)
    assert "You have stepped aside" in said(gone)
    assert f"{page}step-aside/undo/" in said(gone)
    assert nora.get(page).status_code == 404
    assert nora.post(f"{page}step-aside/").status_code == 302, "pressed twice"
    back = nora.post(f"{page}step-aside/undo/", follow=True)
    assert "It is yours again" in said(back)
    assert holder(accepted) == "Nora"
    nora.post(f"{page}step-aside/")
    clock.shift(timedelta(seconds=11))
    assert "ten seconds are over" in said(nora.post(f"{page}step-aside/undo/", follow=True))
    signe = signed_in("second_nurse", "en")
    seen = said(signe.get(page))
    assert "Take" in seen
    assert "stepped aside" not in seen


def test_notes_of_the_old_holder_follow_only_when_everything_does(alpha: World) -> None:
    for shares, opened in (("nothing", 0), ("everything", 1)):
        accepted = taken(alpha)
        desk.add_note(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Snakket med klassen")
        accept(alpha, offer(alpha, accepted, to="second_nurse", shares=shares), "second_nurse")
        notes = desk.read_notes(by=alpha.actor("second_nurse"), request_id=accepted.request_id)
        assert (len(notes.opened), notes.closed) == (opened, 1 - opened)


# --- API -----------------------------------------------------------------------------------------------------


def test_a_program_offers_answers_and_reads_the_chain(
    alpha: World, api: Callable[..., Callable[..., Any]]
) -> None:
    accepted, nora, carl = taken(alpha), api("nurse"), api("counsellor")
    path = f"requests/{accepted.request_id}/handovers"
    made = nora("post", path, {"person": str(alpha.people["counsellor"]), "reason": WHY, "by_law": True})
    assert made.status_code == 201, made.content
    body = made.json()
    assert (body["state"], body["shares"], body["reason"]) == ("offered", "nothing", None)
    waiting = carl("get", "requests?state=handed").json()["results"]
    assert [row["id"] for row in waiting] == [str(accepted.request_id)]
    (seen,) = carl("get", path).json()["results"]
    assert seen["reason"] == WHY
    yes = carl("post", f"handovers/{body['id']}/accept", {})
    assert (yes.status_code, yes.json()["state"]) == (200, "accepted")
    assert carl("post", f"handovers/{body['id']}/accept", {}).status_code == 200
    assert carl("post", f"handovers/{body['id']}/decline", {}).status_code == 409
    assert nora("post", f"handovers/{body['id']}/withdraw", {}).status_code == 409
    assert nora("get", path).status_code == 404
    one = carl("get", f"requests/{accepted.request_id}").json()
    assert one["messages"] == []
    assert [row["reason"] for row in carl("get", path).json()["results"]] == [WHY]


def test_a_program_offers_to_a_role_and_gets_every_wrong_field(
    alpha: World, api: Callable[..., Callable[..., Any]]
) -> None:
    accepted, nora, carl = taken(alpha), api("nurse"), api("counsellor")
    path = f"requests/{accepted.request_id}/handovers"
    for wrong in (
        {"reason": WHY},
        {"person": "x", "reason": WHY},
        {"role": str(alpha.nurse_role), "reason": WHY},
    ):
        assert nora("post", path, wrong).status_code == 422
    made = nora("post", path, {"role": str(alpha.counsellor_role), "reason": WHY, "agreement": "by_phone"})
    assert (made.status_code, made.json()["to_person"]) == (201, None)
    assert nora("post", path, {"role": str(alpha.counsellor_role), "reason": WHY}).status_code == 409
    no = carl("post", f"handovers/{made.json()['id']}/decline", {"why": "Fullt"})
    assert (no.status_code, no.json()["state"]) == (200, "declined")


def test_a_no_that_is_too_long_is_said_on_top_with_the_way_to_its_field(
    alpha: World, signed_in: Browser
) -> None:
    accepted, carl = taken(alpha), signed_in("counsellor", "en")
    offered = offer(alpha, accepted)
    page = f"/desk/{accepted.request_id}/hand-over/decline/"
    refused = carl.post(page, {"handover": offered.pk, "why": "x" * 2_000})
    assert refused.status_code == 422
    summary = said(refused).split('class="ds-error-summary"', 1)[1].split("</div>", 1)[0]
    assert 'href="#id_why"' in summary


def laws(page: str) -> list[str]:
    found = re.search(r'<fieldset[^>]*id="id_by_law".*?</fieldset>', page, re.S)
    if not found:
        return []
    assert "checked" not in found[0]
    return re.findall(r'<span class="choice-label">(.*?)</span>', found[0])


def test_a_law_that_is_chosen_opens_without_a_yes_and_a_yes_is_none_of_them(
    alpha: World, signed_in: Browser
) -> None:
    accepted, nora = taken(alpha), signed_in("nurse", "en")
    page = f"/desk/{accepted.request_id}/hand-over/"
    assert laws(said(nora.get(page))) == [], "most handovers need no law"
    without = form(alpha, shares="nothing", agreement="none", summary="")
    asked = nora.post(page, without)
    assert asked.status_code == 422
    known = laws(said(asked))
    assert known == ["helsepersonelloven § 25 (samarbeidende personell)", "helsepersonelloven § 23"]
    assert 'href="#id_by_law_0"' in said(asked)
    assert WHY in said(asked)
    for wrong in ("", "reason", "7"):
        assert nora.post(page, {**without, "by_law": wrong}).status_code == 422
    assert nora.post(page, {**without, "by_law": "1"}).status_code == 302
    assert Handover.objects.get().allowed_by == "law_opens"
    written = Entry.objects.get(verb="contact.offer_handover")
    assert written.details["law"] == "helsepersonelloven § 23"


@pytest.mark.parametrize(
    ("to", "agreement"), [("counsellor", "in_talk"), ("second_nurse", "none"), ("nobody", "none")]
)
def test_no_law_is_asked_for_where_none_is_needed(alpha: World, signed_in: Browser, to, agreement) -> None:
    """With the student's yes, inside one duty of secrecy, and while nobody is chosen."""
    accepted, nora = taken(alpha), signed_in("nurse", "en")
    where = {
        "counsellor": f"{alpha.people['counsellor']}:{alpha.counsellor_role}:{alpha.school}",
        "second_nurse": f"{alpha.people['second_nurse']}:{alpha.nurse_role}:{alpha.school}",
        "nobody": "",
    }[to]
    wrong = form(alpha, to=where, agreement=agreement, reason="")
    answer = nora.post(f"/desk/{accepted.request_id}/hand-over/", wrong)
    assert answer.status_code == 422
    assert "by which law?" not in said(answer)
    assert "Without a yes it stays" not in said(answer)


def test_with_a_yes_no_law_is_written_down(alpha: World, signed_in: Browser) -> None:
    accepted, nora = taken(alpha), signed_in("nurse", "en")
    nora.post(f"/desk/{accepted.request_id}/hand-over/", form(alpha) | {"by_law": "0"})
    assert "law" not in Entry.objects.get(verb="contact.offer_handover").details


def test_where_no_law_opens_without_a_yes_the_page_says_so_and_what_can_be_done(
    alpha: World, signed_in: Browser
) -> None:
    """A role of no rule of its own: only with the student's yes."""
    HelperRole.objects.filter(pk=alpha.nurse_role).update(profession="other")
    accepted, nora = taken(alpha), signed_in("nurse", "en")
    address = f"/desk/{accepted.request_id}/hand-over/"
    assert "Without a yes it stays under your duty of secrecy" not in said(nora.get(address))
    page = said(nora.post(address, form(alpha, shares="nothing", agreement="none", summary="")))
    assert laws(page) == []
    assert "Without a yes it stays under your duty of secrecy" in page
    assert "Ask the student first" in page
    assert "Only to somebody under the same duty of secrecy." in page
    assert "by a law that you name below" not in page


def test_a_program_steps_aside_and_back(alpha: World, api: Callable[..., Callable[..., Any]]) -> None:
    accepted, nora = taken(alpha), api("nurse")
    path = f"requests/{accepted.request_id}/recuse"
    assert nora("post", path, {}).json()["undo_until"] == "2026-09-15T08:00:40Z"
    assert nora("get", f"requests/{accepted.request_id}").status_code == 404
    assert nora("post", f"{path}/undo", {}).json() == {"mine": True}
    assert nora("get", f"requests/{accepted.request_id}").status_code == 200


def test_the_receipt_says_who_introduced_the_student_to_whom(alpha: World, at: Callable[..., Client]) -> None:
    accepted = taken(alpha)
    client = at(alpha.alpha, headers={"accept-language": "en"})

    def receipt() -> Any:
        body = {"receipt": accepted.receipt}
        return client.post("/api/v1/receipts/open", body, content_type="application/json").json()["handover"]

    assert receipt() is None
    handover = offer(alpha, accepted, shares="onward", walk_along=True)
    shown = receipt()
    assert (shown["from"], shown["to"], shown["state"]) == ("Nora", "Carl", "offered")
    assert (shown["walk_along"], shown["shares"]) == (True, "onward")
    assert shown["due_at"] is not None
    accept(alpha, handover)
    assert (receipt()["state"], state(handover)) == ("accepted", "accepted")


# --- whoever handed it over, and a slip ---------------------------------------------------------------------------


def test_the_old_holder_reads_who_has_it_and_strangers_that_nothing_is_there(
    alpha: World, signed_in: Browser
) -> None:
    accepted = taken(alpha)
    accept(alpha, offer(alpha, accepted))
    page = f"/desk/{accepted.request_id}/"
    shown = signed_in("nurse", "en").get(page)
    assert shown.status_code == 200
    assert "Carl (Counsellor, " in said(shown)
    assert "has taken this over" in said(shown)
    assert SECRET not in said(shown)
    assert WHY not in said(shown)
    for who in ("other_nurse", "second_nurse"):
        assert signed_in(who, "en").get(page).status_code == 404


def test_a_tab_that_was_open_is_told_once_and_asks_no_more(alpha: World, signed_in: Browser) -> None:
    accepted = taken(alpha)
    nora = signed_in("nurse", "en")
    accept(alpha, offer(alpha, accepted))
    answer = nora.post(f"/desk/{accepted.request_id}/here/", {"stage": "mine"})
    assert (answer.status_code, answer["HX-Reswap"]) == (200, "outerHTML")
    assert "has taken this over." in said(answer)
    assert "hx-trigger" not in said(answer)
    assert signed_in("other_nurse").post(f"/desk/{accepted.request_id}/here/").status_code == 404


@pytest.mark.parametrize("ends", ["decline", "withdraw", "refuse"])
def test_the_summary_stays_with_whoever_offered_it_on_in_vain(
    alpha: World, signed_in: Browser, ends: str
) -> None:
    accepted = taken(alpha)
    accept(alpha, offer(alpha, accepted, shares="summary", summary=SUMMARY))
    page, carl = f"/desk/{accepted.request_id}/", signed_in("counsellor", "en")
    operations.read_conversation(by=alpha.actor("counsellor"), request_id=accepted.request_id)
    operations.reply(by=alpha.actor("counsellor"), request_id=accepted.request_id, text="Hei, jeg er Carl")
    first = "Summary by Nora"
    assert first in said(carl.get(page))
    onward = offer(alpha, accepted, by="counsellor", to="second_nurse", shares="nothing")
    assert first in said(carl.get(page)), "while somebody is asked it is his to know"
    if ends == "refuse":
        accept(alpha, onward, "second_nurse")
        assert first not in said(signed_in("second_nurse", "en").get(page))
        operations.refuse_handover(by=visitor(accepted), request_id=accepted.request_id, unread_too=True)
    else:
        who = "second_nurse" if ends == "decline" else "counsellor"
        getattr(operations, f"{ends}_handover")(by=alpha.actor(who), handover_id=onward.pk)
    shown = said(carl.get(page))
    assert first in shown
    assert SUMMARY in shown


def test_whoever_stepped_aside_after_handing_over_meets_nothing(alpha: World, signed_in: Browser) -> None:
    accepted = taken(alpha)
    accept(alpha, offer(alpha, accepted, to="second_nurse"), "second_nurse")
    operations.recuse(by=alpha.actor("nurse"), request_id=accepted.request_id)
    assert signed_in("nurse").get(f"/desk/{accepted.request_id}/").status_code == 404


def test_taking_over_is_not_undone_by_a_slip_into_the_pool(alpha: World, signed_in: Browser) -> None:
    """The student has been told who has it."""
    accepted = taken(alpha)
    handover = offer(alpha, accepted)
    carl = signed_in("counsellor", "en")
    page = f"/desk/{accepted.request_id}/"
    shown = said(carl.post(f"{page}hand-over/accept/", {"handover": handover.pk}, follow=True))
    assert "It is yours now." in shown
    assert "You have taken this." not in shown


def test_the_summary_comes_first_and_nothing_untrue_is_said_of_what_is_closed(
    alpha: World, signed_in: Browser
) -> None:
    accepted = taken(alpha)
    unasked = form(alpha, agreement="none")
    asked = said(signed_in("nurse", "en").post(f"/desk/{accepted.request_id}/hand-over/", unasked))
    assert "the student has agreed to it" not in asked
    assert "into another duty of secrecy: by which law?" in asked
    accept(alpha, offer(alpha, accepted, shares="summary", summary=SUMMARY, agreement="none", by_law=True))
    shown = said(signed_in("counsellor", "en").get(f"/desk/{accepted.request_id}/"))
    assert "Summary by Nora" in shown
    assert shown.index(SUMMARY) < shown.index('id="handover"')
    assert "the student was not asked, or did not say yes" in shown
    assert "did not agree to share" not in shown
    assert "The student has written nothing." not in shown


def test_who_has_it_no_more_reads_so_at_the_desk_with_the_way_back(
    alpha: World, signed_in: Callable[..., Client]
) -> None:
    accepted = taken(alpha)
    offer(alpha, accepted)
    carl, where = signed_in("counsellor", "en"), f"/desk/{accepted.request_id}/"
    assert carl.get(where).status_code == 200
    operations.refuse_handover(by=visitor(accepted), request_id=accepted.request_id)
    answers = [carl.get(where), carl.get(f"/desk/{uuid4()}/")]
    for answer in answers:
        page = answer.content.decode()
        assert answer.status_code == 404
        assert "You no longer have this conversation" in page
        assert "Work lists" in page
        assert '<a class="ds-button" href="/desk/"' in page


@pytest.mark.parametrize(
    ("why", "says"),
    [
        ("account closed", "not there any more"),
        ("post ended", "not there any more"),
        ("role left", "nobody took it over"),
        ("declined", "said no"),
        ("stepped aside", "said no"),
    ],
)
def test_a_no_stands_only_where_somebody_said_it(
    alpha: World, clock: time_machine.Traveller, signed_in: Browser, why: str, says: str
) -> None:
    accepted, carl, admin = taken(alpha), alpha.people["counsellor"], alpha.actor("admin")
    offered = offer(alpha, accepted, to="the role" if why == "role left" else "counsellor")
    clock.shift(timedelta(days=1))
    if why in ("account closed", "role left"):
        setup.close_person(account_id=carl, by=admin)
    elif why == "post ended":
        setup.end_post(post_id=Post.objects.get(account_id=carl).pk, by=admin)
    elif why == "declined":
        operations.decline_handover(by=alpha.actor("counsellor"), handover_id=offered.pk)
    else:
        operations.recuse(by=alpha.actor("counsellor"), request_id=accepted.request_id)
    assert state(offered) == "declined"
    nora = signed_in("nurse", "en")
    line = re.search(r'<section id="offers".*?</section>', said(nora.get("/desk/handed/")), re.DOTALL)
    chain = re.search(
        r'<details[^>]*id="chain".*?</details>', said(nora.get(f"/desk/{accepted.request_id}/")), re.DOTALL
    )
    assert line is not None
    assert chain is not None
    back = Handover.objects.get().ended_at.date()
    for text in (line[0], chain[0]):
        assert [one for one in ("not there any more", "nobody took it over", "said no") if one in text] == [
            says
        ]
        assert f'datetime="{back}' in text
    verb = "contact.handover_decline" if why == "declined" else "contact.handover_lapse"
    assert Entry.objects.filter(verb=verb, object_id=str(offered.pk)).exists()
