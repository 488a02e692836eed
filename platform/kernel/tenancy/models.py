"""What every table in a municipality's schema stands on: rows remember where they came from.

A queryset built in one municipality and evaluated in another would answer with the other's rows, and an
instance loaded in one and saved in another would overwrite the other's. Both are refused here.
"""

import uuid
from collections.abc import Collection
from typing import Any, ClassVar, Self, cast

from django.db import models
from django.db.models import sql

from kernel.tenancy.state import WrongMunicipality, current_identity


def _refuse(what: str, origin: str, here: str) -> WrongMunicipality:
    return WrongMunicipality(f"{what} belongs to {origin}, and we are in {here or 'no municipality'}.")


class MunicipalQuery(sql.Query):
    """A query that remembers the schema it was built in.

    A copy of one that was built outside of all municipalities belongs where the copy is made.
    """

    origin: str = ""

    def clone(self) -> Self:
        here = current_identity().schema
        if self.origin and self.origin != here:
            raise _refuse(f"A query of {self._about()}", self.origin, here)
        copy = cast(Self, super().clone())
        copy.origin = here
        return copy

    def get_compiler(self, *args: Any, **kwargs: Any) -> Any:
        here = current_identity().schema
        if self.origin != here:
            origin = self.origin or "nowhere (it was built outside of every municipality: use a copy, .all())"
            raise _refuse(f"A query of {self._about()}", origin, here)
        return super().get_compiler(*args, **kwargs)

    def _about(self) -> str:
        return self.model.__name__ if self.model else "nothing"


class MunicipalManager[M: models.Model](models.Manager[M]):
    """Default manager of municipal models."""

    def get_queryset(self) -> models.QuerySet[M]:
        queryset = super().get_queryset()
        query = MunicipalQuery(self.model)
        query.origin = current_identity().schema
        queryset.query = query
        return queryset


class _Rooted(models.Model):
    """A row that knows the schema it came from (`_state.origin`, "" until it is saved or loaded)."""

    objects: ClassVar[MunicipalManager[Self]] = MunicipalManager()

    class Meta:
        abstract = True

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **kwargs: Any
    ) -> Self:
        instance = super().from_db(db, field_names, values, **kwargs)
        instance._state.origin = current_identity().schema  # type: ignore[attr-defined]
        return instance

    def check_origin(self) -> None:
        """Raises WrongMunicipality when this row was loaded or saved in another municipality."""
        origin = getattr(self._state, "origin", "")
        here = current_identity().schema
        if origin and origin != here:
            raise _refuse(type(self).__name__, origin, here)

    def save_base(self, *args: Any, **kwargs: Any) -> None:
        self.check_origin()
        super().save_base(*args, **kwargs)
        self._state.origin = current_identity().schema  # type: ignore[attr-defined]

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self.check_origin()
        return super().delete(*args, **kwargs)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        self.check_origin()
        super().refresh_from_db(*args, **kwargs)


class MunicipalModel(_Rooted):
    """Base of every table in a municipality's schema that a person can name a row of."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class MunicipalRecord(_Rooted):
    """Base of append-only tables. Neither order nor time may be read from the id (time + id may)."""

    id = models.BigAutoField(primary_key=True)

    class Meta:
        abstract = True

    def save_base(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} is a record: rows are added, never changed.")
        super().save_base(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{type(self).__name__} is a record: rows are added, never deleted.")
