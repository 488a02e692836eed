"""Sessions of staff, sealed: what is in them (a code on its way, a new secret) is never in the clear.

Django's own database sessions under another encoding: AES-256-GCM under the municipality's key. A session
copied into another municipality's schema does not open there and counts as signed out.
"""

import base64
import binascii
import json
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from kernel.crypto import keys

_PURPOSE = "session"


class SessionStore(db.SessionStore):
    """SESSION_ENGINE's store."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def encode(self, session_dict: dict[str, Any]) -> str:
        plain = json.dumps(session_dict, separators=(",", ":")).encode()
        return base64.b64encode(keys.seal_box(_PURPOSE, plain)).decode()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        try:
            box = base64.b64decode(session_data, validate=True)
            found = json.loads(keys.open_box(_PURPOSE, box))
        except (binascii.Error, ValueError, keys.CannotOpen):
            return {}
        return found if isinstance(found, dict) else {}
