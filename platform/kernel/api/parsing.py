"""A body is one JSON object. Anything else is refused before its fields are looked at."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request


class Json(JSONParser):
    """DRF's, whose refusal quotes what was sent: ours does not, and is in the reader's language."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except (ParseError, RecursionError):
            raise ParseError(_("This is not JSON. Send a JSON object.")) from None


def json_object(request: Request) -> Mapping[str, Any]:
    """The body. Raises ParseError (400) when there is none, or when it is a list, null, a number or a text."""
    data = request.data
    if is_empty(request) or not isinstance(data, Mapping):
        raise ParseError(_("Send a JSON object."))
    return data


def is_empty(request: Request) -> bool:
    """Whether nothing was sent at all."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not (length.isdigit() and int(length))
