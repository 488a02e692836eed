from django.apps import AppConfig


class PromisesConfig(AppConfig):
    name = "services.promises"
    label = "promises"

    def ready(self) -> None:
        from services.promises import permissions  # noqa: F401
