"""A quarter that is over is counted once and kept."""

from dataclasses import asdict

from django.db import transaction

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.permissions import require
from kernel.tenancy import require_current
from services.insights import course
from services.insights.models import QuarterOfHelp


@transaction.atomic
def keep_quarter(*, by: Actor) -> int:
    """Keep how far help came in the last quarter, by door, as it may be said. Kept already: nothing happens, whatever
    has changed since; nor in a rehearsal. Returns how many doors.
    """
    require(by, "insights.keep_quarter")
    start, end = course.last_quarter(clock.now(), require_current().timezone)
    is_rehearsal = require_current().state == "rehearsal"
    if is_rehearsal or QuarterOfHelp.objects.filter(first_day=start.date()).exists():
        return 0
    rows = [
        QuarterOfHelp(
            first_day=start.date(),
            school_id=one.school_id,
            role_id=one.role_id,
            **asdict(course.withhold(one.course)),
        )
        for one in course.counted(start, end)
    ]
    kept = len(QuarterOfHelp.objects.bulk_create(rows, ignore_conflicts=True))
    if kept:
        about = require_current().id
        record(
            by=by,
            verb="insights.keep_quarter",
            kind="municipality",
            object_id=about,
            first_day=str(start.date()),
        )
    return kept
