"""What happens without anybody waiting for it.

Founding and dissolving are the operator's jobs; the list of schools is the changed municipality's own.
"""

import time
from uuid import UUID

from kernel import jobs
from kernel.actor import MACHINE
from kernel.events import MunicipalityFounded, SchoolWentLive, on
from kernel.tenancy import require_current
from tenants.onboarding import operations


@jobs.task("onboarding.found", in_transaction=False, operators=True)
def found(*, application_id: str) -> None:
    """Build the rehearsal portal of an application."""
    operations.found(application_id=UUID(application_id), by=MACHINE)


@jobs.task("onboarding.deliver_code", operators=True)
def deliver_code(*, code_id: str | int, language: str) -> None:
    """Send the code that somebody asked for."""
    operations.deliver_code(code_id=int(code_id), language=language, by=MACHINE)


@jobs.task("onboarding.dissolve", in_transaction=False, operators=True)
def dissolve(*, municipality_id: int) -> None:
    """Take down a rehearsal portal nobody applies for any more."""
    operations.dissolve_rehearsal(municipality_id=int(municipality_id), by=MACHINE)


@jobs.task("onboarding.publish", in_transaction=False)
def publish(**queued_before: object) -> None:
    """Bring the public list of this municipality's schools up to date.

    Jobs queued by an earlier release name a municipality; nobody listens.
    """
    operations.publish_schools(municipality_id=require_current().id, by=MACHINE)


@on(SchoolWentLive)
def a_school_went_live(event: SchoolWentLive) -> None:
    jobs.defer("onboarding.publish")


@on(MunicipalityFounded)
def a_municipality_was_founded(event: MunicipalityFounded) -> None:
    """Those founded by command are live at once; those that rehearse publish nothing."""
    jobs.defer("onboarding.publish")


@jobs.every_minute
def sweep() -> tuple[int, int]:
    """One pass of the clock: warn and expire. Gives (warned, expired)."""
    operations.forget_strangers(by=MACHINE)
    return operations.expire_old(by=MACHINE)


#: Renamed and closed schools, and doors opened by command, are noticed within this many seconds.
_LOOK_AGAIN = 600.0
_looked_at = float("-inf")


@jobs.every_minute
def publish_everywhere() -> None:
    """Bring the public list of schools up to date for whoever changed without telling, every ten minutes."""
    global _looked_at
    if time.monotonic() - _looked_at >= _LOOK_AGAIN:
        _looked_at = time.monotonic()
        operations.publish_all(by=MACHINE)
