from django.urls import path, re_path

from kernel.api import views

app_name = "api"
urlpatterns = [
    path("", views.to_the_docs, name="root"),
    path("openapi.json", views.openapi, name="openapi"),
    path("docs/", views.docs, name="docs"),
    re_path(r"^(?P<rest>.*)$", views.NoSuchDoor.as_view(), name="no_such_door"),
]
