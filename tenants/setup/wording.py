"""The sentences a municipality may replace by its own, whole, per language. What we say ourselves is in
the pages."""

from django.utils.translation import gettext_lazy as _

#: What we say ourselves: the msgids of services/contact's first page, so that both read the same.
OURS = {
    "greeting": _("Do you need someone to talk to?"),
    "lead": _("Big or small. An adult at your school gets in touch. You choose who and how."),
    "about": "",
}

#: key → (what it is, where the student meets it)
KEYS = {
    "greeting": (_("The first question"), _("The big line at the top of the first page.")),
    "lead": (_("The line below it"), _("One or two sentences under the question.")),
    "about": (_("Who answers"), _("A few sentences about your helpers, further down the first page.")),
}
