"""`EncryptedField`: text that the database, its dumps and its logs never see; `EncryptedBytesField`: a file.

Assign a str (a `Plain` for a file); the attribute then gives a `Sealed`. It opens only with a Reading of the same
case (kernel.audit.reading), so no content is returned without its row in the read log.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol
from uuid import UUID

from django.db import models
from django.utils.functional import cached_property

from kernel.crypto import keys
from kernel.crypto.models import CaseKey


class ReadingLike(Protocol):
    """What kernel.audit.Reading is to us: proof that the read of one case is logged."""

    @property
    def case_key_id(self) -> UUID: ...


class NotLogged(Exception):
    """Somebody tried to open a case with another case's reading."""


@dataclass(frozen=True, slots=True)
class Plain:
    """Bytes that are still to be sealed: what comes from the database is bytes as well, and sealed already."""

    content: bytes

    def __repr__(self) -> str:
        return "[to be sealed]"


class Sealed:
    """One sealed value. Says "[sealed]" to whoever prints it."""

    __slots__ = ("_box", "_field", "_instance")

    def __init__(self, box: bytes, instance: models.Model, field: "EncryptedField") -> None:
        self._box, self._instance, self._field = box, instance, field

    def open(self, reading: ReadingLike) -> str:
        """The text. NotLogged: another case's reading. CannotOpen: moved, altered or shredded."""
        return self._opened(reading).decode()

    def _opened(self, reading: ReadingLike) -> bytes:
        if reading.case_key_id != self._instance.case_key_id:  # type: ignore[attr-defined]
            raise NotLogged("This reading was logged for another case.")
        return keys.unseal(_case_key(self._instance), self._box, self._field.place(self._instance))

    def __bool__(self) -> bool:
        return True

    def __str__(self) -> str:
        return "[sealed]"

    __repr__ = __str__


class SealedBytes(Sealed):
    """One sealed file."""

    __slots__ = ()

    def open(self, reading: ReadingLike) -> bytes:  # type: ignore[override]  # a file is no text
        """The bytes. Raises as `Sealed.open` does."""
        return self._opened(reading)


def _case_key(instance: Any) -> bytes:
    """The instance's case key, unwrapped once and remembered on the CaseKey row in memory."""
    row: CaseKey = instance.case_key
    known: bytes | None = row.__dict__.get("_clear")
    if known is None:
        known = row.__dict__["_clear"] = keys.case_key_bytes(row)
    return known


class _SealedAttribute:
    """Gives `Sealed` for what is stored, keeps what is fresh until it is saved."""

    def __init__(self, field: "EncryptedField") -> None:
        self.field = field

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            row = type(instance)._base_manager.filter(pk=instance.pk)  # put off until somebody asks
            instance.__dict__[name] = row.values_list(name, flat=True).get()
        value = instance.__dict__[name]
        if value is None:
            return None
        if isinstance(value, self.field.fresh):
            value = instance.__dict__[name] = self.field.seal(instance, value)
        return self.field.sealed(bytes(value), instance, self.field)

    def __set__(self, instance: Any, value: Any) -> None:
        if isinstance(value, Sealed):
            raise TypeError("A sealed value belongs to its own row; assign the text.")
        instance.__dict__[self.field.attname] = value


class EncryptedField(models.BinaryField):  # type: ignore[type-arg]  # Django gives it no parameters
    """Sealed text. The model has a `case_key` foreign key and a uuid primary key known before saving."""

    #: What is assigned, and what is given.
    fresh: ClassVar[type] = str
    sealed: ClassVar[type[Sealed]] = Sealed

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _SealedAttribute(self))

    @cached_property
    def label(self) -> str:
        return str(self.model._meta.label_lower)

    def place(self, instance: models.Model) -> bytes:
        return keys.field_place(self.label, self.attname, instance.pk)

    def seal(self, instance: models.Model, value: Any) -> bytes:
        return keys.seal(_case_key(instance), self.as_bytes(value), self.place(instance))

    def as_bytes(self, value: Any) -> bytes:
        text: str = value
        return text.encode()

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        if isinstance(value, self.fresh):
            value = model_instance.__dict__[self.attname] = self.seal(model_instance, value)
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, self.fresh):
            raise TypeError(
                f"{self.label}.{self.attname} cannot be compared or updated in bulk: it is sealed."
            )
        return super().get_db_prep_value(value, connection, prepared)


class EncryptedBytesField(EncryptedField):
    """A sealed file. Assign `Plain(content)`."""

    fresh = Plain
    sealed = SealedBytes

    def as_bytes(self, value: Plain) -> bytes:
        return value.content
