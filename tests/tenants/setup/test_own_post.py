"""A post opens students' words: nobody takes one alone, and nobody is given one unseen."""

from datetime import timedelta

import pytest

from kernel.actor import MACHINE
from kernel.audit.models import Entry
from kernel.errors import Invalid
from kernel.outbox.models import Message
from kernel.outbox.rendering import render
from kernel.people.operations import invite
from tenants.setup import operations as setup
from tenants.setup.actors import today
from tenants.setup.models import Lead, Post

NOTICE = "setup/somebody_new"


@pytest.fixture
def second_admin(world, admin):
    setup.appoint_administrator(account_id=world.people["outsider"], by=admin)
    return world.actor("outsider")


def give(world, who, by, **more):
    return setup.give_post(
        account_id=world.people[who], role_id=world.nurse_role, school_id=world.school, by=by, **more
    )


def told(post) -> set:
    return set(
        Message.objects.filter(template=NOTICE, cause=f"new-post:{post}").values_list("account_id", flat=True)
    )


def test_an_administrator_cannot_give_themselves_a_post(world, admin, second_admin) -> None:
    with pytest.raises(Invalid) as refused:
        give(world, "admin", admin)
    assert [(one.field, str(one.message)) for one in refused.value.errors] == [
        ("person", "Another administrator must give you this post.")
    ]
    assert not Post.objects.filter(account_id=admin.id).exists()
    assert give(world, "admin", second_admin)


def test_the_page_says_why(world, admin, second_admin, signed_in) -> None:
    page = signed_in("admin").post(
        f"/setup/people/{admin.id}/",
        {"act": "post", "post-role": str(world.nurse_role), "post-school": str(world.school)},
        headers={"accept-language": "en"},
    )
    assert not Post.objects.filter(account_id=admin.id).exists()
    assert 'class="ds-error-summary' in page.content.decode()


def test_the_only_administrator_may_and_everybody_at_the_door_is_told(world, admin) -> None:
    invite(by=MACHINE, email="x@alfa.invalid", name="Invented", is_administrator=True, is_invented=True)
    post = give(world, "admin", admin)
    assert told(post) == {world.people["nurse"], world.people["second_nurse"], world.people["lead"]}
    assert Entry.objects.filter(verb="setup.give_post", object_id=str(post), actor_id=admin.id).exists()


def test_every_post_that_a_person_gives_is_told_once(world, admin) -> None:
    post = give(world, "outsider", admin)
    assert give(world, "outsider", admin) == post
    assert told(post) == {world.people["nurse"], world.people["second_nurse"], world.people["lead"]}
    assert Message.objects.filter(template=NOTICE).count() == 3


def test_with_nobody_at_the_door_the_other_administrators_are_told(world, admin, second_admin) -> None:
    Post.objects.all().delete()
    Lead.objects.all().delete()
    assert told(give(world, "counsellor", admin)) == {second_admin.id}


def test_what_the_machine_furnishes_is_told_to_nobody(world, alpha) -> None:
    assert told(give(world, "outsider", MACHINE)) == set()


@pytest.mark.parametrize("language", ["nb", "nn", "sv", "da", "fi", "en"])
def test_the_notice_says_the_role_and_the_day_and_no_more(world, alpha, language) -> None:
    subject, text = render(NOTICE, language, {"role": "ROLE", "day": "DAY"})
    assert "ROLE" in text
    assert "DAY" in text
    assert "/desk/" in text
    assert (language == "en") == ("Somebody new" in subject)


def test_whoever_removes_the_others_gets_no_post_of_their_own_and_everybody_of_late_hears(
    world, admin, second_admin
) -> None:
    Post.objects.update(starts_on=today() - timedelta(days=400))
    setup.dismiss_administrator(account_id=second_admin.id, by=admin)
    with pytest.raises(Invalid, match="invalid") as refused:
        give(world, "admin", admin)
    assert "30 days" in str(refused.value.errors[0].message)
    for row in Post.objects.filter(role_id=world.nurse_role, school_id=world.school):
        setup.end_post(post_id=row.pk, by=admin)
    for lead in Lead.objects.all():
        setup.dismiss_lead(lead_id=lead.pk, by=admin)
    ended = Message.objects.filter(template="setup/ended").values_list("account_id", flat=True)
    nurses = {world.people["nurse"], world.people["second_nurse"]}
    assert set(ended) == nurses | {world.people["lead"], second_admin.id}
    post = give(world, "outsider", admin)
    assert told(post) == nurses


def test_closing_another_administrator_s_account_gives_no_post_either(world, admin, second_admin) -> None:
    setup.close_person(account_id=second_admin.id, by=admin)
    with pytest.raises(Invalid):
        give(world, "admin", admin)


@pytest.mark.parametrize("language", ["nb", "nn", "sv", "da", "fi", "en"])
@pytest.mark.parametrize("kind", ["post", "lead", "administrator"])
def test_the_notice_of_an_end_says_what_ends_and_no_name(world, alpha, language, kind) -> None:
    _subject, text = render("setup/ended", language, {"kind": kind, "role": "ROLE", "day": "DAY"})
    assert ("ROLE" in text) == (kind == "post")
    assert "Alfa" not in text
