"""From a template to a mail: one text file, first line the subject; the HTML part has the same words."""

import re
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template
from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from kernel.outbox import links
from kernel.tenancy import require_current

#: A line that is nothing but a sign-in code: shown large.
CODE_LINE = re.compile(r"[A-Z0-9]{3,4}([ -][A-Z0-9]{3,4})+")
LINK_LINE = re.compile(r"https?://\S+")


def template_name(template: str) -> str:
    """`contact/knocked` → `contact/mail/knocked.txt`."""
    app, _, name = template.partition("/")
    return f"{app}/mail/{name}.txt"


def render(template: str, language: str, context: dict[str, Any]) -> tuple[str, str]:
    """Subject and text in `language`. The municipality's name and address are always in the context."""
    municipality = require_current()
    here = {
        "municipality_name": municipality.name,
        "home": links.address("/"),
        "desk": links.address("/desk/"),
    }
    with translation.override(language):
        backend = get_template(template_name(template))
        said = backend.template.render(Context({**here, **context}, autoescape=False))  # type: ignore[attr-defined]
    subject, _, text = said.strip().partition("\n")
    return " ".join(subject.split()), text.strip() + "\n"


def as_html(subject: str, text: str, language: str) -> str:
    """The same words as a plain HTML page: paragraphs, links to follow, a code to read."""
    parts = [_paragraph(part.strip()) for part in re.split(r"\n\s*\n", text) if part.strip()]
    page = get_template("outbox/mail.html")
    return page.render({"subject": subject, "parts": parts, "lang": language})


def _paragraph(text: str) -> dict[str, SafeString | str]:
    if CODE_LINE.fullmatch(text):
        return {"kind": "code", "text": text}
    if LINK_LINE.fullmatch(text):
        return {"kind": "link", "text": text}
    return {"kind": "text", "text": mark_safe(escape(text).replace("\n", "<br>"))}  # noqa: S308 - escaped here


def mail(
    template: str, language: str, to: str, context: dict[str, Any], message_id: str, *, discreet: bool = False
) -> EmailMultiAlternatives:
    """The whole mail. It says who sends (the municipality) and never to whom it is about what. `discreet`: nor, by any
    address in its headers, by which service.
    """
    subject, text = render(template, language, context)
    address = parseaddr(settings.DISCREET_FROM_EMAIL if discreet else settings.DEFAULT_FROM_EMAIL)[1]
    sender = formataddr((require_current().name, address))
    headers = {
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Message-ID": f"<{message_id}@{address.rpartition('@')[2]}>",
        "Content-Language": language,
    }
    message = EmailMultiAlternatives(subject=subject, body=text, from_email=sender, to=[to], headers=headers)
    message.attach_alternative(as_html(subject, text, language), "text/html")
    return message
