"""Doors under /api/v1/desk/: what a helper's program may do about a worry."""

from django.urls import path

from services.worry import api

app_name = "worry_api"
_CASE, _ONE = "requests/<uuid:request_id>", "worries/<uuid:worry_id>"
urlpatterns = [
    path("worries", api.Worries.as_view(), name="worries"),
    path(f"{_CASE}/worries", api.WorriesOfACase.as_view(), name="of_a_case"),
    path(f"{_CASE}/duties", api.Duties.as_view(), name="duties"),
    path(f"{_CASE}/safety-text", api.SafetyMessage.as_view(), name="safety"),
    path(_ONE, api.OneWorry.as_view(), name="worry"),
    path(f"{_ONE}/steps", api.Steps.as_view(), name="steps"),
    path(f"{_ONE}/steps/<uuid:step_id>/correction", api.Correction.as_view(), name="correction"),
    path(f"{_ONE}/close", api.Close.as_view(), name="close"),
    path(f"{_ONE}/reopen", api.Reopen.as_view(), name="reopen"),
]
