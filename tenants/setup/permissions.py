"""Who may do which verb in set-up: administrators of the municipality, and the machine (sign-up, commands,
demo).

Helpers change nothing here but their own picture, leads nothing either; leads read the ways in to their schools, and
nothing else. The operator never enters a municipality's set-up.
"""

from typing import Any
from uuid import UUID

from kernel import permissions
from kernel.actor import Actor


def administrator(by: Actor, *_about: Any) -> bool:
    return by.kind == "machine" or (by.kind == "person" and by.is_administrator)


def shows_the_way_in(by: Actor, school_id: UUID | None = None, *_about: Any) -> bool:
    """Administrators, and whoever leads the school (None: any): it is public what a poster says."""
    leads = by.is_lead if school_id is None else by.leads_school(school_id)
    return administrator(by) or (by.kind == "person" and leads)


def oneself_who_answers(by: Actor, account_id: UUID, *_about: Any) -> bool:
    """One's own picture, of whoever holds a post."""
    return by.kind == "person" and by.id == account_id and bool(by.posts)


def oneself_or_administrator(by: Actor, account_id: UUID, *_about: Any) -> bool:
    return administrator(by) or (by.kind == "person" and by.id == account_id)


def machine(by: Actor, *_about: Any) -> bool:
    return by.kind == "machine"


RULES = dict.fromkeys(
    (
        "read",
        "furnish",
        "add_school",
        "take_in_schools",
        "rename_school",
        "close_school",
        "reopen_school",
        "add_employer",
        "rename_employer",
        "remove_employer",
        "add_role",
        "change_role",
        "close_role",
        "reopen_role",
        "add_canned_reply",
        "change_canned_reply",
        "remove_canned_reply",
        "change_topic",
        "change_languages_spoken",
        "change_outside_doors",
        "invite_person",
        "give_post",
        "end_post",
        "appoint_lead",
        "dismiss_lead",
        "appoint_administrator",
        "dismiss_administrator",
        "close_person",
        "change_languages",
        "review_language",
        "change_hours",
        "import_holidays",
        "change_holiday",
        "add_closed_day",
        "remove_closed_day",
        "add_break",
        "remove_break",
        "set_guarantee",
        "reset_guarantee",
        "set_meeting_guarantee",
        "reset_meeting_guarantees",
        "change_meeting_reminder",
        "change_longest_pause",
        "change_reminders",
        "change_on_gaps",
        "set_attachments",
        "reset_attachments",
        "change_look",
        "remove_logo",
        "change_wording",
    ),
    administrator,
    #: By the machine alone: posts claimed at sign-in, and the end of a rehearsal (never while it goes on).
) | {
    "claim_posts": machine,
    "remove_invented": machine,
    "read_ways_in": shows_the_way_in,
    "show_face": oneself_who_answers,
    "take_back_face": oneself_or_administrator,
}
permissions.register("setup", RULES)
