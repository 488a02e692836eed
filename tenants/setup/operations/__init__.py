"""The verbs of set-up: the only code that writes its tables. Each is one transaction under the set-up's lock.

All take keyword arguments and `by: Actor`; all raise NotAllowed, Invalid (naming field and remedy),
NotFound, Conflict.
"""

from tenants.setup.operations.attachments import reset_attachments, set_attachments
from tenants.setup.operations.calendar import (
    add_break,
    add_closed_day,
    change_holiday,
    change_hours,
    import_holidays,
    remove_break,
    remove_closed_day,
)
from tenants.setup.operations.faces import show_face, take_back_face
from tenants.setup.operations.furnish import furnish
from tenants.setup.operations.gaps import change_on_gaps
from tenants.setup.operations.guarantees import (
    reset_guarantee,
    reset_meeting_guarantees,
    set_guarantee,
    set_meeting_guarantee,
    set_meeting_guarantees,
)
from tenants.setup.operations.languages import (
    change_languages,
    change_wording,
    change_wordings,
    review_language,
)
from tenants.setup.operations.look import change_look, remove_logo
from tenants.setup.operations.people import (
    HOLDS_REQUESTS,
    appoint_administrator,
    appoint_lead,
    close_person,
    dismiss_administrator,
    dismiss_lead,
    end_post,
    give_post,
    invite_person,
    remove_invented,
)
from tenants.setup.operations.register import TakenIn, take_in_schools
from tenants.setup.operations.reminders import (
    change_longest_pause,
    change_meeting_reminder,
    change_reminders,
)
from tenants.setup.operations.replies import (
    add_canned_reply,
    change_canned_reply,
    remove_canned_reply,
)
from tenants.setup.operations.schools import (
    add_employer,
    add_role,
    add_school,
    change_role,
    close_role,
    close_school,
    remove_employer,
    rename_employer,
    rename_school,
    reopen_role,
    reopen_school,
)
from tenants.setup.operations.speaking import change_languages_spoken
from tenants.setup.operations.topics import (
    move_topic,
    order_topics,
    reset_topic_roles,
    set_outside_doors,
    set_topic_roles,
    show_topic,
)

__all__ = [
    "HOLDS_REQUESTS",
    "TakenIn",
    "add_break",
    "add_canned_reply",
    "add_closed_day",
    "add_employer",
    "add_role",
    "add_school",
    "appoint_administrator",
    "appoint_lead",
    "change_canned_reply",
    "change_holiday",
    "change_hours",
    "change_languages",
    "change_languages_spoken",
    "change_longest_pause",
    "change_look",
    "change_meeting_reminder",
    "change_on_gaps",
    "change_reminders",
    "change_role",
    "change_wording",
    "change_wordings",
    "close_person",
    "close_role",
    "close_school",
    "dismiss_administrator",
    "dismiss_lead",
    "end_post",
    "furnish",
    "give_post",
    "import_holidays",
    "invite_person",
    "move_topic",
    "order_topics",
    "remove_break",
    "remove_canned_reply",
    "remove_closed_day",
    "remove_employer",
    "remove_invented",
    "remove_logo",
    "rename_employer",
    "rename_school",
    "reopen_role",
    "reopen_school",
    "reset_attachments",
    "reset_guarantee",
    "reset_meeting_guarantees",
    "reset_topic_roles",
    "review_language",
    "set_attachments",
    "set_guarantee",
    "set_meeting_guarantee",
    "set_meeting_guarantees",
    "set_outside_doors",
    "set_topic_roles",
    "show_face",
    "show_topic",
    "take_back_face",
    "take_in_schools",
]
