"""A shelf as the page shows it: groups by when the promise breaks, one line of plain words a row. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.functional import Promise as LazyText
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from kernel.ui.context import own_name
from kernel.ui.when import say_date
from services.contact.queries import Listed
from services.desk import queries
from services.desk.words import OUTCOMES, WAYS, student_called
from tenants.setup.portal import text_in

type When = Literal["broken", "today", "tomorrow", "later", "answered", "closed"]

TITLES: dict[When, LazyText] = {
    "broken": pgettext_lazy("promises", "Broken"),
    "today": pgettext_lazy("promises", "Today"),
    "tomorrow": pgettext_lazy("promises", "Tomorrow"),
    "later": pgettext_lazy("promises", "Later"),
    "answered": pgettext_lazy("requests", "Answered"),
    "closed": pgettext_lazy("requests", "Closed"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row. `due` runs; `left` and `left_at` say what there is to say when nothing runs any more."""

    id: UUID
    title: str
    note: str
    state: str
    due: datetime | None
    left: str
    left_note: str
    news: str
    current: bool

    @property
    def row_id(self) -> str:
        """Of the row in the page, so that a refresh keeps the focus where it is."""
        return f"row-{self.id}"


@dataclass(slots=True)
class Group:
    """Rows that break at about the same time."""

    when: When
    title: str
    lines: list[Line] = field(default_factory=list)

    @property
    def tone(self) -> str:
        return "danger" if self.when == "broken" else ""


def when_of(row: Listed, now: datetime, zone: ZoneInfo) -> When:
    """Broken is true by the clock, whether or not the sweep has been here; days are the municipality's."""
    if not row.request.is_open:
        return "closed"
    if row.promise is None or not row.waits():
        return "answered"
    if row.promise.state_at(now) == "broken":
        return "broken"
    # Midnight is said as 23.59 of the day before, and belongs there.
    said = row.promise.due_at - timedelta(seconds=1)
    day, today = said.astimezone(zone).date(), now.astimezone(zone).date()
    if day <= today:
        return "today"
    return "tomorrow" if day == today + timedelta(days=1) else "later"


def groups(
    rows: Iterable[Listed], now: datetime, timezone: str, language: str, current: UUID | None = None
) -> list[Group]:
    """The rows, in their order, under a title for each stretch of time. `current` is open beside the list."""
    zone, found = ZoneInfo(timezone), dict[When, Group]()
    for row in rows:
        when = when_of(row, now, zone)
        group = found.setdefault(when, Group(when, str(TITLES[when])))
        group.lines.append(_line(row, when, now, timezone, language, current))
    return list(found.values())


def _line(row: Listed, when: When, now: datetime, timezone: str, language: str, current: UUID | None) -> Line:
    """One row in words: never a name, never a word of what was written."""
    request, runs = row.request, when not in ("answered", "closed")
    left, left_at = ("", None) if runs else _what_became_of_it(row, now)
    return Line(
        id=request.pk,
        title=student_called(queries.is_named(request)),
        note=" · ".join(place_and_wish(row, language)),
        state="broken" if when == "broken" else "waiting" if runs else "done",
        due=row.due_at if runs else None,
        left=left,
        left_note=say_date(left_at, now, timezone, language) if left_at else "",
        news=ngettext("%(n)s new message", "%(n)s new messages", row.unseen) % {"n": row.unseen}
        if row.unseen and when == "answered"
        else "",
        current=request.pk == current,
    )


def place_and_wish(row: Listed, language: str) -> list[str]:
    """School, role, how the student wants to be reached (or how it ended), their language, and the case number
    that people say aloud: it tells rows apart and opens nothing."""
    request = row.request
    ended = request.outcome and str(OUTCOMES[request.outcome])
    return [
        request.school.name,
        text_in(request.role.names, language) or request.role.key,
        ended or str(WAYS[request.channel_kind].wish),
        own_name(request.language),
        request.case_number,
    ]


def _what_became_of_it(row: Listed, now: datetime) -> tuple[str, datetime | None]:
    kept = row.promise.kept_yet(now) if row.promise else None
    words = {
        True: pgettext("a promise", "Kept"),
        False: pgettext("a promise", "Broken"),
        None: pgettext("a promise", "Ended"),
    }
    at = row.promise.answered_at if row.promise else None
    return words[kept], row.request.closed_at or at


def fingerprint(rows: Iterable[Listed], count: int) -> str:
    """Changes when a row comes or goes, not when time passes: then there is something to announce."""
    said = ",".join(str(row.request.pk) for row in rows) + f"/{count}"
    return sha256(said.encode()).hexdigest()[:16]
