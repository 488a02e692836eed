"""Saying that one is away, ending it early, and naming substitutes: by pages and operations."""

from datetime import timedelta

import pytest

from kernel.errors import Invalid, NotAllowed
from kernel.tenancy import inside
from tenants.presence import operations as presence
from tenants.presence.models import Absence, Substitute
from tenants.presence.queries import present_on, responsible_now
from tenants.setup import operations as setup
from tenants.setup.actors import today
from tenants.setup.models import Post
from tests.signing_in import sign_in


@pytest.fixture
def alpha(world):
    with inside(world.alpha):
        yield world


@pytest.fixture
def browser(alpha, at):
    """`browser("nurse")`: that person's, second factor shown."""

    def signed_in(who: str):
        client, account = at(alpha.alpha), alpha.account(who)
        sign_in(client, account)
        return client

    return signed_in


def post_of(world, who: str):
    return Post.objects.get(account_id=world.people[who]).pk


def away(world, who: str, first: int, last: int, by: str | None = None):
    return presence.begin_absence(
        account_id=world.people[who],
        first_day=today() + timedelta(days=first),
        last_day=today() + timedelta(days=last),
        by=world.actor(by or who),
    ).absence_id


@pytest.mark.parametrize(
    ("first", "last", "field", "word"),
    [
        (-1, 2, "first_day", "over"),
        (3, 2, "last_day", "Swap"),
        (0, 400, "last_day", "year"),
        (800, 801, "last_day", "two years"),
        (4, 6, "first_day", "already"),
        (0, 2, "first_day", "already"),
    ],
)
def test_days_that_cannot_be_are_refused_with_the_field_and_the_remedy(alpha, first, last, field, word):
    away(alpha, "nurse", 2, 5)
    with pytest.raises(Invalid) as refused:
        away(alpha, "nurse", first, last)
    assert [error.field for error in refused.value.errors] == [field]
    assert word in str(refused.value.errors[0].message)


def test_the_same_days_again_are_the_same_absence_and_touching_ones_are_two(alpha):
    first = away(alpha, "nurse", 2, 5)
    assert away(alpha, "nurse", 2, 5) == first
    away(alpha, "nurse", 6, 6)
    assert Absence.objects.count() == 2


def test_back_early_means_there_today_and_what_never_began_is_taken_back(alpha, clock_of):
    row = away(alpha, "nurse", 0, 9)
    later = away(alpha, "second_nurse", 3, 4)
    assert alpha.people["nurse"] not in [
        one.pk for one in present_on(alpha.nurse_role, alpha.school, today())
    ]
    clock_of.shift(timedelta(days=2))
    presence.end_absence(absence_id=row, by=alpha.actor("nurse"))
    assert Absence.objects.get(pk=row).last_day == today() - timedelta(days=1)
    assert alpha.people["nurse"] in [one.pk for one in present_on(alpha.nurse_role, alpha.school, today())]
    presence.end_absence(absence_id=later, by=alpha.actor("admin"))
    assert not Absence.objects.filter(pk=later).exists()


@pytest.fixture
def clock_of(alpha):
    import time_machine

    from tests.services.contact.people import TUESDAY

    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


def test_nobody_says_that_a_colleague_is_away_and_only_administrators_name_substitutes(alpha):
    row = away(alpha, "nurse", 1, 2)
    for who in ("second_nurse", "lead", "outsider"):
        with pytest.raises(NotAllowed):
            away(alpha, "nurse", 5, 6, by=who)
        with pytest.raises(NotAllowed):
            presence.end_absence(absence_id=row, by=alpha.actor(who))
    for act in (
        lambda: presence.name_substitutes(
            post_id=post_of(alpha, "nurse"), account_ids=[], by=alpha.actor("nurse")
        ),
        lambda: presence.change_weekdays(
            post_id=post_of(alpha, "nurse"), weekdays=[1], by=alpha.actor("nurse")
        ),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_circle_is_refused_with_a_sentence_that_names_the_chain(alpha):
    admin = alpha.actor("admin")
    presence.name_substitutes(
        post_id=post_of(alpha, "nurse"), account_ids=[alpha.people["other_nurse"]], by=admin
    )
    with pytest.raises(Invalid) as refused:
        presence.name_substitutes(
            post_id=post_of(alpha, "other_nurse"), account_ids=[alpha.people["nurse"]], by=admin
        )
    assert "Olga Alfa → Nora Alfa → Olga Alfa" in str(refused.value.errors[0].message)
    assert Substitute.objects.count() == 1


@pytest.mark.parametrize("who", ["counsellor", "nurse", "outsider"])
def test_a_substitute_holds_the_same_role_and_is_somebody_else(alpha, who):
    with pytest.raises(Invalid):
        presence.name_substitutes(
            post_id=post_of(alpha, "nurse"), account_ids=[alpha.people[who]], by=alpha.actor("admin")
        )


def test_a_substitute_stands_in_the_same_secrecy_circle(alpha):
    """In Norway a counsellor of the county's is bound by other rules than one of the municipality's."""
    admin = alpha.actor("admin")
    county = setup.add_employer(name="Fylket", kind="county", by=admin)
    given = {"role_id": alpha.counsellor_role, "school_id": alpha.other_school}
    setup.give_post(account_id=alpha.people["outsider"], employer_id=county, **given, by=admin)
    post = post_of(alpha, "counsellor")
    with pytest.raises(Invalid):
        presence.name_substitutes(post_id=post, account_ids=[alpha.people["outsider"]], by=admin)
    setup.give_post(account_id=alpha.people["lead"], **given, by=admin)
    presence.name_substitutes(post_id=post, account_ids=[alpha.people["lead"]], by=admin)


def test_a_stand_in_comes_to_the_door_of_the_absent_and_goes_when_they_are_back(alpha):
    door = (alpha.nurse_role, alpha.school)
    presence.name_substitutes(
        post_id=post_of(alpha, "nurse"), account_ids=[alpha.people["other_nurse"]], by=alpha.actor("admin")
    )
    assert not alpha.actor("other_nurse").holds(*door)
    row = away(alpha, "nurse", 0, 3)
    assert alpha.actor("other_nurse").holds(*door)
    assert not alpha.actor("counsellor").holds(*door)
    presence.end_absence(absence_id=row, by=alpha.actor("nurse"))
    assert not alpha.actor("other_nurse").holds(*door)


def test_who_is_responsible_goes_from_the_holder_to_the_pool(alpha, clock_of):
    names = lambda **more: [  # noqa: E731
        one.get_short_name() for one in responsible_now(alpha.nurse_role, alpha.school, **more)
    ]
    nurse = alpha.people["nurse"]
    assert names(holder=nurse) == ["Nora"]
    away(alpha, "nurse", 0, 3)
    assert names(holder=nurse) == ["Signe"]
    away(alpha, "second_nurse", 0, 1)
    assert names(holder=nurse) == []
    assert names(holder=nurse, until=today() + timedelta(days=2)) == ["Signe"]


def test_a_helper_says_on_their_own_page_that_they_are_away(alpha, browser):
    page = browser("nurse")
    first, last = today() + timedelta(days=3), today() + timedelta(days=7)
    answer = page.post("/away/", {"first_day": first.isoformat(), "last_day": last.isoformat()})
    assert answer.status_code == 302
    row = Absence.objects.get()
    assert (row.account_id, row.first_day, row.last_day) == (alpha.people["nurse"], first, last)
    assert page.post(f"/away/{row.pk}/back/").status_code == 302
    assert not Absence.objects.exists()


def test_a_wrong_day_comes_back_with_what_was_typed(alpha, browser):
    yesterday = (today() - timedelta(days=1)).isoformat()
    answer = browser("nurse").post("/away/", {"first_day": yesterday, "last_day": yesterday})
    assert answer.status_code == 422
    assert f'value="{yesterday}"' in answer.content.decode()


def test_an_administrator_names_weekdays_and_substitutes_and_sees_them(alpha, browser):
    page, where = browser("admin"), f"/setup/posts/{post_of(alpha, 'nurse')}/"
    assert page.post(where, {"act": "weekdays", "weekdays": ["1", "3"]}).status_code == 302
    assert page.post(where, {"act": "weekdays"}).status_code == 422
    other = str(alpha.people["other_nurse"])
    assert page.post(where, {"act": "substitutes", "substitute_0": other}).status_code == 302
    person = page.get(f"/setup/people/{alpha.people['nurse']}/").content.decode()
    assert "Olga Alfa" in person
    assert "mandag, onsdag" in person.lower()


def test_a_neighbours_helper_comes_by_an_agreement_that_ends(alpha):
    admin = alpha.actor("admin")
    neighbour = setup.add_employer(name="Nabo kommune", kind="neighbour", by=admin)
    given = {
        "account_id": alpha.people["outsider"],
        "role_id": alpha.nurse_role,
        "school_id": alpha.other_school,
        "employer_id": neighbour,
    }
    with pytest.raises(Invalid) as refused:
        setup.give_post(**given, by=admin)
    assert [error.field for error in refused.value.errors] == ["agreement", "ends_on"]
    last = today() + timedelta(days=30)
    with pytest.raises(Invalid) as refused:
        setup.give_post(**given, agreement="Avtale\u202e 12", ends_on=last, by=admin)
    assert [error.field for error in refused.value.errors] == ["agreement"]
    made = setup.give_post(**given, agreement="Avtale 12/2026", ends_on=last, by=admin)
    assert Post.objects.get(pk=made).agreement == "Avtale 12/2026"


def test_who_was_invented_leaves_with_their_absences_and_nobody_else_does(alpha):
    from kernel.actor import MACHINE
    from kernel.people.operations import invite

    ida = invite(by=MACHINE, email="ida@alfa.invalid", name="Ida", is_invented=True)
    post = setup.give_post(account_id=ida.pk, role_id=alpha.nurse_role, school_id=alpha.school, by=MACHINE)
    for who in (ida.pk, alpha.people["nurse"]):
        presence.begin_absence(account_id=who, first_day=today(), last_day=today(), by=MACHINE)
    presence.name_substitutes(post_id=post, account_ids=[alpha.people["other_nurse"]], by=MACHINE)
    presence.name_substitutes(post_id=post_of(alpha, "nurse"), account_ids=[ida.pk], by=MACHINE)
    for _ in range(2):
        presence.end_rehearsal(by=MACHINE)
    assert list(Absence.objects.values_list("account_id", flat=True)) == [alpha.people["nurse"]]
    assert not Substitute.objects.exists()
    with pytest.raises(NotAllowed):
        presence.end_rehearsal(by=alpha.actor("admin"))
