"""The desk in words: how each way to be reached is wished for, done and tried; how many wait. Pure."""

from dataclasses import dataclass

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from services.contact.models import Channel, ContactRequest


@dataclass(frozen=True, slots=True)
class Way:
    """A way to be reached, in a helper's words.

    wish     what the student wants, for lists       rule     what alone stops the clock
    reached  what the helper says who has done it     tried    … who has tried in vain
    name     the way by itself, for choosing another
    """

    wish: LazyText
    rule: LazyText
    reached: LazyText
    tried: LazyText
    name: LazyText


WAYS: dict[str, Way] = {
    Channel.CONVERSATION: Way(
        gettext_lazy("wants an answer here"),
        gettext_lazy("Write to the student here: that is what the student chose."),
        gettext_lazy("I have written"),
        gettext_lazy("I tried to write"),
        gettext_lazy("In writing, here"),
    ),
    Channel.PHONE: Way(
        gettext_lazy("wants a call"),
        gettext_lazy("You must call: that is what the student chose."),
        gettext_lazy("I have called"),
        gettext_lazy("I called, no answer"),
        gettext_lazy("By phone"),
    ),
    Channel.SMS: Way(
        gettext_lazy("wants a text message"),
        gettext_lazy("Send a text message: that is what the student chose."),
        gettext_lazy("I have sent a text message"),
        gettext_lazy("My text message did not get through"),
        gettext_lazy("By text message"),
    ),
    Channel.EMAIL: Way(
        gettext_lazy("wants an e-mail"),
        gettext_lazy("Send an e-mail: that is what the student chose."),
        gettext_lazy("I have sent an e-mail"),
        gettext_lazy("My e-mail came back"),
        gettext_lazy("By e-mail"),
    ),
    Channel.VISIT: Way(
        gettext_lazy("wants to meet at school"),
        gettext_lazy("Meet the student at school: that is what the student chose."),
        gettext_lazy("We have met"),
        gettext_lazy("I was there, we did not meet"),
        gettext_lazy("At school"),
    ),
    Channel.VIDEO: Way(
        gettext_lazy("wants a video call"),
        gettext_lazy("Talk on video: that is what the student chose."),
        gettext_lazy("We have talked on video"),
        gettext_lazy("I waited on video, nobody came"),
        gettext_lazy("On video"),
    ),
    Channel.WALK: Way(
        gettext_lazy("wants to take a walk"),
        gettext_lazy("Take a walk together: that is what the student chose."),
        gettext_lazy("We have taken a walk"),
        gettext_lazy("I came, we did not walk"),
        gettext_lazy("On a walk"),
    ),
}

OUTCOMES: dict[str, LazyText] = {
    ContactRequest.Outcome.HELPED: gettext_lazy("The student got help"),
    ContactRequest.Outcome.REFERRED: gettext_lazy("Somebody else helps now"),
    ContactRequest.Outcome.NOT_REACHED: gettext_lazy("The student could not be reached"),
    ContactRequest.Outcome.WITHDRAWN: gettext_lazy("The student did not want help any more"),
}

#: What the student still waited for when it was closed, by its code.
LEFT_WAITING: dict[str, LazyText] = {
    "contact": gettext_lazy("No contact is recorded yet. Closing does not keep the promise."),
    "reply": gettext_lazy(
        "The student waits for this answer. Closing ends the wait, and they are not told why."
    ),
}

#: Why somebody read, by the read log's word.
_READ_BECAUSE: dict[str, LazyText] = {
    "to answer": gettext_lazy("to answer"),
    "before taking": gettext_lazy("before taking it"),
    "without taking": gettext_lazy("without taking it"),
    "after closing": gettext_lazy("after it was closed"),
    "let in by the one who has it": gettext_lazy("let in by the one who had it"),
    "by two persons": gettext_lazy("opened by two persons"),
    "for the record": gettext_lazy("for the record elsewhere"),
    "offered": gettext_lazy("asked to take it over"),
    "handed over": gettext_lazy("the reason of a handover"),
}


def read_because(why: str) -> str:
    """Why somebody read, in words; a word we do not know is said as it stands."""
    return str(_READ_BECAUSE.get(why.partition(":")[0], why))


#: Two to twelve as words, for the desk's headline; one has sentences of its own.
_WORDS = (
    pgettext_lazy("number in a sentence", "two"),
    pgettext_lazy("number in a sentence", "three"),
    pgettext_lazy("number in a sentence", "four"),
    pgettext_lazy("number in a sentence", "five"),
    pgettext_lazy("number in a sentence", "six"),
    pgettext_lazy("number in a sentence", "seven"),
    pgettext_lazy("number in a sentence", "eight"),
    pgettext_lazy("number in a sentence", "nine"),
    pgettext_lazy("number in a sentence", "ten"),
    pgettext_lazy("number in a sentence", "eleven"),
    pgettext_lazy("number in a sentence", "twelve"),
)


def _many(count: int) -> str:
    return str(_WORDS[count - 2]) if 2 <= count <= 12 else str(count)


def headline(shelf: str, count: int, news: int = 0) -> str:
    """ "Four are waiting for an answer", in the reader's language, with a capital.

    `news`: in how many of one's own a new message stands; that is said first.
    """
    if shelf == "closed":
        return pgettext("requests", "Closed")
    if shelf == "shared":
        return _("Shared with me")
    if shelf == "unrecorded":
        return _("To record elsewhere")
    if shelf == "handed":
        said = ngettext("one is offered to you", "%(many)s are offered to you", count)
        said = (said if count else _("Nothing is offered to you")) % {"many": _many(count)}
        return said[:1].upper() + said[1:]
    if shelf == "flood":
        said = ngettext("one came in a flood", "%(many)s came in a flood", count)
        said = said if count else _("No flood")
    elif shelf == "danger":
        said = ngettext("one promise is in danger", "%(many)s promises are in danger", count)
        said = said if count else _("No promise is in danger")
    elif shelf == "mine" and news:
        said = ngettext("one student has written to you", "%(many)s students have written to you", news)
        count = news
    elif shelf == "mine":
        said = ngettext("You have one conversation", "You have %(many)s conversations", count)
        said = said if count else _("You have no conversations")
    else:
        said = ngettext("one is waiting for an answer", "%(many)s are waiting for an answer", count)
        said = said if count else _("Nobody is waiting")
    said = said % {"many": _many(count)} if "%(many)s" in said else said
    return said[:1].upper() + said[1:]


def student_called(named: bool) -> str:
    """A student in a list: never the name, only whether there is one."""
    return _("Student with a name") if named else _("Student without name")


#: The kind of system in which the law wants a record.
SYSTEMS: dict[str, LazyText] = {
    "patient_journal": gettext_lazy("the patient journal"),
    "psychologist_journal": gettext_lazy("the psychologist's own journal"),
    "client_record": gettext_lazy("the client record"),
    "case_file": gettext_lazy("the authority's case file"),
}
