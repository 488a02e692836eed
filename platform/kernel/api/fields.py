"""The fields of the API's bodies: exactly the JSON type they say, and refusals in the reader's language.

DRF reads a number as a text, "yes" as true and a time without a zone as UTC. A program that sends those has
a mistake in it, which is told rather than guessed at.
"""

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.core.validators import MaxLengthValidator
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.fields import empty

_ANY = {
    "required": _("This field is missing."),
    "null": _("This field cannot be null."),
}


class Text(serializers.CharField):
    default_error_messages = {
        **_ANY,
        "invalid": _("Send a text."),
        "blank": _("This field cannot be empty."),
        "max_length": _("At most {max_length} signs."),
        "min_length": _("At least {min_length} signs."),
    }

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Words(Text):
    """What a person wrote: nothing trimmed. `limit` counts the signs of `tidy(text)`, what will be kept;
    `too_long(length, limit)` says it. NUL, which no keyboard makes and no database keeps, is left out, as on the
    pages.
    """

    def __init__(
        self, *, limit: int, tidy: Callable[[str], str], too_long: Callable[[int, int], str], **options: Any
    ) -> None:
        super().__init__(allow_blank=True, trim_whitespace=False, **options)
        self.validators.append(_Room(limit, tidy, too_long))

    def run_validation(self, data: Any = empty) -> Any:
        return super().run_validation(data.replace("\x00", "") if isinstance(data, str) else data)


class _Room(MaxLengthValidator):
    """Django's, so that the contract shows the limit."""

    def __init__(self, limit: int, tidy: Callable[[str], str], too_long: Callable[[int, int], str]) -> None:
        super().__init__(limit)
        self.tidy, self.too_long = tidy, too_long

    def __call__(self, value: Any) -> None:
        length = len(self.tidy(value))
        if length > self.limit_value:
            raise serializers.ValidationError(self.too_long(length, self.limit_value))


class Base64(Text):
    """A file as text (RFC 4648, with its padding)."""

    default_error_messages = {"base64": _("Send the file as base64.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_blank=True, trim_whitespace=False, **options)

    def to_internal_value(self, data: Any) -> bytes:  # type: ignore[override]  # bytes come out of it
        try:
            return base64.b64decode(super().to_internal_value(data), validate=True)
        except ValueError:  # binascii.Error is one
            self.fail("base64")


class Id(serializers.UUIDField):
    default_error_messages = {**_ANY, "invalid": _("This is not an id.")}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Choice(serializers.ChoiceField):
    default_error_messages = {**_ANY, "invalid_choice": _("Choose one of: {known}.")}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or data not in self.choices:
            self.fail("invalid_choice", known=", ".join(self.choices))
        return data


class Flag(serializers.BooleanField):
    default_error_messages = {**_ANY, "invalid": _("Send true or false.")}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid")
        return data


class Whole(serializers.IntegerField):
    default_error_messages = {
        **_ANY,
        "invalid": _("Send a whole number."),
        "max_value": _("At most {max_value}."),
        "min_value": _("At least {min_value}."),
    }

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return data


class Day(serializers.DateField):
    default_error_messages = {**_ANY, "invalid": _("Send a date, like 2026-08-17.")}

    def to_internal_value(self, value: Any) -> Any:
        try:
            return super().to_internal_value(value if isinstance(value, str) else "")
        except serializers.ValidationError:
            self.fail("invalid")


class Instant(serializers.DateTimeField):
    """UTC out, `YYYY-MM-DDTHH:MM:SSZ`; any offset in, but one."""

    default_error_messages = {
        **_ANY,
        "invalid": _("Send a time, like 2026-08-17T09:30:00Z."),
        "zone": _("Say which time zone the time is in: end it with Z, or an offset like +02:00."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M:%SZ", **options)

    def to_internal_value(self, value: Any) -> datetime:
        try:
            instant = parse_datetime(value) if isinstance(value, str) else None
            if instant is not None and instant.tzinfo is not None:
                return instant.astimezone(UTC)
        except (ValueError, OverflowError):
            instant = None
        self.fail("invalid" if instant is None else "zone")


class Many(serializers.ListField):
    default_error_messages = {**_ANY, "not_a_list": _("Send a list.")}


class Map(serializers.DictField):
    default_error_messages = {**_ANY, "not_a_dict": _("Send an object.")}
