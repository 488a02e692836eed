"""Where allauth asks us: what is sent, what is kept, what is encrypted, what is said."""

import base64
import io
from typing import Any
from uuid import uuid4

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import mailbox, outbox
from kernel.crypto import keys
from kernel.people import privacy
from kernel.people.models import Account
from kernel.tenancy import require_current

_PURPOSE = "second-factor"
#: What counts as a second factor; recovery codes are only the way back to one.
STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts come by invitation alone, messages go through the outbox, addresses are never kept."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": gettext_lazy("That is not the right code."),
        "too_many_login_attempts": gettext_lazy("Too many attempts. Wait five minutes and try again."),
        "rate_limited": gettext_lazy("Too many attempts. Wait a little and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        """allauth's, with our own second-factor stage in the place of its."""
        ours = {"allauth.mfa.stages.AuthenticateStage": "kernel.people.identity.flow.SecondFactorStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def get_client_ip(self, request: HttpRequest) -> str:
        return privacy.pseudonym(super().get_client_ip(request))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Only the code to sign in with is ever sent; allauth's other mails do not exist here."""
        if template_prefix != "account/email/login_code":
            return
        account = Account.objects.filter(email=mailbox.spelled(email), is_active=True).first()
        if account is not None:
            queue_code(account, context["code"])

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        return None

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our own pages say what happened; allauth's messages are not shown."""
        return None


def queue_code(account: Account | str, code: str) -> None:
    """Queue the mail with the code to sign in with. Each code is a cause of its own."""
    outbox.queue(
        cause=f"sign-in-code:{uuid4()}", to=account, template="people/sign-in-code", context={"code": code}
    )


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets sealed under the municipality's key; passkeys bound to its host."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("That is not the right code."),
        "cannot_delete_authenticator": gettext_lazy(
            "This is your only second factor. Add another one first."
        ),
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(keys.seal_box(_PURPOSE, text.encode())).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return keys.open_box(_PURPOSE, base64.b64decode(encrypted_text)).decode()

    def get_totp_issuer(self) -> str:
        return require_current().name

    def build_totp_svg(self, url: str) -> str:
        """The QR code as SVG: dark on white whatever the theme, so that every camera reads it."""
        picture = io.BytesIO()
        segno.make(url, error="m").save(
            picture, kind="svg", xmldecl=False, scale=5, border=3, light="#fff", dark="#000"
        )
        return picture.getvalue().decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last second factor stays: nobody is ever left with the mailbox alone."""
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=STRONG)
        return bool(others.exclude(pk=authenticator.pk).exists())

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"display_name": user.get_full_name()}  # type: ignore[attr-defined]

    def _get_site_name(self) -> str:
        return require_current().name
