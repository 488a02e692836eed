"""From filled-in to a rehearsal portal: a job, so that nobody's request waits; and taking a rehearsal down
again.
"""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from kernel import clock, jobs
from kernel.actor import Actor
from kernel.errors import Conflict, Invalid, Unavailable
from kernel.people.operations import invite
from kernel.permissions import require
from kernel.tenancy import MunicipalityRef, front, inside, operator
from tenants.municipalities.models import Municipality
from tenants.municipalities.operations import check_address, found_municipality, remove_rehearsal
from tenants.onboarding import rehearsal, states
from tenants.onboarding.models import Application
from tenants.onboarding.operations.rows import as_operator, audit, locked, move
from tenants.setup import operations as setup

#: What `founding_step` says: shown to whoever waits.
QUEUED, BUILDING, READY, FAILED = "queued", "building", "ready", "failed"


def missing(application: Application) -> list[str]:
    """Names of the answers that founding still needs."""
    needed = ("name", "slug", "pilot_school", "languages", "default_language", "brand")
    return [field for field in needed if not getattr(application, field)]


def request_founding(*, application_id: UUID, by: Actor) -> None:
    """Ask for the rehearsal portal.

    A second click is harmless. Raises Conflict (something is missing), Unavailable.
    """
    with locked(application_id, by=by, verb="fill_in") as application:
        if application.state != states.VERIFIED:
            return
        if missing(application):
            raise Conflict(_("Some answers are still missing. Go through the pages once more."))
        today = Application.objects.filter(founding_at__gt=clock.now() - timedelta(days=1)).count()
        if today >= states.FOUNDINGS_A_DAY:
            raise Unavailable(
                _("Very many are signing up today. Come back tomorrow: all your answers are kept.")
            )
        if errors := check_address(application.slug):
            raise Invalid(errors)
        move(application, states.FOUNDING)
        application.founding_step, application.founding_at = QUEUED, clock.now()
        application.save(update_fields=["state", "founding_step", "founding_at"])
        audit(application, by=by, verb="request_founding")
        jobs.defer("onboarding.found", application_id=str(application.pk))


def found(*, application_id: UUID, by: Actor) -> None:
    """Found and furnish what the application asks for; safe to run again after a crash anywhere.

    An address that was taken meanwhile sends the applicant back to choose another; anything else is raised.
    """
    with locked(application_id, by=by, verb="found") as application:
        if application.state != states.FOUNDING:
            return
        application.founding_step = BUILDING
        application.save(update_fields=["founding_step"])
    try:
        ref = _already_founded(application) or _found(application, by)
    except Invalid as wrong:
        if any(
            error.field == "logo" for error in wrong.errors
        ):  # another one is being drawn: the job comes again
            raise Unavailable from wrong
        _send_back(application_id, by)
        return
    with locked(application_id, by=by, verb="found", in_states=(states.FOUNDING,)) as application:
        move(application, states.REHEARSING)
        application.municipality_id, application.founding_step = ref.id, READY
        application.save(update_fields=["state", "municipality", "founding_step"])
        audit(application, by=by, verb="found", municipality=ref.id)


def _found(application: Application, by: Actor) -> MunicipalityRef:
    return found_municipality(
        slug=application.slug, name=application.name, country=application.country, kind=application.kind,
        code=application.register_code, is_demo=settings.DEMO, by=by,
        prepare=lambda ref: _furnish(application, by),
    )  # fmt: skip


def _furnish(application: Application, by: Actor) -> None:
    """Runs inside the new municipality, in its founding transaction."""
    setup.furnish(
        country=application.country, kind=application.kind, languages=list(application.languages),
        default_language=application.default_language, brand=application.brand, by=by,
    )  # fmt: skip
    if application.logo:
        setup.change_look(brand=application.brand, logo=bytes(application.logo), by=by)
    form = "upper_secondary" if application.kind == "county" else "compulsory"
    setup.add_school(name=application.pilot_school, form=form, by=by)
    invite(
        by=by, email=application.email, name=application.contact_name,
        language=application.language, is_administrator=True,
    )  # fmt: skip
    rehearsal.people_the_stage(application.slug, application.country, by=by)


def _already_founded(application: Application) -> MunicipalityRef | None:
    """The portal of an earlier try that died before it could say so: ours by address, name and time."""
    with front():
        row = Municipality.objects.filter(
            slug=application.slug, name=application.name, state=Municipality.State.REHEARSAL,
            founded_at__gte=application.founding_at,
        ).first()  # fmt: skip
    with inside(operator()):
        claimed = row is not None and Application.objects.filter(municipality=row).exists()
    return None if row is None or claimed else row.ref()


def _send_back(application_id: UUID, by: Actor) -> None:
    with locked(application_id, by=by, verb="found", in_states=(states.FOUNDING,)) as application:
        move(application, states.VERIFIED)
        application.founding_step, application.slug, application.register_code = FAILED, "", ""
        application.save(update_fields=["state", "founding_step", "slug", "register_code"])
        audit(application, by=by, verb="found", failed=True)


def take_down_later(application: Application) -> None:
    """Let go of the rehearsal portal, in the caller's transaction; a job takes it down and frees the
    address.
    """
    if application.municipality_id:
        jobs.defer("onboarding.dissolve", municipality_id=application.municipality_id)
        application.municipality = None


def dissolve_rehearsal(*, municipality_id: int, by: Actor) -> None:
    """Take a portal down that nobody applies for any more.

    Never one that is or was live: then nothing happens.
    """
    require(by, "onboarding.expire")
    with as_operator():
        if Application.objects.filter(municipality_id=municipality_id).exists():
            return
    remove_rehearsal(municipality_id=municipality_id, by=by)
