"""What is typed to ask for an opening. Forms read and show; every rule is the operation's."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.errors import Invalid
from tenants.walls.models import Opening
from tenants.walls.words import BASES, BASIS_HINTS, SCOPES


def attempt(form: forms.Form, act: Callable[[], object]) -> bool:
    """Run the operation; put what it refuses beside the fields it names. True when it was done."""
    try:
        act()
    except Invalid as refusal:
        for error in refusal.errors:
            form.add_error(error.field if error.field in form.fields else None, str(error.message))
        return False
    return True


#: What the operation would say, said before it is asked.
_MISSING = {
    "number": _("There is no case with this number. Check every sign."),
    "basis": _("Choose what makes this lawful."),
    "reason": _("Write why, in 3 to 1,000 characters."),
    "reader": _("Choose a helper from the list."),
    "scope": _("Choose how much is opened."),
    "hours": _("Choose from 1 to 24 hours."),
}


class AskForm(forms.Form):
    """Which case, for whom, why, for how long, and whether the student is shown it."""

    number = forms.CharField(label=_("Number"), max_length=20)
    basis = forms.ChoiceField(
        label=_("What makes this lawful?"),
        choices=[(value, f"{BASES[value]}") for value in Opening.Basis.values],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why, in your own words"),
        help_text=_("Name the letter, the decision or the danger. The second person reads this."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reader = forms.ChoiceField(
        label=_("Who will read it?"),
        help_text=_("A helper, by name. Nobody else sees a word."),
        required=False,
    )
    scope = forms.ChoiceField(
        label=_("How much?"),
        choices=[(value, SCOPES[value]) for value in Opening.Scope.values],
        required=False,
    )
    hours = forms.IntegerField(label=_("For how many hours?"), initial=4)
    is_untold = forms.BooleanField(
        label=_("The law keeps this from the student"),
        help_text=_("Otherwise the student sees it in the conversation."),
        required=False,
    )
    untold_reason = forms.CharField(
        label=_("Which law, and why?"),
        help_text=_("Only when the student is not shown it."),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )

    def __init__(self, *args: Any, readers: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, message in _MISSING.items():
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = message
        self._say("reader", [("", _("Choose")), *readers])
        self._say(
            "basis", [(value, f"{BASES[value]}. {BASIS_HINTS[value]}") for value in Opening.Basis.values]
        )

    def _say(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
