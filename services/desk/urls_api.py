from django.urls import URLPattern

app_name = "desk_api"
urlpatterns: list[URLPattern] = []
