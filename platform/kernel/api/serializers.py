"""Bodies are read strictly: an unknown field is an error that names it, never silently dropped."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


class Strict(serializers.Serializer[Any]):
    """A body of exactly these fields, each one of kernel.api.fields."""

    default_error_messages = {
        "required": _("This field is missing."),
        "null": _("This field cannot be null."),
        "invalid": _("Send an object."),
    }

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = sorted(str(key) for key in data if key not in self.fields)
            if unknown:
                raise serializers.ValidationError({name: [str(_("Unknown field."))] for name in unknown})
        return super().to_internal_value(data)
