"""Codes in words: for administrators, and for students in sentences of at most twelve words."""

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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

#: Why it had to be kept, as its student takes it home.
CODES: dict[str, dict[str, LazyText]] = {
    "retention.LegalHold.basis": {
        "court": pgettext_lazy("why kept", "a court or the police demanded it"),
        "supervision": pgettext_lazy("why kept", "an authority demanded it"),
        "complaint": pgettext_lazy("why kept", "somebody complained"),
        "archive": pgettext_lazy("why kept", "the archive asked for it"),
    }
}
