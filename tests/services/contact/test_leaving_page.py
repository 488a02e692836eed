"""The guided page of somebody who leaves: the school and role of each case, and who can take it, the nearest first."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from kernel.actor import MACHINE
from services.contact import operations
from services.contact.models import ContactRequest
from services.contact.operations import Accepted
from tenants.setup import operations as setup
from tenants.setup.actors import today
from tenants.setup.models import Employer, HelperRole, Post
from tenants.setup.views import takers
from tests.cast import World
from tests.services.contact.people import SECRET, knock
from tests.signing_in import sign_in

NURSE_HERE, NURSE_THERE = "Solhaug skole Alfa", "Fjellvang skole Alfa"


@pytest.fixture
def adam(alpha: World, clock: Any, at: Any) -> Client:
    browser = at(alpha.alpha, headers={"accept-language": "en"})
    sign_in(browser, alpha.account("admin"))
    return browser


@pytest.fixture
def case(alpha: World, clock: Any) -> Accepted:
    """Nora has it."""
    made = knock(alpha)
    operations.take(by=alpha.actor("nurse"), request_id=made.request_id)
    return made


def address(world: World) -> str:
    return f"/setup/people/{world.people['nurse']}/close/"


def page(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status
    return unescape(answer.content.decode())


def alone(world: World) -> None:
    """Nobody but Nora answers at her door."""
    setup.end_post(post_id=Post.objects.get(account_id=world.people["second_nurse"]).pk, by=MACHINE)


def confirmed(browser: Client, where: str, sent: dict[str, str]) -> Any:
    """Sent, and sent again where a gap it leaves is shown first."""
    answer = browser.post(where, sent)
    gaps = re.search(r'name="gaps_seen" value="([^"]+)"', answer.content.decode())
    return browser.post(where, sent | {"gaps_seen": gaps[1]}) if gaps else answer


def listed(html: str) -> str:
    return re.search(r"<select.*?</select>", html, re.DOTALL)[0]


def test_each_case_says_its_number_school_and_role_where_one_chooses(alpha, adam, case) -> None:
    html = page(adam.get(address(alpha)))
    role = HelperRole.objects.get(pk=alpha.nurse_role)
    label = re.search(r'<label class="ds-label" for="id_taker_[^"]+">(.*?)</label>', html)[1]
    assert case.case_number in label
    assert NURSE_HERE in label
    assert role.names["en"] in label
    assert SECRET not in html


def test_who_answers_there_stands_first_and_the_same_role_elsewhere_after_in_a_group(
    alpha, adam, case
) -> None:
    shown = listed(page(adam.get(address(alpha))))
    assert shown.index("Signe Alfa") < shown.index('<optgroup label="The same role at other schools">')
    assert f"Olga Alfa, {NURSE_THERE} (gets the post)" in shown
    assert "Nora Alfa" not in shown
    assert "Carl Alfa" not in shown, "another role"
    assert "Choose" not in shown, "the best is chosen already"


def test_nobody_at_the_door_is_left_and_somebody_from_elsewhere_takes_it_with_the_post(
    alpha, adam, case
) -> None:
    alone(alpha)
    html = page(adam.get(address(alpha)))
    assert "Nobody else there can take this" not in html
    shown = listed(html)
    assert re.search(r'<option value=""[^>]*>Choose</option>', shown)
    nobody = {"confirmed": "1", f"taker_{case.request_id}": ""}
    unsaid = page(confirmed(adam, address(alpha), nobody), 409)
    assert "1 open request has no new holder yet." in unsaid
    olga = alpha.people["other_nurse"]
    sent = {"confirmed": "1", f"taker_{case.request_id}": str(olga)}
    assert "Say the last day" in page(adam.post(address(alpha), sent | {"until": ""}), 409)
    assert "This day is past." in page(confirmed(adam, address(alpha), sent | {"until": "2026-09-01"}), 409)
    assert confirmed(adam, address(alpha), sent).status_code == 302
    assert ContactRequest.objects.get(pk=case.request_id).taken_by_id == olga
    post = Post.objects.get(account_id=olga, school_id=alpha.school, role_id=alpha.nurse_role)
    offered = re.search(r'name="until" type="date" value="([^"]+)"', html)[1]
    assert post.ends_on == post.starts_on + timedelta(days=13) == date.fromisoformat(offered)
    assert not alpha.account("nurse").is_active


def test_where_nobody_has_the_role_the_page_says_which_case_school_and_role_it_is(alpha, adam, case) -> None:
    alone(alpha)
    setup.end_post(post_id=Post.objects.get(account_id=alpha.people["other_nurse"]).pk, by=MACHINE)
    html = page(adam.get(address(alpha)))
    stuck = html[html.index("Nobody else there can take this") :]
    role = HelperRole.objects.get(pk=alpha.nurse_role)
    assert case.case_number in stuck
    assert f"{NURSE_HERE} · {role.names['en']}" in stuck
    assert "<select" not in stuck


def test_a_long_list_is_searched_without_a_script_and_keeps_what_is_chosen(
    alpha, adam, case, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 'name="words"' not in page(adam.get(address(alpha)))
    monkeypatch.setattr(takers, "MANY", 0)
    assert 'name="words"' in page(adam.get(address(alpha)))
    sent = {"confirmed": "1", "find": "1", f"taker_{case.request_id}": "pool"}
    found = page(adam.post(address(alpha), {**sent, "words": "ÓLGA fjell"}))
    assert "Olga Alfa" in listed(found)
    assert "Signe Alfa" in listed(found), "who is at the door is never searched away"
    assert re.search(r'<option value="pool" selected>', listed(found))
    assert 'value="ÓLGA fjell"' in found
    assert "Olga Alfa" not in listed(page(adam.post(address(alpha), {**sent, "words": "zzz"})))
    chosen = {**sent, f"taker_{case.request_id}": str(alpha.people["other_nurse"]), "words": "zzz"}
    assert "Olga Alfa" in listed(page(adam.post(address(alpha), chosen)))
    assert alpha.account("nurse").is_active, "to search is no confirmation"


def test_ending_one_post_says_which_it_is_and_asks_for_what_is_had_there(alpha, adam, case) -> None:
    post = Post.objects.get(account_id=alpha.people["nurse"])
    role = HelperRole.objects.get(pk=alpha.nurse_role)
    html = page(adam.get(f"/setup/posts/{post.pk}/end/"))
    assert f"<strong>{NURSE_HERE} · {role.names['en']}</strong>" in html
    assert case.case_number in html
    alone(alpha)
    other = Post.objects.get(account_id=alpha.people["other_nurse"])
    setup.end_post(post_id=other.pk, by=MACHINE)
    stuck = page(adam.get(f"/setup/posts/{post.pk}/end/"))
    assert f'<p class="over">{NURSE_HERE} · {role.names["en"]}</p>' in stuck


def test_a_gap_is_told_once_it_is_known_who_takes_what_they_have(alpha, adam, case) -> None:
    """Whoever takes it gets the post, until a day: before somebody is chosen it would be a gap that nobody leaves."""
    alone(alpha)
    assert "This leaves a gap" not in page(adam.get(address(alpha)))
    sent = {"confirmed": "1", f"taker_{case.request_id}": str(alpha.people["other_nurse"])}
    assert "This leaves a gap" in page(adam.post(address(alpha), sent)), "after two weeks"
    later = (today() + timedelta(days=60)).isoformat()
    assert adam.post(address(alpha), sent | {"until": later}).status_code == 302, "with Olga there is none"


def test_a_post_that_needs_an_agreement_is_refused_in_words(alpha, adam, case) -> None:
    alone(alpha)
    neighbour = setup.add_employer(name="Nabokommunen", kind=Employer.Kind.NEIGHBOUR, by=MACHINE)
    HelperRole.objects.filter(pk=alpha.nurse_role).update(employer_id=neighbour)
    sent = {"confirmed": "1", f"taker_{case.request_id}": str(alpha.people["other_nurse"])}
    html = page(confirmed(adam, address(alpha), sent), 409)
    assert "Name the agreement that lends this helper." in html
    assert alpha.account("nurse").is_active


def test_no_name_is_missing_beside_what_somebody_may_not_have_and_they_do_not_get_it(
    alpha, adam, case, clock
) -> None:
    """A name beside the one and not beside the other would tell to whom a student has said no."""
    other = knock(alpha)
    operations.take(by=alpha.actor("nurse"), request_id=other.request_id)
    operations.recuse(by=alpha.actor("second_nurse"), request_id=other.request_id)
    html = page(adam.get(address(alpha)))
    one, two = (
        re.sub(r"taker_[0-9a-f-]+", "", it) for it in re.findall(r"<select.*?</select>", html, re.DOTALL)
    )
    assert one == two
    second = str(alpha.people["second_nurse"])
    sent = {"confirmed": "1", f"taker_{case.request_id}": second, f"taker_{other.request_id}": second}
    assert confirmed(adam, address(alpha), sent).status_code == 302
    rows = ContactRequest.objects.in_bulk([case.request_id, other.request_id])
    assert rows[case.request_id].taken_by_id == alpha.people["second_nurse"]
    assert rows[other.request_id].taken_by_id is None
