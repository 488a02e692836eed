"""What somebody types about days. Every rule is the operation's."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.ui.forms import SayingForm
from tenants.setup.forms import Choices, DateInput
from tenants.setup.words import weekday_name

#: Substitutes that can be named on the page, in order.
PLACES = 3


class AbsenceForm(SayingForm):
    first_day = forms.DateField(label=_("From"), widget=DateInput)
    last_day = forms.DateField(label=_("Up to and including"), widget=DateInput)


class WeekdaysForm(SayingForm):
    weekdays = forms.MultipleChoiceField(
        label=_("Weekdays at this school"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=lambda: [(day, weekday_name(day)) for day in range(1, 8)],
    )


class SubstitutesForm(SayingForm):
    """First, second, third; empty ones are left out."""

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = (_("First substitute"), _("If that one is away"), _("If both are away"))
        for number, label in enumerate(labels):
            self.fields[f"substitute_{number}"] = forms.ChoiceField(
                label=label, required=False, choices=[("", _("Nobody")), *people]
            )

    def chosen(self) -> list[str]:
        typed = (self.cleaned_data.get(f"substitute_{number}", "") for number in range(PLACES))
        return [one for one in typed if one]
