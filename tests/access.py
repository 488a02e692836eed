"""Who gets which answer at which address: the table that tests/house/test_access.py tries cell by cell.

A new address fails there until it has a row here. A row: pattern, names, and for GET and POST (the API: PATCH
too) the status for each role. "*" is whoever is not named; forms are sent empty, so 422 means "was let in".
"""

from dataclasses import dataclass
from typing import Final

type Answers = dict[str, int]

#: Roles on a municipality's host. Foreign ones carry what the other municipality gave them.
KNOWN: Final = ("outsider", "nurse", "counsellor", "other_nurse", "lead", "admin")
HELPERS: Final = ("nurse", "counsellor", "other_nurse")  # only the nurse answers at the request's door
TOKENS: Final = ("token_desk", "token_desk_read", "token_setup", "token_setup_read", "token_idle")
FOREIGN: Final = ("foreign_nurse", "foreign_admin", "foreign_token_desk", "foreign_token_setup")
ROLES: Final = ("nobody", "student", "half", *KNOWN, "operator", *TOKENS, *FOREIGN)
#: Roles on the front door's host.
FRONT_ROLES: Final = (
    "nobody", "applicant", "operator", "operator_half", "operator_idle", "nurse", "admin", "token_setup",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    route: str
    names: tuple[str, ...]
    GET: Answers
    POST: Answers
    PATCH: Answers | None = None


def all_get(status: int, **others: int) -> Answers:
    """The same for everybody, but for those named."""
    return {"*": status, **others}


def known(status: int, **others: int) -> Answers:
    """Whoever is signed in with a second factor; the rest are led to sign-in."""
    return {"*": 302, **dict.fromkeys(KNOWN, status), **others}


def admins(status: int) -> Answers:
    """Administrators of this municipality; other staff 403."""
    return known(403, admin=status)


def desk(status: int, *, counsellor: int | None = None) -> Answers:
    """Holders of a post; other staff 403. `counsellor`: what holders at another door get, if not the same."""
    away = status if counsellor is None else counsellor
    return known(403, nurse=status, counsellor=away, other_nurse=away)


def door(status: int) -> Answers:
    """The holder of the role at the school; at another door it is not there."""
    return desk(status, counsellor=404)


def _api(status: int, people: tuple[str, ...], tokens: tuple[str, ...]) -> Answers:
    let_in = dict.fromkeys((*people, *tokens), status)
    return {"*": 401, **dict.fromkeys((*KNOWN, *TOKENS), 403), **let_in}


def api_desk(status: int, *, away: int | None = None, writes: bool = False) -> Answers:
    """Holders of a post, by session or by a token of the scope."""
    tokens = ("token_desk",) if writes else ("token_desk", "token_desk_read")
    found = _api(status, HELPERS, tokens)
    return found if away is None else found | {"counsellor": away, "other_nurse": away}


def api_setup(status: int, *, writes: bool = False) -> Answers:
    """Administrators, by session or by a token of the scope."""
    return _api(status, ("admin",), ("token_setup",) if writes else ("token_setup", "token_setup_read"))


def operators(status: int) -> Answers:
    """The operator; another account of the operator's own 403; the rest are led to sign-in."""
    return {"*": 302, "operator": status, "operator_idle": 403}


def applicants(status: int) -> Answers:
    """Whoever has shown the application's code; the rest are led to where a code is asked for (302)."""
    return {"*": 302, "applicant": status}


_NO = all_get(405)


def _open(route: str, name: str, get: int = 200, post: int = 405) -> Row:
    return Row(route, (name,), all_get(get), all_get(post))


def _account(route: str, names: str, get: Answers, post: Answers) -> Row:
    return Row(route, tuple(names.split()), get, post)


def _sign_in_pages(signed_in: tuple[str, ...]) -> tuple[Row, ...]:
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
_ACCOUNT = (
    _account("account/", "people:account mfa_index mfa_list_webauthn", known(200), known(200)),
    _account("account/first-page/", "people:first_page", known(302, outsider=200), known(302, outsider=200)),
    _account("account/sign-out-everywhere/", "people:sign_out_everywhere", _NO, known(302)),
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
_PROVIDERS = (
    _account(_WITH, "people:provider_start", _NO, all_get(403)),
    _account(f"{_WITH}back/", "people:provider_back", all_get(403), _NO),
    _account(f"{_WITH}keys.json", "people:provider_keys", all_get(404), _NO),
    _account("sign-in/invited/<str:token>/", "people:invited", all_get(410), _NO),
    _account("account/sign-in/<uuid:provider_id>/add/", "people:link_identity", _NO, known(403)),
    _account("account/sign-in/<uuid:identity_id>/remove/", "people:unlink_identity",
             _NO, known(403, nurse=302, admin=302)),
    _account("account/confirm/with/<uuid:provider_id>/", "people:step_up", _NO, known(403, half=403)),
    _account("account/sessions/<int:pk>/end/", "people:end_session", _NO, known(404)),
    _account("account/screen/", "people:screen", known(200), known(302)),
    _account("account/screen/alive/", "people:alive", known(204), known(405)),
    _account("account/doors/", "people:doors", known(200), known(422)),
    _account("account/doors/accept/", "people:accept_door", known(302), known(302)),
    _account("account/doors/<int:municipality_id>/remove/", "people:remove_door", _NO, known(302)),
)  # fmt: skip


def _operators_own(status: int, **others: int) -> Answers:
    """Whoever is signed in at the front door with a second factor; there is no provider there."""
    return {"*": 302, "operator": status, "operator_idle": status, **others}


_PROVIDERS_FRONT = (
    _account(_WITH, "people:provider_start", _NO, all_get(404)),
    _account(f"{_WITH}back/", "people:provider_back", all_get(404), _NO),
    _account(f"{_WITH}keys.json", "people:provider_keys", all_get(404), _NO),
    _account("sign-in/invited/<str:token>/", "people:invited", all_get(410), _NO),
    _account("account/sign-in/<uuid:provider_id>/add/", "people:link_identity", _NO, _operators_own(404)),
    _account("account/sign-in/<uuid:identity_id>/remove/", "people:unlink_identity", _NO, _operators_own(302)),
    _account("account/confirm/with/<uuid:provider_id>/", "people:step_up",
             _NO, _operators_own(404, operator_half=404)),
    _account("account/sessions/<int:pk>/end/", "people:end_session", _NO, _operators_own(404)),
    _account("account/screen/", "people:screen", _operators_own(200), _operators_own(302)),
    _account("account/screen/alive/", "people:alive", _operators_own(204), _operators_own(405)),
    _account("account/doors/", "people:doors", _operators_own(200), _operators_own(422)),
    _account("account/doors/accept/", "people:accept_door", _operators_own(302), _operators_own(302)),
    _account("account/doors/<int:municipality_id>/remove/", "people:remove_door", _NO, _operators_own(302)),
)  # fmt: skip

_STUDENT = (
    _open("", "contact:first"),
    _open(r"^S/(?P<rest>[\s\S]*)$", "contact:way_in"),
    _open(r"^s/(?P<rest>[\s\S]*)$", "contact:way_in"),
    _open("sitemap.xml", "contact:sitemap"),
    _open("robots.txt", "ui:robots"),
    _open("who/", "contact:who"),
    _open("who/<slug:slug>/", "contact:who_at"),
    Row("simple/", ("contact:simple",), all_get(302), all_get(302)),
    _open("privacy/", "contact:privacy"),
    _open("anonymous/", "contact:anonymous"),
    _open("accessibility/", "contact:accessibility"),
    _open("knock/", "contact:knock", 200, 200),
    _open("receipt/", "contact:receipt", 200, 404),
    Row("conversation/state/", ("contact:state",), all_get(404, student=204), all_get(405)),
    Row("conversation/", ("contact:conversation",), all_get(303, student=200), all_get(303, student=403)),
    Row(
        "conversation/withdraw/", ("contact:withdraw",), all_get(303, student=200), all_get(303, student=403)
    ),
    Row("conversation/refuse/", ("contact:refuse",), all_get(303), all_get(303, student=403)),
    Row("friend/", ("reach:friend",), all_get(303), all_get(303)),
    # Nobody here has come by an eID; a form that names no provider comes back with what was typed (422).
    Row("eid/", ("eid:mine",), all_get(303), _NO),
    Row("eid/set-out/", ("eid:set_out",), all_get(303), all_get(422)),
    Row("eid/arrived/", ("eid:arrived",), all_get(403), _NO),
    Row("eid/open/", ("eid:open",), _NO, all_get(303)),
    Row("eid/tell/", ("eid:tell",), all_get(303), all_get(303, student=403)),
    Row("eid/leave/", ("eid:leave",), _NO, all_get(303)),
    Row("conversation/files/<int:number>/", ("contact:file",), all_get(303, student=200), _NO),
    Row("conversation/<slug:name>/", ("contact:panel",), all_get(303), all_get(303, student=403)),
    _open("calendar/<slug:token>.ics", "meetings:feed", 404),
    Row("exit/", ("contact:exit", "ui:exit"), all_get(302), all_get(302)),
    Row("language/", ("contact:language", "ui:language"), _NO, all_get(303)),
    _open("theme.<slug:digest>.css", "ui:theme"),
    _open("icon.svg", "ui:icon"),
    _open("ui/", "ui:gallery"),
    _open(r"^theme\.(?P<stamp>[0-9a-f]{12}|default)\.css$", "setup_files:theme"),
    _open(r"^face\.(?P<stamp>[0-9a-f]{16})\.webp$", "setup_files:face", 404, 404),
    _open(r"^logo\.(?P<stamp>[0-9a-f]{16})\.png$", "setup_files:logo", 404, 404),
    _open("manifest.webmanifest", "setup_files:manifest"),
    _open("sw.js", "setup_files:worker"),
    _open("offline/", "setup_files:offline"),
    _open(r"^app-icon\.(?P<stamp>[0-9a-f]{12}-(?:192|512|512-cut))\.png$", "setup_files:icon", 404, 404),
    _open("demo/", "demo:cast", 404),
    _open("demo/sign-in", "demo:sign_in", 405, 404),
    _open("demo/move-on", "demo:move_on", 405, 404),
    _open("demo/mail/", "demo:mail", 404),
    _open("demo/eid/.well-known/openid-configuration", "demo:eid_configuration", 404),
    _open("demo/eid/keys", "demo:eid_keys", 404),
    _open("demo/eid/authorize", "demo:eid_authorize", 404, 404),
    _open("demo/eid/token", "demo:eid_token", 405, 404),
)


def _desk(path: str, name: str, get: Answers, post: Answers) -> Row:
    return Row(f"desk/{path}", (f"desk:{name}",), get, post)


_ONE = "<uuid:request_id>/"
_DESK = (
    _desk("", "waiting", desk(200), desk(405)),
    _desk("mine/", "mine", desk(200), desk(405)),
    _desk("handed/", "handed", desk(200), desk(405)),
    _desk("closed/", "closed", desk(200), desk(405)),
    _desk("shared/", "shared", desk(200), desk(405)),
    _desk("danger/", "danger", desk(200), desk(405)),
    _desk("flood/", "flood", desk(200), desk(405)),
    _desk("unrecorded/", "unrecorded", desk(200), desk(405)),
    _desk("search/", "search", desk(200), desk(422)),
    _desk(_ONE, "request", door(200), desk(405)),
    _desk(f"{_ONE}files/<int:number>/", "file", door(200), desk(405)),
    _desk(f"{_ONE}read/", "read", desk(302), door(200)),
    _desk(f"{_ONE}take/", "take", desk(302), door(302)),
    _desk(f"{_ONE}release/", "release", desk(302), door(302)),
    _desk(f"{_ONE}let-out/", "let_out", desk(302), door(302)),
    _desk(f"{_ONE}reply/", "reply", desk(302), door(422)),
    _desk(f"{_ONE}reply/<uuid:message_id>/take-back/", "take_back", desk(302), door(404)),
    _desk(f"{_ONE}contact/", "contact", desk(302), door(422)),
    _desk(f"{_ONE}close/", "close", door(200), door(422)),
    _desk(f"{_ONE}undo-close/", "undo_close", desk(302), door(302)),
    _desk(f"{_ONE}record/", "record", desk(403, counsellor=404), desk(403, counsellor=404)),
    _desk(f"{_ONE}record/copy/", "copy", desk(302), desk(403, counsellor=404)),
    # Nobody has the request of the table: nobody can let anybody in, or take it out.
    _desk(f"{_ONE}share/", "share", desk(403, counsellor=404), desk(403, counsellor=404)),
    _desk(f"{_ONE}unshare/", "unshare", desk(302), door(404)),
    _desk(f"{_ONE}hand-over/", "hand_over", desk(403, counsellor=404), desk(403, counsellor=404)),
    _desk(f"{_ONE}hand-over/accept/", "accept", desk(302), desk(404)),
    _desk(f"{_ONE}hand-over/decline/", "decline", desk(302), desk(404)),
    _desk(f"{_ONE}hand-over/take-back/", "take_offer_back", desk(302), desk(404)),
    _desk(f"{_ONE}step-aside/", "step_aside", desk(302), door(302)),
    _desk(f"{_ONE}step-aside/undo/", "undo_step_aside", desk(302), desk(404)),
    _desk(f"{_ONE}take-out/", "take_out", desk(302), desk(403, counsellor=404)),
    _desk(f"{_ONE}ready/", "ready", desk(302), door(200)),
    _desk(f"{_ONE}here/", "here", desk(302), door(200)),
    _desk(f"{_ONE}draft/", "draft", desk(302), door(302)),
    # Nor has anybody notes beside it: to whoever has it not it says no, to who does not see it that it is not there.
    _desk("calendar/", "calendar", desk(200), desk(200)),
    # An act on the meeting of what one has not taken: a conflict to holders at the door, not there to others.
    _desk(f"{_ONE}meeting/", "meeting", desk(302), desk(302)),
    _desk(f"{_ONE}notes/", "add_note", desk(302), desk(403, counsellor=404)),
    _desk(f"{_ONE}notes/<uuid:note_id>/", "note", desk(302), desk(403, counsellor=404)),
)

#: Path under /setup/, name, and what the administrator gets by GET and by an empty POST.
_SETUP = tuple(
    Row(f"setup/{path}", (f"setup:{name}",), admins(get), admins(post))
    for path, name, get, post in (
        ("", "home", 200, 200),
        ("messages/", "mail", 200, 200),
        ("schools/", "schools", 200, 200),
        ("schools/<uuid:school_id>/", "school", 200, 200),
        ("schools/<uuid:school_id>/close/", "close_school", 200, 302),
        ("schools/<uuid:school_id>/reopen/", "reopen_school", 405, 302),
        ("roles/", "roles", 200, 200),
        ("roles/new/", "new_role", 200, 200),
        ("roles/<uuid:role_id>/", "role", 200, 200),
        ("roles/<uuid:role_id>/close/", "close_role", 200, 302),
        ("roles/<uuid:role_id>/reopen/", "reopen_role", 405, 302),
        ("replies/", "replies", 200, 200),
        ("replies/new/", "new_reply", 200, 200),
        ("replies/<uuid:reply_id>/", "reply", 200, 200),
        ("replies/<uuid:reply_id>/remove/", "remove_reply", 405, 302),
        ("topics/", "topics", 200, 302),
        ("topics/<slug:key>/", "topic", 200, 302),
        ("topics/<slug:key>/move/", "move_topic", 405, 302),
        ("topics/<slug:key>/show/", "show_topic", 405, 302),
        ("topics/<slug:key>/reset/", "reset_topic", 405, 302),
        ("employers/<uuid:employer_id>/", "employer", 200, 200),
        ("employers/<uuid:employer_id>/remove/", "remove_employer", 405, 302),
        ("people/", "people", 200, 200),
        ("people/<uuid:account_id>/", "person", 200, 200),
        ("people/<uuid:account_id>/administrator/", "administrator", 405, 302),
        ("people/<uuid:account_id>/close/", "close_person", 200, 302),
        ("posts/<uuid:post_id>/end/", "end_post", 200, 302),
        ("leads/<uuid:lead_id>/dismiss/", "dismiss_lead", 405, 302),
        ("sign-in/", "providers", 200, 200),
        ("sign-in/new/", "new_provider", 200, 200),
        ("sign-in/<uuid:provider_id>/", "provider", 200, 200),
        ("sign-in/<uuid:provider_id>/test/", "test_provider", 405, 302),
        ("sign-in/<uuid:provider_id>/switch/", "switch_provider", 405, 302),
        ("calendar/", "calendar", 200, 422),
        ("calendar/holidays/", "import_holidays", 405, 302),
        ("calendar/holidays/<uuid:day_id>/", "holiday", 405, 422),
        ("calendar/breaks/", "add_break", 405, 422),
        ("calendar/breaks/<uuid:break_id>/remove/", "remove_break", 405, 302),
        ("calendar/days/", "add_day", 405, 422),
        ("calendar/days/<uuid:day_id>/remove/", "remove_day", 405, 302),
        ("guarantees/", "guarantees", 200, 200),
        ("guarantees/examples/", "examples", 405, 200),
        ("guarantees/reset/", "reset_guarantee", 405, 409),
        ("files/", "files", 200, 200),
        ("files/reset/", "reset_files", 405, 302),
        ("meetings/", "meetings", 200, 200),
        ("meetings/reset/", "reset_meetings", 405, 302),
        ("reminders/", "reminders", 200, 200),
        ("reminders/example/", "reminders_example", 405, 200),
        ("languages/", "languages", 200, 200),
        ("languages/<slug:code>/", "language", 200, 405),
        ("languages/<slug:code>/review/", "review_language", 405, 302),
        ("wording/", "wording", 200, 302),
        ("look/", "look", 200, 200),
        ("look/preview/", "look_preview", 405, 200),
        ("look/style.css", "look_style", 404, 404),
        ("look/logo/remove/", "remove_logo", 405, 302),
    )
)

#: Leads as well as administrators show the way in.
_WAYS_IN = tuple(
    Row(f"setup/{path}", (f"setup:{name}",), known(403, lead=200, admin=200), _NO)
    for path, name in (
        ("ways-in/", "ways_in"),
        ("ways-in/icon.png", "icon"),
        ("ways-in/web-clip.mobileconfig", "web_clip"),
        ("schools/<uuid:school_id>/poster.pdf", "poster"),
        ("schools/<uuid:school_id>/card.pdf", "card"),
    )
)

#: The absence is the outsider's own; an administrator may end it as well.
_PRESENCE = (
    Row("away/", ("presence:away",), known(200), known(200)),
    Row("my-picture/", ("setup_files:my_picture",), known(200), known(403, **dict.fromkeys(HELPERS, 422))),
    Row("away/<uuid:absence_id>/back/", ("presence:back",), known(405), known(403, outsider=302, admin=302)),
    Row("setup/people/<uuid:account_id>/away/", ("presence:person_away",), admins(200), admins(200)),
    Row("setup/posts/<uuid:post_id>/", ("presence:post",), admins(200), admins(200)),
)

#: alfa and beta are live: the rehearsal is over (tests/tenants/onboarding has one that is not).
_REHEARSAL = (
    Row("rehearsal/", ("onboarding_portal:rehearsal",), admins(404), _NO),
    Row("rehearsal/be/<uuid:account_id>/", ("onboarding_portal:be",), _NO, admins(404)),
    Row("rehearsal/back/", ("onboarding_portal:back",), _NO, known(302)),
    Row("setup/agreement/", ("onboarding_portal:agreement",), admins(404), _NO),
)


def at_work(status: int) -> Answers:
    """Helpers, leads and administrators; whoever does nothing here 403."""
    return known(status, outsider=403)


_OPENING = "<uuid:opening_id>/"
#: The opening of the table: the lead asked, Nora reads, nobody has confirmed. Others do not know of it.
_OPENINGS = (
    Row("openings/", ("walls:openings",), at_work(200), known(405)),
    Row("openings/new/", ("walls:ask",), at_work(200), at_work(422)),
    Row(f"openings/{_OPENING}", ("walls:opening",),
        known(404, nurse=200, lead=200, admin=200, outsider=403), known(405)),
    Row(f"openings/{_OPENING}confirm/", ("walls:confirm",), known(405),
        known(404, nurse=403, lead=403, admin=302, outsider=403)),
    Row(f"openings/{_OPENING}end/", ("walls:end",), known(405),
        known(404, nurse=302, lead=302, admin=302, outsider=403)),
)  # fmt: skip


#: The promise is not broken: there is nothing to explain.
_INSIGHTS = (
    Row("insights/", ("insights:home",), known(403, lead=200, admin=200), known(405)),
    Row("insights/broken/<uuid:promise_id>/", ("insights:explain",),
        known(405), known(403, lead=404, admin=404)),
)  # fmt: skip


_LOG_REVIEW = (
    Row("log-review/", ("logreview:home",), known(403, lead=200, admin=200), known(405)),
    Row("log-review/<uuid:employer_id>/", ("logreview:review",), known(404), known(404)),
    Row("log-review/<uuid:employer_id>/reviewer/", ("logreview:reviewer",), known(405), admins(422)),
)

_RETENTION = (
    Row("setup/retention/", ("retention:rules",), admins(200), admins(422)),
    Row("setup/retention/example/", ("retention:example",), admins(405), admins(200)),
    Row("setup/retention/archive/", ("retention:archive",), admins(405), admins(422)),
    Row("setup/retention/<uuid:rule_id>/take-back/", ("retention:take_back",), admins(405), admins(302)),
    Row("setup/retention/holds/", ("retention:holds",), admins(200), admins(200)),
    Row("setup/retention/holds/<uuid:hold_id>/end/", ("retention:end_hold",), admins(405), admins(302)),
    Row("log-review/holds/", ("retention:reviewed_holds",), admins(200), known(405)),
    Row("conversation/yours/", ("retention:yours",), all_get(303), all_get(303, student=403)),
)


_WORRY_ID = "<uuid:worry_id>/"
_WORRY = (
    Row("worry/", ("worry:mine",), desk(200), desk(405)),
    Row("worry/about/<uuid:request_id>/", ("worry:raise",), door(200), door(422)),
    Row("worry/about/<uuid:request_id>/safety/", ("worry:safety",), door(200), door(409)),
    Row(f"worry/{_WORRY_ID}", ("worry:worry",), door(200), desk(405)),
    Row(f"worry/{_WORRY_ID}told/<slug:recipient>/", ("worry:told",), door(200), door(422)),
    Row(f"worry/{_WORRY_ID}correct/<uuid:step_id>/", ("worry:correct",), door(200), door(422)),
    Row(f"worry/{_WORRY_ID}print/<uuid:step_id>/", ("worry:print",), desk(302), door(200)),
    Row(f"worry/{_WORRY_ID}close/", ("worry:close",), door(200), door(422)),
    Row(f"worry/{_WORRY_ID}reopen/", ("worry:reopen",), desk(405), door(302)),
    Row("setup/next-doors/", ("nextdoor:set_up",), admins(200), admins(302)),
    Row("setup/next-doors/<uuid:school_id>/", ("nextdoor:of_school",), admins(200), admins(302)),
    Row("setup/address/", ("own_address:addresses",), admins(200), admins(422)),
    Row("setup/address/show/", ("own_address:show",), admins(405), admins(302)),
    Row("setup/address/<uuid:address_id>/look/", ("own_address:look",), admins(405), admins(302)),
    Row("setup/address/<uuid:address_id>/remove/", ("own_address:remove",), admins(200), admins(302)),
    Row("worry/setup/", ("worry:setup",), admins(200), admins(405)),
    Row("worry/setup/times/", ("worry:times",), admins(405), admins(422)),
    Row("worry/setup/number/", ("worry:number",), admins(405), admins(422)),
    Row("worry/setup/number/<uuid:number_id>/remove/", ("worry:remove_number",), admins(405), admins(302)),
    Row("worry/setup/texts/", ("worry:texts",), admins(200), admins(422)),
    Row("worry/setup/texts/<uuid:text_id>/review/", ("worry:review",), admins(405), admins(422)),
)


def _api_row(path: str, name: str, get: Answers, post: Answers, patch: Answers | None = None) -> Row:
    return Row(f"api/v1/{path}", (name,), get, post, patch)


_ONE_API = "desk/requests/<uuid:request_id>"
_API = (
    _api_row("door", "contact_api:door", all_get(200), _NO),
    _api_row("contact-requests", "contact_api:contact_requests", _NO, all_get(400)),
    _api_row("receipts/open", "contact_api:open_receipt", _NO, all_get(422)),
    *(
        _api_row(f"receipts/meetings{rest}", f"meetings_api:receipt_{name}", _NO, all_get(422))
        for rest, name in (
            ("", "meetings"),
            ("/pick", "pick"),
            ("/decline", "decline"),
            ("/cancel", "cancel"),
        )
    ),
    # What waits has a meeting and is nobody's now: a conflict to holders at the door.
    _api_row(
        f"{_ONE_API}/meeting", "meetings_api:meeting", api_desk(409, away=404), api_desk(422, writes=True)
    ),
    _api_row(f"{_ONE_API}/meeting/times", "meetings_api:times", api_desk(405), api_desk(422, writes=True)),
    _api_row(
        f"{_ONE_API}/meeting/times/<uuid:time_id>/take-back",
        "meetings_api:take_back",
        api_desk(405),
        api_desk(409, away=404, writes=True),
    ),
    _api_row(f"{_ONE_API}/meeting/record", "meetings_api:record", api_desk(405), api_desk(422, writes=True)),
    *(
        _api_row(f"receipts/next-door{rest}", f"nextdoor_api:{name}", _NO, all_get(422))
        for rest, name in (("", "offered"), ("/ask", "ask"), ("/wait", "wait"))
    ),
    *(
        _api_row(f"receipts/feedback{rest}", f"feedback_api:{name}", _NO, all_get(422))
        for rest, name in (("", "standing"), ("/answer", "answer"), ("/share", "share"))
    ),
    _api_row("receipts/files", "contact_api:receipt_file", _NO, all_get(422)),
    _api_row("receipts/messages", "contact_api:receipt_messages", _NO, all_get(422)),
    _api_row("receipts/handover/refuse", "contact_api:refuse_handover", _NO, all_get(422)),
    _api_row("", "api:root", all_get(302), all_get(302)),
    Row("api/v1", ("api",), all_get(302), all_get(302)),
    _api_row("openapi.json", "api:openapi", all_get(200), all_get(200)),
    _api_row("docs/", "api:docs", all_get(200), all_get(200)),
    _api_row("^(?P<rest>.*)$", "api:no_such_door", all_get(404), all_get(404)),
    _api_row("desk/requests", "desk_api:requests", api_desk(200), api_desk(405, writes=True)),
    _api_row("desk/search", "desk_api:search", api_desk(405), api_desk(422, writes=True)),
    _api_row(_ONE_API, "desk_api:request", api_desk(200, away=404), api_desk(405, writes=True)),
    _api_row(f"{_ONE_API}/take", "desk_api:take", api_desk(405), api_desk(200, away=404, writes=True)),
    _api_row(f"{_ONE_API}/files/<int:number>", "desk_api:file", api_desk(200, away=404), api_desk(405, writes=True)),
    _api_row(f"{_ONE_API}/messages", "desk_api:messages", api_desk(405), api_desk(422, writes=True)),
    _api_row(f"{_ONE_API}/contact", "desk_api:contact", api_desk(405), api_desk(422, writes=True)),
    _api_row(f"{_ONE_API}/close", "desk_api:close", api_desk(405), api_desk(422, writes=True)),
    _api_row(f"{_ONE_API}/notes", "desk_api:notes", api_desk(200, away=404), api_desk(422, writes=True)),
    _api_row(f"{_ONE_API}/notes/<uuid:note_id>", "desk_api:note", api_desk(405), api_desk(405, writes=True),
             api_desk(422, writes=True)),
    # Nobody has the request: to whoever is at its door it says no.
    _api_row(f"{_ONE_API}/notes/<uuid:note_id>/delete", "desk_api:delete_note", api_desk(405),
             api_desk(403, away=404, writes=True)),
    _api_row(f"{_ONE_API}/notes/<uuid:note_id>/restore", "desk_api:restore_note", api_desk(405),
             api_desk(403, away=404, writes=True)),
    _api_row(f"{_ONE_API}/handovers", "desk_api:handovers",
             api_desk(200, away=404), api_desk(422, writes=True)),
    _api_row(f"{_ONE_API}/recuse", "desk_api:recuse", api_desk(405), api_desk(200, away=404, writes=True)),
    _api_row(f"{_ONE_API}/recuse/undo", "desk_api:undo_recusal", api_desk(405), api_desk(404, writes=True)),
    # Nora offered it to Olga: she takes it back, and only Olga answers.
    _api_row("desk/handovers/<uuid:handover_id>/accept", "desk_api:accept",
             api_desk(405), api_desk(403, writes=True) | {"counsellor": 404, "other_nurse": 200}),
    _api_row("desk/handovers/<uuid:handover_id>/decline", "desk_api:decline",
             api_desk(405), api_desk(403, writes=True) | {"counsellor": 404, "other_nurse": 200}),
    _api_row("desk/handovers/<uuid:handover_id>/withdraw", "desk_api:withdraw",
             api_desk(405), api_desk(200, writes=True) | {"counsellor": 404, "other_nurse": 403}),
    # Nobody has it: to whoever is at its door it says no.
    _api_row(f"{_ONE_API}/record", "desk_api:record", api_desk(405), api_desk(403, away=404, writes=True)),
)  # fmt: skip

_ONE_WORRY = "desk/worries/<uuid:worry_id>"
_WORRY_API = (
    _api_row("desk/worries", "worry_api:worries", api_desk(200), api_desk(405, writes=True)),
    _api_row(f"{_ONE_API}/worries", "worry_api:of_a_case", api_desk(200, away=404), api_desk(422, writes=True)),
    _api_row(f"{_ONE_API}/duties", "worry_api:duties", api_desk(200, away=404), api_desk(405, writes=True)),
    _api_row(f"{_ONE_API}/safety-text", "worry_api:safety", api_desk(200, away=404), api_desk(422, writes=True)),
    _api_row(_ONE_WORRY, "worry_api:worry", api_desk(200, away=404), api_desk(405, writes=True)),
    _api_row(f"{_ONE_WORRY}/steps", "worry_api:steps", api_desk(405), api_desk(422, writes=True)),
    _api_row(f"{_ONE_WORRY}/steps/<uuid:step_id>/correction", "worry_api:correction", api_desk(405),
             api_desk(422, writes=True)),
    _api_row(f"{_ONE_WORRY}/close", "worry_api:close", api_desk(405), api_desk(422, writes=True)),
    _api_row(f"{_ONE_WORRY}/reopen", "worry_api:reopen", api_desk(405), api_desk(200, away=404, writes=True)),
)  # fmt: skip


def _lists(path: str, part: str, one: str, closed: int = 200) -> tuple[Row, ...]:
    """The three doors of a part of set-up: the list, one of it, and its end."""
    no = api_setup(405, writes=True)
    changes = api_setup(200, writes=True)
    return (
        _api_row(f"setup/{path}", f"setup_api:{path}", api_setup(200), api_setup(422, writes=True)),
        _api_row(f"setup/{path}/{part}", f"setup_api:{one}", api_setup(405), no, changes),
        _api_row(f"setup/{path}/{part}/close", f"setup_api:close_{one}", api_setup(405),
                 api_setup(closed, writes=True)),
    )  # fmt: skip


_SETUP_API = (
    *_lists("schools", "<uuid:school_id>", "school"),
    *_lists("roles", "<uuid:role_id>", "role"),
    *_lists("languages", "<slug:code>", "language"),
    *_lists("calendar", "<uuid:entry_id>", "entry", 204),
    *_lists("guarantees", "<uuid:guarantee_id>", "guarantee"),
    *_lists("files", "<uuid:files_id>", "files_rule"),
    *_lists("people", "<uuid:account_id>", "person"),
    _api_row("setup/topics", "setup_api:topics", api_setup(200), api_setup(405, writes=True)),
    _api_row("setup/topics/<slug:key>", "setup_api:topic", api_setup(405), api_setup(405, writes=True),
             api_setup(200, writes=True)),
    _api_row("setup/topics/<slug:key>/close", "setup_api:close_topic", api_setup(405), api_setup(200, writes=True)),
    _api_row("setup/outside-doors", "setup_api:outside_doors", api_setup(200), api_setup(422, writes=True)),
    _api_row("setup/look", "setup_api:look", api_setup(200), api_setup(405, writes=True),
             api_setup(200, writes=True)),
)  # fmt: skip

MUNICIPALITY: Final = (
    *_STUDENT, *_sign_in_pages(("half", *KNOWN)), *_ACCOUNT, *_PROVIDERS, *_DESK, *_OPENINGS, *_INSIGHTS,
    *_LOG_REVIEW,
    *_RETENTION, *_WORRY, *_WORRY_API,
    *_SETUP, *_WAYS_IN, *_PRESENCE, *_REHEARSAL, *_API, *_SETUP_API,
)  # fmt: skip


def _front(path: str, name: str, get: Answers, post: Answers) -> Row:
    return Row(path, (f"onboarding:{name}",), get, post)


_CASE = "operator/applications/<uuid:application_id>/"
_SIGN_UP = (
    _front("", "landing", all_get(200), _NO),
    _front("schools/", "schools", all_get(200), _NO),
    _front("privacy/", "privacy", all_get(200), _NO),
    _front("accessibility/", "accessibility", all_get(200), _NO),
    _front("start/", "start", all_get(200, applicant=302), all_get(422)),
    _front("start/code/", "code", all_get(302), all_get(302)),
    _front("start/continue/", "resume", all_get(200), all_get(422)),
    _front("start/outcome/", "outcome", all_get(302), all_get(302)),
    # The applicant here rehearses: the questions lie behind, and lead on.
    *(_front(f"start/{page}/", page, all_get(302), all_get(302))
      for page in ("name", "address", "school", "languages", "look", "check")),
    _front("start/theme.<slug:colour>.css", "theme", all_get(200), _NO),
    _front("start/logo.png", "logo", applicants(200), _NO),
    _front("start/founding/", "founding", all_get(302), _NO),
    _front("start/gates/", "gates", applicants(200), _NO),
    _front("start/gates/<slug:kind>/", "gate", applicants(200), applicants(200)),
    _front("start/papers/<slug:kind>/", "paper", applicants(200), _NO),
    _front("start/submit/", "submit", _NO, applicants(409)),
    _front("start/take-back/", "take_back", _NO, all_get(302)),
    _front("start/answer/", "answer", all_get(302), all_get(302)),
    _front("start/withdraw/", "withdraw", applicants(200), all_get(302)),
    _front("start/leave/", "leave", _NO, all_get(302)),
    _front("sign/<str:token>/", "sign", all_get(200), all_get(422)),
    _front("operator/", "operator", operators(200), _NO),
    _front("operator/decided/", "operator_decided", operators(200), _NO),
    _front("operator/municipalities/", "operator_municipalities", operators(200), _NO),
    _front("operator/trouble/", "operator_trouble", operators(200), _NO),
    _front("operator/trouble/<int:job_id>/retry/", "operator_retry", _NO, operators(302)),
    _front(_CASE, "operator_application", operators(200), _NO),
    _front(f"{_CASE}organisation/", "operator_organisation", _NO, operators(302)),
    _front(f"{_CASE}approve/", "operator_approve", operators(200), operators(409)),
    _front(f"{_CASE}ask/", "operator_ask", {**operators(302), "operator_idle": 302}, operators(422)),
    _front(f"{_CASE}refuse/", "operator_refuse", {**operators(302), "operator_idle": 302}, operators(422)),
    _front(f"{_CASE}evict/", "operator_evict", operators(200), operators(422)),
)  # fmt: skip


def _on_the_front_door(row: Row) -> Row:
    """A page of one's account as the operator meets it. None of the three has set up a second factor, so the
    half signed-in one is let through to where that is done, and to nothing that shows or changes anything."""
    gated = ("account/", "account/first-page/", "account/sign-out-everywhere/")

    def as_operator(answers: Answers) -> Answers:
        status, idle = (answers.get(who, answers["*"]) for who in ("counsellor", "outsider"))
        half = answers["*"] if row.route in gated else status
        return {"*": answers["*"], "operator": status, "operator_idle": idle, "operator_half": half}

    return Row(row.route, row.names, as_operator(row.GET), as_operator(row.POST))


FRONT: Final = (
    *_SIGN_UP,
    *_sign_in_pages(("operator", "operator_half", "operator_idle")),
    *map(_on_the_front_door, _ACCOUNT),
    *_PROVIDERS_FRONT,
    *(row for row in _STUDENT if row.names[0] in ("ui:theme", "ui:icon", "ui:robots", "ui:gallery")),
    _open("language/", "ui:language", 405, 302),
    Row("exit/", ("ui:exit",), all_get(302), all_get(204)),
    *(row for row in _STUDENT if row.names[0].startswith("demo:")),
)
#: Addresses where any verb is as good as POST: they only read, lead away, or say that there is nothing.
ANY_VERB: Final = (
    "api", "api:root", "api:docs", "api:openapi", "api:no_such_door", "setup_files:theme", "setup_files:logo",
)  # fmt: skip
