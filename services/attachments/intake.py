"""What may be attached: an allow-list, read from the bytes and never from the name. Refusals name file and remedy.

Pictures come from anybody who may attach at all; documents from helpers only. Nothing is decoded here that was not
measured first (drawing.py), and nothing is written anywhere.
"""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from kernel.errors import FieldError, Invalid
from kernel.uploads import MOST_OF_A_FILE
from services.attachments.drawing import CannotDraw, drawn_anew
from services.attachments.models import Attachment

MOST_FILES = 3
MOST_BYTES = MOST_OF_A_FILE
NAME_LIMIT = 80
#: What a form asks a browser for. JPEG stands first: a phone that takes HEIC turns it into the first of these.
PICTURES = "image/jpeg,image/png,image/webp"
DOCUMENTS = f"{PICTURES},application/pdf"
ENDINGS = {Attachment.Kind.PICTURE: ".jpg", Attachment.Kind.DOCUMENT: ".pdf"}
MEDIA_TYPES = {Attachment.Kind.PICTURE: "image/jpeg", Attachment.Kind.DOCUMENT: "application/pdf"}
_HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
#: Where a PDF says that it ends: within its last bytes.
_PDF_END = 2048


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent. `size` is what was sent; `content` ends where it was longer than anybody may send."""

    name: str
    content: bytes
    size: int

    def __repr__(self) -> str:
        return f"<Upload of {self.size} bytes>"


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was looked through, made by `take_in` alone. `said` is a hash of what was sent: the same file again
    is the same."""

    name: str
    kind: str
    content: bytes
    said: str
    width: int | None = None
    height: int | None = None

    def __repr__(self) -> str:
        return f"<Taken {self.kind}>"


def take_in(uploads: Sequence[Upload], *, documents: bool) -> tuple[Taken, ...]:
    """The files, ready to be kept. `documents`: whether a PDF may be among them.

    Costs time: call it outside of a transaction. Raises Invalid (files) with everything that is wrong with any.
    """
    if len(uploads) > MOST_FILES:
        raise Invalid(files=_("Send at most 3 files at once. Send the others afterwards."))
    taken, errors = [], []
    for upload in uploads:
        try:
            taken.append(_taken(upload, documents))
        except _Refused as refused:
            errors.append(FieldError("files", str(refused)))
    if errors:
        raise Invalid(errors)
    return tuple(taken)


def said_of(upload: Upload) -> str:
    """A hash of what was sent, known before anything is looked through."""
    return hashlib.sha256(upload.content).hexdigest()


class _Refused(Exception):
    """In words, with the file's name."""


def _taken(upload: Upload, documents: bool) -> Taken:
    name = shown_name(upload.name)
    if upload.size == 0:
        raise _Refused(_("“%(file)s” is empty. Choose it again.") % {"file": name})
    if upload.size > MOST_BYTES:
        raise _Refused(_("“%(file)s” is too large. A file may have 8 MB.") % {"file": name})
    if len(upload.content) != upload.size:
        raise _Refused(_("Together they are too large. Send “%(file)s” afterwards.") % {"file": name})
    kind = sniffed(upload.content)
    said = said_of(upload)
    if kind == "PDF" and documents:
        if b"%%EOF" not in upload.content[-_PDF_END:]:
            raise _Refused(_damaged(name))
        return Taken(kept_name(upload.name, "document"), "document", upload.content, said)
    if kind not in ("JPEG", "PNG", "WEBP"):
        raise _Refused(_not_taken(name, kind, documents))
    try:
        drawn = drawn_anew(upload.content, kind)
    except CannotDraw as refused:
        raise _Refused(_not_drawn(name, refused.why)) from None
    return Taken(kept_name(upload.name, "picture"), "picture", drawn.content, said, drawn.width, drawn.height)


def sniffed(content: bytes) -> str:
    """What the first bytes say it is: JPEG, PNG, WEBP, PDF, HEIC; "" for anything else."""
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    if content.startswith(b"%PDF-"):
        return "PDF"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        return "HEIC"
    return ""


def _not_taken(name: str, kind: str, documents: bool) -> str:
    if kind == "HEIC":
        return _("“%(file)s” is a HEIC picture. Save it as JPEG and choose it again.") % {"file": name}
    if documents:
        return _("“%(file)s” is of a kind we do not take. Use JPEG, PNG, WebP or PDF.") % {"file": name}
    return _("“%(file)s” is not a picture we can take. Use JPEG, PNG or WebP.") % {"file": name}


def _not_drawn(name: str, why: str) -> str:
    if why == "too-big":
        return _("“%(file)s” has too many pixels. Make it smaller and try again.") % {"file": name}
    if why == "moves":
        return _("“%(file)s” moves. Choose one still picture.") % {"file": name}
    if why == "busy":
        return _("“%(file)s” has to wait. Try again in a moment.") % {"file": name}
    return _damaged(name)


def _damaged(name: str) -> str:
    return _("“%(file)s” is damaged. Save it again, or take another.") % {"file": name}


# --- names --------------------------------------------------------------------------------------------


def shown_name(name: str) -> str:
    """A name as it was given, fit to be read: no folder, no sign that hides or turns others, not endless."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(
        sign for sign in unicodedata.normalize("NFC", last) if unicodedata.category(sign)[0] != "C"
    )
    tidy = " ".join(seen.split())
    return tidy if len(tidy) <= NAME_LIMIT else f"{tidy[: NAME_LIMIT - 1]}…"


def kept_name(name: str, kind: str) -> str:
    """The same with the ending of what is kept, whatever it said before."""
    stem = PurePosixPath(shown_name(name)).stem.strip(". ")[: NAME_LIMIT - 4]
    usual = _("picture") if kind == Attachment.Kind.PICTURE else _("document")
    return f"{stem or usual}{ENDINGS[Attachment.Kind(kind)]}"
