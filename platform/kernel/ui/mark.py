"""The platform's mark: a door ajar, in a municipality's colour. Ours, for tabs, home screens and where
there is no logo.
"""

from __future__ import annotations

from kernel.ui.theme import DEFAULT_BRAND, scene_colours


def icon_svg(brand: str = DEFAULT_BRAND) -> str:
    """A square icon, 64 by 64, safe to be cut round (the door stands within the middle 80 %)."""
    c = scene_colours(brand, "light")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        f'<rect width="64" height="64" fill="{c["wall"]}"/><path d="M0 51h64v13H0z" fill="{c["floor"]}"/>'
        '<path d="M26 51h20l14 13H18z" fill="#ffe3a3"/><path d="M18 11h28v40H18z" fill="#fff"/>'
        '<path d="M21 14h22v37H21z" fill="#ffe3a3"/>'
        f'<path d="M21 14l13-3v46l-13-6z" fill="{c["door"]}"/>'
        '<circle cx="31" cy="35" r="1.8" fill="#ffe3a3"/></svg>'
    )
