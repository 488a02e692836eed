"""Signing in and one's own account, on either host."""

from tests.access.answers import NO, Answers, Row, all_get, known


def _account(route: str, names: str, get: Answers, post: Answers) -> Row:
    return Row(route, tuple(names.split()), get, post)


def sign_in_pages(signed_in: tuple[str, ...]) -> tuple[Row, ...]:
    away = dict.fromkeys(signed_in, 302)
    return (
        _account("sign-in/", "people:sign_in account_login account_request_login_code",
                 all_get(200, **away), all_get(422, **away)),
        _account("sign-in/code/", "people:code account_confirm_login_code", all_get(302), all_get(302)),
        _account("sign-in/inactive/", "account_inactive", all_get(302), all_get(302)),
        _account("sign-in/passkey/", "people:passkey_sign_in mfa_login_webauthn", all_get(302), all_get(302)),
        _account("sign-in/second-factor/", "people:second_factor mfa_authenticate",
                 all_get(302), all_get(302)),
        _account("sign-out/", "people:sign_out account_logout", all_get(200), all_get(302)),
    )  # fmt: skip


#: Nora (nurse, half) has an app as second factor; the others have none.
ACCOUNT = (
    _account("account/", "people:account mfa_index mfa_list_webauthn", known(200), known(200)),
    _account("account/first-page/", "people:first_page", known(302, outsider=200), known(302, outsider=200)),
    _account("account/sign-out-everywhere/", "people:sign_out_everywhere", NO, known(302)),
    _account("account/second-factor/", "people:second_factors", known(200, nurse=302), known(200, nurse=302)),
    _account("account/second-factor/app/", "people:add_app mfa_activate_totp",
             known(200, nurse=302), known(422, nurse=302)),
    _account("account/second-factor/app/remove/", "people:remove_app mfa_deactivate_totp",
             known(404, nurse=200), known(404, nurse=302)),
    _account("account/second-factor/passkey/", "people:add_passkey", known(200), known(422)),
    _account("account/second-factor/passkey/<int:pk>/remove/", "people:remove_passkey",
             known(404), known(404)),
    _account("account/recovery-codes/", "people:recovery_codes mfa_view_recovery_codes",
             known(404), known(405)),
    _account("account/recovery-codes/new/", "people:new_recovery_codes mfa_generate_recovery_codes",
             known(200), known(200, nurse=302)),
    _account("account/confirm/", "people:confirm mfa_reauthenticate",
             known(403, nurse=200, half=200), known(403, nurse=422, half=422)),
    _account("account/confirm/passkey/", "people:confirm_passkey mfa_reauthenticate_webauthn",
             known(403, nurse=302, half=302), known(403, nurse=302, half=302)),
)  # fmt: skip

_WITH = "sign-in/with/<uuid:provider_id>/"

#: The provider of the stage does not answer, so whoever is let through is told that (403). Its identity is Nora's.
PROVIDERS = (
    _account(_WITH, "people:provider_start", NO, all_get(403)),
    _account(f"{_WITH}back/", "people:provider_back", all_get(403), NO),
    _account(f"{_WITH}keys.json", "people:provider_keys", all_get(404), NO),
    _account("sign-in/invited/<str:token>/", "people:invited", all_get(410), NO),
    _account("account/sign-in/<uuid:provider_id>/add/", "people:link_identity", NO, known(403)),
    _account("account/sign-in/<uuid:identity_id>/remove/", "people:unlink_identity",
             NO, known(403, nurse=302, admin=302)),
    _account("account/confirm/with/<uuid:provider_id>/", "people:step_up", NO, known(403, half=403)),
    _account("account/sessions/<int:pk>/end/", "people:end_session", NO, known(404)),
    _account("account/screen/", "people:screen", known(200), known(302)),
    _account("account/screen/alive/", "people:alive", known(204), known(405)),
    _account("account/doors/", "people:doors", known(200), known(422)),
    _account("account/doors/accept/", "people:accept_door", known(302), known(302)),
    _account("account/doors/<int:municipality_id>/remove/", "people:remove_door", NO, known(302)),
)  # fmt: skip


def _operators_own(status: int, **others: int) -> Answers:
    """Whoever is signed in at the front door with a second factor; there is no provider there."""
    return {"*": 302, "operator": status, "operator_idle": status, **others}


PROVIDERS_FRONT = (
    _account(_WITH, "people:provider_start", NO, all_get(404)),
    _account(f"{_WITH}back/", "people:provider_back", all_get(404), NO),
    _account(f"{_WITH}keys.json", "people:provider_keys", all_get(404), NO),
    _account("sign-in/invited/<str:token>/", "people:invited", all_get(410), NO),
    _account("account/sign-in/<uuid:provider_id>/add/", "people:link_identity", NO, _operators_own(404)),
    _account("account/sign-in/<uuid:identity_id>/remove/", "people:unlink_identity", NO, _operators_own(302)),
    _account("account/confirm/with/<uuid:provider_id>/", "people:step_up",
             NO, _operators_own(404, operator_half=404)),
    _account("account/sessions/<int:pk>/end/", "people:end_session", NO, _operators_own(404)),
    _account("account/screen/", "people:screen", _operators_own(200), _operators_own(302)),
    _account("account/screen/alive/", "people:alive", _operators_own(204), _operators_own(405)),
    _account("account/doors/", "people:doors", _operators_own(200), _operators_own(422)),
    _account("account/doors/accept/", "people:accept_door", _operators_own(302), _operators_own(302)),
    _account("account/doors/<int:municipality_id>/remove/", "people:remove_door", NO, _operators_own(302)),
)  # fmt: skip


def on_the_front_door(row: Row) -> Row:
    """A page of one's account as the operator meets it. None of the three has set up a second factor, so the
    half signed-in one is let through to where that is done, and to nothing that shows or changes anything."""
    gated = ("account/", "account/first-page/", "account/sign-out-everywhere/")

    def as_operator(answers: Answers) -> Answers:
        status, idle = (answers.get(who, answers["*"]) for who in ("counsellor", "outsider"))
        half = answers["*"] if row.route in gated else status
        return {"*": answers["*"], "operator": status, "operator_idle": idle, "operator_half": half}

    return Row(row.route, row.names, as_operator(row.GET), as_operator(row.POST))
