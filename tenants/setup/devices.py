"""What an administrator of devices pastes or loads, so that a door stands on a school's phones, tablets and computers.

Every value is an address of ours and a name: no code of ours runs on a device, and nothing is sent from it.
"""

import json
import plistlib
import uuid
from dataclasses import dataclass

#: Our own namespace: the same door gives the same ids, so that a newer file takes the place of an older one.
_NAMESPACE = uuid.UUID("6f0d1c52-6f0a-5c0f-8f5e-2a7d3b1c9e41")
#: What a home screen shows of a name.
LONGEST_LABEL = 30


@dataclass(frozen=True, slots=True)
class Door:
    """What stands on the device: `url` opens it, `label` is under its icon, `organisation` says whose it is."""

    url: str
    label: str
    organisation: str
    description: str


def web_clip(door: Door, icon: bytes) -> bytes:
    """An Apple configuration profile with one web clip: unsigned, removable by whoever holds the device.

    It opens in the browser, not full screen: there quick exit leads away from us, and the student sees the address.
    Apple, Device Management, "Web Clip" (com.apple.webClip.managed), read 26 November 2026.
    """
    clip_id, profile_id = (
        str(uuid.uuid5(_NAMESPACE, f"{kind} {door.url}")).upper() for kind in ("clip", "profile")
    )
    clip = {
        "PayloadType": "com.apple.webClip.managed",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"lavterskel.webclip.{clip_id}",
        "PayloadUUID": clip_id,
        "PayloadDisplayName": door.label,
        "URL": door.url,
        "Label": door.label[:LONGEST_LABEL],
        "Icon": icon,
        "IsRemovable": True,
        "FullScreen": False,
        "Precomposed": True,
    }
    profile = {
        "PayloadType": "Configuration",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"lavterskel.profile.{profile_id}",
        "PayloadUUID": profile_id,
        "PayloadDisplayName": door.label,
        "PayloadDescription": door.description,
        "PayloadOrganization": door.organisation,
        "PayloadRemovalDisallowed": False,
        "PayloadContent": [clip],
    }
    return plistlib.dumps(profile)


def managed_bookmarks(door: Door) -> str:
    """The value of Chrome's policy ManagedBookmarks, as Google Admin and Intune take it."""
    return json.dumps(
        [{"toplevel_name": door.organisation}, {"name": door.label, "url": door.url}], ensure_ascii=False
    )
