"""Bodies are read strictly: an unknown field is an error that names it, never silently dropped."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.fields import empty


class Strict(serializers.Serializer[Any]):
    """A body of exactly these fields."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = sorted(str(key) for key in data if key not in self.fields)
            if unknown:
                raise serializers.ValidationError({name: [_("Unknown field.")] for name in unknown})
        return super().to_internal_value(data)


class Words(serializers.CharField):
    """What a person wrote: any length arrives (the operation says how much is too much), nothing is trimmed.

    NUL, which no keyboard makes and no database keeps, is left out, as on the pages.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_blank=True, trim_whitespace=False, **kwargs)

    def run_validation(self, data: Any = empty) -> Any:
        return super().run_validation(data.replace("\x00", "") if isinstance(data, str) else data)


class Instant(serializers.DateTimeField):
    """UTC, `YYYY-MM-DDTHH:MM:SSZ`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M:%SZ", **kwargs)
