"""What an administrator fills in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.ui.forms import SayingForm
from services.retention import queries
from services.retention.models import OUTCOMES
from services.retention.words import ARCHIVE, BASES, METHODS


class RuleForm(SayingForm):
    """How long and what then, for one outcome; or the law's."""

    months = forms.IntegerField(label=_("Months after closing"), required=False)
    method = forms.ChoiceField(label=_("And then"), choices=list(METHODS.items()), required=False)

    def __init__(self, *args: Any, outcome: str, **kwargs: Any) -> None:
        self.outcome = outcome if outcome in OUTCOMES else OUTCOMES[0]
        kwargs.setdefault("auto_id", f"id_{self.outcome}_%s")
        super().__init__(*args, **kwargs)
        row = queries.law_of(self.outcome)
        self.fields["months"].help_text = _("From %(least)s to %(most)s.") % {
            "least": row.shortest,
            "most": row.longest,
        }

    @staticmethod
    def shown(one: queries.Standing) -> dict[str, Any]:
        term = one.waiting_term or one.term
        return {"months": term.months, "method": term.method}

    def clean(self) -> dict[str, Any]:
        """Both are needed, unless it goes back to the law's."""
        found = super().clean() or {}
        if "law" not in self.data:
            for name in ("months", "method"):
                if name not in self.errors and found.get(name) in (None, ""):
                    words = {"months": _("Write how many months."), "method": _("Choose what happens then.")}
                    self.add_error(name, words[name])
        return found

    def decided(self) -> dict[str, Any]:
        back = "law" in self.data
        return {
            "outcome": self.outcome,
            "months": None if back else self.cleaned_data["months"],
            "method": "" if back else self.cleaned_data["method"],
        }


class ArchiveForm(SayingForm):
    """What was decided, and when."""

    choice = forms.ChoiceField(
        label=_("What was decided"), choices=list(ARCHIVE.items()), widget=forms.RadioSelect
    )
    decided_on = forms.DateField(label=_("Decided on"), widget=forms.DateInput(attrs={"type": "date"}))


class HoldForm(SayingForm):
    """Which case must stay, why, until when."""

    number = forms.CharField(label=_("Number of the conversation"), max_length=12)
    basis = forms.ChoiceField(label=_("Who wants it kept"), choices=list(BASES.items()))
    reason = forms.CharField(
        label=_("The decision or the letter"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("It is sealed with the conversation, and goes with it."),
    )
    last_day = forms.DateField(label=_("Up to and including"), widget=forms.DateInput(attrs={"type": "date"}))
