"""Files between a browser and the domain, on the student's pages and the desk's: sent, shown, given."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.http import content_disposition_header

from services.attachments.intake import MEDIA_TYPES, MOST_BYTES, Upload
from services.attachments.models import Attachment
from services.attachments.queries import File
from services.contact.operations import Fetched

#: The field of every form that takes files.
FIELD = "files"
#: Nothing in what we give runs, wherever it is opened.
_POLICY = "sandbox; default-src 'none'"


def uploads_of(request: HttpRequest) -> list[Upload]:
    """The files of a form. A field that was left empty is none."""
    return [
        Upload(one.name or "", one.read(MOST_BYTES + 1), one.size or 0)
        for one in request.FILES.getlist(FIELD)
    ]


def shown(files: Iterable[File], address: Callable[[int], str]) -> list[dict[str, Any]]:
    """For contact/files.html. `address`: where the file of a number is fetched."""
    return [
        {
            "href": address(one.number),
            "key": f"{one.number}",
            "name": one.name,
            "size": filesizeformat(one.size),
            "is_picture": one.is_picture,
            "width": one.width,
            "height": one.height,
        }
        for one in files
    ]


def given(fetched: Fetched) -> HttpResponse:
    """The file as a download: a picture is shown by our own pages alone, a document by nobody's."""
    kind = MEDIA_TYPES[Attachment.Kind(fetched.file.kind)]
    response = HttpResponse(fetched.content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, fetched.file.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _POLICY
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
