from django.urls import URLPattern

app_name = "setup_api"
urlpatterns: list[URLPattern] = []
