"""What keeps a flood of knocks from hiding a real one. Nothing of a student is in it."""

from django.db import models
from django.db.models import Q

from kernel.tenancy.models import MunicipalModel


class KnockBucket(MunicipalModel):
    """How many knocks a school may still send at once: with proof of work, and without. Of no student."""

    school = models.ForeignKey("setup.School", on_delete=models.CASCADE, related_name="+", db_index=False)
    proved = models.BooleanField()
    tokens = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "proved"], name="a_school_has_two_buckets"),
            models.CheckConstraint(condition=Q(tokens__gte=0), name="a_bucket_is_never_less_than_empty"),
        ]


class SpentChallenge(MunicipalModel):
    """A challenge that has proved a knock, named by a keyed hash, until its time has passed. Names no knock."""

    digest = models.BinaryField(max_length=32)
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="a_challenge_is_spent_once"),
        ]
