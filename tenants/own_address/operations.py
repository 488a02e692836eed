"""The verbs: write an address down, look whether it is proved, show it, take it away, look at all each day.

What the world outside is asked is asked before a lock is taken. The public row (`municipalities.Domain`) changes in
the transaction of ours.
"""

import base64
import secrets
from datetime import timedelta
from uuid import UUID

import idna
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import MACHINE, Actor
from kernel.audit import operations as audit
from kernel.errors import Conflict, Invalid, NotFound
from kernel.outbox.links import address, our_host
from kernel.outbox.operations import queue
from kernel.outside import Refused, checked
from kernel.people.models import Account
from kernel.permissions import require
from kernel.tenancy import require_current
from tenants.municipalities import operations as municipalities
from tenants.own_address import records
from tenants.own_address.models import OwnAddress
from tenants.setup.queries import portal

#: Addresses of one municipality at once.
MOST = 5
#: So long students are still let in after the record is gone: a change of name servers is mended in that time.
GRACE = timedelta(days=7)
#: An address is looked at again after this long; the job comes each hour.
DAILY = timedelta(hours=23)


def add(*, by: Actor, host: str) -> OwnAddress:
    """Write an address down, with the record that will prove it. Nothing leads there yet; written down before: the
    same record again, for one that was given up a new one.

    Raises Invalid (host).
    """
    require(by, "own_address.add")
    wanted = checked_host(host)
    with transaction.atomic():
        known = {row.host: row for row in OwnAddress.objects.select_for_update()}
        row = known.get(wanted)
        if row is not None and row.ended_at is None:
            return row
        if sum(one.ended_at is None for one in known.values()) >= MOST:
            raise Invalid(host=_("You have five addresses. Remove one you do not use first."))
        row = row or OwnAddress(host=wanted)
        row.token, row.asked_at = _token(), clock.now()
        row.proved_at = row.looked_at = row.missing_since = row.silent_since = row.ended_at = None
        row.answers = False
        row.save()
        audit.record(by=by, verb="own_address.add", kind="own_address", object_id=row.pk)
    return row


def checked_host(typed: str) -> str:
    """The host as it stands in a Host header: lower case, punycode. Raises Invalid (host) with the remedy."""
    name = typed.strip().lower().rstrip(".")
    for scheme in ("https://", "http://"):
        name = name.removeprefix(scheme)
    name = name.rstrip("/")
    try:
        host = idna.encode(name, uts46=True).decode()
        checked(f"https://{host}/")
    except (idna.IDNAError, UnicodeError, Refused):
        raise Invalid(host=_("Write a host name alone, like door.municipality.example.")) from None
    if host.split(".")[-1] in ("localhost", "local", "internal", "test"):
        raise Invalid(host=_("Write a host name alone, like door.municipality.example."))
    if host.count(".") < 2:
        raise Invalid(host=_("Take a name below your own, like door.municipality.example."))
    if host == settings.FRONT_HOST or host.endswith(f".{settings.FRONT_HOST}"):
        raise Invalid(host=_("This is an address of ours already. Write one of your own."))
    return host


def look(*, by: Actor, address_id: UUID) -> records.Found:
    """Ask whether the record is there, now. There: students are let in from this moment.

    Raises NotFound; Conflict where another municipality has proved the same address.
    """
    require(by, "own_address.look")
    seen = OwnAddress.objects.filter(pk=address_id, ended_at=None).first()
    if seen is None:
        raise NotFound()
    found = _found(seen)
    with transaction.atomic():
        row = _locked(address_id)
        if row.ended_at is None and row.token == seen.token:
            _keep(row, found, by)
    return found


def show(*, by: Actor, address_id: UUID | None) -> None:
    """Say this address on posters, cards and links from now on (None: the platform's). Earlier ones go on working.

    Raises NotFound; Conflict for one that is not proved, or does not answer.
    """
    require(by, "own_address.show")
    with transaction.atomic():
        row = _locked(address_id) if address_id else None
        if row is not None and not (row.serves and row.answers):
            raise Conflict(_("This address does not lead here yet. Check it again first."))
        OwnAddress.objects.filter(is_shown=True).update(is_shown=False)
        if row is not None:
            OwnAddress.objects.filter(pk=row.pk).update(is_shown=True)
        municipalities.show_domain(
            municipality_id=require_current().id, domain=row.host if row else "", by=MACHINE
        )
        audit.record(
            by=by,
            verb="own_address.show",
            kind="own_address",
            object_id=row.pk if row else None,
            shown=bool(row),
        )


def remove(*, by: Actor, address_id: UUID) -> None:
    """Lead nobody here by it any more. Taken away before: nothing happens. Raises NotFound."""
    require(by, "own_address.remove")
    with transaction.atomic():
        row = _locked(address_id)
        if row.ended_at is None:
            _end(row, by)


def look_at_all(*, by: Actor) -> int:
    """Each address once a day; one that is shown and does not lead here, each time. A record that is gone is told to
    the administrators at once, and again when, after `GRACE`, nobody is let in any more; a name server that says
    nothing changes nothing. An address that does not lead here at two looks in a row is shown no more, and that is
    told. Gives how many were asked.
    """
    require(by, "own_address.look_at_all")
    due = Q(looked_at__lte=clock.now() - DAILY) | Q(silent_since__isnull=False, is_shown=True)
    asked = list(OwnAddress.objects.filter(due, proved_at__isnull=False, ended_at=None))
    for seen in asked:
        found = _found(seen)
        with transaction.atomic():
            row = _locked(seen.pk)
            if row.serves and row.token == seen.token:
                _keep(row, found, by)
    return len(asked)


def _found(row: OwnAddress) -> records.Found:
    return records.look(row.host, row.token, our_host(require_current()))


def _keep(row: OwnAddress, found: records.Found, by: Actor) -> None:
    """What a look found, and what follows from it."""
    now = clock.now()
    was_silent = row.silent_since is not None
    row.looked_at, row.answers = now, found.answers
    row.silent_since = None if found.answers else row.silent_since or now
    if found.proof == "there":
        row.missing_since = None
        if row.proved_at is None:
            _prove(row, by)
    elif found.proof == "missing" and row.serves:
        if row.missing_since is None:
            row.missing_since = now
            _tell(row, "missing")
        elif now - row.missing_since >= GRACE:
            _end(row, by)
            _tell(row, "gone")
            return
    if row.is_shown and was_silent and row.silent_since is not None:
        row.is_shown = False
        municipalities.show_domain(municipality_id=require_current().id, domain="", by=MACHINE)
        audit.record(by=by, verb="own_address.show", kind="own_address", object_id=row.pk, shown=False)
        _tell(row, "silent")
    row.save()


def _prove(row: OwnAddress, by: Actor) -> None:
    row.proved_at = clock.now()
    try:
        municipalities.add_domain(municipality_id=require_current().id, domain=row.host, by=MACHINE)
    except Invalid as taken:
        raise Conflict(
            _("Another municipality has proved this address. Remove its record, or write to us.")
        ) from taken
    audit.record(by=by, verb="own_address.prove", kind="own_address", object_id=row.pk)


def _end(row: OwnAddress, by: Actor) -> None:
    was_proved = row.proved_at is not None
    row.ended_at, row.is_shown = clock.now(), False
    row.save()
    if was_proved:
        municipalities.remove_domain(municipality_id=require_current().id, domain=row.host, by=MACHINE)
    audit.record(by=by, verb="own_address.remove", kind="own_address", object_id=row.pk)


def _tell(row: OwnAddress, what: str) -> None:
    """Every administrator, by mail. The host is the municipality's own and public."""
    default = portal().default_language
    for person in Account.objects.filter(is_administrator=True, is_active=True):
        queue(
            cause=f"own-address-{what}:{row.pk}:{row.missing_since or row.silent_since:%Y%m%d%H}",
            to=person,
            template=f"own_address/{what}",
            language=person.language or default,
            context={"host": row.host, "page": address("/setup/address/")},
        )


def _locked(address_id: UUID) -> OwnAddress:
    row = OwnAddress.objects.select_for_update().filter(pk=address_id).first()
    if row is None:
        raise NotFound()
    return row


def _token() -> str:
    """160 random bits: nobody finds a municipality's before it stands in its record."""
    return base64.b32encode(secrets.token_bytes(20)).decode().lower()
