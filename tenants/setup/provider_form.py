"""What an administrator types about an identity provider."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.people.models import IdentityProvider

type Choices = Iterable[tuple[str, str]]

METHODS = [
    (IdentityProvider.Method.BASIC.value, _("Secret, in the header")),
    (IdentityProvider.Method.POST.value, _("Secret, in the form")),
    (IdentityProvider.Method.KEY.value, _("Our own key (private_key_jwt)")),
]
BLANK_ROWS = 2
_PARTS = ("claim", "value", "role", "school")


class ProviderForm(forms.Form):
    """One provider, for staff or for students. `rows` are the claims that give posts: those there are, and some to fill
    in; students get none.
    """

    name = forms.CharField(
        label=_("Name on the button"), max_length=60, help_text=_("As your staff call it, such as Feide.")
    )
    issuer = forms.CharField(
        label=_("Issuer"),
        max_length=300,
        help_text=_("The provider's address, to the letter. It begins with https://."),
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}),
    )
    client_id = forms.CharField(
        label=_("Client id"), max_length=200, widget=forms.TextInput(attrs={"spellcheck": "false"})
    )
    method = forms.ChoiceField(label=_("How we show who we are"), choices=METHODS)
    secret = forms.CharField(
        label=_("Client secret, or private key"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("Never shown again. Empty: what is there stays; for our own key we make one."),
    )
    asked_acr = forms.CharField(
        label=_("Level we ask for (acr_values)"),
        required=False,
        max_length=300,
        help_text=_("Separated by spaces. Empty: the provider decides."),
    )
    two_factor_acr = forms.CharField(
        label=_("Levels (acr) that mean two factors"),
        required=False,
        max_length=600,
        help_text=_("Separated by spaces. Anything else: we ask for a passkey or app of ours too."),
    )
    two_factor_amr = forms.CharField(
        label=_("Methods (amr) that mean two factors"),
        required=False,
        max_length=300,
        help_text=_("Such as mfa. Separated by spaces."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        row: IdentityProvider | None,
        roles: Choices,
        schools: Choices,
        for_students: bool = False,
    ) -> None:
        super().__init__(data, initial=_initial(row))
        self.for_students = for_students
        if for_students:
            self._ask_for_students()
            return
        known = list(row.claim_posts) if row else []
        typed = len([name for name in data if name.startswith("claim_")]) if data else 0
        self.count = min(max(len(known) + BLANK_ROWS, typed), 40)
        for number in range(self.count):
            there = known[number] if number < len(known) else {}
            self._add_row(number, there, [("", "–"), *roles], [("", "–"), *schools])

    def _ask_for_students(self) -> None:
        """No posts, and one question about levels: which are taken."""
        self.count = 0
        del self.fields["two_factor_amr"]
        self.fields["name"].help_text = _("As your students call it, such as BankID.")
        level = self.fields["two_factor_acr"]
        level.label = _("Levels (acr) that you take")
        level.help_text = _("Separated by spaces. Anything less is refused. Empty: any level.")

    def _add_row(self, number: int, there: dict[str, str], roles: Choices, schools: Choices) -> None:
        text = {"max_length": 200, "required": False}
        made = {
            "claim": forms.CharField(label=_("Claim"), initial=there.get("claim"), **text),  # type: ignore[arg-type]
            "value": forms.CharField(label=_("Value"), initial=there.get("value"), **text),  # type: ignore[arg-type]
            "role": forms.ChoiceField(label=_("Role"), required=False, initial=there.get("role")),
            "school": forms.ChoiceField(label=_("School"), required=False, initial=there.get("school")),
        }
        made["role"].choices = list(roles)  # type: ignore[attr-defined]
        made["school"].choices = list(schools)  # type: ignore[attr-defined]
        for part in _PARTS:
            self.fields[f"{part}_{number}"] = made[part]

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        return [[self[f"{part}_{number}"] for part in _PARTS] for number in range(self.count)]

    @property
    def gives_posts(self) -> bool:
        """Whether a row is filled in, or was refused."""
        return any(
            self[f"claim_{number}"].value() or self[f"value_{number}"].errors for number in range(self.count)
        )

    @property
    def own(self) -> list[forms.BoundField]:
        """The fields of the provider itself."""
        return [self[name] for name in self.fields if name.rpartition("_")[0] not in _PARTS]

    def clean(self) -> dict[str, Any]:
        """A row is whole or empty."""
        cleaned = super().clean() or {}
        for number in range(self.count):
            parts = [cleaned.get(f"{part}_{number}", "") for part in _PARTS]
            if any(parts) and not all(parts):
                lacking = next(part for part, value in zip(_PARTS, parts, strict=True) if not value)
                self.add_error(f"{lacking}_{number}", _("Fill in the whole row, or empty it."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """As operations.save_provider takes them."""
        said = self.cleaned_data
        lists = {
            name: said.get(name, "").split() for name in ("asked_acr", "two_factor_acr", "two_factor_amr")
        }
        rows = [{part: said[f"{part}_{number}"] for part in _PARTS} for number in range(self.count)]
        plain = {name: said[name] for name in ("name", "issuer", "client_id", "method", "secret")}
        purpose = IdentityProvider.Purpose.STUDENTS if self.for_students else IdentityProvider.Purpose.STAFF
        posts = [row for row in rows if row["claim"]]
        return {**plain, **lists, "claim_posts": posts, "purpose": purpose}


def _initial(row: IdentityProvider | None) -> dict[str, str]:
    if row is None:
        return {"two_factor_amr": "mfa"}
    lists = {name: " ".join(getattr(row, name)) for name in ("asked_acr", "two_factor_acr", "two_factor_amr")}
    return {"name": row.name, "issuer": row.issuer, "client_id": row.client_id, "method": row.method, **lists}
