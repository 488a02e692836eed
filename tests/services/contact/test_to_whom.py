"""To whom one is anonymous: by country, role and employer, with its law; and the sentence before an anonymous send."""

import re
from typing import Any

import pytest

from services.contact.to_whom import everybody, to_whom
from services.worry.data import DUTIES
from tenants.setup import operations as setup
from tenants.walls.anonymity import MUST_TELL, secrecy
from tests.cast import World
from tests.services.contact.people import knock
from tests.services.contact.test_pages import answers

BEFORE = (
    "We do not know who you are, so we cannot find you. If you are in danger now, call 112. "
    "A school computer or school network may show which pages were opened."
)


@pytest.mark.parametrize("country", ["NO", "SE", "DK", "FI"])
def test_each_country_cites_its_own_law_in_its_own_language_and_the_nurse_is_bound_strictest(
    country: str,
) -> None:
    nurse = secrecy(country, "school_nurse", "compulsory", "municipality")
    other = secrecy(country, "counsellor", "compulsory", "municipality")
    assert nurse.strict
    assert nurse.by is not None
    assert other.by is not None
    assert (nurse.by.law, nurse.by.section) != (other.by.law, other.by.section) or country in ("FI",)
    assert nurse.by.language == {"NO": "no", "SE": "sv", "DK": "da", "FI": "fi"}[country]
    assert nurse.must_tell is not None


def test_the_duty_to_tell_is_the_same_row_that_an_adult_is_shown_who_worries() -> None:
    for country, source in MUST_TELL.items():
        rows = [one for one in DUTIES if one.country == country and one.to == "child_welfare"]
        assert (source.law, source.section) in {(one.source.law, one.source.section) for one in rows}


def test_a_country_without_rules_promises_nothing_strict_and_cites_nothing() -> None:
    nobody = secrecy("EE", "school_nurse", "compulsory", "municipality")
    assert (nobody.strict, nobody.by, nobody.must_tell) == (False, None, None)


@pytest.mark.django_db
def test_it_follows_the_role_and_the_employer(alpha: World) -> None:
    nurse = to_whom(alpha.nurse_role, alpha.school, "nb", is_anonymous=True)
    counsellor = to_whom(alpha.counsellor_role, alpha.school, "nb", is_anonymous=True)
    assert nurse is not None
    assert counsellor is not None
    assert (nurse.secrecy.strict, counsellor.secrecy.strict) == (True, False)
    assert [one.role for one in everybody("nb")] == [nurse.role, counsellor.role]


@pytest.mark.django_db
@pytest.mark.parametrize("channel", ["conversation", "email"])
def test_before_an_anonymous_send_the_page_says_what_it_must_word_for_word(
    alpha: World, at: Any, channel: str
) -> None:
    phone = at(alpha.alpha, headers={"accept-language": "en"})
    value = {"channel_value": "ola@example.org"} if channel == "email" else {}
    said = {**answers(alpha, channel=channel, **value), "step": "name"}
    page = re.sub(r"\s+", " ", phone.post("/knock/", said).content.decode())
    assert (BEFORE in page) is (channel == "conversation")
    if channel == "conversation":
        assert "To whom are you anonymous?" in page
        assert "Nobody here knows who you are, until you say it." in page
    else:
        assert "knows the name or the number you gave." in page
    assert "has a strict duty of secrecy." in page
    assert "helsepersonelloven" in page
    assert 'lang="no"' in page


@pytest.mark.django_db
def test_the_conversation_and_a_page_of_its_own_say_it_too(alpha: World, at: Any) -> None:
    accepted = knock(alpha)
    phone = at(alpha.alpha, headers={"accept-language": "en"})
    phone.post("/receipt/", {"receipt": accepted.receipt})
    assert "To whom are you anonymous?" in phone.get("/conversation/").content.decode()
    page = phone.get("/anonymous/").content.decode()
    assert page.count("barnevernsloven (2021)") == len(everybody("en"))
    assert 'href="/anonymous/"' in phone.get("/privacy/").content.decode()


@pytest.mark.django_db
def test_one_role_at_schools_of_several_forms_is_said_once_where_the_law_is_one(alpha: World) -> None:
    setup.rename_school(
        school_id=alpha.other_school, name="Fjellvang vgs", form="upper_secondary", by=alpha.actor("admin")
    )
    roles = [one.role for one in everybody("nb")]
    assert len(roles) == len(set(roles))
