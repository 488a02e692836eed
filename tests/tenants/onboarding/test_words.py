"""What the forms of sign-up say: which field, what to do, in our words in every language; and nothing typed is lost."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from tenants.onboarding import forms
from tests.tenants.onboarding.support import Applicant

LANGUAGES = ("nb", "nn", "sv", "da", "fi", "en")
#: The beginnings of what Django says by itself.
DJANGOS = (
    "This field is required.",
    "Select a valid choice. %(value)s is not one of the available choices.", "Null characters are not allowed.",
    "Select a valid choice. That choice is not one of the available choices.", "Enter a list of values.",
    "Enter a valid date.", "Enter a valid email address.", "Enter a valid value.", "The submitted file is empty.",
    "No file was submitted. Check the encoding type on the form.", "No file was submitted.",
)  # fmt: skip
TOO_LONG_IN_DJANGO = (
    "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
    "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
)
MADE = {
    "country": (forms.CountryForm, {}), "kind": (forms.KindForm, {}), "number": (forms.NumberForm, {"country": "NO"}),
    "email": (forms.EmailForm, {}), "resume": (forms.ResumeForm, {}), "code": (forms.CodeForm, {}),
    "name": (forms.NameForm, {}), "address": (forms.AddressForm, {}), "school": (forms.SchoolForm, {}),
    "languages": (forms.LanguagesForm, {}), "look": (forms.LookForm, {}), "signatory": (forms.SignatoryForm, {}),
    "deputy": (forms.DeputyForm, {}), "dpia": (forms.DpiaForm, {}), "archive": (forms.ArchiveForm, {}),
    "answer": (forms.AnswerForm, {}), "words": (forms.WordsForm, {}), "evict": (forms.EvictForm, {"address": "lom"}),
}  # fmt: skip
BAD = {"nothing": "", "too much": "x" * 10_000, "nul": "a\x00b", "another": "nowhere", "spaces": "  "}


def djangos_words() -> list[str]:
    """Django's messages in the present language, up to where they are filled in."""
    whole = [translation.gettext(message) for message in DJANGOS]
    whole += [translation.ngettext(*TOO_LONG_IN_DJANGO, number) for number in (1, 2)]
    return [words.partition("%(")[0].strip() for words in whole]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", MADE)
def test_no_form_speaks_as_django_does(name, language):
    made, more = MADE[name]
    with translation.override(language):
        djangos = djangos_words()
        for value in BAD.values():
            data = {field: [value] if field == "languages" else value for field in made(**more).fields}
            files = {"logo": SimpleUploadedFile("logo.png", b"")} if name == "look" else None
            form = made(data, files, **more)
            form.is_valid()
            for field, errors in form.errors.items():
                for error in errors:
                    assert not any(error.startswith(words) for words in djangos), (field, value[:9], error)
                    assert "%(" not in error
                    assert len(error) < 140


def test_the_list_of_djangos_words_is_django_s():
    """A form without our words says them, so that the test above looks for the right thing."""
    from django import forms as theirs

    class Bare(theirs.Form):
        text = theirs.CharField(max_length=3)
        choice = theirs.ChoiceField(choices=[("a", "A")])
        day = theirs.DateField()
        file = theirs.FileField()

    with translation.override("nb"):
        djangos = djangos_words()
        for text in ("", "xxxxx", "a\x00"):
            form = Bare({"text": text, "choice": "b", "day": "x"}, {"file": SimpleUploadedFile("a", b"")})
            said = [error for errors in form.errors.values() for error in errors]
            assert said
            assert all(any(error.startswith(words) for words in djangos) for error in said), said


@pytest.mark.parametrize("name", MADE)
def test_an_empty_field_is_told_by_what_to_do(name):
    made, more = MADE[name]
    with translation.override("en"):
        form = made({}, **more)
        for field in form.fields.values():
            if field.required:
                said = str(made({}, **more).errors)
                assert any(verb in said for verb in ("Write ", "Choose ", "Give ")), said


TOO_LONG = "Åse " + "x" * 10_000


def test_a_name_of_ten_thousand_letters_is_refused_by_name_and_comes_back_whole_enough(applicant: Applicant):
    page = applicant.answer(
        "email", country="NO", kind="municipality", organisation_number="958935420", email=applicant.email,
        contact_name=TOO_LONG, anyway="1",
    )  # fmt: skip
    assert page.status_code == 422
    said = page.content.decode()
    assert "Too long: Your name. Write at most 100 letters." in said
    assert "Åse xxx" in said
    assert f'value="{applicant.email}"' in said


def test_a_long_address_is_refused_and_never_cut_into_another(applicant: Applicant):
    long = f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.kommune.no.example.no"
    assert len(long) > 200
    page = applicant.answer(
        "email", country="NO", kind="municipality", organisation_number="958935420", email=long,
        contact_name="Kari Nordmann", anyway="1",
    )  # fmt: skip
    assert long in page.content.decode()
    assert not any(one.email != long for one in _applications())


def _applications():
    from tenants.onboarding.models import Application

    return list(Application.objects.all())


@pytest.fixture
def rehearsing(applicant, slug):
    applicant.verify()
    applicant.ref = applicant.found(slug)
    return applicant


@pytest.mark.parametrize(
    ("kind", "typed", "says"),
    [
        ("agreement", {"name": "O", "role": "Rådmann", "authority": "Fullmakt", "email": "o@lom.kommune.no"},
         "Write the name, 2 to 100 letters."),
        ("agreement", {"name": "Ola", "role": "R", "authority": "Fullmakt", "email": "o@lom.kommune.no"},
         "Write their role, 2 to 100 letters."),
        ("agreement", {"name": "Ola", "role": "Rådmann", "authority": "", "email": "o@lom.kommune.no"},
         "Write why they may sign."),
        ("agreement", {"name": "Ola", "role": "Rådmann", "authority": "Fullmakt", "email": "o at lom"},
         "Write an e-mail address"),
        ("deputy", {"name": "Per Vara", "email": "per"}, "Write an e-mail address"),
        ("dpia", {"choice": "supports", "decided_on": "i går"}, "Write the date as day, month and year."),
        ("archive", {"choice": "burn", "decided_on": "2026-01-01"}, "Choose: What have you decided."),
    ],
)  # fmt: skip
def test_each_gate_says_which_field_and_keeps_what_was_typed(rehearsing, kind, typed, says):
    page = rehearsing.post(f"/start/gates/{kind}/", typed)
    assert page.status_code == 422
    said = page.content.decode()
    assert says in said
    for field, value in typed.items():
        if field != "choice" and value:
            assert f'value="{value}"' in said, field


def test_a_new_link_begins_with_the_same_person(rehearsing):
    typed = {"name": "Ola Berg", "role": "Rådmann", "authority": "Fullmakt", "email": "o@lom.kommune.no"}
    rehearsing.post("/start/gates/agreement/", typed)
    page = rehearsing.client.get("/start/gates/agreement/").content.decode()
    assert all(f'value="{value}"' in page for value in typed.values())


def test_what_was_decided_stands_in_the_form_when_one_comes_back(rehearsing):
    day = date(2026, 1, 5).isoformat()
    rehearsing.post("/start/gates/dpia/", {"choice": "supports", "decided_on": day})
    assert f'value="{day}"' in rehearsing.client.get("/start/gates/dpia/").content.decode()
