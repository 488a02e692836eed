"""/away/ for oneself; under /setup/ for administrators."""

from django.urls import path

from tenants.presence import views

app_name = "presence"
urlpatterns = [
    path("away/", views.away, name="away"),
    path("away/<uuid:absence_id>/back/", views.back, name="back"),
    path("setup/people/<uuid:account_id>/away/", views.person_away, name="person_away"),
    path("setup/posts/<uuid:post_id>/", views.post, name="post"),
]
