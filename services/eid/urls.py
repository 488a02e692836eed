"""A student's eID. No id, name or code of anybody is part of an address; `t` names a trip, and opens nothing."""

from django.urls import path

from services.contact.rehearsal_gate import open_or_rehearsing
from services.eid.views import coming_back, own, setting_out

app_name = "eid"
urlpatterns = [
    path("", open_or_rehearsing(own.mine), name="mine"),
    path("set-out/", open_or_rehearsing(setting_out.set_out), name="set_out"),
    path("arrived/", open_or_rehearsing(coming_back.arrived), name="arrived"),
    path("open/", open_or_rehearsing(own.open_one), name="open"),
    path("tell/", open_or_rehearsing(own.tell), name="tell"),
    path("leave/", open_or_rehearsing(own.leave), name="leave"),
]
