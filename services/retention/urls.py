"""The administrator's pages under set-up, the reviewer's list of holds, the student's own data."""

from django.urls import path

from services.contact.rehearsal_gate import open_or_rehearsing
from services.retention.views import holds, rules, student

app_name = "retention"
urlpatterns = [
    path("setup/retention/", rules.rules, name="rules"),
    path("setup/retention/example/", rules.example, name="example"),
    path("setup/retention/archive/", rules.archive, name="archive"),
    path("setup/retention/<uuid:rule_id>/take-back/", rules.take_back, name="take_back"),
    path("setup/retention/holds/", holds.holds, name="holds"),
    path("setup/retention/holds/<uuid:hold_id>/end/", holds.end, name="end_hold"),
    path("log-review/holds/", holds.reviewed, name="reviewed_holds"),
    path("conversation/yours/", open_or_rehearsing(student.yours), name="yours"),
]
