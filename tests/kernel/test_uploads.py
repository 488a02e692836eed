"""What is sent stays in memory, up to a limit; what is longer is counted, and the words beside it are read."""

import os
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import RequestFactory

from kernel import uploads

MARK = b"KANARI-IN-A-FILE-"


def _sent(*sizes: int) -> object:
    files = [SimpleUploadedFile(f"{n}.jpg", MARK + b"x" * (size - len(MARK))) for n, size in enumerate(sizes)]
    return RequestFactory().post("/", {"text": "words", "files": files})


def _everything_in(folder: str) -> list[Path]:
    return [path for path in Path(folder).rglob("*") if path.is_file()]


def test_a_file_never_lies_on_a_disk(tmp_path, monkeypatch) -> None:
    """Of any length: Django's own would have put the second one into a temporary file."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(TemporaryUploadedFile, "__init__", lambda *_a, **_k: pytest.fail("a temporary file"))
    opened = []
    real = os.open
    monkeypatch.setattr(
        os, "open", lambda path, flags, *rest, **more: _watched(real, opened, path, flags, *rest, **more)
    )
    request = _sent(100, 5_000_000, 20_000_000)
    assert [file.size for file in request.FILES.getlist("files")] == [100, 5_000_000, 20_000_000]
    assert request.POST["text"] == "words"
    assert _everything_in(str(tmp_path)) == []
    assert not [path for path, flags in opened if flags & (os.O_WRONLY | os.O_RDWR)]


def _watched(real, opened, path, flags, *rest, **more):
    opened.append((path, flags))
    return real(path, flags, *rest, **more)


def test_no_other_handler_gets_to_see_a_file() -> None:
    assert settings.FILE_UPLOAD_HANDLERS == ["kernel.uploads.MemoryOnly"]


def test_of_what_is_too_long_no_more_is_kept_than_says_so() -> None:
    request = _sent(uploads.MOST_OF_A_FILE, uploads.MOST_OF_A_FILE + 1, 20_000_000)
    whole, longer, longest = request.FILES.getlist("files")
    assert len(whole.read()) == whole.size == uploads.MOST_OF_A_FILE
    assert longest.size == 20_000_000
    kept = uploads.MOST_OF_A_FILE + len(longer.read()) + len(longest.read())
    assert kept <= uploads.MOST_TOGETHER


def test_many_files_are_counted_and_not_kept() -> None:
    request = _sent(*[100] * 20)
    kept = [len(file.read()) for file in request.FILES.getlist("files")]
    assert kept == [100] * uploads.MOST_FILES + [0] * (20 - uploads.MOST_FILES)


def test_the_proxy_lets_through_what_the_form_wants_to_answer() -> None:
    caddy = (Path(settings.ROOT) / "deploy" / "Caddyfile").read_text()
    assert f"max_size {uploads.MOST_OF_A_BODY // 1_000_000}MB" in caddy
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE < uploads.MOST_OF_A_BODY
