"""/api/v1/setup/: list and create on the collection, PATCH to change one, POST …/close to close it."""

from django.urls import path

from tenants.setup.api import calendar, people, places, topics

app_name = "setup_api"
urlpatterns = [
    path("schools", places.Schools.as_view(), name="schools"),
    path("schools/<uuid:school_id>", places.OneSchool.as_view(), name="school"),
    path("schools/<uuid:school_id>/close", places.CloseSchool.as_view(), name="close_school"),
    path("roles", places.Roles.as_view(), name="roles"),
    path("roles/<uuid:role_id>", places.OneRole.as_view(), name="role"),
    path("roles/<uuid:role_id>/close", places.CloseRole.as_view(), name="close_role"),
    path("languages", places.Languages.as_view(), name="languages"),
    path("languages/<slug:code>", places.OneLanguage.as_view(), name="language"),
    path("languages/<slug:code>/close", places.CloseLanguage.as_view(), name="close_language"),
    path("calendar", calendar.Calendar.as_view(), name="calendar"),
    path("calendar/<uuid:entry_id>", calendar.OneEntry.as_view(), name="entry"),
    path("calendar/<uuid:entry_id>/close", calendar.CloseEntry.as_view(), name="close_entry"),
    path("guarantees", places.Guarantees.as_view(), name="guarantees"),
    path("guarantees/<uuid:guarantee_id>", places.OneGuarantee.as_view(), name="guarantee"),
    path("guarantees/<uuid:guarantee_id>/close", places.CloseGuarantee.as_view(), name="close_guarantee"),
    path("files", places.Files.as_view(), name="files"),
    path("files/<uuid:files_id>", places.OneFiles.as_view(), name="files_rule"),
    path("files/<uuid:files_id>/close", places.CloseFiles.as_view(), name="close_files_rule"),
    path("topics", topics.Topics.as_view(), name="topics"),
    path("topics/<slug:key>", topics.OneTopic.as_view(), name="topic"),
    path("topics/<slug:key>/close", topics.CloseTopic.as_view(), name="close_topic"),
    path("outside-doors", topics.OutsideDoors.as_view(), name="outside_doors"),
    path("look", places.Look.as_view(), name="look"),
    path("people", people.People.as_view(), name="people"),
    path("people/<uuid:account_id>", people.OnePerson.as_view(), name="person"),
    path("people/<uuid:account_id>/close", people.ClosePerson.as_view(), name="close_person"),
]
