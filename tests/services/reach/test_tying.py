"""Two conversations are one student's when the student says so, with both codes; each who answers learns a role."""

from html import unescape
from typing import Any

import pytest
from django.test import Client

from kernel.actor import MACHINE
from kernel.errors import Invalid, NotAllowed, NotFound
from kernel.tenancy import inside
from services.contact import operations as contact
from services.contact.models import ContactRequest
from services.contact.operations import Accepted
from services.reach import operations, queries
from services.reach.models import Tie
from tests.cast import World
from tests.services.contact.people import knock, visitor
from tests.services.contact.test_pages import hidden
from tests.services.desk.conftest import signed_in as signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(alpha: World) -> tuple[Accepted, Accepted]:
    """One with the nurse, one with the counsellor."""
    return knock(alpha), knock(alpha, role_id=alpha.counsellor_role, message="Noe annet, til rådgiveren")


def tie(one: Accepted, code: str, *, shares: bool = False) -> Tie:
    return operations.tie(by=visitor(one), request_id=one.request_id, code=code, shares=shares)


def other_of(one: Accepted) -> Any:
    opened = contact.read_conversation(by=visitor(one), request_id=one.request_id)
    (other,) = queries.others_of(opened.request, "en")
    return other


def others_for(world: World, who: str, one: Accepted) -> list[str]:
    """The numbers of what is tied to it, for an adult."""
    request = ContactRequest.objects.get(pk=one.request_id)
    return [other.number for other in queries.others_of(request, "en", reader=world.people[who])]


def test_each_learns_the_other_role_and_no_more(alpha: World, two) -> None:
    nurse, counsellor = two
    contact.take(by=alpha.actor("counsellor"), request_id=counsellor.request_id)
    tie(nurse, counsellor.receipt)
    assert (other_of(nurse).number, other_of(nurse).who) == ("", "")
    assert other_of(nurse).role != other_of(counsellor).role
    with pytest.raises(NotFound):
        contact.read_conversation(by=alpha.actor("nurse"), request_id=counsellor.request_id)


def test_whom_the_student_kept_out_of_one_learns_nothing_of_it_by_a_tie(alpha: World) -> None:
    here = knock(alpha)
    contact.take(by=alpha.actor("second_nurse"), request_id=here.request_id)
    there = knock(alpha, not_them=(alpha.people["second_nurse"],))
    contact.take(by=alpha.actor("nurse"), request_id=there.request_id)
    tie(here, there.receipt, shares=True)
    assert other_of(here).number == there.case_number, "its student sees it"
    assert others_for(alpha, "second_nurse", here) == []
    assert others_for(alpha, "nurse", there) == [here.case_number]


def test_the_desk_says_nothing_of_it_to_them(alpha: World, signed_in) -> None:
    here = knock(alpha)
    contact.take(by=alpha.actor("second_nurse"), request_id=here.request_id)
    there = knock(alpha, not_them=(alpha.people["second_nurse"],))
    tie(here, there.receipt, shares=True)
    page = signed_in("second_nurse", "en").post(f"/desk/{here.request_id}/read/").content.decode()
    assert here.case_number in page
    assert there.case_number not in page


def test_shared_they_know_number_and_name_until_it_is_taken_back(alpha: World, two) -> None:
    nurse, counsellor = two
    contact.take(by=alpha.actor("counsellor"), request_id=counsellor.request_id)
    made = tie(nurse, counsellor.receipt, shares=True)
    assert other_of(nurse).number == counsellor.case_number
    assert other_of(nurse).who
    operations.share_tie(
        by=visitor(counsellor), request_id=counsellor.request_id, tie_id=made.pk, shares=False
    )
    assert (other_of(nurse).number, other_of(nurse).who) == ("", "")


def test_from_either_side_once_and_apart_again(alpha: World, two) -> None:
    nurse, counsellor = two
    made = tie(nurse, counsellor.receipt)
    assert tie(counsellor, nurse.receipt).pk == made.pk
    operations.untie(by=visitor(counsellor), request_id=counsellor.request_id, tie_id=made.pk)
    operations.untie(by=visitor(counsellor), request_id=counsellor.request_id, tie_id=made.pk)
    assert not Tie.objects.exists()


def test_without_both_codes_there_is_no_tie(alpha: World, two) -> None:
    nurse, counsellor = two
    wrong = "0" * 26
    for code in ("", wrong, counsellor.case_number, nurse.receipt):
        with pytest.raises(Invalid) as refused:
            tie(nurse, code)
        assert [error.field for error in refused.value.errors] == ["other"]
    for by in (visitor(counsellor), alpha.actor("nurse"), MACHINE):
        with pytest.raises((NotFound, NotAllowed)):
            operations.tie(by=by, request_id=nurse.request_id, code=counsellor.receipt, shares=False)


def test_a_third_conversation_unties_nothing(alpha: World, two) -> None:
    made, third = tie(two[0], two[1].receipt), knock(alpha)
    operations.untie(by=visitor(third), request_id=third.request_id, tie_id=made.pk)
    operations.share_tie(by=visitor(third), request_id=third.request_id, tie_id=made.pk, shares=True)
    made.refresh_from_db()
    assert not made.shares


def test_another_municipalitys_code_opens_nothing_here(alpha: World) -> None:
    with inside(alpha.beta):
        theirs = knock(alpha)
    with pytest.raises(Invalid):
        tie(knock(alpha), theirs.receipt)


def test_it_goes_with_either_of_them(alpha: World, two) -> None:
    tie(two[0], two[1].receipt)
    assert contact.forget(by=MACHINE, request_ids=[two[1].request_id])["reach.Tie"] == 1
    assert contact.read_conversation(by=visitor(two[0]), request_id=two[0].request_id)


def test_by_forms_alone_and_a_wrong_code_is_named_and_kept(alpha: World, phone: Client, two) -> None:
    phone.post("/receipt/", {"receipt": two[0].receipt})
    html = phone.get("/conversation/").content.decode()
    wrong = phone.post("/conversation/ties/", hidden(html) | {"act": "tie", "other": "NOT-A-CODE"})
    assert wrong.status_code == 422
    assert 'value="NOT-A-CODE"' in wrong.content.decode()
    sent = hidden(html) | {"act": "tie", "other": two[1].receipt}
    assert [phone.post("/conversation/ties/", sent).status_code for _press in range(2)] == [303, 303]
    html = unescape(phone.get("/conversation/").content.decode())
    assert "They know only that the other one is there." in html
    assert two[1].receipt not in html
    made = Tie.objects.get()
    assert (
        phone.post("/conversation/ties/", hidden(html) | {"act": "untie", "tie": str(made.pk)}).status_code
        == 303
    )
    assert not Tie.objects.exists()
