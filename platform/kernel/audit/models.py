"""Two append-only tables. Order is time then id; nothing reads time from an id (docs/how/tenancy.md)."""

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

    class Meta:
        indexes = [models.Index(fields=["case_key_id", "at"], name="reads_of_case")]
