"""Addresses of sign-in and account. The curated few of allauth's; nothing else of it can be reached.

Two names for some: ours (`people:…`) and the one allauth redirects to by itself.
"""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from kernel.people.views import account, signing_in

_passkey, _codes = "account/second-factor/passkey/", "account/recovery-codes/"
_ours: list[URLPattern] = [
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/code/", signing_in.code, name="code"),
    path("sign-in/passkey/", signing_in.PasskeySignIn.as_view(), name="passkey_sign_in"),
    path("sign-in/second-factor/", signing_in.SecondFactor.as_view(), name="second_factor"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("account/", account.account, name="account"),
    path("account/first-page/", account.first_page, name="first_page"),
    path("account/sign-out-everywhere/", account.sign_out_everywhere, name="sign_out_everywhere"),
    path("account/second-factor/", account.second_factors, name="second_factors"),
    path("account/second-factor/app/", account.AddApp.as_view(), name="add_app"),
    path("account/second-factor/app/remove/", account.RemoveApp.as_view(), name="remove_app"),
    path(_passkey, account.AddPasskey.as_view(), name="add_passkey"),
    path(
        f"{_passkey}<int:pk>/remove/",
        account.RemovePasskey.as_view(),
        name="remove_passkey",
    ),
    path(_codes, account.RecoveryCodes.as_view(), name="recovery_codes"),
    path(f"{_codes}new/", account.NewRecoveryCodes.as_view(), name="new_recovery_codes"),
    path("account/confirm/", account.Confirm.as_view(), name="confirm"),
    path("account/confirm/passkey/", account.ConfirmPasskey.as_view(), name="confirm_passkey"),
]
_to_sign_in = RedirectView.as_view(pattern_name="people:sign_in")

_as_allauth_calls_them: list[URLPattern] = [
    path("sign-in/", signing_in.sign_in, name="account_login"),
    path("sign-in/", signing_in.sign_in, name="account_request_login_code"),
    path("sign-in/code/", signing_in.code, name="account_confirm_login_code"),
    path("sign-in/inactive/", _to_sign_in, name="account_inactive"),
    path("sign-in/passkey/", signing_in.PasskeySignIn.as_view(), name="mfa_login_webauthn"),
    path("sign-in/second-factor/", signing_in.SecondFactor.as_view(), name="mfa_authenticate"),
    path("sign-out/", signing_in.sign_out, name="account_logout"),
    path("account/", account.account, name="mfa_index"),
    path("account/second-factor/app/", account.AddApp.as_view(), name="mfa_activate_totp"),
    path("account/second-factor/app/remove/", account.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("account/", account.account, name="mfa_list_webauthn"),
    path(_codes, account.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path(
        "account/recovery-codes/new/", account.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"
    ),
    path("account/confirm/", account.Confirm.as_view(), name="mfa_reauthenticate"),
    path("account/confirm/passkey/", account.ConfirmPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((_ours, "people"))),
    path("", include(_as_allauth_calls_them)),
]
