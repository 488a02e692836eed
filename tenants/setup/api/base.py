"""The four doors every part of set-up has: list and create on the collection, change and close on one."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from kernel.api.pagination import Pages
from kernel.api.parsing import json_object
from kernel.api.serializers import Strict
from kernel.api.views import StaffView
from kernel.errors import NotFound
from kernel.permissions import require


class SetupView(StaffView):
    """Administrators only, for reading too."""

    scope = "setup"
    asks = Pages.asks

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        require(self.actor, "setup.read")

    def listed(self, request: Request, rows: Iterable[dict[str, Any]]) -> Response:
        return self.paged(request, list(rows), lambda row: row)

    def some(self, serializer: type[Strict], request: Request) -> dict[str, Any]:
        """A PATCH body: only what was sent."""
        reader = serializer(data=json_object(request), partial=True)
        reader.is_valid(raise_exception=True)
        return dict(reader.validated_data)


def the_one(rows: Iterable[dict[str, Any]], wanted: Any) -> dict[str, Any]:
    """The row with this id. Raises NotFound."""
    for row in rows:
        if row["id"] == str(wanted):
            return row
    raise NotFound(_("There is no such thing here."))


def text_or_none(value: UUID | None) -> str | None:
    return str(value) if value else None
