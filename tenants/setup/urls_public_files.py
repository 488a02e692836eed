"""The files that make a page this municipality's: kept by browsers for a year, since a change has another
address; and what makes its door installable."""

from django.urls import path, re_path

from tenants.setup.views import faces, files, install

app_name = "setup_files"
urlpatterns = [
    re_path(r"^theme\.(?P<stamp>[0-9a-f]{12}|default)\.css$", files.theme, name="theme"),
    re_path(r"^logo\.(?P<stamp>[0-9a-f]{16})\.png$", files.logo, name="logo"),
    re_path(r"^face\.(?P<stamp>[0-9a-f]{16})\.webp$", faces.face, name="face"),
    path("my-picture/", faces.mine, name="my_picture"),
    re_path(r"^app-icon\.(?P<stamp>[0-9a-f]{12}-(?:192|512|512-cut))\.png$", install.icon, name="icon"),
    path("manifest.webmanifest", install.manifest, name="manifest"),
    path("sw.js", install.worker, name="worker"),
    path("offline/", install.offline, name="offline"),
]
