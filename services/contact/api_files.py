"""Files as JSON, for the student's doors and the desk's: base64 in, base64 out, the same checks as on the pages."""

import base64
from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from kernel.api.fields import Base64, Many, Text
from kernel.api.serializers import Strict
from services.attachments.intake import MEDIA_TYPES, Upload
from services.attachments.models import Attachment
from services.attachments.queries import File
from services.contact.operations import Fetched

HELP = "At most 3. All of a body is at most 8 MB, and a file is a third longer as base64."


class FileBody(Strict):
    name = Text(max_length=200)
    content = Base64(help_text="base64")


def files_field() -> Many:
    return Many(child=FileBody(), required=False, help_text=HELP)


def uploads_in(body: dict[str, Any]) -> list[Upload]:
    return [Upload(one["name"], one["content"], len(one["content"])) for one in body.get("files", ())]


def file_fields() -> dict[str, Any]:
    """Made anew for each serializer: it takes them out of the mapping it is given."""
    return {
        "number": serializers.IntegerField(help_text="within the conversation; fetches it"),
        "name": serializers.CharField(),
        "kind": serializers.ChoiceField(choices=Attachment.Kind.choices),
        "size": serializers.IntegerField(help_text="in bytes"),
    }


def fetched_fields() -> dict[str, Any]:
    return {
        **file_fields(),
        "media_type": serializers.ChoiceField(choices=list(MEDIA_TYPES.values())),
        "content": serializers.CharField(help_text="base64"),
    }


def named(files: Iterable[File]) -> list[dict[str, Any]]:
    return [{"number": one.number, "name": one.name, "kind": one.kind, "size": one.size} for one in files]


def whole(fetched: Fetched) -> dict[str, Any]:
    (said,) = named([fetched.file])
    kind = Attachment.Kind(fetched.file.kind)
    return {
        **said,
        "media_type": MEDIA_TYPES[kind],
        "content": base64.b64encode(fetched.content).decode(),
    }
