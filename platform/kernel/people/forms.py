"""What people fill in to sign in and to keep their account."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmLoginCodeForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.utils.translation import gettext_lazy as _

from kernel import mailbox
from kernel.people import attempts
from kernel.people.models import Account

_CODE = {"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
_DIGITS = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}


class EmailForm(forms.Form):
    email = forms.EmailField(
        label=_("Your e-mail address at work"),
        max_length=254,
        widget=forms.EmailInput(
            attrs={"autocomplete": "username", "inputmode": "email", "spellcheck": "false"}
        ),
        error_messages={
            "required": _("Write your e-mail address."),
            "invalid": _("Write an e-mail address, such as name@municipality.no."),
        },
    )

    def clean_email(self) -> str:
        try:
            return mailbox.checked(str(self.cleaned_data["email"]))
        except mailbox.NotAnAddress:
            raise forms.ValidationError(self.fields["email"].error_messages["invalid"]) from None


class CodeForm(ConfirmLoginCodeForm):  # type: ignore[misc]
    """The code from the mail. What was typed stays in the field when it is wrong."""

    code = forms.CharField(
        label=_("Code from the e-mail"),
        max_length=40,
        widget=forms.TextInput(attrs=_CODE),
        error_messages={"required": _("Write the code from the e-mail.")},
    )


class _AppCode(forms.Form):
    user: Account
    authenticator: Authenticator
    code = forms.CharField(
        label=_("Code from your app"),
        help_text=_("Six digits. A recovery code works here too."),
        max_length=40,
        widget=forms.TextInput(attrs=_DIGITS),
        error_messages={"required": _("Write the code from your app.")},
    )

    def clean_code(self) -> str:
        """As allauth's, but strangers and browsers that are known are counted apart (kernel.people.attempts)."""
        if not attempts.may_try_factor(context.request, self.user):
            raise get_adapter().validation_error("too_many_login_attempts")
        code = str(self.cleaned_data["code"])
        for factor in Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN):
            if factor.wrap().validate_code(code):
                factor.user = self.user
                self.authenticator = factor
                attempts.factor_was_right(context.request, self.user)
                return code
        raise get_mfa_adapter().validation_error("incorrect_code")


class SecondFactorForm(_AppCode, AuthenticateForm):  # type: ignore[misc]
    """The second factor at sign-in. It counts as a fresh proof as well: they showed it this moment."""

    def save(self) -> None:
        post_authentication(context.request, self.authenticator, reauthenticated=True)


class PasskeyForm(AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey as second factor. Not counted: nobody guesses a signature, and who counts can be made to refuse."""

    reauthenticated = True

    def clean_credential(self) -> Authenticator:
        credential = self.cleaned_data["credential"]
        auth.parse_authentication_response(credential)
        return auth.complete_authentication(self.user, credential)


class ConfirmForm(_AppCode, ReauthenticateForm):  # type: ignore[misc]
    """The second factor once more, before something that matters."""


class NewAppForm(ActivateTOTPForm):  # type: ignore[misc]
    code = forms.CharField(
        label=_("Code from your app"),
        help_text=_("The six digits that the app shows now."),
        max_length=20,
        widget=forms.TextInput(attrs=_DIGITS),
        error_messages={"required": _("Write the code from your app.")},
    )


class NewPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey that is enough by itself: it always asks for the finger, face or PIN of its device."""

    passwordless = None
    name = forms.CharField(label=_("What do you call it?"), max_length=60, required=False)

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["passwordless"] = True
        cleaned: dict[str, Any] = super().clean()
        return cleaned


class ProfileForm(forms.Form):
    """A person's own name and language; `languages` are the municipality's."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name.")},
    )
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, languages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = languages  # type: ignore[attr-defined]
