"""Changing keys and destroying them. Each step is a transaction of its own, can be stopped anywhere, and done
again it goes on where it was: docs/how/keys.md.
"""

from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, Q

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.crypto import keys
from kernel.crypto.models import CaseKey, MunicipalityKey
from kernel.permissions import require
from kernel.tenancy import MunicipalityRef, inside, operator, require_current

#: Case keys wrapped anew in one transaction.
BATCH = 500
#: What short-lived boxes live at most (a message is given up after 24 h, a session ends sooner), twice.
SHORT_LIFE = timedelta(hours=48)
_LOCK_TIMEOUT = "5s"


@transaction.atomic
def rewrap_municipality_keys(*, by: Actor) -> int:
    """Wrap under the present KEY_ENCRYPTION_KEY what the previous one still wraps. Returns how many.

    Raises CannotOpen when neither opens a key: then nothing of this municipality is changed.
    """
    require(by, "crypto.rotate")
    count = _rewrap()
    if count:
        record(by=by, verb="crypto.rewrap", kind="municipality_key", object_id="all", count=count)
    return count


def rewrap_keys_of_the_ended(*, by: Actor, ended: MunicipalityRef) -> int:
    """The same for a municipality that has ended and is kept: its schema stands still, the operator's audit
    has the record."""
    require(by, "crypto.rotate")
    with inside(ended), transaction.atomic():
        count = _rewrap()
    if count:
        with inside(operator()):
            record(by=by, verb="crypto.rewrap", kind="municipality", object_id=ended.id, count=count)
    return count


def _rewrap() -> int:
    present = keys.key_encryption_keys()[0]
    fields = ("pk", "purpose", "version", "wrapped")  # no more: an ended schema lacks later columns
    rows = MunicipalityKey.objects.order_by("pk").select_for_update(no_key=True).values_list(*fields)
    count = 0
    for pk, purpose, version, wrapped in rows:
        place = keys.place_of_municipality_key(require_current().id, purpose, version)
        try:
            keys.unseal(present, bytes(wrapped), place)
        except keys.CannotOpen:
            clear = keys.unseal_with(keys.key_encryption_keys(), bytes(wrapped), place)
            MunicipalityKey.objects.filter(pk=pk).update(wrapped=keys.seal(present, clear, place))
            count += 1
    return count


@transaction.atomic
def add_versions(*, by: Actor, older_than: timedelta) -> int:
    """A new version of every key that rotates and is older than that; from its commit on it seals.

    Younger ones are left, so that a run that was stopped goes on instead of beginning again. Returns how many.
    """
    require(by, "crypto.rotate")
    before = clock.now() - older_than
    newest = MunicipalityKey.objects.filter(purpose__in=keys.ROTATING).values("purpose")
    added = []
    for row in newest.annotate(version=Max("version"), made=Max("made_at")).order_by("purpose"):
        if row["made"] <= before:
            keys.make_municipality_key(row["purpose"], row["version"] + 1)
            added.append(row["purpose"])
    if added:
        record(by=by, verb="crypto.add_version", kind="municipality_key", object_id="all", purposes=added)
    transaction.on_commit(keys.forget_keys)
    return len(added)


@transaction.atomic
def rewrap_case_keys(*, by: Actor) -> int:
    """Wrap the next BATCH case keys of older versions under the newest. Returns how many; 0 means done.

    A key that is destroyed meanwhile stays so: the row is asked again once it is locked.
    """
    require(by, "crypto.rotate")
    newest = keys.newest_case_row()
    behind = CaseKey.objects.filter(_older_than(newest)).select_for_update(no_key=True)
    rows = list(behind.order_by("pk")[:BATCH])
    for row in rows:
        clear = keys.case_key_bytes(row)
        row.wrapped = keys.seal(keys.unwrapped(newest), clear, keys.place_of_case_key(row.pk))
        row.wrapped_by = newest
    CaseKey.objects.bulk_update(rows, ["wrapped", "wrapped_by"])
    if rows:
        record(by=by, verb="crypto.rewrap_cases", kind="case_key", object_id="all", count=len(rows))
    return len(rows)


def _older_than(newest: MunicipalityKey) -> Q:
    """Case keys that are not wrapped by `newest`. No version at all means the first."""
    behind = Q(wrapped__isnull=False) & ~Q(wrapped_by=newest.pk)
    return behind if newest.version > 1 else behind & Q(wrapped_by__isnull=False)


@transaction.atomic
def delete_old_versions(*, by: Actor) -> int:
    """Delete the versions on which nothing stands any more. Returns how many.

    Of `case`: those that no case key needs, knocks in flight waited for. Of what lives hours: those whose
    successor is older than SHORT_LIFE. Of what stays: none.
    """
    require(by, "crypto.rotate")
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'")
    deleted = _old_case_versions() + _old_box_versions()
    if deleted:
        names = [f"{row.purpose} {row.version}" for row in deleted]
        MunicipalityKey.objects.filter(pk__in=[row.pk for row in deleted]).delete()
        record(by=by, verb="crypto.delete_version", kind="municipality_key", object_id="all", versions=names)
        transaction.on_commit(keys.forget_keys)
    return len(deleted)


def _old_case_versions() -> list[MunicipalityKey]:
    newest = keys.newest_case_row()
    old = MunicipalityKey.objects.filter(purpose=keys.CASE, version__lt=newest.version)
    # Whoever seals under one of these holds it until they commit: after this line there is nobody.
    rows = list(old.order_by("version").select_for_update())
    if not rows or CaseKey.objects.filter(_older_than(newest)).exists():
        return []
    # A destroyed key of the code before this one may still name its version.
    CaseKey.objects.filter(wrapped__isnull=True, wrapped_by__isnull=False).update(wrapped_by=None)
    return rows


def _old_box_versions() -> list[MunicipalityKey]:
    rows = MunicipalityKey.objects.filter(purpose__in=keys.SHORT_LIVED).order_by("purpose", "version")
    settled = clock.now() - SHORT_LIFE
    versions = list(rows)
    return [
        row for row, after in pairwise(versions) if after.purpose == row.purpose and after.made_at <= settled
    ]


@transaction.atomic
def shred(*, by: Actor, case_key_ids: Iterable[UUID]) -> int:
    """Destroy case keys: what they sealed opens never again, to nobody. Returns how many were there.

    The rows stay, without their keys, so that nothing ever gets their ids. Backups: docs/how/keys.md.
    """
    require(by, "crypto.shred")
    rows = CaseKey.objects.filter(pk__in=list(case_key_ids), wrapped__isnull=False)
    ids = [row.pk for row in rows.order_by("pk").select_for_update()]
    CaseKey.objects.filter(pk__in=ids).update(wrapped=None, wrapped_by=None, destroyed_at=clock.this_minute())
    for pk in ids:
        record(by=by, verb="crypto.shred", kind="case_key", object_id=pk)
    return len(ids)
