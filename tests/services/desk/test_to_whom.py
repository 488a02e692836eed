"""To whom it is handed over: in groups, the nearest first; searched without a script; who is away says until when."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from kernel.actor import MACHINE
from services.contact import operations
from services.desk.views import handing_over
from tenants.presence import operations as presence
from tenants.setup import operations as setup
from tests.cast import World
from tests.services.contact.people import knock
from tests.services.contact.test_handover import offer
from tests.services.desk.conftest import alpha, clock, signed_in  # noqa: F401
from tests.services.desk.test_case import words

pytestmark = pytest.mark.django_db


def mine(world: World) -> operations.Accepted:
    accepted = knock(world)
    operations.take(by=world.actor("nurse"), request_id=accepted.request_id)
    operations.read_conversation(by=world.actor("nurse"), request_id=accepted.request_id)
    return accepted


def groups(page: str) -> dict[str, str]:
    found = re.findall(r'<optgroup label="([^"]*)">(.*?)</optgroup>', page, re.DOTALL)
    return dict(found)


def test_people_at_this_school_stand_first_and_who_is_away_says_when_they_are_back(
    alpha: World,  # noqa: F811
    clock,  # noqa: F811
    signed_in: Callable[[str, str], Client],  # noqa: F811
) -> None:
    accepted = mine(alpha)
    presence.begin_absence(
        account_id=alpha.people["second_nurse"], first_day=date(2026, 9, 15), last_day=date(2026, 9, 17), by=MACHINE
    )  # fmt: skip
    shown = groups(words(signed_in("nurse", "en").get(f"/desk/{accepted.request_id}/hand-over/")))
    assert next(iter(shown)) == "People at this school"
    assert "Carl" in shown["People at this school"]
    assert "Signe" not in shown["People at this school"]
    assert re.search(r"<option[^>]* disabled>Signe[^<]*away, back [^<]*18[^<]*</option>", shown["Away"])
    where = f"{alpha.people['second_nurse']}:{alpha.nurse_role}:{alpha.school}"
    typed = {"to": where, "reason": "x", "agreement": "in_talk", "shares": "nothing"}
    refused = signed_in("nurse", "en").post(f"/desk/{accepted.request_id}/hand-over/", typed)
    assert refused.status_code == 422


def test_without_a_script_the_list_is_searched_and_nothing_typed_is_lost(
    alpha: World,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    signed_in: Callable[[str, str], Client],  # noqa: F811
) -> None:
    monkeypatch.setattr(handing_over, "MANY", 0)
    accepted, nora = mine(alpha), signed_in("nurse", "en")
    where = f"/desk/{accepted.request_id}/hand-over/"
    page = words(nora.post(where, {"find": "1", "words": "cÁrl", "reason": "Lang grunn"}))
    listed = "".join(groups(page).values())
    assert "Carl" in listed
    assert "Signe" not in listed
    assert "Lang grunn" in page
    assert 'value="cÁrl"' in page
    chosen = f"{alpha.people['second_nurse']}:{alpha.nurse_role}:{alpha.school}"
    page = words(nora.post(where, {"find": "1", "words": "carl", "to": chosen}))
    assert "Signe" in "".join(groups(page).values())
    assert "Nobody fits this" in words(nora.post(where, {"find": "1", "words": "zzz"}))


def test_the_same_role_stands_first_here_then_elsewhere_and_other_roles_far_away_are_searched_for(
    alpha: World,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    signed_in: Callable[[str, str], Client],  # noqa: F811
) -> None:
    accepted, nora = mine(alpha), signed_in("nurse", "en")
    where = f"/desk/{accepted.request_id}/hand-over/"
    far = setup.add_school(name="Fjellheim", form="upper_secondary", by=MACHINE)
    for who, role in (("other_nurse", alpha.nurse_role), ("outsider", alpha.counsellor_role)):
        setup.give_post(
            account_id=alpha.people[who], role_id=role, school_id=far, starts_on=date(2026, 9, 1), by=MACHINE
        )
    shown = groups(words(nora.get(where)))
    assert list(shown)[:2] == ["The same role at this school", "People at this school"]
    assert "Signe" in shown["The same role at this school"]
    assert "Fjellheim" in shown["The same role at other schools"]
    assert "Fjellheim" in shown["People at other schools"], "a short list is whole"
    setup.give_post(
        account_id=alpha.people["counsellor"], role_id=alpha.counsellor_role, school_id=far,
        starts_on=date(2026, 9, 1), by=MACHINE,
    )  # fmt: skip
    monkeypatch.setattr(handing_over, "MANY", 0)
    page = words(nora.get(where))
    listed = re.search(r'<select[^>]*id="id_to".*?</select>', page, re.DOTALL)[0]
    assert "Fjellheim" in groups(listed)["The same role at other schools"]
    assert "People at other schools" not in groups(listed)
    assert "Other roles at other schools are found by these words." in page
    assert "Carl" in listed
    assert listed.count("Carl") == 1, "who is here is not looked for elsewhere"
    found = words(nora.post(where, {"find": "1", "words": "fjellheim"}))
    listed = re.search(r'<select[^>]*id="id_to".*?</select>', found, re.DOTALL)[0]
    assert "Fjellheim" in groups(listed)["People at other schools"]


def test_what_i_offered_changes_in_the_list_that_refreshes_itself(
    alpha: World,  # noqa: F811
    signed_in: Callable[[str, str], Client],  # noqa: F811
) -> None:
    accepted, nora = mine(alpha), signed_in("nurse", "en")
    handover = offer(alpha, accepted)
    refreshed = {"headers": {"HX-Request": "true"}}
    before = words(nora.get("/desk/handed/", **refreshed))
    assert accepted.case_number in before
    operations.decline_handover(by=alpha.actor("counsellor"), handover_id=handover.pk, why="")
    after = words(nora.get("/desk/handed/", **refreshed))
    assert accepted.case_number in after
    line = re.compile(r'<section id="offers".*?</section>', re.DOTALL)
    assert line.search(before).group() != line.search(after).group()


def test_a_lead_meets_the_staff_page_where_a_door_is_not_theirs(
    alpha: World,  # noqa: F811
    signed_in: Callable[[str, str], Client],  # noqa: F811
) -> None:
    lena = signed_in("lead", "en")
    for address in ("/worry/", "/desk/"):
        page = words(lena.get(address), 403)
        assert 'class="staff' in page
        assert 'href="/account/' in page
        assert "crisis" not in page
