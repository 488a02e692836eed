"""A shelf as the page shows it: groups by when the promise breaks, one line of plain words a row. Pure."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from kernel.ui.context import own_name
from kernel.ui.when import say_date_shortly
from services.contact.queries import Listed
from services.desk import queries
from services.desk.wish_words import danger_sign
from services.desk.words import OUTCOMES, WAYS
from services.promises.models import Promise
from tenants.setup.portal import text_in

type When = Literal["broken", "news", "today", "tomorrow", "later", "answered", "closed"]

TITLES: dict[When, LazyText] = {
    "broken": pgettext_lazy("promises", "Broken"),
    "news": pgettext_lazy("requests", "New messages"),
    "today": pgettext_lazy("promises", "Today"),
    "tomorrow": pgettext_lazy("promises", "Tomorrow"),
    "later": pgettext_lazy("promises", "Later"),
    "answered": pgettext_lazy("requests", "Answered"),
    "closed": pgettext_lazy("requests", "Closed"),
}
#: What runs first, by its clock.
ORDER: tuple[When, ...] = ("broken", "today", "tomorrow", "later", "news", "answered", "closed")


@dataclass(frozen=True, slots=True)
class Differs:
    """What tells rows apart here: said only where it could be otherwise.

    `language` is the one most students write in: the municipality's default.
    """

    schools: bool = True
    roles: bool = True
    language: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row. `due` runs; `left` and `left_at` say what there is to say when nothing runs any more. `sign`: a chip
    that says what is urgent."""

    id: UUID
    title: str
    number: str
    note: str
    state: str
    due: datetime | None
    left: str
    left_note: str
    news: str
    current: bool
    sign: Mapping[str, str] | None = None

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
        return "news" if row.unseen else "answered"
    if row.promise.state_at(now) == "broken":
        return "broken"
    # Midnight is said as 23.59 of the day before, and belongs there.
    said = row.promise.due_at - timedelta(seconds=1)
    day, today = said.astimezone(zone).date(), now.astimezone(zone).date()
    if day <= today:
        return "today"
    return "tomorrow" if day == today + timedelta(days=1) else "later"


def groups(
    rows: Iterable[Listed],
    now: datetime,
    timezone: str,
    language: str,
    current: UUID | None = None,
    differs: Differs = Differs(),
    *,
    shared: bool = False,
    worries: Mapping[UUID, Promise] | None = None,
    doors: Container[tuple[UUID, UUID]] = (),
) -> list[Group]:
    """The rows, in their order, under a title for each stretch of time. `current` is open beside the list. On a
    `shared` screen a row says its number, role, school and clock, and nothing else but that it comes first. Where no
    promise of a row runs any more, the clock of its open worry (`worries`) does: nothing is done there. `doors`: (role,
    school) where the reader answers, and is shown what is urgent.
    """
    zone, found = ZoneInfo(timezone), dict[When, Group]()
    for row in rows:
        when, worry = when_of(row, now, zone), (worries or {}).get(row.request.pk)
        if worry is not None and when in ("news", "answered"):
            row = replace(row, promises=(worry,))
            when = when_of(row, now, zone)
        group = found.setdefault(when, Group(when, str(TITLES[when])))
        line = _line(row, when, now, timezone, language)
        line = replace(line, note=" · ".join(place(row, language, differs)), current=line.id == current)
        if row.is_grave and row.request.is_open and (row.request.role_id, row.request.school_id) in doors:
            line = replace(line, sign=danger_sign(shared=shared))
        group.lines.append(_sparse(line, row, language) if shared else line)
    return [found[when] for when in ORDER if when in found] if worries else list(found.values())


def _line(row: Listed, when: When, now: datetime, timezone: str, language: str) -> Line:
    """One row in words: never a name, never a word of what was written."""
    request, runs = row.request, when not in ("news", "answered", "closed")
    left, left_at = ("", None) if runs else _what_became_of_it(row, now)
    return Line(
        id=request.pk,
        title=wish_or_end(row),
        number=request.case_number,
        note="",
        state="broken" if when == "broken" else "waiting" if runs else "done",
        due=row.due_at if runs else None,
        left=left,
        left_note=say_date_shortly(left_at, now, timezone, language) if left_at else "",
        news=ngettext("%(n)s new message", "%(n)s new messages", row.unseen) % {"n": row.unseen}
        if row.unseen and (when == "news" or (request.is_open and request.taken_by_id))
        else "",
        current=False,
    )


def _sparse(line: Line, row: Listed, language: str) -> Line:
    request = row.request
    role = text_in(request.role.names, language) or request.role.key
    return replace(line, title=line.number, number="", note=f"{role} · {request.school.name}", news="")


def wish_or_end(row: Listed) -> str:
    """How the student wants to be reached, or how it ended, with a capital: what differs most between rows."""
    request = row.request
    said = str(OUTCOMES[request.outcome] if request.outcome else WAYS[request.channel_kind].wish)
    return said[:1].upper() + said[1:]


def place(row: Listed, language: str, differs: Differs) -> list[str]:
    """Whether there is a name, school, role and the student's language, where these tell rows apart. The case
    number beside them is what people say aloud: it opens nothing."""
    request = row.request
    said = [pgettext("student in a list", "with a name")] if queries.is_named(request) else []
    if differs.schools:
        said.append(request.school.name)
    if differs.roles:
        said.append(text_in(request.role.names, language) or request.role.key)
    if request.language != differs.language:
        said.append(own_name(request.language))
    if row.wished and request.taken_by_id is None:
        said.append(_("for %(name)s first") % {"name": row.wished})
    return said


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
    """Changes when a row or a message comes or goes, not when time passes: then there is something to announce."""
    said = ",".join(f"{row.request.pk}:{row.unseen}" for row in rows) + f"/{count}"
    return sha256(said.encode()).hexdigest()[:16]
