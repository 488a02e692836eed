"""Reading: the municipality's addresses as its page shows them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import idna

from tenants.own_address import records
from tenants.own_address.models import OwnAddress
from tenants.own_address.operations import GRACE

type State = Literal["waiting", "proved", "serving", "missing"]


@dataclass(frozen=True, slots=True)
class Address:
    """One address and the records that its name servers must say. Instants are UTC."""

    id: UUID
    host: str
    name: str
    state: State
    is_shown: bool
    record_name: str
    record_value: str
    looked_at: datetime | None
    ends_at: datetime | None

    @property
    def is_unfinished(self) -> bool:
        return self.state != "serving"


def addresses() -> list[Address]:
    """Those that are not given up, the oldest first."""
    rows = OwnAddress.objects.filter(ended_at=None).order_by("asked_at", "host")
    return [_said(row) for row in rows]


def one(address_id: UUID) -> Address | None:
    """One that is not given up."""
    row = OwnAddress.objects.filter(pk=address_id, ended_at=None).first()
    return _said(row) if row else None


def _said(row: OwnAddress) -> Address:
    return Address(
        id=row.pk,
        host=row.host,
        name=idna.decode(row.host),
        state=_state(row),
        is_shown=row.is_shown,
        record_name=records.record_name(row.host),
        record_value=records.record_value(row.token),
        looked_at=row.looked_at,
        ends_at=row.missing_since + GRACE if row.missing_since else None,
    )


def _state(row: OwnAddress) -> State:
    if row.proved_at is None:
        return "waiting"
    if row.missing_since is not None:
        return "missing"
    return "serving" if row.answers else "proved"
