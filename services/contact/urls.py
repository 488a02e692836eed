"""The student's addresses. A code, a student's name or an id is never part of one."""

from django.urls import path, re_path

from services.contact.rehearsal_gate import open_or_rehearsing
from services.contact.views import (
    around,
    conversation,
    files,
    first,
    knock,
    live,
    moved,
    panel,
    receipt,
    simple,
    way_in,
    who,
)

app_name = "contact"
urlpatterns = [
    path("", open_or_rehearsing(first.first), name="first"),
    # Whatever stands behind: who types an address from a wall gets a door, never "not found".
    re_path(r"^S/(?P<rest>[\s\S]*)$", open_or_rehearsing(way_in.way_in), name="way_in"),
    re_path(r"^s/(?P<rest>[\s\S]*)$", open_or_rehearsing(way_in.way_in), name="way_in"),
    path("sitemap.xml", way_in.sitemap, name="sitemap"),
    path("who/", open_or_rehearsing(who.who), name="who"),
    path("who/<slug:slug>/", open_or_rehearsing(who.who_at), name="who_at"),
    path("simple/", open_or_rehearsing(simple.simple), name="simple"),
    path("privacy/", first.privacy, name="privacy"),
    path("anonymous/", first.anonymous, name="anonymous"),
    path("accessibility/", first.accessibility, name="accessibility"),
    path("knock/", open_or_rehearsing(knock.knock), name="knock"),
    path("moved/", moved.moved, name="moved"),
    path("receipt/", open_or_rehearsing(receipt.receipt), name="receipt"),
    path("conversation/", open_or_rehearsing(conversation.conversation), name="conversation"),
    path("conversation/refuse/", open_or_rehearsing(conversation.refuse), name="refuse"),
    path("conversation/withdraw/", open_or_rehearsing(conversation.withdraw), name="withdraw"),
    path("conversation/files/<int:number>/", open_or_rehearsing(files.file), name="file"),
    path("conversation/state/", open_or_rehearsing(live.state), name="state"),
    path("conversation/<slug:name>/", open_or_rehearsing(panel.panel), name="panel"),
    path("exit/", around.leave, name="exit"),
    path("language/", around.language, name="language"),
]
