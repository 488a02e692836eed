"""The code by e-mail: asked for, sent by a job, typed.

Whoever asks gets the same answer, in as much time, for an address that we know and for one that we do not: both
get a code that is counted and grows old; only the job that sends it looks whether there is anybody to send it to.
"""

import hmac
import secrets
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Case, When
from django.utils.translation import gettext as _

from kernel import clock, jobs, mailbox
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.crypto.keys import keyed_hash
from kernel.errors import FieldError, Invalid
from kernel.outbox.operations import queue
from kernel.people import limits
from kernel.permissions import require
from kernel.tenancy import inside, operator
from tenants.onboarding import states
from tenants.onboarding.models import Application, EmailCode
from tenants.onboarding.operations.rows import as_operator, audit, move
from tenants.onboarding.permissions import applicant

_DAY = timedelta(days=1)
_NOBODY = UUID(int=0)


class CodeIsOver(Invalid):
    """This code opens nothing any more, whatever is typed: a new one is needed."""


def resume(*, email: str, language: str, by: Actor) -> int:
    """Send a code to whoever wants to go on. Returns the code's id. The answer is the same whether we know the
    address or not, and whether a message goes out or five have gone today.
    """
    require(by, "onboarding.start")
    address = mailbox.spelled(email)
    may = may_mail(address)
    with as_operator():
        alone_with(address)
        known = Application.objects.filter(email=address, state__in=states.OPEN).exclude(email="")
        # What somebody has started with another's address does not stand before what its owner has shown to be theirs.
        unproved = Case(When(state=states.CODE_SENT, then=1), default=0)
        theirs = known.order_by(unproved, "-opened_at").first()
        return code_for(address=address, application=theirs, language=language, may_send=may, by=by)


def send_code(*, code_id: int, language: str, by: Actor) -> int:
    """The same code once more while it lives, else a new one. Returns the code's id."""
    require(by, "onboarding.start")
    with inside(operator()):
        asked = EmailCode.objects.filter(pk=code_id).first()
    if asked is None:  # its application is decided, or a day has passed
        return code_id
    may = _may_mail(bytes(asked.address_hash))
    with as_operator():
        _alone_with(bytes(asked.address_hash))
        application = Application.objects.filter(pk=asked.application_id or _NOBODY).first()
        return _code_for(bytes(asked.address_hash), application, language, may_send=may, by=by)


def may_mail(who: str, kind: str = "code", *, most: int | None = None) -> bool:
    """Count one message of this kind to (or by) somebody: at most so many a day (five).

    Outside of a transaction."""
    with inside(operator()):
        return _may_mail(_hash_of(who), kind, most)


def _may_mail(address_hash: bytes, kind: str = "code", most: int | None = None) -> bool:
    with inside(operator()):
        day, most = int(_DAY.total_seconds()), most or states.MAILS_A_DAY
        return limits.allowed(f"onboarding-{kind}", address_hash.hex(), most=most, seconds=day)


def alone_with(address: str) -> None:
    """Nobody else asks for a code to this address until the transaction ends: a double press is one code."""
    _alone_with(_hash_of(address))


def _alone_with(address_hash: bytes) -> None:
    with connection.cursor() as cursor:
        number = int.from_bytes(address_hash[:8], signed=True)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def code_for(
    *, address: str, application: Application | None, language: str, may_send: bool, by: Actor
) -> int:
    """The id of the code to type: the living one, which keeps its digits and gets its ten minutes anew, or a new
    one. A job sends it. Inside the operator, `alone_with` the address.
    """
    return _code_for(_hash_of(address), application, language, may_send=may_send, by=by)


def _code_for(
    address_hash: bytes, application: Application | None, language: str, *, may_send: bool, by: Actor
) -> int:
    now = clock.now()
    newest = _newest(address_hash, application.pk if application else None)
    if newest is None or (may_send and not _lives(newest)):
        newest = _drawn(address_hash, application)
    elif may_send:
        newest.expires_at, newest.sends = now + states.CODE_LIFE, newest.sends + 1
        newest.save(update_fields=["expires_at", "sends"])
    record(by=by, verb="onboarding.ask_code", kind="code", object_id=newest.pk)
    if may_send:
        jobs.defer("onboarding.deliver_code", code_id=newest.pk, language=language)
    return newest.pk


def _newest(address_hash: bytes, application_id: UUID | None) -> EmailCode | None:
    rows = EmailCode.objects.select_for_update(of=("self",))
    found = rows.filter(address_hash=address_hash, application=application_id)
    return found.order_by("-sent_at", "-pk").first()


def _lives(code: EmailCode) -> bool:
    return code.used_at is None and code.attempts < states.CODE_ATTEMPTS and clock.now() < code.expires_at


def _drawn(address_hash: bytes, application: Application | None) -> EmailCode:
    now = clock.now()
    code = EmailCode(
        application=application, address_hash=address_hash, sent_at=now, expires_at=now + states.CODE_LIFE
    )
    # Nobody's code is any six digits: what is typed is never right.
    code.code_hash = _hash(code, _digits(code)) if application else secrets.token_bytes(32)
    code.save()
    return code


def _hash_of(address: str) -> bytes:
    """An address as it is kept beside a code: to be found again, never read. Inside the operator."""
    with inside(operator()):
        return keyed_hash("address", f"onboarding:{address}".encode())


def _digits(code: EmailCode) -> str:
    """Derived, not drawn, so that the same code can be sent again and its digits are kept nowhere."""
    whose = f"{bytes(code.address_hash).hex()}:{code.application_id}:{code.sent_at.isoformat()}"
    number = int.from_bytes(keyed_hash("token", f"onboarding.digits:{whose}".encode()))
    return f"{number % 1_000_000:06}"


def _hash(code: EmailCode, digits: str) -> bytes:
    return keyed_hash("token", f"onboarding.code:{code.application_id}:{digits}".encode())


def deliver_code(*, code_id: int, language: str, by: Actor) -> None:
    """Send a code that was asked for, if there is anybody to send it to. Once for each time it was asked for."""
    require(by, "onboarding.deliver_code")
    with as_operator():
        code = EmailCode.objects.select_related("application").filter(pk=code_id).first()
        if code is None or code.application is None or not _lives(code):
            return
        if code.application.state not in states.OPEN:
            return
        digits = _digits(code)
        queue(
            cause=f"onboarding.code:{code.pk}:{code.sends}", to=code.application.email,
            template="onboarding/code", language=language,
            context={
                "code": f"{digits[:3]} {digits[3:]}", "minutes": int(states.CODE_LIFE.total_seconds() // 60)
            },
        )  # fmt: skip
        audit(code.application, by=by, verb="send_code")


def verify(*, code_id: int, code: str, by: Actor) -> Application:
    """Prove that the code arrived. Returns the application.

    Every wrong try is counted and committed before Invalid is raised (field `code`, words for wrong, used, too
    late and too often), whichever device it came from; after five the code is over whatever is typed: CodeIsOver.
    """
    require(by, "onboarding.start")
    digits = "".join(c for c in code if c in "0123456789")
    with as_operator():
        found, refusal, over = _try(code_id, digits)
    if found is None:
        raise (CodeIsOver if over else Invalid)([FieldError("code", refusal)])
    return found


def _try(code_id: int, digits: str) -> tuple[Application | None, str, bool]:
    """The application when the code was right and is now used; otherwise the words, and whether a new code is
    needed. Runs in the caller's transaction.
    """
    wrong = _("This code is wrong. Look at the newest message once more.")
    asked = EmailCode.objects.filter(pk=code_id).first()
    if asked is None:
        return None, _("This code is too old. Ask for a new one."), True
    # First the application, then its code, as everybody does; nobody's code asks as much.
    locked = Application.objects.select_for_update(of=("self",)).filter(pk=asked.application_id or _NOBODY)
    application = locked.first()
    newest = _newest(bytes(asked.address_hash), asked.application_id)
    if newest is None or (asked.application_id and not application):
        return None, _("This code is too old. Ask for a new one."), True
    if over := _over(newest):
        return None, over, True
    newest.attempts += 1
    right = hmac.compare_digest(bytes(newest.code_hash), _hash(newest, digits))
    if right and application is not None and application.state in states.OPEN:
        newest.used_at = clock.now()
        newest.save(update_fields=["attempts", "used_at"])
        _arrived(application)
        return application, "", False
    newest.save(update_fields=["attempts"])
    over = _over(newest)
    return None, over or wrong, bool(over)


def _over(code: EmailCode) -> str:
    """Why this code opens nothing any more; "" while it lives."""
    if code.used_at is not None:
        return _("This code has been used. Ask for a new one.")
    if code.attempts >= states.CODE_ATTEMPTS:
        return _("That was too many tries. Ask for a new code.")
    if clock.now() >= code.expires_at:
        return _("This code is too old. Ask for a new one.")
    return ""


def _arrived(application: Application) -> None:
    now = clock.now()
    if application.state == states.CODE_SENT:
        move(application, states.VERIFIED)
        application.verified_at, application.expires_at, application.warned_at = now, now + states.LIFE, None
        application.save(update_fields=["state", "verified_at", "expires_at", "warned_at"])
    audit(application, by=applicant(application.pk), verb="verify")


def forget_strangers(*, by: Actor) -> int:
    """Codes asked for with addresses that we do not know go after a day. Gives how many. Safe to repeat."""
    require(by, "onboarding.expire")
    with as_operator():
        old = EmailCode.objects.filter(application=None, sent_at__lt=clock.now() - _DAY)
        gone, _tables = old.delete()
        if gone:
            record(by=by, verb="onboarding.forget_strangers", kind="code", object_id="", rows=gone)
        return gone
