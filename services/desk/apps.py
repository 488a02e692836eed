from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "services.desk"
    label = "desk"

    def ready(self) -> None:
        from services.desk import permissions  # noqa: F401
