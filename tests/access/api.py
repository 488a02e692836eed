"""The doors for programs."""

from tests.access.answers import NO, Answers, Row, all_get, api_desk, api_setup


def _api_row(path: str, name: str, get: Answers, post: Answers, patch: Answers | None = None) -> Row:
    return Row(f"api/v1/{path}", (name,), get, post, patch)


_ONE_API = "desk/requests/<uuid:request_id>"

API = (
    _api_row("door", "contact_api:door", all_get(200), NO),
    _api_row("contact-requests", "contact_api:contact_requests", NO, all_get(400)),
    _api_row("receipts/open", "contact_api:open_receipt", NO, all_get(422)),
    *(
        _api_row(f"receipts/meetings{rest}", f"meetings_api:receipt_{name}", NO, all_get(422))
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
        _api_row(f"receipts/next-door{rest}", f"nextdoor_api:{name}", NO, all_get(422))
        for rest, name in (("", "offered"), ("/ask", "ask"), ("/wait", "wait"))
    ),
    *(
        _api_row(f"receipts/feedback{rest}", f"feedback_api:{name}", NO, all_get(422))
        for rest, name in (("", "standing"), ("/answer", "answer"), ("/share", "share"))
    ),
    _api_row("receipts/files", "contact_api:receipt_file", NO, all_get(422)),
    _api_row("receipts/messages", "contact_api:receipt_messages", NO, all_get(422)),
    _api_row("receipts/handover/refuse", "contact_api:refuse_handover", NO, all_get(422)),
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
    _api_row(f"{_ONE_API}/contact/<uuid:attempt_id>/undo", "desk_api:undo_contact", api_desk(405),
             api_desk(404, writes=True)),
    _api_row(f"{_ONE_API}/no-answer", "desk_api:no_answer", api_desk(405), api_desk(403, away=404, writes=True)),
    _api_row(f"{_ONE_API}/no-answer/undo", "desk_api:undo_no_answer", api_desk(405),
             api_desk(403, away=404, writes=True)),
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

WORRY_API = (
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


SETUP_API = (
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
