"""/worry/: the act, the worry, what the municipality keeps for it. An address holds ids and codes, nothing else."""

from django.urls import path

from services.worry.views import act, safety, setup, steps

app_name = "worry"
urlpatterns = [
    path("", act.mine, name="mine"),
    path("about/<uuid:request_id>/", act.raise_it, name="raise"),
    path("about/<uuid:request_id>/safety/", safety.safety, name="safety"),
    path("setup/", setup.home, name="setup"),
    path("setup/times/", setup.times, name="times"),
    path("setup/number/", setup.number, name="number"),
    path("setup/number/<uuid:number_id>/remove/", setup.remove_number, name="remove_number"),
    path("setup/texts/", setup.texts, name="texts"),
    path("setup/texts/<uuid:text_id>/review/", setup.review, name="review"),
    path("<uuid:worry_id>/", act.worry, name="worry"),
    path("<uuid:worry_id>/told/<slug:recipient>/", steps.told, name="told"),
    path("<uuid:worry_id>/correct/<uuid:step_id>/", steps.correct, name="correct"),
    path("<uuid:worry_id>/print/<uuid:step_id>/", act.print_out, name="print"),
    path("<uuid:worry_id>/close/", act.close, name="close"),
    path("<uuid:worry_id>/reopen/", act.reopen, name="reopen"),
]
