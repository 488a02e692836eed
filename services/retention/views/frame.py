"""What the pages of retention have in common: days in words, and one answer to what was done."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language

from kernel import clock
from kernel.tenancy import require_current
from kernel.ui.when import say_date


def in_words(day: date) -> str:
    """A local date as the page says it."""
    zone = require_current().timezone
    noon = datetime.combine(day, time(12), ZoneInfo(zone))
    return say_date(noon, clock.now(), zone, get_language() or "en")


def done(request: HttpRequest, text: Any, to: str) -> HttpResponseRedirect:
    """Say what was done, and show the page again: pressing reload does nothing twice."""
    messages.success(request, text)
    return HttpResponseRedirect(reverse(f"retention:{to}"))
