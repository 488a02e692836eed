"""Helpers and leads at work."""

from tests.access.answers import HELPERS, Answers, Row, admins, at_work, desk, door, known


def _desk(path: str, name: str, get: Answers, post: Answers) -> Row:
    return Row(f"desk/{path}", (f"desk:{name}",), get, post)


_ONE = "<uuid:request_id>/"

DESK = (
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
    _desk(f"{_ONE}contact/<uuid:attempt_id>/undo/", "undo_contact", desk(302), door(404)),
    # Nobody has the request of the table: nobody can say that it needs no answer.
    _desk(f"{_ONE}no-answer/", "no_answer", desk(302), desk(403, counsellor=404)),
    _desk(f"{_ONE}no-answer/undo/", "undo_no_answer", desk(302), desk(403, counsellor=404)),
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

#: The absence is the outsider's own; an administrator may end it as well.
PRESENCE = (
    Row("away/", ("presence:away",), known(200), known(200)),
    Row("my-picture/", ("setup_files:my_picture",), known(200), known(403, **dict.fromkeys(HELPERS, 422))),
    Row("away/<uuid:absence_id>/back/", ("presence:back",), known(405), known(403, outsider=302, admin=302)),
    Row("setup/people/<uuid:account_id>/away/", ("presence:person_away",), admins(200), admins(200)),
    Row("setup/posts/<uuid:post_id>/", ("presence:post",), admins(200), admins(200)),
)

_OPENING = "<uuid:opening_id>/"

#: The opening of the table: the lead asked, Nora reads, nobody has confirmed. Others do not know of it.
OPENINGS = (
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
INSIGHTS = (
    Row("insights/", ("insights:home",), known(403, lead=200, admin=200), known(405)),
    Row("insights/feasibility/", ("insights:coming",), known(403, lead=200, admin=200), known(405)),
    Row("insights/feasibility/<uuid:school_id>/<uuid:role_id>/", ("insights:coming_door",),
        known(403, lead=200, admin=200), known(405)),
    Row("insights/broken/<uuid:promise_id>/", ("insights:explain",),
        known(405), known(403, lead=404, admin=404)),
    Row("insights/broken/<uuid:promise_id>/undo/", ("insights:undo_explain",),
        known(405), known(403, lead=404, admin=404)),
)  # fmt: skip

LOG_REVIEW = (
    Row("log-review/", ("logreview:home",), known(403, lead=200, admin=200), known(405)),
    Row("log-review/<uuid:employer_id>/", ("logreview:review",), known(404), known(404)),
    Row("log-review/<uuid:employer_id>/reviewer/", ("logreview:reviewer",), known(405), admins(422)),
)

_WORRY_ID = "<uuid:worry_id>/"

WORRY = (
    Row("worry/", ("worry:mine",), desk(200), desk(405)),
    Row("worry/about/<uuid:request_id>/", ("worry:raise",), door(200), door(422)),
    Row("worry/about/<uuid:request_id>/safety/", ("worry:safety",), door(200), door(409)),
    Row(f"worry/{_WORRY_ID}", ("worry:worry",), door(200), desk(405)),
    Row(f"worry/{_WORRY_ID}told/<slug:recipient>/", ("worry:told",), door(200), door(422)),
    Row(f"worry/{_WORRY_ID}correct/<uuid:step_id>/", ("worry:correct",), door(200), door(422)),
    Row(f"worry/{_WORRY_ID}print/<uuid:step_id>/", ("worry:print",), desk(302), door(200)),
    Row(f"worry/{_WORRY_ID}close/", ("worry:close",), door(200), door(422)),
    Row(f"worry/{_WORRY_ID}reopen/", ("worry:reopen",), desk(405), door(302)),
    Row("setup/feasibility/", ("feasibility:overview",), admins(200), admins(405)),
    Row("setup/feasibility/choose/", ("feasibility:choose",), admins(405), admins(422)),
    Row(
        "setup/feasibility/<uuid:school_id>/<uuid:role_id>/", ("feasibility:door",), admins(200), admins(405)
    ),
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
