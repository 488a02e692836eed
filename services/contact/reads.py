"""Who has read a conversation, as its student sees it: role, day and reason, a line each; no names, no clock times.

The name of who read is not shown: the law gives a student the when and the why (GDPR Art. 15; CJEU C-579/21).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q
from django.db.models.functions import TruncDate
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy, pgettext_lazy

from kernel.audit.models import ReadEntry
from kernel.tenancy import require_current
from services.contact.models import ContactRequest
from services.contact.queries import UNTOLD, WORDS_READ
from services.contact.words import BECAUSE

#: A reason as a student reads it. One that is not here is told all the same, without its name.
REASONS: dict[str, LazyText] = {
    "to answer": pgettext_lazy("why somebody read it", "to answer you"),
    "before taking": pgettext_lazy("why somebody read it", "before taking it on"),
    "without taking": pgettext_lazy("why somebody read it", "without being the one who answers"),
    "after closing": pgettext_lazy("why somebody read it", "after it was closed"),
    "for the record": pgettext_lazy("why somebody read it", "to write it in the record that the law wants"),
    "offered": pgettext_lazy("why somebody read it", "why you were introduced, before saying yes"),
    "handed over": pgettext_lazy("why somebody read it", "why you were introduced"),
    "search": pgettext_lazy("why somebody read it", "while looking for something in their conversations"),
}
ANOTHER = gettext_lazy("for another reason")


@dataclass(frozen=True, slots=True)
class ReadsOfADay:
    """Reads by people of one role on one day for one reason. `at` is the last of them; `day` the municipality's."""

    role_id: UUID | None
    day: date
    at: datetime
    why: str
    times: int

    @property
    def because(self) -> str:
        """The sentence of a read that other adults decided on; "" for any other."""
        return str(BECAUSE.get(self.why.partition(":")[0], ""))

    @property
    def reason(self) -> str:
        """The reason in a few words; "" where there is a sentence."""
        return "" if self.because else str(REASONS.get(self.why, ANOTHER))


def reads_by_day(request: ContactRequest) -> list[ReadsOfADay]:
    """Newest first; days are the municipality's. The caller has shown that the reader may ask.

    A page that shows pictures fetches each of them, and each is in the log; here it is one time that it was opened.
    Without what the law keeps from the student; without reads of something else than their words.
    """
    rows = ReadEntry.objects.filter(
        case_key_id=request.case_key_id, actor_kind="person", what__in=WORDS_READ
    ).exclude(why=UNTOLD)
    day = TruncDate("at", tzinfo=ZoneInfo(require_current().timezone))
    grouped = rows.annotate(day=day).values("role_id", "day", "why")
    opened = Count("pk", filter=~Q(what="attachment"))
    found = grouped.annotate(times=opened, last=Max("at")).order_by("-last", "why")
    return [
        ReadsOfADay(row["role_id"], row["day"], row["last"], row["why"], max(row["times"], 1))
        for row in found
    ]


@dataclass(frozen=True, slots=True)
class ReadDay:
    """That people of one role read on one day, for whatever reasons: what a student is told first. How often is told
    to whoever asks: a page that stays open is read many times by whoever answers, and nobody is watched.
    """

    role_id: UUID | None
    day: date
    reads: tuple[ReadsOfADay, ...]

    @property
    def reasons(self) -> list[str]:
        return [one.reason for one in self.reads if one.reason]

    @property
    def because(self) -> list[str]:
        return [one.because for one in self.reads if one.because]


def by_role_and_day(reads: Iterable[ReadsOfADay]) -> list[ReadDay]:
    """A line each, in the order of `reads_by_day`: nothing of it is left out."""
    lines: dict[tuple[UUID | None, date], list[ReadsOfADay]] = {}
    for one in reads:
        lines.setdefault((one.role_id, one.day), []).append(one)
    return [ReadDay(role_id, day, tuple(of_them)) for (role_id, day), of_them in lines.items()]
