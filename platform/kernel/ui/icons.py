# ruff: noqa: E501 (a drawing's path is one thing, however long)
"""Small line drawings, 24 by 24, stroke 1.8 in the text's colour. Ours, drawn for this project."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

PATHS = {
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5.4l3.4 2"/>',
    "lock": '<rect x="5" y="11" width="14" height="9" rx="2.5"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>',
    "phone": '<path d="M5 4h4l1.6 4.4-2.2 1.6a12 12 0 0 0 5.6 5.6l1.6-2.2L20 15v4a1.6 1.6 0 0 1-1.7 1.6A15.6 15.6 0 0 1 3.4 5.7 1.6 1.6 0 0 1 5 4z"/>',
    "chat": '<path d="M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H11l-5 4v-4.1a2.5 2.5 0 0 1-2-2.4z"/>',
    "sms": '<rect x="7" y="3" width="10" height="18" rx="2.5"/><path d="M11 18h2"/>',
    "mail": '<rect x="3" y="5.5" width="18" height="13" rx="2.5"/><path d="m4 7.5 8 6 8-6"/>',
    "walk": '<circle cx="13" cy="4.5" r="1.8"/><path d="m9 21 2.5-6L9.5 12l1-4.5L14 9l2 3h2.5M12.5 13l3 3 .5 5M10.5 8 7.5 10v3"/>',
    "video": '<rect x="3" y="6" width="12" height="12" rx="2.5"/><path d="m15 11 6-3.5v9L15 13z"/>',
    "room": '<path d="M4 20h16M6 20V5l8-2v17M14 6h4v14"/><path d="M11 11.5v1"/>',
    "door": '<path d="M4 21h16M7 21V4h10v17M7 4l6 3v16l-6-2z"/><path d="M11 13.5v1"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "alert": '<path d="M12 4 3 19.5h18z"/><path d="M12 10v4.2M12 16.8v.2"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.5v.2"/>',
    "copy": '<rect x="8" y="8" width="12" height="12" rx="2.5"/><path d="M16 8V6.5A2.5 2.5 0 0 0 13.5 4h-7A2.5 2.5 0 0 0 4 6.5v7A2.5 2.5 0 0 0 6.5 16H8"/>',
    "print": '<path d="M7 8V4h10v4M7 17H5a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2h-2M7 14h10v6H7z"/>',
    "share": '<path d="M12 15V4M8 7.5 12 3.5l4 4M5 12v6.5A1.5 1.5 0 0 0 6.5 20h11a1.5 1.5 0 0 0 1.5-1.5V12"/>',
    "save": '<path d="M12 4v11M8 11.5l4 4 4-4M5 19.5h14"/>',
    "back": '<path d="M19 12H5M11 6l-6 6 6 6"/>',
    "next": '<path d="M5 12h14M13 6l6 6-6 6"/>',
    "exit": '<path d="M14 4H7a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h7M11 12h10M17.5 8.5 21 12l-3.5 3.5"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "search": '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>',
    "globe": '<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c3 3 3.5 6 3.5 9s-.5 6-3.5 9c-3-3-3.5-6-3.5-9s.5-6 3.5-9z"/>',
    "people": '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6M16 5a3.5 3.5 0 0 1 0 6.5M18 14.5c2 .8 3.2 2.6 3.5 5.5"/>',
    "person": '<circle cx="12" cy="8" r="3.8"/><path d="M4.5 20c.6-4.2 3.5-6.4 7.5-6.4s6.9 2.2 7.5 6.4"/>',
    "calendar": '<rect x="3.5" y="5" width="17" height="15.5" rx="2.5"/><path d="M3.5 10h17M8 3v4M16 3v4"/>',
    "gear": '<path d="M5 8h14M5 16h14"/><circle cx="9" cy="8" r="2.5" fill="var(--card)"/><circle cx="15" cy="16" r="2.5" fill="var(--card)"/>',
    "chart": '<path d="M4 20h16M7 20v-6M12 20V6M17 20v-9"/>',
    "down": '<path d="m6 9 6 6 6-6"/>',
    "eye": '<path d="M2.5 12C5 7.5 8.3 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.8 6.5-9.5 6.5S5 16.5 2.5 12z"/><circle cx="12" cy="12" r="3"/>',
    "sound": '<path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5z"/><path d="M15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11"/>',
    "pen": '<path d="m4 20 1-4L16.5 4.5a2 2 0 0 1 3 3L8 19z"/>',
}


def svg(name: str) -> SafeString:
    """The icon as inline SVG; an unknown name is a KeyError that names it."""
    flip = " data-flip" if name in ("back", "next", "exit") else ""
    # Constants of this file only; nothing of a user's reaches this markup.
    return mark_safe(  # noqa: S308
        f'<svg class="icon"{flip} viewBox="0 0 24 24" aria-hidden="true" focusable="false">{PATHS[name]}</svg>'
    )
