"""/desk/: the helper's pages. An address holds an id and nothing else."""

from django.urls import path

from services.desk.views import (
    acts,
    case,
    drafts,
    feed,
    handing_over,
    meetings,
    notes,
    record,
    search,
    sharing,
    shelves,
)

app_name = "desk"
urlpatterns = [
    path("", shelves.waiting, name="waiting"),
    path("mine/", shelves.mine, name="mine"),
    path("handed/", shelves.handed, name="handed"),
    path("closed/", shelves.closed, name="closed"),
    path("shared/", shelves.shared, name="shared"),
    path("unrecorded/", shelves.unrecorded, name="unrecorded"),
    path("search/", search.search, name="search"),
    path("<uuid:request_id>/", case.case, name="request"),
    path("<uuid:request_id>/read/", case.read, name="read"),
    path("<uuid:request_id>/take/", acts.take, name="take"),
    path("<uuid:request_id>/release/", acts.release, name="release"),
    path("<uuid:request_id>/reply/", acts.reply, name="reply"),
    path("<uuid:request_id>/reply/<uuid:message_id>/take-back/", acts.take_back, name="take_back"),
    path("<uuid:request_id>/contact/", acts.contact, name="contact"),
    path("<uuid:request_id>/close/", acts.close, name="close"),
    path("<uuid:request_id>/undo-close/", acts.undo_close, name="undo_close"),
    path("<uuid:request_id>/record/", record.record, name="record"),
    path("<uuid:request_id>/record/copy/", record.copy, name="copy"),
    path("<uuid:request_id>/share/", sharing.share, name="share"),
    path("<uuid:request_id>/unshare/", sharing.unshare, name="unshare"),
    path("<uuid:request_id>/take-out/", sharing.take_out, name="take_out"),
    path("<uuid:request_id>/draft/", drafts.draft, name="draft"),
    path("calendar/", feed.feed, name="calendar"),
    path("<uuid:request_id>/meeting/", meetings.meeting, name="meeting"),
    path("<uuid:request_id>/notes/", notes.add, name="add_note"),
    path("<uuid:request_id>/notes/<uuid:note_id>/", notes.change, name="note"),
    path("<uuid:request_id>/hand-over/", handing_over.hand_over, name="hand_over"),
    path("<uuid:request_id>/hand-over/accept/", handing_over.accept, name="accept"),
    path("<uuid:request_id>/hand-over/decline/", handing_over.decline, name="decline"),
    path("<uuid:request_id>/hand-over/take-back/", handing_over.take_back, name="take_back"),
    path("<uuid:request_id>/step-aside/", handing_over.step_aside, name="step_aside"),
    path("<uuid:request_id>/step-aside/undo/", handing_over.undo_step_aside, name="undo_step_aside"),
]
