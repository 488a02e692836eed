"""Ready replies: a role's own, in the student's language, the door filled in; nothing is sent by itself."""

import pytest
from django.test import Client

from kernel.actor import MACHINE
from kernel.audit.models import Entry
from kernel.errors import Invalid, NotAllowed, NotFound
from services.contact import operations as contact
from services.contact.models import ConversationMessage
from tenants.setup import operations as setup
from tenants.setup.models import CannedReply
from tests.cast import World
from tests.services.contact.people import knock
from tests.services.desk.test_case import act, words

pytestmark = pytest.mark.django_db
TITLES = {"nb": "Har lest", "en": "Have read"}
TEXTS = {"nb": "Jeg har lest det du skrev.\n\nHilsen {role} ved {school}", "en": "I have read it."}


@pytest.fixture
def ready(alpha: World) -> CannedReply:
    pk = setup.add_canned_reply(role_id=alpha.nurse_role, titles=TITLES, texts=TEXTS, by=alpha.actor("admin"))
    return CannedReply.objects.get(pk=pk)


@pytest.fixture
def held(alpha: World) -> contact.Accepted:
    accepted = knock(alpha)
    contact.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    return accepted


def field(html: str) -> str:
    start = html.index('id="id_text"')
    return html[html.index(">", start) + 1 : html.index("</textarea>", start)].strip("\n")


def test_it_comes_behind_what_was_typed_and_is_sent_by_nobody(ready, held, nora: Client) -> None:
    page = words(nora.get(f"/desk/{held.request_id}/"))
    assert "Have read</span>" in page
    shown = words(act(nora, held, "ready", ready=str(ready.pk), text="Hei!"))
    assert field(shown).startswith("Hei!\n\nJeg har lest det du skrev.\n\nHilsen ")
    assert "Solhaug" in field(shown)
    assert "{" not in field(shown)
    assert field(words(nora.get(f"/desk/{held.request_id}/"))) == field(shown), "kept as a draft"
    assert not ConversationMessage.objects.filter(sender="helper").exists()


def test_the_students_language_is_chosen_and_another_falls_back(alpha, ready, nora: Client) -> None:
    for language, texts, start in (
        ("en", TEXTS, "I have read it."),
        ("nb", TEXTS, "Jeg har lest"),
        ("en", {"nb": TEXTS["nb"]}, "Jeg har lest"),
        ("nb", {"sv": "Jag har läst"}, "Jag har läst"),
    ):
        setup.change_canned_reply(reply_id=ready.pk, titles=TITLES, texts=texts, by=MACHINE)
        accepted = knock(alpha, language=language)
        contact.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
        assert field(words(act(nora, accepted, "ready", ready=str(ready.pk)))).startswith(start), language


def test_another_roles_reply_is_not_offered_nor_filled_in(alpha, held, nora: Client) -> None:
    other = setup.add_canned_reply(
        role_id=alpha.counsellor_role, titles=TITLES, texts={"nb": "Kanarisvar"}, by=MACHINE
    )
    assert "Have read" not in words(nora.get(f"/desk/{held.request_id}/"))
    assert "Kanarisvar" not in words(act(nora, held, "ready", ready=str(other), text="Hei"))


def test_only_administrators_change_them(alpha, ready) -> None:
    for who in ("nurse", "lead", "outsider"):
        by = alpha.actor(who)
        for act_on in (
            lambda by: setup.add_canned_reply(role_id=alpha.nurse_role, titles=TITLES, texts=TEXTS, by=by),
            lambda by: setup.change_canned_reply(reply_id=ready.pk, titles=TITLES, texts=TEXTS, by=by),
            lambda by: setup.remove_canned_reply(reply_id=ready.pk, by=by),
        ):
            with pytest.raises(NotAllowed):
                act_on(by)
    assert CannedReply.objects.count() == 1


@pytest.mark.parametrize(
    ("titles", "texts", "fields"),
    [
        ({}, {}, ["titles", "texts"]),
        ({"nb": "x" * 61}, TEXTS, ["titles.nb"]),
        (TITLES, {"nb": "Hei {name}"}, ["texts.nb"]),
        (TITLES, {"nb": "x" * 2001}, ["texts.nb"]),
        (TITLES, {"xx": "Hei"}, ["texts.xx"]),
        (TITLES, {"nb": "Hei\u202e"}, ["texts.nb"]),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(alpha, titles, texts, fields) -> None:
    with pytest.raises(Invalid) as refused:
        setup.add_canned_reply(role_id=alpha.nurse_role, titles=titles, texts=texts, by=MACHINE)
    assert [error.field for error in refused.value.errors] == fields


def test_the_administrators_page_adds_changes_and_removes(alpha, signed_in) -> None:
    admin = signed_in("admin", "en")
    assert "No reply is ready yet" in words(admin.get("/setup/replies/"))
    form = {"role": str(alpha.nurse_role), "titles_nb": "Har lest", "texts_nb": "Hei {name}"}
    refused = words(admin.post("/setup/replies/new/", form), 422)
    assert "Only {role} and {school} can be filled in." in refused
    assert "Hei {name}</textarea>" in refused
    assert admin.post("/setup/replies/new/", form | {"texts_nb": "Hei"}).status_code == 302
    row = CannedReply.objects.get()
    assert admin.post(f"/setup/replies/{row.pk}/", form | {"texts_nb": "Hallo"}).status_code == 302
    assert CannedReply.objects.get().texts == {"nb": "Hallo"}
    assert "Hallo" not in str(list(Entry.objects.values()))
    assert admin.post(f"/setup/replies/{row.pk}/remove/").status_code == 302
    assert not CannedReply.objects.exists()
    with pytest.raises(NotFound):
        setup.remove_canned_reply(reply_id=row.pk, by=MACHINE)
