"""Files on their way in stay in memory: a student's picture is never written to a disk in the clear.

Django's own handlers put what is long into a temporary file. Ours keeps what somebody may send, counts the rest
without keeping it, and lets the form say which file was too large, with every word that came beside it.
"""

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

#: Bytes that are kept of one file, and of all files of one request.
MOST_OF_A_FILE = 8_000_000
MOST_TOGETHER = 16_000_000
#: Files of one request of which anything is kept.
MOST_FILES = 8
#: The longest multipart body that is read at all: room for a file that is too large, so that its form can say so.
#: deploy/Caddyfile has the same.
MOST_OF_A_BODY = 40_000_000


class MemoryOnly(FileUploadHandler):
    """Keeps at most so much, in memory. A longer file has its true `size` and a content that is cut: the form that
    asks for files compares the two (services.attachments.intake, tenants.setup.logos)."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._together = self._files = self._size = 0
        self._kept = io.BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._files += 1
        self._size, self._kept = 0, io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Nothing is passed on: no other handler gets to see it."""
        self._size += len(raw_data)
        room = min(MOST_OF_A_FILE + 1 - self._kept.tell(), MOST_TOGETHER - self._together)
        if self._files <= MOST_FILES and room > 0:
            part = raw_data[:room]
            self._together += len(part)
            self._kept.write(part)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self._kept.seek(0)
        return InMemoryUploadedFile(
            file=self._kept,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=self._size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
