"""The review in words: reasons, outliers, outcomes."""

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from services.logreview.models import LogReview
from services.logreview.outliers import Kind

WHYS: dict[str, LazyText] = {
    "to answer": pgettext_lazy("why a helper read", "to answer"),
    "before taking": pgettext_lazy("why a helper read", "before taking"),
    "without taking": pgettext_lazy("why a helper read", "without taking"),
    "after closing": pgettext_lazy("why a helper read", "after closing"),
    "let in by the one who has it": pgettext_lazy("why a helper read", "let in by the one who has it"),
    "by two persons": pgettext_lazy("why a helper read", "opened by two persons"),
    "by two persons, untold": pgettext_lazy("why a helper read", "opened by two persons, untold"),
    "own draft": pgettext_lazy("why a helper read", "their own draft"),
    "for the record": pgettext_lazy("why a helper read", "for the record elsewhere"),
    "offered": pgettext_lazy("why a helper read", "asked to take it over"),
    "handed over": pgettext_lazy("why a helper read", "the reason of a handover"),
    "search": pgettext_lazy("why a helper read", "search in own conversations"),
}
OUTLIERS: dict[Kind, LazyText] = {
    "many": gettext_lazy("Many reads"),
    "without_taking": gettext_lazy("Reads without taking"),
    "at_night": gettext_lazy("Reads at night"),
    "one_by_many": gettext_lazy("One case, read by many"),
}
OUTCOMES: dict[str, LazyText] = {
    LogReview.Outcome.IN_ORDER: gettext_lazy("Everything has its reason"),
    LogReview.Outcome.FOLLOWED_UP: gettext_lazy("Something is being asked about"),
}


def lead(people: int, reads: int) -> str:
    """How much there was to look through, as one would say it: "3 people have read, 12 times in all." """
    who = ngettext("%(n)s person has read", "%(n)s people have read", people) % {"n": people}
    how_often = ngettext("%(n)s time in all", "%(n)s times in all", reads) % {"n": reads}
    return _("%(who)s, %(how_often)s. You see roles, times and reasons, never what was read.") % {
        "who": who,
        "how_often": how_often,
    }


def so_many_people(people: int) -> str:
    return ngettext("%(count)s person", "%(count)s people", people) % {"count": people}


def why(code: str) -> str:
    """A reason; one without words of its own as it stands in the log."""
    return str(WHYS.get(code.partition(":")[0], code))
