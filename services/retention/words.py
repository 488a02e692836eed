"""Codes in words: for administrators, and for students in sentences of at most twelve words."""

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from services.contact.channels import BY_KIND

ENDED: dict[str, LazyText] = {
    "helped": pgettext_lazy("a conversation ended", "helped"),
    "referred": pgettext_lazy("a conversation ended", "led on to somebody else"),
    "not_reached": pgettext_lazy("a conversation ended", "not reached"),
    "withdrawn": pgettext_lazy("a conversation ended", "taken back by the student"),
}
METHODS: dict[str, LazyText] = {
    "anonymise": _("Destroy the words, keep a count for the statistics"),
    "delete": _("Delete all of it"),
    "keep": _("Keep it"),
}
ARCHIVE: dict[str, LazyText] = {
    "delete": _("It is deleted when its time is over"),
    "own_archive": _("What must be kept goes to our own archive first"),
    "national_archive": _("What must be kept goes to a shared or national archive first"),
}
BASES: dict[str, LazyText] = {
    "court": _("A court or the police"),
    "supervision": _("A supervisory authority"),
    "complaint": _("A complaint or a claim"),
    "archive": _("The archive has asked for it"),
}

#: What must be over before it can go, for the student. What is not here is said by the last sentence.
WAITS_FOR: dict[str, LazyText] = {
    "unread": _("An adult reads first what you wrote last."),
    "promise": _("We have promised you something, and that is not over."),
    "record-due": _("The helper writes first what their journal must have."),
    "handover": _("You are being introduced to another adult."),
    "meeting": _("You have agreed on a time to meet."),
    "archive_undecided": _("The municipality decides first what it must keep. It has set no day."),
    "archive": _("The archive takes out first what it must have."),
}
SOMETHING = _("An adult still has something to do with it.")

#: What a helper had to write elsewhere stays there: by the kind of system.
RECORDED: dict[str, LazyText] = {
    "patient_journal": _("What belongs in your health journal stays there."),
    "psychologist_journal": _("What belongs in the psychologist's journal stays there."),
    "client_record": _("What belongs in the social services' record stays there."),
    "case_file": _("What belongs in the school's or the service's files stays there."),
}

#: What a code in the student's own data means. Any other is left out of the page; the file for machines has it.
CODES: dict[str, LazyText] = {
    **{kind: way.name for kind, way in BY_KIND.items()},
    "waiting": pgettext_lazy("a request", "waiting"),
    "taken": pgettext_lazy("a request", "taken on"),
    "answered": pgettext_lazy("a request", "answered"),
    "closed": pgettext_lazy("a request", "closed"),
    **ENDED,
    "student": pgettext_lazy("a message", "you"),
    "helper": pgettext_lazy("a message", "an adult"),
    "system": pgettext_lazy("a message", "the page"),
    "reached": pgettext_lazy("an attempt", "reached you"),
    "attempted": pgettext_lazy("an attempt", "did not reach you"),
    "picture": pgettext_lazy("a file", "a picture"),
    "document": pgettext_lazy("a file", "a document"),
    "need": pgettext_lazy("why let in", "they work together"),
    "agreement": pgettext_lazy("why let in", "you agreed"),
    "reason": pgettext_lazy("why let in", "the law allows it"),
    "danger": pgettext_lazy("why opened", "they feared danger"),
    "student_asked": pgettext_lazy("why opened", "you asked for it"),
    "supervision": pgettext_lazy("why opened", "an authority demanded it"),
    "court": pgettext_lazy("why opened", "a court or the police demanded it"),
    "public_record": pgettext_lazy("why opened", "somebody asked for a record"),
    "complaint": pgettext_lazy("why kept", "somebody complained"),
    "archive": pgettext_lazy("why kept", "the archive asked for it"),
    "conversation": pgettext_lazy("scope", "the conversation"),
    "with_log": pgettext_lazy("scope", "the conversation and who has read it"),
}
