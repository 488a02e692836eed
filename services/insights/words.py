"""The page in words: one sentence on top, a row a line, and "hidden" where a figure is withheld."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kernel.ui.when import say_when
from services.insights.queries import DAYS, Late, Listed, Row, Score
from services.insights.withholding import FEWEST
from tenants.setup.portal import text_in


def headline(broken: int, score: Score) -> str:
    """How it stands, in one sentence."""
    if broken:
        return ngettext(
            "%(n)s promise is broken and waits for an answer.",
            "%(n)s promises are broken and wait for an answer.",
            broken,
        ) % {"n": broken}
    if score.any_broken:
        return _("Nobody waits past the promise now.")
    if score.any_due:
        return _("Every promise was kept in the last %(days)s days.") % {"days": DAYS}
    return _("No promise has come due in the last %(days)s days.") % {"days": DAYS}


def below(broken: int, score: Score) -> str:
    """What to do about it, or what else is true."""
    if broken:
        return _("Please see to it that somebody answers.")
    if score.any_broken:
        return _("Some promises were broken in the last %(days)s days.") % {"days": DAYS}
    return ""


def lines(listed: Listed, now: datetime, timezone: str, language: str) -> list[dict[str, Any]]:
    """A list's rows: the role, the school and when the answer is due."""
    return [_line(row, now, timezone, language) for row in listed.rows]


def _line(row: Late, now: datetime, timezone: str, language: str) -> dict[str, Any]:
    due = say_when(row.due_at, now, timezone, language)
    promised = _("promised by %(when)s") % {"when": due}
    return {
        "title": text_in(row.role, language),
        "note": f"{row.school} · {promised}",
        "due": row.due_at,
    }


def headers() -> list[str]:
    return [
        _("School"),
        _("Role"),
        pgettext("promises", "Promised"),
        pgettext("promises", "Reached in time"),
        pgettext("promises", "Tried in time"),
        pgettext("promises", "Broken"),
    ]


def cells(rows: Iterable[Row], language: str) -> list[list[str]]:
    return [_cells(row, language) for row in rows]


def _cells(row: Row, language: str) -> list[str]:
    shown = row.shown
    few = _("fewer than %(n)s") % {"n": FEWEST}
    parts = (shown.reached, shown.tried, shown.broken)
    hidden = pgettext("a figure", "hidden")
    return [
        row.school,
        text_in(row.role, language),
        few if shown.promised is None else str(shown.promised),
        *(hidden if part is None else str(part) for part in parts),
    ]


def is_anything_hidden(rows: Iterable[Row]) -> bool:
    return any(None in (row.shown.promised, row.shown.reached, row.shown.broken) for row in rows)
