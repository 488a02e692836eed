"""What administrators type about topics. Every rule is the operation's."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from kernel.ui.forms import SayingForm
from tenants.setup.forms import language_name
from tenants.setup.topics import TOPICS, word_key

#: So many roles a topic proposes one after the other; after them whoever answers first.
PLACES = 4
_LABELS = (_("First"), _("Then"), _("Then"), _("Then"))


class TopicForm(SayingForm):
    """Which roles, the first one first; and the words, a field a language, where it is for everybody."""

    def __init__(
        self,
        *args: Any,
        roles: Iterable[tuple[str, str]],
        languages: Iterable[str],
        topic: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.languages, self.topic = list(languages), topic
        choices = [("", _("Nobody more")), *roles]
        places = [f"role_{n}" for n in range(PLACES)]
        for name, label in zip(places, _LABELS, strict=True):
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)
        hint = _("A role that is not at a school is passed over. At last whoever answers first is proposed.")
        self.groups = [(_("Which role it proposes"), hint, places)]
        for code in self.languages:
            with override(code):
                ours = str(TOPICS[topic])
            self.fields[f"text_{code}"] = forms.CharField(
                label=language_name(code), required=False, max_length=400, help_text=ours
            )
        if self.languages:
            words = [f"text_{code}" for code in self.languages]
            self.groups.append((_("Your own words for it"), _("Empty gives ours back."), words))

    def chosen(self) -> list[UUID]:
        typed = [self.cleaned_data.get(f"role_{n}", "") for n in range(PLACES)]
        return [UUID(one) for one in dict.fromkeys(typed) if one]

    def roles_changed(self) -> bool:
        return any(f"role_{n}" in self.changed_data for n in range(PLACES))

    def words(self) -> dict[tuple[str, str], str]:
        key = word_key(self.topic)
        return {(key, code): self.cleaned_data.get(f"text_{code}", "") for code in self.languages}


class OutsideForm(SayingForm):
    """The doors that students of the other schools may knock at."""

    doors = forms.MultipleChoiceField(
        label=_("Who answers students of the other schools"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody at the student's own school sees such a knock, also not who works at both."),
    )

    def __init__(self, *args: Any, places: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["doors"].choices = list(places)  # type: ignore[attr-defined]

    @property
    def has_places(self) -> bool:
        return bool(self.fields["doors"].choices)  # type: ignore[attr-defined]

    def pairs(self) -> list[tuple[UUID, UUID]]:
        """(school, role), as the operation wants them."""
        return [
            (UUID(one.partition("@")[2]), UUID(one.partition("@")[0])) for one in self.cleaned_data["doors"]
        ]
