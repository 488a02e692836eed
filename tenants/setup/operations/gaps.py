"""What set-up does with a change that leaves a gap in the next 30 days."""

from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.errors import Invalid, NotFound
from tenants.setup.models import WorkingCalendar
from tenants.setup.operations.change import change


def change_on_gaps(*, on_gaps: str, by: Actor) -> None:
    """Warn: the page shows the gap before it saves. Block: nothing is saved that leaves one. Raises Invalid (on_gaps).

    The history keeps what it was before, so that it can be taken back.
    """
    with change(by, "change_on_gaps") as this:
        if on_gaps not in WorkingCalendar.OnGaps.values:
            raise Invalid(on_gaps=_("Choose what set-up does with a gap."))
        row = WorkingCalendar.objects.first()
        if row is None:
            raise NotFound(_("There is no calendar yet."))
        before = row.on_gaps
        if before == on_gaps:
            return
        row.on_gaps = on_gaps
        row.save(update_fields=["on_gaps"])
        this.record("gaps", row.pk, before=before, now=on_gaps)
