from django.urls import URLPattern

app_name = "contact_api"
urlpatterns: list[URLPattern] = []
