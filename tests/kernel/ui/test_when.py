"""How times are said: the reader's language, the municipality's zone, wherever the server thinks it is."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from kernel.ui.when import (
    WORDS,
    say_date,
    say_date_shortly,
    say_from,
    say_left,
    say_left_shortly,
    say_near,
    say_time,
    say_when,
)

OSLO = "Europe/Oslo"
NOW = datetime(2026, 4, 3, 10, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 4, 7, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("nb", "tirsdag 7. april kl. 14.00"),
        ("nn", "tysdag 7. april kl. 14.00"),
        ("sv", "tisdag 7 april kl. 14.00"),
        ("da", "tirsdag 7. april kl. 14.00"),
        ("fi", "tiistaina 7. huhtikuuta klo 14.00"),
        ("en", "Tuesday 7 April at 14:00"),
    ],
)
def test_another_day_is_said_with_weekday_date_and_time(lang: str, said: str) -> None:
    assert say_when(TUESDAY, NOW, OSLO, lang) == said


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("nb", ("i går", "i dag kl. 14.05", "i morgen")),
        ("nn", ("i går", "i dag kl. 14.05", "i morgon")),
        ("sv", ("i går", "i dag kl. 14.05", "i morgon")),
        ("da", ("i går", "i dag kl. 14.05", "i morgen")),
        ("fi", ("eilen", "tänään klo 14.05", "huomenna")),
        ("en", ("yesterday", "today at 14:05", "tomorrow")),
    ],
)
def test_near_days_have_their_own_words(lang: str, said: tuple[str, str, str]) -> None:
    day = timedelta(days=1)
    yesterday, today, tomorrow = said
    assert say_date(NOW - day, NOW, OSLO, lang) == yesterday
    assert say_when(datetime(2026, 4, 3, 12, 5, tzinfo=UTC), NOW, OSLO, lang) == today
    assert say_date(NOW + day, NOW, OSLO, lang) == tomorrow


def test_today_is_the_municipalitys_today_and_not_utcs() -> None:
    late = datetime(2026, 4, 3, 22, 30, tzinfo=UTC)
    assert say_when(late, NOW, OSLO, "nb") == "i morgen kl. 0.30 om natten"
    assert say_when(late, NOW, "Atlantic/Reykjavik", "nb") == "i dag kl. 22.30"


def test_midnight_is_the_end_of_the_day_before_so_that_nobody_is_a_day_wrong() -> None:
    midnight = datetime(2026, 4, 6, 22, 0, tzinfo=UTC)
    assert say_when(midnight, NOW, OSLO, "nb") == "mandag 6. april kl. 23.59"
    assert say_when(midnight, NOW, OSLO, "en") == "Monday 6 April at 23:59"
    assert say_when(datetime(2026, 4, 3, 22, 0, tzinfo=UTC), NOW, OSLO, "nb") == "i dag kl. 23.59"
    assert say_near(midnight, NOW, OSLO, "nb") == "man. 23.59"


def test_what_opens_at_midnight_opens_on_that_day_and_not_at_the_end_of_the_one_before() -> None:
    midnight = datetime(2026, 4, 6, 22, 0, tzinfo=UTC)
    assert say_from(midnight, NOW, OSLO, "nb") == "tirsdag 7. april"
    assert say_from(TUESDAY, NOW, OSLO, "nb") == "tirsdag 7. april kl. 14.00"


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("nb", "tirsdag 7. april kl. 2.15 om natten"),
        ("nn", "tysdag 7. april kl. 2.15 om natta"),
        ("sv", "tisdag 7 april kl. 2.15 på natten"),
        ("da", "tirsdag 7. april kl. 2.15 om natten"),
        ("fi", "tiistaina 7. huhtikuuta klo 2.15 yöllä"),
        ("en", "Tuesday 7 April at 02:15, in the night"),
        ("pl", "wtorek, 7 kwietnia, godz. 02:15 w nocy"),
        ("uk", "вівторок, 7 квітня, 02:15 ночі"),
    ],
)
def test_a_time_at_which_most_sleep_is_said_to_be_in_the_night(lang: str, said: str) -> None:
    """The promise of a calendar that counts every hour runs out then as well: it is said as it is."""
    assert say_when(datetime(2026, 4, 7, 0, 15, tzinfo=UTC), NOW, OSLO, lang) == said


@pytest.mark.parametrize(
    ("hour", "minute", "is_night"), [(22, 1, True), (2, 59, True), (3, 0, False), (20, 0, False)]
)
def test_the_night_is_from_midnight_to_five(hour: int, minute: int, is_night: bool) -> None:
    """By the municipality's clock: Oslo is two hours ahead."""
    said = say_when(datetime(2026, 4, 6, hour, minute, tzinfo=UTC), NOW, OSLO, "nb")
    assert ("natten" in said) is is_night


def test_summer_time_is_heeded() -> None:
    assert say_time(datetime(2026, 3, 29, 0, 30, tzinfo=UTC), OSLO, "nb") == "1.30"
    assert say_time(datetime(2026, 3, 29, 1, 30, tzinfo=UTC), OSLO, "nb") == "3.30"


def test_another_year_is_named() -> None:
    assert say_date(datetime(2027, 1, 4, 12, tzinfo=UTC), NOW, OSLO, "nb") == "mandag 4. januar 2027"


@pytest.mark.parametrize(
    ("lang", "left", "over"),
    [
        ("nb", "2 timer igjen", "40 minutter over tiden"),
        ("nn", "2 timar att", "40 minutt over tida"),
        ("sv", "2 timmar kvar", "40 minuter över tiden"),
        ("da", "2 timer tilbage", "40 minutter over tiden"),
        ("fi", "2 tuntia jäljellä", "40 minuuttia myöhässä"),
        ("en", "2 hours left", "40 minutes late"),
    ],
)
def test_what_is_left_and_what_is_over_differ_in_words(lang: str, left: str, over: str) -> None:
    assert say_left(NOW + timedelta(hours=2, minutes=40), NOW, lang) == left
    assert say_left(NOW - timedelta(minutes=40), NOW, lang) == over


def test_less_than_a_minute_is_never_nothing() -> None:
    assert say_left(NOW + timedelta(seconds=3), NOW, "en") == "1 minute left"


def test_lists_on_the_desk_say_it_shortly() -> None:
    assert say_left_shortly(NOW + timedelta(hours=2), NOW, "nb") == "2 t"
    assert say_near(datetime(2026, 4, 3, 12, 5, tzinfo=UTC), NOW, OSLO, "nb") == "kl. 14.05"
    assert say_near(TUESDAY, NOW, OSLO, "nb") == "tir. 14.00"


@pytest.mark.parametrize("lang", ["ar", "uk", "pl", "so", "ti", "se", "xx"])
def test_every_other_language_gets_an_answer(lang: str) -> None:
    assert ("14.00" if lang == "se" else "14:00") in say_when(TUESDAY, NOW, OSLO, lang)
    assert say_left(TUESDAY, NOW, lang)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        say_when(datetime(2026, 4, 7, 14, 0), NOW, OSLO, "nb")


def test_all_our_languages_have_words() -> None:
    assert set(WORDS) == {code for code, _name in settings.LANGUAGES}


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("nb", "tir. 7. apr."),
        ("sv", "tis 7 apr."),
        ("da", "tirs. 7. apr."),
        ("fi", "ti 7. huhti"),
        ("en", "Tue 7 Apr"),
    ],
)
def test_a_narrow_column_has_a_short_day_that_never_breaks_inside_a_word(lang: str, said: str) -> None:
    assert say_date_shortly(TUESDAY, NOW, OSLO, lang) == said
    assert say_date_shortly(NOW, NOW, OSLO, lang) == say_date(NOW, NOW, OSLO, lang)
    assert say_date_shortly(TUESDAY.replace(year=2027), NOW, OSLO, lang).endswith("2027")
