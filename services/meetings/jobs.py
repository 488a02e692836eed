"""What the clock does to meetings, besides their promises: tomorrow's are told of, and an agreed time whose helper
is away by now falls through."""

from django.db import transaction

from kernel import jobs
from kernel.actor import MACHINE
from services.contact.models import ContactRequest
from services.meetings import operations
from services.meetings.absence import cannot_be
from services.meetings.day_before import to_tell


@jobs.every_hour_inside
def remind_of_tomorrow() -> None:
    """In every municipality. Safe to run twice at once: each is told once."""
    for one in to_tell():
        operations.remind_the_day_before(
            by=MACHINE, time_id=one.time_id, helper=one.helper, student=one.student
        )


@jobs.every_hour_inside
def look_for_helpers_who_are_away() -> None:
    """In every municipality."""
    let_absences_count()


def let_absences_count() -> None:
    """Safe to run twice at once: the request is locked, and what has fallen through is found no more."""
    for request_id, account_id, times in cannot_be():
        with transaction.atomic():
            request = ContactRequest.objects.select_for_update().filter(pk=request_id).first()
            if request is not None and request.is_open:
                operations.fall_through(by=MACHINE, request=request, account_id=account_id, day_of=times)
