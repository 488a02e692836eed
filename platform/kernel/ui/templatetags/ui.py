"""The template library of the design system, builtin in every template: `ui`, `uiblock`, `scene`, `picture`,
`clock`, `icon`.

Elements render in a context of their own: their parameters, and what `PAGE` names from the page. An unknown
element is a TemplateDoesNotExist that names it.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_bidi

from kernel import clock as kernel_clock
from kernel.guarantee import is_late
from kernel.ui import bidi, elements, icons, scenes, when
from kernel.ui.context import zone_of

register = template.Library()

PAGE = (
    "request",
    "csrf_token",
    "municipality",
    "languages",
    "language",
    "is_demo",
    "crisis",
    "exit_url",
    "language_form",
    "logo_url",
    "now",
    "messages",
)


def _render(context: Context, element: str, params: dict[str, Any]) -> SafeString:
    page = {key: context.get(key) for key in PAGE}
    template_name = f"ui/{element}.html"
    if context.template is None:
        raise RuntimeError("elements are rendered from within a template")
    found = context.template.engine.get_template(template_name)
    return found.render(Context(page | elements.prepare(element, params)))


def _now(context: Context) -> datetime:
    """The page's own `now`, so that one page never says two times; else the clock's."""
    now = context.get("now")
    return now if isinstance(now, datetime) else kernel_clock.now()


@register.simple_tag(takes_context=True)
def ui(context: Context, element: str, **params: Any) -> SafeString:
    """One element: `{% ui "button" text=_("Knock") %}`."""
    return _render(context, element, params)


@register.simple_block_tag(takes_context=True)
def uiblock(context: Context, content: SafeString, element: str, **params: Any) -> SafeString:
    """An element around content: `{% uiblock "card" title=… %}…{% enduiblock %}`; the content is `body`."""
    return _render(context, element, params | {"body": content})


@register.simple_tag
def scene(name: str, alt: str = "", size: str = "") -> SafeString:
    """A drawing with the door in the municipality's colour, decorative unless `alt` says something."""
    return scenes.svg(name, alt=alt, size=size)


@register.simple_tag
def picture(name: str) -> SafeString:
    """A small picture to choose by, for those who do not read much yet. The words stand beside it."""
    return scenes.picture(name)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A small line drawing in the text's colour, hidden from screen readers."""
    return icons.svg(name)


@register.simple_tag(takes_context=True)
def clock(context: Context, instant: datetime | date | str | None, form: str = "when") -> str:
    """`<time>` in the municipality's zone and the reader's language. Forms: when, from, near, time, date,
    left, short, full (never "today": for what is printed).
    """
    if not isinstance(instant, date):
        return ""
    tz, lang, written = zone_of(context.get("municipality")), get_language() or "en", instant.isoformat()
    if not isinstance(instant, datetime):  # a day, said by its noon
        instant = datetime.combine(instant, time(12), ZoneInfo(tz))
    now = _now(context)
    says = {
        "when": lambda: when.say_when(instant, now, tz, lang),
        "from": lambda: when.say_from(instant, now, tz, lang),
        "full": lambda: when.say_in_full(instant, tz, lang),
        "near": lambda: when.say_near(instant, now, tz, lang),
        "time": lambda: when.say_time(instant, tz, lang),
        "date": lambda: when.say_date(instant, now, tz, lang),
        "left": lambda: when.say_left(instant, now, lang),
        "short": lambda: when.say_left_shortly(instant, now, lang),
    }
    return format_html('<time datetime="{}">{}</time>', written, says[form]())


@register.simple_tag(takes_context=True)
def at_night(context: Context, instant: datetime | None) -> bool:
    """Whether a promise until then runs out late in the evening, at night or early in the morning, by the
    municipality's clock."""
    return instant is not None and is_late(instant, ZoneInfo(zone_of(context.get("municipality"))))


@register.simple_tag(takes_context=True)
def acting_as(context: Context) -> str:
    """The name of the invented person an administrator is just now, "" for everybody else.

    Asks only whoever carries a session, and never fails: it stands on the pages that say what went wrong.
    """
    request = context.get("request")
    if request is None or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ""
    try:
        user: Any = getattr(request, "user", None)
        return str(user.name) if getattr(user, "is_invented", False) else ""
    except (DatabaseError, InterfaceError):
        return ""


register.filter("apart", bidi.apart)
register.filter("spoken", bidi.spoken)
register.filter("typed", bidi.typed)
register.filter("listed", bidi.listed)


@register.filter
def isolated(text: str) -> str:
    """A number of figures and letters in a text from right to left: in its own order ("9-V4T", never "V4T-9"), and on
    one line."""
    return f"\u2066{text.replace('-', '\u2011')}\u2069" if get_language_bidi() else text


@register.filter
def spell(code: str) -> str:
    """A code letter by letter, for a screen reader."""
    return " ".join(str(code))


@register.simple_tag(takes_context=True)
def late(context: Context, instant: datetime | str | None) -> bool:
    """Whether the instant has passed."""
    return isinstance(instant, datetime) and instant < _now(context)
