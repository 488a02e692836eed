"""/setup/address/: the administrator's page of the municipality's own addresses."""

from django.urls import path

from tenants.own_address import views

app_name = "own_address"
urlpatterns = [
    path("", views.addresses, name="addresses"),
    path("show/", views.show, name="show"),
    path("<uuid:address_id>/look/", views.look, name="look"),
    path("<uuid:address_id>/remove/", views.remove, name="remove"),
]
