"""Codes of what a student takes home, in a student's words: field → code → words, of this room and of the floors below.

A room above brings its own (`following.Follower.words`). A choice without words fails a test
(tests/house/test_following.py): nothing that is given may be left out of the page.
"""

from django.utils.functional import Promise as LazyText
from django.utils.translation import pgettext_lazy

from services.contact.channels import BY_KIND

type Words = dict[str, LazyText]

_ENDED: Words = {
    "helped": pgettext_lazy("a conversation ended", "helped"),
    "referred": pgettext_lazy("a conversation ended", "led on to somebody else"),
    "not_reached": pgettext_lazy("a conversation ended", "not reached"),
    "withdrawn": pgettext_lazy("a conversation ended", "taken back by you"),
}
CONVERSATION: dict[str, Words] = {
    "contact.ContactRequest.channel_kind": {kind: way.name for kind, way in BY_KIND.items()},
    "contact.ContactRequest.state": {
        "waiting": pgettext_lazy("a request", "waiting"),
        "taken": pgettext_lazy("a request", "taken on"),
        "answered": pgettext_lazy("a request", "answered"),
        "closed": pgettext_lazy("a request", "closed"),
        "withdrawn": pgettext_lazy("a request", "taken back by you"),
    },
    "contact.ContactRequest.outcome": _ENDED,
    "contact.ConversationMessage.sender": {
        "student": pgettext_lazy("a message", "you"),
        "helper": pgettext_lazy("a message", "an adult"),
        "system": pgettext_lazy("a message", "the page"),
        "friend": pgettext_lazy("a message", "a friend of yours"),
    },
    "contact.ContactAttempt.kind": {
        "conversation": pgettext_lazy("an attempt", "in the conversation"),
        "phone": pgettext_lazy("an attempt", "by phone"),
        "sms": pgettext_lazy("an attempt", "by text message"),
        "email": pgettext_lazy("an attempt", "by e-mail"),
        "visit": pgettext_lazy("an attempt", "at school"),
        "video": pgettext_lazy("an attempt", "by video"),
        "walk": pgettext_lazy("an attempt", "on a walk"),
    },
    "contact.ContactAttempt.outcome": {
        "reached": pgettext_lazy("an attempt", "reached you"),
        "attempted": pgettext_lazy("an attempt", "did not reach you"),
    },
}
ATTACHMENTS: dict[str, Words] = {
    "attachments.Attachment.kind": {
        "picture": pgettext_lazy("a file", "a picture"),
        "document": pgettext_lazy("a file", "a document"),
    }
}
#: `system` is no choice of the table: its codes are tenants.walls.law.SystemKind.
RECORDS: dict[str, Words] = {
    "contact.RecordDue.system": {
        "patient_journal": pgettext_lazy("a record", "your health journal"),
        "psychologist_journal": pgettext_lazy("a record", "the psychologist's journal"),
        "client_record": pgettext_lazy("a record", "the social services' record"),
        "case_file": pgettext_lazy("a record", "the school's or the service's files"),
    },
    "contact.RecordDue.settled": {
        "": pgettext_lazy("a record", "not yet"),
        "recorded": pgettext_lazy("a record", "written down there"),
        "not_due": pgettext_lazy("a record", "nothing had to be written down"),
    },
}
PROMISES: dict[str, Words] = {
    "promises.Promise.kind": {
        "first_contact": pgettext_lazy("a promise", "that an adult contacts you"),
        "retry": pgettext_lazy("a promise", "that we try again"),
        "reopened": pgettext_lazy("a promise", "that an adult answers you again"),
        "meeting": pgettext_lazy("a promise", "that we meet you"),
        "handover": pgettext_lazy("a promise", "that the new adult contacts you"),
        "worry": pgettext_lazy("a promise", "that an adult decides"),
        "reply": pgettext_lazy("a promise", "that an adult answers what you wrote"),
    },
    "promises.Promise.outcome": {
        "reached": pgettext_lazy("an attempt", "reached you"),
        "attempted": pgettext_lazy("an attempt", "did not reach you"),
    },
}
HANDOVERS: dict[str, Words] = {
    "contact.Handover.state": {
        "offered": pgettext_lazy("an introduction", "waits for an answer"),
        "accepted": pgettext_lazy("an introduction", "taken on"),
        "contacted": pgettext_lazy("an introduction", "they reached you"),
        "declined": pgettext_lazy("an introduction", "they could not take it on"),
        "expired": pgettext_lazy("an introduction", "nobody answered in time"),
        "withdrawn": pgettext_lazy("an introduction", "taken back by the adult"),
        "refused": pgettext_lazy("an introduction", "you said no"),
        "over": pgettext_lazy("an introduction", "ended before they reached you"),
    },
    "contact.Handover.shares": {
        "nothing": pgettext_lazy("what follows", "nothing that you wrote before"),
        "summary": pgettext_lazy("what follows", "a short summary"),
        "onward": pgettext_lazy("what follows", "what was written from then on"),
        "everything": pgettext_lazy("what follows", "everything"),
    },
    "contact.Handover.returned": {
        "nothing": pgettext_lazy("after your no", "nothing of it"),
        "unread": pgettext_lazy("after your no", "what the new adult had not read"),
        "all": pgettext_lazy("after your no", "all of it"),
    },
    "contact.Handover.agreement": {
        "none": pgettext_lazy("how you agreed", "you did not, or were not asked"),
        "in_talk": pgettext_lazy("how you agreed", "in a talk"),
        "by_phone": pgettext_lazy("how you agreed", "by phone"),
        "in_writing": pgettext_lazy("how you agreed", "in the conversation"),
    },
}
WALLS: dict[str, Words] = {
    "walls.Grant.basis": {
        "need": pgettext_lazy("why let in", "they work together"),
        "agreement": pgettext_lazy("why let in", "you agreed"),
        "reason": pgettext_lazy("why let in", "the law allows it"),
    },
    "walls.Opening.basis": {
        "danger": pgettext_lazy("why opened", "they feared danger"),
        "student_asked": pgettext_lazy("why opened", "you asked for it"),
        "supervision": pgettext_lazy("why opened", "an authority demanded it"),
        "court": pgettext_lazy("why opened", "a court or the police demanded it"),
        "public_record": pgettext_lazy("why opened", "somebody asked for a record"),
    },
    "walls.Opening.scope": {
        "conversation": pgettext_lazy("scope", "the conversation"),
        "with_log": pgettext_lazy("scope", "the conversation and who has read it"),
    },
}
