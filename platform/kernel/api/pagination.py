"""Lists go on: `{results: […], next: url|null}`."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response

from kernel.errors import FieldError, Invalid


class Pages(LimitOffsetPagination):
    """`?limit=` (at most 200) and `?offset=`; the address of the next page is relative to the same host."""

    default_limit = 50
    max_limit = 200
    furthest = 1_000_000
    #: The query parameters of every list.
    asks = frozenset({"limit", "offset"})

    def get_limit(self, request: Request) -> int:
        return _whole(request, "limit", low=1, high=self.max_limit, usual=self.default_limit)

    def get_offset(self, request: Request) -> int:
        return _whole(request, "offset", low=0, high=self.furthest, usual=0)

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next": self.get_next_link()})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {
                "results": schema,
                "next": {"type": "string", "format": "uri", "nullable": True},
            },
        }


def _whole(request: Request, name: str, *, low: int, high: int, usual: int) -> int:
    """A whole number of the address. Raises Invalid rather than guess."""
    said = request.query_params.get(name)
    if said is None:
        return usual
    if not (said.isascii() and said.isdigit() and len(said) < 10 and low <= int(said) <= high):
        words = _("A whole number from %(low)s to %(high)s.") % {"low": low, "high": high}
        raise Invalid([FieldError(name, words)])
    return int(said)
