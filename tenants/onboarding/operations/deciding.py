"""The operator decides: match the organisation, approve, ask, refuse, evict; and the clock expires what nobody
finishes.
"""

from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import MACHINE, Actor
from kernel.errors import Conflict, Invalid, violated
from kernel.outbox.links import address
from kernel.outbox.operations import queue
from kernel.people.models import Account
from kernel.permissions import require
from kernel.tenancy import MunicipalityRef, forget, inside, municipality_by_id
from tenants.municipalities.operations import change_state
from tenants.onboarding import archive, gates, organisation_numbers, papers, queries, rehearsal, states
from tenants.onboarding.models import Application, Gate
from tenants.onboarding.operations.founding import take_down_later
from tenants.onboarding.operations.publishing import publish_schools
from tenants.onboarding.operations.rows import as_operator, audit, locked, move
from tenants.onboarding.privacy import erase


def match_organisation(*, application_id: UUID, matches: bool, by: Actor) -> None:
    """The operator has looked the number up in the public register: it is (or is not) this body's."""
    with locked(application_id, by=by, verb="match_organisation") as application:
        if matches:
            Gate.objects.update_or_create(
                application=application, kind=Gate.Kind.ORGANISATION, defaults={"done_at": clock.now()}
            )
        else:
            application.gates.filter(kind=Gate.Kind.ORGANISATION).delete()
        audit(application, by=by, verb="match_organisation", matches=matches)


def approve(*, application_id: UUID, by: Actor) -> None:
    """Open the door: the signed agreement is put into the municipality's files, the rehearsal is cleared, the
    state is live.

    Clearing and opening are one transaction under the application's lock: a second press finds it decided, and
    what students write to an open door is never taken for a rehearsal. It is now that the official number becomes
    this municipality's. Raises Conflict when a gate is closed, and, naming who stands there, when another has the
    door of this number: also when both are approved at the same moment.
    """
    try:
        ref = _open_the_door(application_id, by)
    except IntegrityError as error:
        if violated(error) != "an_organisation_is_approved_once":
            raise
        with as_operator():
            standing = queries.standing(Application.objects.get(pk=application_id))
        raise Conflict(queries.taken_by(standing)) from error
    finally:
        forget()
    publish_schools(municipality_id=ref.id, by=MACHINE)


def _open_the_door(application_id: UUID, by: Actor) -> MunicipalityRef:
    with locked(application_id, by=by, verb="decide", in_states=(states.SUBMITTED,)) as application:
        if standing := queries.standing(application):
            raise Conflict(queries.taken_by(standing))
        closed = [gate for gate in gates.of(application) if not gate.passed]
        if closed:
            raise Conflict(_("Not yet: %(gate)s is still missing.") % {"gate": closed[0].title})
        ref = municipality_by_id(int(application.municipality_id or 0))
        papers.keep_signed_agreement(application, ref)
        decided = archive.decision_of(application)
        with inside(ref):
            rehearsal.clear(by=by)
            archive.bring_along(decided)
        change_state(municipality_id=ref.id, to="live", by=by)
        _tell(application, "approved", {"link": address("/setup/", ref)})
        _decide(application, states.APPROVED, by)
    return ref


def ask(*, application_id: UUID, question: str, by: Actor) -> None:
    """Ask the applicant something; they answer on their page. Raises Invalid (text)."""
    words = _words(question)
    with locked(application_id, by=by, verb="decide", in_states=(states.SUBMITTED,)) as application:
        move(application, states.QUESTION)
        now = clock.now()
        application.question, application.answer = words, ""
        application.expires_at, application.warned_at = max(application.expires_at, now + states.LIFE), None
        _tell(application, "question", {"link": address("/start/gates/")})
        application.save(update_fields=["state", "question", "answer", "expires_at", "warned_at"])
        audit(application, by=by, verb="ask")


def refuse(*, application_id: UUID, reason: str, by: Actor) -> None:
    """Say no, and why. The rehearsal is taken down and every person forgotten. Raises Invalid (text)."""
    words = _words(reason)
    allowed = states.before(states.REFUSED)
    with locked(application_id, by=by, verb="decide", in_states=allowed) as application:
        application.decision_reason = words
        _tell(application, "refused", {"reason": words})
        take_down_later(application)
        _decide(application, states.REFUSED, by)


def evict(*, application_id: UUID, reason: str, by: Actor) -> None:
    """Take back the place of somebody who is not who they said: a sign-up, a rehearsal, or a door that is open.

    A rehearsal is taken down and its address free again: no student was ever led there. An open door ends at once;
    its official number is free, its address stays taken, since students may come back to it, and what they wrote
    is kept, sealed. The evicted are told why. Raises Invalid (text), Conflict. docs/how/tenancy.md says why.
    """
    words, ended = _words(reason), None
    try:
        with locked(
            application_id, by=by, verb="decide", in_states=states.before(states.EVICTED)
        ) as application:
            application.decision_reason = words
            if application.state == states.APPROVED:
                ended = municipality_by_id(int(application.municipality_id or 0))
                _end_the_door(application, ended, by)
            else:
                _tell(application, "evicted", {"reason": words})
                take_down_later(application)
            _decide(application, states.EVICTED, by)
    finally:
        forget()
    if ended:
        publish_schools(municipality_id=ended.id, by=MACHINE)


def _end_the_door(application: Application, ref: MunicipalityRef, by: Actor) -> None:
    """Nobody enters any more; those who administered it are told by the operator, as the door sends nothing."""
    with inside(ref):
        real = Account.objects.filter(is_administrator=True, is_active=True, is_invented=False)
        people = list(real.values_list("email", "language"))
    change_state(municipality_id=ref.id, to="ended", by=by)
    for email, language in people:
        queue(
            cause=f"onboarding.evicted:{application.pk}", to=email, template="onboarding/evicted",
            language=language or application.language,
            context={"name": application.name, "reason": application.decision_reason},
        )  # fmt: skip


def _words(text: str) -> str:
    words = text.strip()
    if not 10 <= len(words) <= 2000:
        raise Invalid(text=_("Write it in whole sentences, 10 to 2,000 letters: the applicant reads this."))
    return words


def _tell(application: Application, template: str, context: dict[str, str | int]) -> None:
    """One message about this step. A second question is a new cause."""
    queue(
        cause=f"onboarding.{template}:{application.pk}:{clock.now().isoformat()}", to=application.email,
        template=f"onboarding/{template}", language=application.language,
        context={"name": _called(application), **context},
    )  # fmt: skip


def _called(application: Application) -> str:
    """What a message calls it; one that is refused early may have no name yet."""
    country, number = application.country, application.organisation_number
    return application.name or organisation_numbers.spelled(country, number)


def _decide(application: Application, state: str, by: Actor) -> None:
    move(application, state)
    application.decided_at = clock.now()
    erase(application)
    application.save()
    audit(application, by=by, verb=state)


def expire_old(*, by: Actor) -> tuple[int, int]:
    """Warn on day 23, expire on day 30 those that wait for their applicant. Gives (warned, expired). Safe
    to repeat.

    One that waits for us never expires; one that is being founded is left to its job.
    """
    require(by, "onboarding.expire")
    now = clock.now()
    with as_operator():
        waiting = Application.objects.filter(state__in=_EXPIRING, expires_at__lte=now + states.WARNING)
        ids = list(waiting.order_by("expires_at", "pk").values_list("pk", flat=True))
    warned = expired = 0
    for application_id in ids:
        outcome = _warn_or_expire(application_id, by)
        warned, expired = warned + (outcome == "warned"), expired + (outcome == "expired")
    return warned, expired


_EXPIRING = states.before(states.EXPIRED)


def _warn_or_expire(application_id: UUID, by: Actor) -> str:
    """One application in one transaction. Somebody else may have moved it on: then nothing happens."""
    try:
        with locked(application_id, by=by, verb="expire", in_states=_EXPIRING) as application:
            now = clock.now()
            if now >= application.expires_at:
                take_down_later(application)
                _decide(application, states.EXPIRED, by)
                return "expired"
            if application.warned_at is None and now >= application.expires_at - states.WARNING:
                if application.state != states.CODE_SENT:  # nobody has shown that the address is theirs
                    _tell(application, "expiring", {"link": address("/start/continue/")})
                application.warned_at = now
                application.save(update_fields=["warned_at"])
                audit(application, by=by, verb="warn")
                return "warned"
    except Conflict:
        pass
    return ""
