"""The ways to meet, in a student's words and in a helper's. Pure."""

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from services.meetings.models import Way

WAYS = {
    Way.ROOM: _("In a room"),
    Way.PHONE: _("By phone"),
    Way.VIDEO: _("Video call"),
    Way.WALK: _("A walk"),
}
ICONS = {Way.ROOM: "room", Way.PHONE: "phone", Way.VIDEO: "video", Way.WALK: "walk"}
#: Under urgency, as helper and student say it to each other.
URGENCIES = {
    "today": _("It cannot wait"),
    "days": _("It can wait some days"),
    "weeks": _("It can wait some weeks"),
}
#: Why the promise of the meeting is where it is, for its student. %(until)s: when their turn ends.
MOVED = {
    "agreed": _("The time you chose is what we promise now."),
    "turn": _("Choose until %(until)s. The promise waits that long."),
    "waited": _("This time is later: the promise waited while you chose."),
    "cancelled": _("You wanted another time, so we promise anew."),
    "off": _("That meeting fell away, so we promise anew."),
    "missed": _("We did not meet, so we promise anew."),
    "broken": _("We did not keep the last promise, so we promise anew."),
    "urgency": _("How urgent it is has changed, so we promise anew."),
}
#: The same for the helper. %(due)s: by when it must be written down.
MOVED_FOR_HELPERS = {
    "agreed": _("The agreed time is the promise now. Write down by %(due)s what came of it."),
    "turn": _("The student chooses. The clock stands until %(until)s."),
    "waited": _("Later than at first: the clock stood while the student chose."),
    "cancelled": _("The student cancelled the agreed time: promised anew since then."),
    "off": _("The agreed time was called off: promised anew since then."),
    "missed": _("The student did not come: promised anew since then."),
    "broken": _("The promise before this one broke: promised anew since then."),
    "urgency": _("How urgent it is was changed: promised anew since then."),
}
#: Whether they are reminded of an agreed time (reminding.py), for the student.
REMINDED = {
    "mail": _("We remind you by e-mail."),
    "sent": _("We have reminded you by e-mail."),
    "failed": _("Our e-mail did not reach you. Write the time down."),
    "too_late": _("We send no reminder. Write the time down."),
    "no_sms": _("We cannot send text messages yet. Write the time down."),
    "no_way": _("We send no reminder. Write the time down."),
}
#: The same for the helper.
REMINDED_FOR_HELPERS = {
    "mail": _("The student is reminded by e-mail."),
    "sent": _("The student has been reminded by e-mail."),
    "failed": _("No reminder could be sent to the student: the e-mail did not get through."),
    "too_late": _("No reminder is sent to the student: it was agreed too late for one."),
    "no_sms": _("No reminder can be sent to the student: no SMS provider is connected."),
    "no_way": _("No reminder is sent to the student: they did not choose e-mail."),
}
#: The codes of what a student takes home, in their words: field → code → words.
CODES: dict[str, dict[str, LazyText]] = {
    "meetings.Meeting.urgency": {
        "today": pgettext_lazy("how urgent", "it could not wait"),
        "days": pgettext_lazy("how urgent", "it could wait some days"),
        "weeks": pgettext_lazy("how urgent", "it could wait some weeks"),
    },
    "meetings.Meeting.state": {
        "open": pgettext_lazy("a meeting", "not over yet"),
        "held": pgettext_lazy("a meeting", "you met"),
        "ended": pgettext_lazy("a meeting", "it ended without a meeting"),
    },
    "meetings.MeetingTime.way": {str(way): name for way, name in WAYS.items()},
    "meetings.MeetingTime.state": {
        "offered": pgettext_lazy("a time to meet", "proposed"),
        "agreed": pgettext_lazy("a time to meet", "agreed"),
        "held": pgettext_lazy("a time to meet", "you met"),
        "no_show": pgettext_lazy("a time to meet", "you did not meet"),
        "declined": pgettext_lazy("a time to meet", "not chosen"),
        "cancelled": pgettext_lazy("a time to meet", "cancelled by you"),
        "taken_back": pgettext_lazy("a time to meet", "taken back by the adult"),
        "fell_through": pgettext_lazy("a time to meet", "the adult could not come"),
    },
}
