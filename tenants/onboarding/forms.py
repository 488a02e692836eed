"""The questions of sign-up as forms: shape and words.

Rules stand in the operations, which name the field that is wrong.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from kernel.errors import Invalid
from kernel.ui.forms import SayingForm
from tenants.onboarding import organisation_numbers
from tenants.onboarding.models import Application

COUNTRY_NAMES = {
    "NO": _("Norway"),
    "SE": _("Sweden"),
    "DK": _("Denmark"),
    "FI": _("Finland"),
    "IS": _("Iceland"),
}
KINDS = [
    (Application.Kind.MUNICIPALITY.value, _("A municipality")),
    (Application.Kind.COUNTY.value, _("A county or region")),
]


def _else(required: Any, **more: Any) -> dict[str, Any]:
    """What a field says when it is empty (or wrong): which field, and what to do."""
    return {"required": required, **more}


_NO_EMAIL = _("Write an e-mail address, like name@example.com.")
_NO_DATE = _("Write the date as day, month and year.")


def attempt(form: forms.Form, operation: Callable[[], Any]) -> bool:
    """Run the operation; what it finds Invalid is written beside the fields. False when it was refused."""
    try:
        operation()
    except Invalid as wrong:
        for error in wrong.errors:
            form.add_error(error.field if error.field in form.fields else None, str(error.message))
        return False
    return True


class CountryForm(SayingForm):
    country = forms.ChoiceField(
        error_messages=_else(_("Choose your country.")),
        label=_("Which country are you in?"),
        choices=list(COUNTRY_NAMES.items()),
        widget=forms.RadioSelect,
    )


class KindForm(SayingForm):
    kind = forms.ChoiceField(
        error_messages=_else(_("Choose what kind of municipality you are.")),
        label=_("What kind of municipality are you?"),
        choices=KINDS,
        widget=forms.RadioSelect,
    )


class NumberForm(SayingForm):
    organisation_number = forms.CharField(
        error_messages=_else(_("Write your organisation number.")),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country = country
        register = organisation_numbers.REGISTERS[country]
        self.fields["organisation_number"].label = str(register.name)
        self.fields["organisation_number"].help_text = _("For example %(number)s.") % {
            "number": register.example
        }

    def clean_organisation_number(self) -> str:
        try:
            number = organisation_numbers.normalise(self.country, self.cleaned_data["organisation_number"])
        except Invalid as wrong:
            raise forms.ValidationError(str(wrong.errors[0].message)) from None
        return organisation_numbers.spelled(self.country, number)


class EmailForm(SayingForm):
    contact_name = forms.CharField(
        error_messages=_else(_("Write your name.")),
        label=_("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        error_messages=_else(_("Write your work e-mail."), invalid=_NO_EMAIL),
        label=_("Your work e-mail"),
        help_text=_("We send a code to it. Nobody else sees it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class ResumeForm(SayingForm):
    email = forms.EmailField(
        error_messages=_else(_("Write your work e-mail."), invalid=_NO_EMAIL),
        label=_("Your work e-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class CodeForm(SayingForm):
    code = forms.CharField(
        error_messages=_else(_("Write the six digits of the code.")),
        label=_("The code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class NameForm(SayingForm):
    name = forms.CharField(
        error_messages=_else(_("Write the name of your municipality.")),
        label=_("The name, as people know it"),
        help_text=_("For example Lom kommune. Students see this."),
        max_length=100,
    )
    register_code = forms.CharField(
        label=_("Official number of the municipality"),
        help_text=_("Two to four digits, if you know it. Not the organisation number."),
        max_length=4,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )


class AddressForm(SayingForm):
    slug = forms.CharField(
        error_messages=_else(_("Write the first part of the address.")),
        label=_("The first part of the address"),
        help_text=_("Small letters a–z, digits and hyphens. Short is good: students type it."),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        ),
    )


class SchoolForm(SayingForm):
    pilot_school = forms.CharField(
        error_messages=_else(_("Write the name of the school.")),
        label=_("Name of the school"),
        help_text=_("You add the others when you are ready."),
        max_length=120,
    )


class LanguagesForm(SayingForm):
    languages = forms.MultipleChoiceField(
        error_messages=_else(_("Choose at least one language.")),
        label=_("Languages students may choose"),
        widget=forms.CheckboxSelectMultiple,
    )
    default_language = forms.ChoiceField(
        error_messages=_else(_("Choose the language they meet first.")),
        label=_("The language they meet first"),
        widget=forms.Select,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field, codes in (
            ("languages", [code for code, _name in settings.LANGUAGES]),
            ("default_language", settings.STAFF_LANGUAGES),
        ):
            names = [(code, get_language_info(code)["name_local"].capitalize()) for code in codes]
            self.fields[field].choices = names  # type: ignore[attr-defined]


class LookForm(SayingForm):
    brand = forms.CharField(
        error_messages=_else(_("Choose the colour of your door.")),
        label=_("The colour of your door"),
        widget=forms.ColorInput,
    )
    logo = forms.FileField(
        label=_("Your logo, if you like"),
        help_text=_("PNG, JPEG or WebP, at most 2 MB."),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )


class SignatoryForm(SayingForm):
    name = forms.CharField(
        error_messages=_else(_("Write the name of whoever signs.")), label=_("Name"), max_length=100
    )
    role = forms.CharField(
        error_messages=_else(_("Write their role.")),
        label=_("Role"),
        help_text=_("For example chief municipal executive."),
        max_length=100,
    )
    authority = forms.CharField(
        error_messages=_else(_("Write why they may sign.")),
        label=_("Why they may sign"),
        help_text=_("For example: delegated by the municipal council."),
        max_length=100,
    )
    email = forms.EmailField(
        error_messages=_else(_("Write their work e-mail."), invalid=_NO_EMAIL),
        label=_("Their work e-mail"),
        help_text=_("The link goes here, and nowhere else."),
    )


class DeputyForm(SayingForm):
    name = forms.CharField(
        error_messages=_else(_("Write the name of the deputy.")), label=_("Name"), max_length=100
    )
    email = forms.EmailField(
        error_messages=_else(_("Write the deputy’s work e-mail."), invalid=_NO_EMAIL),
        label=_("Work e-mail"),
        help_text=_("They get an invitation to sign in."),
    )


class DpiaForm(SayingForm):
    choice = forms.ChoiceField(
        error_messages=_else(_("Choose what your data-protection officer advises.")),
        label=_("What does your data-protection officer advise?"),
        widget=forms.RadioSelect,
        choices=[
            ("supports", _("Go ahead")),
            ("supports_with_conditions", _("Go ahead, with conditions that we follow")),
        ],
    )
    decided_on = forms.DateField(
        error_messages=_else(_("Write when it was approved."), invalid=_NO_DATE),
        label=_("When was it approved?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class ArchiveForm(SayingForm):
    choice = forms.ChoiceField(
        error_messages=_else(_("Choose what you have decided.")),
        label=_("What have you decided?"),
        widget=forms.RadioSelect,
        choices=[
            ("delete", _("Everything is deleted when its time is over")),
            ("own_archive", _("What must be kept goes to our own archive")),
            ("national_archive", _("What must be kept goes to a shared or national archive")),
        ],
    )
    decided_on = forms.DateField(
        error_messages=_else(_("Write when it was decided."), invalid=_NO_DATE),
        label=_("When was it decided?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class AnswerForm(SayingForm):
    answer = forms.CharField(
        error_messages=_else(_("Write your answer.")),
        label=_("Your answer"),
        max_length=4000,
        widget=forms.Textarea,
    )


class EvictForm(SayingForm):
    """Why; and for an open door its address, typed: nobody ends the wrong one by a slip."""

    text = forms.CharField(
        error_messages=_else(_("Write why you evict them.")),
        label=_("Why"),
        help_text=_("The evicted read this. Write no names."),
        max_length=2000,
        widget=forms.Textarea,
    )
    address = forms.CharField(
        label=_("The first part of the address"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        ),
    )

    def __init__(self, *args: Any, address: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.door = address
        if not address:
            del self.fields["address"]
            return
        self.fields["address"].help_text = _("Write %(address)s, so that it is surely this door.") % {
            "address": address
        }
        self.fields["address"].error_messages["required"] = self._not_this_door()

    def _not_this_door(self) -> str:
        return _("Write the address of the door that you end: %(address)s.") % {"address": self.door}

    def clean_address(self) -> str:
        typed: str = self.cleaned_data["address"].strip().lower()
        if typed != self.door:
            raise forms.ValidationError(self._not_this_door())
        return typed


class WordsForm(SayingForm):
    text = forms.CharField(
        error_messages=_else(_("Write something first.")),
        label=_("What you write"),
        help_text=_("The applicant reads this. Write no names."),
        max_length=2000,
        widget=forms.Textarea,
    )
