"""The files that make a page this municipality's: kept by browsers for a year, since a change has another
address."""

from django.urls import re_path

from tenants.setup.views import files

app_name = "setup_files"
urlpatterns = [
    re_path(r"^theme\.(?P<stamp>[0-9a-f]{12}|default)\.css$", files.theme, name="theme"),
    re_path(r"^logo\.(?P<stamp>[0-9a-f]{16})\.png$", files.logo, name="logo"),
]
