"""The demo's post office: mails stay on this machine, one file a municipality, read by /demo/mail/."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from kernel import clock
from kernel.tenancy import current_schema

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail that would have been sent."""

    at: str
    to: str
    sender: str
    subject: str
    text: str

    @property
    def when(self) -> datetime:
        return datetime.fromisoformat(self.at)


def _file() -> Path:
    return Path(settings.DATA_DIR) / "demo-mail" / f"{current_schema()}.jsonl"


class Backend(BaseEmailBackend):
    """The mailer of a demo."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        path = _file()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            for mail in email_messages:
                row: dict[str, Any] = {
                    "at": clock.now().isoformat(),
                    "to": ", ".join(mail.to),
                    "sender": mail.from_email,
                    "subject": mail.subject,
                    "text": mail.body,
                }
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        return len(email_messages)


def kept() -> list[Kept]:
    """The mails of the municipality we are inside, the newest first."""
    try:
        lines = _file().read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    return [Kept(**json.loads(line)) for line in reversed(lines[-SHOWN:])]
