"""What every door under /api/v1/receipts stands on: the student of a code."""

from typing import Any
from uuid import UUID

from kernel.actor import Actor
from kernel.api.views import OpenView
from kernel.errors import NotFound
from services.contact.operations import open_by_receipt


class ReceiptView(OpenView):
    """By the code, in the body: never in an address."""

    refuses = {"POST": (404, 409)}

    def student(self, body: dict[str, Any]) -> tuple[Actor, UUID]:
        """Whoever has this code, and their conversation. Raises NotFound."""
        by = open_by_receipt(body["receipt"])
        if by.case_id is None:
            raise NotFound()
        return by, by.case_id
