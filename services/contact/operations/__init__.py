"""The verbs of a contact request: the only code that writes.

Each asks who may (permissions.py), locks the request first, writes, audits, tells; in one transaction.
"""

from services.contact.operations.answering import UNDO_WITHIN as UNDO_NO_ANSWER_WITHIN
from services.contact.operations.answering import needs_no_answer, undo_needs_no_answer
from services.contact.operations.befriending import friend_writes
from services.contact.operations.flooding import forget_challenges, let_out
from services.contact.operations.forgetting import forget
from services.contact.operations.handing_on import hand_on
from services.contact.operations.handing_over import (
    Receiver,
    accept_handover,
    decline_handover,
    offer_handover,
    refuse_handover,
    withdraw_handover,
)
from services.contact.operations.helping import (
    SEEN_AFTER,
    TAKE_BACK_WITHIN,
    UNDO_WITHIN,
    RecordedContact,
    close,
    opens_again_until,
    record_contact,
    release,
    reply,
    take,
    taken_ago,
    undo_close,
    withdraw_reply,
)
from services.contact.operations.knocking import Accepted, knock
from services.contact.operations.leaving import free_what_was_left, left
from services.contact.operations.naming import set_name
from services.contact.operations.reading import (
    Conversation,
    Fetched,
    Line,
    log_read,
    read_attachment,
    read_conversation,
    take_out,
)
from services.contact.operations.reading_handovers import Opened, read_chain, read_offer
from services.contact.operations.recording import (
    Settling,
    copy_for_record,
    remind_of_records,
    settle_record,
)
from services.contact.operations.recusing import UNDO_WITHIN as UNDO_RECUSAL_WITHIN
from services.contact.operations.recusing import recuse, undo_recusal
from services.contact.operations.retention import end_rehearsal, forget_keys
from services.contact.operations.student import open_by_receipt, student_writes, withdraw
from services.contact.operations.taking_back import CONTACT_SEEN_AFTER, CONTACT_UNDO_WITHIN, undo_contact

__all__ = [
    "CONTACT_SEEN_AFTER",
    "CONTACT_UNDO_WITHIN",
    "SEEN_AFTER",
    "TAKE_BACK_WITHIN",
    "UNDO_NO_ANSWER_WITHIN",
    "UNDO_RECUSAL_WITHIN",
    "UNDO_WITHIN",
    "Accepted",
    "Conversation",
    "Fetched",
    "Line",
    "Opened",
    "Receiver",
    "RecordedContact",
    "Settling",
    "accept_handover",
    "close",
    "copy_for_record",
    "decline_handover",
    "end_rehearsal",
    "forget",
    "forget_challenges",
    "forget_keys",
    "free_what_was_left",
    "friend_writes",
    "hand_on",
    "knock",
    "left",
    "let_out",
    "log_read",
    "needs_no_answer",
    "offer_handover",
    "open_by_receipt",
    "opens_again_until",
    "read_attachment",
    "read_chain",
    "read_conversation",
    "read_offer",
    "record_contact",
    "recuse",
    "refuse_handover",
    "release",
    "remind_of_records",
    "reply",
    "set_name",
    "settle_record",
    "student_writes",
    "take",
    "take_out",
    "taken_ago",
    "undo_close",
    "undo_contact",
    "undo_needs_no_answer",
    "undo_recusal",
    "withdraw",
    "withdraw_handover",
    "withdraw_reply",
]
