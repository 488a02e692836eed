"""What the student's yes says, in words: on the page, and in what they take home."""

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: For the student to choose from.
SHARES: dict[str, LazyText] = {
    "everything": _("Everything that is written here"),
    "onward": _("Only what I write from now on"),
}
#: What the new door reads, once it was asked.
READS: dict[str, LazyText] = {
    "everything": _("They read everything that is written here."),
    "onward": _("They read only what you wrote since then."),
}
CODES = {
    "contact.NextDoor.shares": {
        "": pgettext_lazy("the next door reads", "nothing: you waited"),
        "onward": pgettext_lazy("the next door reads", "what you wrote from then on"),
        "everything": pgettext_lazy("the next door reads", "everything"),
    },
}
