"""What makes a municipality's door installable, and what it shows without a network (docs/how/offline.md).

Pure but for the process's own files: asks no database, and knows nobody who reads.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation
from django.utils.translation import gettext

from kernel.ui import assets, look
from kernel.ui.app_icon import SIZES, icon_url
from kernel.ui.context import own_name, without_reader
from kernel.ui.places import STAFF
from kernel.ui.theme import scale

WORKER, OFFLINE, MANIFEST = "/sw.js", "/offline/", "/manifest.webmanifest"


def manifest(municipality: Any) -> dict[str, Any]:
    """The web app manifest: the municipality's name and colours, nothing that says what the door is for."""
    looks = look.look_of(municipality)
    language = look.offered_languages(municipality)[0]
    colours = scale(looks.brand, "light", clamped=True)
    pictures = [(size, False) for size in SIZES] + [(SIZES[-1], True)]
    return {
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "name": municipality.name,
        "short_name": municipality.name,
        "lang": language,
        "dir": _direction(language),
        "display": "standalone",
        "theme_color": colours["background-default"],
        "background_color": colours["background-default"],
        "icons": [
            {
                "src": icon_url(looks, size, cut=cut),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": "maskable" if cut else "any",
            }
            for size, cut in pictures
        ],
    }


def offline_page(municipality: Any) -> str:
    """Whom to call, and that there is no network: in every language of the municipality, the default first.

    The same for every reader: it is kept on devices, so no cookie, no person and no time has a part in it.
    """
    offered = look.offered_languages(municipality)
    with translation.override(offered[0]):
        shared = {**without_reader(municipality), "is_rehearsal": False}
        parts = [_in_language(code, shared) for code in offered]
        return render_to_string("offline.html", {**shared, "parts": parts})


def _in_language(code: str, shared: dict[str, Any]) -> dict[str, Any]:
    with translation.override(code):
        words = render_to_string("offline-words.html", {**shared, "suffix": f"-{code}"})
        leave = gettext("Leave this page")
    return {"code": code, "name": own_name(code), "dir": _direction(code), "words": words, "leave": leave}


def worker_script(municipality: Any) -> str:
    """The service worker. Another page, look or script gives another text, so browsers fetch it and keep anew."""
    if not settings.SERVICE_WORKER:
        return _source("worker-end.js")
    looks = look.look_of(municipality)
    page = offline_page(municipality)
    keep = [
        OFFLINE,
        static("ui/dist/student.css"),
        static("ui/dist/student.js"),
        static("ui/dist/offline.js"),
        without_reader(municipality)["theme_url"],
        *([looks.logo_url] if looks.logo_url else []),
    ]
    source = _source("worker.js")
    version = hashlib.sha256("\0".join([page, source, *keep]).encode()).hexdigest()[:12]
    door = {
        "version": version,
        "page": OFFLINE,
        "keep": keep,
        "staff": list(STAFF),
        "files": settings.STATIC_URL,
    }
    return f"const DOOR = {json.dumps(door)};\n{source}"


@lru_cache
def _source(name: str) -> str:
    return assets.squeeze_script((assets.SOURCES / name).read_text())


def _direction(code: str) -> str:
    with translation.override(code):
        return "rtl" if translation.get_language_bidi() else "ltr"
