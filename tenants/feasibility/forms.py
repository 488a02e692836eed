"""What somebody tries. Nothing of it is stored."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.guarantee import CountedHours, Guarantee, WorkingDays
from kernel.guarantee.due import DAYS_ALLOWED, HOURS_ALLOWED
from kernel.ui.forms import SayingForm
from tenants.setup.forms import Choices
from tenants.setup.models import ResponseGuarantee
from tenants.setup.models import WorkingCalendar as CalendarRow
from tenants.setup.words import weekday_name


class OnGapsForm(SayingForm):
    on_gaps = forms.ChoiceField(
        label=_("When a change would leave a gap"),
        widget=forms.RadioSelect,
        choices=[
            (CalendarRow.OnGaps.WARN.value, _("Show it before it is saved")),
            (CalendarRow.OnGaps.BLOCK.value, _("Refuse it")),
        ],
        help_text=_("Somebody can always say that they are away, and an account can always be closed."),
    )


class TrialForm(SayingForm):
    """Other weekdays of a post, somebody who stands in, another promise: any of them, or all at once."""

    post = forms.ChoiceField(label=_("Whose post"), required=False)
    weekdays = forms.MultipleChoiceField(
        label=_("There on"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick none to leave the weekdays as they are."),
    )
    substitute = forms.ChoiceField(label=_("Who stands in"), required=False)
    kind = forms.ChoiceField(
        label=_("Promise in"),
        required=False,
        choices=[
            ("", _("As it is")),
            (ResponseGuarantee.Kind.COUNTED_HOURS.value, _("Open hours")),
            (ResponseGuarantee.Kind.WORKING_DAYS.value, _("Working days")),
        ],
    )
    amount = forms.IntegerField(
        label=_("How many"),
        required=False,
        help_text=_("1 to 240 hours, or 1 to 30 days."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(
        self,
        *args: Any,
        posts: Choices,
        people: Choices,
        weekdays: Iterable[int] = (),
        received: str = "next_open_day",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._received = received
        days = [(str(day), weekday_name(day)) for day in weekdays]
        self.fields["weekdays"].choices = days  # type: ignore[attr-defined]
        self.fields["post"].choices = [("", _("Nobody's")), *posts]  # type: ignore[attr-defined]
        self.fields["substitute"].choices = [("", _("As it is")), *people]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if (typed.get("weekdays") or typed.get("substitute")) and not typed.get("post"):
            self.add_error("post", _("Choose whose post it is about."))
        kind, amount = typed.get("kind"), typed.get("amount")
        allowed = HOURS_ALLOWED if kind == ResponseGuarantee.Kind.COUNTED_HOURS else DAYS_ALLOWED
        if kind and not self.errors and amount not in allowed:
            self.add_error("amount", _("Choose between 1 and 240 hours, or 1 and 30 days."))
        return typed

    def guarantee(self) -> Guarantee | None:
        """What is promised instead; None: what is promised now."""
        typed = self.cleaned_data
        if not typed["kind"]:
            return None
        if typed["kind"] == ResponseGuarantee.Kind.COUNTED_HOURS:
            return CountedHours(typed["amount"])
        return WorkingDays(typed["amount"], "same_day" if self._received == "same_day" else "next_open_day")
