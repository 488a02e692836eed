"""What administrators set up."""

from tests.access.answers import NO, Row, admins, all_get, known

#: Path under /setup/, name, and what the administrator gets by GET and by an empty POST.
SETUP = tuple(
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
WAYS_IN = tuple(
    Row(f"setup/{path}", (f"setup:{name}",), known(403, lead=200, admin=200), NO)
    for path, name in (
        ("ways-in/", "ways_in"),
        ("ways-in/icon.png", "icon"),
        ("ways-in/web-clip.mobileconfig", "web_clip"),
        ("schools/<uuid:school_id>/poster.pdf", "poster"),
        ("schools/<uuid:school_id>/card.pdf", "card"),
    )
)

#: alfa and beta are live: the rehearsal is over (tests/tenants/onboarding has one that is not).
REHEARSAL = (
    Row("rehearsal/", ("onboarding_portal:rehearsal",), admins(404), NO),
    Row("rehearsal/be/<uuid:account_id>/", ("onboarding_portal:be",), NO, admins(404)),
    Row("rehearsal/back/", ("onboarding_portal:back",), NO, known(302)),
    Row("setup/agreement/", ("onboarding_portal:agreement",), admins(404), NO),
)

RETENTION = (
    Row("setup/retention/", ("retention:rules",), admins(200), admins(422)),
    Row("setup/retention/example/", ("retention:example",), admins(405), admins(200)),
    Row("setup/retention/archive/", ("retention:archive",), admins(405), admins(422)),
    Row("setup/retention/<uuid:rule_id>/take-back/", ("retention:take_back",), admins(405), admins(302)),
    Row("setup/retention/holds/", ("retention:holds",), admins(200), admins(200)),
    Row("setup/retention/holds/<uuid:hold_id>/end/", ("retention:end_hold",), admins(405), admins(302)),
    Row("log-review/holds/", ("retention:reviewed_holds",), admins(200), known(405)),
    Row("conversation/yours/", ("retention:yours",), all_get(303), all_get(303, student=403)),
)
