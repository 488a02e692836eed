"""Addresses of the demo; each view answers 404 where there is no demo."""

from django.urls import path

from config.demo import eid, views

app_name = "demo"
urlpatterns = [
    path("demo/", views.cast, name="cast"),
    path("demo/sign-in", views.sign_in, name="sign_in"),
    path("demo/move-on", views.move_on, name="move_on"),
    path("demo/mail/", views.mail, name="mail"),
    path("demo/eid/.well-known/openid-configuration", eid.configuration, name="eid_configuration"),
    path("demo/eid/keys", eid.keys, name="eid_keys"),
    path("demo/eid/authorize", eid.authorize, name="eid_authorize"),
    path("demo/eid/token", eid.token, name="eid_token"),
]
