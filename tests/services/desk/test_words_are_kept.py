"""What a helper typed comes back when it cannot be sent: signed out, somebody else's meanwhile, not there any more."""

import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from services.contact import operations as contact
from services.desk.views.frame import WORDS
from tests.cast import World
from tests.services.contact.people import knock
from tests.services.contact.test_handover import offer, taken

pytestmark = pytest.mark.django_db
WORD, OTHER = "Kanariord som tok tid å skrive", "Andre ord om eleven"
#: (address under the request, fields): every form of the desk in which somebody writes about a student.
FORMS = [
    ("reply/", {"text": WORD}),
    ("notes/", {"text": WORD}),
    ("hand-over/", {"reason": WORD, "summary": OTHER, "shares": "summary"}),
    ("hand-over/decline/", {"why": WORD}),
    ("share/", {"reason": WORD, "basis": "need"}),
    ("record/", {"because": WORD, "act": "not_due"}),
    ("record/", {"recorded_in": WORD}),
]
forms = pytest.mark.parametrize(("path", "fields"), FORMS)


def shows_every_word(answer, status: int, fields: dict[str, str]) -> str:
    html = answer.content.decode()
    assert answer.status_code == status, html[:300]
    for name, value in fields.items():
        if name in WORDS:
            assert re.search(rf'<textarea[^>]*\bname="{name}"[^<]*{value}</textarea>', html), name
        else:
            assert f'<input type="hidden" name="{name}" value="{value}">' in html
    return html


@forms
def test_signed_out_meanwhile(alpha: World, at: Callable[..., Client], path: str, fields: dict) -> None:
    accepted = knock(alpha)
    shows_every_word(at(alpha.alpha).post(f"/desk/{accepted.request_id}/{path}", fields), 403, fields)


@pytest.mark.parametrize(("path", "fields"), [one for one in FORMS if one[0] != "reply/"])
def test_a_colleague_has_it_meanwhile(alpha: World, nora: Client, path: str, fields: dict) -> None:
    accepted = knock(alpha)
    contact.take(by=alpha.actor("second_nurse"), request_id=accepted.request_id)
    more = {"handover": str(uuid4())} if "decline" in path else {}
    status = 404 if "decline" in path else 403
    html = shows_every_word(
        nora.post(f"/desk/{accepted.request_id}/{path}", {**fields, **more}), status, fields
    )
    assert "Nothing was changed." in html


@forms
def test_it_is_not_there_any_more(alpha: World, nora: Client, path: str, fields: dict) -> None:
    """Stepped aside in another window, or gone: the answer is the same, and says nothing about it."""
    accepted = knock(alpha)
    contact.recuse(by=alpha.actor("nurse"), request_id=accepted.request_id)
    answers = [
        shows_every_word(nora.post(f"/desk/{one}/{path}", fields), 404, fields)
        for one in (accepted.request_id, uuid4())
    ]
    assert "This is not there for you any more." in answers[0]


def test_without_a_word_a_refusal_is_the_usual_one(alpha: World, nora: Client) -> None:
    accepted = knock(alpha)
    contact.take(by=alpha.actor("second_nurse"), request_id=accepted.request_id)
    answer = nora.post(f"/desk/{accepted.request_id}/notes/", {"text": "  "})
    assert answer.status_code == 403
    assert "<textarea" not in answer.content.decode()


def test_an_offer_that_was_taken_back_meanwhile_keeps_the_why(alpha: World, signed_in) -> None:
    accepted = taken(alpha)
    made = offer(alpha, accepted).pk
    carl = signed_in("counsellor", "en")
    contact.withdraw_handover(by=alpha.actor("nurse"), handover_id=made)
    fields = {"handover": str(made), "why": WORD}
    shows_every_word(carl.post(f"/desk/{accepted.request_id}/hand-over/decline/", fields), 409, {"why": WORD})


def test_every_field_for_words_at_the_desk_is_one_that_is_kept() -> None:
    templates = Path(__file__).parents[3].glob("services/desk/templates/desk/*.html")
    named = {name for one in templates for name in re.findall(r'ui "textarea" name="(\w+)"', one.read_text())}
    assert named - {"copy"} <= set(WORDS)
