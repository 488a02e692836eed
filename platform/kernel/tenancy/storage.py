"""Files, each municipality in a folder of its own."""

from pathlib import PurePosixPath

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage

from kernel.tenancy.state import current_schema


def path(*parts: str) -> str:
    """Relative path of a file of the municipality we are inside: `m_5/logos/a.png`.

    Raises SuspiciousFileOperation for anything that could climb out.
    """
    inner = PurePosixPath(*parts)
    if inner.is_absolute() or ".." in inner.parts or "\0" in str(inner) or not inner.parts:
        raise SuspiciousFileOperation("A file's name may not leave its municipality's folder.")
    return str(PurePosixPath(current_schema(), inner))


class MunicipalityStorage(FileSystemStorage):
    """Django's file storage under the municipality's folder. It gives no addresses: nothing is served raw."""

    def path(self, name: str) -> str:
        return super().path(path(name))

    def url(self, name: str | None) -> str:
        raise NotImplementedError("Files are served by views of ours, which know who may see them.")
