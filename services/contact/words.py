"""What a student is told about who has read: in sentences of at most twelve words. Pure."""

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy

#: Why somebody read, by the read log's word; those who answer need no reason.
BECAUSE: dict[str, LazyText] = {
    "let in by the one who has it": gettext_lazy("The one who helps you let them in."),
    "by two persons": gettext_lazy("Two adults decided that it was needed."),
}
#: Why two adults opened the conversation for somebody, by the opening's basis.
OPENED_BECAUSE: dict[str, LazyText] = {
    "danger": gettext_lazy("Two adults opened this for a helper. They feared you were in danger."),
    "student_asked": gettext_lazy("Two adults opened this for a helper. You asked for it."),
    "supervision": gettext_lazy("Two adults opened this for a helper. An authority demanded it."),
    "court": gettext_lazy("Two adults opened this for a helper. A court or the police demanded it."),
    "public_record": gettext_lazy("Two adults opened this for a helper. Somebody asked for a record."),
}
