"""/setup/: the administrator's pages."""

from django.urls import path

from tenants.setup.views import calendar, guarantees, home, languages, look, people, roles, schools

app_name = "setup"
urlpatterns = [
    path("", home.home, name="home"),
    path("messages/", home.mail, name="mail"),
    path("schools/", schools.schools, name="schools"),
    path("schools/<uuid:school_id>/", schools.school, name="school"),
    path("schools/<uuid:school_id>/close/", schools.close_school, name="close_school"),
    path("schools/<uuid:school_id>/reopen/", schools.reopen_school, name="reopen_school"),
    path("roles/", roles.roles, name="roles"),
    path("roles/new/", roles.new_role, name="new_role"),
    path("roles/<uuid:role_id>/", roles.role, name="role"),
    path("roles/<uuid:role_id>/close/", roles.close_role, name="close_role"),
    path("roles/<uuid:role_id>/reopen/", roles.reopen_role, name="reopen_role"),
    path("employers/<uuid:employer_id>/", roles.employer, name="employer"),
    path("employers/<uuid:employer_id>/remove/", roles.remove_employer, name="remove_employer"),
    path("people/", people.people, name="people"),
    path("people/<uuid:account_id>/", people.person, name="person"),
    path("people/<uuid:account_id>/administrator/", people.administrator, name="administrator"),
    path("people/<uuid:account_id>/close/", people.close_person, name="close_person"),
    path("posts/<uuid:post_id>/end/", people.end_post, name="end_post"),
    path("leads/<uuid:lead_id>/dismiss/", people.dismiss_lead, name="dismiss_lead"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/holidays/", calendar.import_holidays, name="import_holidays"),
    path("calendar/holidays/<uuid:day_id>/", calendar.holiday, name="holiday"),
    path("calendar/breaks/", calendar.add_break, name="add_break"),
    path("calendar/breaks/<uuid:break_id>/remove/", calendar.remove_break, name="remove_break"),
    path("calendar/days/", calendar.add_day, name="add_day"),
    path("calendar/days/<uuid:day_id>/remove/", calendar.remove_day, name="remove_day"),
    path("guarantees/", guarantees.guarantees, name="guarantees"),
    path("guarantees/examples/", guarantees.examples, name="examples"),
    path("guarantees/reset/", guarantees.reset, name="reset_guarantee"),
    path("languages/", languages.languages, name="languages"),
    path("languages/<slug:code>/review/", languages.review, name="review_language"),
    path("wording/", languages.wording, name="wording"),
    path("look/", look.look, name="look"),
    path("look/preview/", look.preview, name="look_preview"),
    path("look/style.css", look.style, name="look_style"),
    path("look/logo/remove/", look.remove_logo, name="remove_logo"),
]
