"""Two append-only tables, and a third that links their rows into a chain (docs/how/log.md).

For people, order is time then id; nothing reads time from an id (docs/how/tenancy.md). For proving, the order is
that of the links, numbered under a lock.
"""

from django.db import models

from kernel.tenancy.models import MunicipalRecord


class Entry(MunicipalRecord):
    """One write: who did which verb to what."""

    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    verb = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    details = models.JSONField(default=dict)
    proof = models.BinaryField(max_length=32, null=True)

    class Meta:
        indexes = [models.Index(fields=["object_kind", "object_id"], name="entry_of_object")]


class ReadEntry(MunicipalRecord):
    """One read of a case's content: who, in which role, what, when and why."""

    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    role_id = models.UUIDField(null=True)
    case_key_id = models.UUIDField()
    what = models.CharField(max_length=40)
    why = models.CharField(max_length=40)
    proof = models.BinaryField(max_length=32, null=True)

    class Meta:
        indexes = [models.Index(fields=["case_key_id", "at"], name="reads_of_case")]


class Link(MunicipalRecord):
    """The place of one row in the chain. `hash` runs on over everything linked before it."""

    class Kind(models.TextChoices):
        WRITE = "write"
        READ = "read"

    id = None  # type: ignore[assignment]  # the number is the key: given under a lock, never by a sequence
    number = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=5, choices=Kind.choices)
    row_id = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "row_id"], name="a_row_is_linked_once")]
