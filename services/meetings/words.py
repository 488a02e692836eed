"""The ways to meet, in a student's words and in a helper's. Pure."""

from django.utils.translation import gettext_lazy as _

from services.meetings.models import Way

WAYS = {
    Way.ROOM: _("In a room"),
    Way.PHONE: _("By phone"),
    Way.VIDEO: _("Video call"),
    Way.WALK: _("A walk"),
}
ICONS = {Way.ROOM: "room", Way.PHONE: "phone", Way.VIDEO: "video", Way.WALK: "walk"}
#: Under urgency, as helper and student say it to each other.
URGENCIES = {
    "today": _("It cannot wait"),
    "days": _("It can wait some days"),
    "weeks": _("It can wait some weeks"),
}
