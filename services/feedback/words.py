"""The answers in words: to the student, to the adult, and in what is taken home."""

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ANSWERS: dict[str, LazyText] = {
    "yes": pgettext_lazy("did you get help", "Yes"),
    "little": pgettext_lazy("did you get help", "A little"),
    "no": pgettext_lazy("did you get help", "No"),
    "skipped": pgettext_lazy("did you get help", "Skip"),
}
#: To the adult the student shared it with.
TOLD: dict[str, LazyText] = {
    "yes": _("The student says that it helped."),
    "little": _("The student says that it helped a little."),
    "no": _("The student says that it did not help."),
}
CODES = {
    "feedback.Feedback.answer": {
        "yes": pgettext_lazy("whether it helped", "yes"),
        "little": pgettext_lazy("whether it helped", "a little"),
        "no": pgettext_lazy("whether it helped", "no"),
        "skipped": pgettext_lazy("whether it helped", "not said"),
    },
}
