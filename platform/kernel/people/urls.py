"""Addresses of sign-in and account. The curated few of allauth's; nothing else of it can be reached.

Two names for some: ours (`people:…`) and the one allauth redirects to by itself.
"""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from kernel.people.identity.assurance import factor_proof_required
from kernel.people.views import account, doors, identity, screen, signing_in

_passkey, _codes = "account/second-factor/passkey/", "account/recovery-codes/"
_add_app = factor_proof_required(account.AddApp.as_view())
_add_passkey = factor_proof_required(account.AddPasskey.as_view())
_remove_app = factor_proof_required(account.RemoveApp.as_view())
_remove_passkey = factor_proof_required(account.RemovePasskey.as_view())
_show_codes = factor_proof_required(account.RecoveryCodes.as_view())
_make_codes = factor_proof_required(account.NewRecoveryCodes.as_view())
_with = "sign-in/with/<uuid:provider_id>/"
_ours: list[URLPattern] = [
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/code/", signing_in.code, name="code"),
    path("sign-in/passkey/", signing_in.PasskeySignIn.as_view(), name="passkey_sign_in"),
    path("sign-in/second-factor/", signing_in.SecondFactor.as_view(), name="second_factor"),
    path(_with, identity.start, name="provider_start"),
    path(f"{_with}back/", identity.back, name="provider_back"),
    path(f"{_with}keys.json", identity.keys, name="provider_keys"),
    path("sign-in/invited/<str:token>/", identity.invited, name="invited"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("account/sign-in/<uuid:provider_id>/add/", identity.link, name="link_identity"),
    path("account/sign-in/<uuid:identity_id>/remove/", identity.unlink, name="unlink_identity"),
    path("account/confirm/with/<uuid:provider_id>/", identity.step_up, name="step_up"),
    path("account/sessions/<int:pk>/end/", identity.end_session, name="end_session"),
    path("account/doors/", doors.doors, name="doors"),
    path("account/doors/accept/", doors.accept, name="accept_door"),
    path("account/doors/<int:municipality_id>/remove/", doors.remove, name="remove_door"),
    path("account/", account.account, name="account"),
    path("account/screen/", screen.screen, name="screen"),
    path("account/screen/alive/", screen.alive, name="alive"),
    path("account/first-page/", account.first_page, name="first_page"),
    path("account/sign-out-everywhere/", account.sign_out_everywhere, name="sign_out_everywhere"),
    path("account/second-factor/", account.second_factors, name="second_factors"),
    path("account/second-factor/app/", _add_app, name="add_app"),
    path("account/second-factor/app/remove/", _remove_app, name="remove_app"),
    path(_passkey, _add_passkey, name="add_passkey"),
    path(
        f"{_passkey}<int:pk>/remove/",
        _remove_passkey,
        name="remove_passkey",
    ),
    path(_codes, _show_codes, name="recovery_codes"),
    path(f"{_codes}new/", _make_codes, name="new_recovery_codes"),
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
    path("account/second-factor/app/", _add_app, name="mfa_activate_totp"),
    path("account/second-factor/app/remove/", _remove_app, name="mfa_deactivate_totp"),
    path("account/", account.account, name="mfa_list_webauthn"),
    path(_codes, _show_codes, name="mfa_view_recovery_codes"),
    path("account/recovery-codes/new/", _make_codes, name="mfa_generate_recovery_codes"),
    path("account/confirm/", account.Confirm.as_view(), name="mfa_reauthenticate"),
    path("account/confirm/passkey/", account.ConfirmPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((_ours, "people"))),
    path("", include(_as_allauth_calls_them)),
]
